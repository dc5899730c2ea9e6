package invite

import (
	"regexp"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"
	"github.com/teambition/rrule-go"

	"github.com/conclave-meet/conclave/server/recurrence"
)

func meeting(t *testing.T, zone, rule string) Meeting {
	t.Helper()
	z, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	starts, fault := recurrence.Occurrences(rule, time.Date(2027, 3, 22, 8, 0, 0, 0, time.UTC), z)
	if fault != "" {
		t.Fatal(fault)
	}
	return Meeting{
		UID: "0198c2f0-0000-7000-8000-000000000000", Sequence: 3, Stamp: time.Date(2027, 1, 2, 3, 4, 5, 0, time.UTC),
		Title: "Weekly", Agenda: "One\nTwo; three, four", Starts: starts, Length: time.Hour, Zone: z, Rule: rule,
		Number: "23456789012", Password: "open sesame", JoinURL: "https://meet.example.org/join?number=23456789012",
		HostURL: "https://meet.example.org/meetings", HostName: "Ada", Host: "ada@example.org",
	}
}

// contentLine is RFC 5545, 3.1, with the line put together again: a name,
// parameters with values of SAFE-CHAR or in quotes, and a value.
var contentLine = regexp.MustCompile(`^[A-Z][A-Z-]*(;[A-Z-]+=("[^"\x00-\x1f\x7f]*"|[^";:,\x00-\x1f\x7f]*)(,("[^"\x00-\x1f\x7f]*"|[^";:,\x00-\x1f\x7f]*))*)*:[^\x00-\x08\x0a-\x1f\x7f]*$`)

// strict reads a calendar as the RFC has it, and fails where it is not so.
func strict(t *testing.T, calendar string) (lines []string) {
	t.Helper()
	if !utf8.ValidString(calendar) || !strings.HasSuffix(calendar, "\r\n") {
		t.Errorf("no UTF-8, or no end of the last line: %q", calendar)
	}
	for raw := range strings.SplitSeq(strings.TrimSuffix(calendar, "\r\n"), "\r\n") {
		if len(raw) > 75 || strings.ContainsAny(raw, "\r\n") {
			t.Errorf("a line of %d octets, or a bare CR or LF: %q", len(raw), raw)
		}
		if !utf8.ValidString(raw) {
			t.Errorf("a character is torn: %q", raw)
		}
		if rest, folded := strings.CutPrefix(raw, " "); folded && len(lines) > 0 {
			lines[len(lines)-1] += rest
		} else {
			lines = append(lines, raw)
		}
	}
	var open []string
	seen := make(map[string]int)
	for _, line := range lines {
		if !contentLine.MatchString(line) {
			t.Errorf("not a content line: %q", line)
		}
		name, value, _ := strings.Cut(line, ":")
		name, _, _ = strings.Cut(name, ";")
		switch name {
		case "BEGIN":
			open = append(open, value)
		case "END":
			if len(open) == 0 || open[len(open)-1] != value {
				t.Fatalf("END:%s closes %v", value, open)
			}
			open = open[:len(open)-1]
		default:
			seen[open[len(open)-1]+"."+name]++
		}
	}
	if len(open) != 0 {
		t.Errorf("left open: %v", open)
	}
	for _, once := range []string{
		"VCALENDAR.VERSION", "VCALENDAR.PRODID", "VCALENDAR.METHOD", "VEVENT.UID", "VEVENT.DTSTAMP", "VEVENT.DTSTART",
		"VEVENT.DTEND", "VEVENT.SEQUENCE", "VEVENT.ORGANIZER", "VEVENT.SUMMARY", "VEVENT.STATUS",
	} {
		if seen[once] != 1 {
			t.Errorf("%s is there %d times", once, seen[once])
		}
	}
	return lines
}

// property returns the first line that begins so.
func property(lines []string, prefix string) string {
	for _, line := range lines {
		if strings.HasPrefix(line, prefix) {
			return line
		}
	}
	return ""
}

func TestACalendarSaysWhatTheMeetingIs(t *testing.T) {
	m := meeting(t, "Europe/Berlin", "FREQ=WEEKLY;BYDAY=MO;COUNT=3")
	got, err := m.To("guest@example.com", Invited, "en")
	if err != nil {
		t.Fatal(err)
	}
	lines := strict(t, got.Calendar)
	for _, want := range []string{
		"METHOD:REQUEST", "UID:" + m.UID, "DTSTAMP:20270102T030405Z", "SEQUENCE:3",
		"DTSTART;TZID=Europe/Berlin:20270322T090000", "DTEND;TZID=Europe/Berlin:20270322T100000",
		"RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=3", "SUMMARY:Weekly", "URL:https://meet.example.org/join?number=23456789012",
		`CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO,SCREEN,CHAT;LABEL="Weekly":https://meet.example.org/join?number=23456789012`,
		`ORGANIZER;CN="Ada":mailto:ada@example.org`, "STATUS:CONFIRMED",
		"ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:guest@example.com",
		"TZID:Europe/Berlin", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
	} {
		if property(lines, want) != want {
			t.Errorf("no line %s in\n%s", want, strings.Join(lines, "\n"))
		}
	}
	parsed, err := ics.ParseCalendar(strings.NewReader(got.Calendar))
	if err != nil || len(parsed.Events()) != 1 {
		t.Fatalf("golang-ical reads %v, %v", parsed, err)
	}
	event := parsed.Events()[0]
	start, err := event.GetStartAt()
	if err != nil || !start.Equal(m.Starts[0]) {
		t.Errorf("start = %v, %v", start, err)
	}
	if got := event.GetProperty(ics.ComponentPropertyDescription).Value; !strings.Contains(got, "Two") || !strings.Contains(got, "open sesame") {
		t.Errorf("description = %q", got)
	}
}

