package ws

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/conclave-meet/conclave/signaling/edr"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/signaling/room"
	"github.com/conclave-meet/conclave/signaling/wire"
)

type noMedia struct{}

func (noMedia) Negotiate(_ context.Context, _ room.Seat, offer string) (string, error) {
	if offer == "bad" {
		return "", room.ErrBadOffer
	}
	return "answer", nil
}
func (noMedia) SetLive(string, wire.Source, bool) {}
func (noMedia) Watch(string, []wire.SlotWish)     {}
func (noMedia) Refresh(string, string)            {}
func (noMedia) Remove(string)                     {}
func (noMedia) Reseat(room.Seat)                  {}
func (noMedia) Close()                            {}

type noRecords struct{}

func (noRecords) Add(edr.Record) <-chan struct{} {
	durable := make(chan struct{})
	close(durable)
	return durable
}

func (noRecords) Keep(string, []byte) {}

var meeting = room.Meeting{ID: "m1", Title: "Quarterly numbers"}

// site is a running server with one meeting, whose tickets are the names of who
// may come in: "ada" as host, all others as attendees; "spent" is refused.
type site struct {
	rooms   *room.Registry
	handler *Handler
	url     string
	host    *client // who founded the group
	commits int     // the host's
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{rooms: room.NewRegistry(noRecords{}, func(*room.Room) room.Media { return noMedia{} })}
	s.handler = &Handler{
		Rooms:       s.rooms,
		AllowOrigin: func(r *http.Request) bool { return r.Header.Get("Origin") == "http://site" },
		Admit: func(_ *http.Request, ticket string) (room.Meeting, room.Visitor, error) {
			v := room.Visitor{ID: ticket, Name: ticket, Role: policy.Attendee, Device: strings.TrimSuffix(ticket, "-again")}
			switch ticket {
			case "spent":
				return meeting, v, ErrRefused
			case "broken":
				return meeting, v, errors.New("database is away")
			case "ada":
				v.Role = policy.Host
			}
			return meeting, v, nil
		},
	}
	srv := httptest.NewServer(s.handler)
	t.Cleanup(func() {
		s.rooms.Close()
		s.handler.Wait()
		srv.Close()
	})
	s.url = "ws" + strings.TrimPrefix(srv.URL, "http")
	return s
}

// client is one end of a socket.
type client struct {
	t      *testing.T
	socket *websocket.Conn
}

func (s *site) dial(t *testing.T, ticket string) *client {
	t.Helper()
	d := websocket.Dialer{Subprotocols: []string{subprotocol, ticketPrefix + ticket}}
	socket, resp, err := d.Dial(s.url, http.Header{"Origin": {"http://site"}})
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if got := socket.Subprotocol(); got != subprotocol {
		t.Fatalf("subprotocol %q", got)
	}
	t.Cleanup(func() { _ = socket.Close() })
	return &client{t, socket}
}

const join = `{"type":"join","id":1,"data":{"version":2,"offer":"v=0","keyPackage":"AA","door":"link"}}`

// join dials and comes in: the first as host, others added by the host.
func (s *site) join(t *testing.T, ticket string) *client {
	t.Helper()
	c := s.dial(t, ticket)
	c.send(join)
	if s.host == nil {
		s.host = c
	} else {
		c.expect(`"type":"waiting"`)
		s.add(ticket)
	}
	c.expect(`"type":"admitted"`)
	c.expect(`"type":"welcome"`)
	c.expect(`"re":1,"code":"ok"`)
	return c
}

// add lets the host add somebody who knocks.
func (s *site) add(id string) {
	s.host.t.Helper()
	s.host.send(fmt.Sprintf(`{"type":"commit","id":100,"data":{"epoch":%d,"commit":"AA","welcome":"AA","tree":"AA","added":[{"participant":%q,"leaf":%d}]}}`,
		s.commits, id, s.commits+1))
	s.commits++
}

func (c *client) send(frame string) {
	c.t.Helper()
	if err := c.socket.WriteMessage(websocket.TextMessage, []byte(frame)); err != nil {
		c.t.Fatal(err)
	}
}

// expect reads until a frame contains part.
func (c *client) expect(part string) {
	c.t.Helper()
	_ = c.socket.SetReadDeadline(time.Now().Add(5 * time.Second))
	for {
		_, frame, err := c.socket.ReadMessage()
		if err != nil {
			c.t.Fatalf("no frame with %s: %v", part, err)
		}
		if strings.Contains(string(frame), part) {
			return
		}
	}
}

// expectClose reads until the server closes, with this code.
func (c *client) expectClose(code wire.CloseCode) {
	c.t.Helper()
	_ = c.socket.SetReadDeadline(time.Now().Add(5 * time.Second))
	for {
		_, _, err := c.socket.ReadMessage()
		if err == nil {
			continue
		}
		if !websocket.IsCloseError(err, int(code)) {
			c.t.Fatalf("closed with %v, want %d", err, code)
		}
		return
	}
}

