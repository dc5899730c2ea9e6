package storage

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Login is one browser's proof that its user signed in.
type Login struct {
	ID        string
	User      User
	TokenHash []byte
	Created   time.Time
	LastSeen  time.Time
	Agent     string // what the browser says it is; empty until it was seen
	IP        string // where it was seen last
	Method    string // how it was made, like password or passkey
	Factors   int    // that its user showed: 1 or 2
}

// InsertLogin stores a new login of u, known by tokenHash, and how it was made.
// ErrStale says that u is not as they were read: somebody changed their password
// or disabled them since they showed who they are.
func (db *DB) InsertLogin(ctx context.Context, u User, tokenHash []byte, method string, factors int, by Actor) error {
	at := now().UnixMilli()
	err := db.update(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `
			INSERT INTO logins (id, site_id, user_id, token_hash, created_at, last_seen_at, method, factors)
			SELECT ?, site_id, id, ?, ?, ?, ?, ? FROM users
			WHERE id = ? AND site_id = ? AND version = ? AND disabled_at IS NULL`,
			newID(), tokenHash, at, at, method, factors, u.ID, u.SiteID, u.Version)
		if err := affected(result, err, ErrStale); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE users SET seen_at = ? WHERE id = ?`, at, u.ID); err != nil {
			return err
		}
		return audit(ctx, tx, u.SiteID, by, Change{
			Action: "login.create", Target: userTarget(u.ID), After: map[string]any{"method": method, "factors": factors},
		})
	})
	if err != nil {
		return fmt.Errorf("insert login: %w", err)
	}
	return nil
}

// LoginByToken returns the login at the site that is known by tokenHash, with
// its user. Who is disabled has none.
func (db *DB) LoginByToken(ctx context.Context, siteID string, tokenHash []byte) (Login, error) {
	l := Login{TokenHash: tokenHash}
	var created, lastSeen int64
	u := userRow{User: &l.User}
	err := db.read.QueryRowContext(ctx, `
		SELECT l.id, l.created_at, l.last_seen_at, l.agent, l.ip, l.method, l.factors, `+userColumns+`
		FROM logins l JOIN users u ON u.id = l.user_id
		WHERE l.token_hash = ? AND l.site_id = ? AND u.disabled_at IS NULL`, tokenHash, siteID).
		Scan(append([]any{&l.ID, &created, &lastSeen, &l.Agent, &l.IP, &l.Method, &l.Factors}, u.into()...)...)
	if err != nil {
		return Login{}, fmt.Errorf("login by token: %w", orNotFound(err))
	}
	u.finish()
	l.Created, l.LastSeen = fromMillis(created), fromMillis(lastSeen)
	return l, nil
}

// raiseLogin notes that the user of a login has shown a second factor in it, as
// who sets one up does.
func raiseLogin(ctx context.Context, tx *sql.Tx, loginID string) error {
	_, err := tx.ExecContext(ctx, `UPDATE logins SET factors = 2 WHERE id = ?`, loginID)
	return err
}

// userTarget is a user as the audit log names what was changed.
func userTarget(id string) string { return "user:" + id }

// TouchLogin notes that the login was used now, and by what.
func (db *DB) TouchLogin(ctx context.Context, id, agent, ip string) error {
	_, err := db.exec(ctx,
		`UPDATE logins SET last_seen_at = ?, agent = ?, ip = ? WHERE id = ?`, now().UnixMilli(), agent, ip, id)
	if err != nil {
		return fmt.Errorf("touch login: %w", err)
	}
	return nil
}

// LoginsOf returns the logins of a user, the one seen last in front.
func (db *DB) LoginsOf(ctx context.Context, userID string) ([]Login, error) {
	logins, err := list(ctx, db.read, func(row scanner) (l Login, err error) {
		var created, lastSeen int64
		err = row.Scan(&l.ID, &l.TokenHash, &created, &lastSeen, &l.Agent, &l.IP)
		l.Created, l.LastSeen = fromMillis(created), fromMillis(lastSeen)
		return l, err
	}, `SELECT id, token_hash, created_at, last_seen_at, agent, ip FROM logins
		WHERE user_id = ? ORDER BY last_seen_at DESC, id`, userID)
	if err != nil {
		return nil, fmt.Errorf("logins of user: %w", err)
	}
	return logins, nil
}

// EndLogins deletes the logins of u: the one with that id, or all, and their API
// tokens too, where there is none.
func (db *DB) EndLogins(ctx context.Context, u User, id string, by Actor) error {
	err := db.update(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx,
			`DELETE FROM logins WHERE user_id = ?1 AND (?2 = '' OR id = ?2)`, u.ID, id)
		if err := affected(result, err, ErrNotFound); err != nil {
			return err
		}
		which := "all"
		if id != "" {
			which = id
		} else if _, err := tx.ExecContext(ctx, `DELETE FROM api_tokens WHERE user_id = ?`, u.ID); err != nil {
			return err
		}
		return audit(ctx, tx, u.SiteID, by, Change{
			Action: "login.end", Target: "user:" + u.ID, Before: map[string]string{"login": which},
		})
	})
	if err != nil {
		return fmt.Errorf("end logins: %w", err)
	}
	return nil
}

// DeleteLogin deletes the login known by tokenHash, if there is one.
func (db *DB) DeleteLogin(ctx context.Context, tokenHash []byte) error {
	_, err := db.exec(ctx, `DELETE FROM logins WHERE token_hash = ?`, tokenHash)
	if err != nil {
		return fmt.Errorf("delete login: %w", err)
	}
	return nil
}

// DeleteStaleLogins deletes the logins made before created or last used before
// lastSeen.
func (db *DB) DeleteStaleLogins(ctx context.Context, created, lastSeen time.Time) error {
	_, err := db.exec(ctx,
		`DELETE FROM logins WHERE created_at < ? OR last_seen_at < ?`,
		created.UnixMilli(), lastSeen.UnixMilli())
	if err != nil {
		return fmt.Errorf("delete stale logins: %w", err)
	}
	return nil
}
