package sfu

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/conclave-meet/conclave/sfu/internal/bwe"
	"github.com/conclave-meet/conclave/sfu/internal/descriptor"
	"github.com/conclave-meet/conclave/sfu/internal/layer"
	"github.com/conclave-meet/conclave/sfu/internal/ration"
)

// layered is an encoder of three temporal layers, as libvpx orders them.
type layered struct {
	made    []made // every frame, by its number
	seq     uint16
	packets int // of a frame
}

// made is what the encoder knows of a frame: its layer, and which frame of each layer it
// needs; -1 for none.
type made struct {
	layer uint8
	needs [3]int
}

// rhythm is of which layer each frame is, and which need the lowest layer only.
var rhythm = []descriptor.Temporal{{Sync: true}, {ID: 2, Sync: true}, {ID: 1, Sync: true}, {ID: 2}, {}, {ID: 2}, {ID: 1}, {ID: 2}}

// frame returns the packets of the next frame; key makes it a key frame, with which the
// rhythm begins anew.
func (l *layered) frame(key bool) (packets []*packet) {
	n := len(l.made)
	if n%len(rhythm) != 0 && key {
		panic("only where the rhythm begins") // enough for a test
	}
	t := rhythm[n%len(rhythm)]
	f := made{layer: t.ID, needs: [3]int{-1, -1, -1}}
	for id := range t.ID + 1 {
		if key || id > 0 && t.Sync {
			break
		}
		for i, old := range l.made {
			if old.layer == id {
				f.needs[id] = i
			}
		}
	}
	l.made = append(l.made, f)
	for i := range l.packets {
		picture, sync := uint16(100+n), byte(0)
		if t.Sync {
			sync = 0x20
		}
		payload := []byte{0x90, 0xe0, 0x80 | byte(picture>>8), byte(picture), 7, t.ID<<6 | sync, 0x11}
		if i > 0 {
			payload[0] = 0x80
		}
		payload = binary.BigEndian.AppendUint32(payload, uint32(n)) //nolint:gosec // small
		l.seq++
		packets = append(packets, &packet{
			codec: descriptor.VP8, seq: l.seq, ts: uint32(3000 * n), marker: i == l.packets-1, keyFrame: key && i == 0, //nolint:gosec // small
			temporal: descriptor.TemporalOf(descriptor.VP8, payload), payload: payload, at: time.Now(),
		})
	}
	return packets
}

// seen is a frame that has come whole to a viewer.
type seen struct {
	frame   int
	picture uint16
}

// whole puts what was sent together, as a browser does: by the numbers of the packets, each
// frame from its first to its last.
func whole(t *testing.T, out *tape) (frames []seen) {
	t.Helper()
	out.drain()
	bySeq := map[uint16]int{}
	for i, h := range out.headers {
		if j, twice := bySeq[h.SequenceNumber]; twice {
			t.Fatalf("number %d is of the packets %d and %d", h.SequenceNumber, j, i)
		}
		bySeq[h.SequenceNumber] = i
	}
	first := out.headers[0].SequenceNumber
	var parts []int
	for n := range 1 << 15 {
		i, ok := bySeq[first+uint16(n)]
		if !ok {
			parts = nil
			continue
		}
		p := out.payloads[i]
		if len(p) == 0 {
			continue // in the place of one that was left out
		}
		if p[0]&0x10 != 0 {
			parts = nil
		} else if len(parts) == 0 || out.headers[i].Timestamp != out.headers[parts[0]].Timestamp {
			parts = nil
			continue // not from its beginning
		}
		if parts = append(parts, i); out.headers[i].Marker {
			frames = append(frames, seen{frame: int(binary.BigEndian.Uint32(p[len(p)-4:])), picture: binary.BigEndian.Uint16(p[2:]) & 0x7fff})
		}
	}
	return frames
}

// garbled returns a frame that a browser makes from others than those it needs, or -1. Of
// each layer it keeps the last frame that it could decode. It knows by TL0PICIDX which one
// of the lowest layer a frame needs, and of another layer takes the last, unless a picture
// is missing since.
func garbled(made []made, frames []seen) int {
	last := [3]int{-1, -1, -1} // by layer, in frames
	there := map[uint16]bool{}
	for _, s := range frames {
		there[s.picture] = true
	}
	missing := func(from, to uint16) bool {
		for picture := from + 1; picture != to; picture++ {
			if !there[picture] {
				return true
			}
		}
		return false
	}
	for i, s := range frames {
		f := made[s.frame]
		decodes := f.needs[0] < 0 || last[0] >= 0 && frames[last[0]].frame == f.needs[0]
		for id := 1; id < len(f.needs) && f.needs[id] >= 0; id++ {
			switch {
			case last[id] < 0 || missing(frames[last[id]].picture, s.picture):
				decodes = false
			case decodes && frames[last[id]].frame != f.needs[id]:
				return s.frame
			}
		}
		if decodes {
			last[f.layer] = i
		}
	}
	return -1
}

func count(made []made, frames []seen, from, to int) (layers [3]int) {
	for _, s := range frames {
		if s.frame >= from && s.frame < to {
			layers[made[s.frame].layer]++
		}
	}
	return layers
}

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
