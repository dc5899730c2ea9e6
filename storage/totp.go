package storage

import (
	"context"
	"database/sql"
	"fmt"
)

// TOTP is a user's authenticator app.
type TOTP struct {
	Secret   string // base32
	LastStep int64  // of the last code taken
}

// TOTP returns the app of the site's user.
func (db *DB) TOTP(ctx context.Context, siteID, userID string) (TOTP, error) {
	var t TOTP
	err := db.read.QueryRowContext(ctx, `SELECT secret, last_step FROM totp WHERE site_id = ? AND user_id = ?`, siteID, userID).
		Scan(&t.Secret, &t.LastStep)
	if err != nil {
		return TOTP{}, fmt.Errorf("authenticator app: %w", orNotFound(err))
	}
	return t, nil
}

// InsertTOTP stores u's app, set up in the login with that id, and the hashes of
// the codes that stand in for it. ErrTaken says that u has one.
func (db *DB) InsertTOTP(ctx context.Context, u User, t TOTP, codes [][]byte, loginID string, by Actor) error {
	err := db.update(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `
			INSERT INTO totp (user_id, site_id, secret, last_step, created_at) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (user_id) DO NOTHING`, u.ID, u.SiteID, t.Secret, t.LastStep, now().UnixMilli())
		if err := affected(result, err, ErrTaken); err != nil {
			return err
		}
		if err := setRecoveryCodes(ctx, tx, u.ID, codes); err != nil {
			return err
		}
		if err := raiseLogin(ctx, tx, loginID); err != nil {
			return err
		}
		return audit(ctx, tx, u.SiteID, by, Change{Action: "totp.create", Target: userTarget(u.ID)})
	})
	if err != nil {
		return fmt.Errorf("insert authenticator app: %w", err)
	}
	return nil
}

func setRecoveryCodes(ctx context.Context, tx *sql.Tx, userID string, codes [][]byte) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM recovery_codes WHERE user_id = ?`, userID); err != nil {
		return err
	}
	for _, hash := range codes {
		if _, err := tx.ExecContext(ctx, `INSERT INTO recovery_codes (user_id, code_hash) VALUES (?, ?)`, userID, hash); err != nil {
			return err
		}
	}
	return nil
}

// SetRecoveryCodes replaces what stands in for u's app. ErrNotFound says that u
// has none.
func (db *DB) SetRecoveryCodes(ctx context.Context, u User, codes [][]byte, by Actor) error {
	err := db.update(ctx, func(tx *sql.Tx) error {
		var found int
		if err := tx.QueryRowContext(ctx, `SELECT 1 FROM totp WHERE user_id = ?`, u.ID).Scan(&found); err != nil {
			return orNotFound(err)
		}
		if err := setRecoveryCodes(ctx, tx, u.ID, codes); err != nil {
			return err
		}
		return audit(ctx, tx, u.SiteID, by, Change{Action: "recoveryCodes.create", Target: userTarget(u.ID)})
	})
	if err != nil {
		return fmt.Errorf("set recovery codes: %w", err)
	}
	return nil
}

// TakeTOTPStep notes that the code of that step was used. ErrTaken says that it
// was already, or one after it: however many ask at once, one is told it is new.
func (db *DB) TakeTOTPStep(ctx context.Context, u User, step int64) error {
	result, err := db.exec(ctx,
		`UPDATE totp SET last_step = ? WHERE user_id = ? AND site_id = ? AND last_step < ?`, step, u.ID, u.SiteID, step)
	if err := affected(result, err, ErrTaken); err != nil {
		return fmt.Errorf("take code: %w", err)
	}
	return nil
}

// TakeRecoveryCode uses the code with that hash up. ErrNotFound says that u has
// no such code, or not any more.
func (db *DB) TakeRecoveryCode(ctx context.Context, u User, hash []byte, by Actor) error {
	err := db.update(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `DELETE FROM recovery_codes WHERE user_id = ? AND code_hash = ?`, u.ID, hash)
		if err := affected(result, err, ErrNotFound); err != nil {
			return err
		}
		return audit(ctx, tx, u.SiteID, by, Change{Action: "recoveryCode.use", Target: userTarget(u.ID)})
	})
	if err != nil {
		return fmt.Errorf("take recovery code: %w", err)
	}
	return nil
}

// DeleteTOTP deletes u's app and its recovery codes.
func (db *DB) DeleteTOTP(ctx context.Context, u User, by Actor) error {
	err := db.update(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `DELETE FROM totp WHERE user_id = ? AND site_id = ?`, u.ID, u.SiteID)
		if err := affected(result, err, ErrNotFound); err != nil {
			return err
		}
		if err := setRecoveryCodes(ctx, tx, u.ID, nil); err != nil {
			return err
		}
		if err := countFactors(ctx, tx, u.ID); err != nil {
			return err
		}
		return audit(ctx, tx, u.SiteID, by, Change{Action: "totp.delete", Target: userTarget(u.ID)})
	})
	if err != nil {
		return fmt.Errorf("delete authenticator app: %w", err)
	}
	return nil
}
