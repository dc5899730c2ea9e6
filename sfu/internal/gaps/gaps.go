// Package gaps keeps the numbers of packets that have not come, and says when to
// ask for which (RFC 4585 §6.2.1). It is pure arithmetic; it knows nothing of
// sockets or of who sends.
package gaps

import (
	"slices"
	"time"
)

const (
	most  = 256 // numbers kept; where more are missing only a key frame helps
	asks  = 5   // for each number; who has not answered by then never will
	first = 100 * time.Millisecond
)

// Gaps is what is missing of one stream of packets. The zero Gaps is ready. It is
// not safe for concurrent use.
type Gaps struct {
	missing []gap // oldest first
	top     uint16
	started bool
}

type gap struct {
	seq  uint16
	asks int
	due  time.Time
}

// Came notes that a packet has come, for the first time or as a retransmission.
func (g *Gaps) Came(seq uint16, now time.Time) {
	ahead := int16(seq - g.top) //nolint:gosec // RTP numbers wrap
	switch {
	case !g.started || int(ahead) > most:
		g.missing = g.missing[:0]
	case ahead <= 0:
		g.missing = slices.DeleteFunc(g.missing, func(m gap) bool { return m.seq == seq })
		return
	default:
		for s := g.top + 1; s != seq; s++ {
			g.missing = append(g.missing, gap{seq: s, due: now})
		}
		g.missing = slices.Delete(g.missing, 0, max(0, len(g.missing)-most))
	}
	g.started, g.top = true, seq
}

// Due returns the numbers to ask for at now, and counts them as asked for. The
// time between two requests doubles: it is not known how long an answer takes.
func (g *Gaps) Due(now time.Time) []uint16 {
	var due []uint16
	for i := range g.missing {
		m := &g.missing[i]
		if now.Before(m.due) {
			continue
		}
		if m.asks < asks {
			due = append(due, m.seq)
		}
		m.due = now.Add(first << m.asks)
		m.asks++
	}
	g.missing = slices.DeleteFunc(g.missing, func(m gap) bool { return m.asks > asks })
	return due
}

// Open reports whether anything is missing.
func (g *Gaps) Open() bool { return len(g.missing) > 0 }

// Forget gives up on all that is missing.
func (g *Gaps) Forget() { g.missing = g.missing[:0] }
