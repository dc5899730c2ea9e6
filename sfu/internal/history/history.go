// Package history keeps the last packets of one encoding, so that lost ones can
// be sent again to any subscriber (RFC 4585 §6.2.1). There is one history for
// each encoding, not for each subscriber. It knows nothing of sockets or rooms.
package history

import (
	"sync"
	"time"
)

// Packet is what must be kept of an RTP packet to send it again.
type Packet struct {
	Seq       uint16
	Timestamp uint32
	Marker    bool
	Payload   []byte
	Key       bool      // the first of a key frame
	Kind      uint8     // for the caller to know again
	At        time.Time // when it came
}

// Ring holds the newest packets of one encoding. One goroutine may Put while
// others Get.
type Ring struct {
	mu      sync.Mutex // guards what follows
	packets []Packet   // by sequence number modulo the length; Payload nil when empty
	newest  uint16     // number of the newest
	started bool       // there is one
	key     uint16     // number of the first packet of the newest key frame
	keyed   bool       // there is one
}

// Free gives the memory back: nothing is kept from now on.
func (r *Ring) Free() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.packets = nil
}

// NewRing returns a Ring that keeps the last size packets; size is a power of
// two. Memory for payloads is taken as packets come.
func NewRing(size int) *Ring {
	if size <= 0 || size&(size-1) != 0 {
		panic("history: size is not a power of two")
	}
	return &Ring{packets: make([]Packet, size)}
}

// Put stores a copy of p in place of the packet that is a whole ring older.
func (r *Ring) Put(p Packet) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.packets == nil {
		return
	}
	slot := r.slot(p.Seq)
	p.Payload = append(slot.Payload[:0], p.Payload...)
	*slot = p
	if !r.started || ahead(p.Seq, r.newest) {
		r.newest, r.started = p.Seq, true
	}
	if p.Key && (!r.keyed || ahead(p.Seq, r.key)) {
		r.key, r.keyed = p.Seq, true
	}
}

// Picture returns what a decoder needs to show the newest picture: copies of the
// packets from the newest key frame on, in order. It returns nil when that came before
// since, when a packet is missing, or when they have more than most bytes.
func (r *Ring) Picture(since time.Time, most int) []Packet {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := int(r.newest-r.key) + 1
	if r.packets == nil || !r.keyed || n > len(r.packets) {
		return nil
	}
	size := 0
	for i := range n {
		seq := r.key + uint16(i) //nolint:gosec // less than a ring
		p := r.slot(seq)
		if p.Payload == nil || p.Seq != seq || i == 0 && p.At.Before(since) {
			return nil
		}
		if size += len(p.Payload); size > most {
			return nil
		}
	}
	list, all := make([]Packet, n), make([]byte, 0, size)
	for i := range list {
		list[i] = *r.slot(r.key + uint16(i)) //nolint:gosec // likewise
		begin := len(all)
		all = append(all, list[i].Payload...)
		list[i].Payload = all[begin:]
	}
	return list
}

// Forget makes Picture return nothing before the next key frame.
func (r *Ring) Forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.keyed = false
}

func ahead(seq, of uint16) bool { return int16(seq-of) > 0 } //nolint:gosec // the numbers wrap

// Get copies the payload of the packet seq behind into and returns the packet
// with it, or false when it is not, or no longer, there.
func (r *Ring) Get(seq uint16, into []byte) (Packet, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.packets == nil {
		return Packet{}, false
	}
	p := *r.slot(seq)
	if p.Payload == nil || p.Seq != seq {
		return Packet{}, false
	}
	p.Payload = append(into, p.Payload...)
	return p, true
}

func (r *Ring) slot(seq uint16) *Packet { return &r.packets[int(seq)&(len(r.packets)-1)] }
