package sfu

import (
	"slices"

	"github.com/conclave-meet/conclave/sfu/internal/layer"
)

// idleTicks is for how many ticks nobody takes an encoding before its publisher hears of
// it: five seconds, in which who turns pages to and fro is back.
const idleTicks = 25

// demand is which encodings of a camera somebody takes. A screen has one, which mostly
// stands still, and must be there at once: it is never paused.
//
// The publisher is asked, and may refuse: what comes although it is paused is forwarded
// to whoever takes it next.
type demand struct {
	paused [layer.Count]bool // the publisher has been, or is about to be, told
	idle   [layer.Count]int  // ticks since anybody took it, up to idleTicks
	asked  [layer.Count]bool // by somebody who cannot have it, for it does not arrive
}

// news are what the group's loop is about to tell. Guarded by the group's mu.
type news struct {
	wanted []*publication // whose demand has changed
	still  []*peer        // in whose slots others stand still than before
}

// available reports whether the encoding with this index can be had: it arrives, or will
// once its publisher is asked. The caller holds the group's mu.
func (p *publication) available(index int) bool {
	e := p.encodings[index]
	return e != nil && (!e.stalled || p.demand.paused[index])
}

// spare has encodings paused that nobody has taken for a while. What is asked for and
// does not arrive, as the publisher's line is too thin or has just come up, is not paused:
// it would never come, or be tried again and again. Nor is what would do instead. The caller
// holds mu.
func (g *Group) spare() {
	for _, p := range g.peers {
		p.publications[Camera].demand.asked = [layer.Count]bool{}
	}
	for _, p := range g.peers {
		for _, s := range p.slots {
			if s.want == nil || s.want.source != Camera {
				continue
			}
			for i := range layer.Ideal(s.height) + 1 {
				s.want.demand.asked[i] = s.want.demand.asked[i] || !s.want.available(i)
			}
		}
	}
	for _, p := range g.peers {
		if pub := p.publications[Camera]; pub.live.Load() {
			g.pauseIdle(pub)
		}
	}
}

// pauseIdle is spare for one publication.
func (g *Group) pauseIdle(pub *publication) {
	d := &pub.demand
	for i, e := range pub.encodings {
		switch {
		case d.asked[i]:
			g.resume(pub, i)
			d.idle[i] = 0
		case e != nil && len(*e.slots.Load()) > 0:
			d.idle[i] = 0
		case d.idle[i] < idleTicks:
			if d.idle[i]++; d.idle[i] == idleTicks {
				d.paused[i] = true
				g.tellDemand(pub)
			}
		}
	}
}

// resume has the encoding with this index sent again, at once, if it is paused. The caller
// holds mu.
func (g *Group) resume(pub *publication, index int) {
	d := &pub.demand
	d.idle[index] = 0
	if !d.paused[index] {
		return
	}
	d.paused[index] = false
	if e := pub.encodings[index]; e != nil {
		e.resume()
	}
	g.tellDemand(pub)
}

// resumeAll is resume for all encodings: nobody knows yet who will look. The caller holds
// mu.
func (g *Group) resumeAll(pub *publication) {
	for i := range pub.encodings {
		g.resume(pub, i)
	}
}

// tellDemand has the loop tell pub's peer which of its encodings are wanted. The caller
// holds mu.
func (g *Group) tellDemand(pub *publication) {
	if !slices.Contains(g.news.wanted, pub) {
		g.news.wanted = append(g.news.wanted, pub)
		g.wakeUp()
	}
}

// wanted returns the rids of what is not paused. The caller holds the group's mu.
func (d *demand) wanted() []string {
	rids := make([]string, 0, layer.Count)
	for i, paused := range d.paused {
		if !paused {
			rids = append(rids, layer.RID(i))
		}
	}
	return rids
}

// announceNews tells what has changed for single peers, without holding a lock.
func (g *Group) announceNews() {
	var tell []func()
	g.mu.Lock()
	for _, pub := range g.news.wanted {
		rids := pub.demand.wanted()
		if g.events.Wanted != nil && g.peers[pub.peer.id] == pub.peer {
			tell = append(tell, func() { g.events.Wanted(pub.peer.id, pub.source, rids) })
		}
	}
	for _, p := range g.news.still {
		if mids := p.still; g.events.NoRoom != nil && g.peers[p.id] == p {
			tell = append(tell, func() { g.events.NoRoom(p.id, mids) })
		}
	}
	g.news = news{}
	g.mu.Unlock()
	for _, f := range tell {
		f()
	}
}

// count returns how many are paused. The caller holds the group's mu.
func (d *demand) count() (n int) {
	for _, paused := range d.paused {
		if paused {
			n++
		}
	}
	return n
}
