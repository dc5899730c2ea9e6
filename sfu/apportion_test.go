package sfu

import (
	"slices"
	"testing"
	"time"

	"github.com/conclave-meet/conclave/sfu/internal/bwe"
	"github.com/conclave-meet/conclave/sfu/internal/descriptor"
	"github.com/conclave-meet/conclave/sfu/internal/layer"
	"github.com/conclave-meet/conclave/sfu/internal/ration"
	"github.com/conclave-meet/conclave/sfu/internal/seqmap"
	"github.com/conclave-meet/conclave/sfu/internal/twcc"
)

// gallery is a group without connections: a viewer, and others who send a simulcast
// camera, one of them a screen too.
func gallery(t *testing.T, cameras int) (g *Group, viewer *peer) {
	t.Helper()
	out := newSink(t)
	g = &Group{sfu: &SFU{pacer: out.pacer}, wake: make(chan struct{}, 1), peers: map[string]*peer{}}
	member := func(id string) *peer {
		p := &peer{id: id, group: g, queue: out.pacer.NewQueue()}
		p.inbox, p.downlink.peer = newInbox(p), p
		for source := range sources {
			p.publications[source] = &publication{peer: p, source: source}
		}
		g.peers[id] = p
		return p
	}
	viewer = member("viewer")
	want := func(pub *publication, height int) {
		pub.live.Store(true)
		s := newSlot(viewer, line{kind: "video", mid: pub.peer.id})
		s.out, s.types = out, map[descriptor.Codec]uint8{descriptor.VP8: 96}
		s.numbers = seqmap.New[feed](90000, 0, 0)
		s.want, s.height = pub, height
		viewer.slots = append(viewer.slots, s)
	}
	for i := range cameras {
		p := member(string(rune('a' + i)))
		for index := range layer.Count {
			p.publications[Camera].add(newEncoding(p.publications[Camera], index, 1))
		}
		if i == 0 {
			screen := newEncoding(p.publications[Screen], layer.Full, 1)
			screen.rate = 200e3
			p.publications[Screen].add(screen)
			want(p.publications[Screen], 1080)
		}
		want(p.publications[Camera], 720)
	}
	return g, viewer
}

// shown returns the indexes of what the slots show or will, ration.Frozen for nothing.
func shown(p *peer) (list []int) {
	for _, s := range p.slots {
		current, pending := s.encodings()
		if pending != nil {
			current = pending
		}
		if current == nil {
			list = append(list, ration.Frozen)
			continue
		}
		list = append(list, current.index)
	}
	return list
}

func TestALineIsApportioned(t *testing.T) {
	const x, q, h, f = ration.Frozen, layer.Quarter, layer.Half, layer.Full
	for _, tt := range []struct {
		name   string
		target int
		talks  string
		want   [4]int // the screen, then the cameras
	}{
		{"nothing known", 0, "", [4]int{f, f, f, f}},
		{"wide", 9_000_000, "", [4]int{f, f, f, f}},
		{"room for some", 1_000_000, "", [4]int{f, q, q, q}},
		{"the speaker first", 1_300_000, "b", [4]int{f, q, h, q}},
		{"another speaker first", 1_300_000, "c", [4]int{f, q, q, h}},
		{"the speaker last to stand still", 430_000, "b", [4]int{f, x, q, x}},
		{"the screen alone", 300_000, "b", [4]int{f, x, x, x}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g, viewer := gallery(t, 3)
			g.talks = tt.talks
			if tt.target > 0 {
				viewer.downlink.estimator = bwe.New(tt.target, 1000, 90e6)
				for _, s := range viewer.slots {
					s.given = ration.Frozen // as after Watch
				}
			}
			g.apportion(viewer)
			if got := shown(viewer); [4]int(got) != tt.want {
				t.Errorf("%v, want %v", got, tt.want)
			}
		})
	}
}

