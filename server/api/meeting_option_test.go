package api

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/storage"
)

func TestAMeetingsOptions(t *testing.T) {
	s := newServer(t, plainSite)
	ada := s.signedIn(t, "Ada", policy.SiteHost)
	s.signedIn(t, "Bob", policy.SiteHost)
	m := ada.post(t, "/v1/meetings", `{"title":"Weekly","agenda":" One\r\nTwo ","start":"2027-03-22T08:00:00Z","end":"2027-03-22T08:45:00Z",
		"timezone":"Europe/Berlin","recurrence":"FREQ=WEEKLY;BYDAY=MO;COUNT=3","serviceType":"TrainingCenter","password":"open sesame",
		"publicMeeting":true,"requireAttendeeLogin":true,"requireEmail":true,"lobby":true,"excludePassword":true,
		"attendeePrivileges":{"enabledRecord":true,"enabledAnnotate":false},"alternativeHosts":["BOB@example.org","ada@example.org"],"invitees":["grace@example.com"]}`)
	expect(t, m, http.StatusCreated, "")
	got := ada.get(t, "/v1/meetings/"+m.text("id"))
	for name, want := range map[string]any{
		"agenda": "One\nTwo", "durationMinutes": 45.0, "end": "2027-03-22T08:45:00Z", "timezone": "Europe/Berlin", "serviceType": "TrainingCenter",
		"recurrence": "FREQ=WEEKLY;BYDAY=MO;COUNT=3", "publicMeeting": true, "requireAttendeeLogin": true, "requireEmail": true, "lobby": true,
		"excludePassword": true, "nextStart": "2027-03-22T08:00:00Z",
	} {
		if got.json[name] != want {
			t.Errorf("%s = %v, want %v", name, got.json[name], want)
		}
	}
	privileges, _ := got.json["attendeePrivileges"].(map[string]any)
	if len(privileges) != 11 || privileges["enabledRecord"] != true || privileges["enabledAnnotate"] != false || privileges["enabledShareContent"] != false {
		t.Errorf("privileges %v", privileges)
	}
	if fmt.Sprint(got.json["alternativeHosts"], got.json["invitees"]) != "[bob@example.org] [grace@example.com]" {
		t.Errorf("hosts %v, invitees %v", got.json["alternativeHosts"], got.json["invitees"])
	}
	edited := ada.do(t, http.MethodPatch, "/v1/meetings/"+m.text("id"), `{"recurrence":"","start":"2027-03-23T08:00:00Z","attendeePrivileges":{"enabledChatHost":false},"lobby":false}`)
	expect(t, edited, http.StatusOK, "")
	privileges, _ = edited.json["attendeePrivileges"].(map[string]any)
	if edited.text("end") != "2027-03-23T08:45:00Z" || edited.json["lobby"] != false || edited.json["requireEmail"] != true ||
		privileges["enabledChatHost"] != false || privileges["enabledAnnotate"] != false || privileges["enabledRecord"] != true {
		t.Errorf("after an edit of some: %s", edited.Body)
	}
}

// Attendees of each kind of meeting may do what is usual there, and what its host
// grants or withholds beside.
func TestPrivilegesOfEachKindOfMeeting(t *testing.T) {
	s := newServer(t, plainSite)
	ada := s.signedIn(t, "Ada", policy.SiteHost)
	for _, kind := range serviceTypes() {
		made := ada.post(t, "/v1/meetings", fmt.Sprintf(`{"title":"Weekly","start":"2027-03-22T08:00:00Z","serviceType":%q,"password":"open sesame"}`, kind))
		expect(t, made, http.StatusCreated, "")
		rights := func() []policy.Right {
			m, err := s.db.MeetingByID(t.Context(), s.site.ID, made.text("id"))
			if err != nil {
				t.Fatal(err)
			}
			return RoomMeeting(m, s.site).Rights
		}
		if got, want := rights(), policy.Usual(policy.ServiceType(kind)); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", kind, got, want)
		}
		ada.do(t, http.MethodPatch, "/v1/meetings/"+made.text("id"), `{"attendeePrivileges":{"enabledRecord":true,"enabledChatHost":false}}`)
		want := append(slices.DeleteFunc(policy.Usual(policy.ServiceType(kind)), func(r policy.Right) bool {
			return r == policy.RightToChatHosts
		}), policy.RightToRecord)
		if got := rights(); !slices.Equal(got, want) {
			t.Errorf("%s, edited: %v, want %v", kind, got, want)
		}
	}
}

