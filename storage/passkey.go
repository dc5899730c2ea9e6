package storage

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Passkey is a key of a user's device that signs them in.
type Passkey struct {
	ID           string
	SiteID       string
	UserID       string
	Name         string
	Host         string // where it works
	CredentialID []byte
	Credential   []byte // JSON
	SignCount    uint32
	Created      time.Time
	Used         time.Time // zero until it was
}

// maxPasskeys is how many a user may have.
const maxPasskeys = 20

// PasskeyHandle returns what authenticators know the user by; fresh it is where
// they know nothing yet.
func (db *DB) PasskeyHandle(ctx context.Context, u User, fresh []byte) (handle []byte, err error) {
	err = db.update(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO passkey_handles (user_id, site_id, handle) VALUES (?, ?, ?)
			ON CONFLICT (user_id) DO NOTHING`, u.ID, u.SiteID, fresh)
		if err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, `SELECT handle FROM passkey_handles WHERE user_id = ?`, u.ID).Scan(&handle)
	})
	if err != nil {
		return nil, fmt.Errorf("passkey handle: %w", err)
	}
	return handle, nil
}

// UserByPasskeyHandle returns the site's user whom authenticators know by handle,
// if they may sign in.
func (db *DB) UserByPasskeyHandle(ctx context.Context, siteID string, handle []byte) (User, error) {
	u, err := scanUser(db.read.QueryRowContext(ctx, `
		SELECT `+userColumns+` FROM passkey_handles h JOIN users u ON u.id = h.user_id
		WHERE h.handle = ? AND u.site_id = ? AND u.disabled_at IS NULL`, handle, siteID))
	if err != nil {
		return User{}, fmt.Errorf("user by passkey: %w", orNotFound(err))
	}
	return u, nil
}

// InsertPasskey stores p, made in the login with that id, under a new id.
func (db *DB) InsertPasskey(ctx context.Context, p Passkey, loginID string, by Actor) (Passkey, error) {
	p.ID, p.Created = newID(), now()
	err := db.update(ctx, func(tx *sql.Tx) error {
		var have int
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM passkeys WHERE user_id = ?`, p.UserID).Scan(&have); err != nil {
			return err
		}
		if have >= maxPasskeys {
			return ErrTooMany
		}
		result, err := tx.ExecContext(ctx, `
			INSERT INTO passkeys (id, site_id, user_id, name, host, credential_id, credential, sign_count, created_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (site_id, credential_id) DO NOTHING`,
			p.ID, p.SiteID, p.UserID, p.Name, p.Host, p.CredentialID, string(p.Credential), p.SignCount, p.Created.UnixMilli())
		if err := affected(result, err, ErrTaken); err != nil {
			return err
		}
		if err := raiseLogin(ctx, tx, loginID); err != nil {
			return err
		}
		return audit(ctx, tx, p.SiteID, by, Change{Action: "passkey.create", Target: userTarget(p.UserID), After: p.view()})
	})
	if err != nil {
		return Passkey{}, fmt.Errorf("insert passkey: %w", err)
	}
	return p, nil
}

// view is a passkey as the audit log shows it.
func (p Passkey) view() map[string]string { return map[string]string{"id": p.ID, "name": p.Name} }

const selectPasskey = `SELECT id, site_id, user_id, name, host, credential_id, credential, sign_count, created_at, used_at FROM passkeys ` //nolint:gosec // no secret

func scanPasskey(row scanner) (Passkey, error) {
	var p Passkey
	var created int64
	var used sql.Null[int64]
	err := row.Scan(&p.ID, &p.SiteID, &p.UserID, &p.Name, &p.Host, &p.CredentialID, &p.Credential, &p.SignCount, &created, &used)
	p.Created = fromMillis(created)
	if used.Valid {
		p.Used = fromMillis(used.V)
	}
	return p, err
}

// Passkeys returns those of the site's user, the oldest first.
func (db *DB) Passkeys(ctx context.Context, siteID, userID string) ([]Passkey, error) {
	all, err := list(ctx, db.read, scanPasskey, selectPasskey+`WHERE site_id = ? AND user_id = ? ORDER BY created_at, id`, siteID, userID)
	if err != nil {
		return nil, fmt.Errorf("passkeys: %w", err)
	}
	return all, nil
}

// UsePasskey notes that p signed its user in, and what it says of itself since.
// ErrStale says that its count is not the one p was read with: two signatures
// race, and one of them may be a copy's.
func (db *DB) UsePasskey(ctx context.Context, p Passkey, credential []byte, signCount uint32) error {
	result, err := db.exec(ctx, `
		UPDATE passkeys SET credential = ?, sign_count = ?, used_at = ? WHERE id = ? AND site_id = ? AND sign_count = ?`,
		string(credential), signCount, now().UnixMilli(), p.ID, p.SiteID, p.SignCount)
	if err := affected(result, err, ErrStale); err != nil {
		return fmt.Errorf("use passkey: %w", err)
	}
	return nil
}

// DeletePasskey deletes a passkey of u's. ErrLastWay says that u has nothing
// else to sign in with.
func (db *DB) DeletePasskey(ctx context.Context, u User, id string, by Actor) error {
	err := db.update(ctx, func(tx *sql.Tx) error {
		p, err := scanPasskey(tx.QueryRowContext(ctx, selectPasskey+`WHERE id = ? AND site_id = ? AND user_id = ?`, id, u.SiteID, u.ID))
		if err != nil {
			return orNotFound(err)
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM passkeys WHERE id = ?`, id); err != nil {
			return err
		}
		if err := keepsAWay(ctx, tx, u); err != nil {
			return err
		}
		if err := countFactors(ctx, tx, u.ID); err != nil {
			return err
		}
		return audit(ctx, tx, u.SiteID, by, Change{Action: "passkey.delete", Target: userTarget(u.ID), Before: p.view()})
	})
	if err != nil {
		return fmt.Errorf("delete passkey: %w", err)
	}
	return nil
}
