package sfu

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/conclave-meet/conclave/sfu/internal/descriptor"
)

// layeredSlot returns an encoder and a slot that shows what it makes.
func layeredSlot(t *testing.T, packets int) (*layered, *encoding, *slot, *tape) {
	t.Helper()
	e, s, out := padded(t)
	return &layered{packets: packets, began: time.Now()}, e, s, out
}

// The layers that are not to be shown are left out without a trace, and come back where
// they can be decoded.
func TestFramesAreLeftOutWithoutATrace(t *testing.T) {
	enc, e, s, out := layeredSlot(t, 3)
	play := func(frames int) (from, to int) {
		from = len(enc.made)
		for range frames {
			for _, p := range enc.frame(len(enc.made) == 0) {
				e.forward(p)
			}
		}
		return from, len(enc.made)
	}
	type phase struct {
		from, to int
		want     [3]int
	}
	var phases []phase
	for _, tt := range []struct {
		most uint8
		want [3]int
	}{
		{everyLayer, [3]int{10, 10, 20}},
		{1, [3]int{10, 10, 0}},
		{0, [3]int{10, 0, 0}},
		{1, [3]int{10, 10, 0}},
		{everyLayer, [3]int{10, 10, 20}},
		{0, [3]int{10, 0, 0}},
		{everyLayer, [3]int{10, 10, 16}}, // the third layer comes after the second, with the next rhythm
	} {
		s.limit(e, tt.most)
		from, to := play(40)
		phases = append(phases, phase{from, to, tt.want})
	}
	frames := whole(t, out)
	for i, p := range phases {
		if got := count(enc.made, frames, p.from, p.to); got != p.want {
			t.Errorf("phase %d: %v frames of each layer, want %v", i, got, p.want)
		}
	}
	for i, f := range frames[1:] {
		if f.picture != frames[i].picture+1 {
			t.Fatalf("picture %d follows %d", f.picture, frames[i].picture)
		}
	}
	if len(frames)*3 != len(out.headers) {
		t.Errorf("%d packets for %d frames", len(out.headers), len(frames))
	}
	if f := garbled(enc.made, frames); f >= 0 {
		t.Errorf("frame %d is made from others than it needs", f)
	}
}

// The control: layers that come back at once, wherever that is, garble the picture.
func TestLayersThatComeBackAnywhereGarble(t *testing.T) {
	enc, e, s, out := layeredSlot(t, 1)
	for n := range 80 {
		switch n {
		case 16:
			s.limit(e, 0)
		case 45:
			s.limit(e, everyLayer)
			s.feed.reach = everyLayer
		}
		for _, p := range enc.frame(n == 0) {
			e.forward(p)
		}
	}
	if garbled(enc.made, whole(t, out)) < 0 {
		t.Error("every frame is made from those it needs")
	}
}

// What is sent again is what was sent, whatever has been left out since; and what was left
// out, but for its number, is that again.
func TestWhatIsSentAgainIsTheSame(t *testing.T) {
	enc, e, s, out := layeredSlot(t, 2)
	for n := range 80 {
		s.limit(e, []uint8{everyLayer, 1, 0, everyLayer}[n/20])
		packets := enc.frame(n == 0)
		if n == 31 || n == 43 || n >= 60 { // of layers that are left out, and that come back
			slices.Reverse(packets)
		}
		for _, p := range packets {
			e.forward(p)
		}
	}
	out.drain()
	if hollow := slices.IndexFunc(out.payloads, func(p []byte) bool { return len(p) == 0 }); hollow < 0 {
		t.Error("nothing came so late that its number was kept")
	}
	for i, h := range out.headers {
		s.mu.Lock()
		again, ok := s.recall(h.SequenceNumber)
		again = slices.Clone(again)
		s.mu.Unlock()
		if !ok {
			t.Fatalf("packet %d is not there", i)
		}
		if !slices.Equal(again[2:], out.payloads[i]) {
			t.Fatalf("packet %d: % x again, % x at first", i, again[2:], out.payloads[i])
		}
	}
}

