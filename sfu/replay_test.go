package sfu

import (
	"testing"
	"time"

	"github.com/conclave-meet/conclave/sfu/internal/bwe"
	"github.com/conclave-meet/conclave/sfu/internal/descriptor"
)

// late is an encoding of which a key frame and n other packets came at begin, and a
// slot that is pointed at it after that.
func late(t *testing.T, begin time.Time, n int) (*encoding, *slot, *sink) {
	t.Helper()
	e, out := fanOut(t, 1)
	s := (*e.slots.Load())[0]
	s.peer.joined = begin
	s.point(nil, true)
	for i := range n + 1 {
		e.forward(&packet{codec: descriptor.VP8, seq: uint16(100 + i), keyFrame: i == 0, payload: vp8(uint16(i)), at: begin}) //nolint:gosec // few
	}
	s.point(e, false)
	return e, s, out
}

func TestReplay(t *testing.T) {
	begin := time.Unix(1000, 0)
	for _, tt := range []struct {
		name   string
		n      int // packets after the key frame
		after  time.Duration
		change func(e *encoding, s *slot)
		want   bool
	}{
		{"at once", 9, 0, nil, true},
		{"a key frame alone", 0, 0, nil, true},
		{"soon", 9, time.Second, nil, true},
		{"too late", 9, 3 * time.Second, nil, false},
		{"too much", replayMax/len(vp8(1)) + 1, 0, nil, false},
		{"for one who came later", 9, 0, func(_ *encoding, s *slot) { s.peer.joined = begin.Add(1) }, false},
		{"with a packet missing", 9, 0, func(e *encoding, _ *slot) {
			e.forward(&packet{codec: descriptor.VP8, seq: 111, payload: vp8(11), at: begin})
		}, false},
		{"what was there before it was muted", 9, 0, func(e *encoding, _ *slot) { e.history.Forget() }, false},
		{"into a slot that shows something", 9, 0, func(e *encoding, s *slot) { s.current = e }, false},
		{"into a slot that has just shown something", 9, 0, func(_ *encoding, s *slot) {
			s.numbers.Switch(feed{}, 1, 1, begin.Add(1))
			s.numbers.Out(1, 1, begin.Add(1))
		}, false},
		{"a codec that the viewer does not know", 9, 0, func(_ *encoding, s *slot) { s.types = nil }, false},
		{"to one who is not connected", 9, 0, func(_ *encoding, s *slot) { s.peer.connected.Store(false) }, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e, s, out := late(t, begin, tt.n)
			if tt.change != nil {
				tt.change(e, s)
			}
			want := 0
			if tt.want {
				want = tt.n + 1
			}
			got := s.replay(e, begin.Add(tt.after))
			if n := out.drain().packets; got != tt.want || n != want {
				t.Errorf("replay = %t, %d packets, want %t, %d", got, n, tt.want, want)
			}
		})
	}
}

// A packet that was in the history already, and is shown when it has been replayed, is
// not sent again: its number would be the same, and so would the nonce. The next one,
// and one with that number a turn of the numbers later, are sent.
func TestNothingIsSentTwiceAfterAReplay(t *testing.T) {
	begin := time.Unix(1000, 0)
	show := func(e *encoding, seq uint16) {
		e.show(&packet{codec: descriptor.VP8, seq: seq, payload: vp8(50), at: begin})
	}
	e, s, out := late(t, begin, 9)
	if !s.replay(e, begin) {
		t.Fatal("not replayed")
	}
	last := out.drain().header.SequenceNumber
	show(e, 109)
	if out.drain().packets != 10 {
		t.Error("the packet that was replayed is sent again")
	}
	show(e, 110)
	if got := out.drain(); got.packets != 11 || got.header.SequenceNumber != last+1 {
		t.Errorf("%d packets, the last with number %d, want 11, %d", got.packets, got.header.SequenceNumber, last+1)
	}

	e, s, out = late(t, begin, 9)
	s.replay(e, begin)
	for _, seq := range []uint16{110, 30000, 60000} { // none was on its way
		show(e, seq)
	}
	before := out.drain().packets
	show(e, 109)
	if out.drain().packets != before+1 {
		t.Error("a number that was replayed a whole turn ago is not sent")
	}
}

// All slots of a viewer together begin with no more from the past than the line takes in
// half a second, and after that with as much again.
func TestReplaysShareTheLine(t *testing.T) {
	begin := time.Unix(1000, 0)
	e, out := fanOut(t, 25)
	slots := *e.slots.Load()
	viewer := slots[0].peer
	viewer.joined = begin
	for _, s := range slots {
		s.peer = viewer
		s.point(nil, true)
	}
	for i := range 10 {
		e.forward(&packet{codec: descriptor.VP8, seq: uint16(100 + i), keyFrame: i == 0, payload: vp8(uint16(i)), at: begin}) //nolint:gosec // few
	}
	picture := 10 * len(vp8(1))
	replayed := func(now time.Time) (n int) {
		for _, s := range slots {
			if s.point(e, false); s.replay(e, now) {
				n++
			}
		}
		return n
	}
	viewer.downlink.estimator = bwe.New(16*picture*4, 1, 1<<30) // four pictures in half a second
	if n := replayed(begin); n != 4 {
		t.Errorf("%d slots begin at once, want 4", n)
	}
	if n := replayed(begin); n != 0 {
		t.Errorf("%d more begin in the same moment", n)
	}
	if n := replayed(begin.Add(replayFor)); n != 4 {
		t.Errorf("%d slots begin half a second later, want 4", n)
	}
	viewer.downlink.estimator = nil
	if n := replayed(begin.Add(2 * replayFor)); n != 17 {
		t.Errorf("%d slots begin where nothing is known of the line, want the other 17", n)
	}
	if got := out.drain().packets; got != 250 {
		t.Errorf("%d packets, want 250", got)
	}
}
