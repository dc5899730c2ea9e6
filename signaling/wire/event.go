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
	WaitingForStart     WaitingFor = "start"     // the host has not started the meeting
	WaitingForHost      WaitingFor = "host"      // it runs, and nobody is in who may let people in
	WaitingForAdmission WaitingFor = "admission" // a host has been asked
)

// Admitted tells a participant that they are in the group, before the media is
// negotiated. Who founds the group has leaf 0 and gets neither welcome nor tree, but
// the rules to found it with.
type Admitted struct {
	Group   string `json:"group"` // the group's id, base64url
	Leaf    int    `json:"leaf"`
	Epoch   uint64 `json:"epoch"`
	Welcome string `json:"welcome,omitzero"` // MLSMessage, base64url
	Tree    string `json:"tree,omitzero"`    // base64url
	Rules   *Rules `json:"rules,omitzero"`
}

// Welcome lets a participant in: the whole room as it stands, and the answer to
// the offer in Join. Every later change comes as an event of its own.
type Welcome struct {
	Self         string        `json:"self"`
	Session      string        `json:"session"`
	Title        string        `json:"title"`
	Started      int64         `json:"started"` // Unix time in milliseconds
	Participants []Participant `json:"participants"`
	Gone         []string      `json:"gone"`          // members of the group who are not in the room any more
	Lost         []string      `json:"lost,omitzero"` // those of them who have lost their connection and may come back
	Rules        Rules         `json:"rules"`
	Answer       string        `json:"answer"`

	Forbidden []policy.Action `json:"forbidden"` // by the site, to everybody
}

// Participant is one person in the room, as the server knows them. Who they are
// stands in their credential, which members of the group verify.
type Participant struct {
	ID     string       `json:"id"`
	Leaf   int          `json:"leaf"`
	Role   policy.Role  `json:"role"`
	Joined int64        `json:"joined"` // Unix time in milliseconds
	Live   []LiveSource `json:"live"`
	Hand   int64        `json:"hand,omitzero"` // when it went up, Unix time in milliseconds; none while it is down
}

// LiveSource is a source that a participant sends now.
type LiveSource struct {
	Source  Source  `json:"source"`
	Surface Surface `json:"surface,omitzero"` // of a screen
	Paused  bool    `json:"paused,omitzero"`  // a screen stands still
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
	LeftExpelled    LeaveReason = "expelled"
)

// Knock shows somebody who waits to be let in to those who may add them.
type Knock struct {
	Participant string `json:"participant"`
	KeyPackage  string `json:"keyPackage"` // MLSMessage, base64url
	Door        Door   `json:"door"`
}

// KnockOver tells that somebody does not wait any more, or not for the receiver.
type KnockOver struct {
	Participant string `json:"participant"`
}

// Committed gives everybody in the group the commit that began Epoch, its
// committer included.
type Committed struct {
	By      string   `json:"by"`
	Epoch   uint64   `json:"epoch"`  // that the commit begins
	Commit  string   `json:"commit"` // MLSMessage, base64url
	Removed []string `json:"removed,omitzero"`
	Rules   *Rules   `json:"rules,omitzero"` // when it changed them
}

// Settled tells that everybody who is in has reached Epoch.
type Settled struct {
	Epoch uint64 `json:"epoch"`
}

// SourceChanged tells everyone that a source went live, changed, or stopped. By names who
// did it when that was not the participant.
type SourceChanged struct {
	Participant string  `json:"participant"`
	Source      Source  `json:"source"`
	Live        bool    `json:"live"`
	Surface     Surface `json:"surface,omitzero"`
	Paused      bool    `json:"paused,omitzero"` // a screen stands still
	By          string  `json:"by,omitzero"`
	ByPolicy    bool    `json:"byPolicy,omitzero"` // the site does not allow it any more
}

// PolicyChanged tells everyone what the site forbids from now on, to everybody.
// It replaces what was forbidden before. What runs of it is stopped after it.
type PolicyChanged struct {
	Forbidden []policy.Action `json:"forbidden"`
}

// Speakers lists who is speaking now, loudest first.
type Speakers struct {
	Participants []string `json:"participants"`
}

// Codecs lists the video codecs, by MIME type, that everybody in the room decodes.
// Until it comes, that is all of them.
type Codecs struct {
	Video []string `json:"video"`
}

// EncodingsWanted tells which encodings of a source of the receiver's somebody takes, by
// their rids. The others may be paused, until they are wanted again; those that are then,
// begin with a key frame. Until it comes, all are wanted.
type EncodingsWanted struct {
	Source    Source   `json:"source"`
	Encodings []string `json:"encodings"`
}

// NoRoom lists the receiver's slots, by their media lines, in which a picture stands still
// because the receiver's own line has no room for it. It replaces the list before; at first
// there are none.
type NoRoom struct {
	Slots []string `json:"slots"`
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
func (Codecs) event() string            { return "codecs" }
func (EncodingsWanted) event() string   { return "encodings_wanted" }
func (NoRoom) event() string            { return "no_room" }
func (Ended) event() string             { return "ended" }
func (ICERestarted) event() string      { return "ice_restarted" }
func (Admitted) event() string          { return "admitted" }
func (Knock) event() string             { return "knock" }
func (KnockOver) event() string         { return "knock_over" }
func (Committed) event() string         { return "committed" }
func (Settled) event() string           { return "settled" }
func (PolicyChanged) event() string     { return "policy_changed" }

var events = map[string]func() Event{
	"reply":              func() Event { return new(Reply) },
	"waiting":            func() Event { return new(Waiting) },
	"welcome":            func() Event { return new(Welcome) },
	"participant_joined": func() Event { return new(ParticipantJoined) },
	"participant_left":   func() Event { return new(ParticipantLeft) },
	"source_changed":     func() Event { return new(SourceChanged) },
	"speakers":           func() Event { return new(Speakers) },
	"codecs":             func() Event { return new(Codecs) },
	"encodings_wanted":   func() Event { return new(EncodingsWanted) },
	"no_room":            func() Event { return new(NoRoom) },
	"ended":              func() Event { return new(Ended) },
	"ice_restarted":      func() Event { return new(ICERestarted) },
	"admitted":           func() Event { return new(Admitted) },
	"knock":              func() Event { return new(Knock) },
	"knock_over":         func() Event { return new(KnockOver) },
	"committed":          func() Event { return new(Committed) },
	"settled":            func() Event { return new(Settled) },
	"policy_changed":     func() Event { return new(PolicyChanged) },
	"hand_changed":       func() Event { return new(HandChanged) },
	"unmute_asked":       func() Event { return new(UnmuteAsked) },
}
