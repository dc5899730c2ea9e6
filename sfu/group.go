package sfu

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/conclave-meet/conclave/sfu/internal/level"
	"github.com/conclave-meet/conclave/sfu/internal/ration"
)

const (
	tickEvery   = 200 * time.Millisecond
	reportTicks = 5 // sender and receiver reports go out every so many ticks
)

// Wish is what a peer wants to see in one of its video slots.
type Wish struct {
	Mid    string
	Peer   string
	Source Source
	Height int // pixels
}

// Group is the peers that can see and hear each other. Its methods return at
// once, but Negotiate and Close. The caller must call Close.
type Group struct {
	sfu    *SFU
	events Events
	wake   chan struct{}
	heard  chan struct{} // there is feedback to give
	done   chan struct{}
	wg     sync.WaitGroup // the loop and every closing peer

	members atomic.Pointer[[]*peer] // of peers, for the messages

	mu        sync.Mutex // guards what follows and all wiring between publications and slots
	peers     map[string]*peer
	floor     level.Floor
	speakers  []string // at the last tick
	talks     string   // who was the loudest when last somebody spoke
	announced []string // told to events
	codecs    []string // everybody decodes, at the last tick
	ticks     int
	closed    bool
	sentOut   int64 // bytes to peers that have left since the last tick
	news      news

	load atomic.Pointer[Load] // at the last tick
}

// NewGroup returns a group without peers.
func (s *SFU) NewGroup(events Events) *Group {
	g := &Group{
		sfu: s, events: events,
		wake: make(chan struct{}, 1), heard: make(chan struct{}, 1), done: make(chan struct{}),
		peers: make(map[string]*peer), codecs: videoCodecs,
	}
	g.load.Store(new(Load))
	g.recount()
	s.census.enrol(g)
	g.wg.Add(1)
	go g.run()
	return g
}

// Negotiate takes a peer in with the one offer of its call, and returns the
// answer. For a peer that is in, it answers an offer of the same media lines with
// new ICE credentials. It takes as long as SDP takes; nothing is sent to the peer
// before. Its errors wrap ErrBadOffer when the offer is to blame.
func (g *Group) Negotiate(ctx context.Context, seat Seat, rawOffer string) (answer string, err error) {
	if err := seat.check(); err != nil {
		return "", err
	}
	o, err := parseOffer(rawOffer, g.sfu.own)
	if err != nil {
		return "", err
	}
	if err := g.sfu.acquire(ctx); err != nil {
		return "", err
	}
	defer g.sfu.release()
	if p := g.peer(seat.ID); p != nil {
		answer, err := p.restart(ctx, o)
		if err == nil {
			g.sfu.restarts.Add(1)
		}
		return answer, err
	}
	p, answer, err := newPeer(ctx, g, seat, o)
	if err != nil {
		return "", fmt.Errorf("negotiate: %w", err)
	}
	if err := g.add(p); err != nil {
		p.close()
		return "", err
	}
	return answer, nil
}

func (g *Group) add(p *peer) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed || g.peers[p.id] != nil {
		return ErrClosed
	}
	g.peers[p.id] = p
	g.recount()
	g.sfu.peers.Add(1)
	g.sfu.joins.Add(1)
	return nil
}

func (g *Group) peer(id string) *peer {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.peers[id]
}

// SetLive says whether what id sends from source may be forwarded.
func (g *Group) SetLive(id string, source Source, live bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	p := g.peers[id]
	if p == nil || source < 0 || source >= sources {
		return
	}
	pub := p.publications[source]
	if pub.live.Swap(live) == live {
		return
	}
	pub.meter.Reset()
	g.resumeAll(pub)
	for _, e := range pub.encodings {
		if e != nil {
			e.resume()
			if e.history != nil {
				e.history.Forget() // what was shown before is not shown again
			}
		}
	}
	if pub.audio() {
		g.mix()
		return
	}
	g.revise(pub)
}

// Watch replaces what id wants to see in its video slots. Wishes for slots or
// peers that are not there are passed over.
func (g *Group) Watch(id string, wishes []Wish) {
	g.mu.Lock()
	defer g.mu.Unlock()
	p := g.peers[id]
	if p == nil {
		return
	}
	wanted := make(map[string]Wish, len(wishes))
	for _, w := range wishes {
		wanted[w.Mid] = w
	}
	for _, s := range p.slots {
		if s.audio {
			continue
		}
		w, ok := wanted[s.mid]
		var pub *publication
		if from := g.peers[w.Peer]; ok && from != nil && from != p && (w.Source == Camera || w.Source == Screen) {
			pub = from.publications[w.Source]
		}
		if pub != s.want {
			s.given, s.fresh = ration.Frozen, true
		}
		s.want, s.height = pub, w.Height
	}
	g.apportion(p)
}

// Refresh asks for a key frame in a slot that the viewer says stands still.
func (g *Group) Refresh(id, mid string) {
	p := g.peer(id)
	if p == nil {
		return
	}
	for _, s := range p.slots {
		if s.mid == mid && !s.audio {
			s.refresh()
		}
	}
}

