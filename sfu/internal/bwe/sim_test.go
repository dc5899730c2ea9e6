package bwe

import (
	"math/rand/v2"
	"time"
)

// simTick is the step of the simulated clock.
const simTick = time.Millisecond

var simEpoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// link is a simulated way to the viewer: a queue with a rate, then a delay, then
// loss that has nothing to do with the rate.
type link struct {
	rate   func(at time.Duration) float64 // bits/s
	oneWay time.Duration                  // each way
	buffer time.Duration                  // what the queue holds, as time at the rate; more is dropped
	loss   float64                        // 0 to 1
	run    float64                        // mean number of packets that are lost in a row; 1 where it is 0
	jitter time.Duration                  // mean; order is kept
	cross  func(at time.Duration) float64 // bits/s of somebody else's packets in the same queue
	stall  time.Duration                  // for so long, every few seconds, nothing comes, then all at once
	police bool                           // what the queue would hold passes at once, and the rest is dropped
	reno   bool                           // somebody else fills the queue as TCP does
}

// source is what is sent: pictures 30 times a second, each at once.
type source struct {
	most     func(at time.Duration) float64 // bits/s; nil for as much as may be sent
	keyEvery int                            // frames; every such one is longer; 0 for none
	keyTimes float64                        // as long; 4 where it is 0
	noProbes bool
	secret   bool // does not tell that less is sent than may be
	hurry    bool // no pause between the packets of a frame
}

// wire is a packet on the simulated way.
type wire struct {
	sent    time.Duration
	arrives time.Duration // 0 on its way, -1 when lost
	size    int
	probe   bool
	foreign bool
}

// point is one line of a trace.
type point struct {
	at                    time.Duration
	target, link, arrived float64 // bits/s
	queue                 time.Duration
}

// sim is one run. Everything in it follows from the seed.
type sim struct {
	link   link
	source source
	rand   *rand.Rand

	now       time.Duration
	estimator *Estimator
	queue     []*wire
	queued    float64 // bits
	served    float64 // bits of the head that have left
	pacing    []wire
	way       []*wire // in the order of sending; to be reported
	reports   []report
	foreign   float64 // bits that are due from somebody else
	frames    int
	lastOut   time.Duration
	arrived   float64
	trace     []point
	probes    int
	tcp       reno
	losing    bool
}

type report struct {
	at   time.Duration
	acks []Ack
	rtt  time.Duration
}

func newSim(seed uint64, l link, s source) *sim {
	return &sim{
		link: l, source: s, rand: rand.New(rand.NewPCG(seed, 1)),
		estimator: New(300_000, 50_000, 20_000_000),
		tcp:       reno{window: 4},
	}
}

// run lets so much simulated time pass.
func (s *sim) run(until time.Duration) {
	for ; s.now < until; s.now += simTick {
		s.send()
		s.others()
		s.serve()
		s.report()
		s.feed()
		if s.now%(50*time.Millisecond) == 0 {
			s.note()
		}
	}
}

func (s *sim) send() {
	if s.now%(33*time.Millisecond) == 0 {
		s.frame()
	}
	if rate, bytes, ok := s.estimator.Probe(); ok && !s.source.noProbes {
		s.probes++
		for i := 0; bytes > 0; i++ {
			size := min(bytes, 1200)
			bytes -= size
			at := s.now + time.Duration(float64(i*1200*8)/float64(rate)*1e9)
			s.pacing = append(s.pacing, wire{sent: at, size: size, probe: true})
		}
	}
	rest := s.pacing[:0]
	for _, p := range s.pacing {
		if p.sent > s.now {
			rest = append(rest, p)
			continue
		}
		p.sent = s.now
		s.enqueue(p)
	}
	s.pacing = rest
}

func (s *sim) frame() {
	rate := float64(s.estimator.Target())
	limited := false
	if s.source.most != nil {
		most := s.source.most(s.now)
		limited = most < rate
		rate = min(rate, most)
	}
	s.estimator.Limited(limited && !s.source.secret)
	bytes := rate / 8 * 0.033
	if k := s.source.keyEvery; k > 0 {
		times := max(s.source.keyTimes, 4)
		factor := 1 - (times-1)/float64(k) // the same mean
		if s.frames%k == 0 {
			factor = times
		}
		bytes *= factor
	}
	bytes *= 0.8 + 0.4*s.rand.Float64()
	s.frames++
	for i := 0; bytes > 100; i++ {
		size := min(bytes, 1200)
		at := s.now
		if !s.source.hurry {
			at += time.Duration(i) * time.Millisecond
		}
		s.pacing = append(s.pacing, wire{sent: at, size: int(size)})
		bytes -= size
	}
}

// others sends what somebody else does.
func (s *sim) others() {
	if s.link.cross != nil {
		s.foreign += s.link.cross(s.now) * simTick.Seconds()
		for ; s.foreign >= 9600; s.foreign -= 9600 {
			s.enqueue(wire{sent: s.now, size: 1200, foreign: true})
		}
	}
	if s.link.reno {
		for range s.tcp.due(s.now) {
			if !s.enqueue(wire{sent: s.now, size: 1200, foreign: true}) {
				s.tcp.lost(s.now)
			}
		}
	}
}

