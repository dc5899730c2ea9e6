package bwe

import (
	"math"
	"testing"
	"time"
)

// behind returns what is seen of a link that carries so many bits/s and loses the part p
// of that by itself, in looks of 100 packets at these rates.
func behind(l *loss, carries, p float64, rates ...float64) (last verdict) {
	for _, rate := range rates {
		through := 100 * min(1, carries/rate) * (1 - p)
		last = l.decide(look{rate: rate, packets: 100, lost: 100 - through}, true)
	}
	return last
}

// What gets lost alike at every rate is the link's own, and nothing less is sent for it;
// what gets lost only beyond a rate is not, and that rate is found.
func TestLossIsToldApart(t *testing.T) {
	for _, tt := range []struct {
		name       string
		carries, p float64
		cut, own   float64
	}{
		{"a wide link that loses one in ten", math.Inf(1), 0.1, 0, 0.1},
		{"a wide link that loses one in fifty", math.Inf(1), 0.02, 0, 0.02},
		{"a wide link that loses nothing", math.Inf(1), 0, 0, 0.002},
		{"a wide link that loses one in four", math.Inf(1), 0.25, 0, 0.25},
		{"a narrow link that loses nothing else", 500e3, 0, 500e3, 0.002},
		{"a narrow link that loses one in ten", 500e3, 0.1, 500e3, 0.1},
	} {
		l := &loss{inherent: priorLoss}
		got := behind(l, tt.carries, tt.p, 400e3, 450e3, 480e3, 420e3, 520e3, 560e3, 440e3, 600e3, 480e3, 580e3)
		if math.Abs(got.cut-tt.cut) > 0.05*tt.cut || math.Abs(l.inherent-tt.own) > 0.25*tt.own+0.005 {
			t.Errorf("%s: to be cut to %.0f, and %.3f is its own; want %.0f and %.3f", tt.name, got.cut, l.inherent, tt.cut, tt.own)
		}
	}
}

// One rate alone tells nothing apart: less is sent once, and after that it is known.
func TestLessIsSentToFindOut(t *testing.T) {
	l := &loss{inherent: priorLoss}
	first := behind(l, math.Inf(1), 0.1, 500e3)
	if first.cut < 400e3 || first.cut > 475e3 {
		t.Fatalf("to be cut to %.0f of 500000 bit/s", first.cut)
	}
	borne := false
	for range 4 {
		v := behind(l, math.Inf(1), 0.1, first.cut)
		if v.cut > 0 {
			t.Errorf("to be cut to %.0f, though %.0f did not help", v.cut, first.cut)
		}
		borne = borne || v.borne
	}
	if !borne || l.inherent < 0.07 {
		t.Errorf("borne: %v, and %.3f is the link's own", borne, l.inherent)
	}
	// The control: where less gets lost after it, it is not borne.
	l = &loss{inherent: priorLoss}
	behind(l, 450e3, 0, 500e3)
	for range 2 * looksKept {
		if v := behind(l, 450e3, 0, first.cut); v.borne || v.cut > 0 {
			t.Errorf("%+v, though the cut has helped", v)
		}
	}
}

// More than any link loses by itself is no question, whatever was seen before.
func TestALinkThatBreaksDownIsSeenAtOnce(t *testing.T) {
	l := &loss{inherent: priorLoss}
	behind(l, math.Inf(1), 0, 1e6, 1.1e6, 1.2e6, 1.3e6)
	if got := behind(l, 300e3, 0, 1.3e6); math.Abs(got.cut-300e3) > 10e3 {
		t.Errorf("to be cut to %.0f, where 300000 bit/s get through", got.cut)
	}
	for range 2 * looksKept {
		if v := behind(l, 300e3, 0, 280e3); v.borne || v.cut > 0 {
			t.Fatalf("%+v, though the cut has helped", v)
		}
	}
	if got := l.decide(look{rate: 280e3, packets: 50, lost: 50}, true); got.cut <= 0 {
		t.Error("nothing is to be cut, though nothing came")
	}
}

// Behind a queue nothing is learned to be the link's own: it may be what the queue has no room for.
func TestLossBehindAQueueIsNotBorne(t *testing.T) {
	for _, empty := range []bool{true, false} {
		l := &loss{inherent: priorLoss}
		for range 12 {
			l.decide(look{rate: 500e3, packets: 100, lost: 8}, empty)
		}
		if learned := l.inherent > 0.05; learned != empty {
			t.Errorf("empty: %v, and %.3f is the link's own", empty, l.inherent)
		}
	}
}

