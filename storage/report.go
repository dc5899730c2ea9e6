package storage

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// query is a report's question as SQLite is asked it. Each walks one index in
// the order it shows: which one is said in the query, so that a page costs what
// it shows and not what there is. report_test.go holds every one to that.
type query struct {
	text string
	args []any
}

// where gathers the conditions of a query.
type where struct {
	terms []string
	args  []any
}

func (w *where) and(term string, args ...any) {
	w.terms = append(w.terms, term)
	w.args = append(w.args, args...)
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

// scope keeps the rows of table that f's reader may see.
func (w *where) scope(f Filter, table string) {
	w.and(table+".site_id = ?", f.SiteID)
	if !f.WholeSite {
		w.and(table+".host_id = ? AND "+table+".host_id <> ''", f.OwnerID)
	}
}

// session keeps the sessions s that f names.
func (w *where) session(f Filter) {
	if f.SessionID != "" {
		w.and("s.id = ?", f.SessionID)
	}
	if f.MeetingNumber != "" {
		w.and("s.meeting_number = ?", f.MeetingNumber)
	}
	if f.HostEmail != "" {
		w.and("s.host_email = ? COLLATE NOCASE", f.HostEmail)
	}
	if f.Title != "" {
		w.and("instr(s.title_folded, ?) > 0", strings.ToLower(f.Title))
	}
}

// after keeps what comes behind f's cursor in the order of columns.
func (w *where) after(f Filter, falls bool, columns string, values ...any) {
	if f.After == (Cursor{}) {
		return
	}
	w.and("("+columns+") "+further(falls)+" (?"+strings.Repeat(", ?", len(values)-1)+")", values...)
}

func further(falls bool) string {
	if falls {
		return "<"
	}
	return ">"
}

// ordered ends a query: its conditions, its order and a limit one above f's.
func (w *where) ordered(f Filter, selection string, falls bool, columns ...string) query {
	direction := ""
	if falls {
		direction = " DESC"
	}
	text := selection + " WHERE " + strings.Join(w.terms, " AND ") +
		" ORDER BY " + strings.Join(columns, direction+", ") + direction + " LIMIT ?"
	return query{text, append(w.args, f.limit()+1)}
}

// sessions asks for sessions, the newest first unless f says otherwise.
func (f Filter) sessions() query {
	by, falls := f.Sort.by()
	if f.Sort == "" {
		by, falls = ByStart, true
	}
	key := map[Sort]string{ByStart: "s.started_at", ByDuration: "s.duration_ms", ByPeople: "s.total_participants"}[by]
	var w where
	w.scope(f, "s")
	w.session(f)
	w.period(f, "s.started_at")
	w.after(f, falls, key+", s.id", f.After.key, f.After.session)
	return w.ordered(f, `
		SELECT `+key+`, s.id, s.site_url, s.meeting_id, s.meeting_number, s.meeting_title, s.service_type,
			s.host_email, s.host_name, s.e2ee, s.started_at, s.ended_at, s.duration_ms,
			s.total_participants, s.peak_attendee, s.end_reason, s.people_minutes, s.voip_minutes
		FROM edr_sessions s `+f.sessionIndex(by), falls, key, "s.id")
}

// sessionIndex is the index that has the sessions f asks for in that order.
func (f Filter) sessionIndex(by Sort) string {
	suffix := map[Sort]string{ByDuration: "_duration", ByPeople: "_people"}[by]
	switch {
	case f.SessionID != "":
		return "" // by its id
	case f.MeetingNumber != "" && by == ByStart:
		return "INDEXED BY edr_sessions_number"
	case f.HostEmail != "" && by == ByStart:
		return "INDEXED BY edr_sessions_email"
	case !f.WholeSite:
		return "INDEXED BY edr_sessions_host" + suffix
	default:
		return "INDEXED BY edr_sessions_site" + suffix
	}
}

// table is one that has rows of sessions, with (session_id, seq) as its key.
type table struct {
	name       string
	columns    string // what the report shows, of t
	at         string // the column of when it happened
	site, host string // the indexes by that time, of the site's and of a host's
}

// rows asks for the rows of a table in the order they happened: of one session,
// of the sessions that f picks out one after the other, or of all together.
func (f Filter) rows(t table) query {
	_, falls := f.Sort.by()
	var w where
	at := "t." + t.at
	if f.SessionID != "" && f.MeetingNumber+f.HostEmail+f.Title == "" {
		w.period(f, "+"+at) // with a plus SQLite looks for no index by it
		w.scope(f, "+t")
		w.and("t.session_id = ?", f.SessionID)
		w.after(f, falls, "t.seq", f.After.seq)
		return w.ordered(f, "SELECT 0, t.session_id, t.seq, "+t.columns+" FROM "+t.name+" t", falls, "t.session_id", "t.seq")
	}
	w.period(f, at)
	if f.SessionID+f.MeetingNumber+f.HostEmail+f.Title == "" {
		index := t.site
		if !f.WholeSite {
			index = t.host
		}
		w.scope(f, "t")
		w.after(f, falls, at+", t.session_id, t.seq", f.After.key, f.After.session, f.After.seq)
		return w.ordered(f, "SELECT "+at+", t.session_id, t.seq, "+t.columns+" FROM "+t.name+" t INDEXED BY "+index, falls, at, "t.session_id", "t.seq")
	}
	w.scope(f, "s")
	w.session(f)
	if !f.To.IsZero() {
		w.and("s.started_at < ?", f.To.UnixMilli()) // nothing happens before its session starts
	}
	if f.After != (Cursor{}) {
		w.and("(s.started_at, s.id) "+further(falls)+"= (?, ?)", f.After.key, f.After.session)
	}
	w.after(f, falls, "s.started_at, s.id, t.seq", f.After.key, f.After.session, f.After.seq)
	return w.ordered(f, "SELECT s.started_at, s.id, t.seq, "+t.columns+" FROM edr_sessions s "+f.sessionIndex(ByStart)+
		" CROSS JOIN "+t.name+" t ON t.session_id = s.id", falls, "s.started_at", "s.id", "t.seq")
}

// Day is what was held on one day.
type Day struct {
	Date               string `json:"date"` // like 2027-05-04
	Meetings           int64  `json:"meetings"`
	TotalParticipants  int64  `json:"totalParticipants"`
	TotalPeopleMinutes int64  `json:"totalPeopleMinutes"`
}

// Days adds up the sessions f asks for by the day they started at that place,
// in order. A day without any is left out.
func (db *DB) Days(ctx context.Context, f Filter, place *time.Location) ([]Day, error) {
	rows, err := db.read.QueryContext(ctx, f.days().text, f.days().args...)
	if err != nil {
		return nil, fmt.Errorf("days: %w", err)
	}
	defer func() { _ = rows.Close() }()
	days := []Day{}
	for rows.Next() {
		var started, people, minutes int64
		if err := rows.Scan(&started, &people, &minutes); err != nil {
			return nil, fmt.Errorf("days: %w", err)
		}
		date := time.UnixMilli(started).In(place).Format(time.DateOnly)
		if len(days) == 0 || days[len(days)-1].Date != date {
			days = append(days, Day{Date: date})
		}
		day := &days[len(days)-1]
		day.Meetings++
		day.TotalParticipants += people
		day.TotalPeopleMinutes += minutes
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("days: %w", err)
	}
	return days, nil
}

// days asks for what sessions add up from.
func (f Filter) days() query {
	var w where
	w.scope(f, "s")
	w.session(f)
	w.period(f, "s.started_at")
	return query{`SELECT s.started_at, s.total_participants, s.people_minutes FROM edr_sessions s ` + f.sessionIndex(ByStart) +
		" WHERE " + strings.Join(w.terms, " AND ") + " ORDER BY s.started_at", w.args}
}
