package room

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/conclave-meet/conclave/signaling/edr"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/signaling/wire"
)

// The server orders: of fifty commits made in one epoch, one is taken, and
// everybody is told the same.
func TestOneCommitForAnEpoch(t *testing.T) {
	h := newHouse(t)
	h.start(t)
	r, ada := h.join(t, "ada", policy.Host)
	boxes := []*inbox{ada}
	for i := range 49 {
		_, box := h.join(t, fmt.Sprint("m", i), policy.Attendee)
		boxes = append(boxes, box)
	}
	const rounds = 5
	for range rounds {
		epoch := h.adding().Epoch
		var won, stale atomic.Int32
		var all sync.WaitGroup
		for i := range boxes {
			all.Go(func() {
				id := fmt.Sprint("m", i-1)
				if i == 0 {
					id = "ada"
				}
				switch err := r.Commit(t.Context(), id, wire.Commit{Epoch: epoch, Commit: id}); {
				case err == nil:
					won.Add(1)
				case errors.Is(err, ErrStale):
					stale.Add(1)
				}
			})
		}
		all.Wait()
		if won.Load() != 1 || stale.Load() != 49 {
			t.Fatalf("epoch %d: %d won, %d were stale", epoch, won.Load(), stale.Load())
		}
	}
	want := all[wire.Committed](ada)
	want = want[len(want)-rounds:]
	for i, c := range want {
		if c.By != c.Commit || i > 0 && c.Epoch != want[i-1].Epoch+1 {
			t.Errorf("committed %+v", want)
		}
	}
	for i, box := range boxes {
		got := all[wire.Committed](box)
		if got := got[len(got)-rounds:]; fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("box %d was told %+v, want %+v", i, got, want)
		}
	}
}

func TestWhoMayCommitWhat(t *testing.T) {
	for _, tt := range []struct {
		name, by string
		commit   wire.Commit
		want     error
	}{
		{"attendee renews keys", "grace", wire.Commit{}, nil},
		{"attendee adds", "grace", wire.Commit{Added: []wire.Added{{Participant: "k", Leaf: 4}}}, ErrForbidden},
		{"attendee removes who is gone", "grace", wire.Commit{Removed: []string{"gone"}}, nil},
		{"attendee removes who is in", "grace", wire.Commit{Removed: []string{"bob"}}, ErrForbidden},
		{"attendee removes who is gone and who is in", "grace", wire.Commit{Removed: []string{"gone", "bob"}}, ErrForbidden},
		{"attendee changes the rules", "grace", wire.Commit{Rules: &wire.Rules{}}, ErrForbidden},
		{"who knocks", "k", wire.Commit{}, ErrNotFound},
		{"who is gone", "gone", wire.Commit{}, ErrNotFound},
		{"host adds", "ada", wire.Commit{Added: []wire.Added{{Participant: "k", Leaf: 4}}}, nil},
		{"host adds at the leaf of who is gone", "ada", wire.Commit{Added: []wire.Added{{Participant: "k", Leaf: 3}}}, ErrForbidden},
		{"host adds and removes at once", "ada", wire.Commit{Added: []wire.Added{{Participant: "k", Leaf: 3}}, Removed: []string{"gone"}}, nil},
		{"host adds nobody who knocks", "ada", wire.Commit{Added: []wire.Added{{Participant: "zz", Leaf: 4}}}, ErrNotFound},
		{"host adds who is in", "ada", wire.Commit{Added: []wire.Added{{Participant: "bob", Leaf: 4}}}, ErrForbidden},
		{"host removes who is in", "ada", wire.Commit{Removed: []string{"bob"}}, ErrForbidden},
		{"host removes who is gone", "ada", wire.Commit{Removed: []string{"gone"}}, nil},
		{"host removes who knocks", "ada", wire.Commit{Removed: []string{"k"}}, ErrNotFound},
		{"host removes themselves", "ada", wire.Commit{Removed: []string{"ada"}}, ErrForbidden},
		{"host changes the rules", "ada", wire.Commit{Rules: &wire.Rules{Lobby: true}}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			h.start(t)
			r, ada := h.join(t, "ada", policy.Host)
			for _, id := range []string{"grace", "bob", "gone"} {
				h.join(t, id, policy.Attendee)
			}
			h.leave(t, "gone")
			h.ask(t, visitor("k", policy.Attendee), byLink("k"))
			before, records := h.adding().Epoch, len(h.ledger.kinds())
			tt.commit.Epoch = before
			err := r.Commit(t.Context(), tt.by, tt.commit)
			if !errors.Is(err, tt.want) {
				t.Fatalf("Commit = %v, want %v", err, tt.want)
			}
			after := before
			if tt.want == nil {
				after++
			}
			if epoch := h.adding().Epoch; epoch != after {
				t.Errorf("epoch %d after %d", epoch, before)
			}
			if c, _ := last[wire.Committed](ada); c.Epoch != after {
				t.Errorf("told of %+v", c)
			}
			if now := slices.DeleteFunc(h.ledger.kinds()[records:], isRefusal); tt.want != nil && len(now) > 0 {
				t.Errorf("a refused commit is on record: %v", now)
			}
		})
	}
}

