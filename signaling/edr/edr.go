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
	E2EE          bool // what people say and show is encrypted end to end
}

// Joined opens a participant's stay.
type Joined struct {
	DisplayName     string
	Email           string // empty when not asked for
	ParticipantType string // the role at the time
	ClientAgent     string
	IPAddress       string // or what the site keeps of it
	DisclaimerHash  string // of what they agreed to; empty for nothing
	Form            string // JSON, what they answered to the site's questions; empty for nothing
}

// Returned tells that a participant whose connection was lost is back: their stay
// goes on.
type Returned struct{ ParticipantType string } // the role now

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

// Admitted tells that somebody let a participant in.
type Admitted struct{ By string }

// Denied tells that somebody sent a participant away who asked to come in.
type Denied struct{ By string }

// Expelled tells that somebody took a participant out.
type Expelled struct{ By string }

// Locked tells that somebody locked the meeting: nobody comes in any more.
type Locked struct{ By string }

// Unlocked tells that somebody opened the meeting again.
type Unlocked struct{ By string }

// RoleChanged tells that somebody gave a participant another role.
type RoleChanged struct{ Role, By string }

// RightsChanged tells that somebody changed what attendees may do.
type RightsChanged struct{ By string }

// Muted tells that somebody silenced a participant.
type Muted struct{ By string }

// Refused tells that a participant asked for what they may not do. A page asks
// for no such thing: it is a program, or a page that has not heard yet.
type Refused struct{ Action string }

// ShareStarted tells that a participant shows a Surface.
type ShareStarted struct{ Surface string }

// SharePaused tells that a participant's share stands still.
type SharePaused struct{}

// ShareResumed tells that a participant's share goes on.
type ShareResumed struct{}

// ShareStopped tells that a participant's share ended. By names who ended it when
// that was somebody else.
type ShareStopped struct{ By string }

// Kind implements Fact with the names that reports use.
func (Started) Kind() string { return "started" }

// Kind implements Fact.
func (Joined) Kind() string { return "joined" }

// Kind implements Fact.
func (Returned) Kind() string { return "returned" }

// Kind implements Fact.
func (Left) Kind() string { return "left" }

// Kind implements Fact.
func (Ended) Kind() string { return "ended" }

// Kind implements Fact.
func (Admitted) Kind() string { return "admitted" }

// Kind implements Fact.
func (Denied) Kind() string { return "denied" }

// Kind implements Fact.
func (Expelled) Kind() string { return "expelled" }

// Kind implements Fact.
func (Locked) Kind() string { return "locked" }

// Kind implements Fact.
func (Unlocked) Kind() string { return "unlocked" }

// Kind implements Fact.
func (RoleChanged) Kind() string { return "roleChanged" }

// Kind implements Fact.
func (RightsChanged) Kind() string { return "rightsChanged" }

// Kind implements Fact.
func (Muted) Kind() string { return "muted" }

// Kind implements Fact.
func (Refused) Kind() string { return "refused" }

// Kind implements Fact.
func (ShareStarted) Kind() string { return "shareStarted" }

// Kind implements Fact.
func (SharePaused) Kind() string { return "sharePaused" }

// Kind implements Fact.
func (ShareResumed) Kind() string { return "shareResumed" }

// Kind implements Fact.
func (ShareStopped) Kind() string { return "shareStopped" }