func TestBadOptions(t *testing.T) {
	s := newServer(t, plainSite)
	ada := s.signedIn(t, "Ada", policy.SiteHost)
	s.signedIn(t, "Eve", policy.Auditor)
	other, err := s.db.InsertSite(t.Context(), storage.Site{Name: "bolt"}, storage.Operator)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.db.InsertUser(t.Context(), storage.User{SiteID: other.ID, Email: "bob@example.org", Name: "Bob", Role: "host"}); err != nil {
		t.Fatal(err)
	}
	m := ada.schedule(t) // 2027-05-04, a Tuesday
	for _, tt := range []struct{ name, body, says string }{
		{"long agenda", `{"agenda":"` + strings.Repeat("x", 10_000) + `"}`, "2000"},
		{"agenda turned round", `{"agenda":"A\u202eB"}`, "seen"},
		{"agenda with a zero width space", `{"agenda":"A\u200bB"}`, "seen"},
		{"an end before the start", `{"end":"2027-05-04T08:00:00Z"}`, "1440"},
		{"an end and another length", `{"end":"2027-05-04T10:00:00Z","durationMinutes":30}`, "durationMinutes"},
		{"an end within a minute", `{"end":"2027-05-04T10:00:30Z"}`, "whole number"},
		{"no such zone", `{"timezone":"Mars/Olympus"}`, "IANA"},
		{"the machine's zone", `{"timezone":"Local"}`, "IANA"},
		{"no zone", `{"timezone":""}`, "IANA"},
		{"a path for a zone", `{"timezone":"../../etc/passwd"}`, "IANA"},
		{"a zone and more", `{"timezone":"Europe/Berlin\r\nX:1"}`, "IANA"},
		{"no rule", `{"recurrence":"every day"}`, "RFC 5545"},
		{"a rule without an end", `{"recurrence":"FREQ=DAILY"}`, "COUNT or UNTIL"},
		{"a rule and a header", `{"recurrence":"FREQ=DAILY;COUNT=2\r\nX:1"}`, "RFC 5545"},
		{"a rule on other days", `{"recurrence":"FREQ=WEEKLY;BYDAY=WE;COUNT=2"}`, "not one of the days"},
		{"a long rule", `{"recurrence":"` + strings.Repeat("X", 10_000) + `"}`, "too long"},
		{"unknown service", `{"serviceType":"PartyCenter"}`, "MeetingCenter"},
		{"host of no address", `{"alternativeHosts":["bob"]}`, "e-mail"},
		{"host who is nobody here", `{"alternativeHosts":["nobody@example.org"]}`, "does not host"},
		{"host of another site", `{"alternativeHosts":["bob@example.org"]}`, "does not host"},
		{"host who only reads", `{"alternativeHosts":["eve@example.org"]}`, "does not host"},
		{"too many hosts", `{"alternativeHosts":[` + strings.TrimSuffix(strings.Repeat(`"a@example.org",`, 21), ",") + `]}`, "20"},
		{"too many invited", `{"invitees":[` + strings.TrimSuffix(strings.Repeat(`"a@example.org",`, 201), ",") + `]}`, "200"},
		{"an invitee and a header", `{"invitees":["a@example.org\r\nBcc: b@example.org"]}`, "e-mail"},
		{"two invitees in one", `{"invitees":["a@example.org, b@example.org"]}`, "e-mail"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := ada.do(t, http.MethodPatch, "/v1/meetings/"+m.text("id"), tt.body)
			expect(t, got, http.StatusUnprocessableEntity, "invalid")
			if !strings.Contains(got.text("detail"), tt.says) {
				t.Errorf("detail %q does not say %q", got.text("detail"), tt.says)
			}
		})
	}
	for name, body := range map[string]string{
		"an id": `{"id":"x"}`, "a number": `{"meetingNumber":"12345678901"}`, "an owner": `{"hostEmail":"a@example.org"}`,
		"an unknown privilege": `{"attendeePrivileges":{"enabledEverything":true}}`, "a text for a list": `{"invitees":"a@example.org"}`,
		"a text for a switch": `{"lobby":"yes"}`,
	} {
		t.Run(name, func(t *testing.T) {
			expect(t, ada.do(t, http.MethodPatch, "/v1/meetings/"+m.text("id"), body), http.StatusBadRequest, "malformed")
		})
	}
	if again := ada.get(t, "/v1/meetings/"+m.text("id")); again.json["version"] != 1.0 {
		t.Errorf("something was changed: %s", again.Body)
	}
}

