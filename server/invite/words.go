package invite

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// words are what a mail says in one language.
type words struct {
	language    string
	subjects    map[News]string
	leads       map[News]string // with the host's name
	hostLeads   map[News]string
	join, start string
	number      string
	password    string
	noPasswordF string
	linkOnlyF   string
	strongerF   string
	hostNote    string
	dateF       string // weekday, day, month, year
	weekdays    [7]string
	months      [12]string
	each        map[string][2]string // by FREQ: every one, every %d
	repeatsF    string               // how often, how many times, the last date
}

var english = words{ //nolint:gochecknoglobals // a table
	language:  "en",
	subjects:  map[News]string{Invited: "Invitation: %s", Updated: "Updated: %s", Cancelled: "Cancelled: %s"},
	leads:     map[News]string{Invited: "%s invites you to a meeting.", Updated: "%s has changed a meeting you are invited to.", Cancelled: "%s has cancelled a meeting you were invited to."},
	hostLeads: map[News]string{Invited: "You host this meeting. The invitations are on their way.", Updated: "The meeting you host has changed. Those who are invited are told."},
	join:      "Join", start: "Sign in and start the meeting", number: "Meeting number", password: "Meeting password",
	noPasswordF: "The meeting password is not in this mail: ask %s for it.",
	linkOnlyF:   "This meeting opens with its link alone, which %s can send you.",
	strongerF:   "Mail can be read by the servers it passes, so this one has the number and not the invitation link. A link that %s gives you privately is the stronger way in: its secret never reaches a server, not even the meeting's own.",
	hostNote:    "The invitation link is not in any mail: its secret stays on the device where the meeting was made. To give it to somebody, copy it there and send it privately.",
	dateF:       "%[1]s, %[2]d %[3]s %[4]d",
	weekdays:    [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
	months:      [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
	each: map[string][2]string{
		"DAILY": {"every day", "every %d days"}, "WEEKLY": {"every week", "every %d weeks"},
		"MONTHLY": {"every month", "every %d months"}, "YEARLY": {"every year", "every %d years"},
	},
	repeatsF: "Repeats %[1]s, %[2]d times. The last time is %[3]s.",
}

var german = words{ //nolint:gochecknoglobals,gosec // a table, without a password in it
	language:  "de",
	subjects:  map[News]string{Invited: "Einladung: %s", Updated: "Geändert: %s", Cancelled: "Abgesagt: %s"},
	leads:     map[News]string{Invited: "%s lädt Sie zu einer Besprechung ein.", Updated: "%s hat eine Besprechung geändert, zu der Sie eingeladen sind.", Cancelled: "%s hat eine Besprechung abgesagt, zu der Sie eingeladen waren."},
	hostLeads: map[News]string{Invited: "Sie leiten diese Besprechung. Die Einladungen sind unterwegs.", Updated: "Die Besprechung, die Sie leiten, wurde geändert. Die Eingeladenen erfahren davon."},
	join:      "Teilnehmen", start: "Anmelden und die Besprechung beginnen", number: "Besprechungsnummer", password: "Kennwort der Besprechung",
	noPasswordF: "Das Kennwort steht nicht in dieser Mail: Fragen Sie %s danach.",
	linkOnlyF:   "Nur der Link öffnet diese Besprechung; %s kann ihn Ihnen senden.",
	strongerF:   "Mail können die Server lesen, durch die sie geht. Deshalb steht hier die Nummer und nicht der Einladungslink. Ein Link, den %s Ihnen vertraulich gibt, ist der sicherere Weg: Sein Geheimnis erreicht keinen Server, auch nicht den der Besprechung.",
	hostNote:    "Der Einladungslink steht in keiner Mail: Sein Geheimnis bleibt auf dem Gerät, auf dem die Besprechung angelegt wurde. Wer ihn bekommen soll, dem schicken Sie ihn von dort vertraulich.",
	dateF:       "%[1]s, %[2]d. %[3]s %[4]d",
	weekdays:    [7]string{"Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"},
	months:      [12]string{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"},
	each: map[string][2]string{
		"DAILY": {"jeden Tag", "alle %d Tage"}, "WEEKLY": {"jede Woche", "alle %d Wochen"},
		"MONTHLY": {"jeden Monat", "alle %d Monate"}, "YEARLY": {"jedes Jahr", "alle %d Jahre"},
	},
	repeatsF: "Wiederholt sich %[1]s, %[2]d Mal. Das letzte Mal ist %[3]s.",
}

// Languages are those there are words in, the one to fall back on first.
func Languages() []string { return []string{english.language, german.language} }

// wordsOf returns the words of a language, as in de-AT, or else English ones.
func wordsOf(language string) words {
	primary, _, _ := strings.Cut(strings.ToLower(language), "-")
	if primary == german.language {
		return german
	}
	return english
}

func (w words) subject(news News, title string) string { return fmt.Sprintf(w.subjects[news], title) }
func (w words) lead(news News, host string) string     { return fmt.Sprintf(w.leads[news], host) }
func (w words) hostLead(news News) string              { return w.hostLeads[news] }
func (w words) linkOnly(host string) string            { return fmt.Sprintf(w.linkOnlyF, host) }
func (w words) noPassword(host string) string          { return fmt.Sprintf(w.noPasswordF, host) }
func (w words) stronger(host string) string            { return fmt.Sprintf(w.strongerF, host) }

func (w words) date(at time.Time) string {
	return fmt.Sprintf(w.dateF, w.weekdays[at.Weekday()], at.Day(), w.months[at.Month()-1], at.Year())
}

// when tells a start and an end, and by whose clock.
func (w words) when(start time.Time, length time.Duration, zone *time.Location) string {
	start = start.In(zone)
	end := start.Add(length)
	until := end.Format("15:04")
	if end.YearDay() != start.YearDay() {
		until = w.date(end) + ", " + until
	}
	return fmt.Sprintf("%s, %s–%s (%s)", w.date(start), start.Format("15:04"), until, zone)
}

// repeats tells of a rule how often and how long, or nothing where there is none.
func (w words) repeats(rule string, starts []time.Time) string {
	if rule == "" {
		return ""
	}
	parts := make(map[string]string)
	for part := range strings.SplitSeq(rule, ";") {
		name, value, _ := strings.Cut(part, "=")
		parts[name] = value
	}
	each := w.each[parts["FREQ"]]
	often := each[0]
	if n, err := strconv.Atoi(parts["INTERVAL"]); err == nil && n > 1 {
		often = fmt.Sprintf(each[1], n)
	}
	return fmt.Sprintf(w.repeatsF, often, len(starts), w.date(starts[len(starts)-1]))
}
