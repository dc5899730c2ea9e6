package twcc

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/pion/rtcp"
)

const ms = time.Millisecond

// read takes feedback apart with another's parser.
func read(t *testing.T, packet []byte) rtcp.TransportLayerCC {
	t.Helper()
	var p rtcp.TransportLayerCC
	if err := p.Unmarshal(packet); err != nil {
		t.Fatalf("% x: %v", packet, err)
	}
	if p.Header.Type != rtcpType || p.Header.Count != rtcpFormat {
		t.Fatalf("header %v", p.Header)
	}
	return p
}

// symbols spells the chunks of feedback out.
func symbols(p rtcp.TransportLayerCC) (list []uint16) {
	for _, c := range p.PacketChunks {
		switch c := c.(type) {
		case *rtcp.RunLengthChunk:
			list = append(list, slices.Repeat([]uint16{c.PacketStatusSymbol}, int(c.RunLength))...)
		case *rtcp.StatusVectorChunk:
			list = append(list, c.SymbolList...)
		}
	}
	return list[:p.PacketStatusCount]
}

// times returns when which packet came according to feedback, by another's parser.
func times(t *testing.T, packet []byte) map[uint16]time.Duration {
	t.Helper()
	p := read(t, packet)
	at := time.Duration(p.ReferenceTime) * 64 * ms
	came := make(map[uint16]time.Duration)
	deltas := p.RecvDeltas
	for i, s := range symbols(p) {
		if s == rtcp.TypeTCCPacketNotReceived {
			continue
		}
		at += time.Duration(deltas[0].Delta) * time.Microsecond
		deltas = deltas[1:]
		came[p.BaseSequenceNumber+uint16(i)] = at //nolint:gosec // few
	}
	return came
}

func TestFeedbackIsWhatOthersRead(t *testing.T) {
	type arrival struct {
		seq uint16
		at  time.Duration
	}
	run := func(from uint16, n int, every time.Duration) (list []arrival) {
		for i := range n {
			list = append(list, arrival{from + uint16(i), time.Hour + time.Duration(i)*every}) //nolint:gosec // few
		}
		return list
	}
	for _, tt := range []struct {
		name     string
		arrivals []arrival
		packets  int // of feedback
	}{
		{"one", run(7, 1, 0), 1},
		{"a run", run(100, 50, 2*ms), 1},
		{"over the end of the numbers", run(65530, 20, ms), 1},
		{"some lost", slices.DeleteFunc(run(5, 40, ms), func(a arrival) bool { return a.seq%3 == 0 && a.seq > 5 }), 1},
		{"a long hole", append(run(1, 10, ms), run(300, 10, 3*ms)...), 1},
		{"far apart, so with long times", run(1, 30, 100*ms), 1},
		{"out of order", []arrival{{1, 100 * ms}, {3, 101 * ms}, {2, 105 * ms}, {4, 99 * ms}}, 1},
		{"too far apart for one", []arrival{{1, 100 * ms}, {2, 20 * time.Second}}, 2},
		{"too many for one", run(1, 900, ms/4), 3},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var a Arrivals
			for _, x := range tt.arrivals {
				a.Came(x.seq, x.at)
			}
			came := make(map[uint16]time.Duration)
			packets := 0
			for ; a.Waiting(); packets++ {
				b := a.Feedback(1, 2)
				if len(b) > 1200 || len(b)%4 != 0 {
					t.Fatalf("%d bytes", len(b))
				}
				maps.Copy(came, times(t, b))
			}
			if packets != tt.packets {
				t.Errorf("%d packets of feedback, want %d", packets, tt.packets)
			}
			if len(came) != len(tt.arrivals) {
				t.Errorf("%d came, want %d", len(came), len(tt.arrivals))
			}
			for _, x := range tt.arrivals {
				if at, ok := came[x.seq]; !ok || at != x.at.Truncate(tick) {
					t.Errorf("%d came at %v, %t, want %v", x.seq, at, ok, x.at)
				}
			}
		})
	}
}

// A packet that comes behind others after they were reported is told of all the same,
// and a number that comes twice is told of as it came first.
func TestLatePacketsAreReported(t *testing.T) {
	var a Arrivals
	a.Came(1, 10*ms)
	a.Came(3, 12*ms)
	if got := times(t, a.Feedback(1, 2)); len(got) != 2 {
		t.Fatalf("first %v", got)
	}
	a.Came(3, 90*ms)
	if a.Waiting() {
		t.Error("what came twice is to be reported")
	}
	a.Came(2, 20*ms)
	if got := times(t, a.Feedback(1, 2)); got[2] != 20*ms || got[3] != 12*ms {
		t.Errorf("then %v", got)
	}
	if a.Waiting() || a.Feedback(1, 2) != nil {
		t.Error("there is still something to report")
	}
	a.Came(20000, 30*ms) // another sender's numbers
	if got := times(t, a.Feedback(1, 2)); len(got) != 1 || got[20000] != 30*ms {
		t.Errorf("after a jump %v", got)
	}
}

