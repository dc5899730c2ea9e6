package bwe

import (
	"math"
	"time"
)

const (
	growth       = 0.08                   // of the target, a second
	growthLeast  = 4e3                    // bits/s, a second
	headroom     = 1.5                    // the target is not raised past so many times what comes
	headroomMore = 10e3                   // bits/s
	measured     = 500 * time.Millisecond // over which the link's rate is measured
	measuredSlow = 900 * time.Millisecond // the same, of a slow one
	slow         = 500e3                  // bits/s
	alikeSlow    = 1.2                    // times the shorter measurement, that the longer is believed up to
	alike        = 0.3                    // of the link's rate, that two measurements differ by and are averaged
	leastLeft    = 0.25                   // of the target after a cut: nobody may be looking at what comes
	leastIdle    = 0.7                    // the same, where no more was sent than came
	drainLittle  = 0.85                   // of the link's rate, while a short queue empties
	drainMuch    = 0.6                    // while a long one does
	shortQueue   = 150 * time.Millisecond
	longQueue    = 400 * time.Millisecond
	afterDrain   = 0.95 // of the link's rate, once it is empty
	emptyQueue   = 15 * time.Millisecond
	reaction     = 100 * time.Millisecond  // and a round trip: until a cut shows
	drainStuck   = 1500 * time.Millisecond // and a round trip: without getting shorter the queue is not ours
	maxCuts      = 3                       // that it may take to get there
	shorter      = 0.9                     // times as long is shorter
	queueLimit   = 60 * time.Millisecond   // that stands is too much
	queueMost    = 500 * time.Millisecond
	queueForgets = 0.05 // of what the limit was raised by, a second
	usualSize    = 1200 // bytes of a packet
	byChance     = 2    // standard deviations of the link's own loss that are still that
	passed       = 1.12 // times the link's rate that the target is past it: it must have grown,
	leap         = 1.5  // times the target: one probe more, though it seems to have met the link
	bornOut      = 1.05 // if so many times as much came
)

// control turns the signs into the target.
type control struct {
	target   float64       // bits/s
	link     float64       // what the link was last seen to carry, in bits/s; 0 when not known
	draining bool          // less than the link carries is sent until its queue is empty
	cuts     int           // since then
	shortest time.Duration // of the queue since then
	since    time.Duration // when it was that
	cutAt    time.Duration // the last cut
	cut      bool          // there was one
	limit    time.Duration // of a standing queue, raised when sending less does not shorten it
}

// steer sets the target by all that was counted up to now. Step is the time since
// it was last done.
func (e *Estimator) steer(step time.Duration) {
	c := &e.control
	now := e.now.Sub(e.epoch)
	queue := e.delay.queued()
	c.limit = queueLimit + time.Duration(float64(max(0, c.limit-queueLimit))*(1-queueForgets*step.Seconds()))
	e.settle(now)
	over := e.trend.over && queue > emptyQueue || queue > c.limit
	if c.draining && queue < c.shortest {
		over = false // the cut works
	}
	switch late := c.cut && now-c.cutAt < e.rtt+reaction; {
	case over && !late && !e.stuck(now):
		e.congested(now, queue)
	case c.draining:
		e.drain(now, queue)
		e.heed(now, queue)
	case !over:
		e.grow(step)
		e.heed(now, queue)
	}
	c.target = e.clamp(c.target)
}

// congested cuts the target to less than what comes, as what comes through a full
// queue is all the link can.
func (e *Estimator) congested(now, queue time.Duration) {
	c := &e.control
	left := leastLeft
	if !e.throughput.overrun(measured, e.loss.inherent) {
		left = leastIdle // little came, as little was sent
	}
	rate := max(e.carries(), left*c.target)
	if math.Abs(rate-c.link) < alike*c.link {
		rate = (rate + c.link) / 2
	}
	c.link = min(rate, e.most)
	e.loss.looks.forget(c.link)
	much := min(1, max(0, (queue-shortQueue).Seconds()/(longQueue-shortQueue).Seconds()))
	c.target = min(c.target, c.link*(drainLittle+much*(drainMuch-drainLittle)))
	if !c.draining {
		c.cuts = 0
	}
	if c.cuts++; c.cuts <= maxCuts {
		c.draining, c.since, c.shortest = true, now, queue
	}
	c.cut, c.cutAt = true, now
	e.trend.reset()
	e.probe.forget()
	e.probe.wait(now, false)
	e.loss.restart(now + e.rtt + reaction)
}

