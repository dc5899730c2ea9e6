package storage

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Actor is who changes something, as the audit log names them.
type Actor struct {
	UserID string // empty for the operator and for who is not signed in
	Name   string // an e-mail address, or who it is in a word
	IP     string // empty for the operator
}

// Operator is who runs the server, at its command line.
var Operator = Actor{Name: "operator"} //nolint:gochecknoglobals // a value

// Change is what an actor did. Before and After are what the log shows of the
// target, as JSON; neither may hold a secret. Nil stands for nothing.
type Change struct {
	Action        string // like user.create
	Target        string // like user:<id>
	Before, After any
}

// rawJSON is a text that is JSON already.
func rawJSON(text []byte) jsontext.Value { return jsontext.Value(text) }

// audit notes a change in the transaction that makes it: there is none without
// a row of who did it.
func audit(ctx context.Context, tx *sql.Tx, siteID string, by Actor, c Change) error {
	all := newLedger()
	chain, err := all.of(ctx, tx, siteID)
	if err != nil {
		return fmt.Errorf("audit %s: %w", c.Action, err)
	}
	if err := auditOn(ctx, tx, chain, by, c); err != nil {
		return err
	}
	return all.write(ctx, tx)
}

// auditOn is audit where the chain of the site is at hand; its ledger is written
// by the caller.
func auditOn(ctx context.Context, tx executor, chain *chain, by Actor, c Change) error {
	before, err := json.Marshal(c.Before)
	if err != nil {
		return fmt.Errorf("audit %s: %w", c.Action, err)
	}
	after, err := json.Marshal(c.After)
	if err != nil {
		return fmt.Errorf("audit %s: %w", c.Action, err)
	}
	if err := insertAudit(ctx, tx, chain, by, c, string(before), string(after)); err != nil {
		return fmt.Errorf("audit %s: %w", c.Action, err)
	}
	return nil
}

// insertAudit keeps the row and links it.
func insertAudit(ctx context.Context, tx executor, chain *chain, by Actor, c Change, before, after string) error {
	last, err := list(ctx, tx, func(row scanner) (seq int64, err error) { return seq, row.Scan(&seq) },
		`SELECT COALESCE(MAX(seq), 0) FROM audit_events WHERE site_id = ?`, chain.site)
	if err != nil {
		return err
	}
	seq, at := last[0]+1, now().UnixMilli()
	columns := []any{chain.site, seq, at, by.UserID, by.Name, by.IP, c.Action, c.Target, before, after}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO audit_events (site_id, seq, at, actor_id, actor, ip, action, target, before, after, link)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, append(columns, chain.next())...)
	if err != nil {
		return err
	}
	chain.add(auditLink, "", seq, at, columns)
	return nil
}

// Audit notes what was done, or tried, outside the database.
func (db *DB) Audit(ctx context.Context, siteID string, by Actor, c Change) error {
	return db.update(ctx, func(tx *sql.Tx) error { return audit(ctx, tx, siteID, by, c) })
}
