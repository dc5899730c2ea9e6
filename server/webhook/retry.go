package webhook

import (
	"math/rand/v2"
	"time"
)

// waits are how long an event rests after each failed try: about a day in all,
// which outlasts a receiver's bad night.
var waits = []time.Duration{ //nolint:gochecknoglobals // a table
	5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute,
	time.Hour, 2 * time.Hour, 4 * time.Hour, 8 * time.Hour, 8 * time.Hour,
}

// maxTries is after how many an event is given up.
const maxTries = 11

// wait is how long an event rests after that many failed tries before the one that
// has just failed, and never quite as long as the others.
func wait(tries int) time.Duration {
	rest := waits[min(tries, len(waits)-1)]
	return rest*3/4 + rand.N(rest/2) //nolint:gosec // who guesses it gains nothing
}
