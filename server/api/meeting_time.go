package api

import (
	"time"
	_ "time/tzdata" // a zone is the same on every machine

	"github.com/conclave-meet/conclave/server/recurrence"
	"github.com/conclave-meet/conclave/storage"
)

// The states of a meeting.
const (
	scheduled  = "scheduled"
	inProgress = "inProgress"
	ended      = "ended"
)

// early is how long before its time people come to a meeting.
const early = time.Hour

func (a *API) state(m storage.Meeting) string {
	switch {
	case a.rooms.Running(m.ID):
		return inProgress
	case m.Ended.IsZero() || rehearsed(m, time.Now()) || meetsAgain(m, time.Now()):
		return scheduled
	default:
		return ended
	}
}

// rehearsed reports whether what has ended of m was a rehearsal: it was over
// before people would come to the meeting, and now they do. They wait for the
// host then, as if it had not been.
func rehearsed(m storage.Meeting, now time.Time) bool {
	doors := m.Start.Add(-early)
	return m.Ended.Before(doors) && !now.Before(doors)
}

// meetsAgain reports whether another occurrence of a meeting that repeats has
// not begun yet, or has and was not met at.
func meetsAgain(m storage.Meeting, now time.Time) bool {
	return m.Recurrence != "" && (m.LastStart.After(now) || m.Ended.Before(m.LastStart.Add(-early)))
}

// length is how long m is planned for.
func length(m storage.Meeting) time.Duration { return time.Duration(m.DurationMinutes) * time.Minute }

// zoneOf is where m's wall clock hangs.
func zoneOf(m storage.Meeting) *time.Location {
	zone, err := time.LoadLocation(m.Timezone)
	if err != nil {
		return time.UTC // a zone that the program knew when it was stored
	}
	return zone
}

// startsOf returns when m meets.
func startsOf(m storage.Meeting) []time.Time {
	starts, fault := recurrence.Occurrences(m.Recurrence, m.Start, zoneOf(m))
	if fault != "" {
		return []time.Time{m.Start} // a rule that the program took when it was stored
	}
	return starts
}

// nextStart is when m meets next, or did last.
func nextStart(m storage.Meeting, now time.Time) time.Time {
	if m.Recurrence == "" {
		return m.Start
	}
	return recurrence.Next(startsOf(m), length(m), now).UTC()
}

// over reports whether m does not meet any more.
func over(m storage.Meeting, now time.Time) bool { return !m.LastStart.Add(length(m)).After(now) }
