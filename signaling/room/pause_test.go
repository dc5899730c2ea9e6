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

func TestPauseShare(t *testing.T) {
	h := newHouse(t)
	h.start(t)
	r, _ := h.join(t, "ada", policy.Host)
	_, grace := h.join(t, "grace", policy.Attendee)
	pause := func(paused bool) error { return r.PauseShare(t.Context(), "ada", paused) }
	share := func(surface wire.Surface) error {
		return r.Publish(t.Context(), "ada", wire.Publish{Source: wire.Screen, Live: true, Surface: surface})
	}

	if err := pause(true); !errors.Is(err, ErrForbidden) {
		t.Errorf("nothing is shared: PauseShare = %v", err)
	}
	if err := share(wire.Window); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time says nothing new
		if err := pause(true); err != nil {
			t.Fatal(err)
		}
	}
	paused := wire.SourceChanged{Participant: "ada", Source: wire.Screen, Live: true, Surface: wire.Window, Paused: true}
	if c, _ := last[wire.SourceChanged](grace); c != paused {
		t.Errorf("grace was told %+v", c)
	}
	_, alan := h.join(t, "alan", policy.Attendee)
	w, _ := last[wire.Welcome](alan)
	if live := w.Participants[0].Live; !slices.Equal(live, []wire.LiveSource{{Source: wire.Screen, Surface: wire.Window, Paused: true}}) {
		t.Errorf("who comes later is told %+v", live)
	}
	if err := share(wire.Browser); err != nil {
		t.Fatal(err)
	}
	if c, _ := last[wire.SourceChanged](grace); !c.Paused || c.Surface != wire.Browser {
		t.Errorf("another thing is shared, and grace was told %+v", c)
	}
	if err := pause(false); err != nil {
		t.Fatal(err)
	}
	if c, _ := last[wire.SourceChanged](grace); c.Paused || !c.Live {
		t.Errorf("grace was told %+v", c)
	}
	if err := pause(true); err != nil {
		t.Fatal(err)
	}
	if err := r.Publish(t.Context(), "ada", wire.Publish{Source: wire.Screen}); err != nil {
		t.Fatal(err)
	}
	if err := share(wire.Window); err != nil {
		t.Fatal(err)
	}
	if c, _ := last[wire.SourceChanged](grace); c.Paused {
		t.Errorf("a share that was stopped is paused when it begins again: %+v", c)
	}

	shares := h.shareRows()
	want := []string{
		"shareStarted ada", "sharePaused ada", "shareStarted ada", "shareResumed ada", "sharePaused ada",
		"shareStopped ada", "shareStarted ada",
	}
	if !slices.Equal(shares, want) {
		t.Errorf("on record: %v", shares)
	}
}

// A page that pauses and resumes as fast as it may send commands is refused nothing,
// everybody is told of all of it, and the records have a few rows: the last says how
// it stands.
func TestPausesMakeFewRecords(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.start(t)
		r, _ := h.join(t, "ada", policy.Host)
		_, grace := h.join(t, "grace", policy.Attendee)
		share := wire.Publish{Source: wire.Screen, Live: true, Surface: wire.Window}
		if err := r.Publish(t.Context(), "ada", share); err != nil {
			t.Fatal(err)
		}
		const turns, seconds = 30, 60
		for i := range turns*seconds + 1 {
			if err := r.PauseShare(t.Context(), "ada", i%2 == 0); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second / turns)
		}
		if told := len(all[wire.SourceChanged](grace)); told != turns*seconds+2 {
			t.Errorf("grace was told %d times", told)
		}
		time.Sleep(pauseEvery)
		synctest.Wait()
		rows := h.shareRows()
		if most := pausesAtOnce + seconds + 2; len(rows) < pausesAtOnce || len(rows) > most {
			t.Errorf("%d rows, want %d at most", len(rows), most)
		}
		if newest := rows[len(rows)-1]; newest != "sharePaused ada" {
			t.Errorf("it stands still, and the last row is %s", newest)
		}
		for i, row := range rows[1:] {
			if row == rows[i] {
				t.Fatalf("row %d says again that it is %s", i+1, row)
			}
		}
	})
}

// What is due when a share ends is put on record before that.
func TestTheEndOfAShareHasItsPauseOnRecord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.start(t)
		r, _ := h.join(t, "ada", policy.Host)
		if err := r.Publish(t.Context(), "ada", wire.Publish{Source: wire.Screen, Live: true, Surface: wire.Window}); err != nil {
			t.Fatal(err)
		}
		for i := range 2*pausesAtOnce + 1 {
			if err := r.PauseShare(t.Context(), "ada", i%2 == 0); err != nil {
				t.Fatal(err)
			}
		}
		before := h.shareRows()
		if newest := before[len(before)-1]; newest != "shareResumed ada" {
			t.Fatalf("the last row is %s: nothing is due", newest)
		}
		if err := r.Publish(t.Context(), "ada", wire.Publish{Source: wire.Screen}); err != nil {
			t.Fatal(err)
		}
		rows := h.shareRows()
		if end := rows[len(rows)-2:]; !slices.Equal(end, []string{"sharePaused ada", "shareStopped ada"}) {
			t.Errorf("the last rows are %v", end)
		}
	})
}

