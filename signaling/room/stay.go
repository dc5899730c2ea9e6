package room

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/conclave-meet/conclave/signaling/edr"
	"github.com/conclave-meet/conclave/signaling/wire"
)

// Join brings v in: it waits for the host to start and for a commit that adds v
// to the group, negotiates media, opens the stay on record, and then, in one task,
// gives out the snapshot of the room and tells the others. It runs in the caller's
// goroutine and takes as long as the host takes. After an error, and after the
// socket is gone, the caller must call Leave.
func (r *Room) Join(ctx context.Context, v Visitor, join wire.Join, outbox Outbox) error {
	p := newPerson(v, join, outbox)
	if err := r.do(ctx, func() error { return r.knock(p) }); err != nil {
		return err
	}
	err := r.comeIn(ctx, p, join.Offer)
	if errors.Is(err, errGone) {
		return ErrEnded // this room took p in; no other will
	}
	return err
}

// comeIn takes p from the door to the inside.
func (r *Room) comeIn(ctx context.Context, p *person, offer string) error {
	select {
	case <-p.decided:
	case <-r.done:
		return ErrEnded
	case <-ctx.Done():
		return ctx.Err()
	}
	if p.refused != nil {
		return p.refused
	}
	var seat Seat
	if err := r.do(ctx, func() error { seat = p.seat(); return nil }); err != nil {
		return err
	}
	answer, err := r.media.Negotiate(ctx, seat, offer)
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

// openStay puts the beginning of p's stay on record, or that p is back in it.
func (r *Room) openStay(p *person) (<-chan struct{}, error) {
	if r.ending != nil || p.state != entering {
		return nil, ErrEnded
	}
	now := time.Now()
	r.changed = true
	if p.returns != nil && p.returns.inTime(now) {
		return r.resume(p, now), nil
	}
	if p.returns != nil { // they stood at the door for long: that was no attendance
		r.closeLost(p.returns)
		p.returns, p.stay = nil, p.ID
	}
	p.joined = now
	return r.record(p.ID, p.joined, edr.Joined{
		DisplayName: p.Name, Email: p.Email, ParticipantType: string(p.Role),
		ClientAgent: p.ClientAgent, IPAddress: r.meeting.Policy.IPAddresses.Kept(p.IPAddress),
		DisclaimerHash: p.DisclaimerHash, Form: p.Form,
	}), nil
}

// enter makes p a participant. The commits made since p was added follow the
// welcome; when there were more than are kept, p has to join again.
func (r *Room) enter(p *person, answer string) error {
	if r.ending != nil || p.state != entering {
		return ErrEnded
	}
	missed, kept := r.group.since(p.reached)
	if !kept {
		return fmt.Errorf("commits since epoch %d: %w", p.reached, ErrUnavailable)
	}
	r.broadcast(wire.ParticipantJoined{Participant: p.view()})
	p.state = inside
	r.media.Reseat(p.seat()) // the rules may have changed meanwhile
	r.revoice()
	p.outbox.Send(r.welcome(p, answer))
	for _, c := range missed {
		p.outbox.Send(c)
	}
	if len(r.speakers) > 0 {
		p.outbox.Send(wire.Speakers{Participants: r.speakers})
	}
	r.tellCodecs(p)
	r.showAll()
	r.settle()
	return nil
}

// welcome is the whole room as it stands, for p.
func (r *Room) welcome(p *person, answer string) wire.Welcome {
	w := wire.Welcome{
		Self: p.ID, Session: r.session, Title: r.meeting.Title, Started: r.started.UnixMilli(),
		Rules: r.rules, Answer: answer, Forbidden: r.meeting.Policy.Forbidden(),
	}
	for _, id := range r.order {
		if other := r.people[id]; other.state == inside {
			w.Participants = append(w.Participants, other.view())
		}
	}
	for _, id := range r.group.members() {
		if other := r.people[id]; other == nil || !other.present() {
			w.Gone = append(w.Gone, id)
			if r.awaited(id) {
				w.Lost = append(w.Lost, id)
			}
		}
	}
	return w
}

// Leave ends the stay of a participant, or lets one go who has not come in. It
// returns once that is on record. Leaving twice is no error.
func (r *Room) Leave(ctx context.Context, id string, reason wire.LeaveReason) error {
	var recorded <-chan struct{}
	err := r.do(ctx, func() error {
		if p := r.people[id]; p != nil {
			recorded = r.closeStay(p, reason, time.Now())
			r.media.Remove(id) // who was taken out while the media was negotiated
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
// or nil when there is nothing to record, or not yet.
func (r *Room) closeStay(p *person, reason wire.LeaveReason, now time.Time) (recorded <-chan struct{}) {
	was := p.state
	if was == left {
		return nil
	}
	p.state = left
	r.recordPause(p, now) // the share ends with the stay
	p.live = nil          // nobody stops it any more
	r.revoice()
	r.media.Remove(p.ID)
	recorded = r.endStay(p, reason, now)
	p.hand = 0 // and nobody lowers it
	switch {
	case r.ending != nil:
	case was == knocking:
		r.knockOver(p)
	case was == entering || was == inside: // their leaf is there until a commit removes it
		if !r.anybody() {
			r.emptied, r.vacantReason = now, wire.EndedEmpty
		}
		r.broadcast(wire.ParticipantLeft{Participant: p.ID, Reason: reason})
		r.regroup()
	}
	return recorded
}

// endStay puts the end of p's stay on record, unless their connection was lost and
// they can prove who they are when they come back.
func (r *Room) endStay(p *person, reason wire.LeaveReason, now time.Time) (recorded <-chan struct{}) {
	r.changed = true
	lostOnly := reason == wire.LeftConnection && r.ending == nil
	switch {
	case p.returns != nil && lostOnly:
		r.giveBack(p, now)
	case p.returns != nil:
		recorded = r.closeLost(p.returns)
		p.returns = nil
	case p.joined.IsZero():
	case lostOnly && p.proof != Secret{}:
		r.hold(p, now)
	default:
		recorded = r.record(p.ID, now, p.departure(reason, now))
		p.joined = time.Time{}
	}
	return recorded
}

// regroup sees to what the going of a member changes for the others and for those
// who knock. A group ends with the last of its members who is here.
func (r *Room) regroup() {
	if !r.anybody() {
		r.group = nil
		r.found()
	}
	r.showAll()
	r.settle()
}

// anybody reports whether somebody is in, or just coming in.
func (r *Room) anybody() bool {
	for _, p := range r.people {
		if p.present() {
			return true
		}
	}
	return false
}

func (r *Room) forget(id string) {
	delete(r.people, id)
	r.order = slices.DeleteFunc(r.order, func(other string) bool { return other == id })
	if len(r.people) == 0 {
		r.vacant = time.Now().Add(emptyGrace)
		r.changed = true
	}
}
