package storage

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"

	"github.com/pressly/goose/v3"
)

// The numbered files that make the schema. One that has shipped is never
// edited.
//
//go:embed migrations/*.sql
var migrations embed.FS

// ErrNewer says that the file was written by a later version of the program.
var ErrNewer = errors.New("the database belongs to a newer version; start that version, or restore a backup made by this one")

// ErrOlder says that the file has yet to be brought up to date.
var ErrOlder = errors.New("the database belongs to an older version; start the server of this version once, and it is brought up to date")

// current says whether the schema is this program's, or ErrOlder or ErrNewer.
func (db *DB) current(ctx context.Context) error {
	provider, err := db.steps()
	if err != nil {
		return err
	}
	have, latest, err := provider.GetVersions(ctx)
	switch {
	case err != nil:
		return fmt.Errorf("read schema version: %w", err)
	case have > latest:
		return fmt.Errorf("schema %d, latest known %d: %w", have, latest, ErrNewer)
	case have < latest:
		return fmt.Errorf("schema %d, latest known %d: %w", have, latest, ErrOlder)
	}
	return nil
}

// migrate brings the schema up to date, each step in a transaction of its own.
// What a step deleted is gone from the journal afterwards, too: secure_delete
// overwrites it in the file only.
func (db *DB) migrate(ctx context.Context) error {
	provider, err := db.steps()
	if err != nil {
		return err
	}
	have, latest, err := provider.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read schema version: %w", err)
	}
	if have > latest {
		return fmt.Errorf("schema %d, latest known %d: %w", have, latest, ErrNewer)
	}
	done, err := provider.Up(ctx)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if len(done) == 0 {
		return nil
	}
	if _, err := db.write.ExecContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
		return fmt.Errorf("empty the journal: %w", err)
	}
	return nil
}

// steps are the migrations, ready to be applied.
func (db *DB) steps() (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db.write, files,
		goose.WithDisableGlobalRegistry(true), goose.WithSlog(slog.New(slog.DiscardHandler)))
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	return provider, nil
}
