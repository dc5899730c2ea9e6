package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Token is what a user lets a program in with.
type Token struct {
	ID        string
	User      User // where it was found by its hash
	Name      string
	Scopes    string // policy.Scopes, a space between them
	TokenHash []byte
	Created   time.Time
	Expires   time.Time
	LastUsed  time.Time // to the minute; zero for never
}

// MaxTokens is how many tokens a user may have.
const MaxTokens = 50

// ErrTooMany says that there are as many as there may be.
var ErrTooMany = errors.New("too many of them")

// InsertToken stores t as one of u's and returns it.
func (db *DB) InsertToken(ctx context.Context, u User, t Token, by Actor) (Token, error) {
	t.ID, t.Created = newID(), now()
	err := db.update(ctx, func(tx *sql.Tx) error {
		var have int
		err := tx.QueryRowContext(ctx, `SELECT count(*) FROM api_tokens WHERE user_id = ?`, u.ID).Scan(&have)
		if err == nil && have >= MaxTokens {
			err = ErrTooMany
		}
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO api_tokens (id, site_id, user_id, name, scopes, token_hash, created_at, expires_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			t.ID, u.SiteID, u.ID, t.Name, t.Scopes, t.TokenHash, t.Created.UnixMilli(), t.Expires.UnixMilli())
		if err != nil {
			return err
		}
		return audit(ctx, tx, u.SiteID, by, Change{Action: "token.create", Target: "token:" + t.ID, After: auditToken(t)})
	})
	if err != nil {
		return Token{}, fmt.Errorf("insert token: %w", err)
	}
	return t, nil
}

func auditToken(t Token) any { return map[string]string{"name": t.Name, "scopes": t.Scopes} }

const tokenColumns = `t.id, t.name, t.scopes, t.created_at, t.expires_at, t.last_used_at` //nolint:gosec // no secret

// tokenRow reads tokenColumns into a Token.
type tokenRow struct {
	*Token
	created, expires int64
	used             sql.Null[int64]
}

func (r *tokenRow) into() []any {
	return []any{&r.ID, &r.Name, &r.Scopes, &r.created, &r.expires, &r.used}
}

func (r *tokenRow) finish() {
	r.Created, r.Expires = fromMillis(r.created), fromMillis(r.expires)
	if r.used.Valid {
		r.LastUsed = fromMillis(r.used.V)
	}
}

// TokenByHash returns the site's token that is known by tokenHash, with its user.
// Who is disabled has none, and one that has expired is none.
func (db *DB) TokenByHash(ctx context.Context, siteID string, tokenHash []byte) (Token, error) {
	t := Token{TokenHash: tokenHash}
	row, u := tokenRow{Token: &t}, userRow{User: &t.User}
	err := db.read.QueryRowContext(ctx, `SELECT `+tokenColumns+`, `+userColumns+`
		FROM api_tokens t JOIN users u ON u.id = t.user_id
		WHERE t.token_hash = ? AND t.site_id = ? AND t.expires_at > ? AND u.disabled_at IS NULL`,
		tokenHash, siteID, now().UnixMilli()).Scan(append(row.into(), u.into()...)...)
	if err != nil {
		return Token{}, fmt.Errorf("token by hash: %w", orNotFound(err))
	}
	row.finish()
	u.finish()
	return t, nil
}

// TouchToken notes that a token was used now.
func (db *DB) TouchToken(ctx context.Context, id string) error {
	if _, err := db.exec(ctx, `UPDATE api_tokens SET last_used_at = ? WHERE id = ?`, now().UnixMilli(), id); err != nil {
		return fmt.Errorf("touch token: %w", err)
	}
	return nil
}

// TokensOf returns the tokens of a user, the newest first.
func (db *DB) TokensOf(ctx context.Context, userID string) ([]Token, error) {
	tokens, err := list(ctx, db.read, func(row scanner) (t Token, err error) {
		r := tokenRow{Token: &t}
		err = row.Scan(r.into()...)
		r.finish()
		return t, err
	}, `SELECT `+tokenColumns+` FROM api_tokens t WHERE t.user_id = ? ORDER BY t.id DESC`, userID)
	if err != nil {
		return nil, fmt.Errorf("tokens of user: %w", err)
	}
	return tokens, nil
}

// DeleteToken deletes the token of u with that id.
func (db *DB) DeleteToken(ctx context.Context, u User, id string, by Actor) error {
	err := db.update(ctx, func(tx *sql.Tx) error {
		var t Token
		r := tokenRow{Token: &t}
		err := tx.QueryRowContext(ctx,
			`SELECT `+tokenColumns+` FROM api_tokens t WHERE t.id = ? AND t.user_id = ?`, id, u.ID).Scan(r.into()...)
		if err != nil {
			return orNotFound(err)
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM api_tokens WHERE id = ?`, id); err != nil {
			return err
		}
		return audit(ctx, tx, u.SiteID, by, Change{Action: "token.delete", Target: "token:" + id, Before: auditToken(t)})
	})
	if err != nil {
		return fmt.Errorf("delete token: %w", err)
	}
	return nil
}
