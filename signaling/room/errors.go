package room

import (
	"errors"
	"fmt"
)

// The ways a request to a room can fail. The edge turns each into a wire code
// or an HTTP status; any other error is an internal one, logged and hidden.
var (
	ErrForbidden   = errors.New("not allowed")
	ErrNotFound    = errors.New("not found")
	ErrEnded       = errors.New("meeting has ended")
	ErrFull        = errors.New("meeting is full")
	ErrStale       = errors.New("another commit began the next epoch")
	ErrLocked      = errors.New("meeting is locked")
	ErrDenied      = errors.New("a host said no")
	ErrExpelled    = errors.New("expelled from this session before")
	ErrTooOften    = errors.New("too often in a short time")
	ErrUnavailable = errors.New("not kept, or cannot be kept") // records, commits
	ErrBadOffer    = errors.New("offer cannot be answered")    // from Media.Negotiate
)

// errGone is ErrEnded for a task that no longer reached the room: a new room may
// take it.
var errGone = fmt.Errorf("room is gone: %w", ErrEnded)
