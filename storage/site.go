package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// DefaultSite is the name of the site every database has.
const DefaultSite = "default"

// Site is a tenant: its users, meetings and records.
type Site struct{ ID, Name string }

// SiteByName returns the site called name.
func (db *DB) SiteByName(ctx context.Context, name string) (Site, error) {
	site := Site{Name: name}
	err := db.read.QueryRowContext(ctx, `SELECT id FROM sites WHERE name = ?`, name).Scan(&site.ID)
	if errors.Is(err, sql.ErrNoRows) {
		return Site{}, fmt.Errorf("site %q: %w", name, ErrNotFound)
	}
	if err != nil {
		return Site{}, fmt.Errorf("read site: %w", err)
	}
	return site, nil
}

// ensureSite makes the site called name unless there is one.
func (db *DB) ensureSite(ctx context.Context, name string) error {
	_, err := db.exec(ctx, `
		INSERT INTO sites (id, name, created_at) VALUES (?, ?, ?)
		ON CONFLICT (name) DO NOTHING`,
		newID(), name, now().UnixMilli())
	if err != nil {
		return fmt.Errorf("make site: %w", err)
	}
	return nil
}