// carries returns what the link carries while it is full, in bits/s. Of a slow one
// a longer time is looked at: half a second of it has few packets, and some are lost.
func (e *Estimator) carries() float64 {
	rate, known := e.arrives(measured)
	if !known {
		return e.control.target
	}
	if longer, ok := e.arrives(measuredSlow); ok && rate < slow {
		rate = max(rate, min(longer, alikeSlow*rate))
	}
	return rate
}

// drain ends a cut when the queue is empty, or does not get shorter: then others
// fill it.
func (e *Estimator) drain(now, queue time.Duration) {
	c := &e.control
	if float64(queue) < shorter*float64(c.shortest) {
		c.shortest, c.since = queue, now
	}
	if queue >= emptyQueue && !e.stuck(now) {
		return
	}
	if queue >= emptyQueue {
		c.limit = min(queue+queue/4, queueMost)
	}
	c.draining = false
	c.target = max(c.target, afterDrain*c.link)
	e.loss.restart(now + e.rtt + reaction)
}

func (e *Estimator) stuck(now time.Duration) bool {
	return e.control.draining && now-e.control.since > drainStuck+e.rtt
}

// grow raises the target slowly, as long as what comes bears it out. While less is sent
// than may be, only probes do.
func (e *Estimator) grow(step time.Duration) {
	c := &e.control
	rate, known := e.arrives(time.Second)
	if e.limited || !known || c.target > headroom*rate+headroomMore {
		return
	}
	c.target += max(growth*c.target, growthLeast) * step.Seconds()
	if short, ok := e.arrives(measured); ok && c.link > 0 && c.target > passed*c.link && short > bornOut*c.link {
		c.link = 0
		e.probe.wait(e.now.Sub(e.epoch), true)
	}
}

// heed does what loss says.
func (e *Estimator) heed(now, queue time.Duration) {
	c := &e.control
	v := e.loss.judge(now, queue < emptyQueue)
	switch {
	case v.borne:
		c.link = 0
		e.probe.wait(now, true)
	case v.cut > 0 && v.cut < c.target:
		c.target = max(v.cut, leastLeft*c.target)
		c.link = c.target
		e.probe.forget()
		e.probe.wait(now, false)
	default:
		return
	}
	e.loss.restart(now + e.rtt + reaction)
}

// settle takes in the outcome of a probe.
func (e *Estimator) settle(now time.Duration) {
	c := &e.control
	o, over := e.probe.judge(now, e.rtt, e.loss.inherent)
	if !over {
		return
	}
	e.trend.reset()
	if c.draining || o.rate == 0 {
		e.probe.again(now)
		return
	}
	found := o.rate
	if o.met {
		c.link = afterDrain * o.rate
		found = 0.9 * o.rate
		c.target = min(c.target, max(c.link, c.target*drainLittle))
	}
	rose, leapt := found > worthProbing*c.target, found > leap*c.target
	if rose {
		c.target = e.clamp(found)
		e.loss.restart(now + e.rtt + reaction)
	}
	if !rose && !o.met {
		e.probe.again(now)
		return
	}
	e.probe.wait(now, rose && !o.met || leapt)
}

// arrives returns the rate at which packets would have come over the last while if
// the link lost none by itself, and whether that is known. What got lost counts as far as
// it can be the link's own, as it had its place on the link.
func (e *Estimator) arrives(while time.Duration) (rate float64, known bool) {
	came, lost, known := e.throughput.over(while)
	p := e.loss.inherent
	packets := max(1, (came+lost)*while.Seconds()/8/usualSize)
	own := came * (p + byChance*math.Sqrt(p*(1-p)/packets)) / (1 - p)
	return came + min(lost, own), known
}
