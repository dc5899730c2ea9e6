package room

import "github.com/conclave-meet/conclave/signaling/policy"

// Meeting is what a room needs to know of the scheduled meeting it runs.
type Meeting struct {
	ID          string
	SiteID      string
	SiteURL     string // host and port of the site, for records
	Number      string // 11 digits
	Title       string
	ServiceType string // "MeetingCenter"
	HostID      string // the user who owns it
	HostEmail   string
	HostName    string
	Rights      []policy.Right // of attendees, until a presenter says otherwise
	Lobby       bool           // hosts are asked before somebody comes in, until a host says otherwise

	Policy        policy.Site // when the room is made; see Registry.SetPolicy
	PolicyVersion int64       // counts the policies of the site
}

// Visitor is a person whose right to enter the meeting has been checked.
type Visitor struct {
	ID          string // unique for each stay
	User        string // the account's id; empty for a guest
	Name        string
	Email       string      // empty when not asked for
	Role        policy.Role // on coming in, and from then on what the rules make of it
	Owner       bool        // the meeting is theirs: nobody else takes their role away
	Guest       bool        // not signed in at the site
	Device      string      // the signature key that is the same for each stay of a browser; empty for none
	ClientAgent string
	IPAddress   string // as it is; the site says what of it is kept

	Secret         Secret   // of this stay
	Previous       string   // the participant they say to have been before; empty for nobody
	PreviousSecret Secret   // what they prove it by
	Browser        []Secret // of all stays of their browser

	DisclaimerHash string // of what they agreed to; empty for nothing
	Form           string // JSON, what they answered to the site's questions; empty for nothing
}
