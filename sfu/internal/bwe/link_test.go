package bwe

import (
	"strconv"
	"testing"
	"time"
)

const (
	seeds    = 6
	usualWay = 75 * time.Millisecond // each way
	usual    = 400 * time.Millisecond
)

func steady(rate float64) func(time.Duration) float64 {
	return func(time.Duration) float64 { return rate }
}

// steps is a rate that changes every so often.
func steps(every time.Duration, rates ...float64) func(time.Duration) float64 {
	return func(at time.Duration) float64 { return rates[min(int(at/every), len(rates)-1)] }
}

// Five seconds after a link has changed, the target is within 20 % of it, and from
// then on it stays within 25 %; where half a second's worth of packets differs by
// more than that by chance, a little or, of a very lossy link, a lot more.
func TestFollowsTheLink(t *testing.T) {
	const every = 20 * time.Second
	rates := []float64{1e6, 300e3, 3e6}
	for _, tt := range []struct {
		name   string
		link   link
		least  float64       // of the link
		most   float64       // of the link; 1.25 where it is 0
		settle time.Duration // 5 s where it is 0
	}{
		{name: "clean", least: 0.75},
		{name: "2 % loss", link: link{loss: 0.02}, least: 0.75},
		{name: "10 % loss", link: link{loss: 0.10}, least: 0.65},
		{name: "15 % loss", link: link{loss: 0.15}, least: 0.5, most: 1.5},
		{name: "jitter", link: link{jitter: 5 * time.Millisecond}, least: 0.75},
		{name: "2 % loss and jitter", link: link{loss: 0.02, jitter: 5 * time.Millisecond}, least: 0.7},
		{name: "short buffer", link: link{buffer: 100 * time.Millisecond}, least: 0.75},
		{name: "next to no buffer", link: link{buffer: 50 * time.Millisecond}, least: 0.75},
		{name: "short way", link: link{oneWay: 10 * time.Millisecond}, least: 0.75},
		// It holds two seconds of what must be sent less of, until they are through.
		{name: "long buffer", link: link{buffer: 2 * time.Second}, least: 0.75, settle: 9 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := tt.link
			l.rate = steps(every, rates...)
			if l.oneWay == 0 {
				l.oneWay = usualWay
			}
			if l.buffer == 0 {
				l.buffer = usual
			}
			settle, most := max(tt.settle, 5*time.Second), max(tt.most, 1.25)
			for seed := range uint64(seeds) {
				s := newSim(seed, l, source{})
				s.run(every * time.Duration(len(rates)))
				plot(t, s, tt.name, seed)
				for i, rate := range rates {
					from := every * time.Duration(i)
					if !s.near(rate, from, from+settle) {
						t.Errorf("seed %d: not within 20 %% of %.0f bit/s in %v", seed, rate, settle)
					}
					low, mean, high := s.between(from+settle, from+every-simTick)
					t.Logf("seed %d, %4.0f kbit/s: %.2f %.2f %.2f", seed, rate/1e3, low/rate, mean/rate, high/rate)
					if low < tt.least*rate || high > most*rate || mean < min(0.8, tt.least+0.25)*rate {
						t.Errorf("seed %d: from %v after the change to %.0f bit/s on, the target is %.2f to %.2f of it, %.2f in the mean",
							seed, settle, rate, low/rate, high/rate, mean/rate)
					}
				}
			}
		})
	}
}

// A link that loses one packet in ten from the first on, or one in four, is used all the
// same: to send less does not help.
func TestLossOfTheLinkIsBorne(t *testing.T) {
	for _, tt := range []struct {
		loss, rate float64
		from       time.Duration // it is known by then
	}{
		{0.1, 300e3, 10 * time.Second},
		{0.1, 3e6, 10 * time.Second},
		{0.1, 15e6, 10 * time.Second},
		{0.25, 300e3, 20 * time.Second},
		{0.25, 3e6, 20 * time.Second},
	} {
		for seed := range uint64(seeds) {
			s := newSim(seed, link{rate: steady(tt.rate), oneWay: usualWay, buffer: usual, loss: tt.loss}, source{})
			s.run(3 * tt.from)
			plot(t, s, strconv.Itoa(int(100*tt.loss))+" percent of "+strconv.Itoa(int(tt.rate/1e3)), seed)
			low, mean, high := s.between(tt.from, 3*tt.from)
			t.Logf("seed %d: %.2f %.2f %.2f", seed, low/tt.rate, mean/tt.rate, high/tt.rate)
			if mean < 0.8*tt.rate || mean > 1.1*tt.rate {
				t.Errorf("seed %d, %.2f lost: %.0f bit/s of %.0f in the mean", seed, tt.loss, mean, tt.rate)
			}
		}
	}
}

