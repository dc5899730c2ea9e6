package sfu

import (
	"sync/atomic"

	"github.com/conclave-meet/conclave/sfu/internal/descriptor"
	"github.com/conclave-meet/conclave/sfu/internal/layer"
)

// layers is what an encoding's temporal layers take.
type layers struct {
	octets [descriptor.Temporals]atomic.Uint64 // on the wire, of each

	// Guarded by the group's mu.
	last  [descriptor.Temporals]uint64
	came  [descriptor.Temporals]float64 // smoothed
	top   uint8                         // the highest that comes
	lower int                           // ticks since that came
}

// topTicks is after how many ticks in which nothing came of it a layer is not there.
const topTicks = 10

// measure follows which layers come, and reports whether the highest is another one. The
// caller holds the group's mu.
func (l *layers) measure() (changed bool) {
	var all uint64
	var top uint8
	var came [descriptor.Temporals]uint64
	for id := range l.octets {
		now := l.octets[id].Load()
		came[id], l.last[id] = now-l.last[id], now
		if all += came[id]; came[id] > 0 {
			top = uint8(id) //nolint:gosec // one of four
		}
	}
	if all == 0 {
		return false
	}
	for id := range came {
		l.came[id] += (float64(came[id]) - l.came[id]) / layerTicks
	}
	if l.lower++; top >= l.top || l.lower >= topTicks {
		changed = top != l.top
		l.top, l.lower = top, 0
	}
	return changed
}

// layerTicks is over about how many ticks the shares of the layers are smoothed: of few
// frames a second, one tick has only one.
const layerTicks = 16

// thinned returns what a part of the bytes is left when the highest layer is left out, or 0
// where there is only one.
func (l *layers) thinned() float64 {
	all := 0.0
	for _, octets := range l.came {
		all += octets
	}
	if l.top == 0 || all == 0 {
		return 0
	}
	return 1 - l.came[l.top]/all
}

// most returns the highest layer that a step shows of e, or nothing less than everything
// where another encoding is shown than the step is of. The caller holds the group's mu.
func (e *encoding) most(step int) uint8 {
	index, whole := layer.Of(step)
	if whole || index != e.index || e.layers.top == 0 {
		return everyLayer
	}
	return e.layers.top - 1
}
