package bwe

import (
	"math"
	"time"
)

const (
	lossSpan    = 500 * time.Millisecond // of a look, at least
	lossPackets = 25                     // of a look, at least
	lossAtMost  = 3 * time.Second        // of a look, however few packets
	priorLoss   = 0.01                   // of any link, before anything is known
	mostLoss    = 0.4                    // borne as the link's own
	lossLearns  = 0.3                    // of what a look says of the link's own loss
	suddenly    = 0.2                    // more lost than is known of: the link has changed,
	noChance    = 3                      // if so many standard deviations more are, too
	suspected   = 2.0                    // by how much likelier a met link is, as a logarithm, for less to be sent
	sure        = 4.0                    // the same, while it is not known yet whether less has helped
	clearlyLoss = 0.03                   // of what was sent is no sign yet
)

// loss tells the loss that sending less would cure from that of the link.
type loss struct {
	inherent float64 // the link's own, up to mostLoss
	looks    looks
	packets  int
	lost     int
	bytes    int // sent
	began    time.Duration
	counting bool
	pause    time.Duration // nothing is counted before: what was sent before the cut still comes
	trying   bool          // less is sent, and whether it helps is not known
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
	borne bool    // to send less has not helped: there may be more room
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
	k := look{rate: float64(l.bytes) * 8 / span.Seconds(), packets: float64(l.packets), lost: float64(l.lost)}
	l.restart(now)
	if k.packets < lossPackets/2 {
		return verdict{} // a few packets say nothing
	}
	return l.decide(k, empty)
}

// decide weighs a look together with those before it, unless the link is not the one any
// more that they were of. What gets lost behind a queue is not learned to be the link's own.
func (l *loss) decide(k look, empty bool) verdict {
	ratio := k.lost / k.packets
	if ratio > l.inherent+suddenly+noChance*math.Sqrt(ratio*(1-ratio)/k.packets) {
		l.looks.n = 0
		if ratio > mostLoss {
			l.trying = true
			return verdict{cut: max(1, k.rate*(1-ratio)/(1-l.inherent))} // 0 is no opinion
		}
	}
	l.looks.add(k)
	own, met := l.looks.explain(l.inherent)
	chance := 1 / (1 + math.Exp(met.likely-own.likely)) // that it is all the link's own
	if learned := chance*own.loss + (1-chance)*met.loss; empty || learned < l.inherent {
		l.inherent += lossLearns * (learned - l.inherent)
	}
	need := suspected
	if l.trying && empty {
		need = sure
	}
	if met.likely < own.likely+need {
		// Where less was sent and next to nothing gets lost since, that has helped.
		told := l.trying && chance > 0.5 && empty
		l.trying = l.trying && !told
		return verdict{borne: told && own.loss > clearlyLoss}
	}
	if k.rate < met.link*(1+clearlyLoss) || ratio < met.loss+clearlyLoss {
		return verdict{}
	}
	l.trying = true
	return verdict{cut: met.link}
}
