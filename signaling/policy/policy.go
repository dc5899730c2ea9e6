// Package policy says who may do what. It is a few small tables and one function
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

// AtMost reports whether role is no stronger than most. An unknown role is refused.
func AtMost(role, most Role) bool {
	limit := slices.Index(Roles(), most)
	return limit >= 0 && slices.Index(Roles(), role) >= limit
}

// Action is something a participant may be allowed to do in a meeting.
type Action string

// The actions, named as verb phrases.
const (
	PublishMicrophone Action = "publish_microphone"
	PublishCamera     Action = "publish_camera"
	ShareDesktop      Action = "share_desktop"     // the entire screen
	ShareApplication  Action = "share_application" // a window or a tab
	MuteOthers        Action = "mute_others"
	EndMeeting        Action = "end_meeting"
	AdmitPeople       Action = "admit_people"
	ExpelPeople       Action = "expel_people"
	StopShares        Action = "stop_shares" // other people's
	LowerHands        Action = "lower_hands" // other people's
	SetRules          Action = "set_rules"   // the lock, the lobby, who adds people
	GrantRoles        Action = "grant_roles"
	GrantRights       Action = "grant_rights"     // to attendees
	SeeParticipants   Action = "see_participants" // the list of them
	SendChat          Action = "send_chat"        // at all
	ChatEveryone      Action = "chat_everyone"    // and any attendee alone
	ChatPresenters    Action = "chat_presenters"
	ChatHosts         Action = "chat_hosts"
	TransferFiles     Action = "transfer_files"
	RecordMeeting     Action = "record_meeting"
	ControlRemotely   Action = "control_remotely"
)

// Allow reports whether role may perform action, whatever rights it is given. An
// unknown role or action is refused.
func Allow(role Role, action Action) bool {
	return slices.Contains(Table[action], role)
}

// SiteRole is what a user is at a site, in and out of meetings.
type SiteRole string

// The site roles.
const (
	SiteAdmin SiteRole = "admin"
	SiteHost  SiteRole = "host"
	CSR       SiteRole = "csr"     // a customer service representative
	Auditor   SiteRole = "auditor" // reads everything, changes nothing
)

// SiteRoles lists every site role.
func SiteRoles() []SiteRole { return []SiteRole{SiteAdmin, SiteHost, CSR, Auditor} }

// SiteAction is something a user may be allowed to do at a site.
type SiteAction string

// The site actions.
const (
	ScheduleMeetings SiteAction = "schedule_meetings"
	ReadOwnRecords   SiteAction = "read_own_records"
	ReadSiteRecords  SiteAction = "read_site_records"
	ReadPolicy       SiteAction = "read_policy"
	SetPolicy        SiteAction = "set_policy"
	ReadUsers        SiteAction = "read_users"
	ManageUsers      SiteAction = "manage_users"
	ReadAudit        SiteAction = "read_audit"
	ReadJoinKeys     SiteAction = "read_join_keys"
	ManageJoinKeys   SiteAction = "manage_join_keys" // of those who let people in from elsewhere
	ManageWebhooks   SiteAction = "manage_webhooks"  // who may, says where all that happens is told
)

// AllowSite reports whether role may perform action at its own site. An unknown
// role or action is refused.
func AllowSite(role SiteRole, action SiteAction) bool {
	return slices.Contains(SiteTable[action], role)
}
