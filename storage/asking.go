package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Anybody may ask for an account or for a new password, and whether an e-mail
// address has an account here is no business of theirs. So what they ask for is
// written by the same statements in one transaction, whoever they are; what they
// must not have is undone before it is committed.

// nobody is how the audit log names who asked without an account.
const nobody = "nobody"

// maybe runs write, and undoes it again unless keep is set.
func maybe(ctx context.Context, tx *sql.Tx, keep bool, write func() error) error {
	if _, err := tx.ExecContext(ctx, `SAVEPOINT maybe`); err != nil {
		return err
	}
	if err := write(); err != nil {
		return err
	}
	if !keep {
		if _, err := tx.ExecContext(ctx, `ROLLBACK TO maybe`); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `RELEASE maybe`)
	return err
}

// askedBy returns the site's user with that e-mail address, or nobody at all.
func askedBy(ctx context.Context, tx *sql.Tx, siteID, email string) (User, error) {
	u, err := scanUser(tx.QueryRowContext(ctx,
		`SELECT `+userColumns+` FROM users u WHERE u.site_id = ? AND u.email_folded = ?`, siteID, FoldEmail(email)))
	if errors.Is(err, sql.ErrNoRows) {
		return User{}, nil
	}
	return u, err
}

func auditAsking(ctx context.Context, tx *sql.Tx, siteID, action string, u User, ip string) error {
	by, target := Actor{Name: nobody, IP: ip}, "user:"
	if u.ID != "" {
		target += u.ID
	}
	return audit(ctx, tx, siteID, by, Change{Action: action, Target: target})
}

// AskToRegister stores the link that makes an account, and queues the mail that
// brings it: welcome, or known to who has an account already and gets no link.
func (db *DB) AskToRegister(ctx context.Context, link Link, welcome, known Mail, ip string) error {
	err := db.update(ctx, func(tx *sql.Tx) error {
		u, err := askedBy(ctx, tx, link.SiteID, link.Email)
		if err != nil {
			return err
		}
		if err := maybe(ctx, tx, u.ID == "", func() error { return insertLink(ctx, tx, link, nil) }); err != nil {
			return err
		}
		mail := welcome
		if u.ID != "" {
			mail = known
			mail.To = u.Email
		}
		if err := insertMail(ctx, tx, mail); err != nil {
			return err
		}
		return auditAsking(ctx, tx, link.SiteID, "registration.request", u, ip)
	})
	if err != nil {
		return fmt.Errorf("ask to register: %w", err)
	}
	return nil
}

// AskForPassword stores the link to choose a new password, for the user at
// link.Email, and queues the mail that brings it. It goes to the address as the
// user's account has it, not to one that folds to the same.
func (db *DB) AskForPassword(ctx context.Context, link Link, mail Mail, ip string) error {
	return db.askForPassword(ctx, link, ip, func(tx *sql.Tx, u User) error {
		link.UserID, link.Email, mail.To = u.ID, "", u.Email
		return insertLink(ctx, tx, link, &mail)
	})
}

// WaitForPassword notes that the user at link.Email waits for an administrator to
// give them a link.
func (db *DB) WaitForPassword(ctx context.Context, siteID, email, ip string) error {
	return db.askForPassword(ctx, Link{SiteID: siteID, Email: email}, ip, func(tx *sql.Tx, u User) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO password_requests (id, site_id, user_id, created_at) SELECT ?, site_id, id, ? FROM users WHERE id = ?
			ON CONFLICT (user_id) DO NOTHING`, newID(), now().UnixMilli(), u.ID)
		return err
	})
}

func (db *DB) askForPassword(ctx context.Context, link Link, ip string, write func(*sql.Tx, User) error) error {
	err := db.update(ctx, func(tx *sql.Tx) error {
		u, err := askedBy(ctx, tx, link.SiteID, link.Email)
		if err != nil {
			return err
		}
		may := u.ID != "" && u.Disabled.IsZero()
		if err := maybe(ctx, tx, may, func() error { return write(tx, u) }); err != nil {
			return err
		}
		return auditAsking(ctx, tx, link.SiteID, "password.request", u, ip)
	})
	if err != nil {
		return fmt.Errorf("ask for a password: %w", err)
	}
	return nil
}

// PasswordRequest is a user who waits for an administrator.
type PasswordRequest struct {
	ID      string
	User    User
	Created time.Time
}

const selectRequests = `SELECT r.id, r.created_at, ` + userColumns + `
	FROM password_requests r JOIN users u ON u.id = r.user_id WHERE r.site_id = ?`

func scanRequest(row scanner) (r PasswordRequest, err error) {
	var created int64
	u := userRow{User: &r.User}
	err = row.Scan(append([]any{&r.ID, &created}, u.into()...)...)
	u.finish()
	r.Created = fromMillis(created)
	return r, err
}

// maxRequests is how many waiting people are listed.
const maxRequests = 500

// PasswordRequests returns who waits at the site, the longest first.
func (db *DB) PasswordRequests(ctx context.Context, siteID string) ([]PasswordRequest, error) {
	requests, err := list(ctx, db.read, scanRequest, selectRequests+` ORDER BY r.id LIMIT ?`, siteID, maxRequests)
	if err != nil {
		return nil, fmt.Errorf("list password requests: %w", err)
	}
	return requests, nil
}

// PasswordRequestByID returns one of the site's.
func (db *DB) PasswordRequestByID(ctx context.Context, siteID, id string) (PasswordRequest, error) {
	r, err := scanRequest(db.read.QueryRowContext(ctx, selectRequests+` AND r.id = ?`, siteID, id))
	if err != nil {
		return PasswordRequest{}, fmt.Errorf("password request by id: %w", orNotFound(err))
	}
	return r, nil
}

// DecidePasswordRequest ends r. Where link is not nil its user gets it, with the
// mail that brings it, if there is one. However many decide at once, one does;
// the others are told ErrNotFound.
func (db *DB) DecidePasswordRequest(ctx context.Context, r PasswordRequest, link *Link, mail *Mail, by Actor) error {
	err := db.update(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `DELETE FROM password_requests WHERE id = ?`, r.ID)
		if err := affected(result, err, ErrNotFound); err != nil {
			return err
		}
		action := "password.deny"
		if link != nil {
			action = "password.approve"
			given := *link
			given.UserID = r.User.ID
			if err := insertLink(ctx, tx, given, mail); err != nil {
				return err
			}
		}
		return audit(ctx, tx, r.User.SiteID, by, Change{Action: action, Target: "user:" + r.User.ID})
	})
	if err != nil {
		return fmt.Errorf("decide password request: %w", err)
	}
	return nil
}
