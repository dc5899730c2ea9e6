package room

import (
	"encoding/hex"
	"slices"
	"time"

	"github.com/conclave-meet/conclave/signaling/policy"
)

// marks are what p is known by however p comes again: the device, the account, and
// the stays of the browser, so that another tab of it is no way around. All but the
// device were proven; that somebody claims another's keeps only themselves out.
func (p *person) marks() (marks []string) {
	if p.Device != "" {
		marks = append(marks, p.Device)
	}
	if p.User != "" {
		marks = append(marks, "user "+p.User)
	}
	for _, secret := range append(p.Browser, p.Secret) {
		if secret != (Secret{}) {
			marks = append(marks, "stay "+hex.EncodeToString(secret[:]))
		}
	}
	return marks
}

// isExpelled reports whether p is known by anything that somebody had who was
// expelled.
func (r *Room) isExpelled(p *person) bool {
	return slices.ContainsFunc(p.marks(), func(mark string) bool { return r.expelled[mark] })
}

// shutOut lets p in no more for as long as the session runs. That is on its way to
// the disk before the record of it.
func (r *Room) shutOut(p *person) {
	for _, mark := range p.marks() {
		r.expelled[mark] = true
		r.changed = true
	}
	r.keep()
}

// expelAlike takes out, or turns away, whoever else is here as the one who was just
// expelled: in another tab, or with another device of the same account.
func (r *Room) expelAlike(expelled *person, by string, now time.Time) {
	for _, id := range slices.Clone(r.order) {
		switch p := r.people[id]; {
		case p == nil || p == expelled || !r.isExpelled(p):
		case p.state == waiting || p.state == knocking:
			r.turnAway(p, ErrExpelled, now)
		case p.present() && !p.Owner && !p.hosts():
			r.expel(p, by, now)
		}
	}
}

// hostMarks are what p is known by as a host: the account, or where p came without
// one, with a join token, what else of p there is.
func (p *person) hostMarks() []string {
	if p.User != "" {
		return []string{p.User}
	}
	return p.marks()
}

// lower notes that the rules made somebody less than the host they came as, or a
// host again. Rules go by the device; the other marks are why another device of
// theirs is no way around.
func (r *Room) lower(p *person) {
	if p.came != policy.Host || p.Owner {
		return
	}
	for _, mark := range p.hostMarks() {
		if p.hosts() {
			delete(r.lowered, mark)
		} else {
			r.lowered[mark] = true
		}
	}
	r.changed = true
}

// isLowered reports whether p comes as a host and is known by what somebody had whom
// the rules made less, on a device that the rules say nothing of.
func (r *Room) isLowered(p *person) bool {
	known := slices.ContainsFunc(p.hostMarks(), func(mark string) bool { return r.lowered[mark] })
	return known && !p.Owner && policy.Allow(r.rules.RoleOf(p.Device, p.came), policy.AdmitPeople)
}
