package storage

import (
	"context"
	"database/sql"
	"fmt"
)

// CreateUser stores u under a new id, and by whom. ErrTaken says that the site
// has a user with that e-mail address.
func (db *DB) CreateUser(ctx context.Context, u User, by Actor) (User, error) {
	err := db.update(ctx, func(tx *sql.Tx) (err error) {
		if u, err = insertUser(ctx, tx, u); err != nil {
			return err
		}
		return audit(ctx, tx, u.SiteID, by, Change{
			Action: "user.create", Target: "user:" + u.ID, After: auditUser(u),
		})
	})
	return u, err
}

// ResetPassword gives u another password and ends every login of theirs, which
// it counts.
func (db *DB) ResetPassword(ctx context.Context, u User, hash string, by Actor) (ended int64, err error) {
	err = db.update(ctx, func(tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, `SELECT count(*) FROM logins WHERE user_id = ?`, u.ID).Scan(&ended)
		if err != nil {
			return err
		}
		if err := writePassword(ctx, tx, u.ID, hash, nil); err != nil {
			return err
		}
		return audit(ctx, tx, u.SiteID, by, Change{
			Action: "user.password", Target: "user:" + u.ID, After: map[string]int64{"loginsEnded": ended},
		})
	})
	if err != nil {
		return 0, fmt.Errorf("reset password: %w", err)
	}
	return ended, nil
}

// UsersOf returns every user of a site, by e-mail address.
func (db *DB) UsersOf(ctx context.Context, siteID string) ([]User, error) {
	users, err := list(ctx, db.read, scanUser,
		`SELECT `+userColumns+` FROM users u WHERE u.site_id = ? ORDER BY u.email_folded`, siteID)
	if err != nil {
		return nil, fmt.Errorf("list users: %w", err)
	}
	return users, nil
}
