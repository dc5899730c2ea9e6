package storage

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/go-json-experiment/json"
)

// Webhook is an address that is told what happens at a site.
type Webhook struct {
	ID             string
	SiteID         string
	OwnerID        string // who made it; empty when they are no user any more
	URL            string
	Events         []string // of WebhookEvents
	Enabled        bool
	Gone           bool      // it answered 410, and was disabled for that
	OldSecretUntil time.Time // until when the secret before signs too; zero for no such secret
	Dropped        int64     // dead letters that had to make room for others
	Version        int64     // counts the edits
	Created        time.Time
	Waiting, Dead  int64 // events, when the row was read
}

// MaxWebhooks is how many a site may have.
const MaxWebhooks = 20

const selectWebhook = `
	SELECT w.id, w.site_id, COALESCE(w.owner_id, ''), w.url, w.events, w.enabled, w.gone, w.old_secret_until, w.dropped, w.version, w.created_at,
		(SELECT count(*) FROM webhook_events WHERE webhook_id = w.id AND dead_at IS NULL),
		(SELECT count(*) FROM webhook_events WHERE webhook_id = w.id AND dead_at IS NOT NULL)
	FROM webhooks w `

func scanWebhook(row scanner) (w Webhook, err error) {
	var events []byte
	var until, created int64
	err = row.Scan(&w.ID, &w.SiteID, &w.OwnerID, &w.URL, &events, &w.Enabled, &w.Gone, &until, &w.Dropped, &w.Version, &created,
		&w.Waiting, &w.Dead)
	if err != nil {
		return w, err
	}
	w.Created = fromMillis(created)
	if until > now().UnixMilli() {
		w.OldSecretUntil = fromMillis(until)
	}
	return w, json.Unmarshal(events, &w.Events)
}

// Webhooks returns the site's, the oldest first.
func (db *DB) Webhooks(ctx context.Context, siteID string) ([]Webhook, error) {
	all, err := list(ctx, db.read, scanWebhook, selectWebhook+`WHERE w.site_id = ? ORDER BY w.id`, siteID)
	if err != nil {
		return nil, fmt.Errorf("list webhooks: %w", err)
	}
	return all, nil
}

// WebhookByID returns the site's webhook with that id.
func (db *DB) WebhookByID(ctx context.Context, siteID, id string) (Webhook, error) {
	w, err := scanWebhook(db.read.QueryRowContext(ctx, selectWebhook+`WHERE w.id = ? AND w.site_id = ?`, id, siteID))
	if err != nil {
		return Webhook{}, fmt.Errorf("webhook by id: %w", orNotFound(err))
	}
	return w, nil
}

// WebhookSecrets returns what messages of the site's webhook with that id are
// signed with, the newest first.
func (db *DB) WebhookSecrets(ctx context.Context, siteID, id string) ([]string, error) {
	var secret, old string
	var until int64
	err := db.read.QueryRowContext(ctx,
		`SELECT secret, old_secret, old_secret_until FROM webhooks WHERE id = ? AND site_id = ?`, id, siteID).Scan(&secret, &old, &until)
	if err != nil {
		return nil, fmt.Errorf("webhook secrets: %w", orNotFound(err))
	}
	return secrets(secret, old, until), nil
}

// secrets are those that sign now.
func secrets(secret, old string, until int64) []string {
	if old == "" || until <= now().UnixMilli() {
		return []string{secret}
	}
	return []string{secret, old}
}

// InsertWebhook stores w, whose messages are signed with secret, and returns it as
// it is read back. ErrTooMany says that the site has MaxWebhooks.
func (db *DB) InsertWebhook(ctx context.Context, w Webhook, secret string, by Actor) (Webhook, error) {
	w.ID = newID()
	events, err := json.Marshal(w.Events)
	if err != nil {
		return Webhook{}, fmt.Errorf("encode events: %w", err)
	}
	err = db.update(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `
			INSERT INTO webhooks (id, site_id, owner_id, url, events, secret, enabled, created_at)
			SELECT ?1, ?2, NULLIF(?3, ''), ?4, ?5, ?6, ?7, ?8 WHERE (SELECT count(*) FROM webhooks WHERE site_id = ?2) < ?9`,
			w.ID, w.SiteID, w.OwnerID, w.URL, string(events), secret, w.Enabled, now().UnixMilli(), MaxWebhooks)
		if err := affected(result, err, ErrTooMany); err != nil {
			return err
		}
		if w, err = siteWebhook(ctx, tx, w.SiteID, w.ID); err != nil {
			return err
		}
		return auditWebhook(ctx, tx, by, "webhook.create", w, nil, showWebhook(w))
	})
	if err != nil {
		return Webhook{}, fmt.Errorf("insert webhook: %w", err)
	}
	return w, nil
}

