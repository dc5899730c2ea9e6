package janus

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// message is a request to Janus, an answer of it, or an event; see its
// documentation of the REST API.
type message struct {
	Janus       string          `json:"janus"`
	Transaction string          `json:"transaction"`
	Plugin      string          `json:"plugin,omitempty"`
	Body        any             `json:"body,omitempty"`
	JSEP        *description    `json:"jsep,omitempty"`
	Data        *id             `json:"data,omitempty"`
	PluginData  *pluginData     `json:"plugindata,omitempty"`
	Error       json.RawMessage `json:"error,omitempty"`
}

type id struct {
	ID uint64 `json:"id"`
}

type pluginData struct {
	Data videoRoom `json:"data"`
}

// videoRoom is what the plugin says.
type videoRoom struct {
	Error string `json:"error"`
	Code  int    `json:"error_code"`
}

// noSuchFeed is the plugin's code for a publisher that it does not know, or not
// yet: one whose media has only just come up.
const noSuchFeed = 428

// pluginError is what the plugin says is wrong.
type pluginError struct {
	text string
	code int
}

func (e pluginError) Error() string { return fmt.Sprintf("janus: %s (%d)", e.text, e.code) }

// description is one side of a negotiation.
type description struct {
	Type    string `json:"type"`
	SDP     string `json:"sdp"`
	Trickle bool   `json:"trickle"`
}

// handle is one connection to the plugin, in a session of its own: events of a
// session come one after another.
type handle struct {
	server  *Server
	session string
	path    string
}

// maxAnswer bounds what is read of one, in bytes.
const maxAnswer = 1 << 20

// ask posts m and returns the answer.
func (s *Server) ask(ctx context.Context, path string, m message) (message, error) {
	m.Transaction = "bench"
	body, err := json.Marshal(m)
	if err != nil {
		return message{}, err
	}
	return s.do(ctx, http.MethodPost, path, body)
}

func (s *Server) do(ctx context.Context, method, path string, body []byte) (answer message, err error) {
	req, err := http.NewRequestWithContext(ctx, method, s.url+path, bytes.NewReader(body))
	if err != nil {
		return answer, err
	}
	resp, err := http.DefaultClient.Do(req) //nolint:gosec // our own Janus
	if err != nil {
		return answer, err
	}
	defer func() { _ = resp.Body.Close() }()
	if err := json.NewDecoder(io.LimitReader(resp.Body, maxAnswer)).Decode(&answer); err != nil {
		return answer, err
	}
	if answer.Error != nil {
		return answer, fmt.Errorf("janus: %s", answer.Error)
	}
	if answer.PluginData != nil && answer.PluginData.Data.Error != "" {
		return answer, pluginError{answer.PluginData.Data.Error, answer.PluginData.Data.Code}
	}
	return answer, nil
}

// attach opens a handle to the VideoRoom.
func (s *Server) attach(ctx context.Context) (handle, error) {
	h := handle{server: s}
	created, err := s.ask(ctx, "", message{Janus: "create"})
	if err != nil {
		return h, err
	}
	h.session = "/" + strconv.FormatUint(created.Data.ID, 10)
	attached, err := s.ask(ctx, h.session, message{Janus: "attach", Plugin: "janus.plugin.videoroom"})
	if err != nil {
		return h, err
	}
	h.path = h.session + "/" + strconv.FormatUint(attached.Data.ID, 10)
	return h, nil
}

// say sends body, and waits for the plugin's event unless it has answered at once.
func (h handle) say(ctx context.Context, body any, jsep *description) (message, error) {
	m, err := h.server.ask(ctx, h.path, message{Janus: "message", Body: body, JSEP: jsep})
	for err == nil && m.Janus != "success" && m.Janus != "event" {
		m, err = h.next(ctx)
	}
	return m, err
}

// negotiate is say for what is answered with a description. Events of others in the
// room may come before it.
func (h handle) negotiate(ctx context.Context, body any, jsep *description) (*description, error) {
	m, err := h.say(ctx, body, jsep)
	for err == nil && m.JSEP == nil {
		m, err = h.next(ctx)
	}
	return m.JSEP, err
}

// next waits for the session's next event.
func (h handle) next(ctx context.Context) (message, error) {
	return h.server.do(ctx, http.MethodGet, h.session+"?maxev=1", nil)
}
