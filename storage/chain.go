package storage

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"hash"
	"io"
	"strconv"
	"strings"
)

// The kinds of rows that a site's chain holds.
const (
	usageLink    = "usage"
	attendeeLink = "attendee"
	eventLink    = "event"
	auditLink    = "audit"
	purgeLink    = "purge"
)

// linked says, for each kind, where its rows are and which of their columns the
// chain vouches for: all that say something, in this order for ever. Audit rows
// and purges are found by their site and number, the others by their session.
var linked = map[string]struct{ table, columns, key string }{ //nolint:gochecknoglobals // a table
	usageLink: {"edr_sessions", `id, site_id, site_url, meeting_id, meeting_number, meeting_title, service_type, host_id, host_email,
		host_name, e2ee, started_at, ended_at, duration_ms, end_reason, total_participants, peak_attendee, people_minutes, voip_minutes`, "id = ?"},
	attendeeLink: {"edr_attendees", `session_id, seq, site_id, host_id, participant_id, display_name, email, participant_type, joined_at,
		left_at, duration_ms, voice_ms, leave_reason, transport, client_agent, ip_address, disclaimer_hash, form_values`, "session_id = ? AND seq = ?"},
	eventLink: {"edr_events", `session_id, seq, site_id, host_id, kind, participant_id, at, detail`, "session_id = ? AND seq = ?"},
	auditLink: {"audit_events", `site_id, seq, at, actor_id, actor, ip, action, target, before, after`, "site_id = ? AND seq = ?"},
	purgeLink: {"edr_purges", `site_id, n, at, before, sessions, attendees, events`, "site_id = ? AND n = ?"},
}

// link is a row's place in its site's chain.
type link struct {
	n       int64
	kind    string
	session string // of the row; empty for audit rows and purges
	seq     int64
	at      int64 // milliseconds
	rowHash []byte
	hash    []byte
	purge   int64 // the purge that deleted the row; 0 for none
}

// key is what the link's row is found by.
func (l *link) key(site string) []any {
	switch l.kind {
	case usageLink:
		return []any{l.session}
	case attendeeLink, eventLink:
		return []any{l.session, l.seq}
	default:
		return []any{site, l.seq}
	}
}

// hashRow is what the chain keeps of a row: the SHA-256 of its columns, each
// written as its length in bytes, a colon, and its text; null as a minus sign.
func hashRow(columns []any) []byte {
	h := sha256.New()
	for _, column := range columns {
		switch v := column.(type) {
		case nil:
			_, _ = io.WriteString(h, "-")
		case int64:
			writeString(h, strconv.FormatInt(v, 10))
		case string:
			writeString(h, v)
		case []byte:
			writeString(h, string(v))
		default:
			panic(fmt.Sprintf("storage: a column of type %T", v)) // a programmer's mistake: tables are strict
		}
	}
	return h.Sum(nil)
}

func writeString(h hash.Hash, s string) {
	_, _ = io.WriteString(h, strconv.Itoa(len(s)))
	_, _ = io.WriteString(h, ":")
	_, _ = io.WriteString(h, s)
}

// chainStart is what the first link of a site's chain follows.
func chainStart(site string) []byte {
	sum := sha256.Sum256([]byte("conclave chain v1 " + site))
	return sum[:]
}

// hashLink is what stands for the whole chain up to a link.
func hashLink(previous []byte, kind string, rowHash []byte) []byte {
	h := sha256.New()
	_, _ = h.Write(previous)
	_, _ = io.WriteString(h, kind)
	_, _ = h.Write(rowHash)
	return h.Sum(nil)
}

// scanColumns reads a row of any columns.
func scanColumns(row *sql.Rows) ([]any, error) {
	names, err := row.Columns()
	if err != nil {
		return nil, err
	}
	columns, into := make([]any, len(names)), make([]any, len(names))
	for i := range columns {
		into[i] = &columns[i]
	}
	return columns, row.Scan(into...)
}

// oneRow returns the columns of the only row of query, or ErrNotFound.
func oneRow(ctx context.Context, on querier, query string, args ...any) (columns []any, err error) {
	rows, err := on.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	if rows.Next() {
		if columns, err = scanColumns(rows); err != nil {
			return nil, err
		}
	} else if rows.Err() == nil {
		return nil, ErrNotFound
	}
	return columns, errors.Join(rows.Err(), rows.Close())
}

// ledger adds to the chains of sites in one transaction. Links are written when
// the transaction is about to end, many in one statement.
type ledger struct{ chains map[string]*chain }

// chain is the end of a site's chain.
type chain struct {
	site    string
	n       int64
	head    []byte
	pending []link
}

