package storage

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
)

// Meeting is what is scheduled and stored.
type Meeting struct {
	ID              string
	SiteID          string
	OwnerID         string
	Number          string
	Title           string
	Agenda          string
	Start           time.Time // of the first occurrence
	LastStart       time.Time // of the last
	DurationMinutes int
	Timezone        string // IANA
	Recurrence      string // the value of an RRULE; empty: it meets once
	Password        string
	ExcludePassword bool // from mail
	Public          bool
	RequireLogin    bool
	RequireEmail    bool
	Lobby           bool
	ServiceType     string
	Withheld        []string // privileges that attendees do not have
	Hosts           []string // e-mail addresses of users who may start it, too
	Invitees        []string // e-mail addresses
	LinkProofHash   []byte   // of the proof that a link's holder shows
	Created         time.Time
	Ended           time.Time // when its last session ended; zero before that, and after a new start
	Version         int64     // counts the edits

	HostEmail string // of the owner, when the row was read
	HostName  string
}

const selectMeeting = `
	SELECT m.id, m.site_id, m.owner_id, m.number, m.title, m.agenda, m.starts_at, m.last_starts_at, m.duration_minutes,
		m.timezone, m.recurrence, m.password, m.exclude_password, m.public, m.require_login, m.require_email, m.lobby,
		m.service_type, m.privileges, m.link_proof_hash, m.created_at, m.ended_at, m.version, u.email, u.name,
		(SELECT json_group_array(h.email ORDER BY h.email_folded) FROM meeting_hosts mh JOIN users h ON h.id = mh.user_id
			WHERE mh.meeting_id = m.id),
		(SELECT json_group_array(i.email ORDER BY i.folded) FROM meeting_invitees i WHERE i.meeting_id = m.id)
	FROM meetings m JOIN users u ON u.id = m.owner_id `

func scanMeeting(row scanner) (Meeting, error) {
	var m Meeting
	var start, last, created int64
	var ended sql.Null[int64]
	var privileges, hosts, invitees []byte
	err := row.Scan(&m.ID, &m.SiteID, &m.OwnerID, &m.Number, &m.Title, &m.Agenda, &start, &last, &m.DurationMinutes,
		&m.Timezone, &m.Recurrence, &m.Password, &m.ExcludePassword, &m.Public, &m.RequireLogin, &m.RequireEmail, &m.Lobby,
		&m.ServiceType, &privileges, &m.LinkProofHash, &created, &ended, &m.Version, &m.HostEmail, &m.HostName,
		&hosts, &invitees)
	if err != nil {
		return m, err
	}
	m.Start, m.LastStart, m.Created = fromMillis(start), fromMillis(last), fromMillis(created)
	if ended.Valid {
		m.Ended = fromMillis(ended.V)
	}
	var kept privilegesColumn
	for _, column := range []struct {
		text []byte
		into any
	}{{privileges, &kept}, {hosts, &m.Hosts}, {invitees, &m.Invitees}} {
		if err := json.Unmarshal(column.text, column.into); err != nil {
			return m, fmt.Errorf("read meeting: %w", err)
		}
	}
	m.Withheld = kept.Withheld
	return m, nil
}

// privilegesColumn is what the column of that name holds.
type privilegesColumn struct {
	Withheld []string `json:"withheld,omitempty"`
}

// OwnMeeting returns the meeting with that id, if ownerID owns it.
func (db *DB) OwnMeeting(ctx context.Context, ownerID, id string) (Meeting, error) {
	m, err := scanMeeting(db.read.QueryRowContext(ctx,
		selectMeeting+`WHERE m.id = ? AND m.owner_id = ?`, id, ownerID))
	if err != nil {
		return Meeting{}, fmt.Errorf("own meeting: %w", orNotFound(err))
	}
	return m, nil
}

// HostedMeeting returns the meeting with that id, if userID owns it or may start
// it for its owner.
func (db *DB) HostedMeeting(ctx context.Context, userID, id string) (Meeting, error) {
	m, err := scanMeeting(db.read.QueryRowContext(ctx, selectMeeting+`
		WHERE m.id = ? AND (m.owner_id = ? OR EXISTS (
			SELECT 1 FROM meeting_hosts WHERE meeting_id = m.id AND user_id = ?))`, id, userID, userID))
	if err != nil {
		return Meeting{}, fmt.Errorf("hosted meeting: %w", orNotFound(err))
	}
	return m, nil
}

// Hosts reports whether userID may start the meeting for its owner.
func (db *DB) Hosts(ctx context.Context, userID, meetingID string) (found bool, err error) {
	err = db.read.QueryRowContext(ctx,
		`SELECT EXISTS (SELECT 1 FROM meeting_hosts WHERE meeting_id = ? AND user_id = ?)`, meetingID, userID).Scan(&found)
	if err != nil {
		return false, fmt.Errorf("look for a host: %w", err)
	}
	return found, nil
}

// MeetingByNumber returns the site's meeting with that number.
func (db *DB) MeetingByNumber(ctx context.Context, siteID, number string) (Meeting, error) {
	m, err := scanMeeting(db.read.QueryRowContext(ctx,
		selectMeeting+`WHERE m.number = ? AND m.site_id = ?`, number, siteID))
	if err != nil {
		return Meeting{}, fmt.Errorf("meeting by number: %w", orNotFound(err))
	}
	return m, nil
}

// MeetingByID returns the site's meeting with that id.
func (db *DB) MeetingByID(ctx context.Context, siteID, id string) (Meeting, error) {
	m, err := scanMeeting(db.read.QueryRowContext(ctx,
		selectMeeting+`WHERE m.id = ? AND m.site_id = ?`, id, siteID))
	if err != nil {
		return Meeting{}, fmt.Errorf("meeting by id: %w", orNotFound(err))
	}
	return m, nil
}

// MeetingsOf returns the meetings userID owns or may start, by start.
func (db *DB) MeetingsOf(ctx context.Context, userID string) ([]Meeting, error) {
	meetings, err := list(ctx, db.read, scanMeeting, selectMeeting+`
		WHERE m.owner_id = ? OR m.id IN (SELECT meeting_id FROM meeting_hosts WHERE user_id = ?)
		ORDER BY m.starts_at, m.id`, userID, userID)
	if err != nil {
		return nil, fmt.Errorf("list meetings: %w", err)
	}
	return meetings, nil
}

// maxListed is how many meetings a site's home page can show.
const maxListed = 100

// ListedMeetings returns the site's public meetings of which an occurrence
// begins after that time, by start.
func (db *DB) ListedMeetings(ctx context.Context, siteID string, after time.Time) ([]Meeting, error) {
	meetings, err := list(ctx, db.read, scanMeeting, selectMeeting+`
		WHERE m.site_id = ? AND m.public = 1 AND m.last_starts_at > ? AND u.disabled_at IS NULL
		ORDER BY m.starts_at, m.id LIMIT ?`, siteID, after.UnixMilli(), maxListed)
	if err != nil {
		return nil, fmt.Errorf("list public meetings: %w", err)
	}
	return meetings, nil
}
