package descriptor

// fields says where the numbers of a descriptor lie, as offsets into the
// payload; -1 for one that is not there.
type fields struct {
	pictureID int
	wide      bool // PictureID has 15 bits instead of 7
	tl0       int  // TL0PICIDX
	spatial   int  // spatial layer of a VP9 frame
	temporal  int  // TID and Y of a VP8 frame
	end       int  // first byte behind the parsed part; -1 for a malformed descriptor
}

var malformed = fields{pictureID: -1, tl0: -1, temporal: -1, end: -1}

// vp8Fields parses RFC 7741 §4.2.
func vp8Fields(p []byte) fields {
	f := fields{pictureID: -1, tl0: -1, temporal: -1}
	switch {
	case len(p) == 0, p[0]&0x80 != 0 && len(p) < 2:
		return malformed
	case p[0]&0x80 == 0: // X
		f.end = 1
		return f
	}
	ext, n := p[1], 2
	if ext&0x80 != 0 { // I
		if n = f.picture(p, n); n < 0 {
			return malformed
		}
	}
	if ext&0x40 != 0 { // L
		f.tl0 = n
		n++
	}
	if ext&0x30 != 0 { // T or K
		if ext&0x20 != 0 { // T
			f.temporal = n
		}
		n++
	}
	if n > len(p) {
		return malformed
	}
	f.end = n
	return f
}

// vp9Fields parses RFC 9628 §4.2 up to TL0PICIDX.
func vp9Fields(p []byte) fields {
	f := fields{pictureID: -1, tl0: -1, temporal: -1}
	if len(p) == 0 {
		return malformed
	}
	n := 1
	if p[0]&0x80 != 0 { // I
		if n = f.picture(p, n); n < 0 {
			return malformed
		}
	}
	if p[0]&0x20 != 0 { // L
		if n >= len(p) {
			return malformed
		}
		f.spatial = int(p[n]>>1) & 0x07
		n++
		if p[0]&0x10 == 0 { // F: only the non-flexible mode has TL0PICIDX
			f.tl0 = n
			n++
		}
	}
	if n > len(p) {
		return malformed
	}
	f.end = n
	return f
}

// picture notes a PictureID at n and returns the offset behind it, or -1.
func (f *fields) picture(p []byte, n int) int {
	if n >= len(p) {
		return -1
	}
	f.pictureID, f.wide = n, p[n]&0x80 != 0
	if f.wide {
		n++
	}
	if n >= len(p) {
		return -1
	}
	return n + 1
}

func parse(c Codec, p []byte) fields {
	switch c {
	case VP8:
		return vp8Fields(p)
	case VP9:
		return vp9Fields(p)
	default:
		return malformed
	}
}

// Pictures keeps the picture numbers of a slot running on when its source
// changes. A decoder that is shown numbers out of order stashes the frames and
// asks for nothing: the picture freezes in silence, in Chromium and in Firefox.
// The numbers of VP8 and VP9 are kept apart, each from the slot's first packet
// on. The zero Pictures is ready.
type Pictures struct{ vp8, vp9 numbers }

type numbers struct {
	started bool
	id      uint16 // last PictureID sent
	tl0     uint8  // last TL0PICIDX sent
}

// Shift is how far the numbers of one source are moved.
type Shift struct {
	ID  uint16
	TL0 uint8
}

// Switch returns the shift for a source whose first packet in the slot has this
// payload.
func (s *Pictures) Switch(c Codec, payload []byte) Shift {
	last := s.of(c)
	if last == nil || !last.started {
		return Shift{}
	}
	f := parse(c, payload)
	var shift Shift
	if f.pictureID >= 0 {
		shift.ID = last.id + 1 - f.id(payload)
	}
	if f.tl0 >= 0 {
		shift.TL0 = last.tl0 + 1 - payload[f.tl0]
	}
	return shift
}

// Sent notes the numbers of a payload that was rewritten and is the newest of
// the slot.
func (s *Pictures) Sent(c Codec, payload []byte) {
	last := s.of(c)
	if last == nil {
		return
	}
	f := parse(c, payload)
	if f.pictureID >= 0 {
		last.id = f.id(payload)
	}
	if f.tl0 >= 0 {
		last.tl0 = payload[f.tl0]
	}
	last.started = last.started || f.end >= 0
}

// Rewrite moves the numbers in payload, in place, by shift.
func Rewrite(c Codec, payload []byte, shift Shift) {
	f := parse(c, payload)
	if f.pictureID >= 0 {
		f.setID(payload, f.id(payload)+shift.ID)
	}
	if f.tl0 >= 0 {
		payload[f.tl0] += shift.TL0
	}
}

// Rewritable reports whether payloads of c carry picture numbers.
func Rewritable(c Codec) bool { return c == VP8 || c == VP9 }

func (s *Pictures) of(c Codec) *numbers {
	switch c {
	case VP8:
		return &s.vp8
	case VP9:
		return &s.vp9
	default:
		return nil
	}
}

func (f fields) id(p []byte) uint16 {
	if !f.wide {
		return uint16(p[f.pictureID] & 0x7f)
	}
	return uint16(p[f.pictureID]&0x7f)<<8 | uint16(p[f.pictureID+1])
}

func (f fields) setID(p []byte, id uint16) {
	if !f.wide {
		p[f.pictureID] = byte(id & 0x7f)
		return
	}
	p[f.pictureID] = 0x80 | byte(id>>8&0x7f)
	p[f.pictureID+1] = byte(id & 0xff)
}
