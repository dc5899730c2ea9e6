package api

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/conclave-meet/conclave/signaling/edr"
	"github.com/conclave-meet/conclave/signaling/policy"
)

// hold stores the records of a session of m with one stay, at the given hour.
func (s *server) hold(t *testing.T, m reply, session string, hour int) {
	t.Helper()
	at := time.Date(2027, 5, 4, hour, 0, 0, 0, time.UTC)
	stored, err := s.db.MeetingByNumber(t.Context(), s.site.ID, m.text("meetingNumber"))
	if err != nil {
		t.Fatal(err)
	}
	err = s.db.Write(t.Context(), edr.Batch{Records: []edr.Record{
		{Session: session, Seq: 1, At: at, Fact: edr.Started{SiteID: s.site.ID, MeetingID: m.text("id"), MeetingNumber: m.text("meetingNumber"), HostID: stored.OwnerID, HostEmail: stored.HostEmail}},
		{Session: session, Seq: 2, At: at, Participant: "p-1", Fact: edr.Joined{DisplayName: "Guest"}},
		{Session: session, Seq: 3, At: at.Add(time.Minute), Participant: "p-1", Fact: edr.Left{Reason: "left", Duration: time.Minute}},
		{Session: session, Seq: 4, At: at.Add(time.Minute), Fact: edr.Ended{Reason: "empty", Duration: time.Minute}},
	}})
	if err != nil {
		t.Fatal(err)
	}
}

func TestReportsShowOwnOrTheSites(t *testing.T) {
	s := newServer(t, plainSite)
	ada, bob, admin := s.signedIn(t, "Ada", policy.SiteHost), s.signedIn(t, "Bob", policy.SiteHost), s.signedIn(t, "Cy", policy.SiteAdmin)
	s.hold(t, ada.schedule(t), "adas", 9)
	s.hold(t, bob.schedule(t), "bobs", 10)
	for _, tt := range []struct {
		name     string
		browser  *browser
		query    string
		sessions string
	}{
		{"own", ada, "", "adas"},
		{"the site's, newest first", admin, "", "bobs adas"},
		{"another's session", ada, "?sessionId=bobs", ""},
		{"one session", admin, "?sessionId=adas", "adas"},
		{"from", admin, "?from=2027-05-04T10:00:00Z", "bobs"},
		{"to", admin, "?to=2027-05-04T12:00:00%2B02:00", "adas"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rows := tt.browser.get(t, "/v1/meetingReports/usage"+tt.query)
			expect(t, rows, http.StatusOK, "")
			var sessions []string
			for _, row := range rows.items() {
				sessions = append(sessions, fmt.Sprint(row["sessionId"]))
			}
			if got := strings.Join(sessions, " "); got != tt.sessions || rows.json["items"] == nil {
				t.Errorf("sessions %q, want %q", got, tt.sessions)
			}
			if got := len(tt.browser.get(t, "/v1/meetingReports/attendees"+tt.query).items()); got != len(sessions) {
				t.Errorf("%d stays of %d sessions", got, len(sessions))
			}
			if got := len(tt.browser.get(t, "/v1/meetingReports/events?sessionId=adas").items()); (got == 4) != (tt.browser != bob) {
				t.Errorf("%d events", got)
			}
		})
	}
	for _, name := range []string{"usage", "attendees", "events"} {
		expect(t, s.browser().get(t, "/v1/meetingReports/"+name), http.StatusUnauthorized, "login_required")
	}
}

// The names of the rows are promises.
func TestRowsHaveThePromisedNames(t *testing.T) {
	s := newServer(t, plainSite)
	ada := s.signedIn(t, "Ada", policy.SiteHost)
	s.hold(t, ada.schedule(t), "adas", 9)
	for report, names := range map[string]string{
		"usage": "sessionId siteUrl meetingId meetingNumber meetingTitle serviceType hostEmail hostDisplayName start end " +
			"duration durationSeconds totalParticipants peakAttendee totalPeopleMinutes totalVoipMinutes e2ee endReason",
		"attendees": "sessionId participantId displayName email participantType joinedTime leftTime duration durationSeconds " +
			"leaveReason transport clientAgent ipAddress disclaimerHash formValues",
		"events": "sessionId seq event participantId time detail",
	} {
		row := ada.get(t, "/v1/meetingReports/"+report).items()[0]
		for name := range strings.FieldsSeq(names) {
			if _, there := row[name]; !there {
				t.Errorf("%s rows have no %s", report, name)
			}
		}
		if got, want := len(row), len(strings.Fields(names)); got != want {
			t.Errorf("%s rows have %d names, want %d", report, got, want)
		}
	}
}

