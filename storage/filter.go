package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// The most rows that one page of a report holds, and one part of a download.
const (
	MaxRows      = 200
	DownloadRows = 1000
)

// Sort is the order of a report. Nothing is the order it has by itself.
type Sort string

// The orders, each from the least or, with a minus sign, from the most. Stays
// and facts have only those by time.
const (
	ByStart    Sort = "start"
	ByDuration Sort = "duration"
	ByPeople   Sort = "people"
)

// Desc is the other way round.
func (s Sort) Desc() Sort { return "-" + s }

// by splits s into what it is by and whether it falls.
func (s Sort) by() (by Sort, falls bool) {
	rest, falls := strings.CutPrefix(string(s), "-")
	return Sort(rest), falls
}

// Filter says which records a report shows. Its zero value shows none.
type Filter struct {
	SiteID    string
	OwnerID   string // only sessions of this user's meetings
	WholeSite bool   // the sessions of everybody at the site, whatever OwnerID
	From, To  time.Time

	// Of the session; each empty for any.
	SessionID     string
	MeetingNumber string
	HostEmail     string
	Title         string // a part of it, in whatever case

	Sort  Sort
	After Cursor // continue after the page that gave it as Next
	Max   int    // rows on a page, 1 to DownloadRows
}

// limit is Max within its bounds.
func (f Filter) limit() int { return min(max(f.Max, 1), DownloadRows) }

// Page is one part of a report. Next is where the following one begins; it is
// the zero Cursor on the last page.
type Page[T any] struct {
	Items []T
	Next  Cursor
}

// Parts gives all of a report, a part each time and nothing at the end. Between
// the parts no query is open.
func Parts[T any](read func(context.Context, Filter) (Page[T], error), f Filter) func(context.Context) ([]T, error) {
	f.Max = DownloadRows
	done := false
	return func(ctx context.Context) ([]T, error) {
		if done {
			return nil, nil
		}
		p, err := read(ctx, f)
		f.After, done = p.Next, p.Next == (Cursor{})
		return p.Items, err
	}
}

// keyed is a row with its place in the report.
type keyed[T any] struct {
	row T
	at  Cursor
}

// scanKeyed makes a scan of rows that find out their place themselves.
func scanKeyed[T any](scan func(scanner, *Cursor) (T, error)) func(scanner) (keyed[T], error) {
	return func(row scanner) (k keyed[T], err error) {
		k.row, err = scan(row, &k.at)
		return k, err
	}
}

// page makes a page of rows, which may hold one row more than f asks for: the
// sign that there is another page.
func page[T any](f Filter, rows []keyed[T]) (p Page[T]) {
	if limit := f.limit(); len(rows) > limit {
		rows = rows[:limit]
		p.Next = rows[limit-1].at
	}
	p.Items = make([]T, len(rows))
	for i, one := range rows {
		p.Items[i] = one.row
	}
	return p
}

// Cursor is a place in a report: the sort key of the last row shown.
type Cursor struct {
	key     int64
	session string
	seq     int64
}

// ErrCursor says that a text is no cursor.
var ErrCursor = errors.New("not a cursor")

// String returns c in the form that ParseCursor reads.
func (c Cursor) String() string { return fmt.Sprintf("%d.%s.%d", c.key, c.session, c.seq) }

// ParseCursor reads what String wrote.
func ParseCursor(text string) (Cursor, error) {
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return Cursor{}, ErrCursor
	}
	key, err := strconv.ParseInt(parts[0], 10, 64)
	if err != nil {
		return Cursor{}, ErrCursor
	}
	seq, err := strconv.ParseInt(parts[2], 10, 64)
	if err != nil {
		return Cursor{}, ErrCursor
	}
	return Cursor{key: key, session: parts[1], seq: seq}, nil
}

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
