package twcc

import (
	"bytes"
	"encoding/binary"
	"time"
)

const (
	arrivalsSize = 1024 // numbers remembered, a power of two
	mostTimes    = 400  // in one packet of feedback, so that it is shorter than any MTU
)

// Arrivals notes when the packets of one connection came, and writes feedback for
// their sender. The zero Arrivals is ready; it remembers the last 1024 numbers. It is
// not safe for concurrent use.
type Arrivals struct {
	at      []int64 // ticks since the connection began, by number; absent when none
	next    int64   // the first number not reported yet
	top     int64   // the number after the highest that came
	count   uint8   // packets of feedback so far
	started bool
}

const absent = -1 << 62

// Came notes that the packet number seq came, at a time since the connection began.
// What comes a second time, or too late, is passed over.
func (a *Arrivals) Came(seq uint16, since time.Duration) {
	if !a.started {
		a.start(int64(seq) + 1<<16)
	}
	n := extend(a.top-1, seq)
	switch {
	case n >= a.top+arrivalsSize || n < a.top-1<<14: // another sender would start like this
		a.start(n)
	case n < a.top-arrivalsSize || n < a.top && *a.slot(n) != absent:
		return
	}
	for ; a.top <= n; a.top++ {
		*a.slot(a.top) = absent
	}
	*a.slot(n) = int64(since / tick)
	// One that comes late is reported again, with those behind it.
	a.next = max(min(a.next, n), a.top-arrivalsSize)
}

func (a *Arrivals) start(n int64) {
	if a.at == nil {
		a.at = make([]int64, arrivalsSize)
	}
	for i := range a.at {
		a.at[i] = absent
	}
	a.next, a.top, a.started = n, n, true
}

func (a *Arrivals) slot(n int64) *int64 { return &a.at[n&(arrivalsSize-1)] }

// Waiting reports whether anything came that was not reported.
func (a *Arrivals) Waiting() bool { return a.next < a.top }

// Feedback returns the next packet of feedback about what came, from the SSRC sender
// about the SSRC media, or nil when all is reported. The result is the caller's.
func (a *Arrivals) Feedback(sender, media uint32) []byte {
	first := a.next // the first that came is what times are counted from
	for first < a.top && *a.slot(first) == absent {
		first++
	}
	if first == a.top {
		a.next = a.top
		return nil
	}
	ref := *a.slot(first) >> 8 // in units of 64 ms, rounded down
	var statuses [arrivalsSize]byte
	n, times := 0, 0
	deltas := make([]byte, 0, 64)
	last := ref * ticksPerRef
	for ; a.next+int64(n) < a.top && times < mostTimes; n++ {
		at := *a.slot(a.next + int64(n))
		if at == absent {
			continue
		}
		delta := at - last
		switch {
		case delta >= 0 && delta <= 0xff:
			statuses[n], deltas = statusSmall, append(deltas, byte(delta))
		case delta == int64(int16(delta)): //nolint:gosec // that is the question
			statuses[n], deltas = statusLarge, binary.BigEndian.AppendUint16(deltas, uint16(int16(delta))) //nolint:gosec // it fits
		default: // the next packet of feedback has a reference time of its own
			return a.write(sender, media, ref, statuses[:n], deltas)
		}
		last = at
		times++
	}
	return a.write(sender, media, ref, statuses[:n], deltas)
}

// write makes a packet of feedback out of the statuses of the next numbers.
func (a *Arrivals) write(sender, media uint32, ref int64, statuses, deltas []byte) []byte {
	if len(statuses) == 0 { // never: a time is near to its own reference
		return nil
	}
	b := make([]byte, headerSize, headerSize+2*(len(statuses)/7+1)+len(deltas)+4)
	b[0], b[1] = 2<<6|rtcpFormat, rtcpType
	binary.BigEndian.PutUint32(b[4:], sender)
	binary.BigEndian.PutUint32(b[8:], media)
	binary.BigEndian.PutUint16(b[12:], uint16(a.next&0xffff))                   //nolint:gosec // masked
	binary.BigEndian.PutUint16(b[14:], uint16(len(statuses)))                   //nolint:gosec // few
	binary.BigEndian.PutUint32(b[16:], uint32(ref&0xffffff)<<8|uint32(a.count)) //nolint:gosec // masked
	b = append(appendChunks(b, statuses), deltas...)
	if pad := -len(b) & 3; pad > 0 {
		b[0] |= 1 << 5
		b = append(b, make([]byte, pad)...)
		b[len(b)-1] = byte(pad)
	}
	binary.BigEndian.PutUint16(b[2:], uint16(len(b)/4-1)) //nolint:gosec // shorter than an MTU
	a.next += int64(len(statuses))
	a.count++
	return b
}

// appendChunks appends the packet chunks (§3.1.2 and on) of statuses to b: a run of
// equal ones, fourteen of one bit, or seven of two.
func appendChunks(b, statuses []byte) []byte {
	for len(statuses) > 0 {
		run := 1
		for run < len(statuses) && statuses[run] == statuses[0] {
			run++
		}
		if run >= 7 {
			b = binary.BigEndian.AppendUint16(b, uint16(statuses[0])<<13|uint16(run)) //nolint:gosec // at most arrivalsSize
			statuses = statuses[run:]
			continue
		}
		bits, n, chunk := 1, min(14, len(statuses)), uint16(1)<<15
		if bytes.IndexByte(statuses[:n], statusLarge) >= 0 {
			bits, n, chunk = 2, min(7, len(statuses)), 3<<14
		}
		for i, s := range statuses[:n] {
			chunk |= uint16(s) << (14 - bits*(i+1))
		}
		b = binary.BigEndian.AppendUint16(b, chunk)
		statuses = statuses[n:]
	}
	return b
}
