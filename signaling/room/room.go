// Package room runs live meetings. A Room owns everything about one of them: who
// is in, who waits, what they send, and the record of it. It is touched only by
// its own goroutine; public methods post to it, and nothing in it blocks: no I/O,
// no SDP, no SQL. It carries no media and no content.
package room

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/conclave-meet/conclave/signaling/edr"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/signaling/wire"
)

const (
	maxPeople   = 250         // in the room, waiting ones included
	maxScreens  = 2           // shared at a time: clients have two slots for screens
	emptyGrace  = time.Minute // how long an empty room is kept, and the stay of who lost their connection
	recordGrace = 5 * time.Second
)

// Outbox takes events for one participant. Send never blocks: a participant too
// slow to drain its outbox is disconnected.
type Outbox interface{ Send(wire.Event) }

// Media is what a room asks of the SFU. All but Negotiate and Close return at
// once; those two are called outside the room's goroutine.
type Media interface {
	// Negotiate takes a participant's media in with the offer of its call and
	// returns the answer; for one who is in, it restarts ICE. ErrBadOffer when
	// the offer is not of the expected shape.
	Negotiate(ctx context.Context, seat Seat, offer string) (answer string, err error)
	SetLive(participant string, source wire.Source, live bool)
	// Reseat notes that another seat than before is a participant's.
	Reseat(seat Seat)
	Watch(participant string, slots []wire.SlotWish)
	Refresh(participant, mid string)
	Remove(participant string)
	// Close returns when nothing of the media runs any more.
	Close()
}

// Seat is a participant's place in the group, by which their media is known.
type Seat struct {
	Participant string
	Leaf        int
	Host        bool // gets the messages for hosts
	Presenter   bool // gets those for presenters
}

// Recorder takes event detail records. Add returns at once; the channel is
// closed when the record and all before it are durable.
type Recorder interface {
	Add(edr.Record) (durable <-chan struct{})
	// Keep keeps what the room of a session needs to go on after a restart.
	Keep(session string, state []byte)
}

// Room is one live meeting.
type Room struct {
	siteID   string
	media    Media
	recorder Recorder
	tasks    chan func()
	done     chan struct{}          // closed when Run has returned
	voices   atomic.Pointer[voices] // who may write to whom; set by the goroutine in Run

	// Owned by the goroutine in Run.
	meeting  Meeting            // its policy is the newest
	session  string             // empty until the host starts
	started  time.Time          // with its monotonic clock, by which all times are told
	recorded <-chan struct{}    // closed when the session's start is durable
	open     bool               // people may knock
	group    *group             // nil while nobody is in it
	rules    wire.Rules         // the group's, or those that the next one is founded with
	seq      uint64             // of the last record
	speakers []string           // who speaks now
	codecs   []string           // that everybody decodes; nil for all
	people   map[string]*person // everybody with a socket, by participant id
	order    []string           // ids in the order of arrival
	expelled map[string]bool    // marks of who is let in no more
	lowered  map[string]bool    // what hosts are known by who are hosts no more
	emptied  time.Time          // when the last person left

	lost         map[string]*lostStay // by participant id; see hold
	vacant       time.Time            // when an empty room is over
	vacantReason wire.EndReason       // and what that is called
	restartGrace time.Duration        // see Registry.RestartGrace
	changed      bool                 // what a restart needs is not what was kept
	suspended    bool                 // the server stops, and the session goes on

	ending   *wire.Ended     // set once the session is over
	written  <-chan struct{} // closed when the record of the end is durable
	announce bool            // the end was announced, its record durable
}

// newRoom returns a room with nobody in it. The caller must call run.
func newRoom(m Meeting, recorder Recorder, restartGrace time.Duration) *Room {
	now := time.Now()
	r := &Room{
		siteID: m.SiteID, meeting: m, recorder: recorder,
		tasks: make(chan func()), done: make(chan struct{}),
		people: make(map[string]*person), expelled: make(map[string]bool), lowered: make(map[string]bool), emptied: now,
		rules: wire.Rules{Lobby: m.Lobby, Rights: m.Rights},
		lost:  make(map[string]*lostStay), vacant: now.Add(emptyGrace), vacantReason: wire.EndedEmpty,
		restartGrace: restartGrace,
	}
	r.obey(m.Policy)
	return r
}

// run serves the room until it is over: ended and on record, empty for long, or
// ctx has ended.
func (r *Room) run(ctx context.Context) {
	defer r.media.Close()
	defer close(r.done)
	clock := time.NewTimer(0) // looks for what is due at once
	defer clock.Stop()
	stop := ctx.Done()
	var giveUp <-chan time.Time
	for {
		select {
		case task := <-r.tasks:
			task()
		case now := <-clock.C:
			r.passTime(now)
		case <-stop:
			if r.suspend() {
				return
			}
			r.end(wire.EndedByShutdown, "")
			stop = nil
		case <-r.written:
			r.announceEnd()
			return
		case <-giveUp:
			return
		}
		if r.ending != nil && giveUp == nil {
			if r.session == "" {
				return // never started: there is nothing to record
			}
			giveUp = time.After(recordGrace)
		}
		r.keep()
		clock.Stop()
		if at, any := r.due(); any {
			clock.Reset(time.Until(at))
		}
	}
}

