package policy

import (
	"slices"
	"testing"
)

// A right lets attendees do what needs it, and nothing else; nobody else needs
// it, and it lets nobody else do anything.
func TestRights(t *testing.T) {
	for action := range Table {
		for _, right := range Rights() {
			with, without := []Right{right}, slices.DeleteFunc(Rights(), func(r Right) bool { return r == right })
			needed := RightTable[action] == right
			if got := (Site{}).May(Attendee, with, action); got != (Allow(Attendee, action) || needed) {
				t.Errorf("attendee with the right to %s: %s = %v", right, action, got)
			}
			if (Site{}).May(Attendee, without, action) && needed {
				t.Errorf("attendee without the right to %s: %s", right, action)
			}
			for _, role := range []Role{Host, Presenter, Panelist, "owner", ""} {
				if got := (Site{}).May(role, with, action); got != Allow(role, action) {
					t.Errorf("%s with the right to %s: %s = %v", role, right, action, got)
				}
			}
		}
	}
}

// Whatever an attendee may by a right, panelists, presenters and hosts may but to
// take what only presenters and hosts take.
func TestRightsNeverExceedTheHost(t *testing.T) {
	for action, right := range RightTable {
		if !Allow(Host, action) {
			t.Errorf("an attendee may %s by the right to %s, and a host may not", action, right)
		}
		if !slices.Contains(Rights(), right) {
			t.Errorf("%s needs %q, which is no right", action, right)
		}
	}
}

func TestUsual(t *testing.T) {
	for _, tt := range []struct {
		kind   ServiceType
		action Action
		want   bool
	}{
		{MeetingCenter, PublishMicrophone, true},
		{MeetingCenter, ShareDesktop, true},
		{MeetingCenter, RecordMeeting, false},
		{TrainingCenter, PublishMicrophone, true},
		{TrainingCenter, ShareApplication, false},
		{EventCenter, PublishMicrophone, false},
		{EventCenter, ChatHosts, true},
		{EventCenter, ChatEveryone, false},
		{EventCenter, SeeParticipants, false},
		{SupportCenter, ShareDesktop, true},
		{"Webinar", SendChat, true}, // to open the chat needs no right
		{"Webinar", ChatHosts, false},
	} {
		if got := (Site{}).May(Attendee, Usual(tt.kind), tt.action); got != tt.want {
			t.Errorf("attendee of a %s: %s = %v", tt.kind, tt.action, got)
		}
	}
	for kind, rights := range usual {
		if !slices.IsSortedFunc(rights, func(a, b Right) int { return slices.Index(Rights(), a) - slices.Index(Rights(), b) }) {
			t.Errorf("%s: rights are not in the order of their bits", kind)
		}
	}
}
