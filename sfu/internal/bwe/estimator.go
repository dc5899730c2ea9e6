// Package bwe estimates how many bits a second may be sent to a viewer, from the
// viewer's word on when each packet came. It owns the arithmetic alone: it has no
// clock, no goroutine and no socket, and what is sent within the estimate is for
// others to decide.
//
// The ideas are those of draft-ietf-rmcat-gcc-02: a queue that grows means that
// too much is sent (trend), and so does loss that goes when less is sent (loss).
// What differs: a cut is followed by what was measured, as soon as the queue is
// empty; loss that does not depend on the rate is told from loss that does, by which
// of the two explains better what was lost at which rate, and is borne; and growth is
// slow, as probes find in a second what growth would in a minute.
package bwe

import (
	"math"
	"slices"
	"time"

	"github.com/conclave-meet/conclave/sfu/internal/twcc"
)

// Ack is what a viewer says of one packet. The origin of its clock does not matter.
type Ack = twcc.Ack

// Bounds on what is believed. A viewer may say anything.
const (
	maxAcks    = 4096             // of one Feedback
	maxSize    = 1 << 16          // bytes of a packet
	maxArrival = 1 << 60          // nanoseconds on the receiver's clock: 36 years
	maxAge     = 10 * time.Second // of a packet when it is acknowledged
	maxRTT     = 3 * time.Second
	maxStep    = time.Second // of growth between two Feedbacks
)

// Estimator estimates for one viewer. It is not safe for concurrent use.
type Estimator struct {
	least, most, want float64 // bits/s
	limited           bool

	epoch, now time.Time // of the first Feedback, and of the newest
	rtt        time.Duration
	newestSent time.Duration // since epoch, of the newest packet spoken of
	newestCame time.Duration // on the receiver's clock, of that packet
	began      bool          // a packet was spoken of
	delay      delay
	trend      trend
	throughput throughput
	loss       loss
	probe      probe
	control    control
	scratch    []Ack // of one Feedback, kept for its memory
}

// New returns an estimator whose target is start at first and always between
// least and most, all in bits/s. Nonsense is put in order: 1 <= least <= most.
func New(start, least, most int) *Estimator {
	e := &Estimator{least: float64(max(1, least)), most: float64(max(1, least, most))}
	e.want = e.most
	e.control.target = e.clamp(float64(start))
	e.delay.reset()
	e.trend.reset()
	e.loss.inherent = priorLoss
	return e
}

// Target returns how much may be sent now, in bits/s on the wire.
func (e *Estimator) Target() int { return int(e.clamp(e.control.target)) }

// Limited tells whether the sender has less to send than it may. What comes then says
// little of what could: the target grows by probes alone.
func (e *Estimator) Limited(limited bool) { e.limited = limited }

// Want tells how much would be sent if it could, in bits/s: beyond that nothing is
// probed for. At first it is most.
func (e *Estimator) Want(rate int) { e.want = e.clamp(float64(rate)) }

// Feedback takes in what the viewer said at now, in the order of sending or not.
// The rtt is 0 when it is not known. What was spoken of before is passed over.
func (e *Estimator) Feedback(now time.Time, rtt time.Duration, acks []Ack) {
	if e.epoch.IsZero() {
		e.epoch, e.now = now, now
	}
	step := min(max(0, now.Sub(e.now)), maxStep)
	if now.After(e.now) {
		e.now = now
	}
	if rtt > 0 {
		e.rtt = min(rtt, maxRTT)
	}
	before := e.newestSent
	for _, a := range e.believable(acks) {
		e.take(a, before)
	}
	if e.began {
		e.steer(step)
	}
}

// Idle tells that up to now nothing was sent, so that there is nothing to say of it and
// no Feedback comes. A probe that nobody answered is given up, and the queue is empty
// once the time has passed in which it would have become so; another Probe may be due.
func (e *Estimator) Idle(now time.Time) {
	if !e.began || !now.After(e.now) {
		return
	}
	e.now = now
	at := now.Sub(e.epoch)
	e.settle(at)
	if e.stuck(at) {
		e.drain(at, 0)
	}
}

// believable returns the acks that can be true, in the order of sending.
func (e *Estimator) believable(acks []Ack) []Ack {
	list := e.scratch[:0]
	for _, a := range acks[:min(len(acks), maxAcks)] {
		age := e.now.Sub(a.Sent)
		if a.Size > 0 && a.Size <= maxSize && a.Arrived < maxArrival && age >= 0 && age <= maxAge {
			list = append(list, a)
		}
	}
	bySending := func(a, b Ack) int { return a.Sent.Compare(b.Sent) }
	if !slices.IsSortedFunc(list, bySending) {
		slices.SortStableFunc(list, bySending)
	}
	e.scratch = list
	return list
}

// take counts one ack, unless it was spoken of in the Feedback whose newest was
// sent at before. Packets sent at that very moment are told apart by when they came.
func (e *Estimator) take(a Ack, before time.Duration) {
	sent := a.Sent.Sub(e.epoch)
	lost := a.Arrived < 0
	if e.began && (sent < before || sent == before && a.Arrived <= e.newestCame) {
		return
	}
	e.newestSent = sent
	e.began = true
	e.loss.count(lost, a.Size)
	e.probe.take(sent, a)
	if lost {
		e.throughput.miss(a.Size)
		return
	}
	e.newestCame = a.Arrived
	e.throughput.add(sent, a.Arrived, a.Size)
	if jumped := e.delay.add(sent, a.Arrived); jumped {
		e.trend.reset()
		e.throughput.reset()
		e.probe.forget()
		return
	}
	if e.probe.covers(sent) {
		e.trend.reset() // the queue is our own
		return
	}
	e.trend.add(sent, a.Arrived)
}

// clamp returns rate within the bounds, and the least for what is not a number.
func (e *Estimator) clamp(rate float64) float64 {
	if math.IsNaN(rate) {
		return e.least
	}
	return min(max(rate, e.least), e.most)
}
