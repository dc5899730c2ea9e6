package invite

import (
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

const (
	utcTime   = "20060102T150405Z"
	localTime = "20060102T150405"
)

// calendar writes the meeting as an iCalendar object (RFC 5545, 5546, 7986). It
// is written by hand: golang-ical escapes parameters in a way that is not of the
// RFC, and tests read this with it.
func (m Meeting) calendar(method, guest, description string) string {
	var o object
	o.line("BEGIN:VCALENDAR")
	o.line("VERSION:2.0")
	o.line("PRODID:-//Conclave//Conclave//EN")
	o.line("CALSCALE:GREGORIAN")
	o.line("METHOD:" + method)
	first, last := m.Starts[0], m.Starts[len(m.Starts)-1]
	if !isUTC(m.Zone) {
		o.zone(m.Zone, first, last.Add(m.Length))
	}
	o.line("BEGIN:VEVENT")
	o.line("UID:" + m.UID)
	o.line("DTSTAMP:" + m.Stamp.UTC().Format(utcTime))
	o.line("SEQUENCE:" + strconv.FormatInt(m.Sequence, 10))
	o.line("DTSTART" + m.clock(first))
	o.line("DTEND" + m.clock(first.Add(m.Length)))
	if m.Rule != "" {
		o.line("RRULE:" + m.Rule)
	}
	o.line("SUMMARY:" + text(m.Title))
	o.line("DESCRIPTION:" + text(description))
	if method != "CANCEL" {
		address := m.JoinURL
		if guest == "" {
			address = m.HostURL
		}
		o.line("LOCATION:" + text(address))
		o.line("URL:" + address)
		o.line("CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO,SCREEN,CHAT;LABEL=" + quoted(m.Title) + ":" + address)
	}
	o.line("ORGANIZER;CN=" + quoted(m.HostName) + ":" + mailto(m.Host))
	if guest != "" {
		o.line("ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:" + mailto(guest))
	}
	o.line("STATUS:" + status(method))
	o.line("TRANSP:OPAQUE")
	o.line("END:VEVENT")
	o.line("END:VCALENDAR")
	return o.String()
}

func status(method string) string {
	if method == "CANCEL" {
		return "CANCELLED"
	}
	return "CONFIRMED"
}

// clock is a time on the wall clocks of the meeting's zone, as the rest of a line.
func (m Meeting) clock(at time.Time) string {
	if isUTC(m.Zone) {
		return ":" + at.UTC().Format(utcTime)
	}
	return ";TZID=" + m.Zone.String() + ":" + at.In(m.Zone).Format(localTime)
}

func isUTC(zone *time.Location) bool { return zone.String() == "UTC" || zone.String() == "Etc/UTC" }

// object is a text of content lines (RFC 5545, 3.1).
type object struct{ strings.Builder }

// line writes a line and folds it: none has more than 75 octets, and no
// character is torn apart.
func (o *object) line(content string) {
	const most = 75
	room := most
	for _, c := range content {
		if size := utf8.RuneLen(c); size > room {
			_, _ = o.WriteString("\r\n ")
			room = most - 1 - size
		} else {
			room -= size
		}
		_, _ = o.WriteRune(c)
	}
	_, _ = o.WriteString("\r\n")
}

// text is a value of type TEXT (3.3.11).
func text(value string) string {
	value = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`).Replace(strings.TrimSpace(value))
	return strings.Map(visible, value)
}

// quoted is a parameter's value in quotes, which may hold anything but quotes
// and control characters (3.2).
func quoted(value string) string {
	return `"` + strings.Map(visible, strings.ReplaceAll(value, `"`, "'")) + `"`
}

// visible drops control characters, and what is no character.
func visible(c rune) rune {
	if unicode.IsControl(c) || c == utf8.RuneError {
		return -1
	}
	return c
}

func mailto(address string) string { return "mailto:" + url.PathEscape(address) }
