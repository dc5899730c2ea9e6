package room

import (
	"slices"
	"time"

	"github.com/conclave-meet/conclave/signaling/edr"
	"github.com/conclave-meet/conclave/signaling/wire"
)

// state is how far a person has come.
type state int

const (
	waiting  state = iota // for the host to start
	entering              // let in; media is being negotiated
	inside                // a participant, seen by all
	left
)

// person is anybody with a socket on the room.
type person struct {
	Visitor
	outbox   Outbox
	state    state
	admitted chan struct{} // closed when let in

	joined    time.Time // set while the stay is on record
	live      []wire.LiveSource
	transport string
	connected time.Time     // when media connected; zero while it is not
	voice     time.Duration // how long it was connected before
}

// admit lets a waiting person in.
func (p *person) admit() {
	if p.state == waiting {
		p.state = entering
		close(p.admitted)
	}
}

// view is what the others see of p.
func (p *person) view() wire.Participant {
	return wire.Participant{
		ID: p.ID, Name: p.Name, Role: p.Role, Guest: p.Guest,
		Joined: p.joined.UnixMilli(), Live: slices.Clone(p.live),
	}
}

// sends reports whether p's source is live.
func (p *person) sends(source wire.Source) bool {
	return slices.ContainsFunc(p.live, func(l wire.LiveSource) bool { return l.Source == source })
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