// Remove lets a peer go: nothing more is sent to it or taken from it.
func (g *Group) Remove(id string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	p := g.peers[id]
	if p == nil {
		return
	}
	g.sentOut += p.count()
	delete(g.peers, id)
	g.recount()
	g.sfu.peers.Add(-1)
	for _, pub := range p.publications {
		pub.live.Store(false)
		g.eachViewer(pub, func(s *slot) {
			s.want = nil
			g.aim(s)
		})
	}
	for _, s := range p.slots {
		s.want = nil
		g.aim(s)
	}
	g.mix()
	g.wg.Go(p.close)
}

// Close removes every peer and returns when all are closed.
func (g *Group) Close() {
	g.mu.Lock()
	ids := slices.Collect(maps.Keys(g.peers))
	first := !g.closed
	g.closed = true
	g.mu.Unlock()
	for _, id := range ids {
		g.Remove(id)
	}
	if first {
		close(g.done)
		g.sfu.census.strike(g)
	}
	g.wg.Wait()
}

// arrived puts a new encoding in its place and shows it to who waits for it.
func (g *Group) arrived(e *encoding) {
	g.mu.Lock()
	defer g.mu.Unlock()
	e.pub.add(e)
	g.revise(e.pub)
}

// gone takes an encoding out that has ended.
func (g *Group) gone(e *encoding) {
	g.mu.Lock()
	defer g.mu.Unlock()
	e.pub.remove(e)
	g.revise(e.pub)
	if e.history != nil {
		e.history.Free()
	}
}

// eachViewer calls f with every slot that wants or shows pub. The caller holds
// mu.
func (g *Group) eachViewer(pub *publication, f func(*slot)) {
	for _, p := range g.peers {
		for _, s := range p.slots {
			if s.want == pub {
				f(s)
			}
		}
	}
}

// aim points s at the best encoding of what it wants. When that is another
// publication than before, the old one is cut at once, with what of it waits to be
// sent: a frame of one person must not appear under the name of another. The caller
// holds mu.
func (g *Group) aim(s *slot) {
	var target *encoding
	if s.want != nil && s.want.live.Load() {
		target = s.want.choose(s.height, s.given)
	}
	shown := s.shown()
	cut := shown != nil && (s.want != shown || !shown.live.Load() || s.given == ration.Frozen)
	for _, old := range s.point(target, cut) {
		old.detach(s)
	}
	if target == nil {
		return
	}
	target.attach(s)
	s.limit(target, target.most(s.given))
	g.resume(s.want, target.index)
	if _, pending := s.encodings(); pending == target && s.peer.connected.Load() && !s.replay(target, time.Now()) {
		target.wantKeyFrame()
	}
}

// wakeUp makes the loop look for key frames to ask for.
func (g *Group) wakeUp() {
	select {
	case g.wake <- struct{}{}:
	default: // already awake
	}
}

// run sends what is sent by the clock, until Close.
func (g *Group) run() {
	defer g.wg.Done()
	ticker := time.NewTicker(tickEvery)
	defer ticker.Stop()
	soon := time.NewTimer(tickEvery)
	defer soon.Stop()
	var feedback <-chan time.Time // set while some is due
	for {
		m := mail{}
		select {
		case <-g.done:
			return
		case <-g.wake:
		case <-soon.C:
		case <-g.heard:
			if feedback == nil {
				feedback = time.After(feedbackEvery)
			}
			continue
		case <-feedback:
			feedback = nil
			g.feedback(m)
		case <-ticker.C:
			g.tick(m)
			g.announceCodecs()
			g.count()
		}
		if wait := g.askKeyFrames(m); wait > 0 {
			soon.Reset(wait)
		}
		m.send()
		g.announceSpeakers()
		g.announceNews()
	}
}

// tick does what is done a few times a second: it follows encodings that come
// and go, has slots ask again for key frames they still wait for, fills the audio
// slots, and reports.
func (g *Group) tick(m mail) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.ticks++
	for _, p := range g.peers {
		for _, pub := range p.publications {
			g.follow(pub)
		}
	}
	g.mix()
	now := time.Now()
	g.measure(now)
	g.spare()
	for _, p := range g.peers {
		m.settle(p)
		for _, s := range p.slots {
			s.tick()
			if g.ticks%reportTicks != 0 || !p.connected.Load() {
				continue
			}
			if report := s.report(now); report != nil {
				m[p] = append(m[p], report)
			}
		}
		if g.ticks%reportTicks == 0 && p.connected.Load() {
			if report := p.inbox.report(now, p.lostBeyond()); report != nil {
				m[p] = append(m[p], report)
			}
		}
	}
}

// follow notices encodings that have stalled or come back, and lets go of slots
// that have moved on. The caller holds mu.
func (g *Group) follow(pub *publication) {
	changed := false
	for _, e := range pub.encodings {
		if e == nil {
			continue
		}
		if pub.source == Camera && e.tick() {
			changed = true
		}
		for _, s := range *e.slots.Load() {
			if current, pending := s.encodings(); current != e && pending != e {
				e.detach(s)
			}
		}
	}
	if changed && pub.live.Load() {
		g.revise(pub)
	}
}
