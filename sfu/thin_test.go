package sfu

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/conclave-meet/conclave/sfu/internal/bwe"
	"github.com/conclave-meet/conclave/sfu/internal/layer"
	"github.com/conclave-meet/conclave/sfu/internal/ration"
)

// layeredSlot returns an encoder and a slot that shows what it makes.
func layeredSlot(t *testing.T, packets int) (*layered, *encoding, *slot, *tape) {
	t.Helper()
	e, s, out := padded(t)
	return &layered{packets: packets}, e, s, out
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
		s.limit(tt.most)
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
			s.limit(0)
		case 45:
			s.limit(everyLayer)
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

// What is sent again is what was sent, whatever has been left out since.
func TestWhatIsSentAgainIsTheSame(t *testing.T) {
	enc, e, s, out := layeredSlot(t, 2)
	for n := range 60 {
		s.limit([]uint8{everyLayer, 1, 0}[n/20])
		for _, p := range enc.frame(n == 0) {
			e.forward(p)
		}
	}
	out.drain()
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

// Whatever gets lost or comes late on the way here: no number is given twice, pictures go
// forward, and no frame is decoded from others than it needs.
func TestLeftOutFramesOnABadLine(t *testing.T) {
	for seed := range uint64(60) {
		random := rand.New(rand.NewPCG(seed, 9)) //nolint:gosec // a repeatable test
		enc, e, s, out := layeredSlot(t, 1+random.IntN(3))
		var late []*packet
		for n := range 400 {
			if n%16 == 0 {
				s.limit([]uint8{everyLayer, 1, 0}[random.IntN(3)])
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

// Where the encoder makes no frame from which a layer can be decoded, a key frame is asked
// for in the end; and not where there is nothing to wait for.
func TestAKeyFrameBringsLayersBack(t *testing.T) {
	_, e, s, _ := layeredSlot(t, 1)
	e.layers.top = 2
	s.point(e, false)
	s.pending, s.current, s.feed.reach = nil, e, 0
	e.keyFrame.Store(false)
	for n := range wholeTicks {
		if e.keyFrame.Load() {
			t.Fatalf("asked for after %d ticks", n)
		}
		s.tick()
	}
	if !e.keyFrame.Load() {
		t.Error("not asked for")
	}
	for name, end := range map[string]func(){
		"all is shown":         func() { s.feed.reach = 2 },
		"no more may be shown": func() { s.feed.reach, s.thin.most = 1, 1 },
	} {
		s.thin.most = everyLayer
		end()
		e.keyFrame.Store(false)
		for range 2 * wholeTicks {
			s.tick()
		}
		if e.keyFrame.Load() {
			t.Errorf("%s: asked for", name)
		}
	}
}

// What the layers take is measured, and the highest of those that come is the one that can
// be left out.
func TestLayersAreMeasured(t *testing.T) {
	var l layers
	come := func(octets ...uint64) bool {
		for id, n := range octets {
			l.octets[id].Add(n)
		}
		return l.measure()
	}
	if come(1000) || l.thinned() != 0 {
		t.Error("something can be left out of one layer")
	}
	if !come(400, 200, 400) || l.top != 2 || l.thinned() != 0.6 {
		t.Errorf("of three layers %d is the highest, %v without it", l.top, l.thinned())
	}
	for range 50 {
		if come(300, 100, 600) {
			t.Error("the same layers are others")
		}
	}
	if got := l.thinned(); got < 0.39 || got > 0.41 {
		t.Errorf("%v without the highest, want 0.4", got)
	}
	if come() || l.top != 2 {
		t.Error("what stands still has no layers")
	}
	for n := range topTicks {
		if got := come(600, 400); got != (n == topTicks-1) {
			t.Errorf("%d ticks after the third layer was gone: changed is %t", n, got)
		}
	}
	if l.top != 1 || l.thinned() != 0.6 {
		t.Errorf("of two layers %d is the highest, %v without it", l.top, l.thinned())
	}
}

// On a thin line frames are left out before a camera gets smaller, and before it stands still.
func TestALineIsApportionedInFrames(t *testing.T) {
	thin, whole := layer.Thin, layer.Whole
	for _, tt := range []struct {
		target int
		want   [3]int // steps of the screen, and the cameras
	}{
		{6_000_000, [3]int{layer.Most, layer.Most, layer.Most}},
		{3_300_000, [3]int{layer.Most, layer.Most, thin(layer.Full)}},
		{1_100_000, [3]int{layer.Most, whole(layer.Half), thin(layer.Half)}},
		{480_000, [3]int{layer.Most, thin(layer.Quarter), thin(layer.Quarter)}},
		{320_000, [3]int{layer.Most, thin(layer.Quarter), ration.Frozen}},
		{270_000, [3]int{layer.Most, ration.Frozen, ration.Frozen}},
	} {
		t.Run(fmt.Sprint(tt.target), func(t *testing.T) {
			g, viewer := gallery(t, 2)
			for _, id := range []string{"a", "b"} {
				for _, e := range g.peers[id].publications[Camera].encodings {
					e.layers.top, e.layers.share = 2, 0.5
				}
			}
			viewer.downlink.estimator = bwe.New(tt.target, 1000, 90e6)
			for _, s := range viewer.slots {
				s.given = ration.Frozen // as after Watch
			}
			g.apportion(viewer)
			for i, s := range viewer.slots {
				if s.given != tt.want[i] {
					t.Errorf("slot %d is given %d, want %d", i, s.given, tt.want[i])
				}
				_, all := layer.Of(max(0, s.given))
				if want := map[bool]uint8{true: everyLayer, false: 1}[all]; s.given != ration.Frozen && s.thin.most != want {
					t.Errorf("slot %d shows layers up to %d, want %d", i, s.thin.most, want)
				}
			}
		})
	}
}
