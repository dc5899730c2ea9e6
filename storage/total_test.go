package storage

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/conclave-meet/conclave/signaling/edr"
)

// randomSession is a session in which people come, go and come back, and which
// may end, or stop at any fact, as when the server dies.
func randomSession(r *rand.Rand, session string, m Meeting) []edr.Record {
	s := &script{session: session}
	at := time.Duration(r.IntN(1_000_000)) * time.Millisecond
	s.add(at, "", edr.Started{SiteID: m.SiteID, MeetingID: m.ID, MeetingNumber: m.Number, HostID: m.OwnerID, HostEmail: m.HostEmail})
	began, joined := at, map[string]time.Duration{}
	leave := func(id string) {
		stay := at - joined[id]
		s.add(at, id, edr.Left{Reason: "left", Duration: stay, Voice: time.Duration(r.Int64N(int64(stay) + 1)), Transport: "udp"})
		delete(joined, id)
	}
	steps := r.IntN(60)
	for range steps {
		at += time.Duration(r.IntN(400_000)) * time.Millisecond
		id := fmt.Sprintf("p-%d", r.IntN(8))
		if _, in := joined[id]; in {
			leave(id)
		} else {
			s.add(at, id, edr.Joined{DisplayName: id})
			joined[id] = at
		}
	}
	if r.IntN(4) == 0 {
		return s.records // the server died
	}
	for _, id := range slices.Sorted(maps.Keys(joined)) {
		leave(id)
	}
	s.add(at, "", edr.Ended{Reason: "empty", Duration: at - began})
	return s.records
}

// peak recomputes how many were in at once from the facts.
func peak(facts []EventRow) (most int64) {
	var in int64
	for _, fact := range facts {
		switch fact.Event {
		case "joined":
			in++
		case "left":
			in--
		}
		most = max(most, in)
	}
	return most
}

// voice adds up what the stays' rows say of media, in minutes.
func voice(t *testing.T, db *DB, session string) (total int64) {
	t.Helper()
	rows, err := list(t.Context(), db.read, func(row scanner) (ms int64, err error) { return ms, row.Scan(&ms) },
		`SELECT voice_ms FROM edr_attendees WHERE session_id = ?`, session)
	if err != nil {
		t.Fatal(err)
	}
	for _, ms := range rows {
		total += minutes(ms)
	}
	return total
}

// What a session's row says is what its stays' rows add up to, whatever happened:
// the facts go through the log, in batches as they come, some of them twice.
func TestTotalsAreWhatTheStaysAddUpTo(t *testing.T) {
	const sessions = 500
	path := filepath.Join(t.TempDir(), "conclave.db")
	db := openAt(t, path)
	ada := addUser(t, db, "ada@example.org")
	m := addMeeting(t, db, ada, "23456789012", epoch)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))

	log := edr.NewLog(func(ctx context.Context, batch edr.Batch) error {
		if err := db.Write(ctx, batch); err != nil {
			return err
		}
		batch.Records = batch.Records[len(batch.Records)/2:]
		return db.Write(ctx, batch) // as after a commit that was in doubt
	})
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- log.Run(ctx) }()
	var durable <-chan struct{}
	for i := range sessions {
		for _, record := range randomSession(r, fmt.Sprintf("s%03d", i), m) {
			durable = log.Add(record)
		}
	}
	<-durable
	stop()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	lostSessions, err := db.CloseLost(t.Context())
	if err != nil || lostSessions == 0 {
		t.Fatalf("%d sessions were lost, %v", lostSessions, err)
	}

	f := ofSite(ada)
	f.Max = DownloadRows
	stays := 0
	for _, row := range usage(t, db, f) {
		f.SessionID = row.SessionID
		var people, seconds int64
		of := attendees(t, db, f)
		for _, stay := range of {
			if stay.LeftTime == nil || stay.LeftTime.After(*row.End) {
				t.Errorf("%s: a stay until %v, the session ended %v", row.SessionID, stay.LeftTime, row.End)
			}
			people += stay.Duration
			seconds += stay.DurationSeconds
		}
		stays += len(of)
		if row.TotalPeopleMinutes != people || row.TotalParticipants != int64(len(of)) ||
			row.PeakAttendee != peak(events(t, db, f)) || row.TotalVoipMinutes != voice(t, db, row.SessionID) || row.TotalPeopleMinutes*60 < seconds {
			t.Errorf("%s: its row says %+v; its stays: %d, %d minutes, %d of media, %d at once",
				row.SessionID, row, len(of), people, voice(t, db, row.SessionID), peak(events(t, db, f)))
		}
	}
	t.Logf("%d sessions, %d of them lost, %d stays: every total agrees", sessions, lostSessions, stays)
	if v := verify(t, db, ada.SiteID, nil); v.Fault != nil {
		t.Errorf("the chain: %+v", v.Fault)
	}
}

// Records from before there was a chain begin it, once.
func TestAnOldDatabaseGetsItsChain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "conclave.db")
	db := openAt(t, path)
	ada := addUser(t, db, "ada@example.org")
	m := addMeeting(t, db, ada, "23456789012", epoch)
	insert(t, db, wholeSession("whole", m))
	insert(t, db, wholeSession("open", m)[:4])
	if err := db.Audit(t.Context(), ada.SiteID, Operator, Change{Action: "user.create"}); err != nil {
		t.Fatal(err)
	}
	want := usage(t, db, ofSite(ada))
	// Back to how the migration leaves such rows.
	attack(t, path, `DELETE FROM chain_links`, `UPDATE edr_events SET link = 0`, `UPDATE audit_events SET link = 0`,
		`UPDATE edr_attendees SET link = 0 WHERE link IS NOT NULL`, `UPDATE edr_sessions SET link = 0 WHERE link IS NOT NULL`)
	for range 2 {
		if err := db.linkOld(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	v := verify(t, db, ada.SiteID, nil)
	if v.Fault != nil || v.Head.Links < 16+3+1+4+1 {
		t.Errorf("%+v, %+v", v, v.Fault)
	}
	insert(t, db, wholeSession("open", m)) // what runs goes on in the same chain
	if v := verify(t, db, ada.SiteID, nil); v.Fault != nil {
		t.Errorf("%+v", v.Fault)
	}
	if got := usage(t, db, ofSite(ada)); len(got) != len(want) {
		t.Errorf("%d rows, want %d", len(got), len(want))
	}
	// A row without a link that comes later is nobody's to link.
	raw, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = raw.Close() }()
	if _, err := raw.ExecContext(t.Context(), `INSERT INTO edr_events (session_id, seq, site_id, kind, participant_id, at, detail) VALUES ('whole', 99, ?, 'muted', 'p-1', 0, '{}')`, ada.SiteID); err != nil {
		t.Fatal(err)
	}
	if err := db.linkOld(t.Context()); err != nil {
		t.Fatal(err)
	}
	if v := verify(t, db, ada.SiteID, nil); v.Fault == nil || v.Fault.What != "added" {
		t.Errorf("%+v", v.Fault)
	}
}
