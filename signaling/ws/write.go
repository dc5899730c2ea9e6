package ws

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/gorilla/websocket"

	"github.com/conclave-meet/conclave/signaling/wire"
)

// writeLoop sends events and pings until ctx ends or a write fails. Then it
// sends what is left, says why, and gives readLoop a last moment.
func (c *conn) writeLoop(ctx context.Context) {
	defer c.hurry()
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			c.sayGoodbye(context.Cause(ctx))
			return
		case e := <-c.outbox:
			err = c.writeEvent(e)
		case <-ping.C:
			err = c.write(websocket.PingMessage, nil)
		}
		if err != nil {
			c.finish(err)
			return
		}
	}
}

// sayGoodbye sends what the outbox still holds, and a close frame with the
// cause's code. A client too slow to read is sent the code only, if it still fits.
func (c *conn) sayGoodbye(cause error) {
	var why closing
	if !errors.As(cause, &why) {
		return // the client has gone
	}
	for why != errSlow {
		select {
		case e := <-c.outbox:
			if c.writeEvent(e) != nil {
				return
			}
			continue
		default:
		}
		break
	}
	_ = c.socket.SetWriteDeadline(time.Now().Add(writeWait))
	_ = c.socket.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(int(why.code), why.reason))
}

// hurry lets readLoop wait no longer than for the client to close in turn.
func (c *conn) hurry() { _ = c.socket.NetConn().SetReadDeadline(time.Now().Add(lingerWait)) }

// linger reads what the client still sends: closing a socket with unread bytes
// resets it, and the client would not learn why. It takes a bounded time and
// keeps nothing.
func (c *conn) linger() {
	c.hurry()
	_, _ = io.Copy(io.Discard, c.socket.NetConn())
}

func (c *conn) writeEvent(e wire.Event) error {
	frame, err := wire.Encode(e)
	if err != nil {
		return err
	}
	return c.write(websocket.TextMessage, frame)
}

func (c *conn) write(kind int, frame []byte) error {
	_ = c.socket.SetWriteDeadline(time.Now().Add(writeWait))
	if err := c.socket.WriteMessage(kind, frame); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}
