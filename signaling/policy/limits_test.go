package policy

import (
	"slices"
	"testing"
)

// Every switch takes its actions from everybody, whatever rights they have, and
// nothing else does.
func TestSwitches(t *testing.T) {
	chat := []Action{SendChat, ChatEveryone, ChatPresenters, ChatHosts}
	for _, tt := range []struct {
		name string
		site Site
		off  []Action
	}{
		{"a new site", Site{}, nil},
		{"remote control", Site{DisableRemoteControl: true}, []Action{ControlRemotely}},
		{"recording", Site{DisableRecording: true}, []Action{RecordMeeting}},
		{"chat", Site{DisableChat: true}, chat},
		{"windows and tabs", Site{DisableShareApplication: true}, []Action{ShareApplication}},
		{"the screen", Site{DisableShareDesktop: true}, []Action{ShareDesktop}},
		{"files", Site{DisableFileTransfer: true}, []Action{TransferFiles}},
		{"two", Site{DisableChat: true, DisableShareDesktop: true}, append(slices.Clone(chat), ShareDesktop)},
		{"what has nothing to do with meetings", Site{UnlistAllMeetings: true, RequireEmail: true}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.site.Forbidden(); !slices.Equal(got, tt.off) {
				t.Errorf("Forbidden = %v, want %v", got, tt.off)
			}
			for action := range Table {
				for _, role := range append(Roles(), "owner") {
					for _, rights := range [][]Right{nil, Rights()} {
						want := Site{}.May(role, rights, action) && !slices.Contains(tt.off, action)
						if got := tt.site.May(role, rights, action); got != want {
							t.Errorf("May(%s, %v, %s) = %v", role, rights, action, got)
						}
					}
				}
			}
		})
	}
}

func TestKept(t *testing.T) {
	for _, tt := range []struct {
		how      IPAddresses
		ip, want string
	}{
		{FullAddresses, "192.0.2.77", "192.0.2.77"},
		{TruncatedAddresses, "192.0.2.77", "192.0.2.0"},
		{TruncatedAddresses, "::ffff:192.0.2.77", "192.0.2.0"},
		{TruncatedAddresses, "2001:db8:1:2:3::4", "2001:db8:1::"},
		{TruncatedAddresses, "fe80::1%eth0", "fe80::"},
		{TruncatedAddresses, "nonsense", ""},
		{TruncatedAddresses, "", ""},
		{NoAddresses, "192.0.2.77", ""},
		{"half", "192.0.2.77", ""},
	} {
		if got := tt.how.Kept(tt.ip); got != tt.want {
			t.Errorf("%q: Kept(%q) = %q, want %q", tt.how, tt.ip, got, tt.want)
		}
	}
}
