package sfu

import (
	"encoding/binary"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// resendsPerTick bounds what one slot sends again between two ticks: a viewer
// who asks for everything all the time gets no more than this.
const resendsPerTick = 200

// readRTCP handles what the viewer says about the slot until the peer closes.
func (s *slot) readRTCP(sender *webrtc.RTPSender) {
	for {
		packets, _, err := sender.ReadRTCP()
		if err != nil {
			return
		}
		for _, p := range packets {
			switch p := p.(type) {
			case *rtcp.PictureLossIndication, *rtcp.FullIntraRequest:
				if !s.idle(time.Now()) {
					s.refresh()
				}
			case *rtcp.TransportLayerNack:
				s.resend(p)
			}
		}
	}
}

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

// resend sends the packets that the viewer misses again (RFC 4588), each from
// the history of the encoding it came from.
func (s *slot) resend(n *rtcp.TransportLayerNack) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n.MediaSSRC != s.ssrc || s.numbers == nil {
		return
	}
	for _, pair := range n.Nacks {
		for _, seq := range pair.PacketList() {
			if s.resends <= 0 {
				return
			}
			if s.resendOne(seq) {
				s.resends--
			}
		}
	}
}

func (s *slot) resendOne(seq uint16) bool {
	f, in, tsOffset, ok := s.numbers.In(seq)
	if !ok || f.from.history == nil || s.rtxSSRC == 0 {
		return false
	}
	pt, ok := s.rtx[f.pt]
	if !ok {
		return false
	}
	kept, ok := f.from.history.Get(in, make([]byte, 2, maxPacket))
	if !ok {
		return false
	}
	binary.BigEndian.PutUint16(kept.Payload, seq) // RFC 4588 §4: the original number first
	copy(kept.Payload[2:], s.rewrite(kept.Payload[2:], f))
	s.rtxSeq++
	header := rtp.Header{
		Version: 2, Marker: kept.Marker, PayloadType: pt,
		SequenceNumber: s.rtxSeq, Timestamp: kept.Timestamp + tsOffset, SSRC: s.rtxSSRC,
	}
	_, _ = s.out.WriteRTP(&header, kept.Payload)
	return true
}