// It is so, too, where the share ends because the sharer goes, in whatever way.
func TestWhoGoesHasTheirPauseOnRecord(t *testing.T) {
	for _, name := range []string{"left", "lost", "restarted"} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newLastingHouse(t)
				h.start(t)
				ada := guest("ada")
				ada.Role = policy.Host
				h.enter(t, ada)
				r := h.room()
				if err := r.Publish(t.Context(), "ada", wire.Publish{Source: wire.Screen, Live: true, Surface: wire.Window}); err != nil {
					t.Fatal(err)
				}
				for i := range 2*pausesAtOnce + 1 {
					if err := r.PauseShare(t.Context(), "ada", i%2 == 0); err != nil {
						t.Fatal(err)
					}
				}
				switch name {
				case "left":
					h.leave(t, "ada")
				case "lost":
					h.lose(t, "ada")
				default:
					h.Close()
				}
				if rows := h.shareRows(); rows[len(rows)-1] != "sharePaused ada" {
					t.Errorf("it stood still, and the last row is %s", rows[len(rows)-1])
				}
			})
		})
	}
}

// A pause that is put on record late is not told as of earlier than what stands before it.
func TestRecordsOfPausesStandInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.start(t)
		r, _ := h.join(t, "ada", policy.Host)
		if err := r.Publish(t.Context(), "ada", wire.Publish{Source: wire.Screen, Live: true, Surface: wire.Window}); err != nil {
			t.Fatal(err)
		}
		for i := range 2*pausesAtOnce + 1 {
			if err := r.PauseShare(t.Context(), "ada", i%2 == 0); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(pauseEvery / 2)
		h.join(t, "grace", policy.Attendee)
		time.Sleep(pauseEvery)
		synctest.Wait()
		rows := h.ledger.kinds()
		if newest := rows[len(rows)-1]; newest != "sharePaused ada" {
			t.Fatalf("the last row is %s: none was late", newest)
		}
		h.ledger.mu.Lock()
		defer h.ledger.mu.Unlock()
		if !slices.IsSortedFunc(h.ledger.records, func(a, b edr.Record) int { return a.At.Compare(b.At) }) {
			t.Error("records stand in another order than their times")
		}
	})
}

// Beginning to share over and over is refused after a while, and possible again a
// little later. Stopping never is refused.
func TestSharesBeginOnlySoOften(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.start(t)
		r, _ := h.join(t, "ada", policy.Host)
		publish := func(live bool) error {
			c := wire.Publish{Source: wire.Screen, Live: live}
			if live {
				c.Surface = wire.Window
			}
			return r.Publish(t.Context(), "ada", c)
		}
		for i := range 2 * sharesAtOnce {
			var want error
			if i >= sharesAtOnce {
				want = ErrTooOften
			}
			if err := publish(true); !errors.Is(err, want) {
				t.Fatalf("share %d: %v, want %v", i, err, want)
			}
			if err := publish(false); err != nil {
				t.Fatal(err)
			}
		}
		if rows := len(h.shareRows()); rows != 2*sharesAtOnce {
			t.Errorf("%d rows", rows)
		}
		if err := r.Publish(t.Context(), "ada", wire.Publish{Source: wire.Microphone, Live: true}); err != nil {
			t.Errorf("the microphone: %v", err)
		}
		time.Sleep(shareEvery)
		if err := publish(true); err != nil {
			t.Errorf("later: %v", err)
		}
	})
}

// What somebody shared and paused before their connection was lost counts on.
func TestLosingTheConnectionMakesNoMoreShares(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.start(t)
		h.join(t, "host", policy.Host)
		r, ada := h.room(), guest("ada")
		ada.Role = policy.Host
		h.enter(t, ada)
		share := func(id string, live bool) error {
			c := wire.Publish{Source: wire.Screen, Live: live}
			if live {
				c.Surface = wire.Window
			}
			return r.Publish(t.Context(), id, c)
		}
		for i := range 2*(sharesAtOnce-1) - 1 { // all but one
			if err := share("ada", i%2 == 0); err != nil {
				t.Fatal(err)
			}
		}
		for i := range pausesAtOnce {
			if err := r.PauseShare(t.Context(), "ada", i%2 == 0); err != nil {
				t.Fatal(err)
			}
		}
		h.lose(t, "ada")
		h.enter(t, back(ada, "ada.2"))
		if err := share("ada.2", true); err != nil {
			t.Fatal(err)
		}
		before := len(h.shareRows())
		if err := r.PauseShare(t.Context(), "ada.2", true); err != nil {
			t.Fatal(err)
		}
		if rows := h.shareRows(); len(rows) != before {
			t.Errorf("a pause more is on record at once: %v", rows[before:])
		}
		if err := share("ada.2", false); err != nil {
			t.Fatal(err)
		}
		if err := share("ada.2", true); !errors.Is(err, ErrTooOften) {
			t.Errorf("a share more than one connection may begin: %v, want %v", err, ErrTooOften)
		}
	})
}

// shareRows lists what is on record of shares.
func (h *house) shareRows() []string {
	return slices.DeleteFunc(h.ledger.kinds(), func(k string) bool { return k[:5] != "share" })
}