func TestAStaleEditIsRefused(t *testing.T) {
	ada := newServer(t, plainSite).signedIn(t, "Ada", policy.SiteHost)
	m := ada.schedule(t)
	path := "/v1/meetings/" + m.text("id")
	if m.Header().Get("ETag") != `"1"` || ada.get(t, path).Header().Get("ETag") != `"1"` {
		t.Errorf("ETag %s", m.Header().Get("ETag"))
	}
	ada.headers["If-Match"] = `"1"`
	first := ada.do(t, http.MethodPatch, path, `{"title":"Daily"}`)
	expect(t, first, http.StatusOK, "")
	if first.Header().Get("ETag") != `"2"` {
		t.Errorf("ETag after an edit %s", first.Header().Get("ETag"))
	}
	expect(t, ada.do(t, http.MethodPatch, path, `{"title":"Monthly"}`), http.StatusPreconditionFailed, "stale")
	expect(t, ada.do(t, http.MethodDelete, path, ""), http.StatusPreconditionFailed, "stale")
	delete(ada.headers, "If-Match")
	expect(t, ada.do(t, http.MethodPatch, path, `{"title":"Monthly"}`), http.StatusOK, "")
}

// Somebody who may start a meeting is its host, and neither edits nor deletes it.
func TestAlternativeHosts(t *testing.T) {
	s := newServer(t, plainSite)
	ada, bob, cy := s.signedIn(t, "Ada", policy.SiteHost), s.signedIn(t, "Bob", policy.SiteHost), s.signedIn(t, "Cy", policy.SiteHost)
	m := ada.post(t, "/v1/meetings", `{"title":"Weekly","start":"2027-05-04T09:00:00Z","password":"open sesame","alternativeHosts":["bob@example.org"]}`)
	expect(t, m, http.StatusCreated, "")
	path := "/v1/meetings/" + m.text("id")
	join := fmt.Sprintf(`{"meetingNumber":%q,"displayName":"Me"}`, m.text("meetingNumber"))
	for _, refused := range []reply{
		bob.do(t, http.MethodPatch, path, `{"title":"Mine"}`), bob.do(t, http.MethodDelete, path, ""), bob.post(t, path+"/invitations", `{}`),
		cy.get(t, path), cy.post(t, path+"/start", ""),
	} {
		expect(t, refused, http.StatusNotFound, "not_found")
	}
	expect(t, cy.post(t, "/v1/meetings/join", join), http.StatusForbidden, "join_refused")
	if items := bob.get(t, "/v1/meetings").items(); len(items) != 1 || items[0]["access"] != "host" || items[0]["password"] != "open sesame" {
		t.Errorf("who may start it sees %v", items)
	}
	expect(t, bob.post(t, path+"/start", ""), http.StatusOK, "")
	if joined := bob.post(t, "/v1/meetings/join", join); joined.text("role") != "host" {
		t.Errorf("joins as %s", joined.Body)
	}
	expect(t, bob.post(t, path+"/end", ""), http.StatusNoContent, "")
	expect(t, ada.do(t, http.MethodPatch, path, `{"alternativeHosts":[]}`), http.StatusOK, "")
	expect(t, bob.post(t, path+"/start", ""), http.StatusNotFound, "not_found")
	expect(t, bob.post(t, "/v1/meetings/join", join), http.StatusForbidden, "join_refused")
}

// An account is asked for only from who has shown that they are invited.
func TestAMeetingForPeopleWithAnAccount(t *testing.T) {
	s := newServer(t, plainSite)
	ada, bob := s.signedIn(t, "Ada", policy.SiteHost), s.signedIn(t, "Bob", policy.SiteHost)
	m := ada.post(t, "/v1/meetings", `{"title":"Weekly","start":"2027-05-04T09:00:00Z","password":"open sesame","requireAttendeeLogin":true}`)
	expect(t, m, http.StatusCreated, "")
	number := m.text("meetingNumber")
	byPassword := fmt.Sprintf(`{"meetingNumber":%q,"password":"open sesame","displayName":"Me"}`, number)
	wrong := fmt.Sprintf(`{"meetingNumber":%q,"password":"close sesame","displayName":"Me"}`, number)
	expect(t, s.browser().post(t, "/v1/meetings/join", byLink(t, m)), http.StatusUnauthorized, "login_required")
	expect(t, s.browser().post(t, "/v1/meetings/join", byPassword), http.StatusUnauthorized, "login_required")
	alike(t, s.browser().post(t, "/v1/meetings/join", wrong), s.browser().post(t, "/v1/meetings/join", strings.Replace(wrong, number, "98765432109", 1)))
	expect(t, bob.post(t, "/v1/meetings/join", byPassword), http.StatusOK, "")
}

