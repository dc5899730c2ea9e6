package api

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/conclave-meet/conclave/server/auth"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/signaling/room"
	"github.com/conclave-meet/conclave/storage"
)

func TestScheduleAMeeting(t *testing.T) {
	s := newServer(t, "https://meet.example.org")
	ada := s.signedIn(t, "Ada", policy.SiteHost)
	got := ada.post(t, "/v1/meetings", `{"title":" Weekly ","start":"2027-05-04T11:00:00+02:00","password":" pass word","durationMinutes":15}`)
	expect(t, got, http.StatusCreated, "")
	for name, want := range map[string]any{
		"title": "Weekly", "start": "2027-05-04T09:00:00Z", "durationMinutes": 15.0, "password": " pass word",
		"publicMeeting": false, "serviceType": "MeetingCenter", "state": "scheduled",
		"hostEmail": "ada@example.org", "hostDisplayName": "Ada",
	} {
		if got.json[name] != want {
			t.Errorf("%s = %v, want %v", name, got.json[name], want)
		}
	}
	if len(got.json) != 13 {
		t.Errorf("the answer has %d names: %s", len(got.json), got.Body)
	}
	link := regexp.MustCompile(`^https://meet\.example\.org/j/[2-9]\d{10}#[A-Za-z0-9_-]{43}$`)
	if !link.MatchString(got.text("webLink")) || !strings.Contains(got.text("webLink"), got.text("meetingNumber")) {
		t.Errorf("webLink = %s, meetingNumber = %s", got.text("webLink"), got.text("meetingNumber"))
	}
	if again := ada.get(t, "/v1/meetings/"+got.text("id")); again.Body.String() != got.Body.String() {
		t.Errorf("read back %s", again.Body)
	}

	short := ada.schedule(t)
	if short.json["durationMinutes"] != 60.0 {
		t.Errorf("durationMinutes = %v when nobody says", short.json["durationMinutes"])
	}
	items := ada.get(t, "/v1/meetings").items()
	if len(items) != 2 || items[0]["id"] == items[1]["id"] {
		t.Errorf("items = %v", items)
	}
}

func TestBadMeetings(t *testing.T) {
	ada := newServer(t, plainSite).signedIn(t, "Ada", policy.SiteHost)
	for _, tt := range []struct{ name, body, says string }{
		{"nothing", `{}`, "title"},
		{"no password", `{"title":"A","start":"2027-05-04T09:00:00Z"}`, "password"},
		{"no start", `{"title":"A","password":"open sesame"}`, "start"},
		{"empty title", `{"title":" ","start":"2027-05-04T09:00:00Z","password":"open sesame"}`, "title"},
		{"long title", `{"title":"` + strings.Repeat("é", 201) + `","start":"2027-05-04T09:00:00Z","password":"open sesame"}`, "200"},
		{"title of two lines", `{"title":"A\nB","start":"2027-05-04T09:00:00Z","password":"open sesame"}`, "seen"},
		{"title turned round", `{"title":"A\u202eB","start":"2027-05-04T09:00:00Z","password":"open sesame"}`, "seen"},
		{"short password", `{"title":"A","start":"2027-05-04T09:00:00Z","password":"abc"}`, "4 to 64"},
		{"long password", `{"title":"A","start":"2027-05-04T09:00:00Z","password":"` + strings.Repeat("x", 65) + `"}`, "4 to 64"},
		{"password with a bell", `{"title":"A","start":"2027-05-04T09:00:00Z","password":"abcd\u0007"}`, "seen"},
		{"long ago", `{"title":"A","start":"1899-12-31T23:59:59Z","password":"open sesame"}`, "1900"},
		{"far ahead", `{"title":"A","start":"2201-01-01T00:00:00Z","password":"open sesame"}`, "2200"},
		{"no time", `{"title":"A","start":"2027-05-04T09:00:00Z","password":"open sesame","durationMinutes":0}`, "1440"},
		{"all week", `{"title":"A","start":"2027-05-04T09:00:00Z","password":"open sesame","durationMinutes":1441}`, "1440"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := ada.post(t, "/v1/meetings", tt.body)
			expect(t, got, http.StatusUnprocessableEntity, "invalid")
			if !strings.Contains(got.text("detail"), tt.says) {
				t.Errorf("detail = %s", got.text("detail"))
			}
		})
	}
	if items := ada.get(t, "/v1/meetings").items(); len(items) != 0 {
		t.Errorf("stored %v", items)
	}
}

