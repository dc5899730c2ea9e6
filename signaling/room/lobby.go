package room

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/conclave-meet/conclave/signaling/edr"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/signaling/wire"
)

// knock takes p's socket in. While the meeting does not run p waits for that, and
// then for a commit that adds p to the group.
func (r *Room) knock(p *person) error {
	switch {
	case r.ending != nil:
		return ErrEnded
	case r.isExpelled(p):
		return ErrExpelled // who is new in the group does not know them, and would add them
	case r.isLowered(p):
		return ErrForbidden
	}
	r.claim(p)
	if err := r.doorFor(p); err != nil {
		r.giveBack(p, time.Now())
		return err
	}
	p.Role = r.rules.RoleOf(p.Device, p.came)
	r.people[p.ID] = p
	r.order = append(r.order, p.ID)
	if !r.open {
		p.waitFor(r.meeting.Title, wire.WaitingForStart)
		return nil
	}
	p.state = knocking
	r.found()
	r.show(p)
	return nil
}

// doorFor reports whether p, who was not expelled, may knock.
func (r *Room) doorFor(p *person) error {
	founds := r.group == nil && p.mayFound(r.rules.RoleOf(p.Device, p.came))
	// Members add nobody while locked but who takes a leaf over that they had. Who was
	// in before, and proves it, may wait for that, and where somebody can open the door.
	waits := p.returns != nil && (r.group == nil || r.hasHost() || r.group.knows(p.Device))
	switch {
	case len(r.people) >= maxPeople:
		return ErrFull
	case r.rules.Locked && !founds && !waits:
		return ErrLocked
	}
	return nil
}

// openDoors lets those who waited for the meeting to run knock, in the order they
// came.
func (r *Room) openDoors() {
	r.open = true
	for _, p := range r.people {
		if p.state == waiting {
			p.state = knocking
		}
	}
	r.found()
	r.showAll()
}

// found lets the first host who knocks found a group, if there is none. Who was
// made a host here is not enough: whose the device is, only members can verify.
func (r *Room) found() {
	if r.group != nil {
		return
	}
	for _, id := range r.order {
		if p := r.people[id]; p.state == knocking && p.mayFound(p.Role) {
			rules := r.rules
			r.group = newGroup(p.ID, p.Device)
			p.admit(wire.Admitted{Group: r.group.id, Rules: &rules})
			return
		}
	}
}

// mayAdd reports whether a commit of p's may add k to the group. Where no host is
// in, any member finds one the way back who knows the link.
func (r *Room) mayAdd(p, k *person) bool {
	switch {
	case p.state != inside:
		return false
	case p.hosts() || r.rules.MembersAdd:
		return true
	default:
		return k.hosts() && k.door == wire.DoorLink && !r.hasHost()
	}
}

// hasHost reports whether somebody is in who may add people in any case.
func (r *Room) hasHost() bool {
	for _, p := range r.people {
		if p.state == inside && p.hosts() {
			return true
		}
	}
	return false
}

// showAll shows everybody who knocks. It is called whenever who may add them may
// have changed.
func (r *Room) showAll() {
	for _, id := range r.order {
		r.show(r.people[id])
	}
}

// show shows k, if k knocks, to those who may add k now and were not shown k yet,
// takes k back from those who may not any more, and tells k what that means.
func (r *Room) show(k *person) {
	if k.state != knocking {
		return
	}
	for _, p := range r.people {
		may, shown := r.mayAdd(p, k), k.shown[p.ID]
		switch {
		case may && !shown:
			k.shown[p.ID] = true
			p.outbox.Send(wire.Knock{Participant: k.ID, KeyPackage: k.keyPackage, Door: k.door})
		case !may && shown:
			r.hide(p.ID, k)
		}
	}
	if len(k.shown) > 0 {
		k.waitFor(r.meeting.Title, wire.WaitingForAdmission)
	} else {
		k.waitFor(r.meeting.Title, wire.WaitingForHost)
	}
}

// hide takes k back from one who was shown k.
func (r *Room) hide(id string, k *person) {
	delete(k.shown, id)
	if p := r.people[id]; p != nil && p.state == inside {
		p.outbox.Send(wire.KnockOver{Participant: k.ID})
	}
}

// knockOver takes k back from everybody.
func (r *Room) knockOver(k *person) {
	for id := range k.shown {
		r.hide(id, k)
	}
}

// Deny sends target away, who knocks, on behalf of actor.
func (r *Room) Deny(ctx context.Context, actor, target string) error {
	return r.do(ctx, func() error {
		if _, err := r.may(actor, policy.AdmitPeople); err != nil {
			return err
		}
		k := r.people[target]
		if k == nil || k.state != knocking {
			return fmt.Errorf("knocker: %w", ErrNotFound)
		}
		if k.Owner {
			return fmt.Errorf("deny the owner: %w", ErrForbidden)
		}
		now := time.Now()
		r.record(k.ID, now, edr.Denied{By: r.stayOf(actor)})
		r.turnAway(k, ErrDenied, now)
		return nil
	})
}

// lockOut sends away who knocked to take over the leaf that one of these devices had, when
// that is gone while the group is locked and no host is here to unlock it: nobody will
// come to add them. Their stay is there for another try.
func (r *Room) lockOut(devices []string, now time.Time) {
	if !r.rules.Locked || slices.ContainsFunc(slices.Collect(maps.Values(r.people)), func(p *person) bool {
		return p.present() && p.hosts()
	}) {
		return
	}
	for _, id := range slices.Clone(r.order) {
		if k := r.people[id]; k.state == knocking && slices.Contains(devices, k.Device) && !r.group.knows(k.Device) {
			r.giveBack(k, now)
			r.turnAway(k, ErrLocked, now)
		}
	}
}

// turnAway sends k away, who has not come in: there is no stay whose end needs a
// reason.
func (r *Room) turnAway(k *person, why error, now time.Time) {
	r.closeStay(k, "", now)
	k.refuse(why)
}
