package sfu

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/conclave-meet/conclave/sfu/internal/bwe"
	"github.com/conclave-meet/conclave/sfu/internal/layer"
	"github.com/conclave-meet/conclave/sfu/internal/ration"
)

// demanding is a gallery whose publishers do as they are told, and what they were told.
type demanding struct {
	*Group

	viewer *peer
	told   map[string][]string // the last, by publisher
	words  int                 // how often any was told
	still  [][]string          // what the viewer was told
	deaf   bool                // publishers go on sending what is paused
	broken [layer.Count]bool   // encodings that do not come
}

func demandingGallery(t *testing.T, cameras int) *demanding {
	t.Helper()
	d := &demanding{told: map[string][]string{}}
	d.Group, d.viewer = gallery(t, cameras)
	d.events = Events{
		Wanted: func(peer string, _ Source, rids []string) { d.told[peer] = rids; d.words++ },
		NoRoom: func(_ string, mids []string) { d.still = append(d.still, mids) },
	}
	return d
}

// pass lets ticks pass.
func (d *demanding) pass(ticks int) {
	for range ticks {
		for _, p := range d.peers {
			for e := range p.encodings() {
				if sent := d.deaf || !e.pub.demand.paused[e.index]; sent && !d.broken[e.index] {
					e.packets.Add(1)
					e.octets.Add(uint64(rateOf(e) / 8 * tickEvery.Seconds()))
				}
			}
		}
		time.Sleep(tickEvery)
		d.tick(mail{})
		d.announceNews()
	}
}

// rateOf returns what e takes here, in bits/s.
func rateOf(e *encoding) float64 {
	if e.pub.source == Screen {
		return 200e3
	}
	return usual[e.index]
}

// watch shows the first camera, height pixels high, or nothing.
func (d *demanding) watch(height int) {
	s := d.viewer.slots[1]
	s.height = height
	s.want = nil
	if height > 0 {
		s.want = d.peers[s.mid].publications[Camera]
	}
	d.apportion(d.viewer)
	d.announceNews()
}

// take makes the slots show what they were pointed at, as a key frame does.
func (d *demanding) take() {
	for _, s := range d.viewer.slots {
		s.mu.Lock()
		if s.pending != nil {
			s.current, s.pending = s.pending, nil
			s.feed.from = s.current
		}
		s.mu.Unlock()
	}
}

func TestEncodingsNobodyTakesArePaused(t *testing.T) {
	synctest.Test(t, testEncodingsNobodyTakesArePaused)
}

func testEncodingsNobodyTakesArePaused(t *testing.T) {
	d := demandingGallery(t, 1)
	d.watch(180)
	d.take()
	d.pass(idleTicks - 1)
	if d.words != 0 {
		t.Fatalf("told %v before five seconds had passed", d.told)
	}
	d.pass(2)
	if want := []string{"q"}; !slices.Equal(d.told["a"], want) || d.words != 1 {
		t.Fatalf("told %v, %d times, want %v", d.told["a"], d.words, want)
	}
	d.pass(3 * idleTicks)
	if d.words != 1 {
		t.Errorf("told %d times", d.words)
	}

	// A larger one is there again at once, and what is shown meanwhile goes on.
	d.watch(720)
	if want := []string{"q", "f"}; !slices.Equal(d.told["a"], want) {
		t.Errorf("told %v, want %v", d.told["a"], want)
	}
	current, pending := d.viewer.slots[1].encodings()
	if current == nil || current.index != layer.Quarter || pending == nil || pending.index != layer.Full {
		t.Errorf("the slot shows %+v, and will %+v", current, pending)
	}
	d.take()
	d.pass(idleTicks + 2)
	if want := []string{"f"}; !slices.Equal(d.told["a"], want) {
		t.Errorf("told %v, want %v", d.told["a"], want)
	}

	// Nobody looks, then somebody does.
	d.watch(0)
	d.pass(idleTicks + 2)
	if want := []string{}; d.told["a"] == nil || !slices.Equal(d.told["a"], want) {
		t.Errorf("told %v, want none", d.told["a"])
	}
	d.watch(360)
	if want := []string{"h"}; !slices.Equal(d.told["a"], want) {
		t.Errorf("told %v, want %v", d.told["a"], want)
	}
}

