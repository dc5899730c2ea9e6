package invite

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// onset is a moment at which a zone's clocks are set to another offset, in
// seconds.
type onset struct {
	at       time.Time
	from, to int
	name     string
}

// local is the onset as the clocks show it that are about to be set.
func (o onset) local() time.Time { return o.at.UTC().Add(time.Duration(o.from) * time.Second) }

// ordinal is which of its weekday in its month the onset's day is.
func (o onset) ordinal() int { return (o.local().Day() + 6) / 7 }

// last reports whether it is the last of them.
func (o onset) last() bool { return o.local().AddDate(0, 0, 7).Month() != o.local().Month() }

// onsets returns the one that is in force at from, and those until to.
func onsets(zone *time.Location, from, to time.Time) (all []onset) {
	begin, end := from.In(zone).ZoneBounds()
	for !begin.IsZero() {
		_, before := begin.Add(-time.Second).In(zone).Zone()
		name, after := begin.In(zone).Zone()
		all = append(all, onset{begin, before, after, name})
		if end.IsZero() || end.After(to) {
			break
		}
		begin = end
		_, end = begin.In(zone).ZoneBounds()
	}
	return all
}

// zone writes a VTIMEZONE that is right from from to to.
func (o *object) zone(zone *time.Location, from, to time.Time) {
	o.line("BEGIN:VTIMEZONE")
	o.line("TZID:" + zone.String())
	o.observances(zone, from, to)
	o.line("END:VTIMEZONE")
}

func (o *object) observances(zone *time.Location, from, to time.Time) {
	if yearly := everyYear(zone, from); yearly != nil {
		for _, on := range yearly {
			o.observance(on, "RRULE:"+on.rule())
		}
		return
	}
	all := onsets(zone, from, to)
	if len(all) == 0 { // its clocks were never set
		name, offset := from.In(zone).Zone()
		all = []onset{{time.Unix(0, 0).Add(-time.Duration(offset) * time.Second), offset, offset, name}}
	}
	for _, on := range all {
		o.observance(on.onset(), "")
	}
}

func (o onset) onset() recurring { return recurring{onset: o} }

func (o *object) observance(on recurring, rule string) {
	kind := "STANDARD"
	if on.to > on.from {
		kind = "DAYLIGHT"
	}
	o.line("BEGIN:" + kind)
	o.line("DTSTART:" + on.local().Format(localTime))
	o.line("TZOFFSETFROM:" + offset(on.from))
	o.line("TZOFFSETTO:" + offset(on.to))
	o.line("TZNAME:" + text(on.name))
	if rule != "" {
		o.line(rule)
	}
	o.line("END:" + kind)
}

// recurring is an onset that comes every year.
type recurring struct {
	onset
	nth int // -1: the last one
}

func (r recurring) rule() string {
	return fmt.Sprintf("FREQ=YEARLY;BYMONTH=%d;BYDAY=%d%s", r.local().Month(), r.nth, strings.ToUpper(r.local().Weekday().String()[:2]))
}

// everyYear returns the two onsets of a zone that is set to and fro every year
// on the same weekdays, or nothing where it is not. Ten years tell.
func everyYear(zone *time.Location, from time.Time) []recurring {
	const years = 10
	all := onsets(zone, from, from.AddDate(years, 0, 0))
	if len(all) < 2*years {
		return nil
	}
	var found []recurring
	for i := range 2 {
		var same []onset
		for j := i; j < len(all); j += 2 {
			same = append(same, all[j])
		}
		nth, ok := ordinalOf(same)
		if !ok {
			return nil
		}
		found = append(found, recurring{same[0], nth})
	}
	return found
}

// ordinalOf returns by which weekday of the month all of the onsets come.
func ordinalOf(all []onset) (nth int, ok bool) {
	first := all[0]
	alike := func(o onset) bool {
		a, b := first.local(), o.local()
		return a.Month() == b.Month() && a.Weekday() == b.Weekday() && a.Hour() == b.Hour() && a.Minute() == b.Minute() &&
			first.from == o.from && first.to == o.to
	}
	differs := func(fits func(onset) bool) bool {
		return slices.ContainsFunc(all, func(o onset) bool { return !fits(o) })
	}
	switch {
	case differs(alike):
		return 0, false
	case !differs(onset.last):
		return -1, true
	case !differs(func(o onset) bool { return o.ordinal() == first.ordinal() }):
		return first.ordinal(), true
	default:
		return 0, false
	}
}

// offset writes one from UTC (RFC 5545, 3.3.14).
func offset(seconds int) string {
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	written := fmt.Sprintf("%c%02d%02d", sign, seconds/3600, seconds/60%60)
	if s := seconds % 60; s != 0 {
		written += fmt.Sprintf("%02d", s)
	}
	return written
}
