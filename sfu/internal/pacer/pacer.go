// Package pacer decides when packets leave. Each receiver has a Queue; many share
// one loop, which lets what has come out every few milliseconds: sound at once,
// what was asked for again next, pictures as the receiver's rate allows. So a key
// frame does not arrive as one burst, no sound waits behind it, and the packets
// for one receiver leave together, which lets the kernel take them as one.
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

// Tick is how often queues are looked at while there is something in them.
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

// Pacer is the loops of one process, each for a part of the queues.
type Pacer struct {
	free   sync.Pool    // of *Body
	bodies atomic.Int64 // in use
	shards []*shard
	next   atomic.Uint32 // which shard the next queue goes to
	stop   sync.Once
	done   chan struct{}
	wg     sync.WaitGroup
}

// New starts loops, as many as given. Each calls flush after it has let packets
// out. The caller must call Close.
func New(loops int, flush func()) *Pacer {
	p := &Pacer{done: make(chan struct{})}
	p.free.New = func() any { return new(Body) }
	for range loops {
		s := &shard{flush: flush, wake: make(chan struct{}, 1)}
		p.shards = append(p.shards, s)
		p.wg.Go(func() { s.run(p.done) })
	}
	return p
}

// Close stops the loops; what waits is not sent.
func (p *Pacer) Close() {
	p.stop.Do(func() { close(p.done) })
	p.wg.Wait()
}

// Stats returns the counts of now.
func (p *Pacer) Stats() (t Stats) {
	for _, s := range p.shards {
		t.Waiting += s.waiting.Load()
		for c := range classes {
			t.Dropped[c] += s.dropped[c].Load()
		}
	}
	return t
}

// NewQueue returns the queue of a receiver.
func (p *Pacer) NewQueue() *Queue {
	s := p.shards[int(p.next.Add(1))%len(p.shards)]
	q := &Queue{shard: s}
	q.rate.Store(usualRate)
	return q
}

// shard is one loop and the queues that have something for it.
type shard struct {
	flush func()
	wake  chan struct{}

	mu    sync.Mutex // guards ready
	ready []*Queue

	waiting atomic.Int64
	dropped [classes]atomic.Int64

	// Of the loop alone, and its own only so that they are not made anew.
	due    []entry
	packet Packet
}

// enlist has the loop look at q from its next tick on.
func (s *shard) enlist(q *Queue) {
	s.mu.Lock()
	s.ready = append(s.ready, q)
	first := len(s.ready) == 1
	s.mu.Unlock()
	if first {
		select {
		case s.wake <- struct{}{}:
		default: // already awake
		}
	}
}

// run ticks while there is something to send, until done.
func (s *shard) run(done <-chan struct{}) {
	timer := time.NewTimer(Tick)
	defer timer.Stop()
	var due, again []*Queue
	for {
		if len(again) == 0 {
			select {
			case <-s.wake:
			case <-done:
				return
			}
		}
		timer.Reset(Tick)
		select {
		case <-timer.C:
		case <-done:
			return
		}
		due = append(due[:0], again...)
		due = s.take(due)
		again = again[:0]
		now := time.Now()
		for _, q := range due {
			if q.release(now) {
				again = append(again, q)
			}
		}
		s.flush()
		clear(due)
	}
}

// take moves the queues that have become ready behind those in list.
func (s *shard) take(list []*Queue) []*Queue {
	s.mu.Lock()
	defer s.mu.Unlock()
	list = append(list, s.ready...)
	clear(s.ready)
	s.ready = s.ready[:0]
	return list
}
