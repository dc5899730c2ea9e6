// Package room runs live meetings. This file is what the rest of the program
// names of it.
package room

import "errors"

// Meeting is what a room needs to know of the meeting it runs.
type Meeting struct {
	ID, SiteID, SiteURL, Number, Title, ServiceType, HostEmail, HostName string
}

// The ways a request to a room can fail.
var (
	ErrForbidden   = errors.New("not allowed")
	ErrNotFound    = errors.New("not found")
	ErrEnded       = errors.New("meeting has ended")
	ErrFull        = errors.New("room is full")
	ErrUnavailable = errors.New("records cannot be kept")
)
