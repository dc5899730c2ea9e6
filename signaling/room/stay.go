package room

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/conclave-meet/conclave/signaling/edr"
	"github.com/conclave-meet/conclave/signaling/wire"
)

// Join brings v in: it waits for the host to start, negotiates media, opens the
// stay on record, and then, in one task, gives out the snapshot of the room and
// tells the others. It runs in the caller's goroutine and takes as long as the
// host takes. After an error, and after the socket is gone, the caller must call
// Leave.
func (r *Room) Join(ctx context.Context, v Visitor, offer string, outbox Outbox) error {
	p := &person{Visitor: v, outbox: outbox, admitted: make(chan struct{})}
	if err := r.do(ctx, func() error { return r.knock(p) }); err != nil {
		return err
	}
	err := r.comeIn(ctx, p, offer)
	if errors.Is(err, errGone) {
		return ErrEnded // this room took p in; no other will
	}
	return err
}

// comeIn takes p from the door to the inside.
func (r *Room) comeIn(ctx context.Context, p *person, offer string) error {
	select {
	case <-p.admitted:
	case <-r.done:
		return ErrEnded
	case <-ctx.Done():
		return ctx.Err()
	}
	answer, err := r.media.Negotiate(ctx, p.ID, offer)
	if err != nil {
		return err
	}
	var recorded <-chan struct{}
	if err := r.do(ctx, func() error {
		recorded, err = r.openStay(p)
		return err
	}); err != nil {
		return err
	}
	if err := await(ctx, recorded); err != nil {
		return err
	}
	return r.do(ctx, func() error { return r.enter(p, answer) })
}

// knock takes p's socket in, and lets p in if the meeting runs.
func (r *Room) knock(p *person) error {
	switch {
	case r.ending != nil:
		return ErrEnded
	case len(r.people) >= maxPeople:
		return ErrFull
	}
	r.people[p.ID] = p
	r.order = append(r.order, p.ID)
	if r.open {
		p.admit()
	} else {
		p.outbox.Send(wire.Waiting{Title: r.meeting.Title, For: wire.WaitingForStart})
	}
	return nil
}

// openStay puts the beginning of p's stay on record.
func (r *Room) openStay(p *person) (<-chan struct{}, error) {
	if r.ending != nil || p.state != entering {
		return nil, ErrEnded
	}
	p.joined = time.Now()
	return r.record(p.ID, p.joined, edr.Joined{
		DisplayName: p.Name, Email: p.Email, ParticipantType: string(p.Role),
		ClientAgent: p.ClientAgent, IPAddress: p.IPAddress,
	}), nil
}

// enter makes p a participant.
func (r *Room) enter(p *person, answer string) error {
	if r.ending != nil || p.state != entering {
		return ErrEnded
	}
	r.broadcast(wire.ParticipantJoined{Participant: p.view()})
	p.state = inside
	welcome := wire.Welcome{
		Self: p.ID, Session: r.session, Title: r.meeting.Title, Started: r.started.UnixMilli(), Answer: answer,
	}
	for _, id := range r.order {
		if other := r.people[id]; other.state == inside {
			welcome.Participants = append(welcome.Participants, other.view())
		}
	}
	p.outbox.Send(welcome)
	if len(r.speakers) > 0 {
		p.outbox.Send(wire.Speakers{Participants: r.speakers})
	}
	return nil
}

// Leave ends the stay of a participant, or lets one go who has not come in. It
// returns once that is on record. Leaving twice is no error.
func (r *Room) Leave(ctx context.Context, id string, reason wire.LeaveReason) error {
	var recorded <-chan struct{}
	err := r.do(ctx, func() error {
		if p := r.people[id]; p != nil {
			recorded = r.closeStay(p, reason, time.Now())
			r.forget(id)
		}
		return nil
	})
	if err != nil || recorded == nil {
		return err
	}
	return await(ctx, recorded)
}

// closeStay ends p's part in the meeting and returns when it will be on record,
// or nil when there is nothing to record.
func (r *Room) closeStay(p *person, reason wire.LeaveReason, now time.Time) (recorded <-chan struct{}) {
	was := p.state
	p.state = left
	r.media.Remove(p.ID)
	if !p.joined.IsZero() {
		recorded = r.record(p.ID, now, p.departure(reason, now))
		p.joined = time.Time{}
	}
	if was == inside && r.ending == nil {
		r.broadcast(wire.ParticipantLeft{Participant: p.ID, Reason: reason})
	}
	return recorded
}

func (r *Room) forget(id string) {
	delete(r.people, id)
	r.order = slices.DeleteFunc(r.order, func(other string) bool { return other == id })
	if len(r.people) == 0 {
		r.emptied = time.Now()
	}
}
