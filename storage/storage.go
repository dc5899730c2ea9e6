// Package storage keeps the service's durable state in one SQLite file: the
// site, its users, their logins and meetings, and the event detail records. It
// is the only package that knows SQL. It does not decide who may see or change
// a row, it only answers for the owner or site it is asked about, and it has
// no place for anything people say or show in a meeting.
package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	_ "modernc.org/sqlite" // the driver
)

// What a caller may act on; any other error is the database's own.
var (
	ErrNotFound = errors.New("not found")
	ErrTaken    = errors.New("already taken")
	ErrStale    = errors.New("changed since it was read")
)

// maxReaders is how many queries run at once besides the writer.
const maxReaders = 8

// DB is the database: many readers, one writer, as SQLite itself works.
type DB struct {
	read, write *sql.DB
	statements  statements // of the writer
}

// Open opens the file at path, makes it if it is missing, checks it and brings
// its schema up to date.
func Open(ctx context.Context, path string) (*DB, error) {
	path, err := createFile(path)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	db, err := openPools(path)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if err := db.prepare(ctx); err != nil {
		_ = db.Close()
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	return db, nil
}

// OpenBeside opens the file at path for a command that runs beside a server on
// the same file: it changes nothing of the schema and looks for no damage. What
// it says of a file that is not there is os.ErrNotExist, and ErrOlder of one that
// no server of this version has opened yet.
func OpenBeside(ctx context.Context, path string) (*DB, error) {
	path, err := filepath.Abs(path)
	if err == nil {
		_, err = os.Stat(path)
	}
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	db, err := openPools(path)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if err := db.current(ctx); err != nil {
		_ = db.Close()
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	return db, nil
}

// createFile makes the file and its directory, readable by their owner only,
// and returns its absolute path. SQLite gives the journal the file's mode.
func createFile(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) //nolint:gosec // the operator names the file
	if err != nil {
		return "", err
	}
	return path, file.Close()
}

func openPools(path string) (*DB, error) {
	write, err := sql.Open("sqlite", dsn(path, writerParams()))
	if err != nil {
		return nil, err
	}
	write.SetMaxOpenConns(1)
	read, err := sql.Open("sqlite", dsn(path, readerParams()))
	if err != nil {
		return nil, errors.Join(err, write.Close())
	}
	read.SetMaxOpenConns(maxReaders)
	read.SetMaxIdleConns(maxReaders)
	return &DB{read: read, write: write}, nil
}

// Pragmas are in the DSN so that every pooled connection gets them: run on a
// pool, a PRAGMA reaches one connection.

func commonParams() url.Values {
	return url.Values{
		"_defensive": {"1"},
		"_dqs":       {"0"}, // "x" is a name, never a string
		"_pragma": {
			"busy_timeout(5000)", "synchronous(FULL)", "foreign_keys(1)",
			"trusted_schema(0)", "cell_size_check(1)",
		},
	}
}

func writerParams() url.Values {
	params := commonParams()
	params["_pragma"] = append(params["_pragma"],
		"journal_mode(WAL)", "secure_delete(1)", "journal_size_limit(67108864)")
	params.Set("_txlock", "immediate")
	return params
}

func readerParams() url.Values {
	params := commonParams()
	params["_pragma"] = append(params["_pragma"], "query_only(1)")
	params.Set("mode", "ro")
	return params
}

func dsn(path string, params url.Values) string {
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: params.Encode()}).String()
}

// prepare makes a newly opened database ready to use.
func (db *DB) prepare(ctx context.Context) error {
	if err := check(ctx, db.write, `PRAGMA quick_check`); err != nil {
		return err
	}
	if err := db.migrate(ctx); err != nil {
		return err
	}
	if err := db.ensureSite(ctx, DefaultSite); err != nil {
		return err
	}
	if err := db.linkOld(ctx); err != nil {
		return err
	}
	return db.ensureSigningKeys(ctx)
}

// Close closes the database.
func (db *DB) Close() error {
	return errors.Join(db.read.Close(), db.write.Close())
}

// Ping reports whether the database answers.
func (db *DB) Ping(ctx context.Context) error {
	var one int
	if err := db.read.QueryRowContext(ctx, `SELECT 1 FROM sites LIMIT 1`).Scan(&one); err != nil {
		return fmt.Errorf("ping database: %w", err)
	}
	return nil
}

// Check reads the whole file and reports damage.
func (db *DB) Check(ctx context.Context) error {
	return check(ctx, db.read, `PRAGMA integrity_check`)
}

// check runs pragma, which answers "ok" or a list of what is wrong.
func check(ctx context.Context, pool *sql.DB, pragma string) error {
	var first string
	if err := pool.QueryRowContext(ctx, pragma).Scan(&first); err != nil {
		return fmt.Errorf("check database: %w", err)
	}
	if first != "ok" {
		return fmt.Errorf("check database: damaged: %s", first)
	}
	return nil
}

// update runs fn in a write transaction and commits if fn returns nil.
func (db *DB) update(ctx context.Context, fn func(*sql.Tx) error) error {
	tx, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // no-op after Commit
	if err := fn(tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// exec runs one statement in a write transaction of its own.
func (db *DB) exec(ctx context.Context, query string, args ...any) (result sql.Result, err error) {
	err = db.update(ctx, func(tx *sql.Tx) error {
		result, err = tx.ExecContext(ctx, query, args...)
		return err
	})
	return result, err
}