// lossyPath sends n packets, of which some get lost and some are late, and returns the
// acks and how many of which kind there should be.
func lossyPath(t *testing.T, seed uint64, n int) (acks []Ack, begin time.Time, came map[time.Time]time.Duration) {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // to be repeated
	var s Sent
	var a Arrivals
	s.next = uint16(random.Uint32()) //nolint:gosec // any
	begin, came = time.Unix(1000, 0), make(map[time.Time]time.Duration)
	for i := range n {
		at := time.Duration(i) * 3 * ms
		seq := s.Number(begin.Add(at), 100+i%1000, i%50 == 0)
		if random.IntN(10) > 0 || i == 0 || i == n-1 {
			arrived := at + 20*ms + time.Duration(random.IntN(10_000))*time.Microsecond
			a.Came(seq, arrived)
			came[begin.Add(at)] = arrived.Truncate(tick)
		}
		for i%17 == 16 && a.Waiting() || i == n-1 && a.Waiting() {
			var err error
			if acks, err = hear(&s, a.Feedback(1, 2), acks); err != nil {
				t.Fatal(err)
			}
		}
	}
	return acks, begin, came
}

// What the sender learns is what the receiver saw, over many turns of both counters.
func TestSenderLearnsWhatTheReceiverSaw(t *testing.T) {
	const n = 200_000
	acks, _, came := lossyPath(t, 1, n)
	if len(acks) != n {
		t.Fatalf("%d acks for %d packets", len(acks), n)
	}
	var offset time.Duration
	for i, ack := range acks {
		at, arrived := came[ack.Sent]
		if arrived != (ack.Arrived >= 0) {
			t.Fatalf("ack %d: arrived %v, came %t", i, ack.Arrived, arrived)
		}
		if !arrived {
			continue
		}
		if offset == 0 {
			offset = ack.Arrived - at // the clocks begin apart
		}
		if ack.Arrived-at != offset {
			t.Fatalf("ack %d: arrived at %v, that is %v from what it should be", i, ack.Arrived, ack.Arrived-at-offset)
		}
		if want := 100 + i%1000; ack.Size != want || ack.Probe != (i%50 == 0) {
			t.Fatalf("ack %d: %+v, want %d bytes", i, ack, want)
		}
	}
}