// A few packets are no look: what gets lost of them is chance.
func TestAFewPacketsSayNothing(t *testing.T) {
	for _, tt := range []struct {
		apart, most time.Duration // of the packets, and when the first look is over
		looks       int
	}{
		{10 * time.Millisecond, 600 * time.Millisecond, 1},
		{50 * time.Millisecond, 1400 * time.Millisecond, 1}, // 25 of them
		{200 * time.Millisecond, 3300 * time.Millisecond, 1},
		{400 * time.Millisecond, 60 * time.Second, 0},
	} {
		l := &loss{inherent: priorLoss}
		at := time.Duration(0)
		for ; at < tt.most && l.looks.n == 0; at += tt.apart {
			l.count(false, 1200)
			l.judge(at, true)
		}
		if l.looks.n != tt.looks || tt.looks > 0 && at < tt.most*3/4 {
			t.Errorf("packets %v apart: %d looks after %v", tt.apart, l.looks.n, at)
		}
	}
}

// Over many runs most of the pieces of 15 s are within a quarter of the link.
func TestSeldomLeavesTheLink(t *testing.T) {
	const every, settle, runs = 20 * time.Second, 5 * time.Second, 30
	rates := []float64{1e6, 300e3, 3e6}
	for _, tt := range []struct {
		name string
		link link
		most int // pieces of 90
	}{
		{"clean", link{buffer: usual}, 0},
		{"2 % loss", link{buffer: usual, loss: 0.02}, 2},
		{"10 % loss", link{buffer: usual, loss: 0.10}, 5},
		{"2 % loss, four in a row", link{buffer: usual, loss: 0.02, run: 4}, 13},
		{"next to no buffer", link{buffer: 50 * time.Millisecond}, 3},
	} {
		l := tt.link
		l.rate, l.oneWay = steps(every, rates...), usualWay
		left, late := 0, 0
		lowest, highest := math.Inf(1), 0.0
		for seed := range uint64(runs) {
			s := newSim(seed, l, source{})
			s.run(every * time.Duration(len(rates)))
			for i, rate := range rates {
				from := every * time.Duration(i)
				if !s.near(rate, from, from+settle) {
					late++
				}
				low, _, high := s.between(from+settle, from+every-simTick)
				lowest, highest = min(lowest, low/rate), max(highest, high/rate)
				if low < 0.75*rate || high > 1.25*rate {
					left++
				}
			}
		}
		t.Logf("%s: %d of %d pieces leave it, %d are late; %.2f to %.2f of the link", tt.name, left, runs*len(rates), late, lowest, highest)
		if left > tt.most || late > 0 {
			t.Errorf("%s: %d of %d pieces leave the link by a quarter, and %d are late; at most %d and none may", tt.name, left, runs*len(rates), late, tt.most)
		}
	}
}

// A link that drops what is too much, without a queue, looks much like one that loses by
// itself while as much is sent all the time. It is not taken for a wide one for good.
func TestAPolicedLinkIsMet(t *testing.T) {
	const carries, sends = 800e3, 900e3
	for _, own := range []float64{0, 0.02} {
		for seed := range uint64(seeds) {
			s := newSim(seed, link{rate: steady(carries), oneWay: usualWay, buffer: 100 * time.Millisecond, police: true, loss: own}, source{most: steady(sends)})
			s.estimator = New(1e6, 50e3, 20e6)
			s.run(40 * time.Second)
			plot(t, s, "a policed link", seed)
			low, mean, high := s.between(10*time.Second, 40*time.Second)
			t.Logf("seed %d: %.2f to %.2f of it, %.2f in the mean", seed, low/carries, high/carries, mean/carries)
			if mean < 0.75*carries || mean > 1.3*carries || low > 1.1*carries {
				t.Errorf("seed %d: %.2f to %.2f of the link, %.2f in the mean", seed, low/carries, high/carries, mean/carries)
			}
		}
	}
}

func BenchmarkLook(b *testing.B) {
	l := &loss{inherent: priorLoss}
	for i := 0; b.Loop(); i++ {
		l.decide(look{rate: 400e3 + float64(i%16)*1e4, packets: 50, lost: float64(i % 7)}, true)
	}
}
