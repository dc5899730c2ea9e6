package sfu

import (
	"slices"
	"time"

	"github.com/conclave-meet/conclave/sfu/internal/layer"
	"github.com/conclave-meet/conclave/sfu/internal/ration"
)

// apportion gives each picture that p asked for the step that p's line has room
// for, and aims the slots. The caller holds mu.
func (g *Group) apportion(p *peer) {
	g.divide(p)
	for _, s := range p.slots {
		g.aim(s)
	}
}

// divide says what p's line has room for, and returns the slots for which that has
// changed. While nothing is known of the line there is room for all. The caller holds
// mu.
func (g *Group) divide(p *peer) (changed []*slot) {
	target, known := p.downlink.target()
	slots, claims := g.claims(p)
	var given []int
	if known {
		given = p.downlink.ration.Divide(target, p.voices(), claims)
	} else {
		given = slices.Repeat([]int{layer.Most}, len(claims))
	}
	for i, s := range slots {
		s.fresh = s.fresh && given[i] == ration.Frozen
		if s.given != given[i] {
			g.sfu.census.decided(claims[i], given[i])
			s.given = given[i]
			changed = append(changed, s)
		}
	}
	return changed
}

// revise is apportion for everybody who wants pub, as it has changed. The caller holds
// mu.
func (g *Group) revise(pub *publication) {
	for _, p := range g.peers {
		for _, s := range p.slots {
			if s.want == pub {
				g.apportion(p)
				break
			}
		}
	}
}

// measure does what apportion needs a few times a second. The caller holds mu.
func (g *Group) measure(now time.Time) {
	if len(g.speakers) > 0 {
		g.talks = g.speakers[0]
	}
	for _, p := range g.peers {
		for e := range p.encodings() {
			if e.measure(now) {
				g.revise(e.pub)
			}
		}
	}
	for _, p := range g.peers {
		sent := p.downlink.tick(now)
		slots, claims := g.claims(p)
		p.downlink.tell(now, sent, ration.Wish(p.voices(), claims))
		for _, s := range g.divide(p) {
			g.aim(s)
		}
		g.note(p, slots, claims)
	}
}

// claims returns what p wants to see and may, and the slots for it. The caller holds
// mu.
func (g *Group) claims(p *peer) (slots []*slot, claims []ration.Claim) {
	for _, s := range p.slots {
		if s.audio || s.want == nil || !s.want.live.Load() {
			continue
		}
		c := ration.Claim{Rank: ration.Other, Height: s.height, Now: s.given, New: s.fresh, Rates: s.want.rates()}
		switch {
		case s.want.source == Screen:
			c.Rank = ration.Share
		case s.want.peer.id == g.talks:
			c.Rank = ration.Speaker
		}
		slots, claims = append(slots, s), append(claims, c)
	}
	return slots, claims
}

// voices returns what the sound that p hears takes, in bits/s. The caller holds the
// group's mu.
func (p *peer) voices() (rate int) {
	for _, s := range p.slots {
		if s.audio && s.want != nil && s.want.live.Load() {
			rate += s.want.rates()[layer.Most]
		}
	}
	return rate
}

// rates returns what the steps that can be had take, in bits/s, and 0 for others. The
// caller holds the group's mu.
func (p *publication) rates() (rates [layer.Steps]int) {
	for i, e := range p.encodings {
		if p.available(i) {
			rates[layer.Whole(i)] = max(1, int(e.rate))
			rates[layer.Thin(i)] = int(e.rate * e.layers.thinned())
		}
	}
	return rates
}

// usual is what encodings take before they have been measured, in bits/s.
var usual = [layer.Count]float64{150e3, 500e3, 1700e3}

const (
	usualVoice = 40e3 // bits/s
	rateSmooth = 8    // ticks that the measured rate is smoothed over
)

// usualRate returns what is usual for e, in bits/s.
func (e *encoding) usualRate() float64 {
	switch {
	case e.pub.audio():
		return usualVoice
	case e.pub.source == Screen:
		return usual[layer.Half] // it mostly stands still
	default:
		return usual[e.index]
	}
}

// measure follows the rate at which e arrives, and reports whether it has other layers than
// before. The rate of one that is paused stays what it was. The caller holds the group's mu.
func (e *encoding) measure(now time.Time) (changed bool) {
	octets := e.octets.Load()
	span := now.Sub(e.measured).Seconds()
	if span > 0 && !e.measured.IsZero() && !e.pub.demand.paused[e.index] {
		e.rate += (float64(octets-e.lastOctets)*8/span - e.rate) / rateSmooth
	}
	e.lastOctets, e.measured = octets, now
	return e.pub.source == Camera && e.layers.measure()
}
