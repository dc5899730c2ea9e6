package ws

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/conclave-meet/conclave/signaling/room"
	"github.com/conclave-meet/conclave/signaling/wire"
)

func TestWhoIsSentAwayIsToldWhy(t *testing.T) {
	s := newSite(t)
	if err := s.rooms.Start(t.Context(), meeting); err != nil {
		t.Fatal(err)
	}
	ada, bob := s.join(t, "ada"), s.join(t, "bob")
	knock := func(id string) *client {
		c := s.dial(t, id)
		c.send(join)
		return c
	}
	eve := knock("eve")
	eve.expect(`"for":"admission"`)
	ada.send(`{"type":"deny","id":2,"data":{"participant":"eve"}}`)
	eve.expect(`"re":1,"code":"denied"`)
	eve.expectClose(wire.CloseRefused)

	ada.send(`{"type":"expel","id":3,"data":{"participant":"bob"}}`)
	bob.expect(`"participant_left","data":{"participant":"bob","reason":"expelled"}`)
	bob.expectClose(wire.CloseExpelled)
	ada.expect(`"participant_left","data":{"participant":"bob","reason":"expelled"}`)

	again := knock("bob-again")
	again.expectClose(wire.CloseExpelled)

	ada.send(`{"type":"commit","id":4,"data":{"epoch":1,"commit":"AA","removed":["bob"],"rules":{"locked":true,"lobby":false,"membersAdd":false}}}`)
	ada.expect(`"re":4,"code":"ok"`)
	mal := knock("mal")
	mal.expect(`"re":1,"code":"locked"`)
	mal.expectClose(wire.CloseRefused)
}

// A commit with the tree of a large group is a long frame, and gets through.
func TestLongCommit(t *testing.T) {
	s := newSite(t)
	if err := s.rooms.Start(t.Context(), meeting); err != nil {
		t.Fatal(err)
	}
	ada, bob := s.join(t, "ada"), s.dial(t, "bob")
	bob.send(join)
	bob.expect(`"for":"admission"`)
	frame := `{"type":"commit","id":2,"data":{"epoch":0,"commit":"AA","welcome":"AA","added":[{"participant":"bob","leaf":1}],"tree":"`
	tree := strings.Repeat("A", wire.MaxFrame-len(frame)-len(`"}}`))
	ada.send(frame + tree + `"}}`)
	bob.expect(`"tree":"` + tree + `"`)
	ada.expect(`"re":2,"code":"ok"`)
}

// Who acts on the welcome at once is not told that they are not in, though the join
// has not said yet which room that is.
func TestCommandsAreGoodFromTheWelcomeOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &conn{outbox: make(chan wire.Event, outboxLen), joined: make(chan struct{})}
		c.Send(wire.Admitted{})
		if r := c.joinedRoom(t.Context()); r != nil {
			t.Error("in before the welcome")
		}
		c.Send(wire.Welcome{})
		got, in := make(chan *room.Room, 1), new(room.Room)
		go func() { got <- c.joinedRoom(t.Context()) }()
		synctest.Wait()
		c.room.Store(in)
		close(c.joined)
		if r := <-got; r != in {
			t.Errorf("in %p, want %p", r, in)
		}
	})
}
