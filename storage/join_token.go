package storage

import (
	"context"
	"crypto/subtle"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// JoinTokenLife is how long after its first use a join token is good for coming
// back with, and how long it is known to have been used. No token that is not
// used yet is good for so long.
const JoinTokenLife = 24 * time.Hour

// ErrTokenUsed says that somebody else came in with the join token, or that its
// key was revoked.
var ErrTokenUsed = errors.New("the join token was used")

// StayProof is a stay, and the SHA-256 of the cookie that proves whose it was.
type StayProof struct {
	ParticipantID string // empty for no stay
	CookieHash    []byte
}

// UsedToken is a join token that somebody came in with.
type UsedToken struct {
	SiteID string
	KeyID  string
	ID     string    // jti
	Used   time.Time // the first time
	Last   StayProof // what it gave
	Before StayProof // what it gave the time before; that answer may be all that arrived
}

// Returns reports whether who shows p is the one who used the token, and not too
// long ago.
func (u UsedToken) Returns(p StayProof, at time.Time) bool {
	if p.ParticipantID == "" || at.Sub(u.Used) >= JoinTokenLife {
		return false
	}
	is := func(known StayProof) bool {
		same := subtle.ConstantTimeCompare(known.CookieHash, p.CookieHash) == 1
		return same && known.ParticipantID == p.ParticipantID
	}
	return is(u.Last) || is(u.Before)
}

// UsedJoinToken returns what is known of a token that was used, or ErrNotFound.
func (db *DB) UsedJoinToken(ctx context.Context, keyID, jti string) (UsedToken, error) {
	u, err := scanUsedToken(db.read.QueryRowContext(ctx, selectUsedToken, keyID, jti))
	if err != nil {
		return UsedToken{}, fmt.Errorf("used join token: %w", orNotFound(err))
	}
	return u, nil
}

//nolint:gosec // no secret
const selectUsedToken = `
	SELECT site_id, key_id, jti, used_at, participant_id, cookie_hash, before_id, before_hash
	FROM used_join_tokens WHERE key_id = ? AND jti = ?`

func scanUsedToken(row scanner) (u UsedToken, err error) {
	var used int64
	var before sql.Null[string]
	err = row.Scan(&u.SiteID, &u.KeyID, &u.ID, &used, &u.Last.ParticipantID, &u.Last.CookieHash, &before, &u.Before.CookieHash)
	u.Used, u.Before.ParticipantID = fromMillis(used), before.V
	return u, err
}

// UseJoinToken notes that somebody comes in with u, for the stay u.Last. Who comes
// back shows previous; who comes first shows none. Of two who come first one gets
// ErrTokenUsed, and so does everybody once the key is revoked.
func (db *DB) UseJoinToken(ctx context.Context, u UsedToken, previous StayProof) error {
	at := now()
	err := db.update(ctx, func(tx *sql.Tx) error {
		touched, err := tx.ExecContext(ctx, `
			UPDATE join_keys SET last_used_at = max(coalesce(last_used_at, 0), ?)
			WHERE id = ? AND site_id = ? AND revoked_at IS NULL`, at.Truncate(time.Minute).UnixMilli(), u.KeyID, u.SiteID)
		if err := affected(touched, err, ErrTokenUsed); err != nil {
			return err
		}
		if previous.ParticipantID != "" {
			return useAgain(ctx, tx, u, previous, at)
		}
		result, err := tx.ExecContext(ctx, `
			INSERT INTO used_join_tokens (key_id, jti, site_id, used_at, participant_id, cookie_hash)
			VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			u.KeyID, u.ID, u.SiteID, at.UnixMilli(), u.Last.ParticipantID, u.Last.CookieHash)
		return affected(result, err, ErrTokenUsed)
	})
	if err != nil {
		return fmt.Errorf("use join token: %w", err)
	}
	return nil
}

func useAgain(ctx context.Context, tx *sql.Tx, u UsedToken, previous StayProof, at time.Time) error {
	known, err := scanUsedToken(tx.QueryRowContext(ctx, selectUsedToken, u.KeyID, u.ID))
	if errors.Is(err, sql.ErrNoRows) || err == nil && !known.Returns(previous, at) {
		return ErrTokenUsed
	}
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE used_join_tokens SET participant_id = ?, cookie_hash = ?, before_id = ?, before_hash = ?
		WHERE key_id = ? AND jti = ?`,
		u.Last.ParticipantID, u.Last.CookieHash, previous.ParticipantID, previous.CookieHash, u.KeyID, u.ID)
	return err
}

// GiveBackJoinToken undoes the first use of u, for the stay u.Last, that came to nothing.
// One that was used again since stays used.
func (db *DB) GiveBackJoinToken(ctx context.Context, u UsedToken) error {
	_, err := db.exec(ctx, `DELETE FROM used_join_tokens WHERE key_id = ? AND jti = ? AND participant_id = ? AND before_id IS NULL`,
		u.KeyID, u.ID, u.Last.ParticipantID)
	if err != nil {
		return fmt.Errorf("give back join token: %w", err)
	}
	return nil
}

// ForgetJoinTokens deletes what is known of tokens that are good for nothing more,
// and returns how many those were.
func (db *DB) ForgetJoinTokens(ctx context.Context) (int64, error) {
	result, err := db.exec(ctx, `DELETE FROM used_join_tokens WHERE used_at <= ?`, now().Add(-JoinTokenLife).UnixMilli())
	if err != nil {
		return 0, fmt.Errorf("forget join tokens: %w", err)
	}
	return result.RowsAffected()
}
