package bwe

import (
	"math"
	"time"
)

const (
	baseSpan  = 10 * time.Second       // the shortest way is looked for in one to two of them
	queueSpan = 150 * time.Millisecond // and the queue in one to two of these
	maxJump   = 5 * time.Second        // of a delay: more is another clock
	never     = time.Duration(math.MaxInt64)
)

// delay tells how long packets wait in queues: how much longer than the shortest
// way of the last seconds all of the last few took. It is an offset to nothing, as
// the clocks differ; that one runs faster than the other is forgotten with the
// seconds.
type delay struct {
	base, queue lowest
	last        time.Duration
	any         bool
}

func (d *delay) reset() {
	d.base, d.queue = newLowest(baseSpan), newLowest(queueSpan)
	d.any = false
}

// add takes a packet that came. It returns true when the receiver's clock has
// jumped, and everything before is forgotten.
func (d *delay) add(sent, arrived time.Duration) (jumped bool) {
	took := arrived - sent
	if d.any && (took-d.last > maxJump || d.last-took > maxJump) {
		d.reset()
		jumped = true
	}
	d.any, d.last = true, took
	d.base.add(sent, took)
	d.queue.add(sent, took)
	return jumped
}

// queued returns how long each of the latest packets has waited at least.
func (d *delay) queued() time.Duration {
	if !d.any {
		return 0
	}
	return max(0, d.queue.value()-d.base.value())
}

// lowest is the lowest of the values of the last one to two spans.
type lowest struct {
	span       time.Duration
	since      time.Duration
	old, fresh time.Duration
}

func newLowest(span time.Duration) lowest {
	return lowest{span: span, old: never, fresh: never}
}

func (l *lowest) add(at, value time.Duration) {
	switch gone := at - l.since; {
	case l.fresh == never, gone > 2*l.span:
		l.since, l.old, l.fresh = at, never, never
	case gone > l.span:
		l.since, l.old, l.fresh = at, l.fresh, never
	}
	l.fresh = min(l.fresh, value)
}

func (l *lowest) value() time.Duration { return min(l.old, l.fresh) }
