package storage

import (
	"database/sql"
	"encoding/hex"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/conclave-meet/conclave/signaling/edr"
)

// attack runs statements on the file as somebody would who can write to it: on
// a connection of their own, after they took the triggers away.
func attack(t *testing.T, path string, statements ...string) {
	t.Helper()
	raw, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = raw.Close() }()
	triggers, err := list(t.Context(), raw, func(row scanner) (name string, err error) { return name, row.Scan(&name) },
		`SELECT name FROM sqlite_master WHERE type = 'trigger'`)
	if err != nil || len(triggers) < 10 {
		t.Fatalf("triggers %q, %v", triggers, err)
	}
	for _, name := range triggers {
		statements = append([]string{`DROP TRIGGER ` + name}, statements...)
	}
	for _, statement := range statements {
		if _, err := raw.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

// verified has two sessions, one still running, and an audit log.
func verified(t *testing.T) (db *DB, site, path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "conclave.db")
	db = openAt(t, path)
	ada := addUser(t, db, "ada@example.org")
	m := addMeeting(t, db, ada, "23456789012", epoch)
	insert(t, db, wholeSession("s1", m))
	for _, r := range wholeSession("s2", m) { // one by one
		insert(t, db, []edr.Record{r})
	}
	insert(t, db, wholeSession("s3", m)[:5])
	for _, action := range []string{"policy.update", "user.create"} {
		if err := db.Audit(t.Context(), ada.SiteID, Operator, Change{Action: action, Target: "user:1"}); err != nil {
			t.Fatal(err)
		}
	}
	return db, ada.SiteID, path
}

