package sfu

import (
	"slices"

	"github.com/conclave-meet/conclave/sfu/internal/layer"
	"github.com/conclave-meet/conclave/sfu/internal/ration"
)

// Plight is how much room viewers have, and what it leaves them.
type Plight struct {
	Lines    int   // viewers of whose lines something is known
	Estimate int64 // what those are thought to take, in bits/s, all together
	Lowest   int64 // the thinnest of them, in bits/s; 0 where there is none
	Frozen   int   // pictures that stand still for want of room
	Smaller  int   // pictures that are smaller, or move less smoothly, than was asked for, for want of room
}

// add adds other's viewers to p's.
func (p *Plight) add(other Plight) {
	if other.Lines > 0 && (p.Lines == 0 || other.Lowest < p.Lowest) {
		p.Lowest = other.Lowest
	}
	p.Lines += other.Lines
	p.Estimate += other.Estimate
	p.Frozen += other.Frozen
	p.Smaller += other.Smaller
}

// Changes are how often what a viewer is given of a picture has changed, since the start,
// because of the room on the viewer's line.
type Changes struct {
	Frozen  int64 // it stands still from then on
	Shown   int64 // it moves: for the first time, or again
	Smaller int64 // or moves less smoothly
	Larger  int64 // or moves more smoothly
}

// The kinds of a change, in the order of Changes.
const (
	changeFrozen = iota
	changeShown
	changeSmaller
	changeLarger
	changeCount
)

// decided counts that the picture of c is given another encoding than it had.
func (c *census) decided(claim ration.Claim, given int) {
	was := claim.Sharp(claim.Now)
	switch is := claim.Sharp(given); {
	case is == was:
	case is == ration.Frozen:
		c.changes[changeFrozen].Add(1)
	case was == ration.Frozen:
		c.changes[changeShown].Add(1)
	case is < was:
		c.changes[changeSmaller].Add(1)
	default:
		c.changes[changeLarger].Add(1)
	}
}

func (c *census) told() Changes {
	n := func(kind int) int64 { return c.changes[kind].Load() }
	return Changes{Frozen: n(changeFrozen), Shown: n(changeShown), Smaller: n(changeSmaller), Larger: n(changeLarger)}
}

// standTicks is for how many ticks a picture has to stand still before the viewer is told:
// a second, for it may go on at once. That it does go on is told at once.
const standTicks = 5

// note notes what p has room for of claims, which are of slots, and what p is to be told of
// it. The caller holds mu.
func (g *Group) note(p *peer, slots []*slot, claims []ration.Claim) {
	now := Plight{}
	if target, known := p.downlink.target(); known {
		now = Plight{Lines: 1, Estimate: int64(target), Lowest: int64(target)}
	}
	frozen := make(map[*slot]bool, len(slots))
	for i, s := range slots {
		best := claims[i].Sharp(layer.Most)
		switch given := claims[i].Sharp(s.given); {
		case best == ration.Frozen: // nothing comes
		case given == ration.Frozen:
			frozen[s] = true
			now.Frozen++
		case given < best:
			now.Smaller++
		}
	}
	p.plight = now
	still := p.stand(frozen)
	if !slices.Equal(still, p.still) {
		p.still = still
		if !slices.Contains(g.news.still, p) {
			g.news.still = append(g.news.still, p)
		}
	}
}

// stand lets a tick pass for the slots that stand still now, and returns the mids of those
// that have done so for long. The caller holds the group's mu.
func (p *peer) stand(frozen map[*slot]bool) (mids []string) {
	for _, s := range p.slots {
		if !frozen[s] {
			s.stands = 0
			continue
		}
		s.stands = min(s.stands+1, standTicks)
		if s.stands >= standTicks {
			mids = append(mids, s.mid)
		}
	}
	return mids
}
