// Package wire defines the signalling protocol: every message that crosses the
// WebSocket, and nothing else. It holds no state and decides nothing. The
// TypeScript side and docs/protocol.md are generated from it by tools/tsgen.
package wire

import (
	"errors"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Version is bumped on an incompatible change. A Join with another version is
// refused.
const Version = 2

// MaxFrame is the longest frame a client may send, in bytes. An offer with 25
// camera slots is about 60 kB, one with every codec a browser knows is longer;
// the tree of a group of 250 is about 270 kB.
const MaxFrame = 512 << 10

// ErrMalformed is wrapped by every error Decode returns: the client does not
// speak the protocol.
var ErrMalformed = errors.New("malformed message")

// Envelope is one WebSocket text frame.
type Envelope struct {
	Type string         `json:"type"`
	ID   uint32         `json:"id,omitzero"` // a command's number; its Reply carries it back
	Data jsontext.Value `json:"data,omitzero"`
}

// Command is a message from a client.
type Command interface {
	command() string
	check() error
}

// Event is a message from the server.
type Event interface{ event() string }

// strict refuses what encoding/json lets through and a browser reads
// differently: unknown members here; duplicate names, names in another case
// and invalid UTF-8 by the library's default.
var strict = json.RejectUnknownMembers(true)

// Decode parses one client frame. Its errors wrap ErrMalformed and never quote
// the frame.
func Decode(frame []byte) (Envelope, Command, error) {
	var env Envelope
	if len(frame) > MaxFrame {
		return env, nil, fmt.Errorf("%w: frame of %d bytes", ErrMalformed, len(frame))
	}
	if err := json.Unmarshal(frame, &env, strict); err != nil {
		return env, nil, fmt.Errorf("%w: envelope", ErrMalformed)
	}
	newCommand, ok := commands[env.Type]
	if !ok {
		return env, nil, fmt.Errorf("%w: unknown command", ErrMalformed)
	}
	cmd := newCommand()
	data := env.Data
	if data == nil {
		data = jsontext.Value("{}")
	}
	if err := json.Unmarshal(data, cmd, strict); err != nil {
		return env, nil, fmt.Errorf("%w: data of %s", ErrMalformed, env.Type)
	}
	if err := cmd.check(); err != nil {
		return env, nil, fmt.Errorf("%w: %s: %w", ErrMalformed, env.Type, err)
	}
	return env, cmd, nil
}

// Encode renders one event.
func Encode(e Event) ([]byte, error) {
	data, err := json.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("encode %s: %w", e.event(), err)
	}
	return json.Marshal(Envelope{Type: e.event(), Data: data})
}

// EncodeCommand renders one command numbered id, as a client does.
func EncodeCommand(id uint32, c Command) ([]byte, error) {
	data, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("encode %s: %w", c.command(), err)
	}
	return json.Marshal(Envelope{Type: c.command(), ID: id, Data: data})
}

// DecodeEvent parses one server frame, as a client does.
func DecodeEvent(frame []byte) (Event, error) {
	var env Envelope
	if err := json.Unmarshal(frame, &env, strict); err != nil {
		return nil, fmt.Errorf("%w: envelope", ErrMalformed)
	}
	newEvent, ok := events[env.Type]
	if !ok {
		return nil, fmt.Errorf("%w: unknown event", ErrMalformed)
	}
	e := newEvent()
	if err := json.Unmarshal(env.Data, e, strict); err != nil {
		return nil, fmt.Errorf("%w: data of %s", ErrMalformed, env.Type)
	}
	return e, nil
}