func TestACancellation(t *testing.T) {
	got, err := meeting(t, "UTC", "").To("guest@example.com", Cancelled, "en")
	if err != nil {
		t.Fatal(err)
	}
	lines := strict(t, got.Calendar)
	for _, want := range []string{"METHOD:CANCEL", "STATUS:CANCELLED", "SEQUENCE:3", "DTSTART:20270322T080000Z"} {
		if property(lines, want) != want {
			t.Errorf("no line %s", want)
		}
	}
	for _, absent := range []string{"CONFERENCE", "BEGIN:VTIMEZONE"} {
		if line := property(lines, absent); line != "" {
			t.Errorf("%s is there", line)
		}
	}
	if strings.Contains(got.Text+got.HTML+got.Calendar, "sesame") || !strings.HasPrefix(got.Subject, "Cancelled: ") {
		t.Errorf("the cancellation is %q, %s", got.Subject, got.Text)
	}
}

// Only the host's copy has the host's address, and nobody's has another guest's.
func TestWhoIsToldWhat(t *testing.T) {
	m := meeting(t, "Europe/Berlin", "")
	guest, err := m.To("guest@example.com", Invited, "en")
	if err != nil {
		t.Fatal(err)
	}
	host, err := m.ToHost(Invited, "en")
	if err != nil {
		t.Fatal(err)
	}
	if host.Method != "PUBLISH" || strings.Contains(host.Calendar, "ATTENDEE") || property(strict(t, host.Calendar), "METHOD") != "METHOD:PUBLISH" {
		t.Errorf("the host's copy is %s", host.Calendar)
	}
	for name, part := range map[string]string{"text": guest.Text, "HTML": guest.HTML, "calendar": guest.Calendar} {
		if strings.Contains(part, "/meetings") {
			t.Errorf("the guest's %s has the host's address: %s", name, part)
		}
	}
	for name, part := range map[string]string{"text": host.Text, "HTML": host.HTML} {
		if !strings.Contains(part, m.HostURL) {
			t.Errorf("the host's %s has no address to start at", name)
		}
	}
	if !strings.Contains(guest.Text, "Meeting password: open sesame") || !strings.Contains(guest.Text, "2345 678 9012") ||
		!strings.Contains(guest.Text, "stronger way in") {
		t.Errorf("the guest is told: %s", guest.Text)
	}
	m.Password = ""
	without, err := m.To("guest@example.com", Updated, "en")
	if err != nil || strings.Contains(without.Text+without.HTML+without.Calendar, "sesame") || !strings.Contains(without.Text, "ask Ada") {
		t.Errorf("without a password: %s, %v", without.Text, err)
	}
	for _, part := range []string{guest.Text, guest.HTML, guest.Calendar, host.Text, host.HTML, host.Calendar} {
		if regexp.MustCompile(`/j/\d+|#[A-Za-z0-9_-]{43}`).MatchString(part) {
			t.Errorf("a link in %s", part)
		}
	}
}

func TestLanguages(t *testing.T) {
	m := meeting(t, "Europe/Berlin", "FREQ=WEEKLY;INTERVAL=2;COUNT=3")
	for language, want := range map[string][]string{
		"en":    {"Invitation: Weekly", "Monday, 22 March 2027, 09:00–10:00 (Europe/Berlin)", "Repeats every 2 weeks, 3 times. The last time is Monday, 19 April 2027."},
		"de":    {"Einladung: Weekly", "Montag, 22. März 2027, 09:00–10:00 (Europe/Berlin)", "alle 2 Wochen, 3 Mal. Das letzte Mal ist Montag, 19. April 2027."},
		"de-AT": {"Einladung: Weekly"},
		"xx":    {"Invitation: Weekly"},
		"":      {"Invitation: Weekly"},
	} {
		got, err := m.To("guest@example.com", Invited, language)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range want {
			if !strings.Contains(got.Subject+"\n"+got.Text, text) {
				t.Errorf("%s: no %q in %s\n%s", language, text, got.Subject, got.Text)
			}
		}
		for _, news := range []News{Invited, Updated, Cancelled} {
			if told, err := m.To("guest@example.com", news, language); err != nil || strings.Contains(told.Subject+told.Text, "%!") {
				t.Errorf("%s, %s: %s %s", language, news, told.Subject, told.Text)
			}
			if told, err := m.ToHost(news, language); err != nil || strings.Contains(told.Subject+told.Text, "%!") {
				t.Errorf("%s, %s: %s %s", language, news, told.Subject, told.Text)
			}
		}
	}
}