func (s *sim) enqueue(p wire) bool {
	bits := float64(p.size * 8)
	if !p.foreign {
		s.way = append(s.way, &p)
	}
	if s.queued+bits > s.link.rate(s.now)*s.link.buffer.Seconds()+9600 {
		p.arrives = -1
		return false
	}
	s.queued += bits
	if s.link.police {
		s.leave(&p, s.now)
		return true
	}
	s.queue = append(s.queue, &p)
	return true
}

// serve lets the queue send for one tick.
func (s *sim) serve() {
	rate := s.link.rate(s.now)
	can := rate * simTick.Seconds()
	if s.link.police {
		s.queued = max(0, s.queued-can)
		return
	}
	spent := 0.0
	for len(s.queue) > 0 && spent < can {
		p := s.queue[0]
		left := float64(p.size*8) - s.served
		if left > can-spent {
			s.served += can - spent
			return
		}
		spent += left
		s.served = 0
		s.queue = s.queue[1:]
		s.queued -= float64(p.size * 8)
		s.leave(p, s.now+time.Duration(spent/rate*1e9))
	}
}

func (s *sim) leave(p *wire, at time.Duration) {
	if p.foreign {
		s.tcp.acked(at + 2*s.link.oneWay)
		return
	}
	at += s.link.oneWay
	if s.link.jitter > 0 {
		at += time.Duration(s.rand.ExpFloat64() * float64(s.link.jitter))
	}
	const often = 4 * time.Second
	if s.link.stall > 0 && at%often < s.link.stall {
		at += s.link.stall - at%often
	}
	at = max(at, s.lastOut)
	s.lastOut = at
	p.arrives = at
	if s.loses() {
		p.arrives = -1
	}
}

// loses reports whether the link loses the next packet: one by itself, or several in
// a row (Gilbert's model, in which a run goes on with the same chance each time).
func (s *sim) loses() bool {
	stays := max(0, 1-1/max(1, s.link.run))
	if s.losing {
		s.losing = s.rand.Float64() < stays
	}
	if !s.losing {
		s.losing = s.rand.Float64() < s.link.loss*(1-stays)/(1-s.link.loss*stays)
	}
	return s.losing
}

// report is what the viewer does every 100 ms: it tells of all up to the newest
// that has come.
func (s *sim) report() {
	if s.now%(100*time.Millisecond) != 0 {
		return
	}
	n := 0
	for i, p := range s.way {
		if p.arrives > 0 && p.arrives <= s.now {
			n = i + 1
		}
	}
	if n == 0 {
		return
	}
	r := report{at: s.now + s.link.oneWay}
	for _, p := range s.way[:n] {
		a := Ack{Sent: simEpoch.Add(p.sent), Arrived: -1, Size: p.size, Probe: p.probe}
		if p.arrives > 0 && p.arrives <= s.now {
			a.Arrived = p.arrives + 1234567*time.Millisecond // another clock
			s.arrived += float64(p.size * 8)
			r.rtt = p.arrives - p.sent + s.link.oneWay
		}
		r.acks = append(r.acks, a)
	}
	s.way = append([]*wire(nil), s.way[n:]...)
	s.reports = append(s.reports, r)
}

func (s *sim) feed() {
	for len(s.reports) > 0 && s.reports[0].at <= s.now {
		r := s.reports[0]
		s.reports = s.reports[1:]
		s.estimator.Feedback(simEpoch.Add(s.now), r.rtt, r.acks)
	}
}

func (s *sim) note() {
	rate := s.link.rate(s.now)
	s.trace = append(s.trace, point{
		at: s.now, target: float64(s.estimator.Target()), link: rate,
		arrived: s.arrived / 0.05, queue: time.Duration(s.queued / rate * 1e9),
	})
	s.arrived = 0
}

// between returns the lowest, mean and highest target between two moments.
func (s *sim) between(from, to time.Duration) (low, mean, high float64) {
	n := 0
	for _, p := range s.trace {
		if p.at < from || p.at > to {
			continue
		}
		if n == 0 {
			low = p.target
		}
		low, high, mean = min(low, p.target), max(high, p.target), mean+p.target
		n++
	}
	return low, mean / float64(max(1, n)), high
}

// reno is TCP in a few lines: one more packet each round trip, half at a loss.
type reno struct {
	window float64
	flight int
	acks   []time.Duration
	halved time.Duration
}

func (r *reno) due(now time.Duration) int {
	rest := r.acks[:0]
	for _, at := range r.acks {
		if at > now {
			rest = append(rest, at)
			continue
		}
		r.flight--
		r.window += 1 / r.window
	}
	r.acks = rest
	n := max(0, int(r.window)-r.flight)
	r.flight += n
	return n
}

func (r *reno) acked(at time.Duration) { r.acks = append(r.acks, at) }

func (r *reno) lost(now time.Duration) {
	r.flight--
	if now-r.halved > 200*time.Millisecond {
		r.window, r.halved = max(2, r.window/2), now
	}
}

// near reports whether the target came within 20 % of rate between two moments.
func (s *sim) near(rate float64, from, to time.Duration) bool {
	for _, p := range s.trace {
		if p.at >= from && p.at <= to && p.target > 0.8*rate && p.target < 1.2*rate {
			return true
		}
	}
	return false
}
