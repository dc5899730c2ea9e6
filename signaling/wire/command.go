package wire

import (
	"errors"
	"slices"
)

// The most a command may carry.
const (
	MaxSlots  = 64   // entries in one Watch
	maxID     = 64   // bytes of a participant id or a media line id
	maxHeight = 4320 // pixels of a wished height
)

// Join asks to enter the meeting that the socket's ticket names. It is the
// first command on every socket. Offer is the one SDP offer of the call: the
// send lines for microphone, camera, screen and screen audio in that order,
// sendonly and without a track, then any number of recvonly audio and video
// lines, the slots.
type Join struct {
	Version int    `json:"version"`
	Offer   string `json:"offer"`
}

// Leave ends the sender's stay. Its reply means that the stay is on record.
type Leave struct{}

// EndMeeting ends the session for everyone.
type EndMeeting struct{}

// Publish tells that a source of the sender went live or stopped. Until it is
// live the server forwards nothing from it. Surface is required for a screen
// that goes live, and absent otherwise.
type Publish struct {
	Source  Source  `json:"source"`
	Live    bool    `json:"live"`
	Surface Surface `json:"surface,omitzero"`
}

// Watch says what the sender wants in each of its video slots. It replaces the
// whole of the wish before; a slot not listed shows nothing.
type Watch struct {
	Slots []SlotWish `json:"slots"`
}

// SlotWish is one slot's wish: Source of Participant, at about Height pixels.
type SlotWish struct {
	Mid         string `json:"mid"` // the slot's media line in the offer
	Participant string `json:"participant"`
	Source      Source `json:"source"`
	Height      int    `json:"height"`
}

// Refresh asks for a key frame in a slot that stands still.
type Refresh struct {
	Mid string `json:"mid"`
}

// Mute silences a participant's microphone. The participant can unmute again.
type Mute struct {
	Participant string `json:"participant"`
}

// RestartICE offers the same media lines again with new ICE credentials, after
// the sender's network has changed.
type RestartICE struct {
	Offer string `json:"offer"`
}

func (Join) command() string       { return "join" }
func (Leave) command() string      { return "leave" }
func (EndMeeting) command() string { return "end_meeting" }
func (Publish) command() string    { return "publish" }
func (Watch) command() string      { return "watch" }
func (Refresh) command() string    { return "refresh" }
func (Mute) command() string       { return "mute" }
func (RestartICE) command() string { return "restart_ice" }

var commands = map[string]func() Command{
	"join":        func() Command { return new(Join) },
	"leave":       func() Command { return new(Leave) },
	"end_meeting": func() Command { return new(EndMeeting) },
	"publish":     func() Command { return new(Publish) },
	"watch":       func() Command { return new(Watch) },
	"refresh":     func() Command { return new(Refresh) },
	"mute":        func() Command { return new(Mute) },
	"restart_ice": func() Command { return new(RestartICE) },
}

var (
	errOffer       = errors.New("offer is empty")
	errSource      = errors.New("unknown source")
	errSurface     = errors.New("surface does not fit the source")
	errParticipant = errors.New("participant id is empty or too long")
	errMid         = errors.New("mid is empty or too long")
	errHeight      = errors.New("height is out of range")
	errSlots       = errors.New("too many slots")
	errTwice       = errors.New("a slot is listed twice")
)

func (c Join) check() error     { return checkOffer(c.Offer) }
func (Leave) check() error      { return nil }
func (EndMeeting) check() error { return nil }

func (c Publish) check() error {
	if !slices.Contains(Sources(), c.Source) {
		return errSource
	}
	known := slices.Contains(Surfaces(), c.Surface)
	if needed := c.Source == Screen && c.Live; needed != known || !known && c.Surface != "" {
		return errSurface
	}
	return nil
}

func (c Watch) check() error {
	if len(c.Slots) > MaxSlots {
		return errSlots
	}
	seen := make(map[string]bool, len(c.Slots))
	for _, w := range c.Slots {
		if seen[w.Mid] {
			return errTwice
		}
		seen[w.Mid] = true
		if err := w.check(); err != nil {
			return err
		}
	}
	return nil
}

func (w SlotWish) check() error {
	switch {
	case !validID(w.Mid):
		return errMid
	case !validID(w.Participant):
		return errParticipant
	case w.Source != Camera && w.Source != Screen:
		return errSource
	case w.Height < 0 || w.Height > maxHeight:
		return errHeight
	}
	return nil
}

func (c Refresh) check() error {
	if !validID(c.Mid) {
		return errMid
	}
	return nil
}

func (c Mute) check() error {
	if !validID(c.Participant) {
		return errParticipant
	}
	return nil
}

func (c RestartICE) check() error { return checkOffer(c.Offer) }

func checkOffer(sdp string) error {
	if sdp == "" {
		return errOffer
	}
	return nil
}

func validID(s string) bool { return s != "" && len(s) <= maxID }
