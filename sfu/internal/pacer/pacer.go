// Package pacer decides when packets leave. Each receiver has a Queue, and one goroutine
// at a time lets out what has come to all of them: the one that brings the end of a frame,
// or a loop, a few milliseconds after what comes in no frame. Sound goes at once, what was
// asked for again next, pictures as the receiver's rate allows. So a key frame does not arrive as one burst,
// no sound waits behind it, and the packets for one receiver leave together, which lets
// the kernel take them as one.
//
// It knows neither sockets nor encryption: packets are encrypted as they leave,
// so that what is dropped costs nothing and numbers that say when a packet was
// sent are given then.
package pacer

import (
	"sync"
	"sync/atomic"
	"time"
)

// Tick is how often queues are looked at while there is something in them, and how long
// a packet waits at most for others to come with it.
const Tick = 2 * time.Millisecond

// Class says what a packet is, in the order in which they go.
type Class int

// The classes.
const (
	Audio Class = iota
	Resend
	Video
	Probe // to measure the line: whoever sends it has its own pace, and takes no credit
	classes
)

// Stats are counts of what waits now, and of what was dropped since the start.
type Stats struct {
	Waiting int64          // packets in all queues
	Dropped [classes]int64 // packets that did not fit, by Class
}

// maxBodies bounds the payloads that wait in all queues, each of which takes 1.5 kB
// of memory however many queues it is in. The last soundBodies of them are for sound,
// which waits for a tick at most: no picture takes its place.
const (
	maxBodies   = 32768
	soundBodies = 4096
)

// Pacer is the queues of one process, and the loop that empties them.
type Pacer struct {
	free   sync.Pool    // of *Body
	bodies atomic.Int64 // in use
	flush  func()

	wake  chan struct{}
	timer *time.Timer
	done  chan struct{}
	stop  sync.Once
	wg    sync.WaitGroup

	mu    sync.Mutex // guards what follows
	ready []*Queue   // have something for the loop
	adds  int        // so many are adding packets that belong together
	next  look

	waiting atomic.Int64
	dropped [classes]atomic.Int64

	looking sync.Mutex     // guards what follows; taken before mu, but for trying
	over    bool           // nobody looks any more
	due     []*Queue       // that are looked at
	hands   []*hand        // the first is that of whoever looks
	helpers sync.WaitGroup // those at work
}

// look is when the loop looks at what is ready.
type look int

// The looks, from late to soon.
const (
	never   look = iota
	ticking      // when the timer fires
	called
)

// New starts the loop. When there are many packets, whoever lets them out shares them with
// helpers, so that as many goroutines as are told are at it; each calls flush after it. The
// caller must call Close.
func New(hands int, flush func()) *Pacer {
	p := &Pacer{flush: flush, wake: make(chan struct{}, 1), timer: time.NewTimer(time.Hour), done: make(chan struct{})}
	p.timer.Stop()
	p.free.New = func() any { return new(Body) }
	for range hands {
		p.hands = append(p.hands, &hand{pacer: p, work: make(chan []*Queue)})
	}
	for _, h := range p.hands[1:] {
		p.wg.Go(h.help)
	}
	p.wg.Go(p.run)
	return p
}

// Close stops the loop; what waits is not sent.
func (p *Pacer) Close() {
	p.stop.Do(func() { close(p.done) })
	p.wg.Wait()
	p.timer.Stop()
}

// Stats returns the counts of now.
func (p *Pacer) Stats() (t Stats) {
	t.Waiting = p.waiting.Load()
	for c := range classes {
		t.Dropped[c] = p.dropped[c].Load()
	}
	return t
}

// NewQueue returns the queue of a receiver.
func (p *Pacer) NewQueue() *Queue {
	q := &Queue{pacer: p}
	q.rate.Store(usualRate)
	return q
}

// Begin says that packets come which belong together, to one queue or to many. Whoever
// calls it must call End.
func (p *Pacer) Begin() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.adds++
}

// End says that those packets have come. When they are all that comes for now, as the
// last of a frame are, what waits may go at once, and the caller, who holds no lock that a
// Stream needs, may be the one to let it go; else more is waited for, but no longer than for
// a Tick.
func (p *Pacer) End(all bool) {
	if p.end(all) {
		p.look()
		p.looking.Unlock()
	}
}

// end reports whether the caller is to look, and unlock looking then: to wake the loop for
// it costs as much as some packets do.
func (p *Pacer) end(all bool) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.adds--
	switch {
	case len(p.ready) == 0:
	case !all:
		p.after(Tick)
	case p.next == called:
	case p.looking.TryLock():
		return true
	default:
		p.call()
	}
	return false
}

// enlist has the loop look at q.
func (p *Pacer) enlist(q *Queue) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ready = append(p.ready, q)
	if p.adds == 0 {
		p.after(Tick)
	}
}

// call has the loop look at once. The caller holds mu.
func (p *Pacer) call() {
	if p.next == called {
		return
	}
	if p.next == ticking {
		p.timer.Stop()
	}
	p.next = called
	p.wake <- struct{}{} // there is room: the loop empties it before it forgets the call
}

// after has the loop look within d. The caller holds mu.
func (p *Pacer) after(d time.Duration) {
	if p.next == never {
		p.next = ticking
		p.timer.Reset(d)
	}
}

// run looks when it is called and when the timer fires, until done.
func (p *Pacer) run() {
	defer p.finish()
	for {
		select {
		case <-p.wake:
		case <-p.timer.C:
		case <-p.done:
			return
		}
		p.looking.Lock()
		p.look()
		p.looking.Unlock()
	}
}

// finish ends the helpers, and lets nobody look any more.
func (p *Pacer) finish() {
	p.looking.Lock()
	defer p.looking.Unlock()
	p.over = true
	for _, h := range p.hands[1:] {
		close(h.work)
	}
}

// look lets out what may leave of all that is ready. The caller holds looking.
func (p *Pacer) look() {
	if p.over {
		return
	}
	began := time.Now()
	p.due = p.take(p.due[:0])
	p.release(p.due)
	p.again(began)
	clear(p.due)
}

// take moves the queues that are ready to list.
func (p *Pacer) take(list []*Queue) []*Queue {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.next == ticking {
		p.timer.Stop()
	}
	if p.next == called { // perhaps while the timer fired
		select {
		case <-p.wake:
		default:
		}
	}
	p.next = never
	list = append(list, p.ready...)
	clear(p.ready)
	p.ready = p.ready[:0]
	return list
}

// release lets out what may leave of queues that are due, with as many hands as it
// takes.
func (p *Pacer) release(due []*Queue) {
	n := min(len(p.hands), 1+int(p.waiting.Load()/share))
	each := (len(due) + n - 1) / n
	for _, h := range p.hands[1:n] {
		if len(due) <= each {
			break
		}
		p.helpers.Add(1)
		h.work <- due[:each]
		due = due[each:]
	}
	p.hands[0].release(due)
	p.helpers.Wait()
}

// again has the loop look at the queues that have something left a tick after it began.
func (p *Pacer) again(began time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, h := range p.hands {
		p.ready = append(p.ready, h.left...)
		clear(h.left)
		h.left = h.left[:0]
	}
	if len(p.ready) > 0 {
		p.after(max(0, Tick-time.Since(began)))
	}
}
