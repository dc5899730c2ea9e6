package room

import (
	"context"
	"time"

	"golang.org/x/time/rate"

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
		r.notePause(p, time.Now())
		r.broadcast(wire.SourceChanged{
			Participant: p.ID, Source: wire.Screen, Live: true, Surface: share.Surface, Paused: paused,
		})
		return nil
	})
}

// How often somebody's sharing makes records: some times at once, as a person may who
// looks for the right window, and after that no oftener than every so long.
const (
	sharesAtOnce = 20
	shareEvery   = 3 * time.Second
	pausesAtOnce = 10
	pauseEvery   = 2 * time.Second
)

// pauses is what the records say of how somebody's share stands. What comes too
// quickly is put on record once it has stood for a while, or the share ends, as of then,
// so that records stand in the order of their times; what was undone before is not.
// Nobody is refused a pause.
type pauses struct {
	recorded bool // on record, the share stands still
	limit    *rate.Limiter
	due      time.Time // when to put that right; zero while it is
}

// notePause puts on record that p's share stands still or goes on since now, or
// leaves that for later.
func (r *Room) notePause(p *person, now time.Time) {
	switch {
	case p.paused() == p.pauses.recorded:
		p.pauses.due = time.Time{}
	case p.pauses.limit.AllowN(now, 1):
		p.pauses.due = now
		r.recordPause(p, now)
	default:
		p.pauses.due = now.Add(pauseEvery)
	}
}

// recordPause puts on record, at now, what is not yet.
func (r *Room) recordPause(p *person, now time.Time) {
	if p.pauses.due.IsZero() {
		return
	}
	p.pauses.recorded = !p.pauses.recorded
	r.record(p.ID, now, pausing(p.pauses.recorded))
	p.pauses.due = time.Time{}
}

// recordPauses puts on record what is due at now.
func (r *Room) recordPauses(now time.Time) {
	for _, id := range r.order {
		if p := r.people[id]; !p.pauses.due.IsZero() && !now.Before(p.pauses.due) {
			p.pauses.limit.AllowN(now, 1)
			r.recordPause(p, now)
		}
	}
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
