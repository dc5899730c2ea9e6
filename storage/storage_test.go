package storage

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// open returns a fresh database that is closed when the test ends.
func open(t *testing.T) *DB {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), "conclave.db"))
}

func openAt(t *testing.T, path string) *DB {
	t.Helper()
	db, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// theSite returns the site that every database has.
func theSite(t *testing.T, db *DB) Site {
	t.Helper()
	site, err := db.SiteByName(t.Context(), DefaultSite)
	if err != nil {
		t.Fatal(err)
	}
	return site
}

func TestOpenMakesEverythingAndKeepsIt(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data", "with ? and # and %20", "conclave.db")
	first := openAt(t, path)
	site := theSite(t, first)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	again := openAt(t, path)
	if got := theSite(t, again); got.ID != site.ID {
		t.Errorf("site after reopening = %v, want %v", got, site)
	}
	if err := again.Ping(t.Context()); err != nil {
		t.Errorf("Ping = %v", err)
	}
	if err := again.Check(t.Context()); err != nil {
		t.Errorf("Check = %v", err)
	}
}

func TestFilesAreTheOwnersOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data", "conclave.db")
	openAt(t, path)
	for _, name := range []string{path, path + "-wal", path + "-shm"} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if mode := info.Mode().Perm(); mode != 0o600 {
			t.Errorf("%s has mode %o", filepath.Base(name), mode)
		}
	}
}

// A PRAGMA that is run on a pool reaches one connection, so each is asked.
func TestPragmasOnEveryConnection(t *testing.T) {
	common := map[string]int{
		"busy_timeout": 5000, "synchronous": 2, "foreign_keys": 1,
		"trusted_schema": 0, "cell_size_check": 1,
	}
	db := open(t)
	for _, pool := range []struct {
		name  string
		db    *sql.DB
		conns int
		own   map[string]int
	}{
		{"read", db.read, maxReaders, map[string]int{"query_only": 1}},
		{"write", db.write, 1, map[string]int{"query_only": 0, "secure_delete": 1, "journal_size_limit": 67108864}},
	} {
		for i := range pool.conns {
			conn, err := pool.db.Conn(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close() // all are held at once, so that they are different ones
			for _, pragmas := range []map[string]int{common, pool.own} {
				for name, want := range pragmas {
					if got := pragma(t, conn, name); got != strconv.Itoa(want) {
						t.Errorf("%s connection %d: %s = %s, want %d", pool.name, i, name, got, want)
					}
				}
			}
			if got := pragma(t, conn, "journal_mode"); got != "wal" {
				t.Errorf("%s connection %d: journal_mode = %s", pool.name, i, got)
			}
		}
	}
	if stats := db.write.Stats(); stats.MaxOpenConnections != 1 {
		t.Errorf("%d writers", stats.MaxOpenConnections)
	}
}

func pragma(t *testing.T, conn *sql.Conn, name string) (value string) {
	t.Helper()
	if err := conn.QueryRowContext(t.Context(), "PRAGMA "+name).Scan(&value); err != nil {
		t.Fatalf("PRAGMA %s: %v", name, err)
	}
	return value
}

func TestReadersCannotWrite(t *testing.T) {
	db := open(t)
	for _, statement := range []string{
		`DELETE FROM sites`,
		`PRAGMA query_only = 0; DELETE FROM sites`, // the file itself is open for reading only
	} {
		if _, err := db.read.ExecContext(t.Context(), statement); err == nil {
			t.Errorf("%q was done on the read pool", statement)
		}
	}
}

func TestForeignKeysHold(t *testing.T) {
	db := open(t)
	_, err := db.InsertUser(t.Context(), User{SiteID: "no such site", Email: "a@example.org"})
	if err == nil {
		t.Error("a user of a site that does not exist was stored")
	}
}

func TestOpenRefusesADamagedFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "conclave.db")
	if err := openAt(t, path).Close(); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := 4096; i < len(content); i++ {
		content[i] ^= 0x5a
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if db, err := Open(t.Context(), path); err == nil {
		_ = db.Close()
		t.Error("a damaged file was opened")
	}
}

func TestOpenRefusesANewerSchema(t *testing.T) {
	path := filepath.Join(t.TempDir(), "conclave.db")
	db := openAt(t, path)
	_, err := db.exec(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)`)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), path); !errors.Is(err, ErrNewer) {
		t.Errorf("Open = %v, want ErrNewer", err)
	}
}

// The schema is checked by SQLite only where it is told to.
func TestTablesAreStrict(t *testing.T) {
	db := open(t)
	var loose int
	err := db.read.QueryRowContext(t.Context(), `
		SELECT count(*) FROM pragma_table_list
		WHERE type = 'table' AND NOT strict AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'goose_%'`).Scan(&loose)
	if err != nil || loose != 0 {
		t.Errorf("%d tables are not STRICT, %v", loose, err)
	}
}
