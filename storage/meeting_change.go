package storage

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
)

// ErrNoSuchHost says that somebody who is to start a meeting is no user of its
// site.
var ErrNoSuchHost = errors.New("no user of the site")

// InsertMeeting stores m under a new id and returns it as it is read back.
// ErrTaken says that the number is in use, or was: a number never comes back
// while a record tells of it. What tell makes of the meeting is mailed if it is
// stored; tell may be nil.
func (db *DB) InsertMeeting(ctx context.Context, m Meeting, by Actor, tell func(Meeting) []Mail) (Meeting, error) {
	m.ID = newID()
	err := db.update(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `
			INSERT INTO meetings (id, site_id, owner_id, number, title, starts_at, duration_minutes,
				password, public, service_type, link_proof_hash, created_at)
			SELECT ?, ?, ?, ?, '', 0, 0, '', 0, '', x'', ?
			WHERE NOT EXISTS (SELECT 1 FROM meetings WHERE number = ?)
			AND NOT EXISTS (SELECT 1 FROM edr_sessions WHERE meeting_number = ?)`,
			m.ID, m.SiteID, m.OwnerID, m.Number, now().UnixMilli(), m.Number, m.Number)
		if err := affected(result, err, ErrTaken); err != nil {
			return err
		}
		if err := writeMeeting(ctx, tx, m); err != nil {
			return err
		}
		if m, err = ownMeeting(ctx, tx, m.OwnerID, m.ID); err != nil {
			return err
		}
		err = audit(ctx, tx, m.SiteID, by, Change{Action: "meeting.create", Target: "meeting:" + m.ID, After: auditMeeting(m)})
		if err == nil {
			err = tellMeeting(ctx, tx, meetingCreated, m)
		}
		if err != nil || tell == nil {
			return err
		}
		return insertMails(ctx, tx, tell(m))
	})
	if err != nil {
		return Meeting{}, fmt.Errorf("insert meeting: %w", err)
	}
	return m, nil
}

// UpdateMeeting makes the meeting with m's id, which m's owner must own, what m
// says, and returns it as it is read back. ErrStale says that it has been edited
// since it was m.Version. What tell makes of the change is mailed if it is made;
// tell may be nil.
func (db *DB) UpdateMeeting(ctx context.Context, m Meeting, by Actor, tell func(before, after Meeting) []Mail) (Meeting, error) {
	err := db.update(ctx, func(tx *sql.Tx) error {
		before, err := ownMeeting(ctx, tx, m.OwnerID, m.ID)
		if err != nil {
			return err
		}
		if before.Version != m.Version {
			return ErrStale
		}
		if err := writeMeeting(ctx, tx, m); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE meetings SET version = version + 1 WHERE id = ?`, m.ID); err != nil {
			return err
		}
		if m, err = ownMeeting(ctx, tx, m.OwnerID, m.ID); err != nil {
			return err
		}
		was, is := auditMeeting(before), auditMeeting(m)
		is.Password, is.Link = changed(before.Password != m.Password), changed(!bytes.Equal(before.LinkProofHash, m.LinkProofHash))
		err = audit(ctx, tx, m.SiteID, by, Change{Action: "meeting.update", Target: "meeting:" + m.ID, Before: was, After: is})
		if err == nil {
			err = tellMeeting(ctx, tx, meetingUpdated, m)
		}
		if err != nil || tell == nil {
			return err
		}
		return insertMails(ctx, tx, tell(before, m))
	})
	if err != nil {
		return Meeting{}, fmt.Errorf("update meeting: %w", err)
	}
	return m, nil
}

// DeleteMeeting deletes the meeting with that id, if ownerID owns it. Its
// records stay. What tell makes of it is mailed; tell may be nil.
func (db *DB) DeleteMeeting(ctx context.Context, ownerID, id string, by Actor, tell func(Meeting) []Mail) error {
	err := db.update(ctx, func(tx *sql.Tx) error {
		m, err := ownMeeting(ctx, tx, ownerID, id)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM meetings WHERE id = ?`, id); err != nil {
			return err
		}
		err = audit(ctx, tx, m.SiteID, by, Change{Action: "meeting.delete", Target: "meeting:" + m.ID, Before: auditMeeting(m)})
		if err == nil {
			err = tellMeeting(ctx, tx, meetingDeleted, m)
		}
		if err != nil || tell == nil {
			return err
		}
		return insertMails(ctx, tx, tell(m))
	})
	if err != nil {
		return fmt.Errorf("delete meeting: %w", err)
	}
	return nil
}

