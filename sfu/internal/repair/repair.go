// Package repair decides which packets may be sent once more to one that has not got
// them (RFC 4585, RFC 4588), so that who asks over and over, or for everything, gets
// no more than a share of what is sent anyway. It is pure arithmetic; it knows nothing
// of sockets and holds no packets.
package repair

import "time"

const (
	share     = 2         // one byte may be sent again for so many that are sent
	most      = 128 << 10 // bytes of credit that can be saved up
	beginning = 32 << 10  // bytes of credit before anything is sent

	ring    = 512 // packets of which it is known when they were last sent again: as many as are kept
	leastAt = 10 * time.Millisecond
	mostAt  = 500 * time.Millisecond
)

// Credit is what one stream may send again. The zero Credit is ready. It is not safe
// for concurrent use.
type Credit struct {
	used  int // bytes sent again beyond what has been earned
	last  []again
	begin time.Time // what at is counted from
}

type again struct {
	seq uint16
	set bool
	at  uint32 // in ms
}

// Sent earns credit for n bytes that are sent for the first time.
func (c *Credit) Sent(n int) { c.used = max(beginning-most, c.used-n/share) }

// Due reports whether the packet seq may be sent again at now, should there be credit.
// Within one round trip, or half a second if that is less, the last answer may still be
// on its way: rtt is that time, or 0 when it is not known.
func (c *Credit) Due(seq uint16, rtt time.Duration, now time.Time) bool {
	if c.last == nil {
		return true
	}
	a := c.last[seq%ring]
	since := now.Sub(c.begin) - time.Duration(a.at)*time.Millisecond
	return !a.set || a.seq != seq || since >= min(max(rtt, leastAt), mostAt)
}

// Take reports whether there is credit for the packet seq, of size bytes, and counts it
// as sent again at now if so.
func (c *Credit) Take(seq uint16, size int, now time.Time) bool {
	if c.used+size > beginning {
		return false
	}
	if c.last == nil {
		c.last, c.begin = make([]again, ring), now // most streams lose nothing
	}
	c.used += size
	c.last[seq%ring] = again{seq: seq, set: true, at: uint32(now.Sub(c.begin).Milliseconds())} //nolint:gosec // 49 days
	return true
}
