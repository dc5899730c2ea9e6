package sfu

import (
	"sync"
	"time"

	"github.com/conclave-meet/conclave/sfu/internal/bwe"
	"github.com/conclave-meet/conclave/sfu/internal/ration"
	"github.com/conclave-meet/conclave/sfu/internal/twcc"
)

// Between what rates a viewer's line is estimated, in bits/s. The least carries a few
// voices; the most is more than all pictures take. The first guess is what most lines
// carry, so that nobody begins with a blur.
const (
	leastDownlink = 60e3
	firstDownlink = 4e6
	mostDownlink  = 40e6
)

// paceFactor is how many times as fast as the target pictures leave: what is over the
// average, as a key frame is, shall not take long, and not come as one burst either.
const paceFactor = 2.5

// nearTarget is the share of the target from which on it counts as used up.
const nearTarget = 0.9

// downlink is the line to one viewer: how much it takes, and who gets what of it.
type downlink struct {
	peer *peer

	mu        sync.Mutex     // guards estimator
	estimator *bwe.Estimator // nil until the viewer has told what came

	// Guarded by the group's mu.
	ration ration.Ration
	octets uint64 // sent at the last tick, and when that was
	at     time.Time
}

// acked takes in what the viewer told. It is called with the outbox's mu held, by one
// goroutine at a time.
func (d *downlink) acked(now time.Time, rtt time.Duration, acks []twcc.Ack) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.estimator == nil {
		d.estimator = bwe.New(firstDownlink, leastDownlink, mostDownlink)
	}
	d.estimator.Feedback(now, rtt, acks)
	d.peer.queue.SetRate(int64(paceFactor * float64(d.estimator.Target())))
	d.probe()
}

// probe sends a probe if one is due. The caller holds mu, and there is an estimator.
func (d *downlink) probe() {
	if rate, bytes, ok := d.estimator.Probe(); ok {
		d.peer.probe(rate, bytes)
	}
}

// renew forgets the line, as the viewer is reached by another. While the new one has
// told nothing, there is room for all, at the pace that goes with the first guess.
func (d *downlink) renew() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.estimator != nil {
		d.estimator = nil
		d.peer.queue.SetRate(paceFactor * firstDownlink)
	}
}

// target returns how much the line takes, in bits/s, and whether that is known.
func (d *downlink) target() (rate int, known bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.estimator == nil {
		return 0, false
	}
	return d.estimator.Target(), true
}

// tell tells the estimator what was sent up to now and what would be sent if it could,
// in bits/s. Where that was nothing, no feedback comes that a probe could follow, and
// what found no room would stand still for good: then it may follow this.
func (d *downlink) tell(now time.Time, sent, wish int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.estimator == nil {
		return
	}
	d.estimator.Limited(float64(sent) < nearTarget*float64(d.estimator.Target()))
	d.estimator.Want(wish)
	if sent == 0 && d.peer.connected.Load() {
		d.estimator.Idle(now)
		d.probe()
	}
}

// tick lets time pass and returns what has been sent since the last tick, in bits/s.
// The caller holds the group's mu.
func (d *downlink) tick(now time.Time) (sent int) {
	d.ration.Tick()
	octets := d.peer.outbox.bytes()
	if span := now.Sub(d.at).Seconds(); span > 0 && !d.at.IsZero() {
		sent = int(float64(octets-d.octets) * 8 / span)
	}
	d.octets, d.at = octets, now
	return sent
}
