package sfu

import (
	"fmt"
	"testing"
	"time"

	"github.com/conclave-meet/conclave/sfu/internal/bwe"
	"github.com/conclave-meet/conclave/sfu/internal/descriptor"
	"github.com/conclave-meet/conclave/sfu/internal/layer"
	"github.com/conclave-meet/conclave/sfu/internal/ration"
)

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
		"no more may be shown": func() { s.thin.most = 0 },
		"another is awaited":   func() { s.pending = newEncoding(e.pub, 1, 2) },
		"nothing comes of it":  func() { e.stalled = true },
		"nobody is there":      func() { s.peer.connected.Store(false) },
	} {
		s.thin.most, s.feed.reach, s.pending, e.stalled = everyLayer, 0, nil, false
		s.peer.connected.Store(true)
		end()
		e.keyFrame.Store(false)
		for range 2 * wholeTicks {
			s.whole()
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
	thinned := func(want float64) {
		t.Helper()
		if got := l.thinned(); got < want-0.02 || got > want+0.02 {
			t.Errorf("%.2f without the highest, want %.2f", got, want)
		}
	}
	if come(1000) || l.thinned() != 0 {
		t.Error("something can be left out of one layer")
	}
	if !come(0, 0, 1000) || l.top != 2 {
		t.Errorf("of three layers %d is the highest", l.top)
	}
	thinned(0.48) // a tick may hold one frame alone
	for range 100 {
		if come(300, 100, 600) {
			t.Error("the same layers are others")
		}
	}
	thinned(0.4)
	if come() || l.top != 2 {
		t.Error("what stands still has no layers")
	}
	thinned(0.4)
	for n := range topTicks {
		if got := come(600, 400); got != (n == topTicks-1) {
			t.Errorf("%d ticks after the third layer was gone: changed is %t", n, got)
		}
	}
	for range 100 {
		come(600, 400)
	}
	thinned(0.6)
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
					e.layers.top, e.layers.came = 2, [descriptor.Temporals]float64{1, 1, 2}
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
				if want := map[bool]uint8{true: everyLayer, false: 1}[all]; s.given != ration.Frozen && s.thin.next != want {
					t.Errorf("slot %d may show layers up to %d, want %d", i, s.thin.next, want)
				}
			}
		})
	}
}

// The packets of a frame are all of the layer that the first one names, or a publisher could
// have them counted as left out.
func TestAFrameIsOfOneLayer(t *testing.T) {
	enc, e, s, out := layeredSlot(t, 4)
	s.limit(e, 1)
	for n := range 16 {
		packets := enc.frame(n == 0)
		for _, p := range packets[1:] {
			p.temporal.ID = 2
		}
		for _, p := range packets {
			e.forward(p)
		}
	}
	out.drain()
	sent := 0
	for _, p := range out.payloads {
		sent += len(p) + rtpOverhead
	}
	if counted := int(e.layers.octets[0].Load() + e.layers.octets[1].Load()); counted != sent { //nolint:gosec // small
		t.Errorf("%d bytes were sent, and %d counted", sent, counted)
	}
}

// What is replayed to a viewer is no more than the viewer may be shown.
func TestReplayLeavesFramesOut(t *testing.T) {
	enc, e, s, out := layeredSlot(t, 1)
	s.point(nil, true)
	for n := range 16 {
		for _, p := range enc.frame(n == 0) {
			e.forward(p)
		}
	}
	s.point(e, false)
	s.limit(e, 1)
	if !s.replay(e, enc.began) {
		t.Fatal("nothing is replayed")
	}
	if got, want := count(enc.made, whole(t, out), 0, 16), [3]int{4, 4, 0}; got != want {
		t.Errorf("%v frames of each layer, want %v", got, want)
	}
}

// When the encoder makes other layers than before, what may be shown is another one.
func TestTheLimitFollowsTheLayers(t *testing.T) {
	g, viewer := gallery(t, 1)
	camera := viewer.slots[1]
	viewer.downlink.estimator = bwe.New(2_000_000, 1000, 90e6)
	e := g.peers["a"].publications[Camera].encodings[layer.Full]
	now := time.Unix(1000, 0)
	come := func(layers ...int) {
		for range 2 * topTicks {
			for _, id := range layers {
				e.layers.octets[id].Add(1000)
			}
			e.rate = 2_500_000
			now = now.Add(tickEvery)
			g.measure(now)
		}
	}
	come(0, 1, 2)
	camera.given = layer.Thin(layer.Full)
	g.aim(camera)
	if camera.thin.next != 1 {
		t.Fatalf("of three layers those up to %d may be shown", camera.thin.next)
	}
	come(0, 1)
	if camera.given != layer.Thin(layer.Full) || camera.thin.next != 0 {
		t.Errorf("at step %d, of two layers those up to %d may be shown", camera.given, camera.thin.next)
	}
}
