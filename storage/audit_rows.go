package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// AuditFilter says which rows of a site's audit log are shown.
type AuditFilter struct {
	SiteID   string
	From, To time.Time
	Actor    string // an e-mail address in any case, or a word like operator; empty for all
	Action   string // empty for all
	After    Cursor
	Max      int
}

// AuditRow is a change as the audit log shows it.
type AuditRow struct {
	ID        int64          `json:"id"` // 1, 2, 3 … at its site
	Time      time.Time      `json:"time"`
	ActorID   string         `json:"actorId"` // empty for the operator and for who was not signed in
	Actor     string         `json:"actor"`
	IPAddress string         `json:"ipAddress"`
	Action    string         `json:"action"`
	Target    string         `json:"target"`
	Before    jsontext.Value `json:"before"`
	After     jsontext.Value `json:"after"`
}

// AuditRows returns the changes f asks for, the newest first.
func (db *DB) AuditRows(ctx context.Context, f AuditFilter) (Page[AuditRow], error) {
	q := f.query()
	rows, err := list(ctx, db.read, scanKeyed(scanAudit), q.text, q.args...)
	if err != nil {
		return Page[AuditRow]{}, fmt.Errorf("audit rows: %w", err)
	}
	return page(Filter{Max: f.Max}, rows), nil
}

func (f AuditFilter) query() query {
	plain := Filter{From: f.From, To: f.To, After: f.After, Max: f.Max}
	index := "audit_events_time"
	var w where
	w.and("t.site_id = ?", f.SiteID)
	if f.Action != "" {
		w.and("t.action = ?", f.Action)
		index = "audit_events_action"
	}
	if f.Actor != "" {
		w.and("t.actor = ? COLLATE NOCASE", f.Actor)
		index = "audit_events_actor"
	}
	w.period(plain, "t.at")
	w.after(plain, true, "t.at, t.seq", f.After.key, f.After.seq)
	return w.ordered(plain, `SELECT t.at, t.seq, t.actor_id, t.actor, t.ip, t.action, t.target, t.before, t.after
		FROM audit_events t INDEXED BY `+index, true, "t.at", "t.seq")
}

func scanAudit(row scanner, c *Cursor) (AuditRow, error) {
	var r AuditRow
	var before, after string
	err := row.Scan(&c.key, &c.seq, &r.ActorID, &r.Actor, &r.IPAddress, &r.Action, &r.Target, &before, &after)
	r.ID, r.Time = c.seq, fromMillis(c.key)
	r.Before, r.After = jsontext.Value(before), jsontext.Value(after)
	return r, err
}

// AuditParts gives all rows that f asks for, a part at a time.
func (db *DB) AuditParts(f AuditFilter) func(context.Context) ([]AuditRow, error) {
	return Parts(func(ctx context.Context, place Filter) (Page[AuditRow], error) {
		f.After, f.Max = place.After, place.Max
		return db.AuditRows(ctx, f)
	}, Filter{After: f.After})
}
