package storage

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/conclave-meet/conclave/signaling/edr"
)

// openStay opens a participant's row and counts them in the session's.
func openStay(ctx context.Context, tx *sql.Tx, r edr.Record, f edr.Joined) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO edr_attendees (session_id, seq, site_id, participant_id, display_name, email,
			participant_type, joined_at, client_agent, ip_address)
		VALUES (?, ?, COALESCE((SELECT site_id FROM edr_sessions WHERE id = ?), ''), ?, ?, ?, ?, ?, ?, ?)`,
		r.Session, r.Seq, r.Session, r.Participant, f.DisplayName, f.Email,
		f.ParticipantType, r.At.UnixMilli(), f.ClientAgent, f.IPAddress)
	if err != nil {
		return err
	}
	var present int64
	err = tx.QueryRowContext(ctx,
		`SELECT count(*) FROM edr_attendees WHERE session_id = ? AND left_at IS NULL`, r.Session).
		Scan(&present)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE edr_sessions SET total_participants = total_participants + 1,
			peak_attendee = CASE WHEN peak_attendee < ? THEN ? ELSE peak_attendee END
		WHERE id = ?`, present, present, r.Session)
	return err
}

// closeStay closes the participant's open row.
func closeStay(ctx context.Context, tx *sql.Tx, r edr.Record, f edr.Left) error {
	duration := f.Duration.Milliseconds()
	_, err := tx.ExecContext(ctx, `
		UPDATE edr_attendees SET left_at = joined_at + ?, duration_ms = ?, voice_ms = ?,
			leave_reason = ?, transport = ?
		WHERE session_id = ? AND participant_id = ? AND left_at IS NULL`,
		duration, duration, f.Voice.Milliseconds(), f.Reason, f.Transport, r.Session, r.Participant)
	return err
}

// stay is one that has no end on record.
type stay struct {
	participant string
	joined      time.Time
}

func openStays(ctx context.Context, tx *sql.Tx, session string) ([]stay, error) {
	return list(ctx, tx, func(row scanner) (stay, error) {
		var s stay
		var joined int64
		err := row.Scan(&s.participant, &joined)
		s.joined = fromMillis(joined)
		return s, err
	}, `
		SELECT participant_id, joined_at FROM edr_attendees
		WHERE session_id = ? AND left_at IS NULL ORDER BY seq`, session)
}

// AttendeeRow is a stay as reports and billing see it.
type AttendeeRow struct {
	SessionID       string         `json:"sessionId"`
	ParticipantID   string         `json:"participantId"`
	DisplayName     string         `json:"displayName"`
	Email           string         `json:"email"`
	ParticipantType string         `json:"participantType"`
	JoinedTime      time.Time      `json:"joinedTime"`
	LeftTime        *time.Time     `json:"leftTime"` // nil while they are in
	Duration        int64          `json:"duration"`
	DurationSeconds int64          `json:"durationSeconds"`
	LeaveReason     string         `json:"leaveReason"`
	Transport       string         `json:"transport"`
	ClientAgent     string         `json:"clientAgent"`
	IPAddress       string         `json:"ipAddress"`
	DisclaimerHash  string         `json:"disclaimerHash"`
	FormValues      jsontext.Value `json:"formValues"`

	seq int64
}

// AttendeeRows returns the stays f asks for, in the order people came. From and
// To are about when they did.
func (db *DB) AttendeeRows(ctx context.Context, f Filter) (Page[AttendeeRow], error) {
	var w where
	w.scope(f, "a.site_id", "a.session_id")
	w.period(f, "a.joined_at")
	if f.After != (Cursor{}) {
		w.and("(a.joined_at, a.session_id, a.seq) > (?, ?, ?)", f.After.at, f.After.session, f.After.seq)
	}
	rows, err := list(ctx, db.read, scanAttendee, w.query(`
		SELECT a.session_id, a.seq, a.participant_id, a.display_name, a.email, a.participant_type,
			a.joined_at, a.left_at, a.duration_ms, a.leave_reason, a.transport, a.client_agent,
			a.ip_address, a.disclaimer_hash, a.form_values
		FROM edr_attendees a JOIN edr_sessions s ON s.id = a.session_id`,
		`ORDER BY a.joined_at, a.session_id, a.seq`), w.limited(f)...)
	if err != nil {
		return Page[AttendeeRow]{}, fmt.Errorf("attendee rows: %w", err)
	}
	return page(f, rows, func(r AttendeeRow) Cursor {
		return Cursor{at: r.JoinedTime.UnixMilli(), session: r.SessionID, seq: r.seq}
	}), nil
}

func scanAttendee(row scanner) (AttendeeRow, error) {
	var r AttendeeRow
	var joined, duration int64
	var left sql.Null[int64]
	var form string
	err := row.Scan(&r.SessionID, &r.seq, &r.ParticipantID, &r.DisplayName, &r.Email, &r.ParticipantType,
		&joined, &left, &duration, &r.LeaveReason, &r.Transport, &r.ClientAgent,
		&r.IPAddress, &r.DisclaimerHash, &form)
	r.JoinedTime, r.LeftTime = fromMillis(joined), timeOrNil(left)
	r.Duration, r.DurationSeconds = minutes(duration), seconds(duration)
	r.FormValues = jsontext.Value(form)
	return r, err
}
