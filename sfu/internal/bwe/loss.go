package bwe

import (
	"math"
	"time"
)

const (
	lossSpan     = 500 * time.Millisecond // counted over, at least
	lossPackets  = 25                     // counted over, at least
	lossAtMost   = 3 * time.Second        // counted over, however few packets
	priorLoss    = 0.01                   // of any link, before anything is known
	mostLoss     = 0.15                   // borne as the link's own
	lossMargin   = 0.04                   // above the link's own that is no sign yet
	lossLearns   = 0.1
	doubtsEnough = 2   // looks at a cut that did not help, before the loss is borne
	unhelped     = 0.6 // of the loss that is left after a cut which did not help
)

// loss tells the loss that sending less would cure from that of the link. A link
// that loses as much after a cut as before loses by itself.
type loss struct {
	inherent float64 // the link's own, 0 to mostLoss
	packets  int
	lost     int
	bytes    int // sent
	began    time.Duration
	counting bool
	pause    time.Duration // nothing is counted before: what was sent before the cut still comes

	trying bool    // a cut is being tried
	doubts int     // looks in a row at which it had not helped
	before float64 // the loss before it
	sent   float64 // the rate before it, in bits/s
}

func (l *loss) count(lost bool, size int) {
	if !l.counting {
		return
	}
	l.packets++
	l.bytes += size
	if lost {
		l.lost++
	}
}

// restart counts anew, from at on.
func (l *loss) restart(at time.Duration) {
	l.packets, l.lost, l.bytes, l.counting, l.pause = 0, 0, 0, false, at
}

// verdict is what loss says of the target.
type verdict struct {
	cut   float64 // the most that may be sent, in bits/s; 0 for no opinion
	borne bool    // the last cut did not help: there may be more room
}

// judge looks at what was counted, once it is enough. Now is since the epoch, and empty
// tells that no queue is seen.
func (l *loss) judge(now time.Duration, empty bool) verdict {
	if !l.counting {
		if now >= l.pause {
			l.counting, l.began = true, now
		}
		return verdict{}
	}
	span := now - l.began
	if span < lossSpan || l.packets < lossPackets && span < lossAtMost {
		return verdict{}
	}
	packets, ratio := float64(l.packets), 0.0
	if l.packets > 0 {
		ratio = float64(l.lost) / packets
	}
	rate := float64(l.bytes) * 8 / span.Seconds()
	l.restart(now)
	if packets < lossPackets/2 {
		return verdict{} // a few packets say nothing
	}
	return l.decide(ratio, rate, packets, empty)
}

func (l *loss) decide(ratio, rate, packets float64, empty bool) verdict {
	margin := lossMargin + 2*math.Sqrt(l.inherent*(1-l.inherent)/packets)
	if ratio <= l.inherent+margin {
		l.trying = false
		if empty {
			l.inherent += lossLearns * (min(ratio, mostLoss) - l.inherent)
		}
		return verdict{}
	}
	if l.trying && empty && rate < 0.97*l.sent && ratio > unhelped*l.before {
		if l.doubts++; l.doubts < doubtsEnough {
			return verdict{}
		}
		l.trying = false
		l.inherent = min((ratio+l.before)/2, mostLoss)
		return verdict{borne: true}
	}
	l.trying, l.doubts, l.before, l.sent = true, 0, ratio, rate
	excess := (ratio - l.inherent) / (1 - l.inherent)
	return verdict{cut: rate * (1 - excess)}
}
