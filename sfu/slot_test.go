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
	g := &Group{wake: make(chan struct{}, 1)}
	pub := &publication{peer: &peer{group: g}, source: Camera}
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

func vp8(picture uint16) []byte {
	return append([]byte{0x90, 0xe0, 0x80 | byte(picture>>8), byte(picture), 1, 0x20, 0x10}, make([]byte, 1100)...)
}

// Forwarding a packet to a hundred viewers allocates nothing.
func TestForwardAllocatesNothing(t *testing.T) {
	e, out := fanOut(100)
	p := packet{codec: descriptor.VP8, keyFrame: true, payload: vp8(1), at: time.Now()}
	send := func() {
		e.forward(&p)
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
	for b.Loop() {
		e.forward(&p)
		p.seq++
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/100, "ns/packet-out")
}
