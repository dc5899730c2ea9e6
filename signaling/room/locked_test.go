package room

import (
	"errors"
	"slices"
	"testing"

	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/signaling/wire"
)

// shut is a locked meeting of the host ada and the guests grace and nils.
func shut(t *testing.T) (h *house, ada, grace, nils Visitor) {
	t.Helper()
	h = newHouse(t)
	h.start(t)
	ada, grace, nils = guest("ada"), guest("grace"), guest("nils")
	ada.Role = policy.Host
	for _, v := range []Visitor{ada, grace, nils} {
		h.enter(t, v)
	}
	h.set(t, "ada", wire.Rules{Locked: true, Rights: meeting.Rights})
	return h, ada, grace, nils
}

// swapping returns the commit that adds id at the leaf of gone, whom it removes.
func (h *house) swapping(gone, id string) wire.Commit {
	return now(h.room(), func() wire.Commit {
		g := h.room().group
		return wire.Commit{
			Epoch: g.epoch, Commit: "commit", Welcome: "welcome", Tree: "tree",
			Removed: []string{gone}, Added: []wire.Added{{Participant: id, Leaf: g.leaves[gone]}},
		}
	})
}

// A locked meeting does not keep out who lost their connection: one commit takes the
// leaf they had, and gives it to them again.
func TestALockedMeetingHasBackWhoWasIn(t *testing.T) {
	h, _, grace, _ := shut(t)
	leaf := now(h.room(), func() int { return h.room().group.leaves["grace"] })
	h.lose(t, "grace")
	k := h.ask(t, back(grace, "grace.2"), byLink("grace.2"))
	if w, _ := last[wire.Waiting](k.box); w.For != wire.WaitingForAdmission {
		t.Fatalf("they wait for %s", w.For)
	}
	if err := h.room().Commit(t.Context(), "ada", h.swapping("grace", "grace.2")); err != nil {
		t.Fatal(err)
	}
	if err := <-k.done; err != nil {
		t.Fatal(err)
	}
	w, _ := last[wire.Welcome](k.box)
	if !w.Rules.Locked || len(w.Gone) != 0 {
		t.Errorf("welcome %+v", w)
	}
	if a, _ := last[wire.Admitted](k.box); a.Leaf != leaf {
		t.Errorf("admitted at leaf %d, want %d", a.Leaf, leaf)
	}
	if h.joined("grace.2") {
		t.Errorf("another stay: %v", h.ledger.kinds())
	}
}

// The only host comes back by the link, and any member lets them in.
func TestALockedMeetingHasItsHostBack(t *testing.T) {
	h, ada, _, _ := shut(t)
	h.lose(t, "ada")
	k := h.ask(t, back(ada, "ada.2"), byLink("ada.2"))
	if err := h.room().Commit(t.Context(), "nils", h.swapping("ada", "ada.2")); err != nil {
		t.Fatal(err)
	}
	if err := <-k.done; err != nil {
		t.Fatal(err)
	}
	h.set(t, "ada.2", wire.Rules{Rights: meeting.Rights})
}

// What would bring somebody else into a locked meeting is refused.
func TestALockedMeetingHasNobodyElse(t *testing.T) {
	h, _, grace, _ := shut(t)
	h.lose(t, "grace")
	k := h.ask(t, back(grace, "grace.2"), byLink("grace.2"))
	refused := func(what, by string, c wire.Commit, want error) {
		t.Helper()
		if err := h.room().Commit(t.Context(), by, c); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", what, err, want)
		}
	}
	refused("beside the old leaf", "ada", h.adding("grace.2"), ErrLocked)
	refused("at the leaf of another", "ada", h.swapping("nils", "grace.2"), ErrLocked)
	refused("by a member", "nils", h.swapping("grace", "grace.2"), ErrForbidden)
	refused("somebody who is not here", "ada", h.swapping("grace", "eve"), ErrLocked)
	door := func(what string, v Visitor, want error) {
		t.Helper()
		if err := <-h.ask(t, v, byLink(v.ID)).done; !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", what, err, want)
		}
	}
	stolen := guest("eve")
	stolen.Device = grace.Device
	door("the key of who was in, without their cookie", stolen, ErrLocked)
	if k.refused() {
		t.Error("who waited was sent away")
	}
}

// One place is given to one person, and not to each who knocks with the key of who had it.
func TestALockedMeetingGivesAPlaceOnce(t *testing.T) {
	h, _, grace, nils := shut(t)
	h.lose(t, "grace")
	h.lose(t, "nils")
	h.ask(t, back(grace, "grace.2"), byLink("grace.2"))
	twin := back(nils, "nils.2")
	twin.Device = grace.Device
	h.ask(t, twin, byLink("nils.2"))
	c := h.swapping("grace", "grace.2")
	c.Added = append(c.Added, wire.Added{Participant: "nils.2", Leaf: 9})
	if err := h.room().Commit(t.Context(), "ada", c); !errors.Is(err, ErrLocked) {
		t.Errorf("both in one commit: %v, want %v", err, ErrLocked)
	}
	if err := h.room().Commit(t.Context(), "ada", h.swapping("grace", "grace.2")); err != nil {
		t.Errorf("one of them: %v", err)
	}
}

