package room

import (
	"context"
	"time"

	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/signaling/wire"
)

// RaiseHand puts actor's hand up, or down. Whose hand is up already keeps their
// place among those who wait to speak.
func (r *Room) RaiseHand(ctx context.Context, actor string, raised bool) error {
	return r.do(ctx, func() error {
		p, err := r.present(actor)
		if err != nil {
			return err
		}
		r.turnHand(p, raised, "")
		return nil
	})
}

// LowerHand takes target's hand down on behalf of actor.
func (r *Room) LowerHand(ctx context.Context, actor, target string) error {
	return r.do(ctx, func() error {
		by, err := r.may(actor, policy.LowerHands)
		if err != nil {
			return err
		}
		p, err := r.present(target)
		if err != nil {
			return err
		}
		r.turnHand(p, false, by.ID)
		return nil
	})
}

// turnHand puts p's hand up or down, unless it is so, and tells everybody.
func (r *Room) turnHand(p *person, up bool, by string) {
	if up == (p.hand != 0) {
		return
	}
	p.hand = 0
	if up {
		p.hand = r.wall(time.Now()).UnixMilli()
	}
	r.broadcast(wire.HandChanged{Participant: p.ID, Hand: p.hand, By: by})
}
