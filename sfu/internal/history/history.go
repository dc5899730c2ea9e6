// Package history keeps the last packets of one encoding, so that lost ones can
// be sent again to any subscriber (RFC 4585 §6.2.1). There is one history for
// each encoding, not for each subscriber. It knows nothing of sockets or rooms.
package history

import "sync"

// Packet is what must be kept of an RTP packet to send it again.
type Packet struct {
	Seq       uint16
	Timestamp uint32
	Marker    bool
	Payload   []byte
}

// Ring holds the newest packets of one encoding. One goroutine may Put while
// others Get.
type Ring struct {
	mu      sync.Mutex // guards packets
	packets []Packet   // by sequence number modulo the length; Payload nil when empty
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
}

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
