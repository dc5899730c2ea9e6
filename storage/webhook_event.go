package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// How much is kept of a webhook. What is too much begins with the oldest: an event
// that waits becomes a dead letter, and a dead letter is deleted and counted.
const (
	MaxWaitingEvents = 1000
	MaxDeadEvents    = 1000
	MaxDeliveries    = 200
)

// OutcomeFull is the outcome of an event that was never tried: there was no more room
// among those that wait.
const OutcomeFull = "full"

// WebhookEvent is what a webhook is to be told.
type WebhookEvent struct {
	N         int64 // counts up over all
	ID        string
	WebhookID string
	SiteID    string
	MeetingID string
	Type      string
	At        time.Time // when it happened
	Payload   []byte    // JSON
	Tries     int       // that failed

	URL     string   // of the webhook, where the event is due
	Secrets []string // likewise

	Dead    time.Time // when it was given up; zero while it waits
	Outcome string    // of the last try
	Status  int       // of the last answer; 0 for none
}

// Delivery is what came of one try.
type Delivery struct {
	EventID string
	Type    string
	At      time.Time
	Try     int // 1, 2, 3 …
	Outcome string
	Status  int // of the answer; 0 for none
	Took    time.Duration
}

const eventColumns = `e.n, e.id, e.webhook_id, e.site_id, e.meeting_id, e.type, e.at, e.payload, e.tries`

func (e *WebhookEvent) into(at *int64) []any {
	return []any{&e.N, &e.ID, &e.WebhookID, &e.SiteID, &e.MeetingID, &e.Type, at, &e.Payload, &e.Tries}
}

// dueWebhookEvents goes from webhook to webhook and takes a few of each by an index,
// so that what waits behind them costs nothing.
const dueWebhookEvents = `
	SELECT ` + eventColumns + `, w.url, w.secret, w.old_secret, w.old_secret_until
	FROM webhooks w CROSS JOIN webhook_events e ON e.n IN (
		SELECT d.n FROM webhook_events d
		WHERE d.webhook_id = w.id AND d.leads = 1 AND d.due_at <= ? ORDER BY d.due_at, d.n LIMIT ?)
	WHERE w.enabled = 1 ORDER BY e.due_at, e.n LIMIT ?`

// DueWebhookEvents returns up to most events whose time has come, and up to
// perWebhook of one webhook. Of a meeting it is the first that waits, of each
// webhook: the others come after it.
func (db *DB) DueWebhookEvents(ctx context.Context, perWebhook, most int) ([]WebhookEvent, error) {
	events, err := list(ctx, db.read, func(row scanner) (e WebhookEvent, err error) {
		var at, until int64
		var secret, old string
		err = row.Scan(append(e.into(&at), &e.URL, &secret, &old, &until)...)
		e.At, e.Secrets = fromMillis(at), secrets(secret, old, until)
		return e, err
	}, dueWebhookEvents, now().UnixMilli(), perWebhook, most)
	if err != nil {
		return nil, fmt.Errorf("due webhook events: %w", err)
	}
	return events, nil
}

// SettleDelivered takes an event out of the queue that its receiver has.
func (db *DB) SettleDelivered(ctx context.Context, e WebhookEvent, d Delivery) error {
	return db.settle(ctx, e, d, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM webhook_events WHERE n = ?`, e.N)
		return err
	})
}

// SettleDelayed notes that a try failed, and when there is another. An event that
// had to make room during the try is a dead letter still, and has its outcome.
func (db *DB) SettleDelayed(ctx context.Context, e WebhookEvent, d Delivery, due time.Time) error {
	return db.settle(ctx, e, d, func(tx *sql.Tx) error { return delay(ctx, tx, e, d, due) })
}

func delay(ctx context.Context, tx *sql.Tx, e WebhookEvent, d Delivery, due time.Time) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE webhook_events SET tries = tries + 1, due_at = ?, outcome = ?, status = ? WHERE n = ?`,
		due.UnixMilli(), d.Outcome, d.Status, e.N)
	return err
}