// What others send takes from what we may, and is given back when they stop.
func TestLeavesRoomToOthers(t *testing.T) {
	for seed := range uint64(seeds) {
		s := newSim(seed, link{
			rate: steady(1e6), oneWay: usualWay, buffer: usual,
			cross: steps(20*time.Second, 0, 500e3, 0),
		}, source{})
		s.run(60 * time.Second)
		plot(t, s, "others come and go", seed)
		if _, mean, high := s.between(25*time.Second, 40*time.Second-simTick); mean < 0.85*500e3 || mean > 1.1*500e3 {
			t.Errorf("seed %d: beside 500 kbit/s of 1000, the target is %.0f in the mean, %.0f at most", seed, mean, high)
		}
		if low, _, _ := s.between(46*time.Second, 60*time.Second); low < 750e3 {
			t.Errorf("seed %d: after they stopped, %.0f", seed, low)
		}
	}
}

// A flow that fills the queue, as TCP does, does not take everything.
func TestLivesBesideTCP(t *testing.T) {
	for seed := range uint64(seeds) {
		s := newSim(seed, link{rate: steady(3e6), oneWay: 25 * time.Millisecond, buffer: 200 * time.Millisecond, reno: true}, source{})
		s.run(60 * time.Second)
		plot(t, s, "beside TCP", seed)
		low, mean, _ := s.between(20*time.Second, 60*time.Second)
		t.Logf("seed %d: %.0f at least, %.0f in the mean", seed, low, mean)
		if mean < 300e3 {
			t.Errorf("seed %d: %.0f bit/s of 3 M in the mean", seed, mean)
		}
	}
}

// Who sends little learns little: the target does not run away from what comes.
func TestDoesNotGrowWithoutBound(t *testing.T) {
	const sends = 200e3
	for _, tt := range []struct {
		name   string
		probes bool
		secret bool
		most   float64
	}{
		{"no probes", false, false, 300e3},
		{"not told that little is sent", false, true, headroom*sends*1.25 + headroomMore},
		{"probes up to what is wanted", true, false, 1.3 * 1.2 * 600e3},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for seed := range uint64(seeds) {
				s := newSim(seed, link{rate: steady(50e6), oneWay: usualWay, buffer: usual}, source{most: steady(sends), noProbes: !tt.probes, secret: tt.secret})
				if tt.probes {
					s.estimator.Want(600e3)
				}
				s.run(2 * time.Minute)
				plot(t, s, "sends little, "+tt.name, seed)
				_, _, high := s.between(0, 2*time.Minute)
				if high > tt.most {
					t.Errorf("seed %d: %.0f bit/s with %.0f sent", seed, high, sends)
				}
			}
			// The control: who sends what may be sent gets further.
			greedy := newSim(0, link{rate: steady(50e6), oneWay: usualWay, buffer: usual}, source{})
			greedy.run(15 * time.Second)
			if end := greedy.estimator.Target(); float64(end) < 5*tt.most {
				t.Errorf("%d bit/s with all sent that may be", end)
			}
		})
	}
}