func TestReportsArePaged(t *testing.T) {
	s := newServer(t, "https://meet.example.org")
	ada := s.signedIn(t, "Ada", policy.SiteHost)
	m := ada.schedule(t)
	for i := range 5 {
		s.hold(t, m, fmt.Sprintf("s%d", i), i)
	}
	link := regexp.MustCompile(`^<https://meet\.example\.org(/v1/meetingReports/usage\?.*)>; rel="next"$`)
	path, pages, seen := "/v1/meetingReports/usage?from=2027-05-01T00:00:00Z&max=2", 0, ""
	for path != "" {
		rows := ada.get(t, path)
		expect(t, rows, http.StatusOK, "")
		for _, row := range rows.items() {
			seen += fmt.Sprint(row["sessionId"], " ")
		}
		pages++
		path = ""
		if next := link.FindStringSubmatch(rows.Header().Get("Link")); next != nil {
			path = next[1]
		}
	}
	if pages != 3 || seen != "s4 s3 s2 s1 s0 " {
		t.Errorf("%d pages of %s", pages, seen)
	}
}

func TestBadReportQueries(t *testing.T) {
	ada := newServer(t, plainSite).signedIn(t, "Ada", policy.SiteHost)
	for _, tt := range []struct {
		query, code string
		status      int
	}{
		{"max=0", "invalid", http.StatusUnprocessableEntity},
		{"max=201", "invalid", http.StatusUnprocessableEntity},
		{"max=many", "invalid", http.StatusUnprocessableEntity},
		{"from=yesterday", "invalid", http.StatusUnprocessableEntity},
		{"to=2027-05-04", "invalid", http.StatusUnprocessableEntity},
		{"form=2027-05-04T09:00:00Z", "malformed", http.StatusBadRequest},
		{"max=1&max=2", "malformed", http.StatusBadRequest},
		{"max=1;max=2", "malformed", http.StatusBadRequest},
		{"ownerId=x", "malformed", http.StatusBadRequest},
		{"cursor=x", "malformed", http.StatusBadRequest},
		{"cursor=%zz", "malformed", http.StatusBadRequest},
		{"sort=name", "invalid", http.StatusUnprocessableEntity},
		{"sort=started_at%3BDROP%20TABLE%20users", "invalid", http.StatusUnprocessableEntity},
		{"format=xml", "invalid", http.StatusUnprocessableEntity},
		{"meetingNumber=abc", "invalid", http.StatusUnprocessableEntity},
		{"hostEmail=ada", "invalid", http.StatusUnprocessableEntity},
		{"title=" + strings.Repeat("x", 10_000), "invalid", http.StatusUnprocessableEntity},
		{"title=%E2%80%AEx", "invalid", http.StatusUnprocessableEntity},
		{"from=2027-05-04T09:00:00Z&to=2027-05-04T09:00:00Z", "invalid", http.StatusUnprocessableEntity},
	} {
		expect(t, ada.get(t, "/v1/meetingReports/usage?"+tt.query), tt.status, tt.code)
	}
}

