package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// What the link to choose a password is for.
const (
	InviteLink   = "invite"   // an administrator made the account
	ResetLink    = "reset"    // the password is forgotten
	RegisterLink = "register" // it shows that the e-mail address is theirs, and makes the account
)

// Link lets somebody choose a password, once. It is known by the hash of what it
// holds.
type Link struct {
	SiteID    string
	Purpose   string
	UserID    string // empty for who is no user yet
	Email     string // of the user, or of who is none yet
	Name      string
	TokenHash []byte
	Expires   time.Time
}

// insertLink stores link, and puts the mail that brings it into the queue, if
// there is one. Links that nobody used in time go.
func insertLink(ctx context.Context, tx *sql.Tx, link Link, mail *Mail) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM account_links WHERE expires_at < ?`, now().UnixMilli()); err != nil {
		return fmt.Errorf("delete old links: %w", err)
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO account_links (token_hash, site_id, purpose, user_id, email, name, expires_at)
		VALUES (?, ?, ?, NULLIF(?, ''), ?, ?, ?)`,
		link.TokenHash, link.SiteID, link.Purpose, link.UserID, link.Email, link.Name, link.Expires.UnixMilli())
	if err != nil {
		return fmt.Errorf("insert link: %w", err)
	}
	if mail == nil {
		return nil
	}
	return insertMail(ctx, tx, *mail)
}

// GiveLink stores a link for u, with the mail that brings it, if there is one.
func (db *DB) GiveLink(ctx context.Context, u User, link Link, mail *Mail, by Actor) error {
	return db.update(ctx, func(tx *sql.Tx) error {
		link.UserID = u.ID
		if err := insertLink(ctx, tx, link, mail); err != nil {
			return err
		}
		return audit(ctx, tx, u.SiteID, by, Change{
			Action: "user.link", Target: "user:" + u.ID, After: map[string]string{"purpose": link.Purpose},
		})
	})
}

// selectLink finds a link that may still be used.
const selectLink = `
	SELECT k.purpose, COALESCE(k.user_id, ''), COALESCE(u.email, k.email), COALESCE(u.name, k.name), k.expires_at
	FROM account_links k LEFT JOIN users u ON u.id = k.user_id
	WHERE k.token_hash = ? AND k.site_id = ? AND k.expires_at > ? AND u.disabled_at IS NULL`

func scanLink(row scanner, siteID string, tokenHash []byte) (Link, error) {
	link := Link{SiteID: siteID, TokenHash: tokenHash}
	var expires int64
	err := row.Scan(&link.Purpose, &link.UserID, &link.Email, &link.Name, &expires)
	link.Expires = fromMillis(expires)
	return link, orNotFound(err)
}

// LinkByToken returns the site's link that is known by tokenHash, if it may still
// be used.
func (db *DB) LinkByToken(ctx context.Context, siteID string, tokenHash []byte) (Link, error) {
	link, err := scanLink(db.read.QueryRowContext(ctx, selectLink, tokenHash, siteID, now().UnixMilli()), siteID, tokenHash)
	if err != nil {
		return Link{}, fmt.Errorf("link by token: %w", err)
	}
	return link, nil
}

// UseLink gives the link's user a password, and makes them first, in role, where
// the link is a registration's. The link, every other one of theirs and all their
// logins are gone then. However many use a link at once, one does; ErrNotFound
// says that it was another, or too late.
func (db *DB) UseLink(ctx context.Context, siteID string, tokenHash []byte, passwordHash, role, ip string) (u User, err error) {
	err = db.update(ctx, func(tx *sql.Tx) error {
		link, err := scanLink(tx.QueryRowContext(ctx, selectLink, tokenHash, siteID, now().UnixMilli()), siteID, tokenHash)
		if err != nil {
			return err
		}
		if link.UserID == "" {
			u, err = register(ctx, tx, link, role, passwordHash, ip)
		} else {
			u, err = setPassword(ctx, tx, link, passwordHash, ip)
		}
		return err
	})
	if err != nil {
		return User{}, fmt.Errorf("use link: %w", err)
	}
	return u, nil
}

// register makes the user of a link that shows their e-mail address.
func register(ctx context.Context, tx *sql.Tx, link Link, role, passwordHash, ip string) (User, error) {
	u, err := insertUser(ctx, tx, User{
		SiteID: link.SiteID, Email: link.Email, Name: link.Name, Role: role, PasswordHash: passwordHash,
	})
	if errors.Is(err, ErrTaken) { // made since
		err = ErrNotFound
	}
	if err != nil {
		return User{}, err
	}
	// Whoever else asked for this address shows the same mailbox, and too late.
	_, err = tx.ExecContext(ctx, `DELETE FROM account_links WHERE token_hash = ?`, link.TokenHash)
	if err != nil {
		return User{}, err
	}
	by := Actor{UserID: u.ID, Name: u.Email, IP: ip}
	return u, audit(ctx, tx, link.SiteID, by, Change{Action: "user.register", Target: "user:" + u.ID, After: auditUser(u)})
}

func setPassword(ctx context.Context, tx *sql.Tx, link Link, passwordHash, ip string) (User, error) {
	if err := writePassword(ctx, tx, link.UserID, passwordHash, nil); err != nil {
		return User{}, err
	}
	p, err := scanPerson(tx.QueryRowContext(ctx, selectPerson, link.SiteID, link.UserID))
	if err != nil {
		return User{}, err
	}
	u := p.User
	by := Actor{UserID: u.ID, Name: u.Email, IP: ip}
	return u, audit(ctx, tx, link.SiteID, by, Change{
		Action: "user.password", Target: "user:" + u.ID, After: map[string]string{"by": link.Purpose},
	})
}

// writePassword replaces a user's password. All their logins end, but for the one
// that is known by kept, and so do their API tokens, their links and requests for one.
func writePassword(ctx context.Context, tx *sql.Tx, userID, passwordHash string, kept []byte) error {
	for _, s := range []struct {
		text string
		args []any
	}{
		{`UPDATE users SET password_hash = ?, version = version + 1 WHERE id = ?`, []any{passwordHash, userID}},
		{`DELETE FROM logins WHERE user_id = ? AND (?2 IS NULL OR token_hash <> ?2)`, []any{userID, kept}},
		{`DELETE FROM account_links WHERE user_id = ?`, []any{userID}},
		{`DELETE FROM password_requests WHERE user_id = ?`, []any{userID}},
		{`DELETE FROM api_tokens WHERE user_id = ?`, []any{userID}},
	} {
		if _, err := tx.ExecContext(ctx, s.text, s.args...); err != nil {
			return fmt.Errorf("write password: %w", err)
		}
	}
	return nil
}

// SetPassword replaces the password of u, who is signed in with the login known
// by kept: it stays, the others end.
func (db *DB) SetPassword(ctx context.Context, u User, passwordHash string, kept []byte, by Actor) error {
	return db.update(ctx, func(tx *sql.Tx) error {
		if err := writePassword(ctx, tx, u.ID, passwordHash, kept); err != nil {
			return err
		}
		return audit(ctx, tx, u.SiteID, by, Change{Action: "user.password", Target: "user:" + u.ID})
	})
}