// Where too little is sent for growth, probes find what a larger layer needs, and
// those that find nothing become rare.
func TestProbesForWhatIsWanted(t *testing.T) {
	const want = 900e3
	for seed := range uint64(seeds) {
		s := newSim(seed, link{rate: steps(60*time.Second, 400e3, 2e6), oneWay: usualWay, buffer: usual}, source{most: steady(200e3), keyEvery: 90})
		s.estimator.Want(want)
		s.run(60 * time.Second)
		longest := time.Duration(0)
		for _, p := range s.trace {
			longest = max(longest, p.queue)
		}
		t.Logf("seed %d: %d probes in a minute, a queue of %v at most", seed, s.probes, longest)
		if s.probes > 8 || longest > 120*time.Millisecond {
			t.Errorf("seed %d: %d probes a minute that can find nothing, with a queue of %v", seed, s.probes, longest)
		}
		if _, _, high := s.between(10*time.Second, 60*time.Second); high > 1.25*400e3 {
			t.Errorf("seed %d: %.0f bit/s on a link of 400 kbit/s", seed, high)
		}
		if low, _, _ := s.between(10*time.Second, 60*time.Second); low < 200e3 {
			t.Errorf("seed %d: %.0f bit/s, less than what passes", seed, low)
		}
		s.run(75 * time.Second)
		plot(t, s, "wants more", seed)
		if got := s.estimator.Target(); got < want {
			t.Errorf("seed %d: %d bit/s 15 s after there was enough", seed, got)
		}
		before := s.probes
		s.run(135 * time.Second)
		if s.probes != before {
			t.Errorf("seed %d: %d probes for what is there", seed, s.probes-before)
		}
	}
}

// Frames of many times the length, all at once, are no sign of a thin link: what comes
// of them shows what the link carries, though the mean is less.
func TestKeyFramesDoNotCollapseIt(t *testing.T) {
	for _, tt := range []struct {
		name        string
		sends, link float64 // bits/s
		times       float64
	}{
		{"four times", 900e3, 2e6, 4},
		{"thirty times", 150e3, 400e3, 30},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for seed := range uint64(seeds) {
				s := newSim(seed, link{rate: steady(tt.link), oneWay: usualWay, buffer: usual},
					source{most: steady(tt.sends), keyEvery: 60, keyTimes: tt.times, hurry: true})
				s.run(60 * time.Second)
				plot(t, s, "key frames of "+tt.name, seed)
				low, mean, _ := s.between(10*time.Second, 60*time.Second)
				t.Logf("seed %d: %.0f at least, %.0f in the mean", seed, low, mean)
				if low < tt.sends {
					t.Errorf("seed %d: %.0f bit/s, with %.0f sent of %.0f", seed, low, tt.sends, tt.link)
				}
			}
		})
	}
}

// A viewer whose machine has no time for a third of a second, again and again, has no
// thin line.
func TestABusyViewerHasNoThinLine(t *testing.T) {
	const sends = 1.5e6
	for seed := range uint64(seeds) {
		s := newSim(seed, link{rate: steady(20e6), oneWay: 5 * time.Millisecond, buffer: usual, stall: 300 * time.Millisecond}, source{most: steady(sends)})
		s.run(60 * time.Second)
		plot(t, s, "a busy viewer", seed)
		low, mean, _ := s.between(5*time.Second, 60*time.Second)
		t.Logf("seed %d: %.2f of what is sent at least, %.2f in the mean", seed, low/sends, mean/sends)
		if low < 0.5*sends || mean < sends {
			t.Errorf("seed %d: %.2f of what is sent at least, %.2f in the mean", seed, low/sends, mean/sends)
		}
	}
}

// A first guess that is far too high is put right in three seconds.
func TestAFirstGuessIsPutRight(t *testing.T) {
	for _, rate := range []float64{300e3, 1e6} {
		for seed := range uint64(seeds) {
			s := newSim(seed, link{rate: steady(rate), oneWay: usualWay, buffer: usual}, source{})
			s.estimator = New(4e6, 60e3, 40e6)
			s.run(15 * time.Second)
			plot(t, s, "a first guess "+strconv.Itoa(int(4e6/rate))+" times too high", seed)
			low, mean, high := s.between(3*time.Second, 15*time.Second)
			t.Logf("seed %d: %.2f %.2f %.2f", seed, low/rate, mean/rate, high/rate)
			if high > 1.3*rate || mean < 0.75*rate {
				t.Errorf("seed %d: %.0f bit/s at most, %.0f in the mean, of %.0f", seed, high, mean, rate)
			}
		}
	}
}
