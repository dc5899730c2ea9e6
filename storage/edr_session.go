package storage

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/conclave-meet/conclave/signaling/edr"
)

// startSession opens the session's row and takes back that its meeting ended.
func startSession(ctx context.Context, tx *sql.Tx, r edr.Record, f edr.Started) error {
	at := r.At.UnixMilli()
	_, err := tx.ExecContext(ctx, `
		INSERT INTO edr_sessions (id, site_id, site_url, meeting_id, meeting_number, meeting_title,
			service_type, host_id, host_email, host_name, started_at, last_seen_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO NOTHING`,
		r.Session, f.SiteID, f.SiteURL, f.MeetingID, f.MeetingNumber, f.MeetingTitle,
		f.ServiceType, f.HostID, f.HostEmail, f.HostName, at, at)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE meetings SET ended_at = NULL WHERE id = ?`, f.MeetingID)
	return err
}

// endSession closes the session's row and says so on its meeting.
func endSession(ctx context.Context, tx *sql.Tx, r edr.Record, f edr.Ended) error {
	if err := closeSession(ctx, tx, r, f); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `
		UPDATE meetings SET ended_at = (SELECT ended_at FROM edr_sessions WHERE id = ?)
		WHERE id = (SELECT meeting_id FROM edr_sessions WHERE id = ?)`,
		r.Session, r.Session)
	return err
}

// closeSession closes the session's row.
func closeSession(ctx context.Context, tx *sql.Tx, r edr.Record, f edr.Ended) error {
	duration := f.Duration.Milliseconds()
	_, err := tx.ExecContext(ctx, `
		UPDATE edr_sessions SET ended_at = started_at + ?, duration_ms = ?, end_reason = ?
		WHERE id = ? AND ended_at IS NULL`,
		duration, duration, f.Reason, r.Session)
	return err
}

// Beat notes that the open sessions still run at now, so that a crash loses no
// more than the time since.
func (db *DB) Beat(ctx context.Context, now time.Time) error {
	_, err := db.exec(ctx,
		`UPDATE edr_sessions SET last_seen_at = ? WHERE ended_at IS NULL`, now.UnixMilli())
	if err != nil {
		return fmt.Errorf("beat: %w", err)
	}
	return nil
}

// openSession is a session that has no end on record.
type openSession struct {
	id        string
	started   time.Time
	lastKnown time.Time // the latest sign of it: a beat or a record
	lastSeq   uint64
}

func openSessions(ctx context.Context, tx *sql.Tx) ([]*openSession, error) {
	return list(ctx, tx, func(row scanner) (*openSession, error) {
		s := new(openSession)
		var started, seen, recorded int64
		err := row.Scan(&s.id, &started, &seen, &recorded, &s.lastSeq)
		s.started, s.lastKnown = fromMillis(started), fromMillis(max(started, seen, recorded))
		return s, err
	}, `
		SELECT s.id, s.started_at, s.last_seen_at,
			(SELECT COALESCE(max(at), 0) FROM edr_events WHERE session_id = s.id),
			(SELECT COALESCE(max(seq), 0) FROM edr_events WHERE session_id = s.id)
		FROM edr_sessions s WHERE s.ended_at IS NULL ORDER BY s.id`)
}

// UsageRow is a session as reports and billing see it.
type UsageRow struct {
	SessionID          string     `json:"sessionId"`
	SiteURL            string     `json:"siteUrl"`
	MeetingID          string     `json:"meetingId"`
	MeetingNumber      string     `json:"meetingNumber"`
	MeetingTitle       string     `json:"meetingTitle"`
	ServiceType        string     `json:"serviceType"`
	HostEmail          string     `json:"hostEmail"`
	HostDisplayName    string     `json:"hostDisplayName"`
	Start              time.Time  `json:"start"`
	End                *time.Time `json:"end"` // nil while it runs
	Duration           int64      `json:"duration"`
	DurationSeconds    int64      `json:"durationSeconds"`
	TotalParticipants  int64      `json:"totalParticipants"`
	PeakAttendee       int64      `json:"peakAttendee"`
	TotalPeopleMinutes int64      `json:"totalPeopleMinutes"`
	TotalVoipMinutes   int64      `json:"totalVoipMinutes"`
	E2EE               bool       `json:"e2ee"`
	EndReason          string     `json:"endReason"`
}

// UsageRows returns the sessions f asks for, newest first. From and To are
// about their start.
func (db *DB) UsageRows(ctx context.Context, f Filter) (Page[UsageRow], error) {
	var w where
	w.scope(f, "s.site_id", "s.id")
	w.period(f, "s.started_at")
	if f.After != (Cursor{}) {
		w.and("(s.started_at, s.id) < (?, ?)", f.After.at, f.After.session)
	}
	rows, err := list(ctx, db.read, scanUsage, w.query(`
		SELECT s.id, s.site_url, s.meeting_id, s.meeting_number, s.meeting_title, s.service_type,
			s.host_email, s.host_name, s.started_at, s.ended_at, s.duration_ms,
			s.total_participants, s.peak_attendee, s.end_reason,
			(SELECT COALESCE(sum(((duration_ms + 500) / 1000 + 59) / 60), 0) FROM edr_attendees WHERE session_id = s.id),
			(SELECT COALESCE(sum(((voice_ms + 500) / 1000 + 59) / 60), 0) FROM edr_attendees WHERE session_id = s.id)
		FROM edr_sessions s`, `ORDER BY s.started_at DESC, s.id DESC`), w.limited(f)...)
	if err != nil {
		return Page[UsageRow]{}, fmt.Errorf("usage rows: %w", err)
	}
	return page(f, rows, func(r UsageRow) Cursor {
		return Cursor{at: r.Start.UnixMilli(), session: r.SessionID}
	}), nil
}

func scanUsage(row scanner) (UsageRow, error) {
	var r UsageRow
	var started, duration int64
	var ended sql.Null[int64]
	err := row.Scan(&r.SessionID, &r.SiteURL, &r.MeetingID, &r.MeetingNumber, &r.MeetingTitle, &r.ServiceType,
		&r.HostEmail, &r.HostDisplayName, &started, &ended, &duration,
		&r.TotalParticipants, &r.PeakAttendee, &r.EndReason, &r.TotalPeopleMinutes, &r.TotalVoipMinutes)
	r.Start, r.End = fromMillis(started), timeOrNil(ended)
	r.Duration, r.DurationSeconds = minutes(duration), seconds(duration)
	return r, err
}
