// Package ws is the WebSocket edge: it lets a browser open a socket, turns frames
// into calls on a room and a room's events into frames. It decides nothing about
// meetings, and knows nothing of media.
package ws

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"

	"github.com/gorilla/websocket"

	"github.com/conclave-meet/conclave/signaling/room"
)

// The subprotocols a client asks for: the protocol itself, and a second one that
// carries its ticket, so that the ticket is in no URL and no log.
const (
	subprotocol  = "conclave.v1"
	ticketPrefix = "ticket."
)

// ErrRefused is what Admit returns for a ticket or cookie that opens nothing.
var ErrRefused = errors.New("ticket and cookie do not open a socket")

// Handler upgrades requests to sockets and serves them. Set its fields before
// the first request.
type Handler struct {
	Rooms *room.Registry
	// Admit says which meeting the ticket lets the request's sender into, and
	// as whom. It uses the ticket up.
	Admit func(r *http.Request, ticket string) (room.Meeting, room.Visitor, error)
	// AllowOrigin reports whether the request comes from a page of the site. A
	// request without an Origin comes from no page.
	AllowOrigin func(r *http.Request) bool

	wg sync.WaitGroup // sockets
}

// ServeHTTP refuses before the upgrade whatever it can.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !h.AllowOrigin(r) {
		http.Error(w, "this address is for the site's own pages", http.StatusForbidden)
		return
	}
	ticket, ok := ticketOf(r)
	if !ok {
		http.Error(w, "open the socket with "+subprotocol+" and a ticket", http.StatusBadRequest)
		return
	}
	meeting, visitor, err := h.Admit(r, ticket)
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	upgrader := websocket.Upgrader{
		Subprotocols: []string{subprotocol},
		CheckOrigin:  func(*http.Request) bool { return true }, // checked above
	}
	socket, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		slog.DebugContext(r.Context(), "socket not upgraded", "err", err)
		return // Upgrade has answered
	}
	h.wg.Add(1)
	defer h.wg.Done()
	ctx := context.WithoutCancel(r.Context()) // net/http ends it at the hijack's whim
	err = serve(ctx, socket, h.Rooms, meeting, visitor)
	slog.InfoContext(ctx, "socket closed", "meeting", meeting.ID, "participant", visitor.ID, "cause", err)
}

func (h *Handler) refuse(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, ErrRefused) {
		http.Error(w, "join the meeting again: the ticket is used, too old, or not yours", http.StatusForbidden)
		return
	}
	slog.ErrorContext(r.Context(), "socket not admitted", "err", err)
	http.Error(w, "try again in a moment", http.StatusInternalServerError)
}

// Wait returns when every socket is closed. Rooms close theirs when they end.
func (h *Handler) Wait() { h.wg.Wait() }

// ticketOf returns the ticket among the subprotocols a client asks for.
func ticketOf(r *http.Request) (ticket string, ok bool) {
	known := false
	for _, p := range websocket.Subprotocols(r) {
		if p == subprotocol {
			known = true
		} else if t, is := strings.CutPrefix(p, ticketPrefix); is {
			ticket = t
		}
	}
	return ticket, known && ticket != ""
}
