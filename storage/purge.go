package storage

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"
)

// Retention is who deletes records that are too old, as the audit log has it.
var Retention = Actor{Name: "retention"} //nolint:gochecknoglobals // a value

// Purged counts the rows that a purge deleted.
type Purged struct {
	Sessions  int64 `json:"sessions"`
	Attendees int64 `json:"attendees"`
	Events    int64 `json:"events"`
}

func (p Purged) rows() int64 { return p.Sessions + p.Attendees + p.Events }

// How much one transaction of a purge deletes, so that the records of what
// happens meanwhile wait for a moment only.
const (
	purgeSessions = 50
	purgeRows     = 2000
)

// Purge deletes the records of the site's sessions that ended before that time,
// a part at a time, and notes in the audit log how many those were. The chain
// keeps their hashes, and what each part deleted. What webhooks are told of that time
// goes, too.
func (db *DB) Purge(ctx context.Context, siteID string, before time.Time) (total Purged, err error) {
	if err := db.purgeWebhooks(ctx, siteID, before); err != nil {
		return total, err
	}
	for {
		part, err := db.purgePart(ctx, siteID, before)
		if err != nil {
			return total, fmt.Errorf("purge: %w", err)
		}
		if part.rows() == 0 {
			break
		}
		total.Sessions += part.Sessions
		total.Attendees += part.Attendees
		total.Events += part.Events
	}
	if total.rows() == 0 {
		return total, nil
	}
	err = db.Audit(ctx, siteID, Retention, Change{Action: "records.purge", Target: "site:" + siteID, After: struct {
		EndedBefore time.Time `json:"endedBefore"`
		Purged
	}{before, total}})
	return total, err
}

// purgePart is one part of Purge. Nothing deleted means that nothing is left.
func (db *DB) purgePart(ctx context.Context, siteID string, before time.Time) (done Purged, err error) {
	err = db.update(ctx, func(tx *sql.Tx) error {
		sessions, err := list(ctx, tx, func(row scanner) (id string, err error) { return id, row.Scan(&id) }, `
			SELECT id FROM edr_sessions INDEXED BY edr_sessions_ended
			WHERE site_id = ? AND ended_at < ? ORDER BY ended_at, id LIMIT ?`, siteID, before.UnixMilli(), purgeSessions)
		if err != nil || len(sessions) == 0 {
			return err
		}
		p := &purge{tx: tx, site: siteID, before: before.UnixMilli()}
		if err := p.open(ctx); err != nil {
			return err
		}
		for _, id := range sessions {
			if err := p.session(ctx, id); err != nil {
				return err
			}
			if p.done.rows() >= purgeRows {
				break
			}
		}
		done = p.done
		return p.close(ctx)
	})
	return done, err
}

// purge is one row of edr_purges while it is open.
type purge struct {
	tx     *sql.Tx
	site   string
	before int64
	n, at  int64
	done   Purged
}

func (p *purge) open(ctx context.Context) error {
	p.at = now().UnixMilli()
	return p.tx.QueryRowContext(ctx, `
		INSERT INTO edr_purges (site_id, n, at, before)
		SELECT ?1, COALESCE(MAX(n), 0) + 1, ?2, ?3 FROM edr_purges WHERE site_id = ?1 RETURNING n`,
		p.site, p.at, p.before).Scan(&p.n)
}

// session deletes the rows of a session, itself only when nothing of it is left.
func (p *purge) session(ctx context.Context, id string) error {
	for _, of := range []struct {
		table string
		count *int64
	}{{"edr_events", &p.done.Events}, {"edr_attendees", &p.done.Attendees}} {
		room := purgeRows - p.done.rows()
		if room <= 0 {
			return nil
		}
		n, err := p.remove(ctx, `DELETE FROM `+of.table+` WHERE session_id = ?1 AND seq IN
			(SELECT seq FROM `+of.table+` WHERE session_id = ?1 ORDER BY seq LIMIT ?2) RETURNING COALESCE(link, 0)`, id, room)
		*of.count += n
		if err != nil || n == room {
			return err
		}
	}
	n, err := p.remove(ctx, `DELETE FROM edr_sessions WHERE id = ? RETURNING COALESCE(link, 0)`, id)
	p.done.Sessions += n
	return err
}

// remove runs a statement that deletes rows and returns their links, and takes
// out of those what led to the rows.
func (p *purge) remove(ctx context.Context, statement string, args ...any) (int64, error) {
	links, err := list(ctx, p.tx, func(row scanner) (n int64, err error) { return n, row.Scan(&n) }, statement, args...)
	if err != nil {
		return 0, err
	}
	count := int64(len(links))
	for len(links) > 0 {
		some := links[:min(len(links), linksAtOnce)]
		links = links[len(some):]
		args := []any{p.n, p.site}
		for _, n := range some {
			args = append(args, n)
		}
		//nolint:gosec // question marks
		_, err := p.tx.ExecContext(ctx, `UPDATE chain_links SET session_id = '', seq = 0, purge = ?
			WHERE site_id = ? AND n IN (?`+strings.Repeat(", ?", len(some)-1)+`)`, args...)
		if err != nil {
			return 0, err
		}
	}
	return count, nil
}

// close says what was deleted, and links that.
func (p *purge) close(ctx context.Context) error {
	all := newLedger()
	chain, err := all.of(ctx, p.tx, p.site)
	if err != nil {
		return err
	}
	_, err = p.tx.ExecContext(ctx, `
		UPDATE edr_purges SET sessions = ?, attendees = ?, events = ?, done = 1, link = ? WHERE site_id = ? AND n = ?`,
		p.done.Sessions, p.done.Attendees, p.done.Events, chain.next(), p.site, p.n)
	if err != nil {
		return err
	}
	chain.add(purgeLink, "", p.n, p.at, []any{p.site, p.n, p.at, p.before, p.done.Sessions, p.done.Attendees, p.done.Events})
	return all.write(ctx, p.tx)
}
