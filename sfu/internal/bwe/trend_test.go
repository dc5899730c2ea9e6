package bwe

import (
	"math/rand/v2"
	"testing"
	"time"
)

// feed lets n packets come, 20 ms apart, each delayed by what f says, in ms, and returns
// for how many of them too much is sent.
func feed(t *trend, n int, f func(i int) float64) (over int) {
	for i := range n {
		sent := time.Duration(i) * 20 * time.Millisecond
		t.add(sent, sent+time.Duration(f(i)*1e6))
		if t.over {
			over++
		}
	}
	return over
}

func TestTrend(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	for _, tt := range []struct {
		name  string
		delay func(i int) float64 // ms
		over  bool
	}{
		{"even", func(int) float64 { return 40 }, false},
		{"a queue that grows", func(i int) float64 { return 40 + float64(max(0, i-100))*2 }, true},
		{"a queue that shrinks", func(i int) float64 { return 400 - float64(max(0, i-100))*2 }, false},
		{"jitter", func(int) float64 { return 40 + random.ExpFloat64()*5 }, false},
		{"a clock that runs a little fast", func(i int) float64 { return 40 + float64(i)*20*50e-6 }, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var tr trend
			tr.reset()
			if over := feed(&tr, 200, tt.delay); over > 0 != tt.over {
				t.Errorf("too much for %d packets, limit %.1f", over, tr.limit)
			}
		})
	}
}

// The limit follows jitter up, but not a single leap.
func TestTrendLimit(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	limit := func(f func(i int) float64) float64 {
		var tr trend
		tr.reset()
		feed(&tr, 300, f)
		return tr.limit
	}
	quiet := limit(func(int) float64 { return 40 })
	leap := limit(func(i int) float64 { return 40 + float64(i/280)*300 })
	jitter := limit(func(int) float64 { return 40 + random.ExpFloat64()*30 })
	if quiet != leastLimit || jitter < 1.5*quiet || leap > 2*quiet {
		t.Errorf("limit %.1f without jitter, %.1f with, %.1f after a leap", quiet, jitter, leap)
	}
}
