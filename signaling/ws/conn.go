package ws

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
	"golang.org/x/time/rate"

	"github.com/conclave-meet/conclave/signaling/room"
	"github.com/conclave-meet/conclave/signaling/wire"
)

const (
	joinWait    = 10 * time.Second // for the first command
	messageWait = 10 * time.Second // for the rest of a message that has begun
	pongWait    = 30 * time.Second
	pingEvery   = pongWait / 3
	writeWait   = 5 * time.Second
	leaveWait   = 5 * time.Second
	lingerWait  = time.Second // for the client to take note of the close

	outboxLen = 512 // events a slow client may fall behind; a host may find 249 who knock

	commandRate  = 30 // a second; a person with a mouse gives a few
	commandBurst = 100
)

// closing ends a connection with a code that tells the client why.
type closing struct {
	code   wire.CloseCode
	reason string
}

func (c closing) Error() string { return c.reason }

var (
	errMalformed = closing{wire.CloseMalformed, "not the protocol"}
	errSlow      = closing{wire.CloseTooSlow, "too slow to read"}
	errOver      = closing{wire.CloseEnded, "the stay is over"}
	errTooMany   = closing{wire.CloseTooMany, "too many commands"}
	errRefused   = closing{wire.CloseRefused, "the join was refused"}
	errExpelled  = closing{wire.CloseExpelled, "taken out by a host"}
	errRestart   = closing{wire.CloseRestart, "the server restarts"}
)

// conn is one participant's socket. It implements room.Outbox.
type conn struct {
	socket  *websocket.Conn
	rooms   *room.Registry
	meeting room.Meeting
	visitor room.Visitor
	outbox  chan wire.Event
	finish  context.CancelCauseFunc
	limit   *rate.Limiter

	joining  bool                      // read loop only: a join has been sent
	reading  bool                      // read loop only: a message has begun
	welcomed atomic.Bool               // a welcome was sent
	room     atomic.Pointer[room.Room] // set when joined
	joined   chan struct{}             // closed when room is set
	wg       sync.WaitGroup            // the join
}

// serve runs the connection until either side ends it. It owns the socket.
func serve(ctx context.Context, socket *websocket.Conn, rooms *room.Registry, m room.Meeting, v room.Visitor) error {
	ctx, finish := context.WithCancelCause(ctx)
	c := &conn{
		socket: socket, rooms: rooms, meeting: m, visitor: v,
		outbox: make(chan wire.Event, outboxLen), finish: finish,
		limit: rate.NewLimiter(commandRate, commandBurst), joined: make(chan struct{}),
	}
	written := make(chan struct{})
	go func() {
		defer close(written)
		c.writeLoop(ctx)
	}()
	finish(c.readLoop(ctx))
	<-written
	c.linger()
	_ = socket.Close()
	c.wg.Wait()
	return context.Cause(ctx)
}

// Send implements room.Outbox.
func (c *conn) Send(e wire.Event) {
	if _, is := e.(wire.Welcome); is {
		c.welcomed.Store(true) // before the client can know
	}
	select {
	case c.outbox <- e:
	default:
		c.finish(errSlow)
	}
	switch e := e.(type) {
	case wire.Ended:
		c.finish(errOver)
	case wire.ParticipantLeft: // the only one that tells of the receiver
		if e.Participant == c.visitor.ID {
			c.finish(errExpelled)
		}
	}
}

func (c *conn) readLoop(ctx context.Context) error {
	c.socket.SetReadLimit(wire.MaxFrame)
	_ = c.socket.SetReadDeadline(time.Now().Add(joinWait))
	c.socket.SetPongHandler(func(string) error {
		if c.joining && !c.reading { // a pong must not keep half a message alive
			return c.socket.SetReadDeadline(time.Now().Add(pongWait))
		}
		return nil
	})
	for ctx.Err() == nil {
		frame, err := c.read()
		if err != nil {
			return err
		}
		if !c.limit.Allow() {
			return errTooMany
		}
		env, cmd, err := wire.Decode(frame)
		if err != nil {
			slog.InfoContext(ctx, "malformed frame", "participant", c.visitor.ID, "err", err)
			return errMalformed
		}
		if err := c.take(ctx, env, cmd); err != nil {
			return err
		}
	}
	return context.Cause(ctx)
}

// read returns the next message.
func (c *conn) read() ([]byte, error) {
	kind, message, err := c.socket.NextReader()
	if err != nil {
		return nil, readError(err)
	}
	if kind != websocket.TextMessage {
		return nil, errMalformed
	}
	c.reading = true
	_ = c.socket.SetReadDeadline(time.Now().Add(messageWait))
	frame, err := io.ReadAll(message)
	if err != nil {
		return nil, readError(err)
	}
	c.reading = false
	_ = c.socket.SetReadDeadline(time.Now().Add(pongWait))
	return frame, nil
}

func readError(err error) error {
	if errors.Is(err, websocket.ErrReadLimit) {
		return errMalformed
	}
	return fmt.Errorf("read: %w", err)
}

// take handles one command and replies. It returns an error to end the
// connection.
func (c *conn) take(ctx context.Context, env wire.Envelope, cmd wire.Command) error {
	if join, ok := cmd.(*wire.Join); ok {
		if c.joining {
			return errMalformed
		}
		c.joining = true
		c.wg.Go(func() { c.join(ctx, env.ID, join) })
		return nil
	}
	if !c.joining {
		return errMalformed
	}
	r := c.joinedRoom(ctx)
	if _, leaving := cmd.(*wire.Leave); leaving && r == nil {
		return errOver
	}
	if r == nil {
		c.Send(wire.Reply{Re: env.ID, Code: wire.NotJoined})
		return nil
	}
	c.reply(ctx, env, c.handle(ctx, r, cmd))
	if _, leaving := cmd.(*wire.Leave); leaving {
		return errOver
	}
	return nil
}

