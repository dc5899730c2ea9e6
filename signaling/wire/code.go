package wire

import "errors"

// Reply answers the command numbered Re.
type Reply struct {
	Re   uint32 `json:"re"`
	Code Code   `json:"code"`
}

func (Reply) event() string { return "reply" }

// Code tells a client how its command went.
type Code string

// The codes. A client shows the user a sentence for each.
const (
	OK          Code = "ok"
	Forbidden   Code = "forbidden"
	NotFound    Code = "not_found"
	MeetingOver Code = "ended"       // the meeting is over
	Full        Code = "full"        // the room holds no more people, or no more shares
	BadOffer    Code = "bad_offer"   // the SDP is not the shape the server expects
	BadVersion  Code = "bad_version" // the page is older or newer than the server
	NotJoined   Code = "not_joined"  // the command needs a joined participant
	Stale       Code = "stale"       // another commit began the next epoch, or is about to
	Locked      Code = "locked"      // the meeting is locked
	Denied      Code = "denied"      // a host did not let the participant in
	TooOften    Code = "too_often"   // what makes records was asked for too often in a short time
	Unavailable Code = "unavailable" // the server cannot keep its records now
	Internal    Code = "internal"
)

// CodeOf returns the code that table gives err, or Internal.
func CodeOf(err error, table []CodeRule) Code {
	if err == nil {
		return OK
	}
	for _, rule := range table {
		if errors.Is(err, rule.Err) {
			return rule.Code
		}
	}
	return Internal
}

// CodeRule gives Code to every error that is Err.
type CodeRule struct {
	Err  error
	Code Code
}

// CloseCode is a WebSocket close code of our own (RFC 6455 §7.4.2 leaves
// 4000–4999 to applications).
type CloseCode int

// Why the server closes a socket.
const (
	CloseMalformed CloseCode = 4400 // the client does not speak the protocol
	CloseTooSlow   CloseCode = 4408 // the client does not read what it is sent
	CloseEnded     CloseCode = 4410 // the stay or the session is over
	CloseTooMany   CloseCode = 4429 // more commands than a person can give
	CloseRefused   CloseCode = 4403 // the join was refused; the Reply before says why
	CloseExpelled  CloseCode = 4411 // a host took the participant out
	CloseRestart   CloseCode = 4503 // the server restarts: join again, the session goes on
)