func verify(t *testing.T, db *DB, site string, noted []byte) Verdict {
	t.Helper()
	v, err := db.Verify(t.Context(), site, noted)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestVerifyPointsAtTheFirstRowThatIsNotAsItWas(t *testing.T) {
	for _, tt := range []struct {
		name, statement string
		what, kind, id  string
	}{
		{"nothing", `SELECT 1`, "", "", ""},
		{"a running session goes on", `UPDATE edr_sessions SET last_seen_at = 1 WHERE id = 's3'`, "", "", ""},
		{"minutes of a session", `UPDATE edr_sessions SET people_minutes = 1 WHERE id = 's1'`, "changed", "usage", "s1"},
		{"the host of a session", `UPDATE edr_sessions SET host_id = 'eve' WHERE id = 's2'`, "changed", "usage", "s2"},
		{"a name", `UPDATE edr_attendees SET display_name = 'Eve' WHERE session_id = 's1' AND seq = 3`, "changed", "attendee", "s1/3"},
		{"a stay is open again", `UPDATE edr_attendees SET left_at = NULL WHERE session_id = 's1' AND seq = 3`, "changed", "attendee", "s1/3"},
		{"who expelled", `UPDATE edr_events SET detail = '{}' WHERE session_id = 's1' AND kind = 'expelled'`, "changed", "event", "s1/10"},
		{"a fact of another site", `UPDATE edr_events SET site_id = 'elsewhere' WHERE session_id = 's1' AND seq = 4`, "changed", "event", "s1/4"},
		{"who did it", `UPDATE audit_events SET actor = 'nobody' WHERE seq = (SELECT max(seq) FROM audit_events)`, "changed", "audit", ""},
		{"the first of two", `UPDATE edr_events SET at = at + 1 WHERE seq = 2`, "changed", "event", "s1/2"},
		{"text in place of nothing", `UPDATE edr_sessions SET end_reason = end_reason || '' , host_name = 'Ad', host_email = host_email || 'a' WHERE id = 's1'`, "changed", "usage", "s1"},
		{"a session is gone", `DELETE FROM edr_sessions WHERE id = 's1'`, "removed", "usage", "s1"},
		{"a stay is gone", `DELETE FROM edr_attendees WHERE session_id = 's2' AND seq = 2`, "removed", "attendee", "s2/2"},
		{"a fact is gone", `DELETE FROM edr_events WHERE session_id = 's2' AND seq = 5`, "removed", "event", "s2/5"},
		{"an audit row is gone", `DELETE FROM audit_events WHERE action = 'policy.update'`, "removed", "audit", ""},
		{"a row and its link are gone", `DELETE FROM chain_links WHERE n = 4; DELETE FROM edr_events WHERE session_id = 's1' AND seq = 4`, "removed", "link", "4"},
		{"a row and its link are changed", `UPDATE edr_events SET at = 0 WHERE session_id = 's1' AND seq = 4; UPDATE chain_links SET row_hash = x'00' WHERE session_id = 's1' AND seq = 4 AND kind = 'event'`, "changed", "event", "s1/4"},
		{"it is said to be purged", `DELETE FROM edr_events WHERE session_id = 's1' AND seq = 4; UPDATE chain_links SET session_id = '', seq = 0, purge = 1 WHERE session_id = 's1' AND seq = 4 AND kind = 'event'`, "removed", "purge", ""},
		{"a stay is put in", `INSERT INTO edr_attendees (session_id, seq, site_id, participant_id, display_name, email, participant_type, joined_at, left_at, client_agent, ip_address)
			SELECT session_id, 99, site_id, 'p-9', 'Eve', '', 'attendee', joined_at, left_at, '', '' FROM edr_attendees WHERE session_id = 's1' LIMIT 1`, "added", "attendee", "s1/99"},
		{"a fact is put in", `INSERT INTO edr_events (session_id, seq, site_id, kind, participant_id, at, detail, link)
			SELECT session_id, 99, site_id, kind, 'p-9', at, '{}', link FROM edr_events WHERE session_id = 's1' AND seq = 3`, "added", "event", "s1/99"},
		{"an audit row is put in", `INSERT INTO audit_events (site_id, seq, at, actor_id, actor, ip, action, target, before, after)
			SELECT site_id, 99, at, actor_id, actor, ip, action, target, before, after FROM audit_events LIMIT 1`, "added", "audit", "99"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			db, site, path := verified(t)
			if v := verify(t, db, site, nil); v.Fault != nil || v.Head.Links < 40 {
				t.Fatalf("before: %+v, %+v", v, v.Fault)
			}
			attack(t, path, strings.Split(tt.statement, ";")...)
			v := verify(t, db, site, nil)
			if tt.what == "" {
				if v.Fault != nil {
					t.Errorf("%+v", v.Fault)
				}
				return
			}
			if v.Fault == nil {
				t.Fatal("it was not noticed")
			}
			if f := v.Fault; f.What != tt.what || f.Kind != tt.kind || tt.id != "" && f.ID != tt.id || f.Time.IsZero() && tt.kind != "purge" {
				t.Errorf("%+v, want %s %s %s", *f, tt.kind, tt.id, tt.what)
			}
		})
	}
}

// Who writes the chain anew from where they changed it is found by a head that
// was noted before.
func TestANotedHead(t *testing.T) {
	db, site, path := verified(t)
	noted := verify(t, db, site, nil).Head
	if err := db.Audit(t.Context(), site, Operator, Change{Action: "user.delete", Target: "user:2"}); err != nil {
		t.Fatal(err)
	}
	if v := verify(t, db, site, noted.Hash); v.Fault != nil || v.NotedAt != noted.Links || v.Head.Links != noted.Links+1 {
		t.Errorf("%+v", v)
	}
	attack(t, path, `DELETE FROM audit_events WHERE action IN ('user.create', 'user.delete')`,
		`DELETE FROM chain_links WHERE n > (SELECT max(n) - 2 FROM chain_links)`)
	v := verify(t, db, site, noted.Hash)
	if v.Fault != nil {
		t.Errorf("an end that is cut off cleanly shows without a note: %+v", v.Fault)
	}
	if v.NotedAt != 0 {
		t.Errorf("the noted head %s is said to be in a chain that was cut", hex.EncodeToString(noted.Hash))
	}
}