// ownMeeting reads a meeting in the transaction that changes it.
func ownMeeting(ctx context.Context, tx *sql.Tx, ownerID, id string) (Meeting, error) {
	m, err := scanMeeting(tx.QueryRowContext(ctx, selectMeeting+`WHERE m.id = ? AND m.owner_id = ?`, id, ownerID))
	return m, orNotFound(err)
}

// writeMeeting writes everything of m that can be edited into its row.
func writeMeeting(ctx context.Context, tx *sql.Tx, m Meeting) error {
	privileges, err := json.Marshal(privilegesColumn{m.Withheld})
	if err != nil {
		return fmt.Errorf("encode privileges: %w", err)
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE meetings SET title = ?, agenda = ?, starts_at = ?, last_starts_at = ?, duration_minutes = ?, timezone = ?,
			recurrence = ?, password = ?, exclude_password = ?, public = ?, require_login = ?, require_email = ?, lobby = ?,
			service_type = ?, privileges = ?, link_proof_hash = ?
		WHERE id = ?`,
		m.Title, m.Agenda, m.Start.UnixMilli(), max(m.Start.UnixMilli(), m.LastStart.UnixMilli()), m.DurationMinutes, m.Timezone,
		m.Recurrence, m.Password, m.ExcludePassword, m.Public, m.RequireLogin, m.RequireEmail, m.Lobby,
		m.ServiceType, string(privileges), m.LinkProofHash, m.ID)
	if err != nil {
		return err
	}
	if err := writeHosts(ctx, tx, m); err != nil {
		return err
	}
	return writeInvitees(ctx, tx, m)
}

func writeHosts(ctx context.Context, tx *sql.Tx, m Meeting) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM meeting_hosts WHERE meeting_id = ?`, m.ID); err != nil {
		return err
	}
	for _, email := range m.Hosts {
		result, err := tx.ExecContext(ctx, `
			INSERT INTO meeting_hosts (meeting_id, user_id)
			SELECT ?, id FROM users WHERE site_id = ? AND email_folded = ?`, m.ID, m.SiteID, FoldEmail(email))
		if err := affected(result, err, ErrNoSuchHost); err != nil {
			return err
		}
	}
	return nil
}

func writeInvitees(ctx context.Context, tx *sql.Tx, m Meeting) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM meeting_invitees WHERE meeting_id = ?`, m.ID); err != nil {
		return err
	}
	for _, email := range m.Invitees {
		_, err := tx.ExecContext(ctx, `INSERT INTO meeting_invitees (meeting_id, email, folded) VALUES (?, ?, ?)`,
			m.ID, email, FoldEmail(email))
		if err != nil {
			return err
		}
	}
	return nil
}

// meetingView is a meeting as the audit log shows it: without its password and
// its link, of which it tells only that they changed.
type meetingView struct {
	Number          string    `json:"meetingNumber"`
	Title           string    `json:"title"`
	Agenda          string    `json:"agenda,omitzero"`
	Start           time.Time `json:"start"`
	DurationMinutes int       `json:"durationMinutes"`
	Timezone        string    `json:"timezone"`
	Recurrence      string    `json:"recurrence,omitzero"`
	ServiceType     string    `json:"serviceType"`
	Public          bool      `json:"publicMeeting"`
	RequireLogin    bool      `json:"requireAttendeeLogin"`
	RequireEmail    bool      `json:"requireEmail"`
	Lobby           bool      `json:"lobby"`
	ExcludePassword bool      `json:"excludePassword"`
	Withheld        []string  `json:"withheldPrivileges,omitempty"`
	Hosts           []string  `json:"alternativeHosts,omitempty"`
	Invitees        []string  `json:"invitees,omitempty"`
	Password        string    `json:"password,omitzero"` // "changed", or nothing
	Link            string    `json:"link,omitzero"`     // "changed", or nothing
}

func auditMeeting(m Meeting) meetingView {
	return meetingView{
		Number: m.Number, Title: m.Title, Agenda: m.Agenda, Start: m.Start, DurationMinutes: m.DurationMinutes,
		Timezone: m.Timezone, Recurrence: m.Recurrence, ServiceType: m.ServiceType, Public: m.Public,
		RequireLogin: m.RequireLogin, RequireEmail: m.RequireEmail, Lobby: m.Lobby, ExcludePassword: m.ExcludePassword,
		Withheld: m.Withheld, Hosts: m.Hosts, Invitees: m.Invitees,
	}
}

func changed(yes bool) string {
	if yes {
		return "changed"
	}
	return ""
}
