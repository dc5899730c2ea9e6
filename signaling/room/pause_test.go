package room

import (
	"errors"
	"slices"
	"testing"

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

	shares := slices.DeleteFunc(h.ledger.kinds(), func(k string) bool { return k[:5] != "share" })
	want := []string{
		"shareStarted ada", "sharePaused ada", "shareStarted ada", "shareResumed ada", "sharePaused ada",
		"shareStopped ada", "shareStarted ada",
	}
	if !slices.Equal(shares, want) {
		t.Errorf("on record: %v", shares)
	}
}
