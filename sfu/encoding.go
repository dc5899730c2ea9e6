package sfu

import (
	"slices"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
	"golang.org/x/time/rate"

	"github.com/conclave-meet/conclave/sfu/internal/descriptor"
	"github.com/conclave-meet/conclave/sfu/internal/history"
	"github.com/conclave-meet/conclave/sfu/internal/pacer"
	"github.com/conclave-meet/conclave/sfu/internal/seqmap"
)

const (
	maxPacket   = 1500 // bytes of the longest packet taken in
	historySize = 512  // packets kept of each video encoding: over a second at 4 Mbit/s

	rtpOverhead = 12 + overhead // bytes of a packet on the wire beyond its payload

	// Requests for a key frame to one encoding, however many viewers ask, however
	// often: a few in a row, so that a lost one costs little, then one a second.
	// A key frame is many times as long as another, for everybody who watches.
	minKeyFrameGap = 190 * time.Millisecond
	keyFrameBurst  = 8
	keyFrameRate   = rate.Limit(1) // a second

	// stalledTicks is after how many ticks without a packet a simulcast encoding
	// counts as gone: the browser has dropped it for want of bandwidth.
	stalledTicks = 8
)

// encoding is one layer of a publication as it arrives: its packets, the last of
// them, and the slots they go to. One goroutine reads it.
type encoding struct {
	pub   *publication
	index int // see package layer
	ssrc  webrtc.SSRC

	slots    atomic.Pointer[[]*slot] // copied on write, by the holder of the group's mu
	history  *history.Ring           // nil for audio: a lost syllable comes too late
	packets  atomic.Uint64
	arrived  arrivals
	octets   atomic.Uint64 // on the wire
	layers   layers
	keyFrame atomic.Bool // a key frame is wanted
	arriving atomic.Bool // one has begun to come, and has not ended

	began struct { // the last key frame did, with this packet
		seq uint16
		ts  uint32
	}
	frame struct { // the last one, as its first packet says
		seq      uint16
		ts       uint32
		temporal descriptor.Temporal
	}

	// Guarded by the group's mu.
	asked       time.Time // when a key frame was last requested
	requests    *rate.Limiter
	lastPackets uint64 // at the last tick
	quietTicks  int
	stalled     bool
	lastOctets  uint64
	measured    time.Time // when rate was
	rate        float64   // bits/s
}

// packet is an RTP packet on its way through. Its payload is valid during the
// call only.
type packet struct {
	codec    descriptor.Codec
	seq      uint16
	ts       uint32
	marker   bool
	keyFrame bool // the first packet of one
	temporal descriptor.Temporal
	payload  []byte
	body     *pacer.Body // of payload, for the queues of those it goes to
	at       time.Time
}

func newEncoding(pub *publication, index int, ssrc webrtc.SSRC) *encoding {
	e := &encoding{pub: pub, index: index, ssrc: ssrc, requests: rate.NewLimiter(keyFrameRate, keyFrameBurst)}
	e.rate = e.usualRate()
	e.slots.Store(new([]*slot))
	if !pub.audio() {
		e.history = history.NewRing(historySize)
	}
	return e
}

// attach makes s a receiver of e's packets. The caller holds the group's mu.
func (e *encoding) attach(s *slot) {
	if old := *e.slots.Load(); !slices.Contains(old, s) {
		list := append(slices.Clip(old), s)
		e.slots.Store(&list)
	}
}

// detach undoes attach. The caller holds the group's mu.
func (e *encoding) detach(s *slot) {
	if old := *e.slots.Load(); slices.Contains(old, s) {
		list := slices.DeleteFunc(slices.Clone(old), func(other *slot) bool { return other == s })
		e.slots.Store(&list)
	}
}

// wantKeyFrame asks for a key frame; the group's loop sends the request.
func (e *encoding) wantKeyFrame() {
	if !e.pub.audio() {
		e.keyFrame.Store(true)
		e.pub.peer.group.wakeUp()
	}
}

// keyFrameRequest returns the request that is due at now, or nil and, when it
// only comes too soon after the last, how long to wait. The caller holds the
// group's mu.
func (e *encoding) keyFrameRequest(now time.Time) (request rtcp.Packet, wait time.Duration) {
	if !e.keyFrame.Load() || !e.pub.live.Load() {
		return nil, 0
	}
	if wait := minKeyFrameGap - now.Sub(e.asked); wait > 0 {
		return nil, wait
	}
	if !e.requests.AllowN(now, 1) {
		return nil, 0 // the next tick tries again
	}
	e.keyFrame.Store(false)
	e.asked = now
	return &rtcp.PictureLossIndication{MediaSSRC: uint32(e.ssrc)}, 0
}

// tick notes whether packets still come and reports whether that has changed.
// The caller holds the group's mu.
func (e *encoding) tick() (changed bool) {
	packets := e.packets.Load()
	if packets != e.lastPackets {
		e.quietTicks = 0
	} else {
		e.quietTicks++
	}
	e.lastPackets = packets
	was := e.stalled
	e.stalled = e.quietTicks >= stalledTicks
	if was && !e.stalled {
		e.resume()
	}
	return e.stalled != was
}

// resume counts e as arriving again, before its first packet has, and as taking what is
// usual at least: what was measured is silence. The caller holds the group's mu.
func (e *encoding) resume() {
	e.quietTicks, e.stalled = 0, false
	e.rate = max(e.rate, e.usualRate())
}

