package sfu

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"github.com/conclave-meet/conclave/sfu/internal/descriptor"
	"github.com/conclave-meet/conclave/sfu/internal/layer"
	"github.com/conclave-meet/conclave/sfu/internal/pacer"
	"github.com/conclave-meet/conclave/sfu/internal/repair"
	"github.com/conclave-meet/conclave/sfu/internal/seqmap"
	"github.com/conclave-meet/conclave/sfu/internal/twcc"
)

// slot is one receiving media line of a peer. It shows one publication after
// another as a single RTP stream: the same SSRC for ever, numbers that run on,
// and the payload type the viewer gave to the codec. It implements
// webrtc.TrackLocal.
type slot struct {
	peer  *peer
	mid   string
	audio bool

	// Guarded by the group's mu.
	want   *publication
	height int  // pixels, of what is wanted
	given  int  // the step that the line has room for, see package layer, or ration.Frozen
	fresh  bool // nothing was given since want was set
	stands int  // ticks for which the picture has stood still for want of room
	waits  int  // ticks for which it could be shown whole, but for a frame that begins it

	// Set by Bind, before any packet.
	out     webrtc.TrackLocalWriter
	ssrc    uint32
	rtxSSRC uint32
	types   map[descriptor.Codec]uint8 // the viewer's payload types
	rtx     map[uint8]uint8            // the retransmission type of each
	wide    uint8                      // the id of the extension with the transport-wide number, or 0

	mu       sync.Mutex // guards what follows; never held while taking the group's mu
	current  *encoding  // whose packets go out
	pending  *encoding  // whose packets will, from the next key frame on
	barred   bool       // the viewer does not decode pending, until its codec is another
	feed     feed       // of current, or what was it; from no encoding once that is cut
	numbers  *seqmap.Map[feed]
	pictures descriptor.Pictures
	thin     thinning
	uncut    mark // where both were when the slot was cut last
	header   rtp.Header
	scratch  []byte
	sent     uint32 // packets
	octets   uint32
	counted  counted
	rtxSeq   uint16
	credit   repair.Credit // for sending again
	again    []byte        // a packet that is sent again
	replayed bool          // since the last packet; then what from and to say
	from, to uint16        // the first and last number replayed, as they came

	number [2]byte // transport-wide, of the packet that is sent; its queue's alone
}

// feed is what a slot knows of the source of its packets, and needs again to
// send one of them a second time.
type feed struct {
	from  *encoding
	codec descriptor.Codec
	pt    uint8
	shift descriptor.Shift
	reach uint8 // the highest temporal layer that is shown
}

func newSlot(p *peer, l line) *slot {
	return &slot{
		peer: p, mid: l.mid, audio: l.kind == "audio", given: layer.Most, thin: thinning{most: everyLayer, next: everyLayer},
		rtxSeq: uint16(rand.Uint32()), //nolint:gosec // any number will do
	}
}

// Bind implements webrtc.TrackLocal. Payload types are the viewer's own and
// differ from browser to browser.
func (s *slot) Bind(ctx webrtc.TrackLocalContext) (webrtc.RTPCodecParameters, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.out, s.ssrc, s.rtxSSRC = &s.peer.route, uint32(ctx.SSRC()), uint32(ctx.SSRCRetransmission())
	s.types, s.rtx = map[descriptor.Codec]uint8{}, map[uint8]uint8{}
	for _, x := range ctx.HeaderExtensions() {
		if x.URI == twcc.URI {
			s.wide = uint8(x.ID) //nolint:gosec // RFC 8285 ids are small
		}
	}
	var first *webrtc.RTPCodecParameters
	for _, c := range ctx.CodecParameters() {
		var apt uint8
		if _, err := fmt.Sscanf(c.SDPFmtpLine, "apt=%d", &apt); err == nil && strings.EqualFold(c.MimeType, webrtc.MimeTypeRTX) {
			s.rtx[apt] = uint8(c.PayloadType)
			continue
		}
		codec := descriptor.ParseCodec(c.MimeType, c.SDPFmtpLine)
		if _, known := s.types[codec]; known || codec == descriptor.Unknown {
			continue
		}
		s.types[codec] = uint8(c.PayloadType)
		if first == nil {
			first = &c
		}
	}
	if first == nil {
		return webrtc.RTPCodecParameters{}, webrtc.ErrUnsupportedCodec
	}
	s.numbers = seqmap.New[feed](first.ClockRate, uint16(rand.Uint32()), rand.Uint32()) //nolint:gosec // RFC 3550 asks for no more
	s.uncut.seq = s.numbers.Newest()
	return *first, nil
}