// What the line is thought to take sets the pace, too.
func TestTheEstimateSetsThePace(t *testing.T) {
	_, viewer := gallery(t, 1)
	unknown := viewer.queue.Rate()
	viewer.downlink.acked(time.Now(), 50*time.Millisecond, []twcc.Ack{{Sent: time.Now(), Size: 1000}})
	target, known := viewer.downlink.target()
	if want := int64(paceFactor * float64(target)); !known || viewer.queue.Rate() != want || want == unknown {
		t.Errorf("the pace is %d with a target of %d, and was %d", viewer.queue.Rate(), target, unknown)
	}
}

// A picture that there is no more room for stands still at once, and goes on when there
// is some again.
func TestAPictureStandsStillAndGoesOn(t *testing.T) {
	g, viewer := gallery(t, 1)
	camera := viewer.slots[1]
	g.apportion(viewer)
	seq := uint16(0)
	send := func() (packets int) {
		out := camera.out.(*sink) //nolint:forcetypeassert // gallery has put it there
		before := out.drain().packets
		viewer.connected.Store(true)
		for _, e := range camera.want.encodings {
			seq++
			e.show(&packet{codec: descriptor.VP8, keyFrame: true, payload: vp8(seq), seq: seq, ts: uint32(seq), at: time.Now()})
		}
		return out.drain().packets - before
	}
	if n := send(); n != 1 {
		t.Fatalf("%d packets at first", n)
	}
	viewer.downlink.estimator = bwe.New(230_000, 1000, 90e6)
	g.apportion(viewer)
	if n := send(); n != 0 {
		t.Errorf("%d packets without room", n)
	}
	viewer.downlink.estimator = bwe.New(9_000_000, 1000, 90e6)
	for range 100 {
		viewer.downlink.ration.Tick()
	}
	g.apportion(viewer)
	if n := send(); n != 1 {
		t.Errorf("%d packets with room again", n)
	}
}

// The rate of an encoding is followed, and what stalls takes nothing.
func TestRatesAreMeasured(t *testing.T) {
	_, viewer := gallery(t, 1)
	pub := viewer.slots[1].want
	e := pub.encodings[layer.Half]
	if got := pub.rates()[layer.Whole(layer.Half)]; got != int(usual[layer.Half]) {
		t.Errorf("%d bit/s before it was measured", got)
	}
	now := time.Now()
	for range 100 {
		e.octets.Add(25_000)
		e.measure(now)
		now = now.Add(tickEvery)
	}
	if got := pub.rates()[layer.Whole(layer.Half)]; got < 990_000 || got > 1_010_000 {
		t.Errorf("%d bit/s measured of a million", got)
	}
	e.stalled = true
	if got := pub.rates()[layer.Whole(layer.Half)]; got != 0 {
		t.Errorf("%d bit/s of what stalls", got)
	}
}

// What is asked for anew just after a cut is shown at once where there is room, and what
// was taken away comes back later.
func TestAnotherPageDoesNotWait(t *testing.T) {
	g, viewer := gallery(t, 3)
	g.apportion(viewer)
	viewer.downlink.estimator = bwe.New(300_000, 1000, 90e6)
	g.apportion(viewer)
	if got := shown(viewer); got[1] != ration.Frozen {
		t.Fatalf("%v on a thin line", got)
	}
	viewer.downlink.estimator = bwe.New(9_000_000, 1000, 90e6)
	g.Watch("viewer", []Wish{
		{Mid: "a", Peer: "a", Source: Screen, Height: 1080},
		{Mid: "b", Peer: "b", Source: Camera, Height: 720}, // as before
		{Mid: "c", Peer: "a", Source: Camera, Height: 720},
	})
	byMid := map[string]int{}
	for i, index := range shown(viewer) {
		byMid[viewer.slots[i].mid] = index
	}
	if byMid["b"] != ration.Frozen || byMid["c"] != layer.Full {
		t.Errorf("%v", byMid)
	}
	if _, claims := g.claims(viewer); slices.ContainsFunc(claims, func(c ration.Claim) bool { return c.New }) {
		t.Error("what was given is new")
	}
}

