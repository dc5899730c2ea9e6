package room

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/conclave-meet/conclave/signaling/edr"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/signaling/wire"
)

// allows reports whether p may perform action, by role, rights and the site.
func (r *Room) allows(p *person, action policy.Action) bool {
	return r.meeting.Policy.May(p.Role, r.rules.RightsOf(p.Device), action)
}

// mayRule reports whether by may make rules the group's. Every member checks the
// same (docs/e2ee.md). The owner of the meeting may whatever their role is: so
// nobody takes a meeting from them.
func (r *Room) mayRule(by *person, rules wire.Rules) error {
	if !by.Owner {
		for _, needed := range r.needed(rules) {
			if !policy.Allow(by.Role, needed) {
				r.refuse(by, needed)
				return fmt.Errorf("%s as %s: %w", needed, by.Role, ErrForbidden)
			}
		}
	}
	for _, key := range rules.Rerolled(r.rules) {
		p := r.member(key)
		if p == nil {
			return fmt.Errorf("the role of who is no member: %w", ErrNotFound)
		}
		if p.Owner && by.Device != key {
			r.refuse(by, policy.GrantRoles)
			return fmt.Errorf("the owner's role: %w", ErrForbidden)
		}
	}
	return nil
}

// needed lists what somebody must be allowed to do to replace the rules.
func (r *Room) needed(rules wire.Rules) (actions []policy.Action) {
	if !rules.SameDoor(r.rules) {
		actions = append(actions, policy.SetRules)
	}
	if !rules.SameRights(r.rules) {
		actions = append(actions, policy.GrantRights)
	}
	if len(actions) == 0 || len(rules.Rerolled(r.rules)) > 0 { // to change nothing is a host's, too
		actions = append(actions, policy.GrantRoles)
	}
	return actions
}

// member returns who is here with this key and in the group.
func (r *Room) member(key string) *person {
	for _, p := range r.people {
		if key != "" && p.Device == key && p.present() {
			return p
		}
	}
	return nil
}

// rule makes rules the group's, which by may do. What people may not do any more
// is stopped in the same task.
func (r *Room) rule(by *person, rules wire.Rules, now time.Time) {
	was := r.rules
	r.rules, r.changed = rules, true
	r.keep() // on its way to the disk before the records of it
	switch {
	case rules.Locked && !was.Locked:
		r.record("", now, edr.Locked{By: by.stay})
	case !rules.Locked && was.Locked:
		r.record("", now, edr.Unlocked{By: by.stay})
	}
	if !rules.SameRights(was) {
		r.record("", now, edr.RightsChanged{By: by.stay})
	}
	for _, id := range r.order {
		r.reroll(by, r.people[id], now)
	}
	r.revoice()
	r.stopUnallowed(by.ID)
	r.showAll()
}

// reroll gives p the role that the rules say.
func (r *Room) reroll(by, p *person, now time.Time) {
	role := r.rules.RoleOf(p.Device, p.came)
	if role == p.Role {
		return
	}
	p.Role = role
	r.lower(p)
	if !p.present() {
		return
	}
	r.record(p.ID, now, edr.RoleChanged{Role: string(role), By: by.stay})
	r.media.Reseat(p.seat())
}

// stopUnallowed stops what people send who may not any more, since by changed the
// rules.
func (r *Room) stopUnallowed(by string) {
	for _, id := range r.order {
		p := r.people[id]
		if p.state != inside {
			continue
		}
		for _, l := range slices.Clone(p.live) {
			if !r.allows(p, rightTo(l.Source, p.surface())) {
				r.stop(p, l.Source, wire.SourceChanged{By: by})
			}
		}
	}
}

// StopShares stops what target shows on behalf of actor, or what everybody does
// where target is empty. Anyone may stop what they show themselves.
func (r *Room) StopShares(ctx context.Context, actor, target string) error {
	return r.do(ctx, func() error {
		by, err := r.present(actor)
		if actor != target && err == nil {
			by, err = r.may(actor, policy.StopShares)
		}
		if err != nil {
			return err
		}
		if target == actor {
			r.stop(by, wire.Screen, wire.SourceChanged{})
			return nil
		}
		if target != "" {
			p, err := r.present(target)
			if err == nil {
				r.stop(p, wire.Screen, wire.SourceChanged{By: by.ID})
			}
			return err
		}
		for _, id := range r.order {
			if p := r.people[id]; p.state == inside { // and not somebody who is just going
				r.stop(p, wire.Screen, wire.SourceChanged{By: by.ID})
			}
		}
		return nil
	})
}

// MuteAll silences everybody on behalf of actor, but actor and those who could
// silence actor.
func (r *Room) MuteAll(ctx context.Context, actor string) error {
	return r.do(ctx, func() error {
		by, err := r.may(actor, policy.MuteOthers)
		if err != nil {
			return err
		}
		for _, id := range r.order {
			if p := r.people[id]; p.state == inside && !r.allows(p, policy.MuteOthers) {
				r.mute(by, p)
			}
		}
		return nil
	})
}

// AskToUnmute asks target on behalf of actor to open their microphone.
func (r *Room) AskToUnmute(ctx context.Context, actor, target string) error {
	return r.do(ctx, func() error {
		by, err := r.may(actor, policy.MuteOthers)
		if err != nil {
			return err
		}
		p, err := r.present(target)
		if err != nil {
			return err
		}
		if !r.allows(p, policy.PublishMicrophone) {
			return fmt.Errorf("ask %s, who may not speak: %w", p.Role, ErrForbidden)
		}
		p.outbox.Send(wire.UnmuteAsked{By: by.ID})
		return nil
	})
}
