package wire

import "github.com/conclave-meet/conclave/signaling/policy"

// Waiting tells a participant that they are not in yet.
type Waiting struct {
	Title string     `json:"title"`
	For   WaitingFor `json:"for"`
}

// WaitingFor says what a waiting participant waits for.
type WaitingFor string

// What a participant can wait for.
const (
	WaitingForStart WaitingFor = "start" // the host has not started the meeting
)

// Welcome lets a participant in: the whole room as it stands, and the answer to
// the offer in Join. Every later change comes as an event of its own.
type Welcome struct {
	Self         string        `json:"self"`
	Session      string        `json:"session"`
	Title        string        `json:"title"`
	Started      int64         `json:"started"` // Unix time in milliseconds
	Participants []Participant `json:"participants"`
	Answer       string        `json:"answer"`
}

// Participant is one person in the room, as the others see them.
type Participant struct {
	ID     string       `json:"id"`
	Name   string       `json:"name"`
	Role   policy.Role  `json:"role"`
	Guest  bool         `json:"guest"`  // true for a person who is not signed in at the site
	Joined int64        `json:"joined"` // Unix time in milliseconds
	Live   []LiveSource `json:"live"`
}

// LiveSource is a source that a participant sends now.
type LiveSource struct {
	Source  Source  `json:"source"`
	Surface Surface `json:"surface,omitzero"` // of a screen
}

// ParticipantJoined tells the others that a participant entered.
type ParticipantJoined struct {
	Participant Participant `json:"participant"`
}

// ParticipantLeft tells the others that a participant's stay ended.
type ParticipantLeft struct {
	Participant string      `json:"participant"`
	Reason      LeaveReason `json:"reason"`
}

// LeaveReason says why a stay ended.
type LeaveReason string

// Why a stay can end.
const (
	LeftByChoice    LeaveReason = "left"
	LeftConnection  LeaveReason = "connection_lost"
	LeftMeetingOver LeaveReason = "meeting_ended"
)

// SourceChanged tells everyone that a source went live or stopped. By names who
// did it when that was not the participant.
type SourceChanged struct {
	Participant string  `json:"participant"`
	Source      Source  `json:"source"`
	Live        bool    `json:"live"`
	Surface     Surface `json:"surface,omitzero"`
	By          string  `json:"by,omitzero"`
}

// Speakers lists who is speaking now, loudest first.
type Speakers struct {
	Participants []string `json:"participants"`
}

// Ended tells that the session is over and its record is written. The server
// closes the socket after it.
type Ended struct {
	Reason EndReason `json:"reason"`
	By     string    `json:"by,omitzero"`
}

// EndReason says why a session ended.
type EndReason string

// Why a session can end.
const (
	EndedByHost     EndReason = "ended_by_host"
	EndedEmpty      EndReason = "empty"    // nobody was left
	EndedByShutdown EndReason = "shutdown" // the server was stopped in order
)

// ICERestarted answers the offer in RestartICE.
type ICERestarted struct {
	Answer string `json:"answer"`
}

func (Waiting) event() string           { return "waiting" }
func (Welcome) event() string           { return "welcome" }
func (ParticipantJoined) event() string { return "participant_joined" }
func (ParticipantLeft) event() string   { return "participant_left" }
func (SourceChanged) event() string     { return "source_changed" }
func (Speakers) event() string          { return "speakers" }
func (Ended) event() string             { return "ended" }
func (ICERestarted) event() string      { return "ice_restarted" }

var events = map[string]func() Event{
	"reply":              func() Event { return new(Reply) },
	"waiting":            func() Event { return new(Waiting) },
	"welcome":            func() Event { return new(Welcome) },
	"participant_joined": func() Event { return new(ParticipantJoined) },
	"participant_left":   func() Event { return new(ParticipantLeft) },
	"source_changed":     func() Event { return new(SourceChanged) },
	"speakers":           func() Event { return new(Speakers) },
	"ended":              func() Event { return new(Ended) },
	"ice_restarted":      func() Event { return new(ICERestarted) },
}