func TestRefusedBeforeTheUpgrade(t *testing.T) {
	s := newSite(t)
	for _, tt := range []struct {
		name, origin string
		protocols    []string
		want         int
	}{
		{"wrong origin", "http://evil", []string{subprotocol, "ticket.bob"}, http.StatusForbidden},
		{"no origin", "", []string{subprotocol, "ticket.bob"}, http.StatusForbidden},
		{"no ticket", "http://site", []string{subprotocol}, http.StatusBadRequest},
		{"empty ticket", "http://site", []string{subprotocol, "ticket."}, http.StatusBadRequest},
		{"another protocol", "http://site", []string{"conclave.v0", "ticket.bob"}, http.StatusBadRequest},
		{"no protocol", "http://site", nil, http.StatusBadRequest},
		{"used ticket", "http://site", []string{subprotocol, "ticket.spent"}, http.StatusForbidden},
		{"broken server", "http://site", []string{subprotocol, "ticket.broken"}, http.StatusInternalServerError},
	} {
		t.Run(tt.name, func(t *testing.T) {
			header := http.Header{}
			if tt.origin != "" {
				header.Set("Origin", tt.origin)
			}
			d := websocket.Dialer{Subprotocols: tt.protocols}
			socket, resp, err := d.Dial(s.url, header)
			if err == nil {
				_ = socket.Close()
				t.Fatal("the socket was opened")
			}
			defer resp.Body.Close()
			if resp.StatusCode != tt.want {
				t.Errorf("status %d, want %d", resp.StatusCode, tt.want)
			}
		})
	}
}

func TestCommandsGetReplies(t *testing.T) {
	s := newSite(t)
	if err := s.rooms.Start(t.Context(), meeting); err != nil {
		t.Fatal(err)
	}
	ada, bob := s.join(t, "ada"), s.join(t, "bob")
	ada.expect(`"type":"participant_joined"`)
	for _, tt := range []struct{ name, send, want string }{
		{"publish", `{"type":"publish","id":2,"data":{"source":"microphone","live":true}}`, `"re":2,"code":"ok"`},
		{"mute nobody", `{"type":"mute","id":3,"data":{"participant":"zz"}}`, `"re":3,"code":"not_found"`},
		{"mute bob", `{"type":"mute","id":4,"data":{"participant":"bob"}}`, `"re":4,"code":"ok"`},
		{"watch", `{"type":"watch","id":5,"data":{"slots":[]}}`, `"re":5,"code":"ok"`},
		{"refresh", `{"type":"refresh","id":6,"data":{"mid":"7"}}`, `"re":6,"code":"ok"`},
		{"restart", `{"type":"restart_ice","id":7,"data":{"offer":"v=0"}}`, `"type":"ice_restarted"`},
		{"bad restart", `{"type":"restart_ice","id":8,"data":{"offer":"bad"}}`, `"re":8,"code":"bad_offer"`},
		{"stale commit", `{"type":"commit","id":9,"data":{"epoch":0,"commit":"AA"}}`, `"re":9,"code":"stale"`},
		{"commit", `{"type":"commit","id":10,"data":{"epoch":1,"commit":"AA"}}`, `"re":10,"code":"ok"`},
		{"reached", `{"type":"reached","id":11,"data":{"epoch":2}}`, `"re":11,"code":"ok"`},
		{"reached what is not", `{"type":"reached","id":12,"data":{"epoch":3}}`, `"re":12,"code":"forbidden"`},
		{"deny nobody", `{"type":"deny","id":13,"data":{"participant":"zz"}}`, `"re":13,"code":"not_found"`},
		{"expel herself", `{"type":"expel","id":14,"data":{"participant":"ada"}}`, `"re":14,"code":"forbidden"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ada.send(tt.send)
			ada.expect(tt.want)
		})
	}
	bob.send(`{"type":"mute","id":2,"data":{"participant":"ada"}}`)
	bob.expect(`"re":2,"code":"forbidden"`)
	bob.send(`{"type":"leave","id":3}`)
	bob.expect(`"re":3,"code":"ok"`)
	bob.expectClose(wire.CloseEnded)
	ada.expect(`"participant_left","data":{"participant":"bob","reason":"left"}`)
	ada.send(`{"type":"end_meeting","id":9}`)
	ada.expect(`"type":"ended"`)
	ada.expectClose(wire.CloseEnded)
}

func TestWaitingParticipantCanLeaveAndCannotCommand(t *testing.T) {
	s := newSite(t)
	bob := s.dial(t, "bob")
	bob.send(join)
	bob.expect(`"type":"waiting"`)
	bob.send(`{"type":"publish","id":2,"data":{"source":"camera","live":true}}`)
	bob.expect(`"re":2,"code":"not_joined"`)
	bob.send(`{"type":"leave","id":3}`)
	bob.expectClose(wire.CloseEnded)
}

func TestMisbehaviourEndsTheConnectionOnly(t *testing.T) {
	for _, tt := range []struct {
		name string
		act  func(*client)
		want wire.CloseCode
	}{
		{"malformed JSON", func(c *client) { c.send(`{"type":`) }, wire.CloseMalformed},
		{"duplicate key", func(c *client) { c.send(`{"type":"leave","type":"end_meeting"}`) }, wire.CloseMalformed},
		{"another case", func(c *client) { c.send(`{"type":"leave","TYPE":"end_meeting"}`) }, wire.CloseMalformed},
		{"invalid UTF-8", func(c *client) { c.send("{\"type\":\"mute\",\"data\":{\"participant\":\"\xff\"}}") }, wire.CloseMalformed},
		{"binary frame", func(c *client) { _ = c.socket.WriteMessage(websocket.BinaryMessage, []byte("{}")) }, wire.CloseMalformed},
		{"oversize frame", func(c *client) { c.send(strings.Repeat(" ", wire.MaxFrame+1)) }, websocket.CloseMessageTooBig},
		{"second join", func(c *client) { c.send(join) }, wire.CloseMalformed},
		{"flood", func(c *client) {
			for range 2 * commandBurst {
				if c.socket.WriteMessage(websocket.TextMessage, []byte(`{"type":"watch","data":{"slots":[]}}`)) != nil {
					return
				}
			}
		}, wire.CloseTooMany},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newSite(t)
			if err := s.rooms.Start(t.Context(), meeting); err != nil {
				t.Fatal(err)
			}
			ada, eve := s.join(t, "ada"), s.join(t, "eve")
			tt.act(eve)
			eve.expectClose(tt.want)
			ada.expect(`"participant_left","data":{"participant":"eve","reason":"connection_lost"}`)
			ada.send(`{"type":"mute","id":9,"data":{"participant":"ada"}}`)
			ada.expect(`"re":9,"code":"ok"`)
		})
	}
}

func TestRefusedJoins(t *testing.T) {
	for _, tt := range []struct{ name, send, want string }{
		{"bad offer", strings.Replace(join, "v=0", "bad", 1), `"code":"bad_offer"`},
		{"old page", strings.Replace(join, `"version":2`, `"version":1`, 1), `"code":"bad_version"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newSite(t)
			if err := s.rooms.Start(t.Context(), meeting); err != nil {
				t.Fatal(err)
			}
			c := s.dial(t, "ada")
			c.send(tt.send)
			c.expect(tt.want)
			c.expectClose(wire.CloseRefused)
		})
	}
	t.Run("command before the join", func(t *testing.T) {
		c := newSite(t).dial(t, "bob")
		c.send(`{"type":"leave","id":1}`)
		c.expectClose(wire.CloseMalformed)
	})
}

