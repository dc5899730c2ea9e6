package api

import (
	"encoding/base64"
	"fmt"
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
		"end": "2027-05-04T09:15:00Z", "timezone": "UTC", "recurrence": "", "nextStart": "2027-05-04T09:00:00Z", "lobby": false,
		"access": "owner", "version": 1.0, "publicMeeting": false, "serviceType": "MeetingCenter", "state": "scheduled",
		"hostEmail": "ada@example.org", "hostDisplayName": "Ada",
	} {
		if got.json[name] != want {
			t.Errorf("%s = %v, want %v", name, got.json[name], want)
		}
	}
	if len(got.json) != 28 {
		t.Errorf("the answer has %d names: %s", len(got.json), got.Body)
	}
	if again := ada.get(t, "/v1/meetings/"+got.text("id")); again.Body.String() != strings.Replace(got.Body.String(), fragmentOf(got), "", 1) {
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

// fragmentOf returns what is behind the path of a meeting's link, with its #.
func fragmentOf(m reply) string {
	_, fragment, found := strings.Cut(m.text("webLink"), "#")
	if !found {
		return ""
	}
	return "#" + fragment
}

// A program that brings no proof gets the whole link once. Nobody reads it again.
func TestALinkThatTheServerMadeIsToldOnce(t *testing.T) {
	s := newServer(t, "https://meet.example.org")
	ada := s.signedIn(t, "Ada", policy.SiteHost)
	m := ada.schedule(t)
	whole := regexp.MustCompile(`^https://meet\.example\.org/j/` + m.text("meetingNumber") + `#[A-Za-z0-9_-]{43}$`)
	if !whole.MatchString(m.text("webLink")) {
		t.Errorf("webLink = %s, meetingNumber = %s", m.text("webLink"), m.text("meetingNumber"))
	}
	path := "/v1/meetings/" + m.text("id")
	secret := strings.TrimPrefix(fragmentOf(m), "#")
	for name, later := range map[string]reply{
		"read": ada.get(t, path), "list": ada.get(t, "/v1/meetings"), "edit": ada.do(t, http.MethodPatch, path, `{"title":"Daily"}`),
		"start": ada.post(t, path+"/start", ""), "preview": ada.post(t, "/v1/meetings/preview", fmt.Sprintf(`{"meetingNumber":%q}`, m.text("meetingNumber"))),
		"join": s.browser().post(t, "/v1/meetings/join", byLink(t, m)),
	} {
		expect(t, later, http.StatusOK, "")
		if strings.Contains(later.Body.String(), secret) || strings.Contains(later.text("webLink"), "#") {
			t.Errorf("%s tells the secret again: %s", name, later.Body)
		}
	}
}

// madeLink is what a browser has of a link that it made itself.
type madeLink struct{ proof, hash string }

func makeLink(t *testing.T) madeLink {
	t.Helper()
	proof, err := auth.LinkProof(auth.NewLinkSecret())
	if err != nil {
		t.Fatal(err)
	}
	return madeLink{proof, base64.RawURLEncoding.EncodeToString(auth.HashLinkProof(proof))}
}

// opens reports whether the link's proof lets a guest into the meeting.
func (l madeLink) opens(t *testing.T, s *server, number string) bool {
	t.Helper()
	body := fmt.Sprintf(`{"meetingNumber":%q,"linkProof":%q,"displayName":"Guest"}`, number, l.proof)
	got := s.browser().post(t, "/v1/meetings/join", body)
	if got.Code != http.StatusForbidden {
		expect(t, got, http.StatusOK, "")
	}
	return got.Code == http.StatusOK
}

// A page makes the secret itself. The server learns a proof of it, and keeps
// its hash alone.
func TestALinkThatTheBrowserMade(t *testing.T) {
	s := newServer(t, "https://meet.example.org")
	ada := s.signedIn(t, "Ada", policy.SiteHost)
	link := makeLink(t)
	m := ada.post(t, "/v1/meetings", fmt.Sprintf(`{"title":"Weekly","start":"2027-05-04T09:00:00Z","password":"open sesame","linkProof":%q}`, link.proof))
	expect(t, m, http.StatusCreated, "")
	if want := "https://meet.example.org/j/" + m.text("meetingNumber"); m.text("webLink") != want {
		t.Errorf("webLink = %s, want %s", m.text("webLink"), want)
	}
	if m.text("linkProofHash") != link.hash {
		t.Errorf("linkProofHash = %s, want %s", m.text("linkProofHash"), link.hash)
	}
	if !link.opens(t, s, m.text("meetingNumber")) {
		t.Error("the link does not open the meeting")
	}
}

func TestANewLinkReplacesTheOld(t *testing.T) {
	s := newServer(t, plainSite)
	ada := s.signedIn(t, "Ada", policy.SiteHost)
	old, fresh := makeLink(t), makeLink(t)
	m := ada.post(t, "/v1/meetings", fmt.Sprintf(`{"title":"Weekly","start":"2027-05-04T09:00:00Z","password":"open sesame","linkProof":%q}`, old.proof))
	expect(t, m, http.StatusCreated, "")
	number, path := m.text("meetingNumber"), "/v1/meetings/"+m.text("id")
	if !old.opens(t, s, number) || fresh.opens(t, s, number) {
		t.Fatal("the meeting does not open for its link alone")
	}
	edited := ada.do(t, http.MethodPatch, path, fmt.Sprintf(`{"linkProof":%q}`, fresh.proof))
	expect(t, edited, http.StatusOK, "")
	if edited.text("linkProofHash") != fresh.hash || edited.text("webLink") != m.text("webLink") || edited.text("title") != "Weekly" {
		t.Errorf("after the edit: %s", edited.Body)
	}
	if old.opens(t, s, number) || !fresh.opens(t, s, number) {
		t.Error("the meeting does not open for its new link alone")
	}
	expect(t, ada.do(t, http.MethodPatch, path, `{"linkProof":"short"}`), http.StatusUnprocessableEntity, "invalid")
	expect(t, ada.do(t, http.MethodPatch, path, `{"linkProof":null,"title":"Daily"}`), http.StatusOK, "")
	if !fresh.opens(t, s, number) {
		t.Error("an edit of the title took the link away")
	}
}

func TestBadMeetings(t *testing.T) {
	ada := newServer(t, plainSite).signedIn(t, "Ada", policy.SiteHost)
	for _, tt := range []struct{ name, body, says string }{
		{"nothing", `{}`, "title"},
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
		{"a proof that is none", `{"title":"A","start":"2027-05-04T09:00:00Z","password":"open sesame","linkProof":""}`, "linkProof"},
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
		got.text("webLink")+fragmentOf(m) != m.text("webLink") || got.text("linkProofHash") != m.text("linkProofHash") || got.text("start") != m.text("start") {
		t.Errorf("after the edit: %s", got.Body)
	}
	got = ada.do(t, http.MethodPatch, path, `{"start":"2030-01-01T00:00:00Z","password":"new password","title":null}`)
	expect(t, got, http.StatusOK, "")
	if got.text("title") != "Daily" || got.text("start") != "2030-01-01T00:00:00Z" || got.text("password") != "new password" {
		t.Errorf("after the edit: %s", got.Body)
	}
	expect(t, ada.do(t, http.MethodPatch, path, `{"title":""}`), http.StatusUnprocessableEntity, "invalid")
	for _, name := range []string{"id", "ownerId", "siteId", "state", "meetingNumber", "webLink", "linkProofHash", "role"} {
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
	login, err := s.logins.Check(t.Context(), s.site.ID, ada.cookies[loginCookie], auth.Device{})
	if err != nil {
		t.Fatal(err)
	}
	s.rooms.onStart = func() {
		if err := s.db.DeleteMeeting(t.Context(), login.User.ID, m.text("id"), storage.Actor{}, nil); err != nil {
			t.Error(err)
		}
	}
	expect(t, ada.post(t, "/v1/meetings/"+m.text("id")+"/start", ""), http.StatusNotFound, "not_found")
	if s.rooms.Running(m.text("id")) {
		t.Error("a deleted meeting runs")
	}
}