func TestEachPacketIsToldOfOnce(t *testing.T) {
	var s Sent
	var a Arrivals
	begin := time.Unix(1, 0)
	for range 4 {
		s.Number(begin, 100, false)
	}
	tell := func(came ...uint16) (arrived, lost int) {
		for _, seq := range came {
			a.Came(seq, 5*ms)
		}
		acks, err := hear(&s, a.Feedback(1, 2), nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, ack := range acks {
			if ack.Arrived < 0 {
				lost++
			} else {
				arrived++
			}
		}
		return arrived, lost
	}
	if arrived, lost := tell(0, 3); arrived != 2 || lost != 2 {
		t.Errorf("%d arrived, %d lost, want 2 and 2", arrived, lost)
	}
	if arrived, lost := tell(1); arrived != 1 || lost != 0 {
		t.Errorf("a late one: %d arrived, %d lost, want 1 and 0", arrived, lost)
	}
	a = Arrivals{} // a receiver that tells everything anew, and of what was never sent
	if arrived, lost := tell(0, 1, 3, 4, 5); arrived != 0 || lost != 0 {
		t.Errorf("told again: %d arrived, %d lost, want none", arrived, lost)
	}
}

func TestForgottenNumbersAreNotMistaken(t *testing.T) {
	var s Sent
	var a Arrivals
	a.Came(s.Number(time.Unix(1, 0), 1, false), ms)
	for range mostSent {
		s.Number(time.Unix(2, 0), 2, false)
	}
	acks, err := hear(&s, a.Feedback(1, 2), nil)
	if err != nil || len(acks) != 0 {
		t.Errorf("acks %v, %v, want none", acks, err)
	}
}

func TestMalformedFeedback(t *testing.T) {
	var s Sent
	var a Arrivals
	for i := range 30 {
		seq := s.Number(time.Unix(1, 0), 1, false)
		if i%4 > 0 {
			a.Came(seq, time.Duration(i)*100*ms)
		}
	}
	good := a.Feedback(1, 2)
	change := func(at int, to byte) []byte {
		b := slices.Clone(good)
		b[at] = to
		return b
	}
	for name, b := range map[string][]byte{
		"empty": {}, "header alone": good[:headerSize], "cut short": good[:len(good)-4], "longer": append(slices.Clone(good), 0, 0, 0, 0),
		"no statuses": change(15, 0), "more statuses than chunks": change(14, 9), "another format": change(0, 2<<6|1), "another type": change(1, 206),
	} {
		if acks, err := hear(&s, b, nil); err == nil || len(acks) > 0 {
			t.Errorf("%s: %d acks, %v", name, len(acks), err)
		}
	}
	if acks, err := hear(&s, good, nil); err != nil || len(acks) != 29 {
		t.Errorf("as it was: %d acks, %v, want 29", len(acks), err)
	}
}

func TestNothingIsAllocatedForAPacket(t *testing.T) {
	var s Sent
	var a Arrivals
	acks := make([]Ack, 0, 100)
	now, since := time.Unix(1, 0), ms
	a.Came(s.Number(now, 1000, false), since)
	a.Feedback(1, 2)
	if n := testing.AllocsPerRun(500, func() {
		since += ms
		a.Came(s.Number(now, 1000, false), since)
	}); n > 0 {
		t.Errorf("%v allocations for each packet", n)
	}
	b := a.Feedback(1, 2)
	if n := testing.AllocsPerRun(100, func() { acks, _ = hear(&s, b, acks[:0]) }); n > 0 {
		t.Errorf("%v allocations for each feedback", n)
	}
}

// FuzzFeedback has a sender read anything: it must not panic, and learn of no packet
// more than twice, nor of one it has not sent.
func FuzzFeedback(f *testing.F) {
	var a Arrivals
	for i := range 100 {
		if i%7 > 0 {
			a.Came(uint16(i), time.Duration(i)*37*ms) //nolint:gosec // few
		}
	}
	for a.Waiting() {
		f.Add(a.Feedback(1, 2))
	}
	f.Add([]byte{2<<6 | 15, 205, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0x20, 1, 9, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		var s Sent
		for i := range 200 {
			s.Number(time.Unix(1, 0), i, false)
		}
		lost, came := make(map[int]int), make(map[int]int)
		for range 3 {
			acks, err := hear(&s, b, nil)
			if err != nil && len(acks) > 0 {
				t.Fatalf("%d acks and %v", len(acks), err)
			}
			for _, ack := range acks {
				if ack.Arrived < 0 {
					lost[ack.Size]++
				} else {
					came[ack.Size]++
				}
			}
		}
		for i := range 200 {
			if lost[i] > 1 || came[i] > 1 {
				t.Fatalf("packet %d: lost %d times, came %d times", i, lost[i], came[i])
			}
		}
		if len(lost) > 200 || len(came) > 200 {
			t.Fatal("more than was sent")
		}
	})
}

// FuzzArrivals has a receiver note any numbers at any times, and reads its feedback
// with another's parser.
func FuzzArrivals(f *testing.F) {
	f.Add([]byte{0, 1, 5, 0, 2, 5, 0, 9, 200, 255, 255, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		var a Arrivals
		var at time.Duration
		for ; len(b) >= 3; b = b[3:] {
			at += time.Duration(b[2]) * time.Duration(b[2]) * ms
			a.Came(uint16(b[0])<<8|uint16(b[1]), at)
			for b[2]%5 == 0 && a.Waiting() {
				if p := a.Feedback(1, 2); p != nil && (len(p) > 1200 || len(times(t, p)) == 0) {
					t.Fatalf("feedback % x", p)
				}
			}
		}
	})
}

// A fast line with a long round trip is heard of: the viewer's word on a packet comes
// when thousands have been sent behind it.
func TestWhatIsLongOnItsWayIsTold(t *testing.T) {
	const packetsPerSecond = 40_000_000 / 8 / 1200
	behind := packetsPerSecond * 9 / 10
	var s Sent
	var a Arrivals
	begin := time.Unix(1, 0)
	a.Came(s.Number(begin, 1200, false), ms)
	for range behind {
		s.Number(begin, 1200, false)
	}
	if acks, err := hear(&s, a.Feedback(1, 2), nil); err != nil || len(acks) != 1 {
		t.Errorf("%d acks, %v, with %d packets behind", len(acks), err, behind)
	}
}

// hear is s.Feedback of a packet as it came.
func hear(s *Sent, packet []byte, acks []Ack) ([]Ack, error) {
	f, err := Parse(packet)
	if err != nil {
		return acks, err
	}
	return s.Feedback(f, acks), nil
}

// A packet of feedback tells of no more than is remembered, however short it is.
func TestNoFeedbackTellsOfMoreThanIsRemembered(t *testing.T) {
	run := func(n int) []byte { // that n packets are lost, and no more
		b := []byte{2<<6 | rtcpFormat, rtcpType, 0, 5, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, byte(n >> 8), byte(n), 0, 0, 0, 0}
		return append(b, byte(n>>8), byte(n), 0, 0)
	}
	if _, err := Parse(run(mostSent)); err != nil {
		t.Errorf("as many as are remembered: %v", err)
	}
	if _, err := Parse(run(mostSent + 1)); err == nil {
		t.Error("more than are remembered are taken in")
	}
}
