package room

import (
	"slices"
	"time"

	"golang.org/x/time/rate"

	"github.com/conclave-meet/conclave/signaling/edr"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/signaling/wire"
)

// state is how far a person has come.
type state int

const (
	waiting  state = iota // for the host to start
	knocking              // for somebody who may add them to the group
	entering              // in the group; media is being negotiated
	inside                // a participant, seen by all
	left
)

// person is anybody with a socket on the room.
type person struct {
	Visitor
	came       policy.Role // the role of the Visitor
	outbox     Outbox
	keyPackage string
	door       wire.Door
	state      state
	told       wire.WaitingFor        // what they wait for, as they know it
	shown      map[string]bool        // to whom, while they knock
	decided    chan struct{}          // closed when they are admitted, or refused
	refused    error                  // why; set before decided is closed
	leaf       int                    // in the group; set before decided is closed
	reached    uint64                 // the epoch up to which they follow the group
	refusals   map[policy.Action]bool // on record already

	stay      string    // the participant id by which the records know their stay
	proof     Secret    // what they come back to it with
	returns   *lostStay // which they will go on with, until they are in
	joined    time.Time // set while the stay is on record
	live      []wire.LiveSource
	shares    *rate.Limiter // of screens that begin, or become something else
	pauses    pauses
	transport string
	connected time.Time     // when media connected; zero while it is not
	voice     time.Duration // how long it was connected before
	hand      int64         // when it went up, Unix time in milliseconds; 0 while it is down
}

// newPerson returns somebody who has just come.
func newPerson(v Visitor, join wire.Join, outbox Outbox) *person {
	return &person{
		Visitor: v, came: v.Role, stay: v.ID, proof: proofOf(v.Secret, v),
		outbox: outbox, keyPackage: join.KeyPackage, door: join.Door,
		shown: make(map[string]bool), decided: make(chan struct{}), refusals: make(map[policy.Action]bool),
		shares: rate.NewLimiter(rate.Every(shareEvery), sharesAtOnce),
		pauses: pauses{limit: rate.NewLimiter(rate.Every(pauseEvery), pausesAtOnce)},
	}
}

// hosts reports whether p may add people to the group whatever its rules.
func (p *person) hosts() bool { return policy.Allow(p.Role, policy.AdmitPeople) }

// mayFound reports whether p, in this role, may found a group: by their credential,
// which is all that a group without members goes by. Whom the rules made less than a
// host could add nobody; the owner takes their meeting back.
func (p *person) mayFound(role policy.Role) bool {
	return p.came == policy.Host && (p.Owner || policy.Allow(role, policy.AdmitPeople))
}

// present reports whether p is in the group and in the room, or about to be.
func (p *person) present() bool { return p.state == entering || p.state == inside }

// waitFor tells p what they wait for, unless they know.
func (p *person) waitFor(title string, what wire.WaitingFor) {
	if p.told != what {
		p.told = what
		p.outbox.Send(wire.Waiting{Title: title, For: what})
	}
}

// admit lets p, who knocks, in at the leaf where p was added.
func (p *person) admit(as wire.Admitted) {
	p.state, p.leaf, p.reached = entering, as.Leaf, as.Epoch
	p.keyPackage = "" // used up
	p.outbox.Send(as)
	close(p.decided)
}

// refuse sends p, who knocks, away.
func (p *person) refuse(why error) {
	p.refused = why
	close(p.decided)
}

// seat is p's place in the media.
func (p *person) seat() Seat {
	return Seat{Participant: p.ID, Leaf: p.leaf, Host: p.hosts(), Presenter: p.Role == policy.Presenter}
}

// view is what the others see of p.
func (p *person) view() wire.Participant {
	return wire.Participant{
		ID: p.ID, Leaf: p.leaf, Role: p.Role,
		Joined: p.joined.UnixMilli(), Live: slices.Clone(p.live), Hand: p.hand,
	}
}

// sends reports whether p's source is live.
func (p *person) sends(source wire.Source) bool {
	return slices.ContainsFunc(p.live, func(l wire.LiveSource) bool { return l.Source == source })
}

// surface is what the screen shows that p shares; empty for none.
func (p *person) surface() wire.Surface {
	for _, l := range p.live {
		if l.Source == wire.Screen {
			return l.Surface
		}
	}
	return ""
}

// setLive notes that a source went live or stopped.
func (p *person) setLive(source wire.Source, surface wire.Surface, live bool) {
	p.live = slices.DeleteFunc(p.live, func(l wire.LiveSource) bool { return l.Source == source })
	if live {
		p.live = append(p.live, wire.LiveSource{Source: source, Surface: surface})
	}
}

// mediaConnected notes that media began, or stopped, to flow at now.
func (p *person) mediaConnected(on bool, now time.Time) {
	if !p.connected.IsZero() {
		p.voice += now.Sub(p.connected)
	}
	p.connected = time.Time{}
	if on {
		p.connected = now
	}
}

// departure is the record of the end of p's stay at now.
func (p *person) departure(reason wire.LeaveReason, now time.Time) edr.Left {
	p.mediaConnected(false, now)
	stay := now.Sub(p.joined)
	return edr.Left{Reason: string(reason), Duration: stay, Voice: min(p.voice, stay), Transport: p.transport}
}
