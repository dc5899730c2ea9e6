package storage

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"database/sql"
	"fmt"
	"strings"
)

// DefaultSite is the name of the site every database has.
const DefaultSite = "default"

// Site is a tenant: its users, policy, meetings and records.
type Site struct {
	ID            string
	Name          string // in its path, like acme in /s/acme
	Title         string // what people call it; may be empty
	Host          string // its own host name; empty where it is found by its path
	Policy        []byte // JSON, a policy.Site
	PolicyVersion int64
}

const selectSite = `SELECT id, name, title, COALESCE(host, ''), policy, policy_version FROM sites `

func scanSite(row scanner) (Site, error) {
	var s Site
	err := row.Scan(&s.ID, &s.Name, &s.Title, &s.Host, &s.Policy, &s.PolicyVersion)
	return s, err
}

// SiteByName returns the site called name.
func (db *DB) SiteByName(ctx context.Context, name string) (Site, error) {
	site, err := scanSite(db.read.QueryRowContext(ctx, selectSite+`WHERE name = ?`, name))
	if err != nil {
		return Site{}, fmt.Errorf("site %q: %w", name, orNotFound(err))
	}
	return site, nil
}

// SiteByHost returns the site whose own host name is host.
func (db *DB) SiteByHost(ctx context.Context, host string) (Site, error) {
	site, err := scanSite(db.read.QueryRowContext(ctx, selectSite+`WHERE host = ?`, strings.ToLower(host)))
	if err != nil {
		return Site{}, fmt.Errorf("site by host: %w", orNotFound(err))
	}
	return site, nil
}

// SiteByID returns the site with that id.
func (db *DB) SiteByID(ctx context.Context, id string) (Site, error) {
	site, err := scanSite(db.read.QueryRowContext(ctx, selectSite+`WHERE id = ?`, id))
	if err != nil {
		return Site{}, fmt.Errorf("site by id: %w", orNotFound(err))
	}
	return site, nil
}

// Sites returns every site by name.
func (db *DB) Sites(ctx context.Context) ([]Site, error) {
	sites, err := list(ctx, db.read, scanSite, selectSite+`ORDER BY name`)
	if err != nil {
		return nil, fmt.Errorf("list sites: %w", err)
	}
	return sites, nil
}

// InsertSite stores s under a new id and returns it. ErrTaken says that another
// site has that name or host name.
func (db *DB) InsertSite(ctx context.Context, s Site, by Actor) (Site, error) {
	s.ID, s.Host = newID(), strings.ToLower(s.Host)
	s.Policy, s.PolicyVersion = []byte("{}"), 1
	err := db.update(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `
			INSERT INTO sites (id, name, title, host, signing_key, created_at)
			VALUES (?, ?, ?, NULLIF(?, ''), ?, ?)
			ON CONFLICT DO NOTHING`,
			s.ID, s.Name, s.Title, s.Host, newSigningKey(), now().UnixMilli())
		if err := affected(result, err, ErrTaken); err != nil {
			return err
		}
		view := map[string]string{"name": s.Name, "title": s.Title, "host": s.Host}
		return audit(ctx, tx, s.ID, by, Change{Action: "site.create", Target: "site:" + s.ID, After: view})
	})
	if err != nil {
		return Site{}, fmt.Errorf("insert site: %w", err)
	}
	return s, nil
}

// SetPolicy replaces the policy of a site, which must still be the one of that
// version; ErrStale says that it is not.
func (db *DB) SetPolicy(ctx context.Context, siteID string, version int64, policy []byte, by Actor) error {
	err := db.update(ctx, func(tx *sql.Tx) error {
		before, err := scanSite(tx.QueryRowContext(ctx, selectSite+`WHERE id = ?`, siteID))
		if err != nil {
			return orNotFound(err)
		}
		if before.PolicyVersion != version {
			return ErrStale
		}
		_, err = tx.ExecContext(ctx,
			`UPDATE sites SET policy = ?, policy_version = policy_version + 1 WHERE id = ?`, string(policy), siteID)
		if err != nil {
			return err
		}
		return audit(ctx, tx, siteID, by, Change{
			Action: "policy.update", Target: "site:" + siteID, Before: rawJSON(before.Policy), After: rawJSON(policy),
		})
	})
	if err != nil {
		return fmt.Errorf("set policy: %w", err)
	}
	return nil
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

// SigningKey returns the Ed25519 seed that signs the site's credentials.
func (db *DB) SigningKey(ctx context.Context, siteID string) (seed []byte, err error) {
	err = db.read.QueryRowContext(ctx, `SELECT signing_key FROM sites WHERE id = ?`, siteID).Scan(&seed)
	if err != nil {
		return nil, fmt.Errorf("read signing key: %w", orNotFound(err))
	}
	return seed, nil
}

func newSigningKey() []byte {
	seed := make([]byte, ed25519.SeedSize)
	_, _ = rand.Read(seed) // it never fails: the program stops instead
	return seed
}

// ensureSigningKeys gives every site without a signing key one of its own.
func (db *DB) ensureSigningKeys(ctx context.Context) error {
	err := db.update(ctx, func(tx *sql.Tx) error {
		id := func(row scanner) (id string, err error) { return id, row.Scan(&id) }
		without, err := list(ctx, tx, id, `SELECT id FROM sites WHERE signing_key IS NULL`)
		if err != nil {
			return err
		}
		for _, site := range without {
			if _, err := tx.ExecContext(ctx, `UPDATE sites SET signing_key = ? WHERE id = ?`, newSigningKey(), site); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("make signing keys: %w", err)
	}
	return nil
}
