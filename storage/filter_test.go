package storage

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/conclave-meet/conclave/signaling/edr"
)

func TestReportsShowWhatTheReaderMaySee(t *testing.T) {
	db := open(t)
	ada, bob := addUser(t, db, "ada@example.org"), addUser(t, db, "bob@example.org")
	insert(t, db, wholeSession("adas", addMeeting(t, db, ada, "23456789012", epoch)))
	insert(t, db, wholeSession("bobs", addMeeting(t, db, bob, "23456789013", epoch)))
	own := Filter{SiteID: ada.SiteID, OwnerID: ada.ID, Max: MaxRows}
	for _, tt := range []struct {
		name   string
		filter Filter
		want   int // sessions
	}{
		{"own", own, 1},
		{"the site's", ofSite(ada), 2},
		{"nobody's", Filter{SiteID: ada.SiteID, Max: MaxRows}, 0},
		{"another's session", Filter{SiteID: ada.SiteID, OwnerID: ada.ID, SessionID: "bobs", Max: MaxRows}, 0},
		{"another site's", Filter{SiteID: "elsewhere", WholeSite: true, Max: MaxRows}, 0},
		{"from the start", Filter{SiteID: ada.SiteID, OwnerID: ada.ID, From: epoch, Max: MaxRows}, 1},
		{"after the start", Filter{SiteID: ada.SiteID, OwnerID: ada.ID, From: epoch.Add(time.Hour), Max: MaxRows}, 0},
		{"before the start", Filter{SiteID: ada.SiteID, OwnerID: ada.ID, To: epoch, Max: MaxRows}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := len(usage(t, db, tt.filter)); got != tt.want {
				t.Errorf("%d usage rows, want %d", got, tt.want)
			}
			if got := len(attendees(t, db, tt.filter)); got != 3*tt.want {
				t.Errorf("%d attendee rows, want %d", got, 3*tt.want)
			}
			if got := len(events(t, db, tt.filter)); got != 16*tt.want {
				t.Errorf("%d event rows, want %d", got, 16*tt.want)
			}
		})
	}
}

// Rows with the same time are the hard case: none may be shown twice or lost.
func TestPagesHoldEveryRowOnce(t *testing.T) {
	db := open(t)
	ada := addUser(t, db, "ada@example.org")
	m := addMeeting(t, db, ada, "23456789012", epoch)
	for i := range 7 {
		session := fmt.Sprintf("s%d", i)
		insert(t, db, []edr.Record{
			{Session: session, Seq: 1, At: epoch, Fact: edr.Started{SiteID: m.SiteID, MeetingID: m.ID, HostID: m.OwnerID}},
			{Session: session, Seq: 2, At: epoch, Participant: "p-1", Fact: edr.Joined{}},
			{Session: session, Seq: 3, At: epoch, Participant: "p-2", Fact: edr.Joined{}},
		})
	}
	f := ofSite(ada)
	f.Max = 4
	check := func(name string, got []string, want int) {
		t.Helper()
		slices.Sort(got)
		if n := len(got); n != want || len(slices.Compact(got)) != want {
			t.Errorf("%s: %d rows, want %d different ones: %v", name, n, want, got)
		}
	}
	check("usage", walk(t, f, db.UsageRows, func(r UsageRow) string { return r.SessionID }), 7)
	check("attendees", walk(t, f, db.AttendeeRows, func(r AttendeeRow) string { return r.SessionID + r.ParticipantID }), 14)
	check("events", walk(t, f, db.EventRows, func(r EventRow) string { return fmt.Sprint(r.SessionID, r.Seq) }), 21)
}

// reportFunc is a method of DB that reads a report.
type reportFunc[T any] = func(context.Context, Filter) (Page[T], error)

// walk follows a report from page to page, through the text of its cursors.
func walk[T any](t *testing.T, f Filter, report reportFunc[T], key func(T) string) (keys []string) {
	t.Helper()
	for {
		rows, err := report(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		if len(rows.Items) > f.Max {
			t.Fatalf("%d rows on a page of %d", len(rows.Items), f.Max)
		}
		for _, row := range rows.Items {
			keys = append(keys, key(row))
		}
		if rows.Next == (Cursor{}) {
			return keys
		}
		if f.After, err = ParseCursor(rows.Next.String()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAPageHoldsAtMostMaxRows(t *testing.T) {
	for max, want := range map[int]int{-1: 1, 0: 1, 1: 1, 1000: 1000, 1001: 1000} {
		if got := (Filter{Max: max}).limit(); got != want {
			t.Errorf("limit of %d = %d, want %d", max, got, want)
		}
	}
}

func FuzzParseCursor(f *testing.F) {
	f.Add("1801000000000.0198c2f0-0000-7000-8000-000000000000.3")
	f.Add("..")
	f.Add("1.2")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ParseCursor(text)
		if err != nil {
			return
		}
		if again, err := ParseCursor(c.String()); err != nil || again != c {
			t.Errorf("ParseCursor(%q) = %v, written %q, read %v, %v", text, c, c, again, err)
		}
	})
}
