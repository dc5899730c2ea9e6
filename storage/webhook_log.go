package storage

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Deliveries returns what came of the newest tries of the site's webhook, the
// newest first.
func (db *DB) Deliveries(ctx context.Context, siteID, webhookID string) ([]Delivery, error) {
	all, err := list(ctx, db.read, func(row scanner) (d Delivery, err error) {
		var at, took int64
		err = row.Scan(&d.EventID, &d.Type, &at, &d.Try, &d.Outcome, &d.Status, &took)
		d.At, d.Took = fromMillis(at), time.Duration(took)*time.Millisecond
		return d, err
	}, `SELECT event_id, type, at, try, outcome, status, took_ms FROM webhook_deliveries
		WHERE webhook_id = ? AND site_id = ? ORDER BY n DESC`, webhookID, siteID)
	if err != nil {
		return nil, fmt.Errorf("list deliveries: %w", err)
	}
	return all, nil
}

// DeadLetters returns up to most events of the site's webhook that were given up,
// the oldest first.
func (db *DB) DeadLetters(ctx context.Context, siteID, webhookID string, most int) ([]WebhookEvent, error) {
	all, err := list(ctx, db.read, func(row scanner) (e WebhookEvent, err error) {
		var at, dead int64
		err = row.Scan(append(e.into(&at), &dead, &e.Outcome, &e.Status)...)
		e.At, e.Dead = fromMillis(at), fromMillis(dead)
		return e, err
	}, `SELECT `+eventColumns+`, e.dead_at, e.outcome, e.status FROM webhook_events e
		WHERE e.webhook_id = ? AND e.site_id = ? AND e.dead_at IS NOT NULL ORDER BY e.n LIMIT ?`, webhookID, siteID, most)
	if err != nil {
		return nil, fmt.Errorf("list dead letters: %w", err)
	}
	return all, nil
}

// RetryDeadLetters puts dead letters of the site's webhook back into the queue, one
// by the event's id or, where that is empty, the oldest, as many as there is room for
// among MaxWaitingEvents, and returns how many it were: 0 where there is none. They go
// before what waits of their meetings.
func (db *DB) RetryDeadLetters(ctx context.Context, siteID, webhookID, event string, by Actor) (int64, error) {
	return db.changeDead(ctx, siteID, webhookID, by, "webhook.retry", event, func(tx *sql.Tx) (sql.Result, error) {
		var room int
		err := tx.QueryRowContext(ctx, `
			SELECT ?1 - count(*) FROM webhook_events WHERE webhook_id = ?2 AND dead_at IS NULL`, MaxWaitingEvents, webhookID).Scan(&room)
		if err != nil {
			return nil, err
		}
		return tx.ExecContext(ctx, `
			UPDATE webhook_events SET dead_at = NULL, tries = 0, due_at = ?1 WHERE n IN (
				SELECT n FROM webhook_events WHERE webhook_id = ?2 AND dead_at IS NOT NULL AND ?3 IN ('', id) ORDER BY n LIMIT ?4)`,
			now().UnixMilli(), webhookID, event, max(room, 0))
	})
}

// DiscardDeadLetters deletes dead letters of the site's webhook, one by the event's
// id or, where that is empty, all, and returns how many it were.
func (db *DB) DiscardDeadLetters(ctx context.Context, siteID, webhookID, event string, by Actor) (int64, error) {
	return db.changeDead(ctx, siteID, webhookID, by, "webhook.discard", event, func(tx *sql.Tx) (sql.Result, error) {
		return tx.ExecContext(ctx, `DELETE FROM webhook_events WHERE webhook_id = ? AND dead_at IS NOT NULL AND ? IN ('', id)`, webhookID, event)
	})
}

// changeDead does something to dead letters, and notes who did. ErrNotFound says
// that there is no such webhook, or no dead letter of that id.
func (db *DB) changeDead(
	ctx context.Context, siteID, webhookID string, by Actor, action, event string, do func(*sql.Tx) (sql.Result, error),
) (n int64, err error) {
	err = db.update(ctx, func(tx *sql.Tx) error {
		w, err := siteWebhook(ctx, tx, siteID, webhookID)
		if err != nil {
			return err
		}
		var is bool
		err = tx.QueryRowContext(ctx, `
			SELECT EXISTS (SELECT 1 FROM webhook_events WHERE webhook_id = ? AND id = ? AND dead_at IS NOT NULL)`, webhookID, event).Scan(&is)
		if err != nil {
			return err
		}
		if !is && event != "" {
			return ErrNotFound
		}
		result, err := do(tx)
		if err != nil {
			return err
		}
		if n, err = result.RowsAffected(); err != nil {
			return err
		}
		if n == 0 {
			return nil
		}
		return auditWebhook(ctx, tx, by, action, w, nil, map[string]int64{"events": n})
	})
	if err != nil {
		return 0, fmt.Errorf("%s: %w", action, err)
	}
	return n, nil
}

// purgeWebhooks deletes what webhooks were told, or are to be told, of what
// happened before that time.
func (db *DB) purgeWebhooks(ctx context.Context, siteID string, before time.Time) error {
	return db.update(ctx, func(tx *sql.Tx) error {
		for _, statement := range []string{
			`DELETE FROM webhook_events WHERE site_id = ? AND at < ?`, `DELETE FROM webhook_deliveries WHERE site_id = ? AND at < ?`,
		} {
			if _, err := tx.ExecContext(ctx, statement, siteID, before.UnixMilli()); err != nil {
				return fmt.Errorf("purge webhooks: %w", err)
			}
		}
		return nil
	})
}
