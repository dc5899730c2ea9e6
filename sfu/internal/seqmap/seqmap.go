// Package seqmap makes one RTP stream out of pieces of several: it gives each
// packet the sequence number and timestamp it has in the outgoing stream, so
// that a decoder sees one source although the pieces come from different ones.
// It is pure arithmetic (RFC 3550 §5.1); it holds no packets and no sockets.
package seqmap

import "time"

// maxRuns is how many runs are remembered for Out of late packets and for In.
// A run begins with a switch or where a packet was left out.
const maxRuns = 64

const minRuns = 4

// Map numbers the packets of one outgoing stream. T is what the caller wants to
// know again about the source of a packet. The zero Map is not ready: use New.
// A Map is not safe for concurrent use.
type Map[T any] struct {
	clock  float64  // RTP clock rate in Hz
	runs   []run[T] // a ring: a power of two of them, maxRuns at most
	newest int      // index of the newest run
	count  int      // runs in use
	pass   int      // calls of Switch so far
	inTop  int64    // the highest extended sequence number seen from the current source
	outTop int64    // the highest extended sequence number given out
	outTS  uint32
	outAt  time.Time // when outTS was given out
}

// run is a stretch of packets that all move by the same offset.
type run[T any] struct {
	source   T
	pass     int   // which call of Switch the run belongs to
	inFirst  int64 // extended sequence number of the first packet, as received
	offset   int64 // outgoing minus received
	tsOffset uint32
}

// New returns a Map for a stream with the RTP clock rate hz whose first packet
// will have the sequence number seq+1 and a timestamp after ts. Both should be
// random (RFC 3550 §5.1).
func New[T any](hz uint32, seq uint16, ts uint32) *Map[T] {
	return &Map[T]{clock: float64(hz), outTop: int64(seq) + 1<<16, outTS: ts}
}

// Started reports whether any packet has been numbered.
func (m *Map[T]) Started() bool { return m.pass > 0 }

// Switch begins a run of source at its packet seq with timestamp ts, which
// arrived at now. The stream goes on where it was: the next number, and a
// timestamp later by the time that has passed.
func (m *Map[T]) Switch(source T, seq uint16, ts uint32, now time.Time) {
	step := uint32(1)
	if m.Started() {
		if d := now.Sub(m.outAt).Seconds() * m.clock; d > 1 {
			step = uint32(int64(d)) //nolint:gosec // RTP time wraps
		}
	}
	in := int64(seq) + 1<<16
	m.pass++
	m.push(run[T]{source: source, pass: m.pass, inFirst: in, offset: m.outTop + 1 - in, tsOffset: m.outTS + step - ts})
	m.inTop = in - 1
}

// Out numbers the packet seq of the current source, with timestamp ts, which
// arrived at now. It returns false for a packet that is older than the run, or
// older than Map remembers.
func (m *Map[T]) Out(seq uint16, ts uint32, now time.Time) (outSeq uint16, outTS uint32, ok bool) {
	if m.count == 0 {
		return 0, 0, false
	}
	in := m.extend(seq)
	r := m.runOf(in)
	if r == nil {
		return 0, 0, false
	}
	out := in + r.offset
	if in > m.inTop {
		m.inTop = in
	}
	if out > m.outTop {
		m.outTop, m.outTS, m.outAt = out, ts+r.tsOffset, now
	}
	return uint16(out & 0xffff), ts + r.tsOffset, true //nolint:gosec // RTP numbers wrap
}

// Skip leaves the packet seq of the current source out of the stream without a
// hole. It returns false when the packet comes too late for that: later ones
// have been numbered, and it must be sent.
func (m *Map[T]) Skip(seq uint16) bool {
	var same T
	if m.count > 0 {
		same = m.run(0).source
	}
	left, _ := m.SkipTo(seq, same)
	return left
}

