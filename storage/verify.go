package storage

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Head is the end of a site's chain: what may be noted elsewhere, to compare
// with later.
type Head struct {
	Links int64
	Hash  []byte
}

// Fault is the first thing that is not as the chain has it.
type Fault struct {
	What string // changed, removed or added
	Kind string // of the row: usage, attendee, event, audit, purge, or link
	ID   string // of the row
	Time time.Time
	Link int64 // its place in the chain; 0 for a row that has none
}

// Verdict is what a comparison of a site's rows with its chain came to.
type Verdict struct {
	Head   Head
	Purged int64  // rows that are not there any more, as the chain says itself
	Fault  *Fault // nil: every row is as it was when it was finished
	// NotedAt is the link that had the noted hash; 0 when none had, or nothing
	// was noted.
	NotedAt int64
}

// Verify recomputes the chain of a site from its rows, as they are at one
// moment. Who can write to the file could also have written the whole chain
// anew: against that only a head helps that was noted elsewhere, where they
// could not write. Noted may be nil.
func (db *DB) Verify(ctx context.Context, siteID string, noted []byte) (Verdict, error) {
	tx, err := db.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return Verdict{}, fmt.Errorf("verify: %w", err)
	}
	defer func() { _ = tx.Rollback() }()
	v := &verifier{tx: tx, site: siteID, noted: noted, purged: make(map[int64]int64)}
	v.verdict.Head.Hash = chainStart(siteID)
	if v.verdict.Fault, err = v.walk(ctx); err == nil && v.verdict.Fault == nil {
		v.verdict.Fault, err = v.added(ctx)
	}
	if err != nil {
		return Verdict{}, fmt.Errorf("verify: %w", err)
	}
	return v.verdict, nil
}

// verifier walks one chain.
type verifier struct {
	tx      *sql.Tx
	site    string
	noted   []byte
	verdict Verdict
	purged  map[int64]int64 // rows that are gone, by the purge that is said to have deleted them
}

// linksRead is how many links are held at once.
const linksRead = 1000

// walk compares every link with its row and with the link before.
func (v *verifier) walk(ctx context.Context) (*Fault, error) {
	for {
		links, err := list(ctx, v.tx, scanChainLink, `
			SELECT n, kind, session_id, seq, at, row_hash, hash, COALESCE(purge, 0) FROM chain_links
			WHERE site_id = ? AND n > ? ORDER BY n LIMIT ?`, v.site, v.verdict.Head.Links, linksRead)
		if err != nil {
			return nil, err
		}
		for i := range links {
			if fault, err := v.compare(ctx, &links[i]); fault != nil || err != nil {
				return fault, err
			}
		}
		if len(links) < linksRead {
			return v.purgedAsSaid(ctx)
		}
	}
}

func scanChainLink(row scanner) (link, error) {
	var l link
	err := row.Scan(&l.n, &l.kind, &l.session, &l.seq, &l.at, &l.rowHash, &l.hash, &l.purge)
	return l, err
}

// compare takes the next link into the verdict, or says what is wrong with it.
func (v *verifier) compare(ctx context.Context, l *link) (*Fault, error) {
	fault := func(what string) *Fault {
		return &Fault{What: what, Kind: l.kind, ID: l.id(), Time: fromMillis(l.at), Link: l.n}
	}
	of, known := linked[l.kind]
	if l.n != v.verdict.Head.Links+1 || !known {
		return &Fault{What: "removed", Kind: "link", ID: fmt.Sprint(v.verdict.Head.Links + 1), Time: fromMillis(l.at), Link: v.verdict.Head.Links + 1}, nil
	}
	if l.purge == 0 {
		columns, err := oneRow(ctx, v.tx, `SELECT `+of.columns+` FROM `+of.table+` WHERE `+of.key, l.key(v.site)...)
		if errors.Is(err, ErrNotFound) {
			return fault("removed"), nil
		}
		if err != nil {
			return nil, err
		}
		if !bytes.Equal(hashRow(columns), l.rowHash) {
			return fault("changed"), nil
		}
	} else {
		v.purged[l.purge]++
		v.verdict.Purged++
	}
	if !bytes.Equal(hashLink(v.verdict.Head.Hash, l.kind, l.rowHash), l.hash) {
		return fault("changed"), nil
	}
	v.verdict.Head = Head{l.n, l.hash}
	if bytes.Equal(l.hash, v.noted) {
		v.verdict.NotedAt = l.n
	}
	return nil, nil //nolint:nilnil // nothing is wrong
}

