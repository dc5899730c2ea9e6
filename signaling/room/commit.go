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

// Commit makes c the commit of the group's epoch: the first that is sent in each
// epoch is the one, all others are stale. Everybody who is in gets it, and who is
// added by it is let in.
func (r *Room) Commit(ctx context.Context, actor string, c wire.Commit) error {
	return r.do(ctx, func() error {
		by, err := r.present(actor)
		if err != nil {
			return err
		}
		if err := r.mayCommit(by, c); err != nil {
			return err
		}
		r.commit(by, c)
		return nil
	})
}

// mayCommit reports whether c fits the group, and by may do all that c does.
func (r *Room) mayCommit(by *person, c wire.Commit) error {
	if err := r.group.check(c, r.rules.Locked, r.devicesOf(c.Added)); err != nil {
		return err
	}
	if c.Rules != nil {
		if err := r.mayRule(by, *c.Rules); err != nil {
			return err
		}
	}
	for _, a := range c.Added {
		k := r.people[a.Participant]
		if k == nil || k.state != knocking {
			return fmt.Errorf("added: %w", ErrNotFound)
		}
		if !r.mayAdd(by, k) {
			return fmt.Errorf("add %s as %s: %w", k.Role, by.Role, ErrForbidden)
		}
	}
	for _, id := range c.Removed {
		p := r.people[id]
		if p == by || p != nil && p.present() && !r.maySupersede(by, p) {
			return fmt.Errorf("remove as %s: %w", by.Role, ErrForbidden)
		}
	}
	return nil
}

// devicesOf returns the signature keys of whom a commit adds, of those who are here.
func (r *Room) devicesOf(added []wire.Added) map[string]string {
	devices := make(map[string]string, len(added))
	for _, a := range added {
		if k := r.people[a.Participant]; k != nil {
			devices[a.Participant] = k.Device
		}
	}
	return devices
}

// commit takes c, which by may make. It is one task, so that nobody's roster is
// ever between two epochs.
func (r *Room) commit(by *person, c wire.Commit) {
	now := time.Now()
	for _, id := range c.Removed {
		if p := r.people[id]; p != nil && p.present() {
			r.supersede(p, now)
		}
	}
	closed := r.group.devicesOf(c.Removed)
	r.broadcast(r.group.take(by.ID, c, r.devicesOf(c.Added)))
	for _, a := range c.Added {
		k := r.people[a.Participant]
		r.record(k.ID, now, edr.Admitted{By: by.stay})
		r.knockOver(k)
		k.admit(wire.Admitted{Group: r.group.id, Leaf: a.Leaf, Epoch: r.group.epoch, Welcome: c.Welcome, Tree: c.Tree})
	}
	if c.Rules != nil {
		r.rule(by, *c.Rules, now)
	}
	r.lockOut(closed, now)
}

// Reached notes how far actor follows the group.
func (r *Room) Reached(ctx context.Context, actor string, epoch uint64) error {
	return r.do(ctx, func() error {
		p, err := r.present(actor)
		if err != nil {
			return err
		}
		if epoch > r.group.epoch {
			return fmt.Errorf("epoch %d after %d: %w", epoch, r.group.epoch, ErrForbidden)
		}
		p.reached = max(p.reached, epoch)
		r.settle()
		return nil
	})
}

// settle tells, once for each epoch, that everybody who is in has reached it.
// Those who are coming in do not hold it up.
func (r *Room) settle() {
	if r.group == nil || r.group.settled == r.group.epoch {
		return
	}
	anybody := false
	for _, p := range r.people {
		if p.state == inside && p.reached < r.group.epoch {
			return
		}
		anybody = anybody || p.state == inside
	}
	if anybody {
		r.group.settled = r.group.epoch
		r.broadcast(wire.Settled{Epoch: r.group.epoch})
	}
}

// Expel takes target out on behalf of actor, at once. The commit that removes
// them from the group follows from a member. Hosts cannot expel each other.
func (r *Room) Expel(ctx context.Context, actor, target string) error {
	return r.do(ctx, func() error {
		by, err := r.may(actor, policy.ExpelPeople)
		if err != nil {
			return err
		}
		p := r.people[target]
		switch {
		case p == nil || !p.present():
			return fmt.Errorf("participant: %w", ErrNotFound)
		case policy.Allow(p.Role, policy.ExpelPeople) || p.Owner: // actor included
			return fmt.Errorf("expel a %s: %w", p.Role, ErrForbidden)
		}
		r.expel(p, by.ID, time.Now())
		return nil
	})
}

// dismiss takes whoever has that account out, or away from the door: they have no
// account any more. The commit that removes them from the group follows from a
// member, as after Expel.
func (r *Room) dismiss(user string) {
	r.tell(func() {
		for _, id := range slices.Clone(r.order) {
			switch p := r.people[id]; {
			case p.User != user:
			case p.present():
				r.expel(p, "", time.Now())
			case p.state == knocking || p.state == waiting:
				r.turnAway(p, ErrDenied, time.Now())
			}
		}
	})
}

// maySupersede reports whether a commit of by's may remove p, who is in and no host:
// by is a host, and p's own device knocks. Anybody else has to be expelled first, which is
// put on record. That the knocker has the device's key, by has verified.
func (r *Room) maySupersede(by, p *person) bool {
	if p.Device == "" || p.Owner || p.hosts() || !policy.Allow(by.Role, policy.ExpelPeople) {
		return false
	}
	for _, k := range r.people {
		if k.state == knocking && k.Device == p.Device {
			return true
		}
	}
	return false
}

// supersede ends p's stay, whose connection has not noticed yet that it is lost:
// the device knocks again, and a host has removed what it left behind.
func (r *Room) supersede(p *person, now time.Time) {
	p.outbox.Send(wire.ParticipantLeft{Participant: p.ID, Reason: wire.LeftExpelled})
	r.closeStay(p, wire.LeftConnection, now)
}

// expel ends p's stay for by, a participant or nobody. What p is sent last makes p's socket close.
func (r *Room) expel(p *person, by string, now time.Time) {
	r.shutOut(p)
	r.record(p.ID, now, edr.Expelled{By: r.stayOf(by)})
	p.outbox.Send(wire.ParticipantLeft{Participant: p.ID, Reason: wire.LeftExpelled})
	r.closeStay(p, wire.LeftExpelled, now)
	r.expelAlike(p, by, now)
}
