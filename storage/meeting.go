package storage

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Meeting is what is scheduled and stored.
type Meeting struct {
	ID              string
	SiteID          string
	OwnerID         string
	Number          string
	Title           string
	Start           time.Time
	DurationMinutes int
	Password        string
	Public          bool
	ServiceType     string
	LinkSecret      []byte // only to show the link again; joining never reads it
	LinkProofHash   []byte
	Created         time.Time
	Ended           time.Time // when its last session ended; zero before that, and after a new start

	HostEmail string // of the owner, when the row was read
	HostName  string
}

// MeetingChange is an edit: what is nil stays as it is.
type MeetingChange struct {
	Title           *string
	Start           *time.Time
	DurationMinutes *int
	Password        *string
}

// InsertMeeting stores m under a new id and returns that. ErrTaken says that
// the number is in use, or was: a number never comes back while a record tells
// of it.
func (db *DB) InsertMeeting(ctx context.Context, m Meeting) (id string, err error) {
	id = newID()
	result, err := db.exec(ctx, `
		INSERT INTO meetings (id, site_id, owner_id, number, title, starts_at, duration_minutes,
			password, public, service_type, link_secret, link_proof_hash, created_at)
		SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
		WHERE NOT EXISTS (SELECT 1 FROM meetings WHERE number = ?)
		AND NOT EXISTS (SELECT 1 FROM edr_sessions WHERE meeting_number = ?)`,
		id, m.SiteID, m.OwnerID, m.Number, m.Title, m.Start.UnixMilli(), m.DurationMinutes,
		m.Password, m.Public, m.ServiceType, m.LinkSecret, m.LinkProofHash, now().UnixMilli(),
		m.Number, m.Number)
	if err := affected(result, err, ErrTaken); err != nil {
		return "", fmt.Errorf("insert meeting: %w", err)
	}
	return id, nil
}

const selectMeeting = `
	SELECT m.id, m.site_id, m.owner_id, m.number, m.title, m.starts_at, m.duration_minutes,
		m.password, m.public, m.service_type, m.link_secret, m.link_proof_hash, m.created_at, m.ended_at,
		u.email, u.name
	FROM meetings m JOIN users u ON u.id = m.owner_id `

// OwnMeeting returns the meeting with that id, if ownerID owns it.
func (db *DB) OwnMeeting(ctx context.Context, ownerID, id string) (Meeting, error) {
	m, err := scanMeeting(db.read.QueryRowContext(ctx,
		selectMeeting+`WHERE m.id = ? AND m.owner_id = ?`, id, ownerID))
	if err != nil {
		return Meeting{}, fmt.Errorf("own meeting: %w", orNotFound(err))
	}
	return m, nil
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

// MeetingsOf returns the meetings ownerID owns, by start.
func (db *DB) MeetingsOf(ctx context.Context, ownerID string) ([]Meeting, error) {
	meetings, err := list(ctx, db.read, scanMeeting,
		selectMeeting+`WHERE m.owner_id = ? ORDER BY m.starts_at, m.id`, ownerID)
	if err != nil {
		return nil, fmt.Errorf("list meetings: %w", err)
	}
	return meetings, nil
}

func scanMeeting(row scanner) (Meeting, error) {
	var m Meeting
	var start, created int64
	var ended sql.Null[int64]
	err := row.Scan(&m.ID, &m.SiteID, &m.OwnerID, &m.Number, &m.Title, &start, &m.DurationMinutes,
		&m.Password, &m.Public, &m.ServiceType, &m.LinkSecret, &m.LinkProofHash, &created, &ended,
		&m.HostEmail, &m.HostName)
	m.Start, m.Created = fromMillis(start), fromMillis(created)
	if ended.Valid {
		m.Ended = fromMillis(ended.V)
	}
	return m, err
}

// UpdateMeeting edits the meeting with that id, if ownerID owns it.
func (db *DB) UpdateMeeting(ctx context.Context, ownerID, id string, change MeetingChange) error {
	var start *int64
	if change.Start != nil {
		ms := change.Start.UnixMilli()
		start = &ms
	}
	result, err := db.exec(ctx, `
		UPDATE meetings SET title = COALESCE(?, title), starts_at = COALESCE(?, starts_at),
			duration_minutes = COALESCE(?, duration_minutes), password = COALESCE(?, password)
		WHERE id = ? AND owner_id = ?`,
		change.Title, start, change.DurationMinutes, change.Password, id, ownerID)
	if err := affected(result, err, ErrNotFound); err != nil {
		return fmt.Errorf("update meeting: %w", err)
	}
	return nil
}

// DeleteMeeting deletes the meeting with that id, if ownerID owns it. Its
// records stay.
func (db *DB) DeleteMeeting(ctx context.Context, ownerID, id string) error {
	result, err := db.exec(ctx,
		`DELETE FROM meetings WHERE id = ? AND owner_id = ?`, id, ownerID)
	if err := affected(result, err, ErrNotFound); err != nil {
		return fmt.Errorf("delete meeting: %w", err)
	}
	return nil
}
