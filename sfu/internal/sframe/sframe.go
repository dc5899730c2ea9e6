// Package sframe reads the clear header in front of an end-to-end-encrypted
// frame (RFC 9605 §4.3), and who the header says has encrypted it. It holds no
// key and cannot tell whether that is true: receivers do.
package sframe

import "encoding/binary"

// Data is the context of the key for data messages; the contexts below it are
// the sources, by their number. See docs/e2ee.md.
const Data = 4

// Header is the clear part of a frame.
type Header struct {
	KID     uint64 // key id
	Counter uint64
	Len     int // bytes of the header itself
}

// Key is what a key id is made of (RFC 9605 §5.2).
type Key struct {
	Context uint8
	Leaf    uint16 // of the sender, in the group
	Epoch   uint8  // of the group, modulo 256
}

// Parse reads the header that p begins with. It returns false when p does not
// begin with one: the standard allows each number to be written in one way only,
// which is what tells a header from most of what an encoder puts out.
func Parse(p []byte) (h Header, ok bool) {
	if len(p) == 0 {
		return Header{}, false
	}
	h.Len = 1
	if h.KID, ok = h.number(p, p[0]>>4); !ok { // X and K
		return Header{}, false
	}
	if h.Counter, ok = h.number(p, p[0]&0x0f); !ok { // Y and C
		return Header{}, false
	}
	return h, true
}

// number returns the number that four bits of the first byte stand for, or whose
// length they tell, and counts its bytes.
func (h *Header) number(p []byte, bits byte) (uint64, bool) {
	if bits&0x08 == 0 {
		return uint64(bits), true
	}
	n := int(bits&0x07) + 1
	if h.Len+n > len(p) {
		return 0, false
	}
	var wide [8]byte
	copy(wide[8-n:], p[h.Len:h.Len+n])
	h.Len += n
	v := binary.BigEndian.Uint64(wide[:])
	shortest := v > 7 && v>>(8*(n-1)) > 0
	return v, shortest
}

// Key splits the key id. It returns false for one that is not made as ours are.
func (h Header) Key() (Key, bool) {
	return Key{
		Context: uint8(h.KID >> 24 & 0xff),
		Leaf:    uint16(h.KID >> 8 & 0xffff),
		Epoch:   uint8(h.KID & 0xff),
	}, h.KID>>32 == 0
}

// From reports whether p begins with the header of a frame that says to be of
// leaf in context.
func From(p []byte, context uint8, leaf uint16) bool {
	h, ok := Parse(p)
	if !ok {
		return false
	}
	key, ok := h.Key()
	return ok && key.Context == context && key.Leaf == leaf
}
