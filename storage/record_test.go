package storage

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/conclave-meet/conclave/signaling/edr"
)

// epoch is when the sessions of these tests start.
var epoch = time.Date(2027, 5, 4, 9, 0, 0, 0, time.UTC)

// script is a session's records, numbered as a room numbers them.
type script struct {
	session string
	records []edr.Record
}

func (s *script) add(after time.Duration, participant string, fact edr.Fact) {
	s.records = append(s.records, edr.Record{
		Session: s.session, Seq: uint64(len(s.records) + 1), At: epoch.Add(after), Participant: participant, Fact: fact,
	})
}

// wholeSession is a session of m with three stays, two of them at once, that
// ends after 30 minutes.
func wholeSession(session string, m Meeting) []edr.Record {
	s := &script{session: session}
	s.add(0, "", edr.Started{
		SiteID: m.SiteID, SiteURL: "https://meet.example", MeetingID: m.ID, MeetingNumber: m.Number,
		MeetingTitle: m.Title, ServiceType: m.ServiceType, HostID: m.OwnerID, HostEmail: m.HostEmail, HostName: m.HostName, E2EE: true,
	})
	s.add(0, "p-1", edr.Joined{DisplayName: "Ada", Email: "ada@example.org", ParticipantType: "host", ClientAgent: "agent", IPAddress: "192.0.2.1"})
	s.add(time.Minute, "p-2", edr.Joined{DisplayName: "Bob", ParticipantType: "attendee"})
	s.add(2*time.Minute, "p-1", edr.ShareStarted{Surface: "window"})
	s.add(3*time.Minute, "p-2", edr.Muted{By: "p-1"})
	s.add(4*time.Minute, "p-1", edr.ShareStopped{})
	s.add(5*time.Minute, "p-4", edr.Denied{By: "p-1"})
	s.add(5*time.Minute, "", edr.Locked{By: "p-1"})
	s.add(6*time.Minute, "", edr.Unlocked{By: "p-1"})
	s.add(11*time.Minute, "p-2", edr.Expelled{By: "p-1"})
	s.add(11*time.Minute, "p-2", edr.Left{Reason: "expelled", Duration: 10*time.Minute + time.Second, Voice: 9 * time.Minute, Transport: "udp"})
	s.add(20*time.Minute, "p-3", edr.Admitted{By: "p-1"})
	s.add(20*time.Minute, "p-3", edr.Joined{DisplayName: "Cy", ParticipantType: "attendee"})
	s.add(30*time.Minute, "p-1", edr.Left{Reason: "meeting_ended", Duration: 30 * time.Minute, Voice: 30 * time.Minute, Transport: "udp"})
	s.add(30*time.Minute, "p-3", edr.Left{Reason: "meeting_ended", Duration: 10 * time.Minute})
	s.add(30*time.Minute, "", edr.Ended{Reason: "ended_by_host", Duration: 30 * time.Minute})
	return s.records
}

func insert(t *testing.T, db *DB, records []edr.Record) {
	t.Helper()
	if err := db.Write(t.Context(), edr.Batch{Records: records}); err != nil {
		t.Fatal(err)
	}
}