// do runs fn on the room's goroutine and waits for it.
func (r *Room) do(ctx context.Context, fn func() error) error {
	result := make(chan error, 1)
	select {
	case r.tasks <- func() { result <- fn() }:
		return <-result
	case <-r.done:
		return errGone
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Done is closed when the room is over.
func (r *Room) Done() <-chan struct{} { return r.done }

func (r *Room) gone() bool {
	select {
	case <-r.done:
		return true
	default:
		return false
	}
}

// start begins the session, or waits with others who do. It returns once the
// start is durable. A session that is just ending is waited for; the next one
// needs a new room. Who waited early made the room of the meeting as it was then.
func (r *Room) start(ctx context.Context, m Meeting) error {
	var recorded <-chan struct{}
	err := r.do(ctx, func() error {
		if r.ending != nil {
			return ErrEnded
		}
		if r.session == "" {
			if known := r.meeting; m.PolicyVersion < known.PolicyVersion { // it changed meanwhile
				m.Policy, m.PolicyVersion = known.Policy, known.PolicyVersion
			}
			r.meeting = m
			r.rules = wire.Rules{Lobby: m.Lobby, Rights: m.Rights}
			r.obey(m.Policy)
			r.beginSession()
		}
		recorded = r.recorded
		return nil
	})
	if errors.Is(err, ErrEnded) {
		select {
		case <-r.done:
			return errGone
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if err != nil {
		return err
	}
	if err := await(ctx, recorded); err != nil {
		return err
	}
	return r.do(ctx, func() error {
		if r.ending != nil {
			return ErrEnded
		}
		r.openDoors()
		return nil
	})
}

// await waits a while for a record to become durable.
func await(ctx context.Context, durable <-chan struct{}) error {
	patience := time.NewTimer(recordGrace)
	defer patience.Stop()
	select {
	case <-durable:
		return nil
	case <-patience.C:
		return ErrUnavailable
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (r *Room) beginSession() {
	r.session, r.started = uuid.Must(uuid.NewV7()).String(), time.Now()
	r.emptied, r.vacant = r.started, r.started.Add(emptyGrace)
	r.changed = true
	r.recorded = r.record("", r.started, edr.Started{
		SiteID: r.meeting.SiteID, SiteURL: r.meeting.SiteURL,
		MeetingID: r.meeting.ID, MeetingNumber: r.meeting.Number, MeetingTitle: r.meeting.Title,
		ServiceType: r.meeting.ServiceType, HostID: r.meeting.HostID, HostEmail: r.meeting.HostEmail, HostName: r.meeting.HostName,
		E2EE: true, // there is no switch
	})
}

// record adds a fact about a participant's stay that became true at now. Its time
// is told by the session's monotonic clock, so that no step of the wall clock makes
// records disagree.
func (r *Room) record(participant string, now time.Time, fact edr.Fact) (durable <-chan struct{}) {
	r.seq++
	return r.recorder.Add(edr.Record{
		Session: r.session, Seq: r.seq, At: r.wall(now),
		Participant: r.stayOf(participant), Fact: fact,
	})
}

func (r *Room) wall(now time.Time) time.Time {
	return r.started.Round(0).Add(now.Sub(r.started))
}

// End ends the session for everyone on behalf of actor, who must be in the room.
// It returns once the end is on record and everybody has been told.
func (r *Room) End(ctx context.Context, actor string) error {
	err := r.do(ctx, func() error {
		if _, err := r.may(actor, policy.EndMeeting); err != nil {
			return err
		}
		r.end(wire.EndedByHost, actor)
		return nil
	})
	if err != nil {
		return err
	}
	return r.awaitEnd()
}

// endByOwner ends the session on behalf of the meeting's owner, in the room or
// not.
func (r *Room) endByOwner(ctx context.Context) error {
	err := r.do(ctx, func() error {
		if r.session == "" {
			return ErrNotFound
		}
		r.end(wire.EndedByHost, "")
		return nil
	})
	if err != nil {
		return err
	}
	return r.awaitEnd()
}

// awaitEnd waits until run has returned, which takes no longer than recordGrace.
// It does not mind that the actor's own socket is closed by the end.
func (r *Room) awaitEnd() error {
	<-r.done
	if !r.announce { // safe to read: run has returned
		return ErrUnavailable
	}
	return nil
}

// end closes every stay and the session. Media stops at once; people are told
// when it is on record.
func (r *Room) end(reason wire.EndReason, by string) {
	if r.ending != nil {
		return
	}
	r.ending = &wire.Ended{Reason: reason, By: by}
	if r.session == "" {
		return
	}
	now := time.Now()
	if len(r.people) == 0 {
		now = r.emptied // an empty room is over since the last one left
	}
	for _, id := range r.order {
		r.closeStay(r.people[id], wire.LeftMeetingOver, now)
	}
	r.closeAllLost(func(time.Time) bool { return true })
	r.written = r.record("", now, edr.Ended{Reason: string(reason), Duration: now.Sub(r.started)})
}

func (r *Room) announceEnd() {
	r.announce = true
	for _, p := range r.people {
		p.outbox.Send(*r.ending)
	}
}

// may returns the participant actor if they may perform action.
func (r *Room) may(actor string, action policy.Action) (*person, error) {
	p, err := r.present(actor)
	if err != nil {
		return nil, err
	}
	if !r.allows(p, action) {
		r.refuse(p, action)
		return nil, fmt.Errorf("%s as %s: %w", action, p.Role, ErrForbidden)
	}
	return p, nil
}

// present returns the participant with this id if they are in.
func (r *Room) present(id string) (*person, error) {
	p := r.people[id]
	switch {
	case r.ending != nil:
		return nil, ErrEnded
	case p == nil || p.state != inside:
		return nil, fmt.Errorf("participant: %w", ErrNotFound)
	}
	return p, nil
}

// broadcast sends e to everybody who is in.
func (r *Room) broadcast(e wire.Event) {
	for _, p := range r.people {
		if p.state == inside {
			p.outbox.Send(e)
		}
	}
}