func TestEditAMeeting(t *testing.T) {
	ada := newServer(t, plainSite).signedIn(t, "Ada", policy.SiteHost)
	m := ada.schedule(t)
	path := "/v1/meetings/" + m.text("id")
	got := ada.do(t, http.MethodPatch, path, `{"title":"Daily","durationMinutes":10}`)
	expect(t, got, http.StatusOK, "")
	if got.text("title") != "Daily" || got.json["durationMinutes"] != 10.0 || got.text("password") != "open sesame" ||
		got.text("webLink") != m.text("webLink") || got.text("start") != m.text("start") {
		t.Errorf("after the edit: %s", got.Body)
	}
	got = ada.do(t, http.MethodPatch, path, `{"start":"2030-01-01T00:00:00Z","password":"new password","title":null}`)
	expect(t, got, http.StatusOK, "")
	if got.text("title") != "Daily" || got.text("start") != "2030-01-01T00:00:00Z" || got.text("password") != "new password" {
		t.Errorf("after the edit: %s", got.Body)
	}
	expect(t, ada.do(t, http.MethodPatch, path, `{"title":""}`), http.StatusUnprocessableEntity, "invalid")
	for _, name := range []string{"id", "ownerId", "siteId", "state", "meetingNumber", "webLink", "role"} {
		expect(t, ada.do(t, http.MethodPatch, path, `{"`+name+`":"x"}`), http.StatusBadRequest, "malformed")
	}
}

func TestMeetingsAreTheirOwnersOnly(t *testing.T) {
	s := newServer(t, plainSite)
	ada, bob, admin := s.signedIn(t, "Ada", policy.SiteHost), s.signedIn(t, "Bob", policy.SiteHost), s.signedIn(t, "Cy", policy.SiteAdmin)
	m := ada.schedule(t)
	for _, call := range []struct{ method, path, body string }{
		{http.MethodGet, "", ""},
		{http.MethodPatch, "", `{"title":"Mine"}`},
		{http.MethodDelete, "", ""},
		{http.MethodPost, "/start", ""},
		{http.MethodPost, "/end", ""},
	} {
		path := "/v1/meetings/" + m.text("id") + call.path
		for _, other := range []*browser{bob, admin} {
			got := other.do(t, call.method, path, call.body)
			expect(t, got, http.StatusNotFound, "not_found")
			alike(t, got, other.do(t, call.method, "/v1/meetings/00000000-0000-7000-8000-000000000000"+call.path, call.body))
		}
		expect(t, s.browser().do(t, call.method, path, call.body), http.StatusUnauthorized, "login_required")
	}
	expect(t, s.browser().get(t, "/v1/meetings"), http.StatusUnauthorized, "login_required")
	expect(t, s.browser().post(t, "/v1/meetings", `{}`), http.StatusUnauthorized, "login_required")
	if items := bob.get(t, "/v1/meetings").items(); len(items) != 0 {
		t.Errorf("another host's list: %v", items)
	}
	if got := ada.get(t, "/v1/meetings/"+m.text("id")); got.text("title") != "Weekly" {
		t.Errorf("the meeting is now %s", got.Body)
	}
}

func TestAnUnknownRoleMayNothing(t *testing.T) {
	eve := newServer(t, plainSite).signedIn(t, "Eve", "guest")
	expect(t, eve.get(t, "/v1/me"), http.StatusOK, "")
	expect(t, eve.get(t, "/v1/meetings"), http.StatusForbidden, "forbidden")
	expect(t, eve.post(t, "/v1/meetings", `{}`), http.StatusForbidden, "forbidden")
	expect(t, eve.get(t, "/v1/meetingReports/usage"), http.StatusForbidden, "forbidden")
}

