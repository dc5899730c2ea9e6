package room

import (
	"slices"
	"time"

	"github.com/conclave-meet/conclave/signaling/edr"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/signaling/wire"
)

// setPolicy makes p what the site allows in the meeting from now on: everybody is
// told, and what runs of what is forbidden now is stopped.
func (r *Room) setPolicy(version int64, p policy.Site) {
	r.tell(func() {
		if version <= r.meeting.PolicyVersion {
			return
		}
		r.meeting.PolicyVersion = version
		before := r.meeting.Policy.Forbidden()
		r.obey(p)
		if forbidden := p.Forbidden(); r.ending == nil && !slices.Equal(forbidden, before) {
			r.broadcast(wire.PolicyChanged{Forbidden: forbidden})
			r.stopForbidden()
		}
	})
}

func (r *Room) obey(p policy.Site) {
	r.meeting.Policy = p
	r.revoice()
}

// stopForbidden stops the shares that nobody may have any more.
func (r *Room) stopForbidden() {
	forbidden := r.meeting.Policy.Forbidden()
	for _, id := range r.order {
		p := r.people[id]
		if p.sends(wire.Screen) && slices.Contains(forbidden, rightTo(wire.Screen, p.surface())) {
			r.stop(p, wire.Screen, wire.SourceChanged{ByPolicy: true})
		}
	}
}

// refuse puts on record that p asked for what p may not do. Once for each action
// is enough to know, and keeps who goes on asking from filling the records.
func (r *Room) refuse(p *person, action policy.Action) {
	if p.refusals[action] || p.joined.IsZero() {
		return
	}
	p.refusals[action] = true
	r.record(p.ID, time.Now(), edr.Refused{Action: string(action)})
}
