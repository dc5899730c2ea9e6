package pacer

import (
	"sync/atomic"
	"time"

	"github.com/pion/rtp"
)

const (
	// MaxPayload is the longest payload of a packet, in bytes.
	MaxPayload = 1504
	// MaxHead is how many bytes of a payload may differ from one receiver to
	// another, in bytes.
	MaxHead = 16
)

// Stream is where packets go when it is their turn.
type Stream interface {
	// Send is called by one goroutine at a time. The packet is valid during the call,
	// and may be changed.
	Send(p *Packet)
}

// Packet is a packet that leaves.
type Packet struct {
	Class   Class
	At      time.Time // when it leaves, about; several may have the same
	Header  rtp.Header
	Payload []byte

	scratch [MaxPayload]byte
}

// fill makes p the packet of e. The memory of its extensions is used again.
func (p *Packet) fill(e *entry) {
	p.Class = e.class
	p.Header = rtp.Header{
		Version: 2, Padding: e.padding > 0, PaddingSize: e.padding, Marker: e.marker, PayloadType: e.payloadType,
		SequenceNumber: e.seq, Timestamp: e.ts, SSRC: e.ssrc, Extensions: p.Header.Extensions[:0],
	}
	p.Payload = e.body.bytes()
	if e.headLen > 0 {
		p.Payload = p.scratch[:copy(p.scratch[:], p.Payload)]
		copy(p.Payload, e.head[:e.headLen])
	}
}

// Body is a payload that many queues share. It is counted who still needs it.
type Body struct {
	pacer *Pacer
	refs  atomic.Int32
	n     int
	data  [MaxPayload]byte
}

// NewBody returns a copy of a packet's payload, or nil when it is too long or there are
// too many already. Who has it must call Done.
func (p *Pacer) NewBody(class Class, payload []byte) *Body {
	if len(payload) > MaxPayload {
		return nil
	}
	most := int64(maxBodies)
	if class != Audio {
		most -= soundBodies
	}
	if p.bodies.Add(1) > most {
		p.bodies.Add(-1)
		return nil
	}
	b := p.free.Get().(*Body) //nolint:forcetypeassert // nothing else is in there
	b.pacer = p
	b.n = copy(b.data[:], payload)
	b.refs.Store(1)
	return b
}

// Done gives b back. A nil Body may be given back too.
func (b *Body) Done() {
	if b != nil && b.refs.Add(-1) == 0 {
		b.pacer.bodies.Add(-1)
		b.pacer.free.Put(b)
	}
}

// Len returns the length of the payload, in bytes; it is 0 for a nil Body.
func (b *Body) Len() int {
	if b == nil {
		return 0
	}
	return b.n
}

func (b *Body) bytes() []byte { return b.data[:b.n] }

// entry is a packet that waits.
type entry struct {
	stream      Stream
	body        *Body
	ssrc, ts    uint32
	seq         uint16
	payloadType uint8
	marker      bool
	padding     uint8 // bytes behind the payload
	class       Class // set when it leaves
	headLen     uint8
	head        [MaxHead]byte
}

// bits is what an entry counts for: with its padding, its headers down to IPv4's, and the tag of
// its encryption.
func (e *entry) bits() int64 { return int64(e.body.n+int(e.padding)+12+16+8+20) * 8 }

// list is entries in the order in which they came: a ring that grows.
type list struct {
	ring  []entry // its length is a power of two, or 0
	first int
	n     int
}

const (
	minRing = 16
	// keepRing is how long a ring may be and be kept when it is empty: one for most
	// frames. What a key frame took goes back.
	keepRing = 32
)

func (l *list) push(e *entry) {
	if l.n == len(l.ring) {
		l.grow()
	}
	l.n++
	*l.at(l.n - 1) = *e
}

func (l *list) grow() {
	longer := make([]entry, max(2*len(l.ring), minRing))
	k := copy(longer, l.ring[l.first:])
	copy(longer[k:], l.ring[:l.first])
	l.ring, l.first = longer, 0
}

func (l *list) pop() entry {
	e := l.ring[l.first]
	l.ring[l.first] = entry{}
	l.first = (l.first + 1) & (len(l.ring) - 1)
	l.n--
	l.shrink()
	return e
}

// remove takes the entries of one stream out, and calls gone with each.
func (l *list) remove(of Stream, gone func(*entry)) {
	kept := 0
	for i := range l.n {
		e := l.at(i)
		if e.stream == of {
			gone(e)
			continue
		}
		*l.at(kept) = *e
		kept++
	}
	for i := kept; i < l.n; i++ {
		*l.at(i) = entry{}
	}
	l.n = kept
	l.shrink()
}

func (l *list) at(i int) *entry { return &l.ring[(l.first+i)&(len(l.ring)-1)] }

func (l *list) shrink() {
	if l.n == 0 && len(l.ring) > keepRing {
		l.ring, l.first = nil, 0
	}
}
