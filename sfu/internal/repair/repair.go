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

	ring    = 128 // packets of which it is known when they were last sent again
	leastAt = 10 * time.Millisecond
	mostAt  = 500 * time.Millisecond
)

// Credit is what one stream may send again. The zero Credit is ready. It is not safe
// for concurrent use.
type Credit struct {
	used int // bytes sent again beyond what has been earned
	last []again
}

type again struct {
	seq uint16
	set bool
	at  time.Time
}

// Sent earns credit for n bytes that are sent for the first time.
func (c *Credit) Sent(n int) { c.used = max(beginning-most, c.used-n/share) }

// May reports whether the packet seq, of size bytes, may be sent again at now, and
// counts it as sent if so. Within one round trip the last answer may still be on its
// way: rtt is that time, or 0 when it is not known.
func (c *Credit) May(seq uint16, size int, rtt time.Duration, now time.Time) bool {
	if c.last == nil {
		c.last = make([]again, ring) // most streams lose nothing
	}
	a := &c.last[seq%ring]
	if a.set && a.seq == seq && now.Sub(a.at) < min(max(rtt, leastAt), mostAt) {
		return false
	}
	if c.used+size > beginning {
		return false
	}
	c.used += size
	*a = again{seq: seq, set: true, at: now}
	return true
}
