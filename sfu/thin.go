package sfu

import (
	"github.com/conclave-meet/conclave/sfu/internal/descriptor"
	"github.com/conclave-meet/conclave/sfu/internal/pacer"
)

// wholeTicks is for how many ticks a slot that may show a picture whole again waits for a
// frame from which it can, before it asks for a key frame. Chromium's encoder makes one
// sooner.
const wholeTicks = 15

// thinning leaves out the frames of a slot that no other frame needs: a camera moves less
// smoothly, and takes about half. It goes by the temporal layers that the encoder makes.
type thinning struct {
	most uint8                      // the highest layer that may be shown
	next uint8                      // the same of what the slot waits for
	back [descriptor.Temporals]back // where each layer came back last

	// Of the newest frame.
	started bool // there was one
	ts      uint32
	seq     uint16 // of its packet that came first
	omitted bool   // it is left out
	moved   bool   // and the numbers of the pictures behind it have moved up
}

// back is a frame from which a layer was shown again. The packets of it that came before the
// first, as they were sent behind it, are kept with a lower reach than it has.
type back struct {
	from *encoding
	ts   uint32
}

// everyLayer is the most of a slot that leaves nothing out.
const everyLayer = descriptor.Temporals - 1

// limit has a slot show no more of e than the layers up to most: from the next frame on or,
// if it waits for e, from when it shows it. What is shown meanwhile stays as it is.
func (s *slot) limit(e *encoding, most uint8) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.thin.next = most
	if e == s.current {
		s.thin.most = most
	}
}

// thinned returns what is to be sent of p, a packet of what the slot shows: nil for nothing,
// of a frame that is left out. The numbers run on without it, those of packets and of
// pictures: a decoder that misses a picture keeps those behind it back. What comes so late
// that its number is kept for it has that number, and nothing else. The caller holds mu.
func (s *slot) thinned(p *packet) *packet {
	t := &s.thin
	switch {
	case len(p.payload) == 0:
		if s.numbers.Skip(p.seq) {
			return nil
		}
		return p
	case t.started && older(p, t.seq, t.ts):
		if f, ok := s.numbers.Of(p.seq); ok && s.leftOut(f, p.ts, p.temporal.ID) {
			return s.hollow(p)
		}
		return p
	case !t.started || p.ts != t.ts:
		s.decide(p)
	}
	if !t.omitted {
		return p
	}
	return s.omit(p)
}

// decide decides for a new frame whether it is left out, by its first packet to come. Layers
// come back one by one, each at a frame from which it can be decoded. The caller holds mu.
func (s *slot) decide(p *packet) {
	t := &s.thin
	next := s.feed
	switch at := p.temporal; {
	case p.keyFrame:
		next.reach = t.most
	case at.Sync && at.ID == next.reach+1:
		next.reach = at.ID
	}
	next.reach = min(next.reach, t.most)
	if next != s.feed && s.numbers.Become(p.seq, next) {
		if next.reach > s.feed.reach {
			t.back[next.reach] = back{next.from, p.ts}
		}
		s.feed = next
	}
	*t = thinning{most: t.most, next: t.next, back: t.back, started: true, ts: p.ts, seq: p.seq, omitted: p.temporal.ID > s.feed.reach}
}

// omit is thinned for a packet of the newest frame, when that is left out.
func (s *slot) omit(p *packet) *packet {
	next := s.feed
	if !s.thin.moved {
		next.shift.ID--
	}
	left, moved := s.numbers.SkipTo(p.seq, next)
	if !left && !s.thin.moved {
		moved = s.numbers.Become(p.seq+1, next)
	}
	if moved {
		s.feed, s.thin.moved = next, true
	}
	if left {
		return nil
	}
	return s.hollow(p)
}

// hollow returns a packet in the place of p that has nothing but its number.
func (s *slot) hollow(p *packet) *packet {
	h := *p
	h.payload, h.marker, h.keyFrame = nil, false, false
	h.body = s.peer.group.sfu.pacer.NewBody(pacer.Video, nil)
	return &h
}

// leftOut reports whether a packet of f, of this time and layer, is left out, but for its
// number. The caller holds mu.
func (s *slot) leftOut(f feed, ts uint32, id uint8) bool {
	return id > f.reach && s.thin.back[id] != back{f.from, ts}
}

// whole lets a tick pass, and has a key frame asked for when the slot has waited long for
// a frame from which it can show more. The caller holds the group's mu.
func (s *slot) whole() {
	s.mu.Lock()
	e, reach := s.current, s.feed.reach
	short := e != nil && s.pending == nil && reach < min(s.thin.most, e.layers.top)
	s.mu.Unlock()
	if !short || e.stalled || !s.peer.connected.Load() {
		s.waits = 0
		return
	}
	if s.waits++; s.waits >= wholeTicks {
		s.waits = 0
		e.wantKeyFrame()
	}
}
