package sfu

import (
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"github.com/conclave-meet/conclave/sfu/internal/descriptor"
	"github.com/conclave-meet/conclave/sfu/internal/seqmap"
)

// sink counts what is written to it.
type sink struct {
	packets int
	bytes   int
	header  rtp.Header // of the last
	wide    [2]byte    // its transport-wide number
}

func (s *sink) WriteRTP(h *rtp.Header, payload []byte) (int, error) {
	s.packets++
	s.bytes += h.MarshalSize() + len(payload)
	s.header = *h
	copy(s.wide[:], h.GetExtension(wideID))
	return 0, nil
}
func (s *sink) Write([]byte) (int, error) { return 0, nil }

const wideID = 5

var _ webrtc.TrackLocalWriter = (*sink)(nil)

// fanOut returns an encoding with n slots that show it, and the slots' sink.
func fanOut(n int) (*encoding, *sink) {
	g := &Group{sfu: &SFU{}, wake: make(chan struct{}, 1)}
	pub := &publication{peer: &peer{group: g, leaf: 5}, source: Camera}
	pub.live.Store(true)
	e, out := newEncoding(pub, 0, 1), &sink{}
	for range n {
		viewer := &peer{group: g}
		viewer.connected.Store(true)
		s := newSlot(viewer, line{kind: "video"})
		s.out, s.types = out, map[descriptor.Codec]uint8{descriptor.VP8: 96}
		s.rtx, s.rtxSSRC, s.ssrc, s.wide = map[uint8]uint8{96: 97}, 8, 7, wideID
		s.numbers = seqmap.New[feed](90000, 0, 0)
		s.pictures.Sent(descriptor.VP8, vp8(1000)) // so that numbers must be rewritten
		s.point(e, false)
		e.attach(s)
	}
	return e, out
}

// vp8 is a packet that begins a key frame of leaf 5's camera.
func vp8(picture uint16) []byte {
	p := []byte{0x90, 0xe0, 0x80 | byte(picture>>8), byte(picture), 1, 0x20, 0x10, 0, 0, 0x9d, 1, 0x2a, 0x80, 2, 0x68, 1}
	return append(append(p, 0xb9, 1, 0, 5, 0, 1, 0), make([]byte, 1100)...)
}

// The control of the tests that see no plain frame arrive: past the gate, which
// refuses it, nothing else would stop it.
func TestNothingButTheGateStopsAPlainFrame(t *testing.T) {
	e, out := fanOut(1)
	door := newGate(e.pub)
	plain := vp8(1)
	plain[16] = 0
	for i, tt := range []struct {
		name    string
		payload []byte
		admit   bool
	}{{"encrypted", vp8(1), true}, {"plain", plain, false}} {
		p := packet{codec: descriptor.VP8, keyFrame: true, payload: tt.payload, at: time.Now(), seq: uint16(i), ts: uint32(i)} //nolint:gosec // small
		again := p
		if got := e.admit(&door, &p); got != tt.admit || out.packets != 0 {
			t.Errorf("%s: admit = %t, %d packets out", tt.name, got, out.packets)
		}
		again.seq += 10
		e.forward(&again)
		if out.packets != 1 {
			t.Errorf("%s: %d packets out when forwarded all the same, want 1", tt.name, out.packets)
		}
		out.packets = 0
	}
}

// A refused frame stays refused when its packets come late, as far as the next
// refused one; a frame between is not touched.
func TestGateKnowsALatePacketOfARefusedFrame(t *testing.T) {
	door := newGate(&publication{peer: &peer{leaf: 5}, source: Camera})
	good := vp8(1)
	plain := vp8(1)
	plain[16] = 0
	later := append([]byte{0x80}, good[1:]...) // not the start of a partition
	for i, tt := range []struct {
		ts           uint32
		payload      []byte
		pass, begins bool
	}{
		{0, good, true, false},
		{1, plain, false, true},
		{1, later, false, false},
		{2, good, true, false},
		{1, later, false, false},
		{2, later, true, false},
		{1, good, false, false}, // a second layer of the same picture
		{3, plain[:10], false, true},
	} {
		if pass, begins := door.pass(descriptor.VP8, tt.ts, tt.payload); pass != tt.pass || begins != tt.begins {
			t.Errorf("packet %d: %t, %t, want %t, %t", i, pass, begins, tt.pass, tt.begins)
		}
	}
}

// Forwarding a packet to a hundred viewers allocates nothing.
func TestForwardAllocatesNothing(t *testing.T) {
	e, out := fanOut(100)
	p := packet{codec: descriptor.VP8, keyFrame: true, payload: vp8(1), at: time.Now()}
	door := newGate(e.pub)
	send := func() {
		if e.admit(&door, &p) {
			e.forward(&p)
		}
		p.seq++
	}
	for range historySize {
		send()
	}
	out.packets = 0
	const runs = 200
	if n := testing.AllocsPerRun(runs, send); n > 0 {
		t.Errorf("%v allocations for each packet in", n)
	}
	if want := (runs + 1) * 100; out.packets != want {
		t.Errorf("%d packets out, want %d", out.packets, want)
	}
}