func usage(t *testing.T, db *DB, f Filter) []UsageRow {
	t.Helper()
	rows, err := db.UsageRows(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	return rows.Items
}

func attendees(t *testing.T, db *DB, f Filter) []AttendeeRow {
	t.Helper()
	rows, err := db.AttendeeRows(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	return rows.Items
}

func events(t *testing.T, db *DB, f Filter) []EventRow {
	t.Helper()
	rows, err := db.EventRows(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	return rows.Items
}

// ofSite asks for everything at u's site.
func ofSite(u User) Filter { return Filter{SiteID: u.SiteID, WholeSite: true, Max: MaxRows} }

func TestASessionsRows(t *testing.T) {
	db := open(t)
	ada := addUser(t, db, "ada@example.org")
	m := addMeeting(t, db, ada, "23456789012", epoch)
	insert(t, db, wholeSession("s1", m))

	rows := usage(t, db, ofSite(ada))
	if len(rows) != 1 || rows[0].End == nil {
		t.Fatalf("usage rows = %+v", rows)
	}
	end := *rows[0].End
	rows[0].End = nil
	want := UsageRow{
		SessionID: "s1", SiteURL: "https://meet.example", MeetingID: m.ID, MeetingNumber: m.Number,
		MeetingTitle: "Weekly", ServiceType: "MeetingCenter", HostEmail: "ada@example.org", HostDisplayName: "Ada",
		Start: epoch, Duration: 30, DurationSeconds: 1800, TotalParticipants: 3, PeakAttendee: 2,
		TotalPeopleMinutes: 11 + 30 + 10, TotalVoipMinutes: 9 + 30, E2EE: true, EndReason: "ended_by_host",
	}
	if rows[0] != want || !end.Equal(epoch.Add(30*time.Minute)) {
		t.Errorf("usage = %+v to %v, want %+v", rows[0], end, want)
	}

	stays := attendees(t, db, ofSite(ada))
	if len(stays) != 3 {
		t.Fatalf("attendee rows = %+v", stays)
	}
	bob := stays[1]
	if bob.ParticipantID != "p-2" || bob.Duration != 11 || bob.DurationSeconds != 601 || bob.LeaveReason != "expelled" ||
		bob.Transport != "udp" || !bob.JoinedTime.Equal(epoch.Add(time.Minute)) ||
		!bob.LeftTime.Equal(bob.JoinedTime.Add(10*time.Minute+time.Second)) || string(bob.FormValues) != "{}" {
		t.Errorf("stay = %+v", bob)
	}
	if ada := stays[0]; ada.Email != "ada@example.org" || ada.ClientAgent != "agent" || ada.IPAddress != "192.0.2.1" || ada.ParticipantType != "host" {
		t.Errorf("stay = %+v", ada)
	}
	var people int64
	for _, s := range stays {
		people += s.Duration
	}
	if people != rows[0].TotalPeopleMinutes {
		t.Errorf("the stays add up to %d people minutes, the session says %d", people, rows[0].TotalPeopleMinutes)
	}
}

// A session of a version that did not encrypt stays one.
func TestUsageSaysWhetherItWasEncrypted(t *testing.T) {
	db := open(t)
	ada := addUser(t, db, "ada@example.org")
	m := addMeeting(t, db, ada, "23456789012", epoch)
	records := wholeSession("s1", m)
	started := records[0].Fact.(edr.Started)
	started.E2EE = false
	records[0].Fact = started
	insert(t, db, records)
	if usage(t, db, ofSite(ada))[0].E2EE {
		t.Error("a session that was not encrypted says it was")
	}
}

func TestEventRowsTellTheFacts(t *testing.T) {
	db := open(t)
	ada := addUser(t, db, "ada@example.org")
	m := addMeeting(t, db, ada, "23456789012", epoch)
	insert(t, db, wholeSession("s1", m))
	var got []string
	for _, e := range events(t, db, ofSite(ada)) {
		got = append(got, e.Event+" "+e.ParticipantID+" "+string(e.Detail))
	}
	want := []string{
		`started  {}`,
		`joined p-1 {"participantType":"host"}`,
		`joined p-2 {"participantType":"attendee"}`,
		`shareStarted p-1 {"surface":"window"}`,
		`muted p-2 {"by":"p-1"}`,
		`shareStopped p-1 {}`,
		`denied p-4 {"by":"p-1"}`,
		`locked  {"by":"p-1"}`,
		`unlocked  {"by":"p-1"}`,
		`expelled p-2 {"by":"p-1"}`,
		`left p-2 {"reason":"expelled"}`,
		`admitted p-3 {"by":"p-1"}`,
		`joined p-3 {"participantType":"attendee"}`,
		`left p-1 {"reason":"meeting_ended"}`,
		`left p-3 {"reason":"meeting_ended"}`,
		`ended  {"reason":"ended_by_host"}`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("events:\n%q\nwant\n%q", got, want)
	}
}

// A commit that is reported as failed may still be durable, so the log writes
// the batch again.
func TestReplayedRecordsCountOnce(t *testing.T) {
	db := open(t)
	ada := addUser(t, db, "ada@example.org")
	records := wholeSession("s1", addMeeting(t, db, ada, "23456789012", epoch))
	insert(t, db, records[:4])
	insert(t, db, records[:4])
	insert(t, db, records[2:])
	once := usage(t, db, ofSite(ada))[0]
	insert(t, db, records)
	again := usage(t, db, ofSite(ada))[0]
	if once.TotalParticipants != 3 || once.PeakAttendee != 2 || once.TotalPeopleMinutes != 51 {
		t.Errorf("usage = %+v", once)
	}
	once.End, again.End = nil, nil
	if again != once {
		t.Errorf("after one more replay %+v, before %+v", again, once)
	}
	if n := len(events(t, db, ofSite(ada))); n != len(records) {
		t.Errorf("%d events of %d records", n, len(records))
	}
	if n := len(attendees(t, db, ofSite(ada))); n != 3 {
		t.Errorf("%d stays", n)
	}
}

func TestABatchIsAllOrNone(t *testing.T) {
	db := open(t)
	ada := addUser(t, db, "ada@example.org")
	records := wholeSession("s1", addMeeting(t, db, ada, "23456789012", epoch))
	records[3].Seq = 1 << 63 // more than the driver can bind
	if err := db.Write(t.Context(), edr.Batch{Records: records}); err == nil {
		t.Fatal("a record that cannot be stored was stored")
	}
	if rows, facts := usage(t, db, ofSite(ada)), events(t, db, ofSite(ada)); len(rows)+len(facts) != 0 {
		t.Errorf("half a batch is stored: %v %v", rows, facts)
	}
}

func TestWritesResumeAfterTheDiskWasFull(t *testing.T) {
	db := open(t)
	ada := addUser(t, db, "ada@example.org")
	m := addMeeting(t, db, ada, "23456789012", epoch)
	var batch []edr.Record
	for i := range 50 {
		batch = append(batch, wholeSession(fmt.Sprintf("s%d", i), m)...)
	}
	// The pragma reaches the writer, of which there is one.
	if _, err := db.write.ExecContext(t.Context(), `PRAGMA max_page_count = 1`); err != nil {
		t.Fatal(err)
	}
	if err := db.Write(t.Context(), edr.Batch{Records: batch}); err == nil {
		t.Fatal("records were stored on a full disk")
	}
	if rows := usage(t, db, ofSite(ada)); len(rows) != 0 {
		t.Errorf("half a batch is stored: %v", rows)
	}
	if _, err := db.write.ExecContext(t.Context(), `PRAGMA max_page_count = 1000000`); err != nil {
		t.Fatal(err)
	}
	insert(t, db, batch)
	if rows := usage(t, db, ofSite(ada)); len(rows) != 50 || rows[0].TotalParticipants != 3 {
		t.Errorf("%d sessions after the retry", len(rows))
	}
}

func TestRecordsOutliveTheirMeeting(t *testing.T) {
	db := open(t)
	ada := addUser(t, db, "ada@example.org")
	m := addMeeting(t, db, ada, "23456789012", epoch)
	records := wholeSession("s1", m)
	insert(t, db, records[:2])
	if err := db.DeleteMeeting(t.Context(), ada.ID, m.ID, Actor{}, nil); err != nil {
		t.Fatal(err)
	}
	insert(t, db, records[2:])
	insert(t, db, wholeSession("s2", m)) // started when the meeting was gone already
	own := Filter{SiteID: ada.SiteID, OwnerID: ada.ID, Max: MaxRows}
	if rows := usage(t, db, own); len(rows) != 2 || rows[0].End == nil || rows[1].End == nil {
		t.Errorf("usage = %+v", rows)
	}
}

func TestRecordsOfNothingKnownAreKept(t *testing.T) {
	db := open(t)
	ada := addUser(t, db, "ada@example.org")
	records := wholeSession("s1", Meeting{SiteID: ada.SiteID, ID: "gone", HostEmail: "nobody@example.org"})
	insert(t, db, records)
	insert(t, db, []edr.Record{{Session: "s2", Seq: 7, At: epoch, Participant: "p", Fact: edr.Joined{}}}) // no start
	if rows := usage(t, db, ofSite(ada)); len(rows) != 1 || rows[0].EndReason != "ended_by_host" {
		t.Errorf("usage = %+v", rows)
	}
	if rows := usage(t, db, Filter{SiteID: ada.SiteID, Max: MaxRows}); len(rows) != 0 {
		t.Errorf("a reader without an id sees %+v", rows)
	}
}

func TestAMeetingIsEndedBetweenItsSessions(t *testing.T) {
	db := open(t)
	ada := addUser(t, db, "ada@example.org")
	m := addMeeting(t, db, ada, "23456789012", epoch)
	ended := func() time.Time {
		t.Helper()
		got, err := db.OwnMeeting(t.Context(), ada.ID, m.ID)
		if err != nil {
			t.Fatal(err)
		}
		return got.Ended
	}
	records := wholeSession("s1", m)
	insert(t, db, records[:1])
	if at := ended(); !at.IsZero() {
		t.Errorf("running meeting ended at %v", at)
	}
	insert(t, db, records[1:])
	if at := ended(); !at.Equal(epoch.Add(30 * time.Minute)) {
		t.Errorf("ended at %v", at)
	}
	insert(t, db, wholeSession("s2", m)[:1])
	if at := ended(); !at.IsZero() {
		t.Errorf("meeting that was started again ended at %v", at)
	}
}

func TestAnOpenSessionHasNoEnd(t *testing.T) {
	db := open(t)
	ada := addUser(t, db, "ada@example.org")
	insert(t, db, wholeSession("s1", addMeeting(t, db, ada, "23456789012", epoch))[:3])
	if rows := usage(t, db, ofSite(ada)); rows[0].End != nil || rows[0].Duration != 0 || rows[0].PeakAttendee != 2 {
		t.Errorf("usage = %+v", rows[0])
	}
	if stays := attendees(t, db, ofSite(ada)); stays[0].LeftTime != nil || stays[0].DurationSeconds != 0 {
		t.Errorf("stay = %+v", stays[0])
	}
}

func TestCloseLost(t *testing.T) {
	for _, tt := range []struct {
		name string
		beat time.Duration // after the start; the last record is at one minute
		want time.Duration
	}{
		{"the last beat is the last sign", 5*time.Minute + 500*time.Millisecond, 5*time.Minute + 500*time.Millisecond},
		{"the last record is the last sign", 30 * time.Second, time.Minute},
		{"the clock went back before the start", -time.Hour, time.Minute},
	} {
		t.Run(tt.name, func(t *testing.T) {
			db := open(t)
			ada := addUser(t, db, "ada@example.org")
			m := addMeeting(t, db, ada, "23456789012", epoch)
			insert(t, db, wholeSession("whole", m))
			records := wholeSession("open", m)[:3] // p-1 and p-2 are in
			insert(t, db, records)
			if err := db.Beat(t.Context(), epoch.Add(tt.beat)); err != nil {
				t.Fatal(err)
			}
			if n, err := db.CloseLost(t.Context()); err != nil || n != 1 {
				t.Fatalf("CloseLost = %d, %v", n, err)
			}

			f := ofSite(ada)
			f.SessionID = "open"
			row := usage(t, db, f)[0]
			if row.EndReason != "lost" || row.End == nil || !row.End.Equal(epoch.Add(tt.want)) || row.DurationSeconds != seconds(tt.want.Milliseconds()) {
				t.Errorf("usage = %+v, end %v", row, row.End)
			}
			for _, stay := range attendees(t, db, f) {
				if stay.LeaveReason != "lost" || stay.LeftTime == nil || !stay.LeftTime.Equal(*row.End) {
					t.Errorf("stay = %+v, left %v", stay, stay.LeftTime)
				}
			}
			facts := events(t, db, f)
			if len(facts) != len(records)+3 || facts[len(facts)-1].Event != "ended" || facts[len(facts)-1].Seq != int64(len(facts)) {
				t.Errorf("events = %+v", facts)
			}
			f.SessionID = "whole"
			if row := usage(t, db, f)[0]; row.EndReason != "ended_by_host" {
				t.Errorf("the session that was whole: %+v", row)
			}
			if got, err := db.OwnMeeting(t.Context(), ada.ID, m.ID); err != nil || !got.Ended.IsZero() {
				t.Errorf("the meeting of a lost session counts as ended at %v, %v", got.Ended, err)
			}
			if n, err := db.CloseLost(t.Context()); err != nil || n != 0 {
				t.Errorf("CloseLost again = %d, %v", n, err)
			}
		})
	}
}

func TestDurations(t *testing.T) {
	for _, tt := range []struct {
		length           time.Duration
		seconds, minutes int64
	}{
		{0, 0, 0},
		{499 * time.Millisecond, 0, 0},
		{500 * time.Millisecond, 1, 1},
		{time.Minute, 60, 1},
		{time.Minute + 499*time.Millisecond, 60, 1},
		{time.Minute + 500*time.Millisecond, 61, 2},
		{time.Hour, 3600, 60},
	} {
		ms := tt.length.Milliseconds()
		if s, m := seconds(ms), minutes(ms); s != tt.seconds || m != tt.minutes {
			t.Errorf("%v counts as %d s, %d min; want %d, %d", tt.length, s, m, tt.seconds, tt.minutes)
		}
	}
}
