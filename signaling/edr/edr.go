// Package edr keeps event detail records: the immutable facts about a session
// (started, joined, left, ended, …) that reports and billing are made from. It
// owns their order and their way to durable storage, not their tables. A record
// never holds content: no word of chat, no name of a file, no page.
package edr

import "time"

// Record is one fact about a session. A Record is never changed after Add.
type Record struct {
	Session     string    // the session it belongs to
	Seq         uint64    // its place in the session, from 1; with Session it is the idempotency key
	At          time.Time // when, by the session's own clock (see room)
	Participant string    // whom it is about; empty for the session itself
	Fact        Fact
}

// Fact is what happened. The types below are all there are.
type Fact interface{ Kind() string }

// Started opens a session.
type Started struct {
	SiteID        string
	SiteURL       string
	MeetingID     string
	MeetingNumber string
	MeetingTitle  string
	ServiceType   string
	HostID        string // the user whose record it is
	HostEmail     string
	HostName      string
}

// Joined opens a participant's stay.
type Joined struct {
	DisplayName     string
	Email           string // empty when not asked for
	ParticipantType string // the role at the time
	ClientAgent     string
	IPAddress       string
}

// Left closes a participant's stay.
type Left struct {
	Reason    string
	Duration  time.Duration // of the stay, by the monotonic clock
	Voice     time.Duration // of the stay with media connected
	Transport string        // "udp", "tcp", "turn"; empty when media never connected
}

// Ended closes a session.
type Ended struct {
	Reason   string
	Duration time.Duration // by the monotonic clock
}

// Muted tells that somebody silenced a participant.
type Muted struct{ By string }

// ShareStarted tells that a participant shows a Surface.
type ShareStarted struct{ Surface string }

// ShareStopped tells that a participant's share ended.
type ShareStopped struct{}

// Kind implements Fact with the names that reports use.
func (Started) Kind() string { return "started" }

// Kind implements Fact.
func (Joined) Kind() string { return "joined" }

// Kind implements Fact.
func (Left) Kind() string { return "left" }

// Kind implements Fact.
func (Ended) Kind() string { return "ended" }

// Kind implements Fact.
func (Muted) Kind() string { return "muted" }

// Kind implements Fact.
func (ShareStarted) Kind() string { return "shareStarted" }

// Kind implements Fact.
func (ShareStopped) Kind() string { return "shareStopped" }