// Where nothing is sent, as nobody speaks and no picture finds room, the tick probes: or
// the pictures would stand still for good, as no feedback comes. Where something is
// sent, feedback does, and that is when probes are due.
func TestTheTickProbesWhereNothingIsSent(t *testing.T) {
	for _, tt := range []struct {
		name      string
		sent      uint64 // bytes since the last tick
		connected bool
		probes    bool
	}{
		{"nothing is sent", 0, true, true},
		{"something is", 1000, true, false},
		{"nobody is there", 0, false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g, viewer := gallery(t, 1)
			viewer.relay = &relay{over: make(chan struct{})}
			camera := viewer.slots[1]
			camera.wide, camera.rtxSSRC, camera.rtx = wideID, rtxSSRC, map[uint8]uint8{96: rtxType}
			out := camera.out.(*sink) //nolint:forcetypeassert // gallery has put it there
			viewer.slots[0].want = nil
			now := time.Now()
			g.measure(now)

			viewer.connected.Store(tt.connected)
			viewer.outbox.octets += tt.sent
			viewer.downlink.estimator = bwe.New(leastDownlink, leastDownlink, mostDownlink)
			viewer.downlink.estimator.Feedback(now, 0, []twcc.Ack{{Sent: now, Size: 1000, Arrived: time.Second}})
			for _, s := range viewer.slots {
				s.given = ration.Frozen // as on a thin line
			}
			g.measure(now.Add(tickEvery))
			viewer.wg.Wait()
			if camera.given != ration.Frozen {
				t.Fatal("there is room for the picture")
			}
			if n := out.drain().packets; (n > 0) != tt.probes {
				t.Errorf("%d packets of probes", n)
			}
		})
	}
}

// Who is reached by another line gets everything, though there was no room on the one
// before, and at the pace of a line that is not known.
func TestOnAnotherLineThereIsRoomForAll(t *testing.T) {
	g, viewer := gallery(t, 1)
	now := time.Now()
	viewer.downlink.estimator = bwe.New(leastDownlink, leastDownlink, mostDownlink)
	viewer.downlink.acked(now, 50*time.Millisecond, []twcc.Ack{{Sent: now, Size: 1000, Arrived: time.Second}})
	g.measure(now)
	if got := shown(viewer); got[1] != ration.Frozen {
		t.Fatalf("%v on the thin line", got)
	}
	viewer.downlink.renew()
	g.measure(now.Add(tickEvery))
	if got := shown(viewer); got[1] != layer.Full {
		t.Errorf("%v on another", got)
	}
	if got := viewer.queue.Rate(); got != paceFactor*firstDownlink {
		t.Errorf("a pace of %d bit/s", got)
	}
}

// What comes again after a while of silence is not taken for next to nothing: on a thin
// line nobody is given the large picture for as long as it takes to measure it.
func TestWhatComesAgainTakesWhatIsUsual(t *testing.T) {
	for _, tt := range []struct {
		name  string
		again func(g *Group, pub *publication)
		least int // bits/s
	}{
		{"a camera that is on again", func(g *Group, pub *publication) {
			g.SetLive(pub.peer.id, Camera, false)
			g.SetLive(pub.peer.id, Camera, true)
		}, int(usual[layer.Full])},
		{"an encoding that had stalled", func(g *Group, pub *publication) {
			for range stalledTicks + 1 {
				g.follow(pub)
			}
			pub.encodings[layer.Full].packets.Add(1)
			g.follow(pub)
		}, int(usual[layer.Full])},
		{"the control: silence that nobody noticed", func(*Group, *publication) {}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g, viewer := gallery(t, 1)
			pub, now := viewer.slots[1].want, time.Now()
			for range 300 { // a minute
				for _, e := range pub.encodings {
					e.measure(now)
				}
				now = now.Add(tickEvery)
			}
			tt.again(g, pub)
			if got := pub.rates()[layer.Most]; got < tt.least || tt.least == 0 && got > 1 {
				t.Errorf("%d bit/s of the large picture, want %d", got, tt.least)
			}
		})
	}
}
