package room

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/conclave-meet/conclave/signaling/edr"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/signaling/wire"
)

// knocks lists whose knock a box holds that is not over.
func knocks(b *inbox) (ids []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range b.events {
		switch e := e.(type) {
		case wire.Knock:
			ids = append(ids, e.Participant)
		case wire.KnockOver:
			ids = slices.DeleteFunc(ids, func(id string) bool { return id == e.Participant })
		}
	}
	return ids
}

// waits returns what somebody was told they wait for, first to last.
func (k *joining) waits() (list []wire.WaitingFor) {
	for _, w := range all[wire.Waiting](k.box) {
		list = append(list, w.For)
	}
	return list
}

// set has host commit rules, with the rights there are where they name none.
func (h *house) set(t *testing.T, host string, rules wire.Rules) {
	t.Helper()
	if rules.Rights == nil {
		rules.Rights = now(h.room(), func() []policy.Right { return h.room().rules.Rights })
	}
	c := h.adding()
	c.Rules = &rules
	if err := h.room().Commit(t.Context(), host, c); err != nil {
		t.Fatalf("Commit of %+v = %v", rules, err)
	}
}

// leave lets somebody go.
func (h *house) leave(t *testing.T, id string) {
	t.Helper()
	if err := h.room().Leave(t.Context(), id, wire.LeftByChoice); err != nil {
		t.Fatal(err)
	}
}

// Who is shown whom: hosts everybody, members those whom they may add.
func TestWhoIsShownAKnock(t *testing.T) {
	password := func(id string) wire.Join {
		join := byLink(id)
		join.Door = wire.DoorPassword
		return join
	}
	for _, tt := range []struct {
		name           string
		rules          wire.Rules
		hostIn         bool
		role           policy.Role
		join           wire.Join
		host, attendee bool
	}{
		{"guest", wire.Rules{}, true, policy.Attendee, byLink("k"), true, false},
		{"guest with the lobby on", wire.Rules{Lobby: true}, true, policy.Attendee, byLink("k"), true, false},
		{"guest where members may add", wire.Rules{MembersAdd: true}, true, policy.Attendee, byLink("k"), true, true},
		{"guest by password where members may add", wire.Rules{MembersAdd: true}, true, policy.Attendee, password("k"), true, true},
		{"guest without a host", wire.Rules{}, false, policy.Attendee, byLink("k"), false, false},
		{"guest without a host where members may add", wire.Rules{MembersAdd: true}, false, policy.Attendee, byLink("k"), false, true},
		{"host beside a host", wire.Rules{}, true, policy.Host, byLink("k"), true, false},
		{"host without a host", wire.Rules{}, false, policy.Host, byLink("k"), false, true},
		{"host by password without a host", wire.Rules{}, false, policy.Host, password("k"), false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			h.start(t)
			r, ada := h.join(t, "ada", policy.Host)
			_, grace := h.join(t, "grace", policy.Attendee)
			h.set(t, "ada", tt.rules)
			if !tt.hostIn {
				h.leave(t, "ada")
			}
			k := h.ask(t, visitor("k", tt.role), tt.join)
			if got := slices.Equal(knocks(ada), []string{"k"}); got != tt.host {
				t.Errorf("host is shown = %v", got)
			}
			if got := slices.Equal(knocks(grace), []string{"k"}); got != tt.attendee {
				t.Errorf("attendee is shown = %v", got)
			}
			want := wire.WaitingForHost
			if tt.host || tt.attendee {
				want = wire.WaitingForAdmission
			}
			if got := k.waits(); !slices.Equal(got, []wire.WaitingFor{want}) {
				t.Errorf("told to wait for %v, want %s", got, want)
			}
			// Who is not shown may not add either; who is, may.
			want2 := ErrForbidden
			if tt.attendee {
				want2 = nil
			}
			if err := r.Commit(t.Context(), "grace", h.adding("k")); !errors.Is(err, want2) {
				t.Errorf("the attendee's Commit = %v, want %v", err, want2)
			}
		})
	}
}

// What is shown follows who may add, as hosts come and go and rules change.
func TestKnocksFollowWhoMayAdd(t *testing.T) {
	h := newHouse(t)
	h.start(t)
	_, ada := h.join(t, "ada", policy.Host)
	_, grace := h.join(t, "grace", policy.Attendee)
	guest := h.ask(t, visitor("guest", policy.Attendee), byLink("guest"))
	owner := h.ask(t, visitor("owner", policy.Host), byLink("owner"))
	expect := func(step string, box *inbox, want ...string) {
		t.Helper()
		got := knocks(box)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: shown %v, want %v", step, got, want)
		}
	}
	expect("with a host", ada, "guest", "owner")
	expect("with a host", grace)
	h.set(t, "ada", wire.Rules{MembersAdd: true})
	expect("members may add", grace, "guest", "owner")
	h.set(t, "ada", wire.Rules{})
	expect("they may not again", grace)
	h.leave(t, "ada")
	expect("without a host", grace, "owner")
	if err := h.room().Commit(t.Context(), "grace", h.adding("owner")); err != nil {
		t.Fatal(err)
	}
	if err := <-owner.done; err != nil {
		t.Fatal(err)
	}
	expect("the host is back", grace)
	expect("the host is back", owner.box, "guest")
	want := []wire.WaitingFor{wire.WaitingForAdmission, wire.WaitingForHost, wire.WaitingForAdmission}
	if got := guest.waits(); !slices.Equal(got, want) {
		t.Errorf("the guest was told %v, want %v", got, want)
	}
	h.leave(t, "guest")
	expect("the guest has gone", owner.box)
	if events := all[wire.KnockOver](owner.box); len(events) != 1 {
		t.Errorf("told %v", events)
	}
}

