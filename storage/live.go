package storage

import (
	"context"
	"fmt"
	"time"
)

// keepStates keeps what the rooms of sessions that run need to go on after a
// restart, each in place of what it was before.
func keepStates(ctx context.Context, tx executor, states map[string][]byte) error {
	for session, state := range states {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO live_sessions (session_id, state)
			SELECT id, ? FROM edr_sessions WHERE id = ? AND ended_at IS NULL
			ON CONFLICT (session_id) DO UPDATE SET state = excluded.state`, string(state), session)
		if err != nil {
			return fmt.Errorf("keep the state of session %s: %w", session, err)
		}
	}
	return nil
}

// forgetState deletes what the room of a session needed, which is over.
func forgetState(ctx context.Context, tx executor, session string) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM live_sessions WHERE session_id = ?`, session)
	return err
}

// OpenSession is a session that has no end on record.
type OpenSession struct {
	ID        string
	SiteID    string
	MeetingID string
	Started   time.Time
	LastKnown time.Time // the latest sign of it: a beat or a record
	LastSeq   uint64
	State     []byte     // what its room kept last; empty for nothing
	Stays     []OpenStay // see OpenSessions
}

// OpenStay is a stay that has no end on record.
type OpenStay struct {
	ParticipantID string
	Joined        time.Time
}

// OpenSessions lists the sessions that have no end on record, with their stays
// that have none. Before any session starts, those are what the server before did
// not see end.
func (db *DB) OpenSessions(ctx context.Context) ([]*OpenSession, error) {
	open, err := openSessions(ctx, db.read)
	if err != nil {
		return nil, fmt.Errorf("list open sessions: %w", err)
	}
	for _, s := range open {
		if s.Stays, err = openStays(ctx, db.read, s.ID); err != nil {
			return nil, fmt.Errorf("list open stays: %w", err)
		}
	}
	return open, nil
}

func openSessions(ctx context.Context, tx querier) ([]*OpenSession, error) {
	return list(ctx, tx, func(row scanner) (*OpenSession, error) {
		s := new(OpenSession)
		var started, seen, recorded int64
		err := row.Scan(&s.ID, &s.SiteID, &s.MeetingID, &started, &seen, &recorded, &s.LastSeq, &s.State)
		s.Started, s.LastKnown = fromMillis(started), fromMillis(max(started, seen, recorded))
		return s, err
	}, `
		SELECT s.id, s.site_id, s.meeting_id, s.started_at, s.last_seen_at,
			(SELECT COALESCE(max(at), 0) FROM edr_events WHERE session_id = s.id),
			(SELECT COALESCE(max(seq), 0) FROM edr_events WHERE session_id = s.id),
			COALESCE(l.state, '')
		FROM edr_sessions s LEFT JOIN live_sessions l ON l.session_id = s.id
		WHERE s.ended_at IS NULL ORDER BY s.id`)
}

func openStays(ctx context.Context, tx querier, session string) ([]OpenStay, error) {
	return list(ctx, tx, func(row scanner) (OpenStay, error) {
		var s OpenStay
		var joined int64
		err := row.Scan(&s.ParticipantID, &joined)
		s.Joined = fromMillis(joined)
		return s, err
	}, `
		SELECT participant_id, joined_at FROM edr_attendees
		WHERE session_id = ? AND left_at IS NULL ORDER BY seq`, session)
}
