package descriptor

import "encoding/binary"

// What stands in the clear before the ciphertext of a VP8 frame: what a receiver
// reads to tell a key frame and its size (RFC 6386 §9.1).
const (
	vp8ClearKey   = 10
	vp8ClearDelta = 3
)

// FrameStart reports whether a packet with this payload begins an encrypted
// frame, and at which offset the ciphertext does; at is -1 when there is no room
// for any. Each spatial layer of a VP9 picture is a frame of its own. A payload
// that is put together as no sender of ours does it counts as a frame without
// ciphertext.
func FrameStart(c Codec, payload []byte) (begins bool, at int) {
	switch c {
	case Opus:
		begins = true
	case VP8:
		begins, at = vp8Start(payload)
	case VP9:
		begins, at = vp9Start(payload)
	case AV1:
		begins, at = av1Start(payload)
	default:
		return true, -1
	}
	if at >= len(payload) {
		return begins, -1
	}
	return begins, at
}

func vp8Start(p []byte) (begins bool, at int) {
	if len(p) == 0 || p[0]&0x10 == 0 || p[0]&0x07 != 0 { // S: start of a partition; PID: the first
		return false, 0
	}
	end := vp8Fields(p).end
	switch {
	case end < 0 || end >= len(p):
		return true, -1
	case p[end]&0x01 == 0: // P of the frame tag: a key frame
		return true, end + vp8ClearKey
	default:
		return true, end + vp8ClearDelta
	}
}

func vp9Start(p []byte) (begins bool, at int) {
	if len(p) == 0 || p[0]&0x08 == 0 { // B
		return false, 0
	}
	return true, vp9End(p)
}

// vp9End returns the offset behind a whole VP9 descriptor (RFC 9628 §4.2), or -1.
func vp9End(p []byte) int {
	n := vp9Fields(p).end
	if n < 0 {
		return -1
	}
	if p[0]&0x50 == 0x50 { // F and P: up to three references, each saying whether one more follows
		for more, refs := true, 0; more; refs++ {
			if refs == 3 || n >= len(p) {
				return -1
			}
			more = p[n]&0x01 != 0 // N
			n++
		}
	}
	if p[0]&0x02 != 0 { // V
		return vp9Structure(p, n)
	}
	return n
}

// vp9Structure returns the offset behind a scalability structure at n, or -1.
func vp9Structure(p []byte, n int) int {
	if n >= len(p) {
		return -1
	}
	ss := p[n]
	n++
	if ss&0x10 != 0 { // Y: a width and a height for each layer
		n += 4 * (int(ss>>5) + 1)
	}
	if ss&0x08 == 0 { // G
		return n
	}
	if n >= len(p) {
		return -1
	}
	pictures := p[n]
	n++
	for range pictures {
		if n >= len(p) {
			return -1
		}
		n += 1 + int(p[n]>>2&0x03) // R references
	}
	return n
}

// av1Start reads the aggregation header (RTP Payload Format for AV1 §4.4). A
// frame of ours is one OBU, so a packet holds one element, or a piece of one.
func av1Start(p []byte) (begins bool, at int) {
	if len(p) == 0 {
		return true, -1
	}
	element, at := p[1:], 1
	switch p[0] >> 4 & 0x03 { // W
	case 0: // every element has its length in front
		length, n := leb128(element)
		if n == 0 || length != uint64(len(element[n:])) {
			return true, -1
		}
		element, at = element[n:], at+n
	case 1: // the one element has none
	default:
		return true, -1
	}
	if p[0]&0x80 != 0 { // Z: goes on with an element begun before
		return false, 0
	}
	n := obuHeader(element)
	if n < 0 {
		return true, -1
	}
	return true, at + n
}

// obuHeader returns the length of the header of the OBU that p begins with (AV1
// §5.3), or -1 for a type that is not sent encrypted.
func obuHeader(p []byte) int {
	if len(p) == 0 {
		return -1
	}
	const sequenceHeader, frame = 1, 6
	if kind := p[0] >> 3 & 0x0f; p[0]&0x80 != 0 || kind != sequenceHeader && kind != frame {
		return -1
	}
	n := 1
	if p[0]&0x04 != 0 { // has extension
		n++
	}
	if n > len(p) {
		return -1
	}
	if p[0]&0x02 != 0 { // has size
		_, size := leb128(p[n:])
		if size == 0 {
			return -1
		}
		n += size
	}
	return n
}

// leb128 reads a number of up to eight bytes (AV1 §4.10.5) and returns how many
// it took, 0 when p does not begin with one.
func leb128(p []byte) (v uint64, n int) {
	v, n = binary.Uvarint(p[:min(len(p), 8)])
	return v, max(n, 0)
}
