package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/conclave-meet/conclave/signaling/edr"
)

// openStay opens a participant's row and counts them in the session's.
func openStay(ctx context.Context, tx executor, r edr.Record, f edr.Joined, o owner) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO edr_attendees (session_id, seq, site_id, host_id, participant_id, display_name, email,
			participant_type, joined_at, client_agent, ip_address, disclaimer_hash, form_values)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, COALESCE(NULLIF(?, ''), '{}'))`,
		r.Session, r.Seq, o.site, o.host, r.Participant, f.DisplayName, f.Email,
		f.ParticipantType, r.At.UnixMilli(), f.ClientAgent, f.IPAddress, f.DisclaimerHash, f.Form)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE edr_sessions SET total_participants = total_participants + 1, present = present + 1,
			peak_attendee = max(peak_attendee, present + 1)
		WHERE id = ? AND ended_at IS NULL`, r.Session)
	return err
}

// closeStay closes the participant's open row, links it, and counts its minutes
// in the session's.
func closeStay(ctx context.Context, tx executor, chain *chain, r edr.Record, f edr.Left) error {
	duration, voice := f.Duration.Milliseconds(), f.Voice.Milliseconds()
	row, err := oneRow(ctx, tx, `
		UPDATE edr_attendees SET left_at = joined_at + ?, duration_ms = ?, voice_ms = ?,
			leave_reason = ?, transport = ?, link = ?
		WHERE session_id = ?7 AND seq = (SELECT max(seq) FROM edr_attendees INDEXED BY edr_attendees_open
			WHERE session_id = ?7 AND participant_id = ?8 AND left_at IS NULL)
		RETURNING seq, joined_at, `+linked[attendeeLink].columns,
		duration, duration, voice, f.Reason, f.Transport, chain.next(), r.Session, r.Participant)
	if errors.Is(err, ErrNotFound) {
		return nil // it had no stay
	}
	if err != nil {
		return err
	}
	seq, _ := row[0].(int64)
	joined, _ := row[1].(int64)
	chain.add(attendeeLink, r.Session, seq, joined, row[2:])
	_, err = tx.ExecContext(ctx, `
		UPDATE edr_sessions SET present = present - 1, people_minutes = people_minutes + ?, voip_minutes = voip_minutes + ?
		WHERE id = ? AND ended_at IS NULL`, minutes(duration), minutes(voice), r.Session)
	return err
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
}

// attendeeTable is where stays are.
var attendeeTable = table{ //nolint:gochecknoglobals // a value
	name: "edr_attendees", at: "joined_at", site: "edr_attendees_site", host: "edr_attendees_host",
	columns: `t.session_id, t.participant_id, t.display_name, t.email, t.participant_type,
		t.joined_at, t.left_at, t.duration_ms, t.leave_reason, t.transport, t.client_agent,
		t.ip_address, t.disclaimer_hash, t.form_values`,
}

// AttendeeRows returns the stays f asks for, in the order people came. From and
// To are about when they did.
func (db *DB) AttendeeRows(ctx context.Context, f Filter) (Page[AttendeeRow], error) {
	q := f.rows(attendeeTable)
	rows, err := list(ctx, db.read, scanKeyed(scanAttendee), q.text, q.args...)
	if err != nil {
		return Page[AttendeeRow]{}, fmt.Errorf("attendee rows: %w", err)
	}
	return page(f, rows), nil
}

func scanAttendee(row scanner, c *Cursor) (AttendeeRow, error) {
	var r AttendeeRow
	var joined, duration int64
	var left sql.Null[int64]
	var form string
	err := row.Scan(&c.key, &c.session, &c.seq, &r.SessionID, &r.ParticipantID, &r.DisplayName, &r.Email, &r.ParticipantType,
		&joined, &left, &duration, &r.LeaveReason, &r.Transport, &r.ClientAgent,
		&r.IPAddress, &r.DisclaimerHash, &form)
	r.JoinedTime, r.LeftTime = fromMillis(joined), timeOrNil(left)
	r.Duration, r.DurationSeconds = minutes(duration), seconds(duration)
	r.FormValues = jsontext.Value(form)
	return r, err
}