// SettleDead gives an event up: it is a dead letter, and the next of its meeting
// goes ahead.
func (db *DB) SettleDead(ctx context.Context, e WebhookEvent, d Delivery) error {
	return db.settle(ctx, e, d, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			UPDATE webhook_events SET tries = tries + 1, dead_at = coalesce(dead_at, ?), outcome = ?, status = ? WHERE n = ?`,
			now().UnixMilli(), d.Outcome, d.Status, e.N)
		if err != nil {
			return err
		}
		return trimDead(ctx, tx, e.WebhookID)
	})
}

// SettleGone disables the webhook of an event, whose receiver wants no more. What
// waits stays, for when an administrator enables it again. Where the webhook has
// another address than e.URL by now, that one has said nothing: it is tried then.
func (db *DB) SettleGone(ctx context.Context, e WebhookEvent, d Delivery, due time.Time) error {
	return db.settle(ctx, e, d, func(tx *sql.Tx) error {
		var url string
		err := tx.QueryRowContext(ctx, `SELECT url FROM webhooks WHERE id = ?`, e.WebhookID).Scan(&url)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return nil
		case err != nil:
			return err
		case url != e.URL:
			return delay(ctx, tx, e, d, due)
		}
		result, err := tx.ExecContext(ctx, `
			UPDATE webhooks SET enabled = 0, gone = 1, version = version + 1 WHERE id = ? AND enabled = 1`, e.WebhookID)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return err // another event was told so before
		}
		_, err = tx.ExecContext(ctx, `UPDATE webhook_events SET outcome = ?, status = ? WHERE n = ?`, d.Outcome, d.Status, e.N)
		if err != nil {
			return err
		}
		return audit(ctx, tx, e.SiteID, Actor{Name: "server"}, Change{
			Action: "webhook.disable", Target: "webhook:" + e.WebhookID, After: map[string]int{"status": d.Status},
		})
	})
}

// LogDelivery notes a try that is of no event in the queue.
func (db *DB) LogDelivery(ctx context.Context, e WebhookEvent, d Delivery) error {
	return db.settle(ctx, e, d, func(*sql.Tx) error { return nil })
}

// settle notes what came of a try, and what follows from it. A webhook that was
// deleted meanwhile leaves nothing behind.
func (db *DB) settle(ctx context.Context, e WebhookEvent, d Delivery, then func(*sql.Tx) error) error {
	err := db.update(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO webhook_deliveries (webhook_id, site_id, event_id, type, at, try, outcome, status, took_ms)
			SELECT ?, ?, ?, ?, ?, ?, ?, ?, ? WHERE EXISTS (SELECT 1 FROM webhooks WHERE id = ?)`,
			e.WebhookID, e.SiteID, e.ID, e.Type, d.At.UnixMilli(), d.Try, d.Outcome, d.Status, d.Took.Milliseconds(), e.WebhookID)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			DELETE FROM webhook_deliveries WHERE webhook_id = ?1 AND n <= (
				SELECT n FROM webhook_deliveries WHERE webhook_id = ?1 ORDER BY n DESC LIMIT 1 OFFSET ?2)`, e.WebhookID, MaxDeliveries)
		if err != nil {
			return err
		}
		return then(tx)
	})
	if err != nil {
		return fmt.Errorf("settle webhook event: %w", err)
	}
	return nil
}

// trimEvents makes dead letters of the oldest that wait, where too many do. Those that
// were tried keep what came of it.
func trimEvents(ctx context.Context, tx executor, webhook string) error {
	result, err := tx.ExecContext(ctx, `
		UPDATE webhook_events SET dead_at = ?2, outcome = CASE WHEN tries = 0 THEN ?3 ELSE outcome END
		WHERE webhook_id = ?1 AND dead_at IS NULL AND n <= (
			SELECT n FROM webhook_events WHERE webhook_id = ?1 AND dead_at IS NULL ORDER BY n DESC LIMIT 1 OFFSET ?4)`,
		webhook, now().UnixMilli(), OutcomeFull, MaxWaitingEvents)
	if err != nil {
		return fmt.Errorf("trim webhook events: %w", err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return err
	}
	return trimDead(ctx, tx, webhook)
}

// trimDead deletes the oldest dead letters, where there are too many, and counts
// them.
func trimDead(ctx context.Context, tx executor, webhook string) error {
	result, err := tx.ExecContext(ctx, `
		DELETE FROM webhook_events WHERE webhook_id = ?1 AND dead_at IS NOT NULL AND n <= (
			SELECT n FROM webhook_events WHERE webhook_id = ?1 AND dead_at IS NOT NULL ORDER BY n DESC LIMIT 1 OFFSET ?2)`,
		webhook, MaxDeadEvents)
	if err != nil {
		return fmt.Errorf("trim dead letters: %w", err)
	}
	n, err := result.RowsAffected()
	if err != nil || n == 0 {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE webhooks SET dropped = dropped + ? WHERE id = ?`, n, webhook)
	return err
}

// WaitingWebhookEvents counts the events of all webhooks that did not go out yet,
// and the dead letters.
func (db *DB) WaitingWebhookEvents(ctx context.Context) (waiting, dead int, err error) {
	err = db.read.QueryRowContext(ctx, `
		SELECT count(*) FILTER (WHERE dead_at IS NULL), count(*) FILTER (WHERE dead_at IS NOT NULL) FROM webhook_events`).Scan(&waiting, &dead)
	if err != nil {
		return 0, 0, fmt.Errorf("count webhook events: %w", err)
	}
	return waiting, dead, nil
}

// TestEvent is the type of an event that tells of nothing.
const TestEvent = "webhooks.test"

// NewTestEvent returns an event for w that tells of nothing. It is in no queue.
func NewTestEvent(w Webhook) (WebhookEvent, error) {
	e := event{site: w.SiteID, key: newID(), kind: TestEvent, at: now()}
	payload, err := e.payload()
	return WebhookEvent{ID: e.id(), WebhookID: w.ID, SiteID: w.SiteID, Type: e.kind, At: e.at, Payload: payload}, err
}
