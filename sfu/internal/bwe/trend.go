package bwe

import (
	"math"
	"time"
)

// What draft-ietf-rmcat-gcc-02 §5 calls the filter and the over-use detector, with
// the numbers that are published for it.
const (
	burst        = 5 * time.Millisecond // packets sent within count as one
	trendWindow  = 20                   // groups that the line is laid through
	trendSmooth  = 0.9                  // of the old delay in the new
	trendGain    = 4.0
	trendMost    = 60 // groups that make a line certain
	overFor      = 10 * time.Millisecond
	firstLimit   = 12.5 // ms
	leastLimit   = 6.0
	mostLimit    = 600.0
	limitUp      = 0.0087 // how fast the limit follows, a ms
	limitDown    = 0.039
	limitOutlier = 15.0 // ms above the limit that it does not follow
	limitStep    = 100.0
)

// trend tells whether the way takes longer and longer: the slope of a line through
// the latest delays, compared with a limit that follows what is usual. The limit
// is what lets it live beside flows that fill the queue.
type trend struct {
	groups   int
	first    time.Duration // when the group now was begun to be sent
	open     bool
	smooth   float64 // ms
	origin   time.Duration
	base     time.Duration // the first delay
	at       [trendWindow]float64
	delays   [trendWindow]float64
	n        int // of the last two
	slope    float64
	limit    float64 // ms
	updated  float64 // when the limit was, in ms
	since    float64 // when it began to be over the limit, in ms; -1 when it is not
	overuses int     // groups in a row
	over     bool
}

// reset forgets all delays, but not the limit.
func (t *trend) reset() { *t = trend{limit: max(t.limit, firstLimit), since: -1} }

// add takes a packet that came. The first of those sent together stands for all:
// what it waited for was there before.
func (t *trend) add(sent, arrived time.Duration) {
	if t.open && sent-t.first <= burst {
		return
	}
	t.first = sent
	if !t.open {
		t.open, t.origin, t.base = true, arrived, arrived-sent
	}
	t.groups++
	at := ms(arrived - t.origin)
	t.smooth = trendSmooth*t.smooth + (1-trendSmooth)*ms(arrived-sent-t.base)
	if t.n == trendWindow {
		copy(t.at[:], t.at[1:])
		copy(t.delays[:], t.delays[1:])
		t.n--
	}
	t.at[t.n], t.delays[t.n] = at, t.smooth
	t.n++
	before := t.slope
	if t.n == trendWindow {
		t.slope = slope(t.at[:], t.delays[:])
	}
	t.detect(at, before)
}

// detect compares the slope with the limit, and lets the limit follow.
func (t *trend) detect(at, before float64) {
	rise := float64(min(t.groups, trendMost)) * t.slope * trendGain
	if rise > t.limit {
		if t.since < 0 {
			t.since = at
		}
		t.overuses++
		t.over = t.over || at-t.since > ms(overFor) && t.overuses > 1 && t.slope >= before
	} else {
		t.since, t.overuses, t.over = -1, 0, false
	}
	step := min(max(0, at-t.updated), limitStep)
	t.updated = at
	size := math.Abs(rise)
	if size > t.limit+limitOutlier {
		return
	}
	k := limitUp
	if size < t.limit {
		k = limitDown
	}
	t.limit = min(max(t.limit+k*(size-t.limit)*step, leastLimit), mostLimit)
}

// slope returns the slope of the least squares line through the points, 0 where
// there is none.
func slope(x, y []float64) float64 {
	n := float64(len(x))
	var mx, my float64
	for i := range x {
		mx, my = mx+x[i]/n, my+y[i]/n
	}
	var num, den float64
	for i := range x {
		num, den = num+(x[i]-mx)*(y[i]-my), den+(x[i]-mx)*(x[i]-mx)
	}
	if den == 0 {
		return 0
	}
	return num / den
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
