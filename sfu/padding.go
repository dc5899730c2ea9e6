package sfu

import (
	"time"

	"github.com/pion/rtp"

	"github.com/conclave-meet/conclave/sfu/internal/pacer"
)

const (
	padEvery   = 5 * time.Millisecond
	padLength  = 224 // bytes: RFC 3550 §5.1 allows 255
	padOldest  = 64  // packets back from the newest that are sent once more
	padAtATime = 64  // packets between two looks at the clock
)

// probe sends so many bytes at so many bits/s beside what p is sent anyhow, to find out
// what the line takes. It returns at once; another probe that still runs is enough.
func (p *peer) probe(rate, bytes int) {
	if p.probing.Swap(true) {
		return
	}
	if !p.enter() {
		return
	}
	go func() {
		defer p.wg.Done()
		defer p.probing.Store(false)
		p.pad(rate, bytes)
	}()
}

// pad sends at a rate until so many bytes are sent or the peer closes.
func (p *peer) pad(rate, bytes int) {
	s := p.padding()
	if s == nil {
		return
	}
	ticker := time.NewTicker(padEvery)
	defer ticker.Stop()
	begin, sent, back := time.Now(), 0, 0
	for {
		due := min(bytes, int(time.Since(begin).Seconds()*float64(rate)/8)+1)
		for range padAtATime {
			if sent >= due {
				break
			}
			sent += s.pad(back % padOldest)
			back++
		}
		if sent >= bytes || !p.connected.Load() {
			return
		}
		select {
		case <-ticker.C:
		case <-p.relay.over:
			return
		}
	}
}

// padding returns the slot that can send best what nobody misses, or nil.
func (p *peer) padding() (best *slot) {
	for _, s := range p.slots {
		if s.audio || !s.pads() {
			continue
		}
		if current, _ := s.encodings(); best == nil || current != nil {
			best = s
		}
	}
	return best
}

// pads reports whether s can send retransmissions, whose numbers no media needs.
func (s *slot) pads() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.numbers != nil && s.rtxSSRC != 0 && len(s.rtx) > 0 && s.wide != 0
}

// pad sends a packet for the sake of its bytes and returns how many there were: as a
// retransmission (RFC 4588) of one of the newest, which browsers take as one that comes
// twice, or of nothing but padding.
func (s *slot) pad(back int) (bytes int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current != nil {
		if payload, ok := s.recall(s.numbers.Newest() - uint16(back)); ok { //nolint:gosec // less than padOldest
			return s.repeat(pacer.Probe, payload)
		}
	}
	ts, _ := s.numbers.Last()
	s.header = rtp.Header{Version: 2, Padding: true, PaddingSize: padLength, PayloadType: s.anyRTX(), Timestamp: ts, SSRC: s.rtxSSRC}
	return s.repeat(pacer.Probe, nil)
}

// anyRTX returns a payload type of retransmissions: that of what is shown, if possible.
func (s *slot) anyRTX() (pt uint8) {
	if pt, ok := s.rtx[s.feed.pt]; ok {
		return pt
	}
	for _, any := range s.rtx {
		pt = max(pt, any)
	}
	return pt
}