// Whatever a title or a name holds, the calendar has the lines it has without it.
func TestNothingIsInjected(t *testing.T) {
	plain := len(strict(t, calendarOf(t, meeting(t, "UTC", ""))))
	for _, evil := range []string{
		"A\r\nATTENDEE:mailto:evil@example.com", "A\nMETHOD:CANCEL", "A\rB", "A;B,C\\D:E\"F", `";X-A="b`, "A\x00B\x07",
		"A\u2028B\u0085C", "\u202eabc\u200b", strings.Repeat("é", 10_000), strings.Repeat("👩‍👩‍👧‍👦", 200), "<script>alert(1)</script>", "\xff\xfe",
	} {
		m := meeting(t, "UTC", "")
		m.Title, m.HostName, m.Agenda = evil, evil, evil
		calendar := calendarOf(t, m)
		if got := strict(t, calendar); len(got) != plain {
			t.Errorf("%.40q makes %d lines of %d", evil, len(got), plain)
		}
		if _, err := ics.ParseCalendar(strings.NewReader(calendar)); err != nil {
			t.Errorf("%.40q: golang-ical says %v", evil, err)
		}
		message, err := m.To("guest@example.com", Invited, "en")
		if err != nil || strings.Contains(message.HTML, "<script") {
			t.Errorf("%.40q: %v %s", evil, err, message.HTML)
		}
	}
}

func calendarOf(t *testing.T, m Meeting) string {
	t.Helper()
	got, err := m.To("guest@example.com", Invited, "en")
	if err != nil {
		t.Fatal(err)
	}
	return got.Calendar
}

// What a VTIMEZONE says of a moment is what the zone's own data say, whatever
// clocks are set when: the observance with the latest onset before it counts.
func TestZonesAreTold(t *testing.T) {
	for _, tt := range []struct {
		zone   string
		yearly bool
	}{
		{"Europe/Berlin", true},
		{"America/New_York", true},
		{"Australia/Sydney", true},
		{"Europe/Dublin", true},
		{"America/Santiago", false},
		{"Africa/Casablanca", false},
		{"Asia/Jerusalem", false},
		{"Asia/Kolkata", false},
		{"Asia/Tokyo", false},
		{"Etc/GMT+3", false},
		{"Asia/Kathmandu", false},
		{"Australia/Lord_Howe", true},
	} {
		t.Run(tt.zone, func(t *testing.T) {
			m := meeting(t, tt.zone, "FREQ=WEEKLY;COUNT=150")
			lines := strict(t, calendarOf(t, m))
			if yearly := strings.Contains(strings.Join(lines, "\n"), "RRULE:FREQ=YEARLY"); yearly != tt.yearly {
				t.Errorf("yearly rules: %v", yearly)
			}
			observances := readObservances(t, lines)
			last := m.Starts[len(m.Starts)-1]
			for at := m.Starts[0]; at.Before(last); at = at.Add(5 * time.Hour) {
				_, want := at.In(m.Zone).Zone()
				if got := offsetAt(observances, at); got != want {
					t.Fatalf("at %v the offset is told as %d, and is %d\n%s", at.UTC(), got, want, strings.Join(lines, "\n"))
				}
			}
		})
	}
}

type observance struct {
	onsets []time.Time
	to     int
}

func readObservances(t *testing.T, lines []string) (all []observance) {
	t.Helper()
	var start time.Time
	var from, to int
	var rule string
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ":")
		switch {
		case line == "BEGIN:STANDARD" || line == "BEGIN:DAYLIGHT":
			rule = ""
		case name == "DTSTART" && len(value) == 15:
			start, _ = time.Parse(localTime, value)
		case name == "TZOFFSETFROM":
			from = seconds(t, value)
		case name == "TZOFFSETTO":
			to = seconds(t, value)
		case name == "RRULE":
			rule = value
		case line == "END:STANDARD" || line == "END:DAYLIGHT":
			o := observance{[]time.Time{start.Add(-time.Duration(from) * time.Second)}, to}
			if rule != "" {
				option, err := rrule.StrToROption(rule + ";COUNT=8")
				if err != nil {
					t.Fatal(err)
				}
				option.Dtstart = start
				r, err := rrule.NewRRule(*option)
				if err != nil {
					t.Fatal(err)
				}
				o.onsets = nil
				for _, local := range r.All() {
					o.onsets = append(o.onsets, local.Add(-time.Duration(from)*time.Second))
				}
			}
			all = append(all, o)
		case line == "BEGIN:VEVENT":
			return all
		}
	}
	return all
}

func seconds(t *testing.T, offset string) int {
	t.Helper()
	at, err := time.Parse("-0700", offset)
	if err != nil {
		if at, err = time.Parse("-070000", offset); err != nil {
			t.Fatal(err)
		}
	}
	_, s := at.Zone()
	return s
}

func offsetAt(all []observance, at time.Time) (offset int) {
	var latest time.Time
	for _, o := range all {
		for _, on := range o.onsets {
			if !on.After(at) && on.After(latest) {
				latest, offset = on, o.to
			}
		}
	}
	return offset
}