// A client that never reads is dropped; one who reads stays, and is told.
func TestSlowReaderIsDropped(t *testing.T) {
	s := newSite(t)
	if err := s.rooms.Start(t.Context(), meeting); err != nil {
		t.Fatal(err)
	}
	ada := s.join(t, "ada")
	s.join(t, "slow") // reads no more from here on
	_ = ada.socket.SetReadDeadline(time.Time{})
	seen, told := make(chan struct{}, outboxLen), make(chan error, 1)
	go func() {
		for {
			_, frame, err := ada.socket.ReadMessage()
			if err != nil || strings.Contains(string(frame), `"participant":"slow","reason":"connection_lost"`) {
				told <- err
				return
			}
			if strings.Contains(string(frame), `"type":"source_changed"`) {
				seen <- struct{}{}
			}
		}
	}()
	r := s.inRoom(t, "bob")
	for live := true; ; live = !live {
		if err := r.Publish(t.Context(), "bob", wire.Publish{Source: wire.Camera, Live: live}); err != nil {
			t.Fatal(err)
		}
		select {
		case <-seen:
		case err := <-told:
			if err != nil {
				t.Fatalf("the one who reads was dropped: %v", err)
			}
			return
		}
	}
}

// inRoom brings a host in without a socket.
func (s *site) inRoom(t *testing.T, id string) *room.Room {
	t.Helper()
	knocked, joined := make(knocked), make(chan *room.Room)
	go func() {
		ask := wire.Join{Offer: "v=0", KeyPackage: "AA", Door: wire.DoorLink}
		r, err := s.rooms.Join(t.Context(), meeting, room.Visitor{ID: id, Role: policy.Host}, ask, knocked)
		if err != nil {
			t.Error(err)
		}
		joined <- r
	}()
	<-knocked
	s.add(id)
	return <-joined
}

// knocked is an outbox that says when its owner waits.
type knocked chan struct{}

func (k knocked) Send(e wire.Event) {
	if _, waits := e.(wire.Waiting); waits {
		close(k)
	}
}
