package storage

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
)

// attendeeTable and eventTable are asked for by name in tests only.
var (
	reported = map[string]table{"attendees": attendeeTable, "events": eventTable}
	scans    = regexp.MustCompile(`^SCAN `)
)

// filters are all that a reader may combine, first page and later ones.
func filters(site string) (all []Filter) {
	for combination := range 1 << 7 {
		has := func(bit int) bool { return combination>>bit&1 == 1 }
		f := Filter{SiteID: site, OwnerID: "ada", WholeSite: has(0), Max: MaxRows}
		if has(1) {
			f.SessionID = "s1"
		}
		if has(2) {
			f.MeetingNumber = "23456789012"
		}
		if has(3) {
			f.HostEmail = "ada@example.org"
		}
		if has(4) {
			f.Title = "week"
		}
		if has(5) {
			f.From, f.To = epoch, epoch.Add(time.Hour)
		}
		if has(6) {
			f.After = Cursor{epoch.UnixMilli(), "s1", 3}
		}
		all = append(all, f)
	}
	return all
}

// plan returns what SQLite says it will do.
func plan(tb testing.TB, db *DB, q query) (steps []string) {
	tb.Helper()
	steps, err := list(tb.Context(), db.read, func(row scanner) (string, error) {
		var id, parent, unused int
		var step string
		err := row.Scan(&id, &parent, &unused, &step)
		return step, err
	}, "EXPLAIN QUERY PLAN "+q.text, q.args...)
	if err != nil {
		tb.Fatalf("%s: %v", q.text, err)
	}
	return steps
}

// walked fails where a query reads a whole table, or sorts.
func walked(t *testing.T, db *DB, name string, q query) {
	t.Helper()
	for _, step := range plan(t, db, q) {
		if scans.MatchString(step) || strings.Contains(step, "TEMP B-TREE") || !strings.Contains(step, "USING") {
			t.Errorf("%s: %q in\n%s", name, step, q.text)
		}
	}
}

// A page of a report costs what it shows, whatever is asked and in what order.
func TestReportsWalkAnIndex(t *testing.T) {
	db := open(t)
	site := theSite(t, db).ID
	asked := 0
	for _, f := range filters(site) {
		for _, sort := range []Sort{"", ByStart, ByStart.Desc(), ByDuration, ByDuration.Desc(), ByPeople, ByPeople.Desc()} {
			f.Sort = sort
			walked(t, db, fmt.Sprintf("usage %+v", f), f.sessions())
			walked(t, db, fmt.Sprintf("days %+v", f), f.days())
			asked++
		}
		for _, sort := range []Sort{"", ByStart, ByStart.Desc()} {
			f.Sort = sort
			for name, table := range reported {
				walked(t, db, fmt.Sprintf("%s %+v", name, f), f.rows(table))
				asked++
			}
		}
	}
	t.Logf("%d plans, none with a scan or a sort", asked)
	// The control: without its index the same question is a sort.
	q := Filter{SiteID: site, WholeSite: true, Sort: ByPeople}.sessions()
	q.text = strings.Replace(q.text, "edr_sessions_site_people", "edr_sessions_site", 1)
	if steps := plan(t, db, q); !strings.Contains(fmt.Sprint(steps), "TEMP B-TREE") {
		t.Errorf("the control does not sort: %q", steps)
	}
}

// fill makes that many stays at site: a hundred a session, of a hundred hosts.
// They are not linked, as if somebody had put them there.
func fill(tb testing.TB, db *DB, site string, stays int) {
	tb.Helper()
	for _, statement := range []string{
		`WITH RECURSIVE i(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM i WHERE n + 1 < ?2 / 100)
		INSERT INTO edr_sessions (id, site_id, site_url, meeting_id, meeting_number, meeting_title, title_folded, service_type,
			host_id, host_email, host_name, started_at, last_seen_at, ended_at, duration_ms, total_participants, peak_attendee, people_minutes)
		SELECT printf('s%08d', n), ?1, '', '', printf('%011d', n % 500), 'Weekly ' || n, 'weekly ' || n, '',
			'host-' || (n % 100), 'host-' || (n % 100) || '@example.org', 'Host', ?3 + n * 60000, 0, ?3 + n * 60000 + 1800000,
			600000 + n % 997 * 1000, 100, 90, 3000 FROM i`,
		`WITH RECURSIVE i(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM i WHERE n + 1 < ?2)
		INSERT INTO edr_attendees (session_id, seq, site_id, host_id, participant_id, display_name, email, participant_type,
			joined_at, left_at, duration_ms, client_agent, ip_address)
		SELECT printf('s%08d', n / 100), n % 100 + 2, ?1, 'host-' || (n / 100 % 100), 'p-' || n, 'Guest ' || n, '', 'attendee',
			?3 + n / 100 * 60000 + n % 100 * 1000, ?3 + n / 100 * 60000 + 1800000, 1800000, 'agent', '192.0.2.1' FROM i`,
	} {
		if _, err := db.exec(tb.Context(), statement, site, stays, epoch.UnixMilli()); err != nil {
			tb.Fatal(err)
		}
	}
}