func newLedger() *ledger { return &ledger{make(map[string]*chain)} }

// of returns the end of site's chain.
func (l *ledger) of(ctx context.Context, tx executor, site string) (*chain, error) {
	if c := l.chains[site]; c != nil {
		return c, nil
	}
	c := &chain{site: site, head: chainStart(site)}
	_, err := list(ctx, tx, func(row scanner) (*chain, error) { return c, row.Scan(&c.n, &c.head) },
		`SELECT n, hash FROM chain_links WHERE site_id = ? ORDER BY n DESC LIMIT 1`, site)
	if err != nil {
		return nil, fmt.Errorf("read the end of the chain: %w", err)
	}
	l.chains[site] = c
	return c, nil
}

// next is the number that the next link has.
func (c *chain) next() int64 { return c.n + 1 }

// add links a row, which has the number next gave.
func (c *chain) add(kind, session string, seq int64, at int64, columns []any) {
	one := link{n: c.next(), kind: kind, session: session, seq: seq, at: at, rowHash: hashRow(columns)}
	one.hash = hashLink(c.head, kind, one.rowHash)
	c.n, c.head = one.n, one.hash
	c.pending = append(c.pending, one)
}

// linksAtOnce is how many links one statement writes.
const linksAtOnce = 64

// write puts the new links into tx.
func (l *ledger) write(ctx context.Context, tx executor) error {
	for _, c := range l.chains {
		for len(c.pending) > 0 {
			some := c.pending[:min(len(c.pending), linksAtOnce)]
			if err := insertLinks(ctx, tx, c.site, some); err != nil {
				return fmt.Errorf("write the chain: %w", err)
			}
			c.pending = c.pending[len(some):]
		}
	}
	return nil
}

func insertLinks(ctx context.Context, tx executor, site string, links []link) error {
	args := make([]any, 0, 8*len(links))
	for _, one := range links {
		args = append(args, site, one.n, one.kind, one.session, one.seq, one.at, one.rowHash, one.hash)
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO chain_links (site_id, n, kind, session_id, seq, at, row_hash, hash)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`+strings.Repeat(", (?, ?, ?, ?, ?, ?, ?, ?)", len(links)-1), args...)
	return err
}

// linkOld begins the chain of every site that has none with the rows from before
// there were chains. A site that has a chain gets nothing: a row that is not in
// it was put there by somebody else.
func (db *DB) linkOld(ctx context.Context) error {
	sites, err := list(ctx, db.write, func(row scanner) (site string, err error) { return site, row.Scan(&site) }, `
		SELECT id FROM (SELECT id FROM sites UNION SELECT DISTINCT site_id FROM edr_sessions)
		WHERE NOT EXISTS (SELECT 1 FROM chain_links WHERE site_id = id)`)
	if err != nil {
		return fmt.Errorf("list sites without a chain: %w", err)
	}
	for _, site := range sites {
		err := db.update(ctx, func(tx *sql.Tx) error { return linkSite(ctx, tx, site) })
		if err != nil {
			return fmt.Errorf("link the records of site %s: %w", site, err)
		}
	}
	return nil
}

func linkSite(ctx context.Context, tx *sql.Tx, site string) error {
	old, err := list(ctx, tx, func(row scanner) (l link, err error) {
		return l, row.Scan(&l.kind, &l.session, &l.seq, &l.at)
	}, `
		SELECT 'event', session_id, seq, at FROM edr_events WHERE site_id = ?1 AND link = 0
		UNION ALL SELECT 'attendee', session_id, seq, joined_at FROM edr_attendees WHERE site_id = ?1 AND link = 0
		UNION ALL SELECT 'usage', id, 0, started_at FROM edr_sessions WHERE site_id = ?1 AND link = 0
		UNION ALL SELECT 'audit', '', seq, at FROM audit_events WHERE site_id = ?1 AND link = 0
		ORDER BY 4, 2, 3`, site)
	if err != nil {
		return err
	}
	all := newLedger()
	c, err := all.of(ctx, tx, site)
	if err != nil {
		return err
	}
	for _, row := range old {
		of := linked[row.kind]
		columns, err := oneRow(ctx, tx, `SELECT `+of.columns+` FROM `+of.table+` WHERE `+of.key, row.key(site)...)
		if err != nil {
			return err
		}
		args := append([]any{c.next()}, row.key(site)...)
		if _, err := tx.ExecContext(ctx, `UPDATE `+of.table+` SET link = ? WHERE `+of.key, args...); err != nil { //nolint:gosec // our own names
			return err
		}
		c.add(row.kind, row.session, row.seq, row.at, columns)
	}
	return all.write(ctx, tx)
}