// SkipTo is Skip, and has what comes behind the packet be of source. It says whether it
// has: not behind a packet that is older than Map remembers.
func (m *Map[T]) SkipTo(seq uint16, source T) (left, moved bool) {
	if m.count == 0 {
		return true, false
	}
	in := m.extend(seq)
	if in != m.inTop+1 {
		return m.runOf(in) == nil, false
	}
	m.inTop = in
	r := *m.run(0)
	r.source, r.inFirst, r.offset = source, in+1, r.offset-1
	m.begin(r, in)
	return true, true
}

// Become has the packets of the current source from seq on be of another, or of the same one
// in another way. It returns false, and does nothing, when one of them has been numbered.
func (m *Map[T]) Become(seq uint16, source T) bool {
	if m.count == 0 {
		return false
	}
	in := m.extend(seq)
	if in <= m.inTop {
		return false
	}
	r := *m.run(0)
	r.source, r.inFirst = source, in
	m.begin(r, in)
	return true
}

// Of returns of what the packet seq of the current source is, as Switch, SkipTo or Become
// said. It is not ok for a packet that is older than Map remembers.
func (m *Map[T]) Of(seq uint16) (source T, ok bool) {
	if m.count == 0 {
		return source, false
	}
	r := m.runOf(m.extend(seq))
	if r == nil {
		return source, false
	}
	return r.source, true
}

// Cut ends the current source and takes back the last unsent numbers, which nobody has
// been sent. What became of which packet is forgotten. The next Switch goes on behind
// the numbers that are left.
func (m *Map[T]) Cut(unsent int) {
	m.outTop -= int64(unsent)
	m.count = 0
}

// In tells which packet of which source became the outgoing packet outSeq, and
// how far its timestamp was moved.
func (m *Map[T]) In(outSeq uint16) (source T, seq uint16, tsOffset uint32, ok bool) {
	out := m.outTop + int64(int16(outSeq-uint16(m.outTop&0xffff))) //nolint:gosec // RTP numbers wrap
	if m.count == 0 || out > m.outTop {
		return source, 0, 0, false
	}
	for i := range m.count {
		r := m.run(i)
		if out >= r.inFirst+r.offset {
			return r.source, uint16((out - r.offset) & 0xffff), r.tsOffset, true //nolint:gosec // RTP numbers wrap
		}
	}
	return source, 0, 0, false
}

// Newest returns the highest sequence number given out.
func (m *Map[T]) Newest() uint16 { return uint16(m.outTop & 0xffff) } //nolint:gosec // RTP numbers wrap

// Last returns the newest timestamp given out and when.
func (m *Map[T]) Last() (ts uint32, at time.Time) { return m.outTS, m.outAt }

// extend gives seq the high bits that put it nearest to the newest packet.
func (m *Map[T]) extend(seq uint16) int64 {
	return m.inTop + int64(int16(seq-uint16(m.inTop&0xffff))) //nolint:gosec // RTP numbers wrap
}

// runOf returns the run of the current source that holds in.
func (m *Map[T]) runOf(in int64) *run[T] {
	for i := range m.count {
		r := m.run(i)
		if r.pass != m.pass {
			return nil
		}
		if in >= r.inFirst {
			return r
		}
	}
	return nil
}

// run returns the i-th newest run.
func (m *Map[T]) run(i int) *run[T] { return &m.runs[(m.newest-i)&(len(m.runs)-1)] }

// begin begins the run r, and has it take the place of one that began at in: nothing is in
// that yet.
func (m *Map[T]) begin(r run[T], in int64) {
	if m.run(0).inFirst == in {
		*m.run(0) = r
		return
	}
	m.push(r)
}

func (m *Map[T]) push(r run[T]) {
	if m.count == len(m.runs) && m.count < maxRuns {
		m.grow()
	}
	m.newest = (m.newest + 1) & (len(m.runs) - 1)
	m.runs[m.newest] = r
	m.count = min(m.count+1, len(m.runs))
}

// grow makes room for twice as many runs: most streams need two or three.
func (m *Map[T]) grow() {
	longer := make([]run[T], max(2*len(m.runs), minRuns))
	for i := range m.count {
		longer[m.count-1-i] = *m.run(i)
	}
	m.runs, m.newest = longer, m.count-1
}
