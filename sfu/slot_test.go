package sfu

import (
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"github.com/conclave-meet/conclave/sfu/internal/descriptor"
	"github.com/conclave-meet/conclave/sfu/internal/seqmap"
)

// sink counts what is written to it.
type sink struct{ packets int }

func (s *sink) WriteRTP(*rtp.Header, []byte) (int, error) { s.packets++; return 0, nil }
func (s *sink) Write([]byte) (int, error)                 { return 0, nil }

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
