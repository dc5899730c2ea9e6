package bwe

import "math"

const (
	looksKept   = 12
	looksFade   = 0.9  // of a look's weight at the next
	otherLink   = 1.25 // times what a link carries came over another
	priorWeight = 40   // packets that what is known of the link's own loss counts for
)

// lossTried are the parts that a link may lose by itself, of which the likeliest is taken.
var lossTried = [...]float64{0.002, 0.005, 0.01, 0.02, 0.03, 0.045, 0.06, 0.08, 0.10, 0.125, 0.15, 0.2, 0.25, 0.3, mostLoss}

// look is what was sent in a while, and how much of it got lost.
type look struct {
	rate    float64 // bits/s that were sent
	packets float64
	lost    float64 // packets
}

// looks are the latest. One after another they were of different rates, and what got
// lost at which tells a link that is met from one that loses by itself.
type looks struct {
	list [looksKept]look
	n    int
}

func (l *looks) add(k look) {
	if l.n == looksKept {
		copy(l.list[:], l.list[1:])
		l.n--
	}
	for i := range l.list[:l.n] {
		l.list[i].packets *= looksFade
		l.list[i].lost *= looksFade
	}
	l.list[l.n] = k
	l.n++
}

// forget drops the looks of which clearly more came than this link carries, in bits/s: they
// were of another.
func (l *looks) forget(link float64) {
	kept := l.list[:0]
	for _, k := range l.list[:l.n] {
		if k.rate*(1-k.lost/k.packets) <= otherLink*link {
			kept = append(kept, k)
		}
	}
	l.n = len(kept)
}

// explanation is a link that would lose about as much.
type explanation struct {
	loss   float64 // the link's own
	link   float64 // bits/s that it has room for
	likely float64 // the logarithm of how likely it makes what was seen
}

// explain returns the likeliest links, of those that have room for all that was sent,
// and of those that have not: they lose what is too much, too. The logarithm of the
// second is minus infinity where nothing speaks for it. Known is what was believed of
// the link's own loss so far.
func (l *looks) explain(known float64) (own, met explanation) {
	own.likely, met.likely = math.Inf(-1), math.Inf(-1)
	for _, p := range lossTried {
		prior := priorWeight * (known*math.Log(p) + (1-known)*math.Log(1-p))
		if s := prior + l.likely(p, math.Inf(1)); s > own.likely {
			own = explanation{p, math.Inf(1), s}
		}
		for _, k := range l.list[:l.n] {
			link := k.rate * (1 - k.lost/k.packets) / (1 - p)
			if link >= k.rate {
				continue
			}
			if s := prior + l.likely(p, link); s > met.likely {
				met = explanation{p, link, s}
			}
		}
	}
	return own, met
}

// likely returns the logarithm of how likely the looks are of a link that has room for so
// many bits/s, and loses the part p of them.
func (l *looks) likely(p, link float64) float64 {
	hit, miss, sum := math.Log(1-p), math.Log(p), 0.0
	for _, k := range l.list[:l.n] {
		if link >= k.rate {
			sum += k.lost*miss + (k.packets-k.lost)*hit
			continue
		}
		q := (1 - p) * link / k.rate
		sum += k.lost*math.Log(1-q) + (k.packets-k.lost)*math.Log(q)
	}
	return sum
}
