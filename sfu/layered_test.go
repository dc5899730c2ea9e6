package sfu

import (
	"encoding/binary"
	"testing"
	"time"

	"github.com/conclave-meet/conclave/sfu/internal/descriptor"
)

// layered is an encoder of three temporal layers, as libvpx orders them.
type layered struct {
	made    []made // every frame, by its number
	seq     uint16
	packets int // of a frame
	began   time.Time
}

// made is what the encoder knows of a frame: its layer, and which frame of each layer it
// needs; -1 for none.
type made struct {
	layer uint8
	needs [3]int
}

// rhythm is of which layer each frame is, and which need the lowest layer only.
var rhythm = []descriptor.Temporal{{Sync: true}, {ID: 2, Sync: true}, {ID: 1, Sync: true}, {ID: 2}, {}, {ID: 2}, {ID: 1}, {ID: 2}}

// frame returns the packets of the next frame; key makes it a key frame, with which the
// rhythm begins anew.
func (l *layered) frame(key bool) (packets []*packet) {
	n := len(l.made)
	if n%len(rhythm) != 0 && key {
		panic("only where the rhythm begins") // enough for a test
	}
	t := rhythm[n%len(rhythm)]
	f := made{layer: t.ID, needs: [3]int{-1, -1, -1}}
	for id := range t.ID + 1 {
		if key || id > 0 && t.Sync {
			break
		}
		for i, old := range l.made {
			if old.layer == id {
				f.needs[id] = i
			}
		}
	}
	l.made = append(l.made, f)
	for i := range l.packets {
		picture, sync := uint16(100+n), byte(0)
		if t.Sync {
			sync = 0x20
		}
		payload := []byte{0x90, 0xe0, 0x80 | byte(picture>>8), byte(picture), 7, t.ID<<6 | sync, 0x11}
		if i > 0 {
			payload[0] = 0x80
		}
		payload = binary.BigEndian.AppendUint32(payload, uint32(n)) //nolint:gosec // small
		l.seq++
		packets = append(packets, &packet{
			codec: descriptor.VP8, seq: l.seq, ts: uint32(3000 * n), marker: i == l.packets-1, keyFrame: key && i == 0, //nolint:gosec // small
			temporal: descriptor.TemporalOf(descriptor.VP8, payload), payload: payload, at: l.began.Add(time.Duration(n) * time.Second / 30),
		})
	}
	return packets
}

// seen is a frame that has come whole to a viewer.
type seen struct {
	frame   int
	picture uint16
}

// whole puts what was sent together, as a browser does: by the numbers of the packets, each
// frame from its first to its last.
func whole(t *testing.T, out *tape) (frames []seen) {
	t.Helper()
	out.drain()
	bySeq := map[uint16]int{}
	for i, h := range out.headers {
		if j, twice := bySeq[h.SequenceNumber]; twice {
			t.Fatalf("number %d is of the packets %d and %d", h.SequenceNumber, j, i)
		}
		bySeq[h.SequenceNumber] = i
	}
	first := out.headers[0].SequenceNumber
	var parts []int
	for n := range 1 << 15 {
		i, ok := bySeq[first+uint16(n)]
		if !ok {
			parts = nil
			continue
		}
		p := out.payloads[i]
		if len(p) == 0 {
			continue // in the place of one that was left out
		}
		if p[0]&0x10 != 0 {
			parts = nil
		} else if len(parts) == 0 || out.headers[i].Timestamp != out.headers[parts[0]].Timestamp {
			parts = nil
			continue // not from its beginning
		}
		if parts = append(parts, i); out.headers[i].Marker {
			frames = append(frames, seen{frame: int(binary.BigEndian.Uint32(p[len(p)-4:])), picture: binary.BigEndian.Uint16(p[2:]) & 0x7fff})
		}
	}
	return frames
}

// garbled returns a frame that a browser makes from others than those it needs, or -1. Of
// each layer it keeps the last frame that it could decode. It knows by TL0PICIDX which one
// of the lowest layer a frame needs, and of another layer takes the last, unless a picture
// is missing since.
func garbled(made []made, frames []seen) int {
	last := [3]int{-1, -1, -1} // by layer, in frames
	there := map[uint16]bool{}
	for _, s := range frames {
		there[s.picture] = true
	}
	missing := func(from, to uint16) bool {
		for picture := from + 1; picture != to; picture++ {
			if !there[picture] {
				return true
			}
		}
		return false
	}
	for i, s := range frames {
		f := made[s.frame]
		decodes := f.needs[0] < 0 || last[0] >= 0 && frames[last[0]].frame == f.needs[0]
		for id := 1; id < len(f.needs) && f.needs[id] >= 0; id++ {
			switch {
			case last[id] < 0 || missing(frames[last[id]].picture, s.picture):
				decodes = false
			case decodes && frames[last[id]].frame != f.needs[id]:
				return s.frame
			}
		}
		if decodes {
			last[f.layer] = i
		}
	}
	return -1
}

func count(made []made, frames []seen, from, to int) (layers [3]int) {
	for _, s := range frames {
		if s.frame >= from && s.frame < to {
			layers[made[s.frame].layer]++
		}
	}
	return layers
}
