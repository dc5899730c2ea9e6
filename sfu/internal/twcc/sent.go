package twcc

import "time"

// How many packets are remembered, in powers of two: at first, and at most. That is more
// than are on their way, or told of in the next feedback, at 40 Mbit/s and a round trip of
// 0.8 s.
const (
	fewestSent = 128
	mostSent   = 4096
)

// sentFor is for how long a packet of which nothing was told is remembered, unless there
// are more than mostSent: as long as the longest round trip that is believed, and a bit.
const sentFor = 6 * time.Second

// Ack is what became of one packet.
type Ack struct {
	Sent    time.Time
	Arrived time.Duration // on the receiver's clock, which began at some time; negative when lost
	Size    int           // bytes on the wire
	Probe   bool          // sent to measure only
}

// Sent numbers the packets of one connection, remembers the last of them, and finds
// them again in the receiver's feedback. The zero Sent is ready. It is not safe for
// concurrent use.
type Sent struct {
	begin   time.Time // what at is counted from
	packets []sent    // by number; taken with the first packet, and longer when that is too few
	next    uint16

	ref     int64 // of the last feedback, in units of 64 ms
	started bool  // there was any
}

// sent is one packet.
type sent struct {
	at    time.Duration
	size  uint16 // bytes
	seq   uint16
	state state
	probe bool
}

type state uint8

const (
	unknown state = iota // not sent
	flying
	lost // as the receiver said at first
	told // that it came
)

// Number notes a packet of size bytes that is sent now and returns its number.
func (s *Sent) Number(now time.Time, size int, probe bool) uint16 {
	if s.packets == nil {
		s.packets, s.begin = make([]sent, fewestSent), now
	}
	seq, at := s.next, now.Sub(s.begin)
	s.next++
	if old := s.of(seq); old.state == flying && at-old.at < sentFor && len(s.packets) < mostSent {
		s.grow()
	}
	*s.of(seq) = sent{at: at, size: uint16(min(size, 1<<16-1)), seq: seq, state: flying, probe: probe} //nolint:gosec // bounded
	return seq
}

// of returns the place of the packet seq.
func (s *Sent) of(seq uint16) *sent { return &s.packets[int(seq)&(len(s.packets)-1)] }

// grow doubles the room. Each packet has a place of its own in it, as it had before.
func (s *Sent) grow() {
	old := s.packets
	s.packets = make([]sent, 2*len(old))
	for _, p := range old { // all of them sent: there was no room left
		*s.of(p.seq) = p
	}
}

// Feedback appends to acks what f tells that was not known: of each packet that it
// came, and before that, at most once, that it is lost. Numbers that were never given
// out, or are forgotten, are passed over.
func (s *Sent) Feedback(f Feedback, acks []Ack) []Ack {
	w := f.walker
	w.at = s.reference(f.ref) * ticksPerRef
	if s.packets == nil {
		return acks
	}
	for seq, at, came, ok := w.next(); ok; seq, at, came, ok = w.next() {
		p := s.of(seq)
		if p.seq != seq || p.state == unknown || p.state == told || p.state == lost && !came {
			continue
		}
		ack := Ack{Sent: s.begin.Add(p.at), Arrived: -1, Size: int(p.size), Probe: p.probe}
		p.state = lost
		if came {
			p.state, ack.Arrived = told, max(0, ticks(at))
		}
		acks = append(acks, ack)
	}
	return acks
}

// reference gives the reference time, of 24 bits, the high bits that put it nearest to
// the last, and returns it. The clock begins well above 0, so that no time is negative.
func (s *Sent) reference(ref uint32) int64 {
	if !s.started {
		s.started, s.ref = true, int64(ref)+1<<24
		return s.ref
	}
	s.ref += int64(int32(ref<<8-uint32(s.ref&0xffffff)<<8) >> 8) //nolint:gosec // the sign is wanted
	if s.ref < 1<<16 {                                           // a receiver whose clock runs backwards
		s.ref += 1 << 24
	}
	return s.ref
}