func BenchmarkForward(b *testing.B) {
	e, _ := fanOut(100)
	p := packet{codec: descriptor.VP8, keyFrame: true, payload: vp8(1), at: time.Now()}
	door := newGate(e.pub)
	for b.Loop() {
		if e.admit(&door, &p) {
			e.forward(&p)
		}
		p.seq++
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/100, "ns/packet-out")
}

// nack asks for n packets from seq on.
func nack(seq uint16, n int) *rtcp.TransportLayerNack {
	var list []uint16
	for i := range n {
		list = append(list, seq+uint16(i)) //nolint:gosec // few
	}
	return &rtcp.TransportLayerNack{MediaSSRC: 7, Nacks: rtcp.NackPairsFromSequenceNumbers(list)}
}

// showing returns a slot that n packets were sent in, numbered from 1, and its sink.
func showing(n int) (*slot, *sink) {
	e, out := fanOut(1)
	p := packet{codec: descriptor.VP8, keyFrame: true, payload: vp8(1), at: time.Now()}
	for range n {
		e.forward(&p)
		p.seq++
	}
	out.packets, out.bytes = 0, 0
	return (*e.slots.Load())[0], out
}

// Who asks over and over gets a packet once in a round trip, and who asks for
// everything gets no more than a share of what was sent.
func TestRetransmissionsAreBounded(t *testing.T) {
	s, out := showing(10)
	s.peer.outbox.rtt.Store(int64(100 * time.Millisecond))
	now := time.Now()
	for i := range 50 {
		s.resend(nack(3, 1), now.Add(time.Duration(i)*time.Millisecond))
	}
	if out.packets != 1 || out.header.SSRC != 8 || out.header.PayloadType != 97 {
		t.Errorf("%d packets for fifty requests, the last with %+v", out.packets, out.header)
	}
	s.resend(nack(3, 1), now.Add(150*time.Millisecond))
	if out.packets != 2 {
		t.Errorf("%d packets after the round trip, want a second", out.packets)
	}

	s, out = showing(historySize)
	sent := historySize * len(vp8(1))
	for i := range 100 {
		s.resend(nack(1, historySize), now.Add(time.Duration(i)*time.Second))
	}
	if out.packets < 20 || out.bytes > sent/2 {
		t.Errorf("%d packets, %d bytes, sent again of %d", out.packets, out.bytes, sent)
	}
}

// Every packet to a viewer has the next transport-wide number, in whatever slot and
// whether or not it is sent again.
func TestEveryPacketIsNumbered(t *testing.T) {
	s, out := showing(4)
	if out.wide != [2]byte{0, 3} {
		t.Errorf("the fourth packet has the number %v", out.wide)
	}
	s.resend(nack(2, 2), time.Now())
	if out.packets != 2 || out.wide != [2]byte{0, 5} {
		t.Errorf("after %d packets sent again the number is %v", out.packets, out.wide)
	}
	other := newSlot(s.peer, line{kind: "video"})
	other.out, other.wide = out, wideID
	other.send([]byte{1})
	if out.wide != [2]byte{0, 6} {
		t.Errorf("in another slot the number is %v", out.wide)
	}
	other.wide, other.header = 0, rtp.Header{}
	other.send([]byte{1})
	if out.header.Extension {
		t.Errorf("%+v to a viewer who did not ask for numbers", out.header)
	}
}

// Sending again allocates nothing either, once the slot has begun to.
func TestResendAllocatesNothing(t *testing.T) {
	s, out := showing(20)
	now, ask := time.Now(), nack(5, 1)
	s.resend(ask, now)
	const runs = 20
	if n := testing.AllocsPerRun(runs, func() {
		now = now.Add(time.Second)
		s.resend(ask, now)
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
	if out.packets != runs+2 {
		t.Errorf("%d packets, want %d", out.packets, runs+2)
	}
}

// Who asks for a key frame of what stands still has lost nothing; who has just been
// sent something, or waits for a first picture, may have.
func TestIdle(t *testing.T) {
	e, _ := fanOut(1)
	s := (*e.slots.Load())[0]
	begin := time.Now()
	if s.idle(begin.Add(time.Hour)) {
		t.Error("idle while it waits for its first picture")
	}
	s.write(e, &packet{codec: descriptor.VP8, keyFrame: true, payload: vp8(1), seq: 1, at: begin})
	for _, tt := range []struct {
		after time.Duration
		want  bool
	}{{time.Second, false}, {3 * time.Second, true}} {
		if got := s.idle(begin.Add(tt.after)); got != tt.want {
			t.Errorf("%v after a packet: idle = %v", tt.after, got)
		}
	}
	other, _ := fanOut(1)
	s.point(other, false)
	if s.idle(begin.Add(time.Hour)) {
		t.Error("idle while it waits for another picture")
	}
}
