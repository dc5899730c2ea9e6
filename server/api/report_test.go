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
	err = s.db.InsertRecords(t.Context(), []edr.Record{
		{Session: session, Seq: 1, At: at, Fact: edr.Started{SiteID: s.site.ID, MeetingID: m.text("id"), MeetingNumber: m.text("meetingNumber"), HostID: stored.OwnerID}},
		{Session: session, Seq: 2, At: at, Participant: "p-1", Fact: edr.Joined{DisplayName: "Guest"}},
		{Session: session, Seq: 3, At: at.Add(time.Minute), Participant: "p-1", Fact: edr.Left{Reason: "left", Duration: time.Minute}},
		{Session: session, Seq: 4, At: at.Add(time.Minute), Fact: edr.Ended{Reason: "empty", Duration: time.Minute}},
	})
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
	} {
		expect(t, ada.get(t, "/v1/meetingReports/usage?"+tt.query), tt.status, tt.code)
	}
}