// The database itself refuses what no part of the program does.
func TestFinishedRowsAreFinal(t *testing.T) {
	db, _, _ := verified(t)
	for _, statement := range []string{
		`UPDATE edr_sessions SET people_minutes = 1 WHERE id = 's1'`,
		`UPDATE edr_attendees SET display_name = 'Eve' WHERE session_id = 's1'`,
		`UPDATE edr_events SET detail = '{}' WHERE session_id = 's3'`,
		`UPDATE edr_events SET link = 1 WHERE session_id = 's3'`,
		`UPDATE audit_events SET actor = 'nobody'`,
		`UPDATE audit_events SET link = 1`,
		`UPDATE chain_links SET row_hash = x'00'`,
		`UPDATE chain_links SET session_id = ''`,
		`DELETE FROM edr_sessions WHERE id = 's1'`,
		`DELETE FROM edr_attendees WHERE session_id = 's1'`,
		`DELETE FROM edr_events WHERE session_id = 's1'`,
		`DELETE FROM audit_events`,
		`DELETE FROM chain_links`,
	} {
		if _, err := db.exec(t.Context(), statement); err == nil {
			t.Errorf("%s: it was done", statement)
		}
	}
}

func TestPurge(t *testing.T) {
	db, site, path := verified(t)
	before := verify(t, db, site, nil)
	total, err := db.Purge(t.Context(), site, epoch.Add(time.Hour))
	if err != nil || total != (Purged{Sessions: 2, Attendees: 6, Events: 32}) {
		t.Fatalf("purged %+v, %v", total, err)
	}
	f := Filter{SiteID: site, WholeSite: true, Max: MaxRows}
	if rows := usage(t, db, f); len(rows) != 1 || rows[0].SessionID != "s3" {
		t.Errorf("left: %+v", rows)
	}
	if n := len(attendees(t, db, f)) + len(events(t, db, f)); n != 2+5 {
		t.Errorf("%d rows of the running session are left", n)
	}
	v := verify(t, db, site, before.Head.Hash)
	if v.Fault != nil || v.Purged != 40 || v.NotedAt != before.Head.Links {
		t.Errorf("after the purge: %+v, %+v", v, v.Fault)
	}
	var last string
	if err := db.read.QueryRowContext(t.Context(), `SELECT actor || ' ' || action || ' ' || after FROM audit_events ORDER BY seq DESC LIMIT 1`).Scan(&last); err != nil ||
		last != `retention records.purge {"endedBefore":"2027-05-04T10:00:00Z","sessions":2,"attendees":6,"events":32}` {
		t.Errorf("audited as %s, %v", last, err)
	}
	if total, err := db.Purge(t.Context(), site, epoch.Add(time.Hour)); err != nil || total != (Purged{}) {
		t.Errorf("again: %+v, %v", total, err)
	}
	// Nothing names a session that is gone.
	var named int
	if err := db.read.QueryRowContext(t.Context(), `SELECT count(*) FROM chain_links WHERE session_id IN ('s1', 's2')`).Scan(&named); err != nil || named != 0 {
		t.Errorf("%d links still name sessions that are purged, %v", named, err)
	}
	attack(t, path, `DELETE FROM edr_events WHERE session_id = 's3' AND seq = 2`, `UPDATE chain_links SET session_id = '', seq = 0, purge = 1 WHERE session_id = 's3' AND seq = 2 AND kind = 'event'`)
	if v := verify(t, db, site, nil); v.Fault == nil || v.Fault.Kind != "purge" {
		t.Errorf("a row that is passed off as purged: %+v", v.Fault)
	}
}

// A large session is purged in parts, each bounded.
func TestPurgeInParts(t *testing.T) {
	db := open(t)
	site := theSite(t, db).ID
	insert(t, db, crowdedSession("big", site, 1500))
	part, err := db.purgePart(t.Context(), site, epoch.AddDate(1, 0, 0))
	if err != nil || part.rows() != purgeRows || part.Sessions != 0 {
		t.Fatalf("the first part: %+v, %v", part, err)
	}
	total, err := db.Purge(t.Context(), site, epoch.AddDate(1, 0, 0))
	if err != nil || total.rows() != 4502+1500+1-purgeRows {
		t.Errorf("the rest: %+v, %v", total, err)
	}
	if v := verify(t, db, site, nil); v.Fault != nil || v.Purged != 4502+1500+1 {
		t.Errorf("%+v, %+v", v, v.Fault)
	}
}
