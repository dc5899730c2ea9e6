package policy

import "testing"

func TestAllow(t *testing.T) {
	for _, tt := range []struct {
		name   string
		role   Role
		action Action
		want   bool
	}{
		{"host ends the meeting", Host, EndMeeting, true},
		{"presenter does not end the meeting", Presenter, EndMeeting, false},
		{"panelist speaks", Panelist, PublishMicrophone, true},
		{"attendee does not speak by their role", Attendee, PublishMicrophone, false},
		{"panelist does not expel", Panelist, ExpelPeople, false},
		{"presenter grants rights", Presenter, GrantRights, true},
		{"presenter grants no roles", Presenter, GrantRoles, false},
		{"attendee does not mute others", Attendee, MuteOthers, false},
		{"unknown role", "owner", EndMeeting, false},
		{"no role", "", PublishMicrophone, false},
		{"unknown action", Host, "levitate", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Allow(tt.role, tt.action); got != tt.want {
				t.Errorf("Allow(%q, %q) = %v, want %v", tt.role, tt.action, got, tt.want)
			}
		})
	}
}

func TestAllowSite(t *testing.T) {
	for _, tt := range []struct {
		name   string
		role   SiteRole
		action SiteAction
		want   bool
	}{
		{"admin reads the site's records", SiteAdmin, ReadSiteRecords, true},
		{"host reads only their own", SiteHost, ReadSiteRecords, false},
		{"host schedules", SiteHost, ScheduleMeetings, true},
		{"auditor schedules nothing", Auditor, ScheduleMeetings, false},
		{"auditor reads the site's records", Auditor, ReadSiteRecords, true},
		{"auditor changes no policy", Auditor, SetPolicy, false},
		{"CSR reads no audit", CSR, ReadAudit, false},
		{"unknown role", "owner", ScheduleMeetings, false},
		{"unknown action", SiteAdmin, "everything", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := AllowSite(tt.role, tt.action); got != tt.want {
				t.Errorf("AllowSite(%q, %q) = %v, want %v", tt.role, tt.action, got, tt.want)
			}
		})
	}
}

// Every role in the tables is a declared one: a misspelt role would silently
// hold no rights.
func TestTablesUseDeclaredRoles(t *testing.T) {
	declared := map[Role]bool{}
	for _, r := range Roles() {
		declared[r] = true
	}
	for action, roles := range Table {
		for _, r := range roles {
			if !declared[r] {
				t.Errorf("%s names undeclared role %q", action, r)
			}
		}
	}
	declaredSite := map[SiteRole]bool{}
	for _, r := range SiteRoles() {
		declaredSite[r] = true
	}
	for action, roles := range SiteTable {
		for _, r := range roles {
			if !declaredSite[r] {
				t.Errorf("%s names undeclared site role %q", action, r)
			}
		}
	}
}
