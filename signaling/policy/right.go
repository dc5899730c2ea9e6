package policy

import "slices"

// Right is something that attendees of a meeting may do, or not: hosts and
// presenters say so, of all attendees or of one. Who has another role does not
// need it.
type Right string

// The rights.
const (
	RightToSpeak           Right = "speak"
	RightToCamera          Right = "camera"
	RightToShare           Right = "share"
	RightToChatEveryone    Right = "chat_everyone"
	RightToChatPresenters  Right = "chat_presenters"
	RightToChatHosts       Right = "chat_hosts"
	RightToSeeParticipants Right = "see_participants"
	RightToAnnotate        Right = "annotate"
	RightToSaveDocument    Right = "save_document"
	RightToPrintDocument   Right = "print_document"
	RightToAnyPage         Right = "any_page"
	RightToRemoteControl   Right = "remote_control"
	RightToRecord          Right = "record"
)

// Rights lists every right, in the order of the bits that stand for them in a
// group's rules (docs/e2ee.md). A new one goes to the end.
func Rights() []Right {
	return []Right{
		RightToSpeak, RightToCamera, RightToShare, RightToChatEveryone, RightToChatPresenters, RightToChatHosts,
		RightToSeeParticipants, RightToAnnotate, RightToSaveDocument, RightToPrintDocument, RightToAnyPage,
		RightToRemoteControl, RightToRecord,
	}
}

// ServiceType is a kind of meeting.
type ServiceType string

// The kinds of meetings.
const (
	MeetingCenter  ServiceType = "MeetingCenter"
	TrainingCenter ServiceType = "TrainingCenter"
	EventCenter    ServiceType = "EventCenter"
	SupportCenter  ServiceType = "SupportCenter"
)

// Usual returns the rights that attendees have in meetings of a kind where nobody
// has said otherwise. A kind nobody knows grants none.
func Usual(kind ServiceType) []Right { return slices.Clone(usual[kind]) }

// May reports whether somebody in this role, with these rights, may perform
// action in a meeting of s.
func (s Site) May(role Role, rights []Right, action Action) bool {
	if slices.Contains(s.Forbidden(), action) {
		return false
	}
	right, needed := RightTable[action]
	return Allow(role, action) || role == Attendee && needed && slices.Contains(rights, right)
}
