package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Factors are what a user has to sign in with.
type Factors struct {
	Password      bool
	Passkeys      int
	TOTP          bool // an authenticator app
	RecoveryCodes int  // that are left
	Identities    int  // at the site's provider
}

// Second reports whether there is anything besides a password.
func (f Factors) Second() bool { return f.Passkeys > 0 || f.TOTP }

// WaysIn is how many ways to sign in there are.
func (f Factors) WaysIn() int {
	n := f.Passkeys + f.Identities
	if f.Password {
		n++
	}
	return n
}

const selectFactors = `
	SELECT u.password_hash <> '',
		(SELECT COUNT(*) FROM passkeys WHERE user_id = u.id),
		EXISTS (SELECT 1 FROM totp WHERE user_id = u.id),
		(SELECT COUNT(*) FROM recovery_codes WHERE user_id = u.id),
		(SELECT COUNT(*) FROM oidc_identities i JOIN oidc_providers p ON p.site_id = i.site_id AND p.issuer = i.issuer
			WHERE i.user_id = u.id)
	FROM users u WHERE u.site_id = ? AND u.id = ?`

func scanFactors(row scanner) (Factors, error) {
	var f Factors
	return f, row.Scan(&f.Password, &f.Passkeys, &f.TOTP, &f.RecoveryCodes, &f.Identities)
}

// Factors returns what the site's user has to sign in with.
func (db *DB) Factors(ctx context.Context, siteID, userID string) (Factors, error) {
	f, err := scanFactors(db.read.QueryRowContext(ctx, selectFactors, siteID, userID))
	if err != nil {
		return Factors{}, fmt.Errorf("factors: %w", orNotFound(err))
	}
	return f, nil
}

// ErrLastWay says that without it nobody could sign in to the account.
var ErrLastWay = errors.New("the only way to sign in")

// keepsAWay refuses what leaves a user without a way to sign in. It is asked
// after the deed, before it is committed.
func keepsAWay(ctx context.Context, tx *sql.Tx, u User) error {
	f, err := scanFactors(tx.QueryRowContext(ctx, selectFactors, u.SiteID, u.ID))
	if err != nil {
		return orNotFound(err)
	}
	if f.WaysIn() == 0 {
		return ErrLastWay
	}
	return nil
}

// ActiveUser returns the site's user with that id, if they may sign in.
func (db *DB) ActiveUser(ctx context.Context, siteID, userID string) (User, error) {
	u, err := scanUser(db.read.QueryRowContext(ctx,
		`SELECT `+userColumns+` FROM users u WHERE u.site_id = ? AND u.id = ? AND u.disabled_at IS NULL`, siteID, userID))
	if err != nil {
		return User{}, fmt.Errorf("active user: %w", orNotFound(err))
	}
	return u, nil
}

// countFactors makes one factor of the logins of who has no second one any more:
// where the site asks for one, they set it up anew.
func countFactors(ctx context.Context, tx *sql.Tx, userID string) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE logins SET factors = 1 WHERE user_id = ?1
			AND NOT EXISTS (SELECT 1 FROM totp WHERE user_id = ?1) AND NOT EXISTS (SELECT 1 FROM passkeys WHERE user_id = ?1)`, userID)
	return err
}

// DeleteSecondFactors takes every second factor from a user who has lost them,
// and ends their logins. They sign in with their password, or are invited anew.
func (db *DB) DeleteSecondFactors(ctx context.Context, siteID, userID string, by Actor) error {
	err := db.update(ctx, func(tx *sql.Tx) error {
		before, err := scanFactors(tx.QueryRowContext(ctx, selectFactors, siteID, userID))
		if err != nil {
			return orNotFound(err)
		}
		for _, query := range []string{
			`DELETE FROM passkeys WHERE user_id = ?`,
			`DELETE FROM totp WHERE user_id = ?`,
			`DELETE FROM recovery_codes WHERE user_id = ?`,
			`DELETE FROM logins WHERE user_id = ?`,
			`DELETE FROM api_tokens WHERE user_id = ?`,
		} {
			if _, err := tx.ExecContext(ctx, query, userID); err != nil {
				return err
			}
		}
		return audit(ctx, tx, siteID, by, Change{
			Action: "user.secondFactors.delete", Target: userTarget(userID),
			Before: map[string]any{"passkeys": before.Passkeys, "authenticatorApp": before.TOTP},
		})
	})
	if err != nil {
		return fmt.Errorf("delete second factors: %w", err)
	}
	return nil
}
