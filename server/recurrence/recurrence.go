// Package recurrence says when a meeting repeats. It takes the part of RFC 5545's
// rules that people plan meetings by, always with an end, and knows nothing of
// meetings besides their start.
package recurrence

import (
	"time"

	"github.com/teambition/rrule-go"
)

// The most a rule may ask for.
const (
	MaxOccurrences = 366
	maxYears       = 10 // from the first to the last
)

// Occurrences returns every start that rule gives of a meeting that starts at
// start, on the wall clocks of zone; of an empty rule that is start alone. The
// fault says in a sentence what is wrong with the rule, and is empty when it will
// do.
func Occurrences(rule string, start time.Time, zone *time.Location) (starts []time.Time, fault string) {
	start = start.In(zone).Truncate(time.Second)
	if rule == "" {
		return []time.Time{start}, ""
	}
	p, fault := read(rule)
	if fault != "" {
		return nil, fault
	}
	if !p.fits(start) {
		return nil, "The meeting's start is not one of the days it repeats on. Change the one or the other."
	}
	option, err := rrule.StrToROptionInLocation(rule, zone)
	if err != nil {
		return nil, unreadable
	}
	option.Dtstart = start
	r, err := rrule.NewRRule(*option)
	if err != nil {
		return nil, unreadable
	}
	next := r.Iterator()
	for at, more := next(); more; at, more = next() {
		if len(starts) == MaxOccurrences || at.After(start.AddDate(maxYears, 0, 0)) {
			return nil, "A meeting repeats at most 366 times, and for 10 years. Let it end earlier."
		}
		starts = append(starts, at)
	}
	if len(starts) == 0 || !starts[0].Equal(start) {
		return nil, "The meeting's start is not one of the days it repeats on. Change the one or the other."
	}
	return starts, ""
}

// Next returns the first of starts whose meeting, of that length, is not over at
// now, or the last one when all are.
func Next(starts []time.Time, length time.Duration, now time.Time) time.Time {
	for _, at := range starts {
		if at.Add(length).After(now) {
			return at
		}
	}
	return starts[len(starts)-1]
}