// Of those who waited for the start, the first host to have come founds.
func TestAHostWhoWaitedFounds(t *testing.T) {
	h := newHouse(t)
	guest := h.ask(t, visitor("guest", policy.Attendee), byLink("guest"))
	first := h.ask(t, visitor("first", policy.Host), byLink("first"))
	second := h.ask(t, visitor("second", policy.Host), byLink("second"))
	h.start(t)
	if err := <-first.done; err != nil {
		t.Fatal(err)
	}
	if got := knocks(first.box); !slices.Equal(got, []string{"guest", "second"}) {
		t.Errorf("the founder is shown %v", got)
	}
	for _, k := range []*joining{guest, second} {
		if _, in := last[wire.Admitted](k.box); in {
			t.Error("somebody else was admitted")
		}
	}
}

func TestDeny(t *testing.T) {
	h := newHouse(t)
	h.start(t)
	r, ada := h.join(t, "ada", policy.Host)
	h.join(t, "grace", policy.Attendee)
	eve := h.ask(t, visitor("eve", policy.Attendee), byLink("eve"))
	for _, tt := range []struct {
		name, actor, target string
		want                error
	}{
		{"attendee denies", "grace", "eve", ErrForbidden},
		{"knocker denies", "eve", "eve", ErrNotFound},
		{"somebody inside", "ada", "grace", ErrNotFound},
		{"nobody", "ada", "zz", ErrNotFound},
		{"host denies", "ada", "eve", nil},
		{"twice", "ada", "eve", ErrNotFound},
	} {
		if err := r.Deny(t.Context(), tt.actor, tt.target); !errors.Is(err, tt.want) {
			t.Errorf("%s: Deny = %v, want %v", tt.name, err, tt.want)
		}
	}
	if err := <-eve.done; !errors.Is(err, ErrDenied) {
		t.Errorf("Join = %v", err)
	}
	if len(knocks(ada)) > 0 {
		t.Error("the host is still shown who was denied")
	}
	if err := r.Commit(t.Context(), "ada", h.adding("eve")); !errors.Is(err, ErrNotFound) {
		t.Errorf("Commit that adds who was denied = %v", err)
	}
	h.leave(t, "eve") // as the socket does
	if got := fact[edr.Denied](t, h.ledger, "eve"); got.By != "ada" {
		t.Errorf("recorded %+v", got)
	}
	if list := h.ledger.kinds(); slices.Contains(list, "left eve") || h.media.has("negotiate eve") {
		t.Errorf("a stay of who was denied: %v", list)
	}
}

func TestLockedRoomRefusesToKnock(t *testing.T) {
	h := newHouse(t)
	h.start(t)
	_, ada := h.join(t, "ada", policy.Host)
	early := h.ask(t, visitor("early", policy.Attendee), byLink("early"))
	h.set(t, "ada", wire.Rules{Locked: true})
	late := h.ask(t, visitor("late", policy.Host), byLink("late"))
	if err := <-late.done; !errors.Is(err, ErrLocked) {
		t.Fatalf("Join = %v", err)
	}
	if got := knocks(ada); !slices.Equal(got, []string{"early"}) {
		t.Errorf("the host is shown %v", got)
	}
	if err := h.room().Commit(t.Context(), "ada", h.adding("early")); !errors.Is(err, ErrLocked) {
		t.Errorf("Commit = %v", err)
	}
	h.set(t, "ada", wire.Rules{Locked: true, Lobby: true}) // locked all the time
	h.set(t, "ada", wire.Rules{})
	if err := h.room().Commit(t.Context(), "ada", h.adding("early")); err != nil {
		t.Errorf("Commit after unlocking = %v", err)
	}
	if err := <-early.done; err != nil {
		t.Errorf("Join = %v", err)
	}
	want := []string{"started ", "joined ada", "locked ", "unlocked ", "admitted early", "joined early"}
	if got := h.ledger.kinds(); !slices.Equal(got, want) {
		t.Errorf("records %v, want %v", got, want)
	}
	if fact[edr.Locked](t, h.ledger, "").By != "ada" || fact[edr.Unlocked](t, h.ledger, "").By != "ada" || fact[edr.Admitted](t, h.ledger, "early").By != "ada" {
		t.Error("records do not say who it was")
	}
}

