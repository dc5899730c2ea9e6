package sfu

import (
	"sync"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"github.com/conclave-meet/conclave/sfu/internal/descriptor"
	"github.com/conclave-meet/conclave/sfu/internal/pacer"
	"github.com/conclave-meet/conclave/sfu/internal/seqmap"
)

// sink counts what is written to it.
type sink struct {
	pacer   *pacer.Pacer
	flushed chan struct{}

	mu sync.Mutex // guards counts
	counts
}

// counts are of the packets that came.
type counts struct {
	packets int
	bytes   int
	header  rtp.Header // of the last
	wide    [2]byte    // its transport-wide number
}

func (s *sink) WriteRTP(h *rtp.Header, payload []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.packets++
	s.bytes += h.MarshalSize() + len(payload)
	s.header = *h
	copy(s.wide[:], h.GetExtension(wideID))
	return 0, nil
}
func (s *sink) Write([]byte) (int, error) { return 0, nil }

const wideID = 5

var _ webrtc.TrackLocalWriter = (*sink)(nil)

// drain waits until no packet is in a queue, and returns what came.
func (s *sink) drain() counts {
	for s.pacer.Stats().Waiting > 0 {
		<-s.flushed
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.counts
}

// reset counts anew.
func (s *sink) reset() {
	s.drain()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.counts = counts{}
}

// newSink returns a sink and a pacer for those whose packets go there.
func newSink(tb testing.TB) *sink {
	tb.Helper()
	out := &sink{flushed: make(chan struct{}, 1)}
	out.pacer = pacer.New(1, func() {
		select {
		case out.flushed <- struct{}{}:
		default:
		}
	})
	tb.Cleanup(out.pacer.Close)
	return out
}

// fanOut returns an encoding with n slots that show it, and the slots' sink.
func fanOut(tb testing.TB, n int) (*encoding, *sink) {
	tb.Helper()
	out := newSink(tb)
	e := camera(out.pacer)
	for range n {
		watch(e, out)
	}
	return e, out
}

// camera returns an encoding that nobody watches.
func camera(p *pacer.Pacer) *encoding {
	g := &Group{sfu: &SFU{pacer: p}, wake: make(chan struct{}, 1)}
	pub := &publication{peer: &peer{group: g, leaf: 5}, source: Camera}
	pub.live.Store(true)
	return newEncoding(pub, 0, 1)
}

// watch makes a viewer of e, for whom packets go to out at any rate.
func watch(e *encoding, out webrtc.TrackLocalWriter) {
	g := e.pub.peer.group
	viewer := &peer{group: g, queue: g.sfu.pacer.NewQueue()}
	viewer.queue.SetRate(10_000_000_000)
	viewer.connected.Store(true)
	s := newSlot(viewer, line{kind: "video"})
	s.out, s.types = out, map[descriptor.Codec]uint8{descriptor.VP8: 96}
	s.rtx, s.rtxSSRC, s.ssrc, s.wide = map[uint8]uint8{96: 97}, 8, 7, wideID
	s.numbers = seqmap.New[feed](90000, 0, 0)
	s.pictures.Sent(descriptor.VP8, vp8(1000)) // so that numbers must be rewritten
	s.point(e, false)
	e.attach(s)
}

// vp8 is a packet that begins a key frame of leaf 5's camera.
func vp8(picture uint16) []byte {
	p := []byte{0x90, 0xe0, 0x80 | byte(picture>>8), byte(picture), 1, 0x20, 0x10, 0, 0, 0x9d, 1, 0x2a, 0x80, 2, 0x68, 1}
	return append(append(p, 0xb9, 1, 0, 5, 0, 1, 0), make([]byte, 1100)...)
}

// The control of the tests that see no plain frame arrive: past the gate, which
// refuses it, nothing else would stop it.
func TestNothingButTheGateStopsAPlainFrame(t *testing.T) {
	e, out := fanOut(t, 1)
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
		if got := e.admit(&door, &p); got != tt.admit || out.drain().packets != 0 {
			t.Errorf("%s: admit = %t, %d packets out", tt.name, got, out.drain().packets)
		}
		again.seq += 10
		e.forward(&again)
		if n := out.drain().packets; n != 1 {
			t.Errorf("%s: %d packets out when forwarded all the same, want 1", tt.name, n)
		}
		out.reset()
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
	e, out := fanOut(t, 100)
	p := packet{codec: descriptor.VP8, keyFrame: true, payload: vp8(1), at: time.Now()}
	door := newGate(e.pub)
	send := func() {
		if e.admit(&door, &p) {
			e.forward(&p)
		}
		p.seq++
		out.drain()
	}
	for range historySize {
		send()
	}
	out.reset()
	const runs = 200
	if n := testing.AllocsPerRun(runs, send); n > 0 {
		t.Errorf("%v allocations for each packet in", n)
	}
	if n, want := out.drain().packets, (runs+1)*100; n != want {
		t.Errorf("%d packets out, want %d", n, want)
	}
}

func BenchmarkForward(b *testing.B) {
	e, out := fanOut(b, 100)
	p := packet{codec: descriptor.VP8, keyFrame: true, payload: vp8(1), at: time.Now()}
	door := newGate(e.pub)
	for b.Loop() {
		if e.admit(&door, &p) {
			e.forward(&p)
		}
		p.seq++
		if p.seq%64 == 0 {
			out.drain()
		}
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
func showing(tb testing.TB, n int) (*slot, *sink) {
	tb.Helper()
	e, out := fanOut(tb, 1)
	p := packet{codec: descriptor.VP8, keyFrame: true, payload: vp8(1), at: time.Now()}
	for range n {
		e.forward(&p)
		p.seq++
	}
	last := out.drain()
	out.reset()
	out.wide = last.wide
	return (*e.slots.Load())[0], out
}

// Who asks over and over gets a packet once in a round trip, and who asks for
// everything gets no more than a share of what was sent.
func TestRetransmissionsAreBounded(t *testing.T) {
	s, out := showing(t, 10)
	s.peer.outbox.rtt.Store(int64(100 * time.Millisecond))
	now := time.Now()
	for i := range 50 {
		s.resend(nack(3, 1), now.Add(time.Duration(i)*time.Millisecond))
	}
	if got := out.drain(); got.packets != 1 || got.header.SSRC != 8 || got.header.PayloadType != 97 {
		t.Errorf("%d packets for fifty requests, the last with %+v", got.packets, got.header)
	}
	s.resend(nack(3, 1), now.Add(150*time.Millisecond))
	if n := out.drain().packets; n != 2 {
		t.Errorf("%d packets after the round trip, want a second", n)
	}

	s, out = showing(t, historySize)
	sent := historySize * len(vp8(1))
	for i := range 100 {
		s.resend(nack(1, historySize), now.Add(time.Duration(i)*time.Second))
	}
	if got := out.drain(); got.packets < 20 || got.bytes > sent/2 {
		t.Errorf("%d packets, %d bytes, sent again of %d", got.packets, got.bytes, sent)
	}
}

// Every packet to a viewer has the next transport-wide number, in whatever slot and
// whether or not it is sent again.
func TestEveryPacketIsNumbered(t *testing.T) {
	s, out := showing(t, 4)
	if got := out.drain(); got.wide != [2]byte{0, 3} {
		t.Errorf("the fourth packet has the number %v", got.wide)
	}
	s.resend(nack(2, 2), time.Now())
	if got := out.drain(); got.packets != 2 || got.wide != [2]byte{0, 5} {
		t.Errorf("after %d packets sent again the number is %v", got.packets, got.wide)
	}
	body := out.pacer.NewBody(pacer.Video, []byte{1})
	defer body.Done()
	other := newSlot(s.peer, line{kind: "video"})
	other.out, other.wide = out, wideID
	size, ok := other.queue(pacer.Video, body, nil)
	if got := out.drain(); !ok || got.wide != [2]byte{0, 6} || size != got.header.MarshalSize()+1 {
		t.Errorf("in another slot the number is %v, the size %d", got.wide, size)
	}
	other.wide = 0
	other.queue(pacer.Video, body, nil)
	if got := out.drain(); got.header.Extension {
		t.Errorf("%+v to a viewer who did not ask for numbers", got.header)
	}
}

// Sending again allocates nothing either, once the slot has begun to.
func TestResendAllocatesNothing(t *testing.T) {
	s, out := showing(t, 20)
	now, ask := time.Now(), nack(5, 1)
	s.resend(ask, now)
	const runs = 20
	if n := testing.AllocsPerRun(runs, func() {
		now = now.Add(time.Second)
		s.resend(ask, now)
		out.drain()
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
	if n := out.drain().packets; n != runs+2 {
		t.Errorf("%d packets, want %d", n, runs+2)
	}
}

// Who asks for a key frame of what stands still has lost nothing; who has just been
// sent something, or waits for a first picture, may have.
func TestIdle(t *testing.T) {
	e, _ := fanOut(t, 1)
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
	other, _ := fanOut(t, 1)
	s.point(other, false)
	if s.idle(begin.Add(time.Hour)) {
		t.Error("idle while it waits for another picture")
	}
}

// Who asks for more than any history has, or over and over for what is not there, is
// not looked for: what is there is sent again to who asks for it alone.
func TestAFloodOfRequestsIsNotHeard(t *testing.T) {
	now := time.Now()
	again := func(flood func(s *slot)) int {
		s, out := showing(t, 4)
		flood(s)
		s.resend(nack(2, 1), now)
		return out.drain().packets
	}
	absent := func(times int) func(s *slot) {
		return func(s *slot) {
			for range times {
				s.resend(nack(1000, historySize), now)
			}
		}
	}
	for _, tt := range []struct {
		name  string
		flood func(s *slot)
		want  int
	}{
		{"nobody asks for more", func(*slot) {}, 1},
		{"a history's worth", absent(1), 1},
		{"that over and over", absent(mostMisses / historySize), 0},
		{"more than a history at once", func(s *slot) { s.resend(nack(1, historySize+1), now) }, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if n := again(tt.flood); n != tt.want {
				t.Errorf("%d packets sent again, want %d", n, tt.want)
			}
		})
	}
}
