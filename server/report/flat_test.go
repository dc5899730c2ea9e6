package report_test

import (
	"context"
	"database/sql"
	"io"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/conclave-meet/conclave/server/report"
	"github.com/conclave-meet/conclave/storage"
)

// stays makes a database with that many stays, a hundred a session.
func stays(t *testing.T, many int) (*storage.DB, storage.Filter, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "conclave.db")
	db, err := storage.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	site, err := db.SiteByName(t.Context(), storage.DefaultSite)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = raw.Close() }()
	_, err = raw.ExecContext(t.Context(), `
		WITH RECURSIVE i(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM i WHERE n + 1 < ?2)
		INSERT INTO edr_attendees (session_id, seq, site_id, host_id, participant_id, display_name, email, participant_type,
			joined_at, left_at, duration_ms, client_agent, ip_address)
		SELECT printf('s%08d', n / 100), n % 100 + 2, ?1, 'ada', 'p-' || n, '=Guest ' || n, '', 'attendee',
			n * 1000, n * 1000 + 1800000, 1800000, 'agent', '192.0.2.1' FROM i`, site.ID, many)
	if err != nil {
		t.Fatal(err)
	}
	return db, storage.Filter{SiteID: site.ID, WholeSite: true}, path
}

// counter counts lines, and looks at the heap now and then.
type counter struct {
	lines, writes int
	peak          uint64
}

func (c *counter) Write(b []byte) (int, error) {
	for _, one := range b {
		if one == '\n' {
			c.lines++
		}
	}
	if c.writes++; c.writes%500 == 0 {
		c.peak = max(c.peak, heap())
	}
	return len(b), nil
}

// heap is what is in use, with what could be collected already.
func heap() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// A download holds a part of the rows, however many there are: with -tags
// million they are a million.
func TestADownloadsMemoryIsFlat(t *testing.T) {
	db, f, _ := stays(t, many)
	for _, format := range []report.Format{report.CSV, report.JSON} {
		runtime.GC()
		runtime.GC() // what only finalizers held
		base, out, began := heap(), &counter{}, time.Now()
		if err := report.Write(t.Context(), out, format, storage.Parts(db.AttendeeRows, f)); err != nil {
			t.Fatal(err)
		}
		growth := (int64(max(out.peak, heap())) - int64(base)) >> 10
		t.Logf("%s of %d rows in %v: the heap grew by %d KiB at most", format, many, time.Since(began).Round(time.Millisecond), growth)
		if growth > 32<<10 {
			t.Errorf("%s: the heap grew by %d KiB", format, growth)
		}
		if out.lines < many {
			t.Errorf("%s: %d lines of %d rows", format, out.lines, many)
		}
	}
}

// journalHeld reports whether a reader keeps the journal from being emptied.
func journalHeld(t *testing.T, path string) (held bool) {
	t.Helper()
	raw, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = raw.Close() }()
	var log, moved int
	if err := raw.QueryRowContext(t.Context(), `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&held, &log, &moved); err != nil {
		t.Fatal(err)
	}
	return held
}

// While a reader takes its time nothing of the database is held: it can be
// written to, and its journal emptied.
func TestASlowReaderHoldsNoTransaction(t *testing.T) {
	db, f, path := stays(t, 2*storage.DownloadRows+1)
	in, out := io.Pipe()
	written := make(chan error, 1)
	go func() {
		err := report.Write(context.WithoutCancel(t.Context()), out, report.CSV, storage.Parts(db.AttendeeRows, f))
		_ = out.Close()
		written <- err
	}()
	if _, err := in.Read(make([]byte, 1)); err != nil { // the writer waits in the middle of a part now
		t.Fatal(err)
	}
	if held := journalHeld(t, path); held {
		t.Error("a slow reader holds the journal")
	}
	if _, err := io.Copy(io.Discard, in); err != nil {
		t.Fatal(err)
	}
	if err := <-written; err != nil {
		t.Fatal(err)
	}
}
