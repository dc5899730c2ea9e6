package bwe

import "time"

const (
	probeFactor  = 3.0                   // times the target, below probeHigh
	probeGentler = 2.0                   // and above
	probeHigh    = 1e6                   // bits/s
	probeOver    = 40 * time.Millisecond // it takes, below probeHigh
	probeLonger  = 60 * time.Millisecond // and above
	probeLeast   = 4 * 1200              // bytes: fewer packets measure little
	probeLittle  = 2 * 1200              // bytes, where more than it takes is not expected
	probeMost    = 48 << 10              // bytes
	probeWait    = time.Second
	probeRest    = 2500 * time.Millisecond // between two, the first time
	probeRestMax = 15 * time.Second
	probeEnough  = 3    // packets that came
	probeShort   = 0.8  // of its rate: a probe that came slower has met the link
	worthProbing = 1.05 // times the target that must be wanted
)

// probe is the one probe at a time: a short burst, faster than the target, and
// everything else that was sent between its first packet and its last.
type probe struct {
	out      bool // asked for, and not yet judged
	asked    time.Duration
	rate     float64 // bits/s
	bytes    int     // asked for
	soon     bool    // one is due without rest
	rest     time.Duration
	next     time.Duration
	got      int // bytes of the probe that were spoken of
	came     int // packets in the burst that came
	began    bool
	sentAt   [2]time.Duration // of the first and last that came
	cameAt   [2]time.Duration
	edge     [2]int // bytes of the first and of the last
	sum      int    // bytes of all that came
	until    time.Duration
	finished bool
}

// Probe returns at what rate, in bits/s, how many bytes are to be sent now on top
// of what is sent anyhow, to find out whether more could be. They are to be marked
// in their acks. It answers ok once a probe.
func (e *Estimator) Probe() (rate, bytes int, ok bool) {
	p := &e.probe
	at := e.now.Sub(e.epoch)
	if !e.began || p.out || at < p.next && !p.soon || e.control.draining || e.want < worthProbing*e.control.target {
		return 0, 0, false
	}
	factor, over, least := probeFactor, probeOver, probeLeast
	if e.control.target > probeHigh {
		factor, over = probeGentler, probeLonger
	} else if e.control.link > 0 { // where the link was met before, it most likely is again
		factor, least = probeGentler, probeLittle
	}
	p.start(at, min(factor*e.control.target, 1.2*e.want, e.most), over, least)
	return int(p.rate), p.bytes, true
}

func (p *probe) start(at time.Duration, rate float64, over time.Duration, least int) {
	bytes := min(max(int(rate*over.Seconds()/8), least), probeMost)
	*p = probe{out: true, asked: at, rate: rate, bytes: bytes, rest: p.rest, next: p.next}
}

// forget gives the probe up.
func (p *probe) forget() { *p = probe{rest: p.rest, next: p.next} }

// covers reports whether what was sent at this time is part of a probe, or right
// behind one.
func (p *probe) covers(sent time.Duration) bool {
	return p.out && p.began && sent >= p.sentAt[0] || sent <= p.until && p.until > 0
}

// take counts a packet. From the first of the probe on, others count too: they
// share the way.
func (p *probe) take(sent time.Duration, a Ack) {
	if !p.out || p.finished || !p.began && !a.Probe {
		return
	}
	if a.Probe {
		p.got += a.Size
	}
	if a.Arrived >= 0 {
		if !p.began {
			p.began = true
			p.sentAt[0], p.cameAt[0], p.edge[0] = sent, a.Arrived, a.Size
		}
		p.came++
		p.sum += a.Size
		p.sentAt[1], p.cameAt[1], p.edge[1] = sent, max(p.cameAt[1], a.Arrived), a.Size
	}
	p.finished = p.began && p.got >= p.bytes*9/10
}

// outcome is what a probe has found, in bits/s.
type outcome struct {
	rate float64 // that came through; 0 when it told nothing
	met  bool    // the link was met: there is no more
}

// judge returns the outcome once there is one.
func (p *probe) judge(now, rtt time.Duration, lost float64) (o outcome, over bool) {
	late := now-p.asked > probeWait+rtt
	if !p.out || !p.finished && !late {
		return outcome{}, false
	}
	sent, came := p.sentAt[1]-p.sentAt[0], p.cameAt[1]-p.cameAt[0]
	if p.came >= probeEnough && sent > 0 && came > 0 {
		// The time between first and last is that of all but the last to be sent,
		// and of all but the first to come.
		out := float64(p.sum-p.edge[1]) * 8 / sent.Seconds()
		in := float64(p.sum-p.edge[0]) * 8 / came.Seconds()
		o = outcome{rate: min(out, in, p.rate*1.5) / (1 - lost), met: in < probeShort*out}
	}
	until := p.sentAt[1] + burst
	p.forget()
	p.until = until
	return o, true
}

// wait sets when the next probe may be: soon, or after a rest that grows with each
// that found nothing.
func (p *probe) wait(now time.Duration, found bool) {
	if found {
		p.soon, p.rest = true, 0
		return
	}
	p.rest = min(max(probeRest, p.rest*3/2), probeRestMax)
	p.soon, p.next = false, now+p.rest
}

// again sets when to try once more what told nothing.
func (p *probe) again(now time.Duration) {
	p.wait(now, false)
	p.next = now + p.rest/4
}