// A group ends with its last member in the room; the next host founds another,
// also one who knocked all along.
func TestGroupsEndAndAreFounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		guest := h.ask(t, visitor("guest", policy.Attendee), byLink("guest"))
		h.start(t)
		if w := guest.waits(); !slices.Equal(w, []wire.WaitingFor{wire.WaitingForStart, wire.WaitingForHost}) {
			t.Errorf("told %v", w)
		}
		h.media.slow = make(chan struct{})
		first := h.ask(t, visitor("first", policy.Host), byLink("first"))
		second := h.ask(t, visitor("second", policy.Host), byLink("second"))
		a, _ := last[wire.Admitted](first.box)
		if a.Group == "" || a.Rules == nil || !a.Rules.Equal(wire.Rules{Rights: meeting.Rights}) || a != (wire.Admitted{Group: a.Group, Rules: a.Rules}) {
			t.Errorf("the founder was told %+v", a)
		}
		if _, in := last[wire.Admitted](second.box); in || h.media.has("negotiate second") {
			t.Error("two hosts founded")
		}
		h.leave(t, "first") // before anything
		close(h.media.slow)
		if err := <-first.done; !errors.Is(err, ErrEnded) {
			t.Errorf("Join of who left meanwhile = %v", err)
		}
		if err := <-second.done; err != nil {
			t.Fatalf("Join = %v", err)
		}
		b, _ := last[wire.Admitted](second.box)
		if b.Group == a.Group || b != (wire.Admitted{Group: b.Group, Rules: b.Rules}) {
			t.Errorf("the second founder was told %+v after %+v", b, a)
		}
		if got := knocks(second.box); !slices.Equal(got, []string{"guest"}) {
			t.Errorf("the founder is shown %v", got)
		}
		h.set(t, "second", wire.Rules{Locked: true})
		h.leave(t, "second")
		if w, _ := last[wire.Waiting](guest.box); w.For != wire.WaitingForHost {
			t.Errorf("the guest waits for %s", w.For)
		}
		h.join(t, "third", policy.Host)
		if err := h.room().Commit(t.Context(), "third", h.adding("guest")); !errors.Is(err, ErrLocked) {
			t.Errorf("the lock went with the group: %v", err)
		}
		h.set(t, "third", wire.Rules{})
		if err := h.room().Commit(t.Context(), "third", h.adding("guest")); err != nil {
			t.Error(err)
		}
		if err := <-guest.done; err != nil {
			t.Errorf("Join = %v", err)
		}
		if a, _ := last[wire.Admitted](guest.box); a.Leaf != 1 || a.Epoch != 2 || a.Welcome != "welcome" || a.Tree != "tree" {
			t.Errorf("the guest was told %+v", a)
		}
	})
}

// A meeting's own lobby is there from the first moment, also where it was asked
// for while somebody waited already; the founder's browser is told to found the
// group so.
func TestAMeetingBeginsWithItsLobby(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.ask(t, visitor("early", policy.Attendee), byLink("early"))
		lobby := meeting
		lobby.Lobby = true
		if err := h.Start(t.Context(), lobby); err != nil {
			t.Fatal(err)
		}
		_, ada := h.join(t, "ada", policy.Host)
		a, _ := last[wire.Admitted](ada)
		w, _ := last[wire.Welcome](ada)
		if want := (wire.Rules{Lobby: true, Rights: meeting.Rights}); a.Rules == nil || !a.Rules.Equal(want) || !w.Rules.Equal(want) {
			t.Errorf("told %+v, welcomed with %+v", a.Rules, w.Rules)
		}
		if got := knocks(ada); !slices.Equal(got, []string{"early"}) {
			t.Errorf("the host is shown %v", got)
		}
	})
}

// Who loses their account is taken out, and away from the door; others stay.
func TestDismiss(t *testing.T) {
	h := newHouse(t)
	h.start(t)
	r, ada := h.join(t, "ada", policy.Host)
	in, at := visitor("grace", policy.Attendee), visitor("grace2", policy.Attendee)
	in.User, at.User = "u-grace", "u-grace"
	k := h.ask(t, in, byLink("grace"))
	if err := r.Commit(t.Context(), "ada", h.adding("grace")); err != nil {
		t.Fatal(err)
	}
	if err := <-k.done; err != nil {
		t.Fatal(err)
	}
	knocking := h.ask(t, at, byLink("grace2"))
	h.Dismiss("another site", "u-grace")
	h.Dismiss(meeting.SiteID, "u-nobody")
	if _, gone := last[wire.ParticipantLeft](k.box); gone {
		t.Fatal("taken out for another's account")
	}
	h.Dismiss(meeting.SiteID, "u-grace")
	if err := <-knocking.done; !errors.Is(err, ErrExpelled) { // it is the account of one who was taken out
		t.Errorf("who knocked: %v", err)
	}
	if got, _ := last[wire.ParticipantLeft](ada); got.Participant != "grace" || got.Reason != wire.LeftExpelled {
		t.Errorf("the host is told %+v", got)
	}
	if got := fact[edr.Expelled](t, h.ledger, "grace"); got.By != "" {
		t.Errorf("on record: %+v", got)
	}
	if _, gone := last[wire.ParticipantLeft](k.box); !gone {
		t.Error("who was taken out is not told")
	}
}