// Who looks away and back within five seconds costs no message.
func TestAGlanceAwayPausesNothing(t *testing.T) { synctest.Test(t, testAGlanceAwayPausesNothing) }

func testAGlanceAwayPausesNothing(t *testing.T) {
	d := demandingGallery(t, 1)
	for range 5 {
		d.watch(720)
		d.pass(3)
		d.watch(180)
		d.pass(3)
		d.watch(360)
		d.pass(3)
		d.watch(0)
		d.pass(idleTicks - 10)
	}
	if d.words != 0 {
		t.Errorf("told %d times", d.words)
	}
}

// A camera that is turned on is sent whole at first: nobody knows who will look.
func TestACameraBeginsWithAll(t *testing.T) { synctest.Test(t, testACameraBeginsWithAll) }

func testACameraBeginsWithAll(t *testing.T) {
	d := demandingGallery(t, 1)
	d.watch(0)
	d.pass(idleTicks + 2)
	d.SetLive("a", Camera, false)
	d.SetLive("a", Camera, true)
	d.announceNews()
	if want := []string{"q", "h", "f"}; !slices.Equal(d.told["a"], want) {
		t.Errorf("told %v, want %v", d.told["a"], want)
	}
}

// What is paused can still be chosen, at the rate it had: a line that has room for it
// gets it.
func TestWhatIsPausedIsNotGone(t *testing.T) { synctest.Test(t, testWhatIsPausedIsNotGone) }

func testWhatIsPausedIsNotGone(t *testing.T) {
	d := demandingGallery(t, 1)
	d.viewer.downlink.estimator = bwe.New(900_000, 1000, 90e6)
	d.watch(720)
	d.take()
	d.pass(20) // nothing is given back for two seconds
	d.take()
	d.pass(idleTicks + 2)
	if want := []string{"h"}; !slices.Equal(d.told["a"], want) {
		t.Fatalf("told %v, want %v", d.told["a"], want)
	}
	d.pass(50) // all that came of the others is old by now
	rates := d.peers["a"].publications[Camera].rates()
	for i := range usual {
		rate := rates[layer.Whole(i)]
		if float64(rate) < usual[i]*0.8 || float64(rate) > usual[i]*1.2 {
			t.Errorf("encoding %d counts with %d bits/s, and had %.0f", i, rate, usual[i])
		}
	}
	d.viewer.downlink.estimator = bwe.New(9_000_000, 1000, 90e6)
	d.pass(1)
	if want := []string{"h", "f"}; !slices.Equal(d.told["a"], want) {
		t.Errorf("told %v, want %v", d.told["a"], want)
	}
}

// What does not arrive is not paused while somebody would like to have it: the
// publisher's line may get wider.
func TestWhatCannotComeIsNotPaused(t *testing.T) { synctest.Test(t, testWhatCannotComeIsNotPaused) }

func testWhatCannotComeIsNotPaused(t *testing.T) {
	for _, unseen := range []bool{false, true} {
		d := demandingGallery(t, 1)
		d.broken[layer.Full] = true
		if unseen {
			d.peers["a"].publications[Camera].encodings[layer.Full] = nil
		}
		d.watch(720)
		d.pass(stalledTicks + 1)
		d.take()
		d.pass(idleTicks + 2)
		if want := []string{"h", "f"}; !slices.Equal(d.told["a"], want) {
			t.Errorf("unseen %t: told %v, want %v", unseen, d.told["a"], want)
		}
	}
}

// A publisher whose line takes the smallest alone is not told again and again to try the
// others.
func TestAThinUplinkIsLeftInPeace(t *testing.T) { synctest.Test(t, testAThinUplinkIsLeftInPeace) }

func testAThinUplinkIsLeftInPeace(t *testing.T) {
	d := demandingGallery(t, 1)
	d.broken[layer.Half], d.broken[layer.Full] = true, true
	d.watch(720)
	for range 40 {
		d.pass(stalledTicks)
		d.take()
		d.watch(720) // again, as when others are asked for, too
	}
	if d.words > 2 {
		t.Errorf("told %d times, at last %v", d.words, d.told["a"])
	}
	if got := shown(d.viewer)[1]; got != layer.Quarter {
		t.Errorf("encoding %d is shown", got)
	}
	d.broken[layer.Half], d.broken[layer.Full] = false, false // the line is wide again
	d.pass(3)
	if got := shown(d.viewer)[1]; got != layer.Full {
		t.Errorf("encoding %d is shown on a wide line", got)
	}
}

