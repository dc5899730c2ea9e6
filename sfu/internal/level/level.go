// Package level decides who is heard and who is marked as speaking, from the
// audio levels in the packets' header extension (RFC 6464). It is pure
// arithmetic on levels; it knows nothing of packets or sockets.
package level

import (
	"cmp"
	"math"
	"slices"
	"sync/atomic"
)

// Meter smooths the levels of one microphone. One goroutine may Observe while
// others read Loudness. The zero Meter is silent.
type Meter struct {
	loudness atomic.Uint32 // float32 bits, 0 (silent) to 127 (as loud as can be)
	last     float32       // likewise, of the last packet
	at       uint32        // its RTP time
}

const (
	smoothing = 8   // pieces of 20 ms
	piece     = 960 // RTP ticks of 20 ms (RFC 7587 §4.1)
	pieces    = 25  // between two packets of a voice that is silent, at most; 20 where none is lost
)

// Observe takes the level of the packet of this RTP time, in -dBov: 0 is as loud as can
// be, 127 silent. A voice that falls silent leaves packets out, and up to the next is as
// loud as the last was.
func (m *Meter) Observe(level uint8, at uint32) {
	is := m.Loudness()
	for n := (at - m.at) / piece; n > 1 && n <= pieces; n-- {
		is += (m.last - is) / smoothing
	}
	m.last, m.at = float32(127-level&0x7f), at
	is += (m.last - is) / smoothing
	m.loudness.Store(math.Float32bits(is))
}

// Reset makes the meter silent, as when the microphone is muted.
func (m *Meter) Reset() { m.loudness.Store(0) }

// Loudness returns the smoothed level, from 0 (silent) to 127.
func (m *Meter) Loudness() float32 { return math.Float32frombits(m.loudness.Load()) }

// Voice is one microphone's loudness at one moment.
type Voice struct {
	ID       string
	Loudness float32
}

// How speech is told from noise. Loudness is 127 minus -dBov, so 77 is -50 dBov.
const (
	speaking  = 77 // loudness above which a voice counts as speech
	holdTicks = 5  // Ticks a speaker stays marked after falling silent
	margin    = 6  // dB by which a newcomer must be louder than one who is heard
)

// Floor remembers who was speaking and who was heard. The zero Floor is ready.
// It is not safe for concurrent use.
type Floor struct {
	marked map[string]int // ticks until a speaker is no longer marked
	heard  []string
}

// Tick takes the loudness of every live microphone at one moment and returns who
// is speaking, loudest first, and the at most n who should be heard. Who is
// heard changes only for somebody who speaks clearly louder, so that it does not
// flutter between two.
func (f *Floor) Tick(voices []Voice, n int) (speakers, heard []string) {
	voices = slices.SortedFunc(slices.Values(voices), func(a, b Voice) int {
		return cmp.Or(cmp.Compare(b.Loudness, a.Loudness), cmp.Compare(a.ID, b.ID))
	})
	return f.mark(voices), f.choose(voices, n)
}

// mark returns the speakers among voices, which are sorted by loudness.
func (f *Floor) mark(voices []Voice) (speakers []string) {
	marked := make(map[string]int, len(f.marked))
	for _, v := range voices {
		ticks := f.marked[v.ID] - 1
		if v.Loudness > speaking {
			ticks = holdTicks
		}
		if ticks > 0 {
			marked[v.ID] = ticks
			speakers = append(speakers, v.ID)
		}
	}
	f.marked = marked
	return speakers
}

// choose returns who is heard among voices, which are sorted by loudness.
func (f *Floor) choose(voices []Voice, n int) []string {
	var heard, rest []Voice
	for _, v := range voices {
		if slices.Contains(f.heard, v.ID) {
			heard = append(heard, v)
		} else {
			rest = append(rest, v)
		}
	}
	heard = heard[:min(len(heard), n)]
	for _, v := range rest {
		switch quietest := len(heard) - 1; {
		case len(heard) < n:
			heard = append(heard, v)
		case n > 0 && v.Loudness > speaking && v.Loudness > heard[quietest].Loudness+margin:
			heard[quietest] = v
			slices.SortStableFunc(heard, func(a, b Voice) int { return cmp.Compare(b.Loudness, a.Loudness) })
		}
	}
	f.heard = f.heard[:0]
	for _, v := range heard {
		f.heard = append(f.heard, v.ID)
	}
	return slices.Clone(f.heard)
}
