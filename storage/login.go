package storage

import (
	"context"
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
}

// InsertLogin stores a new login of u, known by tokenHash.
func (db *DB) InsertLogin(ctx context.Context, u User, tokenHash []byte) error {
	at := now().UnixMilli()
	_, err := db.exec(ctx, `
		INSERT INTO logins (id, site_id, user_id, token_hash, created_at, last_seen_at)
		VALUES (?, ?, ?, ?, ?, ?)`,
		newID(), u.SiteID, u.ID, tokenHash, at, at)
	if err != nil {
		return fmt.Errorf("insert login: %w", err)
	}
	return nil
}

// LoginByToken returns the login known by tokenHash, with its user.
func (db *DB) LoginByToken(ctx context.Context, tokenHash []byte) (Login, error) {
	l := Login{TokenHash: tokenHash}
	var userCreated, created, lastSeen int64
	err := db.read.QueryRowContext(ctx, `
		SELECT l.id, l.created_at, l.last_seen_at, `+userColumns+`
		FROM logins l JOIN users u ON u.id = l.user_id
		WHERE l.token_hash = ?`, tokenHash).
		Scan(&l.ID, &created, &lastSeen, &l.User.ID, &l.User.SiteID, &l.User.Email,
			&l.User.Name, &l.User.Role, &l.User.PasswordHash, &userCreated)
	if err != nil {
		return Login{}, fmt.Errorf("login by token: %w", orNotFound(err))
	}
	l.Created, l.LastSeen, l.User.Created = fromMillis(created), fromMillis(lastSeen), fromMillis(userCreated)
	return l, nil
}

// TouchLogin notes that the login was used now.
func (db *DB) TouchLogin(ctx context.Context, id string) error {
	_, err := db.exec(ctx,
		`UPDATE logins SET last_seen_at = ? WHERE id = ?`, now().UnixMilli(), id)
	if err != nil {
		return fmt.Errorf("touch login: %w", err)
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