// UpdateWebhook gives the webhook with w's id the address, the events and the state
// of w, and returns it as it is read back. ErrStale says that it has been edited
// since it was w.Version.
func (db *DB) UpdateWebhook(ctx context.Context, w Webhook, by Actor) (Webhook, error) {
	events, err := json.Marshal(w.Events)
	if err != nil {
		return Webhook{}, fmt.Errorf("encode events: %w", err)
	}
	err = db.update(ctx, func(tx *sql.Tx) error {
		before, err := siteWebhook(ctx, tx, w.SiteID, w.ID)
		if err != nil {
			return err
		}
		if before.Version != w.Version {
			return ErrStale
		}
		_, err = tx.ExecContext(ctx, `
			UPDATE webhooks SET url = ?, events = ?, enabled = ?, gone = gone AND NOT ?, version = version + 1 WHERE id = ?`,
			w.URL, string(events), w.Enabled, w.Enabled, w.ID)
		if err != nil {
			return err
		}
		if w, err = siteWebhook(ctx, tx, w.SiteID, w.ID); err != nil {
			return err
		}
		return auditWebhook(ctx, tx, by, "webhook.update", w, showWebhook(before), showWebhook(w))
	})
	if err != nil {
		return Webhook{}, fmt.Errorf("update webhook: %w", err)
	}
	return w, nil
}

// DeleteWebhook deletes the site's webhook with that id, and all that waits for it.
func (db *DB) DeleteWebhook(ctx context.Context, siteID, id string, by Actor) error {
	err := db.update(ctx, func(tx *sql.Tx) error {
		w, err := siteWebhook(ctx, tx, siteID, id)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM webhooks WHERE id = ?`, id); err != nil {
			return err
		}
		return auditWebhook(ctx, tx, by, "webhook.delete", w, showWebhook(w), nil)
	})
	if err != nil {
		return fmt.Errorf("delete webhook: %w", err)
	}
	return nil
}

// RotateWebhookSecret gives the site's webhook with that id another secret. The one
// before signs too until that time; an older one no more.
func (db *DB) RotateWebhookSecret(ctx context.Context, siteID, id, secret string, until time.Time, by Actor) (w Webhook, err error) {
	err = db.update(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			UPDATE webhooks SET old_secret = secret, old_secret_until = ?, secret = ?, version = version + 1
			WHERE id = ? AND site_id = ?`, until.UnixMilli(), secret, id, siteID)
		if err != nil {
			return err
		}
		if w, err = siteWebhook(ctx, tx, siteID, id); err != nil {
			return err
		}
		return auditWebhook(ctx, tx, by, "webhook.secret", w, nil, map[string]time.Time{"oldSecretUntil": fromMillis(until.UnixMilli())})
	})
	if err != nil {
		return Webhook{}, fmt.Errorf("rotate webhook secret: %w", err)
	}
	return w, nil
}

// siteWebhook reads a webhook in the transaction that changes it.
func siteWebhook(ctx context.Context, tx *sql.Tx, siteID, id string) (Webhook, error) {
	w, err := scanWebhook(tx.QueryRowContext(ctx, selectWebhook+`WHERE w.id = ? AND w.site_id = ?`, id, siteID))
	return w, orNotFound(err)
}

// webhookView is a webhook as the audit log shows it: without its secrets, and
// without the query of its address, which may hold one.
type webhookView struct {
	URL     string   `json:"url"`
	Events  []string `json:"events"`
	Enabled bool     `json:"enabled"`
}

func showWebhook(w Webhook) webhookView {
	view := webhookView{URL: w.URL, Events: slices.Clone(w.Events), Enabled: w.Enabled}
	if u, err := url.Parse(w.URL); err == nil && u.RawQuery != "" {
		view.URL = u.Scheme + "://" + u.Host + u.Path + "?…"
	}
	return view
}

func auditWebhook(ctx context.Context, tx *sql.Tx, by Actor, action string, w Webhook, before, after any) error {
	return audit(ctx, tx, w.SiteID, by, Change{Action: action, Target: "webhook:" + w.ID, Before: before, After: after})
}
