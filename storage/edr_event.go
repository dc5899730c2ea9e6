package storage

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/conclave-meet/conclave/signaling/edr"
)

// insertEvent keeps the fact itself and reports whether it was not there yet.
func insertEvent(ctx context.Context, tx executor, chain *chain, r edr.Record, o owner) (isNew bool, err error) {
	detail, err := json.Marshal(detailOf(r.Fact))
	if err != nil {
		return false, fmt.Errorf("encode detail: %w", err)
	}
	at := r.At.UnixMilli()
	if r.Seq > math.MaxInt64 {
		return false, errors.New("a record's number is too high")
	}
	seq := int64(r.Seq)
	columns := []any{r.Session, seq, o.site, o.host, r.Fact.Kind(), r.Participant, at, string(detail)}
	result, err := tx.ExecContext(ctx, `
		INSERT INTO edr_events (session_id, seq, site_id, host_id, kind, participant_id, at, detail, link)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (session_id, seq) DO NOTHING`, append(columns, chain.next())...)
	if err != nil {
		return false, err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return false, err
	}
	chain.add(eventLink, r.Session, seq, at, columns)
	return true, nil
}

// detail is what an event's row says beyond its kind, participant and time. Who
// a participant is stands in the stay's row, not here.
type detail struct {
	ParticipantType string `json:"participantType,omitzero"`
	Reason          string `json:"reason,omitzero"`
	By              string `json:"by,omitzero"`
	Surface         string `json:"surface,omitzero"`
	Action          string `json:"action,omitzero"`
	Role            string `json:"role,omitzero"`
}

func detailOf(fact edr.Fact) detail {
	switch f := fact.(type) {
	case edr.Joined:
		return detail{ParticipantType: f.ParticipantType}
	case edr.Returned:
		return detail{ParticipantType: f.ParticipantType}
	case edr.Left:
		return detail{Reason: f.Reason}
	case edr.Ended:
		return detail{Reason: f.Reason}
	case edr.Admitted:
		return detail{By: f.By}
	case edr.Denied:
		return detail{By: f.By}
	case edr.Expelled:
		return detail{By: f.By}
	case edr.Locked:
		return detail{By: f.By}
	case edr.Unlocked:
		return detail{By: f.By}
	case edr.Muted:
		return detail{By: f.By}
	case edr.RoleChanged:
		return detail{Role: f.Role, By: f.By}
	case edr.RightsChanged:
		return detail{By: f.By}
	case edr.ShareStopped:
		return detail{By: f.By}
	case edr.Refused:
		return detail{Action: f.Action}
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

// eventTable is where facts are.
var eventTable = table{ //nolint:gochecknoglobals // a value
	name: "edr_events", at: "at", site: "edr_events_site", host: "edr_events_host",
	columns: `t.session_id, t.seq, t.kind, t.participant_id, t.at, t.detail`,
}

// EventRows returns the facts f asks for, in the order they happened.
func (db *DB) EventRows(ctx context.Context, f Filter) (Page[EventRow], error) {
	q := f.rows(eventTable)
	rows, err := list(ctx, db.read, scanKeyed(scanEvent), q.text, q.args...)
	if err != nil {
		return Page[EventRow]{}, fmt.Errorf("event rows: %w", err)
	}
	return page(f, rows), nil
}

func scanEvent(row scanner, c *Cursor) (EventRow, error) {
	var r EventRow
	var at int64
	var text string
	err := row.Scan(&c.key, &c.session, &c.seq, &r.SessionID, &r.Seq, &r.Event, &r.ParticipantID, &at, &text)
	r.Time, r.Detail = fromMillis(at), jsontext.Value(text)
	return r, err
}
