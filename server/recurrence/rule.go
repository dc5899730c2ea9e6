package recurrence

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

const unreadable = "That is not a rule by which a meeting repeats. Write it like FREQ=WEEKLY;BYDAY=MO;COUNT=10 (RFC 5545)."

// rule is a rule as far as its start is checked against it.
type rule struct {
	parts     map[string]string
	days      []day
	monthDays []int
}

// day is an entry of BYDAY: a weekday, of MONTHLY perhaps the nth.
type day struct {
	nth     int
	weekday time.Weekday
}

// parts are what a rule may hold, and how each is checked.
var parts = map[string]func(*rule, string) bool{ //nolint:gochecknoglobals // a table
	"FREQ": func(_ *rule, v string) bool {
		return slices.Contains([]string{"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}, v)
	},
	"INTERVAL":   func(_ *rule, v string) bool { return number(v, 99) },
	"COUNT":      func(_ *rule, v string) bool { return number(v, MaxOccurrences) },
	"UNTIL":      func(_ *rule, v string) bool { _, err := time.Parse("20060102T150405Z", v); return err == nil },
	"WKST":       func(_ *rule, v string) bool { _, ok := weekday(v); return ok },
	"BYSETPOS":   func(_ *rule, v string) bool { return number(strings.TrimPrefix(v, "-"), 5) },
	"BYDAY":      (*rule).readDays,
	"BYMONTHDAY": (*rule).readMonthDays,
}

// read takes a rule apart.
func read(text string) (rule, string) {
	r := rule{parts: make(map[string]string)}
	for part := range strings.SplitSeq(text, ";") {
		name, value, _ := strings.Cut(part, "=")
		check, known := parts[name]
		if _, twice := r.parts[name]; !known || twice || !check(&r, value) {
			return r, unreadable
		}
		r.parts[name] = value
	}
	_, count := r.parts["COUNT"]
	_, until := r.parts["UNTIL"]
	switch {
	case r.parts["FREQ"] == "":
		return r, unreadable
	case count == until:
		return r, "A meeting that repeats needs one end: give COUNT or UNTIL."
	case !r.consistent():
		return r, unreadable
	}
	return r, ""
}

// consistent reports whether the parts go together. What is left out is what
// nobody plans meetings by, and what takes long to find no day by.
func (r rule) consistent() bool {
	_, position := r.parts["BYSETPOS"]
	monthly := r.parts["FREQ"] == "MONTHLY"
	nth := slices.ContainsFunc(r.days, func(d day) bool { return d.nth != 0 })
	switch {
	case len(r.days) > 0 && r.parts["FREQ"] == "YEARLY":
		return false
	case (nth || position || len(r.monthDays) > 0) && !monthly:
		return false
	case len(r.monthDays) > 0 && len(r.days) > 0:
		return false
	case position && (len(r.days) == 0 || nth):
		return false
	default:
		return true
	}
}

// fits reports whether the rule has start among its days. It is asked first: a
// rule that never meets its start is looked for until the year 9999.
func (r rule) fits(start time.Time) bool {
	last := time.Date(start.Year(), start.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
	date := start.Day()
	if len(r.monthDays) > 0 && !slices.Contains(r.monthDays, date) && !slices.Contains(r.monthDays, date-last-1) {
		return false
	}
	return len(r.days) == 0 || slices.ContainsFunc(r.days, func(d day) bool {
		return d.weekday == start.Weekday() &&
			(d.nth == 0 || d.nth == (date+6)/7 || d.nth == -(last-date+7)/7)
	})
}

func (r *rule) readDays(value string) bool {
	for one := range strings.SplitSeq(value, ",") {
		if len(one) < 2 || len(r.days) == 7 {
			return false
		}
		nth, name := one[:len(one)-2], one[len(one)-2:]
		on, ok := weekday(name)
		if !ok || nth != "" && !number(strings.TrimLeft(nth, "+-"), 5) {
			return false
		}
		n, err := strconv.Atoi(nth)
		if nth != "" && err != nil {
			return false
		}
		r.days = append(r.days, day{n, on})
	}
	return true
}

func (r *rule) readMonthDays(value string) bool {
	for one := range strings.SplitSeq(value, ",") {
		n, err := strconv.Atoi(one)
		if err != nil || n == 0 || n < -1 || n > 31 || len(r.monthDays) == 31 || strconv.Itoa(n) != one {
			return false
		}
		r.monthDays = append(r.monthDays, n)
	}
	return true
}

func weekday(name string) (time.Weekday, bool) {
	i := slices.Index([]string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}, name)
	return time.Weekday(i), i >= 0
}

// number reports whether text is a plain number from 1 to most.
func number(text string, most int) bool {
	n, err := strconv.Atoi(text)
	return err == nil && n >= 1 && n <= most && strconv.Itoa(n) == text
}
