package room

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/signaling/wire"
)

// Who comes in gets what they missed since they were added, in order, right after
// the welcome; when it was too much, they have to join again.
func TestNewcomersCatchUp(t *testing.T) {
	for _, missed := range []int{0, 1, maxLog, maxLog + 1} {
		t.Run(fmt.Sprint(missed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHouse(t)
				h.start(t)
				r, ada := h.join(t, "ada", policy.Host)
				h.join(t, "gone", policy.Attendee)
				h.leave(t, "gone")
				h.media.slow = make(chan struct{})
				late := h.ask(t, visitor("late", policy.Attendee), byLink("late"))
				if err := r.Commit(t.Context(), "ada", h.adding("late")); err != nil {
					t.Fatal(err)
				}
				for range missed {
					if err := r.Commit(t.Context(), "ada", h.adding()); err != nil {
						t.Fatal(err)
					}
				}
				synctest.Wait()
				if len(all[wire.Committed](late.box)) > 0 {
					t.Error("a commit came before the welcome")
				}
				close(h.media.slow)
				err := <-late.done
				if missed > maxLog {
					if _, in := last[wire.Welcome](late.box); !errors.Is(err, ErrUnavailable) || in {
						t.Errorf("Join = %v, welcomed %v", err, in)
					}
					h.leave(t, "late")
					if l, _ := last[wire.ParticipantLeft](ada); l.Participant != "late" {
						t.Error("nobody was told that the leaf is free")
					}
					return
				}
				if err != nil {
					t.Fatalf("Join = %v", err)
				}
				w, _ := last[wire.Welcome](late.box)
				if !slices.Equal(w.Gone, []string{"gone"}) || w.Participants[1].Leaf != 2 {
					t.Errorf("welcome %+v", w)
				}
				got := all[wire.Committed](late.box)
				if len(got) != missed {
					t.Errorf("%d commits came", len(got))
				}
				for i, c := range got {
					if c.Epoch != uint64(3+i) {
						t.Errorf("commit %d begins epoch %d", i, c.Epoch)
					}
				}
			})
		})
	}
}

// An epoch is settled once, when the last who is in has reached it, or has left.
func TestSettled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.start(t)
		r, ada := h.join(t, "ada", policy.Host)
		h.join(t, "bob", policy.Attendee)
		h.join(t, "cy", policy.Attendee)
		reach := func(id string, epoch uint64, want error) {
			t.Helper()
			if err := r.Reached(t.Context(), id, epoch); !errors.Is(err, want) {
				t.Fatalf("Reached(%s, %d) = %v, want %v", id, epoch, err, want)
			}
		}
		settled := func(step string, want ...uint64) {
			t.Helper()
			var got []uint64
			for _, s := range all[wire.Settled](ada) {
				got = append(got, s.Epoch)
			}
			if !slices.Equal(got, want) {
				t.Fatalf("%s: settled %v, want %v", step, got, want)
			}
		}
		settled("nobody has reached anything")
		reach("ada", 3, ErrForbidden)
		reach("zz", 1, ErrNotFound)
		reach("ada", 1, nil)
		reach("bob", 1, nil)
		settled("of an epoch that is over")
		reach("ada", 2, nil)
		reach("ada", 1, nil) // late; what counts is the highest
		settled("bob is behind")
		reach("bob", 2, nil)
		settled("cy was added in this epoch", 2)
		reach("bob", 2, nil)
		settled("once", 2)

		h.media.slow = make(chan struct{})
		late := h.ask(t, visitor("late", policy.Attendee), byLink("late"))
		if err := r.Commit(t.Context(), "ada", h.adding("late")); err != nil {
			t.Fatal(err)
		}
		reach("ada", 3, nil)
		reach("cy", 3, nil)
		settled("bob is behind", 2)
		h.leave(t, "bob")
		settled("bob has left, late does not hold it up", 2, 3)
		if err := r.Commit(t.Context(), "ada", h.adding()); err != nil {
			t.Fatal(err)
		}
		close(h.media.slow)
		if err := <-late.done; err != nil {
			t.Fatal(err)
		}
		reach("ada", 4, nil)
		reach("cy", 4, nil)
		settled("late is in by now, and behind", 2, 3)
		reach("late", 4, nil)
		settled("late has caught up", 2, 3, 4)
	})
}
