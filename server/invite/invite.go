// Package invite writes what the invited get by mail: a text, the same as HTML,
// and an iCalendar object. Its mail has no secret of a link, because the server
// has none (docs/adr/0008-mail-has-no-secret.md). It sends nothing and stores
// nothing.
package invite

import (
	"bytes"
	"fmt"
	"html/template"
	"strings"
	"time"
)

// Meeting is a meeting as its mail tells of it.
type Meeting struct {
	UID      string // the same for the whole life of the meeting
	Sequence int64  // greater with each edit
	Stamp    time.Time
	Title    string
	Agenda   string
	Starts   []time.Time // of every occurrence
	Length   time.Duration
	Zone     *time.Location
	Rule     string // the value of an RRULE; empty: it meets once
	Number   string
	Password string // empty: the mail does not tell it
	LinkOnly bool   // there is no password: the host's link alone opens the meeting
	JoinURL  string // by number
	HostURL  string // where hosts sign in and start it
	HostName string
	Host     string // the host's address
}

// News is what a mail tells.
type News string

// What a mail can tell.
const (
	Invited   News = "invited"
	Updated   News = "updated"
	Cancelled News = "cancelled"
)

// Message is a mail without its envelope.
type Message struct{ Subject, Text, HTML, Calendar, Method string }

// To returns what guest, an address, is told.
func (m Meeting) To(guest string, news News, language string) (Message, error) {
	return m.message(guest, news, language)
}

// ToHost returns what who may start the meeting is told: it alone has the
// address where hosts do.
func (m Meeting) ToHost(news News, language string) (Message, error) {
	return m.message("", news, language)
}

func (m Meeting) message(guest string, news News, language string) (Message, error) {
	w := wordsOf(language)
	p := m.page(w, guest == "", news)
	method := m.method(guest, news)
	var html bytes.Buffer
	if err := layout.Execute(&html, p); err != nil {
		return Message{}, fmt.Errorf("write invitation: %w", err)
	}
	return Message{
		Subject: p.Subject, Text: p.text(), HTML: html.String(),
		Calendar: m.calendar(method, guest, p.text()), Method: method,
	}, nil
}

// method says what a calendar is to do. The host's own copy has no attendee, and
// is published (RFC 5546, 3.2.1).
func (m Meeting) method(guest string, news News) string {
	switch {
	case news == Cancelled:
		return "CANCEL"
	case guest == "":
		return "PUBLISH"
	default:
		return "REQUEST"
	}
}

// page is the mail, as its text and its HTML show it.
type page struct {
	Language string
	Subject  string
	Lead     string
	Title    string
	When     string
	Repeats  string
	Action   string // what the address is for
	URL      string
	Facts    []fact
	Agenda   string
	Notes    []string
}

type fact struct{ Name, Value string }

func (m Meeting) page(w words, host bool, news News) page {
	p := page{
		Language: w.language, Subject: w.subject(news, m.Title), Lead: w.lead(news, m.HostName), Title: m.Title,
		When: w.when(m.Starts[0], m.Length, m.Zone), Repeats: w.repeats(m.Rule, m.Starts),
	}
	if news == Cancelled {
		return p
	}
	p.Agenda = m.Agenda
	p.Action, p.URL = w.join, m.JoinURL
	if host {
		p.Lead, p.Action, p.URL = w.hostLead(news), w.start, m.HostURL
	}
	p.Facts = append(p.Facts, fact{w.number, spaced(m.Number)})
	switch {
	case m.LinkOnly:
		p.Notes = append(p.Notes, w.linkOnly(m.HostName))
	case m.Password != "":
		p.Facts = append(p.Facts, fact{w.password, m.Password})
	default:
		p.Notes = append(p.Notes, w.noPassword(m.HostName))
	}
	if host {
		p.Notes = append(p.Notes, w.hostNote)
	} else {
		p.Notes = append(p.Notes, w.stronger(m.HostName))
	}
	return p
}

func (p page) text() string {
	var b strings.Builder
	line := func(parts ...string) { b.WriteString(strings.Join(parts, "") + "\n") }
	line(p.Lead)
	line()
	line(p.Title)
	line(p.When)
	if p.Repeats != "" {
		line(p.Repeats)
	}
	if p.URL == "" {
		return b.String()
	}
	line()
	line(p.Action, ": ", p.URL)
	for _, f := range p.Facts {
		line(f.Name, ": ", f.Value)
	}
	if p.Agenda != "" {
		line()
		line(p.Agenda)
	}
	for _, note := range p.Notes {
		line()
		line(note)
	}
	return b.String()
}

// spaced writes a meeting's number as people read it out: 2345 678 9012.
func spaced(number string) string {
	if len(number) != 11 {
		return number
	}
	return number[:4] + " " + number[4:7] + " " + number[7:]
}

// layout fetches nothing from anywhere: that would tell who reads it, and when.
var layout = template.Must(template.New("mail").Parse(`<!doctype html>
<html lang="{{.Language}}">
<head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>{{.Subject}}</title></head>
<body style="font-family:system-ui,sans-serif;line-height:1.5;max-width:36em;margin:1.5em auto;padding:0 1em">
<p>{{.Lead}}</p>
<h1 dir="auto" style="font-size:1.3em;margin:0">{{.Title}}</h1>
<p style="margin:0">{{.When}}{{with .Repeats}}<br>{{.}}{{end}}</p>
{{- if .URL}}
<p><a href="{{.URL}}">{{.Action}}</a></p>
<table role="presentation" style="border-collapse:collapse">
{{- range .Facts}}
<tr><td style="padding:0 1em 0 0">{{.Name}}</td><td dir="ltr"><strong>{{.Value}}</strong></td></tr>
{{- end}}
</table>
{{- with .Agenda}}
<p dir="auto" style="white-space:pre-wrap">{{.}}</p>
{{- end}}
{{- range .Notes}}
<p style="font-size:.9em">{{.}}</p>
{{- end}}
{{- end}}
</body>
</html>
`)) //nolint:gochecknoglobals // parsed once