// Who is expelled while they knock is not there any more for a commit to add.
func TestALockedMeetingHasNobodyBackWhoWasExpelled(t *testing.T) {
	h, _, _, nils := shut(t)
	other := back(nils, "nils.2") // another tab, as which nils was not in
	other.Previous = "nobody"
	h.set(t, "ada", wire.Rules{Rights: meeting.Rights})
	k := h.ask(t, other, byLink("nils.2"))
	h.set(t, "ada", wire.Rules{Locked: true, Rights: meeting.Rights})
	swap := h.swapping("nils", "nils.2")
	if err := now(h.room(), func() error { return h.room().mayCommit(h.room().people["ada"], swap) }); err != nil {
		t.Fatalf("it would not be taken before: %v", err)
	}
	if err := h.room().Expel(t.Context(), "ada", "nils"); err != nil {
		t.Fatal(err)
	}
	if err := <-k.done; !errors.Is(err, ErrExpelled) {
		t.Errorf("who knocked: %v, want %v", err, ErrExpelled)
	}
	if err := h.room().Commit(t.Context(), "ada", swap); !errors.Is(err, ErrNotFound) {
		t.Errorf("swapped in after that: %v, want %v", err, ErrNotFound)
	}
	if err := <-h.ask(t, back(nils, "nils.3"), byLink("nils.3")).done; !errors.Is(err, ErrExpelled) {
		t.Errorf("who comes again: %v, want %v", err, ErrExpelled)
	}
}

// Another browser of who was in may wait where a host is, who can unlock, and takes no
// leaf over.
func TestALockedMeetingKnowsPeopleByTheirKey(t *testing.T) {
	h, _, grace, _ := shut(t)
	h.lose(t, "grace")
	other := back(grace, "grace.2")
	other.Device = keyOf("another browser")
	h.ask(t, other, byLink("grace.2"))
	if err := h.room().Commit(t.Context(), "ada", h.swapping("grace", "grace.2")); !errors.Is(err, ErrLocked) {
		t.Errorf("a swap for another key: %v", err)
	}
	h.lose(t, "ada")
	another := back(grace, "grace.3")
	another.Device = keyOf("a third browser")
	if err := h.room().Leave(t.Context(), "grace.2", wire.LeftConnection); err != nil {
		t.Fatal(err)
	}
	if err := <-h.ask(t, another, byLink("grace.3")).done; !errors.Is(err, ErrLocked) {
		t.Errorf("where no host is in: %v", err)
	}
}

// Where no host is in, a member's knock is shown to nobody, and the others remove the
// leaf. Who waited for it is sent away then, and may try again when a host is back.
func TestALockedMeetingTellsWhoseLeafIsGone(t *testing.T) {
	for _, host := range []bool{false, true} {
		h, ada, grace, _ := shut(t)
		h.lose(t, "grace")
		k := h.ask(t, back(grace, "grace.2"), byLink("grace.2"))
		if !host {
			h.lose(t, "ada")
		}
		by := map[bool]string{true: "ada", false: "nils"}[host]
		epoch := now(h.room(), func() uint64 { return h.room().group.epoch })
		if err := h.room().Commit(t.Context(), by, wire.Commit{Epoch: epoch, Commit: "commit", Removed: []string{"grace"}}); err != nil {
			t.Fatal(err)
		}
		if host {
			if k.refused() || !now(h.room(), func() bool { return h.room().people["grace.2"].state == knocking }) {
				t.Error("a host is in, who can unlock, and they were sent away")
			}
			continue
		}
		if err := <-k.done; !errors.Is(err, ErrLocked) {
			t.Fatalf("who waited: %v, want %v", err, ErrLocked)
		}
		if err := h.room().Leave(t.Context(), "grace.2", wire.LeftConnection); err != nil {
			t.Fatal(err)
		}
		again := h.ask(t, back(ada, "ada.2"), byLink("ada.2"))
		if err := h.room().Commit(t.Context(), "nils", h.swapping("ada", "ada.2")); err != nil {
			t.Fatal(err)
		}
		if err := <-again.done; err != nil {
			t.Fatal(err)
		}
		h.set(t, "ada.2", wire.Rules{Rights: meeting.Rights})
		h.enter(t, back(grace, "grace.3"))
		if h.joined("grace.3") {
			t.Errorf("it is another stay: %v", h.ledger.kinds())
		}
	}
}

// A newcomer is told who of those that are gone may come back, and who will not.
func TestANewcomerIsToldWhoIsOnlyLost(t *testing.T) {
	for _, knocks := range []bool{false, true} {
		h := newHouse(t)
		h.start(t)
		h.join(t, "ada", policy.Host)
		grace := guest("grace")
		for _, v := range []Visitor{grace, guest("nils"), guest("eve")} {
			h.enter(t, v)
		}
		h.lose(t, "grace")
		h.leave(t, "nils")
		if err := h.room().Expel(t.Context(), "ada", "eve"); err != nil {
			t.Fatal(err)
		}
		if knocks {
			h.ask(t, back(grace, "grace.2"), byLink("grace.2"))
		}
		_, late := h.join(t, "late", policy.Host)
		w, _ := last[wire.Welcome](late)
		if !slices.Equal(w.Gone, []string{"grace", "nils", "eve"}) || !slices.Equal(w.Lost, []string{"grace"}) {
			t.Errorf("grace at the door %v: gone %v, lost %v", knocks, w.Gone, w.Lost)
		}
	}
}

// refused reports whether the Join has failed.
func (k *joining) refused() bool {
	select {
	case err := <-k.done:
		return err != nil
	default:
		return false
	}
}
