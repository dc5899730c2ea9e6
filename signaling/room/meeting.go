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
}

// Visitor is a person whose right to enter the meeting has been checked.
type Visitor struct {
	ID          string // unique for each stay
	Name        string
	Email       string // empty when not asked for
	Role        policy.Role
	Guest       bool // not signed in at the site
	ClientAgent string
	IPAddress   string
}
