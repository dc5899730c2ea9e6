package sfu

import (
	"testing"

	"github.com/conclave-meet/conclave/sfu/internal/descriptor"
)

// However many packets a viewer says are lost, and however often, no more are counted
// than were sent to it.
func TestNoMoreAreLostThanWereSent(t *testing.T) {
	s, _ := showing(t, 10)
	counted := func(totals ...uint32) (lost int64) {
		for _, total := range totals {
			s.told(total)
		}
		_, _, lost = s.count()
		return lost
	}
	if n := counted(3, 2, 4); n != 5 {
		t.Errorf("%d counted, want 5 as they were told", n)
	}
	if n := counted(maxLost, 0, maxLost, 0, 9); n != 5 {
		t.Errorf("%d counted, want the 5 others that were sent", n)
	}
	s.sent += 4
	if n := counted(0, 2, maxLost); n != 4 {
		t.Errorf("%d counted, want those that were sent since", n)
	}
}

// An encoding of which nothing comes is no stream, and is one again when something does.
func TestWhatIsSilentIsNoStream(t *testing.T) {
	e, _ := fanOut(t, 1)
	pub := e.pub
	pub.encodings[0] = e
	door := newGate(pub)
	p := pub.peer
	for source := range sources {
		p.publications[source] = &publication{peer: p, source: source}
	}
	p.publications[Camera] = pub
	streams := func(ticks int, comes bool) (in int) {
		for range ticks {
			if comes {
				e.admit(&door, &packet{codec: descriptor.VP8, payload: vp8(1)})
			}
			p.count()
		}
		in, _ = p.streams()
		return in
	}
	for i, step := range []struct {
		ticks int
		comes bool
		want  int
	}{{1, true, 1}, {silentTicks - 1, false, 1}, {1, false, 0}, {100, false, 0}, {1, true, 1}} {
		if n := streams(step.ticks, step.comes); n != step.want {
			t.Errorf("step %d: %d streams, want %d", i, n, step.want)
		}
	}
}
