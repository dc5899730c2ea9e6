package room

import (
	"context"
	"time"

	"github.com/conclave-meet/conclave/signaling/edr"
	"github.com/conclave-meet/conclave/signaling/wire"
)

// PauseShare notes that what actor shares stands still, or goes on, and tells
// everybody. What is sent meanwhile is the sharer's own business: the server goes on
// forwarding whatever comes, which is how a newcomer gets the still picture.
func (r *Room) PauseShare(ctx context.Context, actor string, paused bool) error {
	return r.do(ctx, func() error {
		p, err := r.present(actor)
		if err != nil {
			return err
		}
		share := p.share()
		switch {
		case share == nil:
			return ErrForbidden
		case share.Paused == paused:
			return nil
		}
		share.Paused = paused
		r.record(p.ID, time.Now(), pausing(paused))
		r.broadcast(wire.SourceChanged{
			Participant: p.ID, Source: wire.Screen, Live: true, Surface: share.Surface, Paused: paused,
		})
		return nil
	})
}

func pausing(paused bool) edr.Fact {
	if paused {
		return edr.SharePaused{}
	}
	return edr.ShareResumed{}
}

// share is the screen that p shares; nil for none.
func (p *person) share() *wire.LiveSource {
	for i := range p.live {
		if p.live[i].Source == wire.Screen {
			return &p.live[i]
		}
	}
	return nil
}

// paused reports whether p shares a screen that stands still.
func (p *person) paused() bool {
	share := p.share()
	return share != nil && share.Paused
}