func TestAMeetingThatAsksForAnAddress(t *testing.T) {
	s := newServer(t, plainSite)
	ada, bob := s.signedIn(t, "Ada", policy.SiteHost), s.signedIn(t, "Bob", policy.SiteHost)
	m := ada.post(t, "/v1/meetings", `{"title":"Weekly","start":"2027-05-04T09:00:00Z","password":"open sesame","requireEmail":true}`)
	body := fmt.Sprintf(`{"meetingNumber":%q,"password":"open sesame","displayName":"Me"}`, m.text("meetingNumber"))
	got := s.browser().post(t, "/v1/meetings/join", body)
	expect(t, got, http.StatusUnprocessableEntity, "email_required")
	if !strings.Contains(got.text("detail"), "e-mail") {
		t.Errorf("detail %s", got.text("detail"))
	}
	expect(t, s.browser().post(t, "/v1/meetings/join", strings.Replace(body, `"displayName"`, `"email":"me@example.com","displayName"`, 1)), http.StatusOK, "")
	expect(t, bob.post(t, "/v1/meetings/join", body), http.StatusOK, "") // the account has one
}

// Only what its host made public is listed, and where the policy lists nothing
// it is neither listed nor made public.
func TestListedMeetings(t *testing.T) {
	s := newServer(t, plainSite)
	ada := s.signedIn(t, "Ada", policy.SiteHost)
	ada.schedule(t)
	soon := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	public := func(start string) reply {
		return ada.post(t, "/v1/meetings", fmt.Sprintf(`{"title":"Open house","start":%q,"password":"open sesame","publicMeeting":true}`, start))
	}
	shown := public(soon)
	expect(t, shown, http.StatusCreated, "")
	expect(t, public("2020-01-01T00:00:00Z"), http.StatusCreated, "")
	got := s.browser().get(t, "/v1/meetings/listed")
	expect(t, got, http.StatusOK, "")
	items := got.items()
	if len(items) != 1 || items[0]["meetingNumber"] != shown.text("meetingNumber") || len(items[0]) != 7 {
		t.Errorf("listed: %s", got.Body)
	}
	for _, secret := range []string{"Weekly", "sesame", "webLink", "@", "Hash"} {
		if strings.Contains(got.Body.String(), secret) {
			t.Errorf("the list tells %s: %s", secret, got.Body)
		}
	}
	if err := s.db.SetPolicy(t.Context(), s.site.ID, 1, []byte(`{"unlistAllMeetings":true}`), storage.Operator); err != nil {
		t.Fatal(err)
	}
	if items := s.browser().get(t, "/v1/meetings/listed").items(); len(items) != 0 {
		t.Errorf("listed against the policy: %v", items)
	}
	expect(t, public(soon), http.StatusUnprocessableEntity, "invalid")
	path := "/v1/meetings/" + shown.text("id")
	if edited := ada.do(t, http.MethodPatch, path, `{"title":"House"}`); edited.Code != http.StatusOK || edited.json["publicMeeting"] != false {
		t.Errorf("an edit of another thing: %s", edited.Body)
	}
	if err := s.db.SetPolicy(t.Context(), s.site.ID, 2, []byte(`{"requireLoginBeforeAccess":true}`), storage.Operator); err != nil {
		t.Fatal(err)
	}
	expect(t, s.browser().get(t, "/v1/meetings/listed"), http.StatusUnauthorized, "login_required")
	expect(t, ada.get(t, "/v1/meetings/listed"), http.StatusOK, "")
}

// A meeting that repeats is not over because one of its sessions is.
func TestAMeetingThatRepeatsGoesOn(t *testing.T) {
	start := time.Date(2027, 5, 4, 9, 0, 0, 0, time.UTC)
	m := storage.Meeting{Start: start, LastStart: start.AddDate(0, 0, 14), DurationMinutes: 60, Timezone: "UTC", Recurrence: "FREQ=WEEKLY;COUNT=3"}
	for _, tt := range []struct {
		name       string
		ended, now time.Duration
		again      bool
		next       int // days after the start
	}{
		{"after the first", time.Hour, 2 * time.Hour, true, 7},
		{"while the second runs late", 7 * 24 * time.Hour, 7*24*time.Hour + 30*time.Minute, true, 7},
		{"before the last was met at", 7 * 24 * time.Hour, 14*24*time.Hour + 30*time.Minute, true, 14},
		{"after the last", 14*24*time.Hour + time.Hour, 14*24*time.Hour + 2*time.Hour, false, 14},
	} {
		m.Ended = start.Add(tt.ended)
		now := start.Add(tt.now)
		if got := meetsAgain(m, now); got != tt.again {
			t.Errorf("%s: meets again %v", tt.name, got)
		}
		if got := nextStart(m, now); !got.Equal(start.AddDate(0, 0, tt.next)) {
			t.Errorf("%s: next %v", tt.name, got)
		}
	}
}
