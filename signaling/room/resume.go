package room

import (
	"crypto/sha256"
	"encoding/binary"
	"maps"
	"slices"
	"time"

	"golang.org/x/time/rate"

	"github.com/conclave-meet/conclave/signaling/edr"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/signaling/wire"
)

// Secret is the SHA-256 of what only the browser of a stay holds: its cookie. The
// zero value is nobody's.
type Secret [sha256.Size]byte

// leftLost is why a stay ended that the server did not see end.
const leftLost wire.LeaveReason = "lost"

// lostStay is a stay whose person has lost their connection. On record it is open
// until they are back, or do not come.
type lostStay struct {
	participant string // under which they were in last
	stay        string
	proof       Secret
	joined      time.Time
	voice       time.Duration
	transport   string
	refusals    map[policy.Action]bool
	shares      *rate.Limiter    // as person.shares; nil after a restart
	pauses      *rate.Limiter    // as person.pauses has; nil after a restart
	hand        int64            // as person.hand: who was in the queue keeps their place
	handUntil   time.Time        // when it is down: nobody who is in can lower it
	at          time.Time        // when the connection was lost
	reason      wire.LeaveReason // why it will have ended then
	until       time.Time        // when they are waited for no more
}

// longestAway is how long somebody may be away, at the door included, for it to be
// one stay.
const longestAway = 10 * time.Minute

// inTime reports whether the stay may go on at now.
func (l *lostStay) inTime(now time.Time) bool {
	return now.Before(l.until) || now.Sub(l.at) < longestAway
}

// byLoss orders stays by when their connections were lost.
func byLoss(a, b *lostStay) int { return a.at.Compare(b.at) }

// proofOf is what v proves by secret: that the stay is theirs, and that they are
// who they said they were. Who comes under another name or account begins another
// stay, so that the record names who was seen.
func proofOf(secret Secret, v Visitor) Secret {
	if secret == (Secret{}) {
		return Secret{}
	}
	hash := sha256.New()
	hash.Write(secret[:])
	for _, text := range []string{v.User, v.Name, v.Email} {
		hash.Write(binary.BigEndian.AppendUint32(nil, uint32(len(text)))) //nolint:gosec // a name is short
		hash.Write([]byte(text))
	}
	return Secret(hash.Sum(nil))
}

// shows reports whether p proves that the stay in which participant was is theirs.
// Proofs are digests: how long comparing them takes tells nothing.
func (p *person) shows(participant string, proof Secret) bool {
	return p.Previous == participant && proof != (Secret{}) && proofOf(p.PreviousSecret, p.Visitor) == proof
}

// claim gives p, who knocks, the stay that they prove to be theirs. What an earlier
// connection of theirs has left behind and nobody has noticed yet, ends with that.
func (r *Room) claim(p *person) {
	now := time.Now()
	for _, id := range slices.Clone(r.order) {
		switch other := r.people[id]; {
		case other.returns != nil && p.shows(other.returns.participant, other.returns.proof):
			r.giveBack(other, now)
		case other.present() && !other.joined.IsZero() && other.Device == p.Device && p.shows(id, other.proof):
			r.supersede(other, now)
			r.forget(id)
		}
	}
	if lost := r.lost[p.Previous]; lost != nil && p.shows(lost.participant, lost.proof) {
		delete(r.lost, lost.participant)
		p.returns, p.stay = lost, lost.stay
	}
}

// giveBack takes from p the stay that p wanted to return to, for their next try.
func (r *Room) giveBack(p *person, now time.Time) {
	if lost := p.returns; lost != nil {
		p.returns, p.stay = nil, p.ID
		if again := now.Add(emptyGrace); lost.inTime(again) && again.After(lost.until) {
			lost.until = again
		}
		r.lost[lost.participant] = lost
	}
}

// awaited reports whether the stay is held that somebody had under this id, or they are
// at the door to go on with it.
func (r *Room) awaited(id string) bool {
	for _, p := range r.people {
		if p.returns != nil && p.returns.participant == id {
			return true
		}
	}
	return r.lost[id] != nil
}

// hold keeps the stay of p, whose connection was lost, for p to come back. When as
// many are kept as people fit in, nobody waits for the one that was lost first.
func (r *Room) hold(p *person, now time.Time) {
	p.mediaConnected(false, now)
	if len(r.lost) >= maxPeople {
		r.closeLost(slices.MinFunc(slices.Collect(maps.Values(r.lost)), byLoss))
	}
	r.lost[p.ID] = &lostStay{
		participant: p.ID, stay: p.stay, proof: p.proof,
		joined: p.joined, voice: p.voice, transport: p.transport, refusals: p.refusals,
		shares: p.shares, pauses: p.pauses.limit, hand: p.hand, handUntil: now.Add(emptyGrace),
		at: now, reason: wire.LeftConnection, until: now.Add(emptyGrace),
	}
	p.joined = time.Time{}
	r.changed = true
}

// resume opens the stay again that p returns to.
func (r *Room) resume(p *person, now time.Time) (recorded <-chan struct{}) {
	lost := p.returns
	p.returns = nil
	p.joined, p.voice, p.transport = lost.joined, lost.voice, lost.transport
	if now.Before(lost.handUntil) {
		p.hand = lost.hand
	}
	if lost.refusals != nil { // a restart forgets them, and the limits
		p.refusals, p.shares, p.pauses.limit = lost.refusals, lost.shares, lost.pauses
	}
	return r.record(p.ID, now, edr.Returned{ParticipantType: string(p.Role)})
}

// closeLost puts the end of a stay on record to which nobody came back: it ended
// when the connection was lost.
func (r *Room) closeLost(lost *lostStay) (recorded <-chan struct{}) {
	delete(r.lost, lost.participant)
	r.changed = true
	stay := max(0, lost.at.Sub(lost.joined))
	return r.record(lost.stay, lost.at, edr.Left{
		Reason: string(lost.reason), Duration: stay, Voice: min(lost.voice, stay), Transport: lost.transport,
	})
}

// closeAllLost closes the stays to which nobody may come back that late, in the
// order in which they were lost.
func (r *Room) closeAllLost(tooLate func(until time.Time) bool) {
	var over []*lostStay
	for _, lost := range r.lost {
		if tooLate(lost.until) {
			over = append(over, lost)
		}
	}
	slices.SortFunc(over, byLoss)
	for _, lost := range over {
		r.closeLost(lost)
	}
}

// stayOf returns the id by which the records know a participant: the one under
// which they first came.
func (r *Room) stayOf(participant string) string {
	if p := r.people[participant]; p != nil {
		return p.stay
	}
	return participant
}

// due returns when the room next has to do something by itself: nobody comes back
// to a stay, or into a room that is empty, or a pause is not on record yet.
func (r *Room) due() (at time.Time, any bool) {
	if r.ending != nil {
		return at, false
	}
	if len(r.people) == 0 {
		at, any = r.vacant, true
	}
	sooner := func(other time.Time) {
		if !any || other.Before(at) {
			at, any = other, true
		}
	}
	for _, lost := range r.lost {
		sooner(lost.until)
	}
	for _, p := range r.people {
		if !p.pauses.due.IsZero() {
			sooner(p.pauses.due)
		}
	}
	return at, any
}

// passTime does what is due at now.
func (r *Room) passTime(now time.Time) {
	if r.ending != nil {
		return
	}
	r.recordPauses(now)
	r.closeAllLost(func(until time.Time) bool { return !now.Before(until) })
	if len(r.people) == 0 && !now.Before(r.vacant) {
		r.end(r.vacantReason, "")
	}
}
