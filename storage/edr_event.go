package storage

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/conclave-meet/conclave/signaling/edr"
)

// insertEvent keeps the fact itself and reports whether it was not there yet.
func insertEvent(ctx context.Context, tx *sql.Tx, r edr.Record) (isNew bool, err error) {
	detail, err := json.Marshal(detailOf(r.Fact))
	if err != nil {
		return false, fmt.Errorf("encode detail: %w", err)
	}
	var site string
	if started, ok := r.Fact.(edr.Started); ok {
		site = started.SiteID
	}
	result, err := tx.ExecContext(ctx, `
		INSERT INTO edr_events (session_id, seq, site_id, kind, participant_id, at, detail)
		VALUES (?, ?, COALESCE((SELECT site_id FROM edr_sessions WHERE id = ?), ?), ?, ?, ?, ?)
		ON CONFLICT (session_id, seq) DO NOTHING`,
		r.Session, r.Seq, r.Session, site, r.Fact.Kind(), r.Participant, r.At.UnixMilli(), string(detail))
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, err
}

// detail is what an event's row says beyond its kind, participant and time. Who
// a participant is stands in the stay's row, not here.
type detail struct {
	ParticipantType string `json:"participantType,omitzero"`
	Reason          string `json:"reason,omitzero"`
	By              string `json:"by,omitzero"`
	Surface         string `json:"surface,omitzero"`
}

func detailOf(fact edr.Fact) detail {
	switch f := fact.(type) {
	case edr.Joined:
		return detail{ParticipantType: f.ParticipantType}
	case edr.Left:
		return detail{Reason: f.Reason}
	case edr.Ended:
		return detail{Reason: f.Reason}
	case edr.Muted:
		return detail{By: f.By}
	case edr.ShareStarted:
		return detail{Surface: f.Surface}
	default:
		return detail{}
	}
}

// EventRow is a fact as reports see it.
type EventRow struct {
	SessionID     string         `json:"sessionId"`
	Seq           int64          `json:"seq"`
	Event         string         `json:"event"`
	ParticipantID string         `json:"participantId"`
	Time          time.Time      `json:"time"`
	Detail        jsontext.Value `json:"detail"`
}

// EventRows returns the facts f asks for, in the order they happened.
func (db *DB) EventRows(ctx context.Context, f Filter) (Page[EventRow], error) {
	var w where
	w.scope(f, "e.site_id", "e.session_id")
	w.period(f, "e.at")
	if f.After != (Cursor{}) {
		w.and("(e.at, e.session_id, e.seq) > (?, ?, ?)", f.After.at, f.After.session, f.After.seq)
	}
	rows, err := list(ctx, db.read, scanEvent, w.query(`
		SELECT e.session_id, e.seq, e.kind, e.participant_id, e.at, e.detail
		FROM edr_events e JOIN edr_sessions s ON s.id = e.session_id`,
		`ORDER BY e.at, e.session_id, e.seq`), w.limited(f)...)
	if err != nil {
		return Page[EventRow]{}, fmt.Errorf("event rows: %w", err)
	}
	return page(f, rows, func(r EventRow) Cursor {
		return Cursor{at: r.Time.UnixMilli(), session: r.SessionID, seq: r.Seq}
	}), nil
}

func scanEvent(row scanner) (EventRow, error) {
	var r EventRow
	var at int64
	var text string
	err := row.Scan(&r.SessionID, &r.Seq, &r.Event, &r.ParticipantID, &at, &text)
	r.Time, r.Detail = fromMillis(at), jsontext.Value(text)
	return r, err
}
