package room

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/conclave-meet/conclave/signaling/edr"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/signaling/wire"
)

// refusals lists the actions that were refused to somebody, as they are on record.
func (h *house) refusals(participant string) (list []string) {
	h.ledger.mu.Lock()
	defer h.ledger.mu.Unlock()
	for _, r := range h.ledger.records {
		if refused, is := r.Fact.(edr.Refused); is && r.Participant == participant {
			list = append(list, refused.Action)
		}
	}
	return list
}

func TestHands(t *testing.T) {
	h := panel(t)
	r := h.room()
	_, box := h.join(t, "eve", policy.Attendee)
	do := func(name string, err, want error) {
		t.Helper()
		if !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
	}
	ctx := t.Context()
	do("ann raises", r.RaiseHand(ctx, "ann", true), nil)
	do("ann raises again", r.RaiseHand(ctx, "ann", true), nil)
	do("bob lowers ann's", r.LowerHand(ctx, "bob", "ann"), ErrForbidden)
	do("a presenter lowers ann's", r.LowerHand(ctx, "presenter", "ann"), ErrForbidden)
	do("somebody raises who is not in", r.RaiseHand(ctx, "nobody", true), ErrNotFound)
	do("a host lowers nobody's", r.LowerHand(ctx, "host", "nobody"), ErrNotFound)
	do("bob lowers their own, which is down", r.RaiseHand(ctx, "bob", false), nil)
	told := all[wire.HandChanged](box)
	if len(told) != 1 || told[0].Participant != "ann" || told[0].Hand < h.room().started.UnixMilli() || told[0].By != "" {
		t.Fatalf("told %+v", told)
	}
	_, late := h.join(t, "late", policy.Attendee)
	w, _ := last[wire.Welcome](late)
	for _, p := range w.Participants {
		if want := map[string]int64{"ann": told[0].Hand}[p.ID]; p.Hand != want {
			t.Errorf("late is told that the hand of %s is %d, want %d", p.ID, p.Hand, want)
		}
	}
	do("a host lowers ann's", r.LowerHand(ctx, "host", "ann"), nil)
	do("and again", r.LowerHand(ctx, "host", "ann"), nil)
	do("ann raises anew", r.RaiseHand(ctx, "ann", true), nil)
	do("ann lowers", r.RaiseHand(ctx, "ann", false), nil)
	told = all[wire.HandChanged](box)
	if len(told) != 4 || told[1] != (wire.HandChanged{Participant: "ann", By: "host"}) || told[3] != (wire.HandChanged{Participant: "ann"}) {
		t.Errorf("told %+v", told)
	}
	if refused := h.refusals("bob"); !slices.Equal(refused, []string{string(policy.LowerHands)}) {
		t.Errorf("on record: %q", refused)
	}
}

// A hand is part of the stay: it is up again when a lost connection is, in the place
// it had in the queue. It goes with the stay when that is over.
func TestAHandOutlivesALostConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.start(t)
		r, ada := h.join(t, "ada", policy.Host)
		grace, nils := guest("grace"), guest("nils")
		h.enter(t, grace)
		h.enter(t, nils)
		for _, id := range []string{"grace", "nils"} {
			if err := r.RaiseHand(t.Context(), id, true); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
		}
		raised := all[wire.HandChanged](ada)
		h.lose(t, "grace")
		time.Sleep(emptyGrace / 2)
		grace = back(grace, "grace.2")
		welcomed := h.enter(t, grace)
		if j, _ := last[wire.ParticipantJoined](ada); j.Participant.ID != "grace.2" || j.Participant.Hand != raised[0].Hand {
			t.Errorf("the others are told %+v, want the hand of %d", j, raised[0].Hand)
		}
		w, _ := last[wire.Welcome](welcomed)
		for _, p := range w.Participants {
			if p.ID == "grace.2" && p.Hand != raised[0].Hand {
				t.Errorf("they themselves are told %d", p.Hand)
			}
		}
		if err := r.LowerHand(t.Context(), "ada", "grace.2"); err != nil {
			t.Fatal(err)
		}
		h.lose(t, "grace.2")
		h.enter(t, back(grace, "grace.3"))
		if j, _ := last[wire.ParticipantJoined](ada); j.Participant.Hand != 0 {
			t.Errorf("a hand that was down is up again: %+v", j)
		}

		h.lose(t, "nils")
		time.Sleep(emptyGrace + time.Second)
		h.enter(t, back(nils, "nils.2"))
		if j, _ := last[wire.ParticipantJoined](ada); j.Participant.ID != "nils.2" || j.Participant.Hand != 0 {
			t.Errorf("the stay was over, and the hand is told as %+v", j)
		}
	})
}

// Who waits at the door for longer than a stay is held comes back to it with the hand
// down: until then no host could lower it.
func TestAHandIsUpForAMinuteAtMostWithoutItsPerson(t *testing.T) {
	for away, up := range map[time.Duration]bool{emptyGrace - time.Second: true, emptyGrace: false, longestAway - time.Second: false} {
		t.Run(away.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHouse(t)
				h.start(t)
				r, ada := h.join(t, "ada", policy.Host)
				grace := guest("grace")
				h.enter(t, grace)
				if err := r.RaiseHand(t.Context(), "grace", true); err != nil {
					t.Fatal(err)
				}
				h.lose(t, "grace")
				k := h.ask(t, back(grace, "grace.2"), byLink("grace.2"))
				time.Sleep(away)
				h.letIn(t, "grace.2", k)
				if h.joined("grace.2") {
					t.Fatal("it is another stay")
				}
				if j, _ := last[wire.ParticipantJoined](ada); (j.Participant.Hand != 0) != up {
					t.Errorf("the hand is told as %d", j.Participant.Hand)
				}
			})
		})
	}
}

func TestAHandOutlivesARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		before := newLastingHouse(t)
		before.start(t)
		ada, grace := guest("ada"), guest("grace")
		ada.Role = policy.Host
		box := before.enter(t, ada)
		before.enter(t, grace)
		if err := before.room().RaiseHand(t.Context(), "grace", true); err != nil {
			t.Fatal(err)
		}
		raised, _ := last[wire.HandChanged](box)
		before.Close()

		h := before.restarted(t, restartGrace)
		box = h.enter(t, back(ada, "ada.2"))
		h.enter(t, back(grace, "grace.2"))
		if j, _ := last[wire.ParticipantJoined](box); raised.Hand == 0 || j.Participant.Hand != raised.Hand {
			t.Errorf("told %+v, want the hand of %d", j, raised.Hand)
		}
	})
}
