package room

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/signaling/wire"
)

// Registry is the way to every room. A room exists while somebody is in it or
// waits for it, and a little longer.
type Registry struct {
	// RestartGrace is how long a session that the server leaves open may wait for
	// its next start; 0 ends sessions with the server. It is set before the first room.
	RestartGrace time.Duration

	recorder Recorder
	newMedia func(*Room) Media
	ctx      context.Context //nolint:containedctx // the life of the rooms, not of a call
	stop     context.CancelFunc
	wg       sync.WaitGroup

	mu     sync.Mutex // guards rooms and closed
	rooms  map[string]*Room
	closed bool
}

// NewRegistry returns a registry without rooms. newMedia makes the media of a
// room, which tells the room about connections and speakers. The caller must
// call Close.
func NewRegistry(recorder Recorder, newMedia func(*Room) Media) *Registry {
	ctx, stop := context.WithCancel(context.Background())
	return &Registry{recorder: recorder, newMedia: newMedia, ctx: ctx, stop: stop, rooms: make(map[string]*Room)}
}

// Start begins a session of m and lets waiting people in. It returns once the
// session is on record, at once if it is running already; ErrUnavailable when it
// cannot be put on record.
func (g *Registry) Start(ctx context.Context, m Meeting) error {
	return g.with(m, func(r *Room) error { return r.start(ctx, m) })
}

// Join brings v into the meeting m; see Room.Join. The room it returns is the
// one v is in, or was refused by.
func (g *Registry) Join(ctx context.Context, m Meeting, v Visitor, join wire.Join, outbox Outbox) (in *Room, err error) {
	err = g.with(m, func(r *Room) error {
		in = r
		return r.Join(ctx, v, join, outbox)
	})
	return in, err
}

// End ends the session of a meeting on behalf of its owner. It returns once the
// end is on record; ErrNotFound when the meeting is not running.
func (g *Registry) End(ctx context.Context, meetingID string) error {
	r := g.find(meetingID)
	if r == nil {
		return ErrNotFound
	}
	return r.endByOwner(ctx)
}

// SetPolicy tells every room of the site what its policy is now, and the how
// manieth of that site it is. It returns when they obey. An older one than a room
// knows changes nothing there.
func (g *Registry) SetPolicy(siteID string, version int64, p policy.Site) {
	for _, r := range g.at(siteID) {
		r.setPolicy(version, p)
	}
}

// Dismiss takes a user who lost their account out of every meeting of the site.
func (g *Registry) Dismiss(siteID, user string) {
	for _, r := range g.at(siteID) {
		r.dismiss(user)
	}
}

// at returns the rooms of a site.
func (g *Registry) at(siteID string) (rooms []*Room) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, r := range g.rooms {
		if r.siteID == siteID {
			rooms = append(rooms, r)
		}
	}
	return rooms
}

// Sites lists the sites that have rooms now.
func (g *Registry) Sites() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	sites := make(map[string]bool)
	for _, r := range g.rooms {
		sites[r.siteID] = true
	}
	return slices.Sorted(maps.Keys(sites))
}

// Running reports whether a session of the meeting is open.
func (g *Registry) Running(meetingID string) bool {
	r := g.find(meetingID)
	if r == nil {
		return false
	}
	running := false
	r.tell(func() { running = r.open && r.ending == nil })
	return running
}

// Len returns how many rooms there are.
func (g *Registry) Len() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.rooms)
}

// Close ends every session in order, or leaves it to the next start, and waits for
// all rooms.
func (g *Registry) Close() {
	g.mu.Lock()
	g.closed = true
	g.mu.Unlock()
	g.stop()
	g.wg.Wait()
}

func (g *Registry) find(meetingID string) *Room {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.rooms[meetingID]
}

// with calls use with the room of m, and with a new one when the room turns out
// to have just gone.
func (g *Registry) with(m Meeting, use func(*Room) error) error {
	for {
		r, err := g.open(m)
		if err != nil {
			return err
		}
		if err := use(r); !errors.Is(err, errGone) {
			return err
		}
	}
}

// open returns the room of m, made now if there is none.
func (g *Registry) open(m Meeting) (*Room, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if r := g.rooms[m.ID]; r != nil && !r.gone() {
		return r, nil
	}
	if g.closed {
		return nil, ErrUnavailable
	}
	return g.serve(newRoom(m, g.recorder, g.RestartGrace)), nil
}

// serve runs r until it is over. The caller holds g.mu.
func (g *Registry) serve(r *Room) *Room {
	id := r.meeting.ID
	r.media = g.newMedia(r)
	g.rooms[id] = r
	g.wg.Go(func() {
		r.run(g.ctx)
		g.mu.Lock()
		defer g.mu.Unlock()
		if g.rooms[id] == r {
			delete(g.rooms, id)
		}
	})
	return r
}