// joinedRoom returns the room the participant is in, or nil. Who has their welcome
// is in, though the join may be a moment from knowing.
func (c *conn) joinedRoom(ctx context.Context) *room.Room {
	if c.welcomed.Load() {
		select {
		case <-c.joined:
		case <-ctx.Done():
		}
	}
	return c.room.Load()
}

// handle is the whole of the protocol after the join: one line for each command.
func (c *conn) handle(ctx context.Context, r *room.Room, cmd wire.Command) error {
	switch cmd := cmd.(type) {
	case *wire.Leave:
		return r.Leave(ctx, c.visitor.ID, wire.LeftByChoice)
	case *wire.EndMeeting:
		return r.End(ctx, c.visitor.ID)
	case *wire.Publish:
		return r.Publish(ctx, c.visitor.ID, *cmd)
	case *wire.Watch:
		return r.Watch(ctx, c.visitor.ID, cmd.Slots)
	case *wire.Refresh:
		return r.Refresh(ctx, c.visitor.ID, cmd.Mid)
	case *wire.Commit:
		return r.Commit(ctx, c.visitor.ID, *cmd)
	case *wire.Reached:
		return r.Reached(ctx, c.visitor.ID, cmd.Epoch)
	case *wire.Deny:
		return r.Deny(ctx, c.visitor.ID, cmd.Participant)
	case *wire.Expel:
		return r.Expel(ctx, c.visitor.ID, cmd.Participant)
	case *wire.Mute:
		return r.Mute(ctx, c.visitor.ID, cmd.Participant)
	case *wire.RaiseHand:
		return r.RaiseHand(ctx, c.visitor.ID, cmd.Raised)
	case *wire.LowerHand:
		return r.LowerHand(ctx, c.visitor.ID, cmd.Participant)
	case *wire.MuteAll:
		return r.MuteAll(ctx, c.visitor.ID)
	case *wire.AskToUnmute:
		return r.AskToUnmute(ctx, c.visitor.ID, cmd.Participant)
	case *wire.StopShares:
		return r.StopShares(ctx, c.visitor.ID, cmd.Participant)
	case *wire.PauseShare:
		return r.PauseShare(ctx, c.visitor.ID, cmd.Paused)
	case *wire.RestartICE:
		return c.restartICE(ctx, r, cmd.Offer)
	default:
		return fmt.Errorf("no handler for %T", cmd)
	}
}

func (c *conn) restartICE(ctx context.Context, r *room.Room, offer string) error {
	answer, err := r.RestartICE(ctx, c.visitor.ID, offer)
	if err == nil {
		c.Send(wire.ICERestarted{Answer: answer})
	}
	return err
}

// join brings the participant in, stays until the connection or the room is
// over, and lets them go.
func (c *conn) join(ctx context.Context, id uint32, cmd *wire.Join) {
	if cmd.Version != wire.Version {
		c.Send(wire.Reply{Re: id, Code: wire.BadVersion})
		c.finish(errRefused)
		return
	}
	r, err := c.rooms.Join(ctx, c.meeting, c.visitor, *cmd, c)
	if r != nil {
		defer c.leave(ctx, r)
	}
	if errors.Is(err, room.ErrExpelled) {
		c.finish(errExpelled) // as the first time
		return
	}
	if err != nil {
		c.turnAway(ctx, id, r, err)
		return
	}
	c.room.Store(r)
	c.Send(wire.Reply{Re: id, Code: wire.OK})
	close(c.joined)
	select {
	case <-ctx.Done():
	case <-r.Done():
		c.finish(whyOver(r))
	}
}

// turnAway answers the join numbered id, which failed for err.
func (c *conn) turnAway(ctx context.Context, id uint32, r *room.Room, err error) {
	if r != nil && r.Suspended() {
		c.finish(errRestart)
		return
	}
	c.reply(ctx, wire.Envelope{Type: "join", ID: id}, err)
	c.finish(errRefused)
}

// whyOver says why the stay in r is over, which is done.
func whyOver(r *room.Room) error {
	if r.Suspended() {
		return errRestart
	}
	return errOver
}

// leave ends the stay however the connection ended.
func (c *conn) leave(ctx context.Context, r *room.Room) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaveWait)
	defer cancel()
	if err := r.Leave(ctx, c.visitor.ID, wire.LeftConnection); err != nil && !errors.Is(err, room.ErrEnded) {
		slog.ErrorContext(ctx, "stay not closed in time", "participant", c.visitor.ID, "err", err)
	}
}

func (c *conn) reply(ctx context.Context, env wire.Envelope, err error) {
	code := wire.CodeOf(err, []wire.CodeRule{
		{Err: room.ErrForbidden, Code: wire.Forbidden},
		{Err: room.ErrNotFound, Code: wire.NotFound},
		{Err: room.ErrEnded, Code: wire.MeetingOver},
		{Err: room.ErrFull, Code: wire.Full},
		{Err: room.ErrBadOffer, Code: wire.BadOffer},
		{Err: room.ErrStale, Code: wire.Stale},
		{Err: room.ErrLocked, Code: wire.Locked},
		{Err: room.ErrDenied, Code: wire.Denied},
		{Err: room.ErrTooOften, Code: wire.TooOften},
		{Err: room.ErrUnavailable, Code: wire.Unavailable},
		{Err: context.Canceled, Code: wire.MeetingOver}, // nobody is there to read it
	})
	if code == wire.Internal {
		slog.ErrorContext(ctx, "command failed", "type", env.Type, "participant", c.visitor.ID, "err", err)
	}
	c.Send(wire.Reply{Re: env.ID, Code: code})
}