// A commit that removes who is in ends their stay, for their device has come back,
// and frees their leaf. The others are not told that they were expelled: their
// key would be refused from then on.
func TestCommitSupersedesWhoItRemoves(t *testing.T) {
	h := newHouse(t)
	h.start(t)
	r, ada := h.join(t, "ada", policy.Host)
	phone := visitor("bob", policy.Attendee)
	phone.Device = "bob's key"
	in := h.ask(t, phone, byLink("bob"))
	if err := r.Commit(t.Context(), "ada", h.adding("bob")); err != nil {
		t.Fatal(err)
	}
	if err := <-in.done; err != nil {
		t.Fatal(err)
	}
	bob := in.box
	c := h.adding()
	c.Removed = []string{"bob"}
	if err := r.Commit(t.Context(), "ada", c); !errors.Is(err, ErrForbidden) {
		t.Fatalf("while their device does not knock: %v", err)
	}
	phone.ID = "bob again"
	h.ask(t, phone, byLink("bob again"))
	if err := r.Commit(t.Context(), "ada", c); err != nil {
		t.Fatal(err)
	}
	for box, reason := range map[*inbox]wire.LeaveReason{ada: wire.LeftConnection, bob: wire.LeftExpelled} {
		left := wire.ParticipantLeft{Participant: "bob", Reason: reason}
		if l, ok := last[wire.ParticipantLeft](box); !ok || l != left {
			t.Errorf("told %+v, %v; want %+v", l, ok, left)
		}
	}
	if c, _ := last[wire.Committed](bob); c.Epoch == 2 {
		t.Error("who was removed is told of the next epoch")
	}
	_, grace := h.join(t, "grace", policy.Attendee)
	if a, _ := last[wire.Admitted](grace); a.Leaf != 1 {
		t.Errorf("admitted %+v", a)
	}
	if w, _ := last[wire.Welcome](grace); len(w.Gone) > 0 {
		t.Errorf("gone %v", w.Gone)
	}
}