// id is what a person finds the link's row by.
func (l *link) id() string {
	switch l.kind {
	case usageLink:
		return l.session
	case attendeeLink, eventLink:
		return fmt.Sprintf("%s/%d", l.session, l.seq)
	default:
		return fmt.Sprint(l.seq)
	}
}

// purgedAsSaid compares the rows that are gone with what the purges, which are
// in the chain themselves, say they deleted.
func (v *verifier) purgedAsSaid(ctx context.Context) (*Fault, error) {
	type purge struct{ n, at, rows int64 }
	purges, err := list(ctx, v.tx, func(row scanner) (p purge, err error) { return p, row.Scan(&p.n, &p.at, &p.rows) },
		`SELECT n, at, sessions + attendees + events FROM edr_purges WHERE site_id = ? AND done <> 0 ORDER BY n`, v.site)
	if err != nil {
		return nil, err
	}
	for _, p := range purges {
		if v.purged[p.n] > p.rows {
			return &Fault{What: "removed", Kind: purgeLink, ID: fmt.Sprintf("%d: %d rows are gone, it deleted %d", p.n, v.purged[p.n], p.rows), Time: fromMillis(p.at)}, nil
		}
		delete(v.purged, p.n)
	}
	for n, rows := range v.purged {
		return &Fault{What: "removed", Kind: purgeLink, ID: fmt.Sprintf("%d: %d rows are gone, and there is no such purge", n, rows)}, nil
	}
	return nil, nil //nolint:nilnil // nothing is wrong
}

// added finds a finished row that no link is for: the program links each when it
// finishes it.
func (v *verifier) added(ctx context.Context) (*Fault, error) {
	var f Fault
	var at int64
	err := v.tx.QueryRowContext(ctx, `
		SELECT 'usage', id, started_at FROM edr_sessions r
			WHERE site_id = ?1 AND ended_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM chain_links l
				WHERE l.site_id = ?1 AND l.n = r.link AND l.kind = 'usage' AND l.session_id = r.id)
		UNION ALL
		SELECT 'attendee', session_id || '/' || seq, joined_at FROM edr_attendees r
			WHERE site_id = ?1 AND left_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM chain_links l
				WHERE l.site_id = ?1 AND l.n = r.link AND l.kind = 'attendee' AND l.session_id = r.session_id AND l.seq = r.seq)
		UNION ALL
		SELECT 'event', session_id || '/' || seq, at FROM edr_events r
			WHERE site_id = ?1 AND NOT EXISTS (SELECT 1 FROM chain_links l
				WHERE l.site_id = ?1 AND l.n = r.link AND l.kind = 'event' AND l.session_id = r.session_id AND l.seq = r.seq)
		UNION ALL
		SELECT 'audit', CAST(seq AS TEXT), at FROM audit_events r
			WHERE site_id = ?1 AND NOT EXISTS (SELECT 1 FROM chain_links l
				WHERE l.site_id = ?1 AND l.n = r.link AND l.kind = 'audit' AND l.seq = r.seq)
		UNION ALL
		SELECT 'purge', CAST(n AS TEXT), at FROM edr_purges r
			WHERE site_id = ?1 AND NOT EXISTS (SELECT 1 FROM chain_links l
				WHERE l.site_id = ?1 AND l.n = r.link AND l.kind = 'purge' AND l.seq = r.n)
		ORDER BY 3 LIMIT 1`, v.site).Scan(&f.Kind, &f.ID, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // nothing is wrong
	}
	if err != nil {
		return nil, err
	}
	f.What, f.Time = "added", fromMillis(at)
	return &f, nil
}
