package twcc

import (
	"encoding/binary"
	"errors"
	"time"
)

// maxStatuses is how many numbers one packet of feedback may tell of: no more than are
// remembered. At a thousand packets a second and four packets of feedback, it tells of
// 250.
const maxStatuses = mostSent

var errMalformed = errors.New("twcc: malformed feedback")

// Feedback is one packet of feedback, which has been looked through.
type Feedback struct {
	walker walker
	ref    uint32 // the reference time, in units of 64 ms
}

// Parse looks a packet of feedback through and refers to it. That takes as long as
// what the packet tells of, so it is for the caller to do where nobody waits. The error
// says that the packet is malformed, and tells nothing.
func Parse(packet []byte) (Feedback, error) {
	w, ref, err := newWalker(packet)
	return Feedback{walker: w, ref: ref}, err
}

// A walker takes one packet of feedback apart. Its state is what is left of it.
type walker struct {
	chunks, deltas []byte
	seq            uint16
	left           int   // numbers not walked yet
	at             int64 // ticks, of the last that came

	chunk    uint16
	inChunk  int // statuses left in chunk
	bits     int // of a status in chunk; 0 in a run
	position int
}

// newWalker looks at the header and finds where the times begin. It returns an error
// when a later call of next would run out of bytes, or when there are too many
// numbers.
func newWalker(packet []byte) (w walker, ref uint32, err error) {
	if len(packet) < headerSize || !Is(packet) || (int(binary.BigEndian.Uint16(packet[2:]))+1)*4 != len(packet) {
		return walker{}, 0, errMalformed
	}
	w = walker{seq: binary.BigEndian.Uint16(packet[12:]), left: int(binary.BigEndian.Uint16(packet[14:]))}
	if w.left == 0 || w.left > maxStatuses {
		return walker{}, 0, errMalformed
	}
	ref = binary.BigEndian.Uint32(packet[16:]) >> 8
	body := packet[headerSize:]
	w.chunks = body
	need := 0 // bytes of times
	for counted := 0; counted < w.left; {
		status, ok := w.status()
		if !ok {
			return walker{}, 0, errMalformed
		}
		switch status {
		case statusSmall:
			need++
		case statusLarge:
			need += 2
		}
		counted++
	}
	used := len(body) - len(w.chunks)
	if len(body)-used < need {
		return walker{}, 0, errMalformed
	}
	w.chunks, w.deltas, w.inChunk = body[:used], body[used:], 0
	return w, ref, nil
}

// status takes the next status out of the chunks.
func (w *walker) status() (status byte, ok bool) {
	for w.inChunk == 0 {
		if len(w.chunks) < 2 {
			return 0, false
		}
		w.chunk, w.chunks, w.position = binary.BigEndian.Uint16(w.chunks), w.chunks[2:], 0
		switch w.chunk >> 14 {
		case 2:
			w.bits, w.inChunk = 1, 14
		case 3:
			w.bits, w.inChunk = 2, 7
		default:
			w.bits, w.inChunk = 0, int(w.chunk&0x1fff)
		}
	}
	w.inChunk--
	if w.bits == 0 {
		return byte(w.chunk >> 13 & 3), true
	}
	w.position += w.bits
	return byte(w.chunk>>(14-w.position)&0xff) & (1<<w.bits - 1), true //nolint:gosec // masked
}

// next returns the next number and whether and when, in ticks, its packet came. A
// reserved status (3) counts as lost.
func (w *walker) next() (seq uint16, at int64, came, ok bool) {
	if w.left == 0 {
		return 0, 0, false, false
	}
	status, _ := w.status() // newWalker has been through all of them
	seq = w.seq
	w.seq++
	w.left--
	switch status {
	case statusSmall:
		w.at += int64(w.deltas[0])
		w.deltas = w.deltas[1:]
		return seq, w.at, true, true
	case statusLarge:
		w.at += int64(int16(binary.BigEndian.Uint16(w.deltas))) //nolint:gosec // it has a sign
		w.deltas = w.deltas[2:]
		return seq, w.at, true, true
	}
	return seq, 0, false, true
}

// ticks are a time as feedback counts it.
func ticks(n int64) time.Duration { return time.Duration(n) * tick }