// However many stays there are, the first page is one walk. With -tags million
// they are a million.
func TestTheFirstPageOfManyRows(t *testing.T) {
	db := open(t)
	site := theSite(t, db).ID
	fill(t, db, site, many)
	whole := Filter{SiteID: site, WholeSite: true, Max: 100}
	for _, tt := range []struct {
		name string
		with func(*Filter)
	}{
		{"the site's", func(*Filter) {}},
		{"the last of them", func(f *Filter) { f.Sort = ByStart.Desc() }},
		{"a host's own", func(f *Filter) { f.WholeSite, f.OwnerID = false, "host-99" }},
		{"nobody's", func(f *Filter) { f.WholeSite, f.OwnerID = false, "nobody" }},
		{"one session's", func(f *Filter) { f.SessionID = fmt.Sprintf("s%08d", many/100-1) }},
		{"a meeting's", func(f *Filter) { f.MeetingNumber = "00000000099" }},
		{"a host's by address", func(f *Filter) { f.HostEmail = "HOST-99@example.org" }},
		{"a title's", func(f *Filter) { f.Title = "WEEKLY 199" }},
		{"an hour's", func(f *Filter) { f.From, f.To = epoch.Add(time.Hour), epoch.Add(2*time.Hour) }},
	} {
		f := whole
		tt.with(&f)
		began := time.Now()
		rows, err := db.AttendeeRows(t.Context(), f)
		took := time.Since(began)
		if err != nil || len(rows.Items) == 0 != (tt.name == "nobody's") {
			t.Errorf("%s: %d rows, %v", tt.name, len(rows.Items), err)
		}
		t.Logf("%-20s first page of 100 in %8.2f ms, 1 query: %s", tt.name, float64(took.Microseconds())/1000, strings.Join(plan(t, db, f.rows(attendeeTable)), "; "))
	}
	for _, sort := range []Sort{ByStart.Desc(), ByDuration.Desc(), ByPeople.Desc()} {
		f := whole
		f.Sort = sort
		began := time.Now()
		if rows, err := db.UsageRows(t.Context(), f); err != nil || len(rows.Items) != 100 {
			t.Errorf("usage by %s: %d rows, %v", sort, len(rows.Items), err)
		}
		t.Logf("usage by %-11s first page of 100 in %8.2f ms, 1 query", sort, float64(time.Since(began).Microseconds())/1000)
	}
}

// Every filter, and what it must find.
func TestReportFilters(t *testing.T) {
	db := open(t)
	ada, bob := addUser(t, db, "ada@example.org"), addUser(t, db, "Bob@example.org")
	weekly, review := addMeeting(t, db, ada, "23456789012", epoch), addMeeting(t, db, bob, "23456789013", epoch)
	review.Title = "Übersicht 100% _ready_"
	insert(t, db, wholeSession("s1", weekly))
	insert(t, db, wholeSession("s2", review))
	insert(t, db, wholeSession("s3", review)[:2]) // one person, still running
	for _, tt := range []struct {
		name string
		with func(*Filter)
		want string
	}{
		{"nothing", func(*Filter) {}, "s3 s2 s1"},
		{"number", func(f *Filter) { f.MeetingNumber = "23456789013" }, "s3 s2"},
		{"address, in another case", func(f *Filter) { f.HostEmail = "bOB@example.org" }, "s3 s2"},
		{"address, of a host who asks for another's", func(f *Filter) { f.WholeSite, f.OwnerID, f.HostEmail = false, ada.ID, "bob@example.org" }, ""},
		{"title, in another case", func(f *Filter) { f.Title = "üBER" }, "s3 s2"},
		{"title, with what LIKE would take for more", func(f *Filter) { f.Title = "%_ready" }, ""},
		{"title, with a quote", func(f *Filter) { f.Title = `' OR 1=1 --` }, ""},
		{"number of another's", func(f *Filter) { f.WholeSite, f.OwnerID, f.MeetingNumber = false, ada.ID, "23456789013" }, ""},
		{"by duration", func(f *Filter) { f.Sort = ByDuration }, "s3 s1 s2"},
		{"by duration, falling", func(f *Filter) { f.Sort = ByDuration.Desc() }, "s2 s1 s3"},
		{"by people", func(f *Filter) { f.Sort = ByPeople }, "s3 s1 s2"},
		{"by start", func(f *Filter) { f.Sort = ByStart }, "s1 s2 s3"},
		{"by people, of one meeting", func(f *Filter) { f.Sort, f.MeetingNumber = ByPeople, "23456789013" }, "s3 s2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := ofSite(ada)
			tt.with(&f)
			for _, most := range []int{MaxRows, 1} { // all at once, and one by one
				f.Max = most
				if got := strings.Join(walk(t, f, db.UsageRows, func(r UsageRow) string { return r.SessionID }), " "); got != tt.want {
					t.Errorf("%d at once: %q, want %q", most, got, tt.want)
				}
				if f.Sort == ByDuration || f.Sort == ByPeople || f.Sort == ByDuration.Desc() {
					continue // stays have no such order
				}
				stays := len(walk(t, f, db.AttendeeRows, func(r AttendeeRow) string { return r.SessionID + r.ParticipantID }))
				if want := 3*strings.Count(tt.want, "s1") + 3*strings.Count(tt.want, "s2") + strings.Count(tt.want, "s3"); stays != want {
					t.Errorf("%d at once: %d stays, want %d", most, stays, want)
				}
				facts := len(walk(t, f, db.EventRows, func(r EventRow) string { return fmt.Sprint(r.SessionID, r.Seq) }))
				if want := 16*strings.Count(tt.want, "s1") + 16*strings.Count(tt.want, "s2") + 2*strings.Count(tt.want, "s3"); facts != want {
					t.Errorf("%d at once: %d facts, want %d", most, facts, want)
				}
			}
		})
	}
}
