package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
)

// User is a person with an account at a site.
type User struct {
	ID           string
	SiteID       string
	Email        string
	Name         string
	Role         string // a policy.SiteRole
	PasswordHash string // empty for who has no password
	Created      time.Time
	Disabled     time.Time // when they were; zero for who may sign in
	Version      int64     // counts the edits
	TimeZone     string    // an IANA name; empty for their browser's
	Language     string    // BCP 47; empty for their browser's
	// MeetingDefaults is JSON: what a new meeting of theirs begins with.
	MeetingDefaults string
}

// FoldEmail returns the form in which e-mail addresses are compared.
func FoldEmail(email string) string { return strings.ToLower(email) }

// InsertUser stores u under a new id. ErrTaken says that the site has a user
// with that e-mail address.
func (db *DB) InsertUser(ctx context.Context, u User) (User, error) {
	err := db.update(ctx, func(tx *sql.Tx) (err error) {
		u, err = insertUser(ctx, tx, u)
		return err
	})
	return u, err
}

// ErrNotFirst says that the site has somebody in that role already.
var ErrNotFirst = errors.New("not the first in that role")

// InsertFirstUser stores u only if its site has nobody in u's role yet, and
// says ErrNotFirst otherwise. However many callers race, one wins.
func (db *DB) InsertFirstUser(ctx context.Context, u User) (User, error) {
	err := db.update(ctx, func(tx *sql.Tx) error {
		var found bool
		err := tx.QueryRowContext(ctx, userInRole, u.SiteID, u.Role).Scan(&found)
		if err != nil {
			return fmt.Errorf("look for a user in role %s: %w", u.Role, err)
		}
		if found {
			return fmt.Errorf("insert first user in role %s: %w", u.Role, ErrNotFirst)
		}
		if u, err = insertUser(ctx, tx, u); err != nil {
			return err
		}
		by := Actor{Name: "set-up link"}
		return audit(ctx, tx, u.SiteID, by, Change{Action: "user.create", Target: "user:" + u.ID, After: auditUser(u)})
	})
	return u, err
}

func insertUser(ctx context.Context, tx *sql.Tx, u User) (User, error) {
	u.ID, u.Created, u.Version, u.MeetingDefaults = newID(), now(), 1, "{}"
	result, err := tx.ExecContext(ctx, `
		INSERT INTO users (id, site_id, email, email_folded, name, role, password_hash, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (site_id, email_folded) DO NOTHING`,
		u.ID, u.SiteID, u.Email, FoldEmail(u.Email), u.Name, u.Role, u.PasswordHash, u.Created.UnixMilli())
	if err := affected(result, err, ErrTaken); err != nil {
		return User{}, fmt.Errorf("insert user: %w", err)
	}
	return u, nil
}

const userInRole = `SELECT EXISTS (SELECT 1 FROM users WHERE site_id = ? AND role = ?)`

// HasUserInRole reports whether the site has anybody in role.
func (db *DB) HasUserInRole(ctx context.Context, siteID, role string) (found bool, err error) {
	if err := db.read.QueryRowContext(ctx, userInRole, siteID, role).Scan(&found); err != nil {
		return false, fmt.Errorf("look for a user in role %s: %w", role, err)
	}
	return found, nil
}

const userColumns = `u.id, u.site_id, u.email, u.name, u.role, u.password_hash, u.created_at, u.disabled_at, u.version,
	u.time_zone, u.language, u.meeting_defaults`

// UserByEmail returns the site's user with that e-mail address, in any case.
func (db *DB) UserByEmail(ctx context.Context, siteID, email string) (User, error) {
	u, err := scanUser(db.read.QueryRowContext(ctx,
		`SELECT `+userColumns+` FROM users u WHERE u.site_id = ? AND u.email_folded = ?`,
		siteID, FoldEmail(email)))
	if err != nil {
		return User{}, fmt.Errorf("user by e-mail: %w", orNotFound(err))
	}
	return u, nil
}

func scanUser(row scanner) (User, error) {
	var u User
	r := userRow{User: &u}
	err := row.Scan(r.into()...)
	r.finish()
	return u, err
}

// userRow reads userColumns into a User.
type userRow struct {
	*User
	created  int64
	disabled sql.Null[int64]
}

// into is where the columns go.
func (r *userRow) into() []any {
	u := r.User
	return []any{
		&u.ID, &u.SiteID, &u.Email, &u.Name, &u.Role, &u.PasswordHash, &r.created, &r.disabled, &u.Version,
		&u.TimeZone, &u.Language, &u.MeetingDefaults,
	}
}

// finish is called when they are there.
func (r *userRow) finish() {
	r.Created = fromMillis(r.created)
	if r.disabled.Valid {
		r.Disabled = fromMillis(r.disabled.V)
	}
}
