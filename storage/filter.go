package storage

import (
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// MaxRows is the most rows one page of a report holds.
const MaxRows = 200

// Filter says which records a report shows. Its zero value shows none.
type Filter struct {
	SiteID    string
	OwnerID   string // only sessions of this user's meetings
	WholeSite bool   // the sessions of everybody at the site, whatever OwnerID
	SessionID string // only this session; empty for all
	From, To  time.Time
	After     Cursor // continue after the page that gave it as Next
	Max       int    // rows on a page, 1 to MaxRows
}

// limit is Max within its bounds.
func (f Filter) limit() int { return min(max(f.Max, 1), MaxRows) }

// Page is one part of a report. Next is where the following one begins; it is
// the zero Cursor on the last page.
type Page[T any] struct {
	Items []T
	Next  Cursor
}

// page makes a page of rows, which may hold one row more than f asks for: the
// sign that there is another page.
func page[T any](f Filter, rows []T, at func(T) Cursor) Page[T] {
	if len(rows) <= f.limit() {
		return Page[T]{Items: rows}
	}
	rows = rows[:f.limit()]
	return Page[T]{Items: rows, Next: at(rows[len(rows)-1])}
}

// Cursor is a place in a report: the sort key of the last row shown.
type Cursor struct {
	at      int64
	session string
	seq     int64
}

// ErrCursor says that a text is no cursor.
var ErrCursor = errors.New("not a cursor")

// String returns c in the form that ParseCursor reads.
func (c Cursor) String() string { return fmt.Sprintf("%d.%s.%d", c.at, c.session, c.seq) }

// ParseCursor reads what String wrote.
func ParseCursor(text string) (Cursor, error) {
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return Cursor{}, ErrCursor
	}
	at, err := strconv.ParseInt(parts[0], 10, 64)
	if err != nil {
		return Cursor{}, ErrCursor
	}
	seq, err := strconv.ParseInt(parts[2], 10, 64)
	if err != nil {
		return Cursor{}, ErrCursor
	}
	return Cursor{at: at, session: parts[1], seq: seq}, nil
}

// where gathers the conditions of a report's query. The table of sessions is s
// in each of them.
type where struct {
	terms []string
	args  []any
}

func (w *where) and(term string, args ...any) {
	w.terms = append(w.terms, term)
	w.args = append(w.args, args...)
}

// scope keeps the rows that f's reader may see. The columns are those by which
// the report's own table is found fastest.
func (w *where) scope(f Filter, site, session string) {
	if f.SessionID != "" {
		w.and(session+" = ? AND s.site_id = ?", f.SessionID, f.SiteID)
	} else {
		w.and(site+" = ?", f.SiteID)
	}
	if !f.WholeSite {
		w.and("s.host_id = ? AND s.host_id <> ''", f.OwnerID)
	}
}

// period keeps the rows whose column is in f's span of time.
func (w *where) period(f Filter, column string) {
	if !f.From.IsZero() {
		w.and(column+" >= ?", f.From.UnixMilli())
	}
	if !f.To.IsZero() {
		w.and(column+" < ?", f.To.UnixMilli())
	}
}

// query returns the whole query: what to select, the conditions, the order, and
// a limit one above f's.
func (w *where) query(selection, order string) string {
	return selection + " WHERE " + strings.Join(w.terms, " AND ") + " " + order + " LIMIT ?"
}

// limited returns the arguments of the query.
func (w *where) limited(f Filter) []any { return append(w.args, f.limit()+1) }

// seconds is the length of ms milliseconds to the nearest second.
func seconds(ms int64) int64 { return (ms + 500) / 1000 }

// minutes is the length of ms milliseconds in minutes, by its seconds: a minute
// that has begun counts.
func minutes(ms int64) int64 { return (seconds(ms) + 59) / 60 }

// timeOrNil reads a time column that may be null.
func timeOrNil(ms sql.Null[int64]) *time.Time {
	if !ms.Valid {
		return nil
	}
	t := fromMillis(ms.V)
	return &t
}
