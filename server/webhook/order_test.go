package webhook

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"testing"
)

// fault says what is wrong with what a receiver got of meetings with so many events
// each, or nothing: every event of each comes at least once and none before the one
// it follows, and an id stands for one event alone.
func fault(got []receipt, meetings, events int) string {
	reached, bodies := map[string]int{}, map[string]string{}
	for _, r := range got {
		n := 1 // of the event in its meeting: the start, and then one person after the other
		if r.participant != "" {
			if _, err := fmt.Sscanf(r.participant, "p-%d", &n); err != nil {
				return r.body
			}
			n++
		}
		if at := reached[r.meeting]; n != at && n != at+1 {
			return fmt.Sprintf("%s: event %d came after %d", r.meeting, n, at)
		}
		reached[r.meeting] = n
		if before, known := bodies[r.id]; known && before != r.body {
			return fmt.Sprintf("two events have the id %s", r.id)
		}
		bodies[r.id] = r.body
	}
	for meeting, n := range reached {
		if n != events {
			return fmt.Sprintf("%s: %d events of %d came", meeting, n, events)
		}
	}
	if len(reached) != meetings || len(bodies) != meetings*events {
		return fmt.Sprintf("%d meetings of %d, %d ids for %d events", len(reached), meetings, len(bodies), meetings*events)
	}
	return ""
}

// Whatever fails, and however often the program dies in the middle, every event
// comes, those of a meeting in their order, and none under two ids.
func TestEveryEventComesInOrder(t *testing.T) {
	const meetings, people = 4, 8
	for round := range 2 {
		seed := uint64(round)
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			var mu sync.Mutex // guards what follows
			chance := rand.New(rand.NewPCG(seed, 7))
			failing, refused := true, 0
			in := openReceiver(t, func(w http.ResponseWriter, _ *http.Request, _ receipt) {
				mu.Lock()
				n := chance.IntN(10)
				bad := failing && n < 5
				if bad {
					refused++
				}
				mu.Unlock()
				switch {
				case bad && n < 2:
					panic(http.ErrAbortHandler) // it has the event, and the sender does not know
				case bad:
					w.WriteHeader(http.StatusInternalServerError)
				}
			})
			path := database(t)
			o := newOffice(t, path)
			o.tell(t, in.URL)
			for i := range meetings {
				o.hold(t, fmt.Sprint("m-", i), people)
			}
			for life := range 4 {
				if life > 0 {
					o = newOffice(t, path)
				}
				ctx, stop := context.WithCancel(t.Context())
				ended := make(chan struct{})
				go func() { o.Run(ctx); close(ended) }()
				want := len(in.receipts()) + 5
				until(t, "some more come", func() bool {
					o.hurry(t)
					waiting, _ := o.waiting(t)
					return len(in.receipts()) >= want || waiting == 0
				})
				_ = o.db.Close() // under its feet, as when the program dies
				stop()
				<-ended
			}
			mu.Lock()
			failing = false
			mu.Unlock()
			o = newOffice(t, path)
			until(t, "all have come", func() bool {
				o.hurry(t)
				o.work(t)
				waiting, dead := o.waiting(t)
				return waiting+dead == 0
			})
			got := in.receipts()
			if wrong := fault(got, meetings, people+1); wrong != "" {
				t.Error(wrong)
			}
			t.Logf("%d messages for %d events, %d refused", len(got), meetings*(people+1), refused)
			controls(t, got, meetings, people+1)
		})
	}
}

// controls shows that fault finds what it is there to find.
func controls(t *testing.T, got []receipt, meetings, events int) {
	t.Helper()
	last := slices.IndexFunc(got, func(r receipt) bool { return r.participant == fmt.Sprint("p-", events-1) })
	swapped := slices.Clone(got)
	slices.Reverse(swapped)
	twice := slices.Clone(got)
	twice[0].id = twice[last].id
	for name, bad := range map[string][]receipt{
		"one lost":  slices.DeleteFunc(slices.Clone(got), func(r receipt) bool { return r.id == got[last].id }),
		"backwards": swapped, "an id twice": twice, "none": nil,
	} {
		if fault(bad, meetings, events) == "" {
			t.Errorf("%s is not noticed", name)
		}
	}
}

// A meeting whose events are not taken holds nothing up but itself.
func TestAFailingMeetingBlocksItselfAlone(t *testing.T) {
	in := openReceiver(t, func(w http.ResponseWriter, _ *http.Request, got receipt) {
		if got.meeting == "m-bad" {
			w.WriteHeader(http.StatusInternalServerError)
		}
	})
	o := newOffice(t, database(t))
	o.tell(t, in.URL)
	for _, meeting := range []string{"m-bad", "m-good", "m-other"} {
		o.hold(t, meeting, 5)
	}
	o.work(t)
	counts := map[string]int{}
	for _, r := range in.receipts() {
		counts[r.meeting]++
	}
	if counts["m-bad"] != 1 || counts["m-good"] != 6 || counts["m-other"] != 6 {
		t.Errorf("%v", counts)
	}
}