// A publisher that does not listen is shown all the same.
func TestAPublisherMayGoOn(t *testing.T) { synctest.Test(t, testAPublisherMayGoOn) }

func testAPublisherMayGoOn(t *testing.T) {
	d := demandingGallery(t, 1)
	d.deaf = true
	d.watch(180)
	d.take()
	d.pass(2 * idleTicks)
	d.watch(720)
	if got := shown(d.viewer)[1]; got != layer.Full {
		t.Errorf("encoding %d is shown", got)
	}
}

// A screen is never paused, whoever looks.
func TestAScreenIsNotPaused(t *testing.T) { synctest.Test(t, testAScreenIsNotPaused) }

func testAScreenIsNotPaused(t *testing.T) {
	d := demandingGallery(t, 1)
	d.viewer.slots[0].want = nil
	d.apportion(d.viewer)
	d.take()
	d.pass(2 * idleTicks)
	if pub := d.peers["a"].publications[Screen]; pub.demand.count() > 0 {
		t.Error("the screen is paused")
	}
}

func TestTheViewerIsToldWhatStandsStill(t *testing.T) {
	synctest.Test(t, testTheViewerIsToldWhatStandsStill)
}

func testTheViewerIsToldWhatStandsStill(t *testing.T) {
	d := demandingGallery(t, 1)
	d.pass(standTicks + 1)
	if len(d.still) > 0 {
		t.Fatalf("told %v with all the room there is", d.still)
	}
	d.viewer.downlink.estimator = bwe.New(200_000, 1000, 90e6)
	d.pass(standTicks - 1)
	if shown(d.viewer)[1] != ration.Frozen || len(d.still) > 0 {
		t.Fatalf("shown %v, told %v", shown(d.viewer), d.still)
	}
	d.pass(3)
	if len(d.still) != 1 || !slices.Equal(d.still[0], []string{"a"}) {
		t.Fatalf("told %v", d.still)
	}
	d.viewer.downlink.estimator = bwe.New(9_000_000, 1000, 90e6)
	d.pass(12) // nothing is given back for two seconds
	if len(d.still) != 2 || len(d.still[1]) != 0 {
		t.Errorf("told %v", d.still)
	}

	// What does not come at all is not held against the line.
	d = demandingGallery(t, 1)
	d.viewer.downlink.estimator = bwe.New(200_000, 1000, 90e6)
	d.broken = [layer.Count]bool{true, true, true}
	d.pass(stalledTicks + 1)
	if len(d.still) > 0 && len(d.still[len(d.still)-1]) > 0 {
		t.Errorf("told %v of a camera that sends nothing", d.still)
	}
}

func TestPlightOfAGroup(t *testing.T) { synctest.Test(t, testPlightOfAGroup) }

func testPlightOfAGroup(t *testing.T) {
	d := demandingGallery(t, 3)
	d.viewer.downlink.estimator = bwe.New(1_000_000, 1000, 90e6)
	d.peers["b"].downlink.estimator = bwe.New(5_000_000, 1000, 90e6)
	d.load.Store(new(Load))
	d.pass(1)
	d.count()
	load := *d.load.Load()
	if load.Lines != 2 || load.Estimate != 6_000_000 || load.Lowest != 1_000_000 || load.Frozen != 0 || load.Smaller != 3 {
		t.Errorf("plight %+v", load.Plight)
	}
	d.viewer.downlink.estimator = bwe.New(100_000, 1000, 90e6)
	d.pass(1)
	d.count()
	if load := *d.load.Load(); load.Frozen != 3 || load.Smaller != 0 {
		t.Errorf("plight %+v", load.Plight)
	}
	if c := d.sfu.census.told(); c.Frozen != 3 || c.Smaller != 3 {
		t.Errorf("changes %+v", c)
	}
}
