package sfu

import (
	"math"
	"time"
)

// allowance is how much one peer may ask for: so much at once, and as much again in
// each stretch of time. The zero allowance is ready. It is not safe for concurrent use.
type allowance struct {
	used float64
	at   time.Time // when used was
}

// left returns how much may be taken at now, of at most most in each stretch.
func (a *allowance) left(most int, each time.Duration, now time.Time) int {
	passed := max(0, now.Sub(a.at)).Seconds() / each.Seconds()
	a.used, a.at = max(0, a.used-passed*float64(most)), now
	return max(0, most-int(math.Ceil(a.used)))
}

// take takes n, and reports whether so much is left; otherwise it takes nothing.
func (a *allowance) take(n, most int, each time.Duration, now time.Time) bool {
	if n > a.left(most, each, now) {
		return false
	}
	a.use(n)
	return true
}

// use takes n, of which the caller knows that so much is left.
func (a *allowance) use(n int) { a.used += float64(n) }