func TestExpel(t *testing.T) {
	for _, tt := range []struct {
		name, actor, target string
		want                error
	}{
		{"host expels attendee", "ada", "bob", nil},
		{"host expels who is coming in", "ada", "coming", nil},
		{"attendee expels", "grace", "bob", ErrForbidden},
		{"oneself", "ada", "ada", ErrForbidden},
		{"another host", "ada", "owner", ErrForbidden},
		{"who knocks", "ada", "k", ErrNotFound},
		{"nobody", "ada", "zz", ErrNotFound},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHouse(t)
				h.start(t)
				r, ada := h.join(t, "ada", policy.Host)
				h.join(t, "owner", policy.Host)
				boxes := map[string]*inbox{}
				for _, id := range []string{"grace", "bob"} {
					_, boxes[id] = h.join(t, id, policy.Attendee)
				}
				h.ask(t, visitor("k", policy.Attendee), byLink("k"))
				h.media.slow = make(chan struct{})
				coming := h.ask(t, visitor("coming", policy.Attendee), byLink("coming"))
				boxes["coming"] = coming.box
				if err := r.Commit(t.Context(), "ada", h.adding("coming")); err != nil {
					t.Fatal(err)
				}
				synctest.Wait()
				if err := r.Expel(t.Context(), tt.actor, tt.target); !errors.Is(err, tt.want) {
					t.Fatalf("Expel = %v, want %v", err, tt.want)
				}
				close(h.media.slow)
				if err := <-coming.done; errors.Is(err, ErrEnded) != (tt.target == "coming") {
					t.Errorf("Join of who is coming = %v", err)
				}
				out := tt.want == nil
				if got := h.media.has("remove " + tt.target); got != out {
					t.Errorf("media removed = %v", got)
				}
				if !out {
					if slices.ContainsFunc(h.ledger.kinds(), func(k string) bool { return k == "expelled "+tt.target }) {
						t.Error("a refused expulsion is on record")
					}
					return
				}
				if fact[edr.Expelled](t, h.ledger, tt.target).By != "ada" {
					t.Error("records do not say who it was")
				}
				left := wire.ParticipantLeft{Participant: tt.target, Reason: wire.LeftExpelled}
				for _, box := range []*inbox{ada, boxes[tt.target]} {
					if l, _ := last[wire.ParticipantLeft](box); l != left {
						t.Errorf("told %+v", l)
					}
				}
				if tt.target == "bob" && fact[edr.Left](t, h.ledger, "bob").Reason != "expelled" {
					t.Error("the stay does not say how it ended")
				}
				if err := r.Publish(t.Context(), tt.target, wire.Publish{Source: wire.Camera, Live: true}); !errors.Is(err, ErrNotFound) {
					t.Errorf("Publish of who was expelled = %v", err)
				}
			})
		})
	}
}

// A browser that was expelled is known again by its key, whoever is in by then;
// who left what it was to take its place again is not.
func TestAnExpelledDeviceStaysOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.start(t)
		as := func(id, device string) Visitor {
			v := visitor(id, policy.Attendee)
			v.Device = device
			return v
		}
		enter := func(id, device string) {
			k := h.ask(t, as(id, device), byLink(id))
			if err := h.room().Commit(t.Context(), "ada", h.adding(id)); err != nil {
				t.Fatal(err)
			}
			if err := <-k.done; err != nil {
				t.Fatalf("Join(%s) = %v", id, err)
			}
		}
		r, _ := h.join(t, "ada", policy.Host)
		enter("mal", "m")
		enter("bob", "b")
		enter("bot", "")
		for _, id := range []string{"mal", "bot"} {
			if err := r.Expel(t.Context(), "ada", id); err != nil {
				t.Fatal(err)
			}
		}
		h.ask(t, as("bob's other page", "b"), byLink("bob's other page"))
		removal := h.adding()
		removal.Removed = []string{"bob"} // superseded, not expelled
		if err := r.Commit(t.Context(), "ada", removal); err != nil {
			t.Fatal(err)
		}
		for _, tt := range []struct {
			id, device string
			want       error
		}{
			{"mal again", "m", ErrExpelled},
			{"bob again", "b", nil},
			{"another bot", "", nil},
		} {
			k := h.ask(t, as(tt.id, tt.device), byLink(tt.id))
			select {
			case err := <-k.done:
				if tt.want == nil || !errors.Is(err, tt.want) {
					t.Errorf("%s: Join = %v", tt.id, err)
				}
			default:
				if tt.want != nil {
					t.Errorf("%s waits", tt.id)
				}
			}
		}
	})
}

// isRefusal reports whether a record tells that somebody was refused something.
func isRefusal(kind string) bool { return strings.HasPrefix(kind, "refused ") }
