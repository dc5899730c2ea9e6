// Package policy says who may do what. It is two small tables and one function
// for each; nothing else in the program compares roles. It knows nothing of
// rooms, people or the network.
package policy

import "slices"

// Role is a participant's standing in one meeting.
type Role string

// The roles, strongest first.
const (
	Host      Role = "host"
	Presenter Role = "presenter"
	Panelist  Role = "panelist"
	Attendee  Role = "attendee"
)

// Roles lists every role, strongest first.
func Roles() []Role { return []Role{Host, Presenter, Panelist, Attendee} }

// Action is something a participant may be allowed to do in a meeting.
type Action string

// The actions, named as verb phrases.
const (
	PublishMicrophone Action = "publish_microphone"
	PublishCamera     Action = "publish_camera"
	ShareScreen       Action = "share_screen"
	MuteOthers        Action = "mute_others"
	EndMeeting        Action = "end_meeting"
)

// Allow reports whether role may perform action. An unknown role or action is
// refused.
func Allow(role Role, action Action) bool {
	return slices.Contains(Table[action], role)
}

// SiteRole is what a user is at a site, in and out of meetings.
type SiteRole string

// The site roles.
const (
	SiteAdmin SiteRole = "admin"
	SiteHost  SiteRole = "host"
)

// SiteRoles lists every site role, strongest first.
func SiteRoles() []SiteRole { return []SiteRole{SiteAdmin, SiteHost} }

// SiteAction is something a user may be allowed to do at a site.
type SiteAction string

// The site actions.
const (
	ScheduleMeetings SiteAction = "schedule_meetings"
	ReadOwnRecords   SiteAction = "read_own_records"
	ReadSiteRecords  SiteAction = "read_site_records"
)

// AllowSite reports whether role may perform action at its own site. An unknown
// role or action is refused.
func AllowSite(role SiteRole, action SiteAction) bool {
	return slices.Contains(SiteTable[action], role)
}