func TestDownloads(t *testing.T) {
	s := newServer(t, plainSite)
	ada, bob := s.signedIn(t, "Ada", policy.SiteHost), s.signedIn(t, "Bob", policy.SiteHost)
	s.hold(t, ada.schedule(t), "adas", 9)
	s.hold(t, bob.schedule(t), "bobs", 10)
	for _, tt := range []struct {
		name, query, accept string
		mediaType, file     string // file empty: a page
	}{
		{"a page", "", "", "application/json", ""},
		{"a browser", "", "text/html,*/*;q=0.8", "application/json", ""},
		{"CSV by header", "", "text/csv", "text/csv; charset=utf-8; header=present", "csv"},
		{"CSV by name", "?format=csv", "application/json", "text/csv; charset=utf-8; header=present", "csv"},
		{"JSON by name", "?format=json", "", "application/json", "json"},
		{"a filter too", "?format=csv&sessionId=adas&sort=-start", "", "text/csv; charset=utf-8; header=present", "csv"},
	} {
		for _, name := range []string{"usage", "attendees", "events"} {
			t.Run(tt.name+", "+name, func(t *testing.T) {
				ada.headers["Accept"] = tt.accept
				got := ada.get(t, "/v1/meetingReports/"+name+tt.query)
				expectStatus(t, got, http.StatusOK)
				want := ""
				if tt.file != "" {
					want = `attachment; filename="conclave-` + name + "." + tt.file + `"`
				}
				if got.Header().Get("Content-Type") != tt.mediaType || got.Header().Get("Content-Disposition") != want {
					t.Errorf("%s, %s", got.Header().Get("Content-Type"), got.Header().Get("Content-Disposition"))
				}
				if body := got.Body.String(); !strings.Contains(body, "adas") || strings.Contains(body, "bobs") {
					t.Errorf("Ada gets %s", body)
				}
			})
		}
	}
	expect(t, s.browser().get(t, "/v1/meetingReports/usage?format=csv"), http.StatusUnauthorized, "login_required")
}

// expectStatus is for answers that are no problem and perhaps no JSON object.
func expectStatus(t *testing.T, got reply, status int) {
	t.Helper()
	if got.Code != status {
		t.Fatalf("status %d, want %d; body %s", got.Code, status, got.Body)
	}
}

func TestDownloadsAtOnceAreBounded(t *testing.T) {
	s := newServer(t, plainSite)
	ada := s.signedIn(t, "Ada", policy.SiteHost)
	for range maxDownloads {
		s.files <- struct{}{}
	}
	expect(t, ada.get(t, "/v1/meetingReports/usage?format=csv"), http.StatusServiceUnavailable, "busy")
	expect(t, ada.get(t, "/v1/meetingReports/usage"), http.StatusOK, "")
	<-s.files
	expectStatus(t, ada.get(t, "/v1/meetingReports/usage?format=csv"), http.StatusOK)
	if len(s.files) != maxDownloads-1 {
		t.Error("a download that is over keeps its place")
	}
}

func TestDays(t *testing.T) {
	s := newServer(t, plainSite)
	ada, admin := s.signedIn(t, "Ada", policy.SiteHost), s.signedIn(t, "Cy", policy.SiteAdmin)
	m := ada.schedule(t)
	s.hold(t, m, "s1", 9)
	s.hold(t, m, "s2", 23)
	for _, tt := range []struct {
		browser *browser
		query   string
		want    string
	}{
		{ada, "from=2027-05-01T00:00:00Z&to=2027-06-01T00:00:00Z", "[map[date:2027-05-04 meetings:2 totalParticipants:2 totalPeopleMinutes:2]]"},
		{admin, "from=2027-05-01T00:00:00Z&to=2027-06-01T00:00:00Z&timezone=Europe/Berlin&hostEmail=ada@example.org", "[map[date:2027-05-04 meetings:1 totalParticipants:1 totalPeopleMinutes:1] map[date:2027-05-05 meetings:1 totalParticipants:1 totalPeopleMinutes:1]]"},
		{admin, "from=2027-05-01T00:00:00Z&to=2027-06-01T00:00:00Z&title=nothing", "[]"},
	} {
		got := tt.browser.get(t, "/v1/meetingReports/days?"+tt.query)
		expect(t, got, http.StatusOK, "")
		if fmt.Sprint(got.items()) != tt.want {
			t.Errorf("%s: %v, want %s", tt.query, got.items(), tt.want)
		}
	}
	for _, query := range []string{"timezone=../etc/passwd", "timezone=Local", "from=2020-05-01T00:00:00Z&to=2027-06-01T00:00:00Z", "sort=start"} {
		expect(t, ada.get(t, "/v1/meetingReports/days?"+query), http.StatusUnprocessableEntity, "invalid")
	}
}

func TestStaysAndFactsHaveNoOrderByPeople(t *testing.T) {
	ada := newServer(t, plainSite).signedIn(t, "Ada", policy.SiteHost)
	for _, name := range []string{"attendees", "events"} {
		expect(t, ada.get(t, "/v1/meetingReports/"+name+"?sort=people"), http.StatusUnprocessableEntity, "invalid")
		expect(t, ada.get(t, "/v1/meetingReports/"+name+"?sort=-start"), http.StatusOK, "")
	}
}
