package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/conclave-meet/conclave/signaling/edr"
)

// startSession opens the session's row and takes back that its meeting ended.
func startSession(ctx context.Context, tx executor, r edr.Record, f edr.Started) error {
	at := r.At.UnixMilli()
	_, err := tx.ExecContext(ctx, `
		INSERT INTO edr_sessions (id, site_id, site_url, meeting_id, meeting_number, meeting_title,
			title_folded, service_type, host_id, host_email, host_name, e2ee, started_at, last_seen_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO NOTHING`,
		r.Session, f.SiteID, f.SiteURL, f.MeetingID, f.MeetingNumber, f.MeetingTitle,
		strings.ToLower(f.MeetingTitle), f.ServiceType, f.HostID, f.HostEmail, f.HostName, f.E2EE, at, at)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE meetings SET ended_at = NULL WHERE id = ?`, f.MeetingID)
	return err
}

// endSession closes the session's row, links it, and says on its meeting that it
// ended, unless it was the server that stopped: then its people wait for the host.
func endSession(ctx context.Context, tx executor, chain *chain, r edr.Record, f edr.Ended) error {
	duration := f.Duration.Milliseconds()
	row, err := oneRow(ctx, tx, `
		UPDATE edr_sessions SET ended_at = started_at + ?, duration_ms = ?, end_reason = ?, link = ?
		WHERE id = ? AND ended_at IS NULL
		RETURNING started_at, `+linked[usageLink].columns,
		duration, duration, f.Reason, chain.next(), r.Session)
	if errors.Is(err, ErrNotFound) {
		return nil // it has no start, or an end already
	}
	if err != nil {
		return err
	}
	started, _ := row[0].(int64)
	chain.add(usageLink, r.Session, 0, started, row[1:])
	if err := forgetState(ctx, tx, r.Session); err != nil || f.Reason == lost || f.Reason == shutdown {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE meetings SET ended_at = (SELECT ended_at FROM edr_sessions WHERE id = ?)
		WHERE id = (SELECT meeting_id FROM edr_sessions WHERE id = ?)`,
		r.Session, r.Session)
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

// UsageRows returns the sessions f asks for. From and To are about their start.
func (db *DB) UsageRows(ctx context.Context, f Filter) (Page[UsageRow], error) {
	q := f.sessions()
	rows, err := list(ctx, db.read, scanKeyed(scanUsage), q.text, q.args...)
	if err != nil {
		return Page[UsageRow]{}, fmt.Errorf("usage rows: %w", err)
	}
	return page(f, rows), nil
}

func scanUsage(row scanner, c *Cursor) (UsageRow, error) {
	var r UsageRow
	var started, duration int64
	var ended sql.Null[int64]
	err := row.Scan(&c.key, &r.SessionID, &r.SiteURL, &r.MeetingID, &r.MeetingNumber, &r.MeetingTitle, &r.ServiceType,
		&r.HostEmail, &r.HostDisplayName, &r.E2EE, &started, &ended, &duration,
		&r.TotalParticipants, &r.PeakAttendee, &r.EndReason, &r.TotalPeopleMinutes, &r.TotalVoipMinutes)
	c.session = r.SessionID
	r.Start, r.End = fromMillis(started), timeOrNil(ended)
	r.Duration, r.DurationSeconds = minutes(duration), seconds(duration)
	return r, err
}