// read takes in packets until the track ends. levelID is the id of the audio
// level extension, or 0.
func (e *encoding) read(track *webrtc.TrackRemote, levelID uint8) {
	var (
		buf    = make([]byte, maxPacket)
		header rtp.Header
		window seqmap.Window
		codecs payloadTypes
		door   = newGate(e.pub)
		lost   = newAsking(e, track)
	)
	for {
		n, err := lost.read(buf)
		if n == 0 && err != nil {
			return
		}
		if err != nil {
			continue // a payload type that was not negotiated
		}
		length, err := header.Unmarshal(buf[:n])
		if err != nil {
			continue
		}
		payload, ok := unpad(buf[length:n], header.Padding)
		if !ok || !window.First(header.SequenceNumber) {
			continue
		}
		p := packet{
			codec: codecs.of(header.PayloadType, track), seq: header.SequenceNumber, ts: header.Timestamp,
			marker: header.Marker, payload: payload, at: time.Now(),
		}
		lost.came(p.seq, p.at)
		dumpPacket(e, &p)
		if !e.admit(&door, &p) {
			continue
		}
		p.keyFrame, p.temporal = descriptor.StartsKeyFrame(p.codec, payload), descriptor.TemporalOf(p.codec, payload)
		if levelID != 0 {
			if ext := header.GetExtension(levelID); len(ext) == 1 {
				e.pub.meter.Observe(ext[0], p.ts)
			}
		}
		e.forward(&p)
	}
}

// unpad cuts off the padding (RFC 3550 §5.1), or returns false when its length
// is a lie.
func unpad(payload []byte, padded bool) ([]byte, bool) {
	if !padded {
		return payload, true
	}
	if len(payload) == 0 {
		return nil, false
	}
	pad := int(payload[len(payload)-1])
	if pad == 0 || pad > len(payload) {
		return nil, false
	}
	return payload[:len(payload)-pad], true
}

// admit reports whether p may be forwarded. Of a packet that may not, every slot
// gets the number alone, so that the frame is missing and not lost: nobody asks
// for it again.
func (e *encoding) admit(door *gate, p *packet) bool {
	e.arrived.add(len(p.payload))
	if len(p.payload) == 0 {
		return true
	}
	ok, begins := door.pass(p.codec, p.ts, p.payload)
	if ok {
		return true
	}
	if begins {
		e.pub.peer.group.sfu.refused.Add(1)
	}
	if e.pub.live.Load() {
		p.payload, p.marker = nil, false
		e.show(p)
	}
	return false
}

// forward hands a packet that came for the first time to every slot.
func (e *encoding) forward(p *packet) {
	e.packets.Add(1)
	e.octets.Add(uint64(len(p.payload) + rtpOverhead))
	e.agree(p)
	e.layers.octets[p.temporal.ID].Add(uint64(len(p.payload) + rtpOverhead))
	e.follow(p)
	if !e.pub.live.Load() {
		return
	}
	if e.history != nil && len(p.payload) > 0 {
		e.history.Put(history.Packet{
			Seq: p.seq, Timestamp: p.ts, Marker: p.marker, Payload: p.payload,
			Key: p.keyFrame, Kind: uint8(p.codec), At: p.at,
		})
	}
	e.show(p)
}

// agree has p be of the layer that the first packet of its frame names: a slot goes by that
// one, and so must what is counted.
func (e *encoding) agree(p *packet) {
	f := &e.frame
	if p.keyFrame {
		p.temporal = descriptor.Temporal{} // whatever it says: all others may need it
	}
	switch {
	case len(p.payload) == 0:
	case p.ts == f.ts:
		p.temporal = f.temporal
	case older(p, f.seq, f.ts):
	default:
		f.seq, f.ts, f.temporal = p.seq, p.ts, p.temporal
	}
}

// older reports whether p is of an older frame than one with the packet seq and the time ts:
// older by both, for a time alone may jump back.
func older(p *packet, seq uint16, ts uint32) bool {
	return int32(p.ts-ts) < 0 && int16(p.seq-seq) < 0 //nolint:gosec // both wrap
}

// follow notes whether a key frame is on its way. On a thin line one takes seconds,
// of which nobody shall lose patience and have it begin anew.
func (e *encoding) follow(p *packet) {
	switch later := int16(p.seq-e.began.seq) > 0; { //nolint:gosec // RTP numbers wrap
	case p.keyFrame:
		e.began.seq, e.began.ts = p.seq, p.ts
		e.arriving.Store(!p.marker)
	case later && (p.marker || p.ts != e.began.ts):
		e.arriving.Store(false)
	}
}

func (e *encoding) show(p *packet) {
	slots := *e.slots.Load()
	if len(slots) == 0 {
		return
	}
	leave := e.pub.peer.group.sfu.pacer
	p.body = leave.NewBody(e.pub.class(), p.payload)
	defer p.body.Done()
	leave.Begin()
	defer leave.End(p.marker || e.pub.audio())
	for _, s := range slots {
		s.write(e, p)
	}
}

// payloadTypes remembers which codec a payload type means.
type payloadTypes struct {
	last  uint8
	codec descriptor.Codec
}

func (t *payloadTypes) of(pt uint8, track *webrtc.TrackRemote) descriptor.Codec {
	if t.codec == descriptor.Unknown || t.last != pt {
		c := track.Codec()
		t.last, t.codec = pt, descriptor.ParseCodec(c.MimeType, c.SDPFmtpLine)
	}
	return t.codec
}