// Unbind implements webrtc.TrackLocal.
func (s *slot) Unbind(webrtc.TrackLocalContext) error { return nil }

// ID implements webrtc.TrackLocal.
func (s *slot) ID() string { return "slot-" + s.mid }

// RID implements webrtc.TrackLocal.
func (s *slot) RID() string { return "" }

// StreamID implements webrtc.TrackLocal. Each slot has a stream of its own:
// what a slot shows changes, so no two belong together.
func (s *slot) StreamID() string { return "slot-" + s.mid }

// Kind implements webrtc.TrackLocal.
func (s *slot) Kind() webrtc.RTPCodecType {
	if s.audio {
		return webrtc.RTPCodecTypeAudio
	}
	return webrtc.RTPCodecTypeVideo
}

// point makes e what the slot shows from its next key frame on; until then the
// slot goes on with what it shows, unless that is cut: then not even what waits of it is
// sent. It returns the encodings that no longer feed the slot.
func (s *slot) point(e *encoding, cut bool) (dropped []*encoding) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := []*encoding{s.current, s.pending}
	if cut {
		s.cut()
	}
	if e != s.pending {
		s.pending, s.barred = e, false
	}
	if e != nil && e == s.current {
		s.pending = nil
	}
	for _, old := range before {
		if old != nil && old != s.current && old != s.pending {
			dropped = append(dropped, old)
		}
	}
	return dropped
}

// encodings returns what the slot shows and what it will.
func (s *slot) encodings() (current, pending *encoding) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.current, s.pending
}

// wanting returns the encoding of which a key frame would help, if one would: not
// while the slot gets one.
func (s *slot) wanting() *encoding {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.pending == nil && s.current != nil && s.current.arriving.Load():
		return nil
	case s.pending == nil:
		return s.current
	case s.barred:
		return nil
	default:
		return s.pending
	}
}

