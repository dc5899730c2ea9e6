package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
)

// The kinds of mail, by what may forbid them.
const (
	InvitationMail = "invitation" // to a meeting: a site's policy may forbid it
	AccountMail    = "account"    // of an account: what somebody waits for
)

// Mail is a message that is to go out.
type Mail struct {
	ID      string `json:"-"`
	SiteID  string `json:"-"`
	Kind    string `json:"-"`
	Tries   int    `json:"-"` // that failed
	To      string `json:"to"`
	ToName  string `json:"toName,omitzero"`
	ReplyTo string `json:"replyTo,omitzero"`
	Subject string `json:"subject"`
	Text    string `json:"text"`
	HTML    string `json:"html,omitzero"`
	// Calendar is an iCalendar object, and Method its METHOD.
	Calendar string `json:"calendar,omitzero"`
	Method   string `json:"method,omitzero"`
}

// InsertMail puts m into the queue.
func (db *DB) InsertMail(ctx context.Context, m Mail) error {
	return db.update(ctx, func(tx *sql.Tx) error { return insertMail(ctx, tx, m) })
}

// insertMail puts m into the queue with what it tells of.
func insertMail(ctx context.Context, tx *sql.Tx, m Mail) error {
	message, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("encode mail: %w", err)
	}
	at := now().UnixMilli()
	_, err = tx.ExecContext(ctx,
		`INSERT INTO mails (id, site_id, kind, message, created_at, due_at) VALUES (?, ?, ?, ?, ?, ?)`,
		newID(), m.SiteID, m.Kind, string(message), at, at)
	if err != nil {
		return fmt.Errorf("insert mail: %w", err)
	}
	return nil
}

// maxWaiting is how many invitations of one site may wait to go out.
const maxWaiting = 5000

// ErrMailFull says that a site has too many invitations waiting.
var ErrMailFull = errors.New("too much mail waits")

// InsertInvitations puts mails of one site into the queue, all or none, and
// notes that by sent them.
func (db *DB) InsertInvitations(ctx context.Context, siteID string, by Actor, c Change, mails []Mail) error {
	return db.update(ctx, func(tx *sql.Tx) error {
		if err := insertMails(ctx, tx, mails); err != nil {
			return err
		}
		return audit(ctx, tx, siteID, by, c)
	})
}

// insertMails puts mails of one site into the queue. Invitations are bounded:
// one cannot fill the file with them.
func insertMails(ctx context.Context, tx *sql.Tx, mails []Mail) error {
	if len(mails) == 0 {
		return nil
	}
	var waiting int
	err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM mails WHERE site_id = ? AND kind = ?`,
		mails[0].SiteID, InvitationMail).Scan(&waiting)
	if err != nil {
		return fmt.Errorf("count mail: %w", err)
	}
	if waiting+len(mails) > maxWaiting {
		return ErrMailFull
	}
	for _, m := range mails {
		if err := insertMail(ctx, tx, m); err != nil {
			return err
		}
	}
	return nil
}

// WaitingMail counts the mails that did not go out yet.
func (db *DB) WaitingMail(ctx context.Context) (n int, err error) {
	if err := db.read.QueryRowContext(ctx, `SELECT COUNT(*) FROM mails`).Scan(&n); err != nil {
		return 0, fmt.Errorf("count mail: %w", err)
	}
	return n, nil
}

// DropMail takes a mail out of the queue that nobody will get, and notes why.
func (db *DB) DropMail(ctx context.Context, m Mail, c Change) error {
	err := db.update(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM mails WHERE id = ?`, m.ID); err != nil {
			return err
		}
		return audit(ctx, tx, m.SiteID, Actor{Name: "server"}, c)
	})
	if err != nil {
		return fmt.Errorf("drop mail: %w", err)
	}
	return nil
}

// DueMail returns up to most mails whose time has come, the oldest
// first: those of accounts, which somebody waits for, before invitations.
func (db *DB) DueMail(ctx context.Context, most int) ([]Mail, error) {
	mails, err := list(ctx, db.read, func(row scanner) (Mail, error) {
		var m Mail
		var id, siteID, kind string
		var tries int
		var message []byte
		if err := row.Scan(&id, &siteID, &kind, &tries, &message); err != nil {
			return m, err
		}
		err := json.Unmarshal(message, &m)
		m.ID, m.SiteID, m.Kind, m.Tries = id, siteID, kind, tries
		return m, err
	}, `SELECT id, site_id, kind, tries, message FROM mails WHERE due_at <= ? ORDER BY kind = ?, due_at, id LIMIT ?`,
		now().UnixMilli(), InvitationMail, most)
	if err != nil {
		return nil, fmt.Errorf("due mail: %w", err)
	}
	return mails, nil
}

// DeleteMail takes a mail out of the queue.
func (db *DB) DeleteMail(ctx context.Context, id string) error {
	if _, err := db.exec(ctx, `DELETE FROM mails WHERE id = ?`, id); err != nil {
		return fmt.Errorf("delete mail: %w", err)
	}
	return nil
}

// DelayMail notes that a mail could not be handed over, and when to try again.
func (db *DB) DelayMail(ctx context.Context, id string, due time.Time) error {
	_, err := db.exec(ctx, `UPDATE mails SET tries = tries + 1, due_at = ? WHERE id = ?`, due.UnixMilli(), id)
	if err != nil {
		return fmt.Errorf("delay mail: %w", err)
	}
	return nil
}
