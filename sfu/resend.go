package sfu

import (
	"encoding/binary"
	"math/bits"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"

	"github.com/conclave-meet/conclave/sfu/internal/descriptor"
	"github.com/conclave-meet/conclave/sfu/internal/pacer"
)

// idleAfter is less than the three seconds after which a browser that gets no
// frames asks for one.
const idleAfter = 2500 * time.Millisecond

// idle reports whether nothing new has come for the viewer for a while. A viewer who
// asks for a key frame then has lost nothing: what is shown stands still, as a paused
// share does for as long as its sharer likes, and must not be sent over and over.
func (s *slot) idle(now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current == nil || s.pending != nil {
		return false
	}
	_, at := s.numbers.Last()
	return now.Sub(at) > idleAfter
}

// refresh asks for a key frame of what the slot shows.
func (s *slot) refresh() {
	if !s.peer.connected.Load() {
		return
	}
	if e := s.wanting(); e != nil {
		e.wantKeyFrame()
	}
}

// sends reports whether the slot's packets have this SSRC.
func (s *slot) sends(ssrc uint32) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.numbers != nil && s.ssrc == ssrc
}

// resend sends the packets that the viewer misses again (RFC 4588), each from
// the history of the encoding it came from, as far as the slot has credit. Who asks for
// more at once than any history has, or for more in a second than a viewer can lose, gets
// nothing: to look for a packet takes time in which its publisher waits, and all viewers
// with it. One goroutine at a time calls it for one peer.
func (s *slot) resend(n *rtcp.TransportLayerNack, now time.Time) {
	if asked := missing(n); asked > historySize || !s.peer.misses.take(asked, mostMisses, time.Second, now) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.numbers == nil || s.rtxSSRC == 0 {
		return
	}
	rtt := s.peer.outbox.roundTripTime()
	for _, pair := range n.Nacks {
		spent := false
		pair.Range(func(seq uint16) bool {
			spent = !s.resendOne(seq, rtt, now)
			return !spent
		})
		if spent {
			return
		}
	}
}

// mostMisses is how many packets a peer may miss in a second: one in two at 40 Mbit/s.
const mostMisses = 2048

// missing returns how many packets n asks for.
func missing(n *rtcp.TransportLayerNack) (count int) {
	for _, pair := range n.Nacks {
		count += 1 + bits.OnesCount16(uint16(pair.LostPackets))
	}
	return count
}

// resendOne sends the packet seq again if it is there and was not just sent, and reports
// whether there was credit for it. The caller holds mu.
func (s *slot) resendOne(seq uint16, rtt time.Duration, now time.Time) bool {
	if !s.credit.Due(seq, rtt, now) {
		return true
	}
	payload, ok := s.recall(seq)
	if !ok {
		return true
	}
	if !s.credit.Take(seq, len(payload), now) {
		return false
	}
	s.repeat(pacer.Resend, payload)
	return true
}

// recall prepares the header for the packet seq to be repeated and returns its payload,
// valid until the next call, or false when it cannot be. The caller holds mu.
func (s *slot) recall(seq uint16) (payload []byte, ok bool) {
	f, in, tsOffset, ok := s.numbers.In(seq)
	if !ok || f.from.history == nil || !f.from.pub.live.Load() {
		return nil, false
	}
	pt, ok := s.rtx[f.pt]
	if !ok {
		return nil, false
	}
	if s.again == nil {
		s.again = make([]byte, 2, 2+maxPacket) // most slots lose nothing
	}
	kept, ok := f.from.history.Get(in, s.again[:2])
	if !ok {
		return nil, false
	}
	if s.leftOut(f, kept.Timestamp, descriptor.TemporalOf(f.codec, kept.Payload[2:]).ID) {
		kept.Payload, kept.Marker = kept.Payload[:2], false
	}
	binary.BigEndian.PutUint16(kept.Payload, seq) // RFC 4588 §4: the original number first
	copy(kept.Payload[2:], s.rewrite(kept.Payload[2:], f))
	s.header = rtp.Header{Version: 2, Marker: kept.Marker, PayloadType: pt, Timestamp: kept.Timestamp + tsOffset, SSRC: s.rtxSSRC}
	return kept.Payload, true
}

// repeat queues what header begins as a retransmission, and returns its size in bytes.
// The caller holds mu.
func (s *slot) repeat(class pacer.Class, payload []byte) (size int) {
	s.rtxSeq++
	s.header.SequenceNumber = s.rtxSeq
	body := s.peer.group.sfu.pacer.NewBody(class, payload)
	defer body.Done()
	size, _ = s.queue(class, body, nil)
	return size
}