// write sends a packet of e if e is what the slot shows, or begins to show it.
func (s *slot) write(e *encoding, p *packet) {
	if !s.peer.connected.Load() {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if e == s.current && s.repeats(p.seq) {
		return
	}
	s.pass(e, p)
}

// pass is write for who holds mu.
func (s *slot) pass(e *encoding, p *packet) {
	if e == s.current && p.codec != s.feed.codec && len(p.payload) > 0 {
		s.current, s.pending, s.barred = nil, e, false // the publisher changed codec
	}
	if s.barred && e == s.pending && s.types[p.codec] != 0 {
		s.barred = false // should its key frame be lost, another is asked for
	}
	first := e == s.pending && p.keyFrame && s.begin(e, p)
	if e != s.current {
		return
	}
	whole := p
	if p = s.thinned(whole); p == nil {
		return
	} else if p != whole {
		defer p.body.Done()
	}
	of, known := s.numbers.Of(p.seq)
	seq, ts, ok := s.numbers.Out(p.seq, p.ts, p.at)
	if !ok || !known {
		return
	}
	head := s.rewrite(p.payload[:min(len(p.payload), pacer.MaxHead)], of)
	if seq == s.numbers.Newest() {
		s.pictures.Sent(of.codec, head)
	}
	s.header = rtp.Header{
		Version: 2, Marker: p.marker || first && s.audio, PayloadType: of.pt,
		SequenceNumber: seq, Timestamp: ts, SSRC: s.ssrc,
	}
	if size, ok := s.queue(e.pub.class(), p.body, head); ok {
		s.sent++
		s.octets += uint32(len(p.payload)) //nolint:gosec // a packet is short
		s.credit.Sent(size)
	}
}

// queue queues the packet that header begins, whose payload is body's but for head, and
// returns its size in bytes of RTP. It is not ok when there is no room. The caller holds
// mu.
func (s *slot) queue(class pacer.Class, body *pacer.Body, head []byte) (size int, ok bool) {
	size = s.header.MarshalSize() + body.Len() + int(s.header.PaddingSize)
	if s.wide != 0 {
		size += wideSize
	}
	return size, s.peer.queue.Push(class, s, &s.header, body, head)
}

// wideSize is what the transport-wide number adds to a header, in bytes (RFC 8285 §4.2).
const wideSize = 8

// Send implements pacer.Stream: it sends a packet whose turn it is, under its
// transport-wide number.
func (s *slot) Send(p *pacer.Packet) {
	if !s.peer.connected.Load() {
		return
	}
	if s.wide != 0 {
		_ = p.Header.SetExtension(s.wide, s.number[:]) // two bytes always fit
		size := p.Header.MarshalSize() + len(p.Payload) + int(p.Header.PaddingSize)
		binary.BigEndian.PutUint16(s.number[:], s.peer.outbox.number(p.At, size, p.Class == pacer.Probe))
	}
	_, _ = s.out.WriteRTP(&p.Header, p.Payload)
}

// begin switches to e at the packet p. When the viewer cannot decode e's codec
// it returns false, and asks for no more of its key frames: one in a codec that
// the viewer decodes comes when the publisher changes to it.
func (s *slot) begin(e *encoding, p *packet) bool {
	pt, ok := s.types[p.codec]
	s.barred = !ok
	if !ok {
		return false
	}
	s.pending = nil
	s.feed = feed{from: e, codec: p.codec, pt: pt, shift: s.pictures.Switch(p.codec, p.payload), reach: s.thin.next}
	s.numbers.Switch(s.feed, p.seq, p.ts, p.at)
	s.current, s.replayed = e, false
	s.thin = thinning{most: s.thin.next, next: s.thin.next, back: s.thin.back}
	return true
}

// rewrite returns payload with the picture numbers it has in this slot. The
// result is valid until the next call.
func (s *slot) rewrite(payload []byte, f feed) []byte {
	if f.shift == (descriptor.Shift{}) || len(payload) == 0 {
		return payload
	}
	s.scratch = append(s.scratch[:0], payload...)
	descriptor.Rewrite(f.codec, s.scratch, f.shift)
	return s.scratch
}

// tick asks again for a key frame that the slot still waits for: one request may be
// lost, or its key frame have passed before the slot was waiting.
func (s *slot) tick() {
	s.mu.Lock()
	pending, barred := s.pending, s.barred
	s.mu.Unlock()
	if pending != nil && !barred && s.peer.connected.Load() {
		pending.wantKeyFrame()
	}
	s.whole()
}

// report returns a sender report (RFC 3550 §6.4.1) for what the slot sends, or
// nil when it sends nothing. Time is our own: the publishers' clocks differ.
func (s *slot) report(now time.Time) rtcp.Packet {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current == nil || s.sent == 0 {
		return nil
	}
	hz := 90000.0
	if s.audio {
		hz = 48000
	}
	ts, at := s.numbers.Last()
	return &rtcp.SenderReport{
		SSRC: s.ssrc, NTPTime: ntp(now), RTPTime: ts + uint32(int64(now.Sub(at).Seconds()*hz)), //nolint:gosec // RTP time wraps
		PacketCount: s.sent, OctetCount: s.octets,
	}
}

// ntp returns t as an NTP timestamp (RFC 3550 §4).
func ntp(t time.Time) uint64 {
	const epoch = 2208988800                                           // seconds from 1900 to 1970
	return uint64(t.Unix()+epoch)<<32 | uint64(t.Nanosecond())<<32/1e9 //nolint:gosec // both are positive
}