// A packet of the frame that brings a layer back is sent whole, also when the next frame has
// begun; and again whole when the slot shows another encoding since.
func TestALatePacketOfAFrameThatBringsALayerBack(t *testing.T) {
	enc, e, s, out := layeredSlot(t, 2)
	for n := range 17 {
		s.limit(e, []uint8{1, everyLayer}[n/16])
		for _, p := range enc.frame(n == 0) {
			e.forward(p)
		}
	}
	back, next := enc.frame(false), enc.frame(false)
	out.drain()
	before := len(out.headers)
	for _, p := range []*packet{back[1], next[0], next[1], back[0]} {
		e.forward(p)
	}
	other, small := newEncoding(e.pub, 1, 2), &layered{packets: 2}
	s.point(other, false)
	other.attach(s)
	for _, p := range small.frame(true) {
		other.forward(p)
	}
	out.drain()
	late := before + 3
	if len(out.payloads[late]) == 0 {
		t.Error("it is left out, but for its number")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if again, ok := s.recall(out.headers[late].SequenceNumber); !ok || !slices.Equal(again[2:], out.payloads[late]) {
		t.Errorf("% x again, % x at first", again, out.payloads[late])
	}
}

// Whatever gets lost or comes late on the way here: no number is given twice, pictures go
// forward, and no frame is decoded from others than it needs.
func TestLeftOutFramesOnABadLine(t *testing.T) {
	for seed := range uint64(60) {
		random := rand.New(rand.NewPCG(seed, 9)) //nolint:gosec // a repeatable test
		enc, e, s, out := layeredSlot(t, 1+random.IntN(3))
		var late []*packet
		for n := range 400 {
			if n%16 == 0 {
				s.limit(e, []uint8{everyLayer, 1, 0}[random.IntN(3)])
			}
			for _, p := range enc.frame(n == 0) {
				switch at := random.IntN(50); {
				case n > 0 && at == 0: // lost
				case n > 0 && at < 3:
					late = append(late, p)
				default:
					e.forward(p)
				}
				if len(late) > 0 && random.IntN(3) == 0 {
					e.forward(late[0])
					late = late[1:]
				}
			}
		}
		frames := whole(t, out)
		for i, f := range frames[1:] {
			if int16((f.picture-frames[i].picture)<<1) <= 0 { //nolint:gosec // picture numbers wrap
				t.Fatalf("seed %d: picture %d follows %d", seed, f.picture, frames[i].picture)
			}
		}
		if len(frames) < 100 {
			t.Errorf("seed %d: only %d frames came", seed, len(frames))
		}
		if f := garbled(enc.made, frames); f >= 0 {
			t.Errorf("seed %d: frame %d is made from others than it needs", seed, f)
		}
	}
}

// A frame that is left out leaves no gap in the pictures either when what was before it is
// still missing.
func TestAFrameIsLeftOutBehindAGap(t *testing.T) {
	enc, e, s, out := layeredSlot(t, 1)
	s.limit(e, 1)
	var frames []*packet
	for n := range 8 {
		frames = append(frames, enc.frame(n == 0)...)
	}
	for _, n := range []int{0, 1, 3, 2, 4, 5, 6, 7} { // 3 is left out before 2 has come
		e.forward(frames[n])
	}
	var pictures []uint16
	for _, f := range whole(t, out) {
		pictures = append(pictures, f.picture)
	}
	for i, p := range pictures {
		if p != pictures[0]+uint16(i) { //nolint:gosec // few
			t.Fatalf("pictures %d", pictures)
		}
	}
	if len(pictures) != 4 {
		t.Errorf("%d pictures, want 4", len(pictures))
	}
}

// A key frame brings all layers back at once.
func TestAfterAKeyFrameAllIsShown(t *testing.T) {
	enc, e, s, out := layeredSlot(t, 1)
	for n := range 32 {
		switch n {
		case 8:
			s.limit(e, 0)
		case 16:
			s.limit(e, everyLayer)
		}
		for _, p := range enc.frame(n == 0 || n == 16) {
			e.forward(p)
		}
	}
	if got, want := count(enc.made, whole(t, out), 16, 24), [3]int{2, 2, 4}; got != want {
		t.Errorf("%v frames of each layer behind the key frame, want %v", got, want)
	}
}

// While a slot waits for another encoding, what it shows goes on as it is: what the other
// may show does not count for it yet, and what it showed does not for the other.
func TestWhatIsAwaitedHasALimitOfItsOwn(t *testing.T) {
	enc, e, s, out := layeredSlot(t, 1)
	play := func(of *encoding, from *layered, frames int, key bool) (begin, end int) {
		begin = len(from.made)
		for n := range frames {
			for _, p := range from.frame(key && n == 0) {
				of.forward(p)
			}
		}
		return begin, len(from.made)
	}
	play(e, enc, 16, true)
	s.limit(e, 1)
	play(e, enc, 16, false)
	other, small := newEncoding(e.pub, 1, 2), &layered{packets: 1}
	s.point(other, false)
	other.attach(s)
	s.limit(other, 0)
	begin, end := play(e, enc, 16, false)
	frames := whole(t, out)
	if got, want := count(enc.made, frames, begin, end), [3]int{4, 4, 0}; got != want {
		t.Errorf("%v frames of each layer while another is awaited, want %v", got, want)
	}
	small.seq = enc.seq // its times are older than those of the first, as it may be
	before := len(out.headers)
	begin, end = play(other, small, 16, true)
	out.drain()
	if got := len(out.headers) - before; got != 4 || end-begin != 16 {
		t.Errorf("%d packets of the other, want 4", got)
	}
}

// A time that jumps back is no reason to show what may not be.
func TestATimeThatJumpsBack(t *testing.T) {
	enc, e, s, out := layeredSlot(t, 1)
	s.limit(e, 1)
	for n := range 64 {
		for _, p := range enc.frame(n == 0) {
			if n >= 32 {
				p.ts -= 1 << 30
			}
			e.forward(p)
		}
	}
	if got, want := count(enc.made, whole(t, out), 32, 64), [3]int{8, 8, 0}; got != want {
		t.Errorf("%v frames of each layer, want %v", got, want)
	}
}

// Where the number at which a layer would come back is past, it does not come back yet: what
// is sent again later would not be what was sent.
func TestALayerDoesNotComeBackInThePast(t *testing.T) {
	enc, e, s, _ := layeredSlot(t, 1)
	s.limit(e, 1)
	for n := range 8 {
		e.forward(enc.frame(n == 0)[0])
	}
	s.limit(e, everyLayer)
	e.forward(enc.frame(false)[0])
	sync := enc.frame(false)[0] // from which the third layer can be decoded
	e.forward(&packet{codec: descriptor.VP8, seq: sync.seq + 1, ts: sync.ts, at: sync.at})
	e.forward(sync)
	if f, ok := s.numbers.Of(sync.seq + 2); !ok || f.reach != s.feed.reach {
		t.Errorf("what comes is said to reach %d, and reaches %d", f.reach, s.feed.reach)
	}
}
