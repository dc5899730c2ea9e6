package storage

import (
	"testing"
	"time"

	"github.com/conclave-meet/conclave/signaling/edr"
)

// What a room needs after a restart is kept for as long as its session runs.
func TestStatesOfOpenSessions(t *testing.T) {
	db := open(t)
	ada := addUser(t, db, "ada@example.org")
	m := addMeeting(t, db, ada, "23456789012", epoch)
	keep := func(records []edr.Record, states map[string][]byte) {
		t.Helper()
		if err := db.Write(t.Context(), edr.Batch{Records: records, States: states}); err != nil {
			t.Fatal(err)
		}
	}
	states := func(text string) map[string][]byte { return map[string][]byte{"open": []byte(text)} }
	records := wholeSession("open", m)
	keep(records[:2], states("first")) // together with its start
	keep(records[2:3], states("second"))
	keep(nil, map[string][]byte{"unknown": []byte("x")})
	keep(wholeSession("over", m), map[string][]byte{"over": []byte("x")})

	sessions, err := db.OpenSessions(t.Context())
	if err != nil || len(sessions) != 1 {
		t.Fatalf("%d sessions are open, %v", len(sessions), err)
	}
	s := sessions[0]
	if s.ID != "open" || s.SiteID != ada.SiteID || s.MeetingID != m.ID || string(s.State) != "second" || s.LastSeq != 3 || !s.Started.Equal(epoch) {
		t.Errorf("session %+v", s)
	}
	if len(s.Stays) != 2 || s.Stays[0].ParticipantID != "p-1" || !s.Stays[1].Joined.Equal(epoch.Add(time.Minute)) {
		t.Errorf("stays %+v", s.Stays)
	}
	if n, err := db.CloseLost(t.Context(), "open"); err != nil || n != 0 {
		t.Errorf("a session that goes on was closed: %d, %v", n, err)
	}
	if n, err := db.CloseLost(t.Context()); err != nil || n != 1 {
		t.Errorf("CloseLost = %d, %v", n, err)
	}
	var kept int
	if err := db.read.QueryRowContext(t.Context(), `SELECT count(*) FROM live_sessions`).Scan(&kept); err != nil || kept != 0 {
		t.Errorf("%d states are kept of sessions that are over, %v", kept, err)
	}
}