func TestAMeetingsStates(t *testing.T) {
	s := newServer(t, plainSite)
	ada := s.signedIn(t, "Ada", policy.SiteHost)
	m := ada.schedule(t)
	path := "/v1/meetings/" + m.text("id")
	expect(t, ada.post(t, path+"/end", ""), http.StatusConflict, "not_in_progress")
	for range 2 { // it can be started again after its end
		for range 2 { // to start what runs is no error
			started := ada.post(t, path+"/start", "")
			expect(t, started, http.StatusOK, "")
			if started.text("state") != "inProgress" {
				t.Errorf("state = %s", started.text("state"))
			}
		}
		expect(t, ada.do(t, http.MethodDelete, path, ""), http.StatusConflict, "in_progress")
		expect(t, ada.post(t, path+"/end", ""), http.StatusNoContent, "")
		if state := ada.get(t, path).text("state"); state != "ended" {
			t.Errorf("state = %s", state)
		}
	}
	if s.rooms.sessions != 2 {
		t.Errorf("%d sessions", s.rooms.sessions)
	}
	expect(t, ada.do(t, http.MethodDelete, path, ""), http.StatusNoContent, "")
	expect(t, ada.get(t, path), http.StatusNotFound, "not_found")
	if rows := ada.get(t, "/v1/meetingReports/usage").items(); len(rows) != 2 {
		t.Errorf("records of the deleted meeting: %v", rows)
	}
}

func TestARehearsalDoesNotEndTheMeeting(t *testing.T) {
	start := time.Date(2027, 5, 4, 9, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name       string
		ended, now time.Duration // after the start
		want       bool
	}{
		{"ended the day before, asked the day before", -24 * time.Hour, -23 * time.Hour, false},
		{"ended the day before, asked in time", -24 * time.Hour, -time.Hour, true},
		{"ended the day before, asked afterwards", -24 * time.Hour, 48 * time.Hour, true},
		{"ended just early", -time.Hour, -30 * time.Minute, false},
		{"ended in time", 20 * time.Minute, 21 * time.Minute, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := storage.Meeting{Start: start, Ended: start.Add(tt.ended)}
			if got := rehearsed(m, start.Add(tt.now)); got != tt.want {
				t.Errorf("rehearsed = %v, want %v", got, tt.want)
			}
		})
	}
}

func TestNoRecordNoMeeting(t *testing.T) {
	s := newServer(t, plainSite)
	ada := s.signedIn(t, "Ada", policy.SiteHost)
	m := ada.schedule(t)
	s.rooms.startErr = room.ErrUnavailable
	got := ada.post(t, "/v1/meetings/"+m.text("id")+"/start", "")
	expect(t, got, http.StatusServiceUnavailable, "unavailable")
	if state := ada.get(t, "/v1/meetings/"+m.text("id")).text("state"); state != "scheduled" {
		t.Errorf("state = %s", state)
	}
}

func TestAMeetingDeletedWhileItStartsDoesNotRun(t *testing.T) {
	s := newServer(t, plainSite)
	ada := s.signedIn(t, "Ada", policy.SiteHost)
	m := ada.schedule(t)
	u, err := s.logins.Check(t.Context(), ada.cookies[loginCookie])
	if err != nil {
		t.Fatal(err)
	}
	s.rooms.onStart = func() {
		if err := s.db.DeleteMeeting(t.Context(), u.ID, m.text("id")); err != nil {
			t.Error(err)
		}
	}
	expect(t, ada.post(t, "/v1/meetings/"+m.text("id")+"/start", ""), http.StatusNotFound, "not_found")
	if s.rooms.Running(m.text("id")) {
		t.Error("a deleted meeting runs")
	}
}

// The pages never send the secret; what is stored to know a link again is not
// made of it directly.
func TestTheLinkIsKeptApartFromItsProof(t *testing.T) {
	s := newServer(t, plainSite)
	m := s.signedIn(t, "Ada", policy.SiteHost).schedule(t)
	_, fragment, _ := strings.Cut(m.text("webLink"), "#")
	secret, ok := auth.ParseLinkSecret(fragment)
	if !ok {
		t.Fatalf("fragment = %q", fragment)
	}
	proof, err := auth.LinkProof(secret)
	if err != nil {
		t.Fatal(err)
	}
	stored, err := s.db.MeetingByNumber(t.Context(), s.site.ID, m.text("meetingNumber"))
	if err != nil || !auth.LinkProofMatches(stored.LinkProofHash, proof) {
		t.Errorf("the stored hash is not the proof's, %v", err)
	}
}
