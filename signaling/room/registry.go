package room

import (
	"context"
	"errors"
	"sync"
)

// Registry is the way to every room. A room exists while somebody is in it or
// waits for it, and a little longer.
type Registry struct {
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
	return g.with(m, func(r *Room) error { return r.start(ctx) })
}

// Join brings v into the meeting m; see Room.Join. The room it returns is the
// one v is in, or was refused by.
func (g *Registry) Join(ctx context.Context, m Meeting, v Visitor, offer string, outbox Outbox) (in *Room, err error) {
	err = g.with(m, func(r *Room) error {
		in = r
		return r.Join(ctx, v, offer, outbox)
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

// Close ends every session in order and waits for all rooms.
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
	r := newRoom(m, g.recorder)
	r.media = g.newMedia(r)
	g.rooms[m.ID] = r
	g.wg.Go(func() {
		r.run(g.ctx)
		g.mu.Lock()
		defer g.mu.Unlock()
		if g.rooms[m.ID] == r {
			delete(g.rooms, m.ID)
		}
	})
	return r, nil
}
