package bot

import (
	"bytes"
	"encoding/binary"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// Mark is what the packets of Frame carry in the place of ciphertext: enough to
// count them, and to tell how long they took.
type Mark struct {
	Publisher uint32
	Packet    uint32        // counted from 0
	At        time.Duration // when it was made, by a clock that sender and receiver share
}

var markMagic = [4]byte{'c', 'm', 'r', 'k'}

// markWithin is how far into a payload a mark may begin: after a descriptor, the
// clear bytes of a key frame and the longest SFrame header.
const markWithin = 6 + 10 + 17 + len(markMagic)

// Frame returns the next frame of VP8 or Opus in so many packets of s.Size bytes of
// payload each (at least 64), made at a time. As when a browser cuts an encrypted frame
// into packets, only the first has the SFrame header.
func (s *Stream) Frame(key bool, packets int, at time.Duration) []*rtp.Packet {
	frame := make([]*rtp.Packet, packets)
	for i := range frame {
		p := &rtp.Packet{Header: rtp.Header{SequenceNumber: s.seq, Timestamp: s.ts, Marker: i == packets-1}}
		if i == 0 {
			p.Payload = sframe(s.clear(key), s.KID, uint64(s.packets))
		} else {
			p.Payload = s.clear(false)[:6] // the descriptor
			p.Payload[0] &^= 0x10          // not the start of a partition
		}
		p.Payload = s.mark(p.Payload, at)
		frame[i] = p
		s.seq++
		s.packets++
	}
	s.picture = (s.picture + 1) & 0x7fff
	s.tl0++
	s.ts += 3000
	if s.MIME == webrtc.MimeTypeOpus {
		s.ts -= 3000 - 960
	}
	return frame
}

// mark appends a Mark, and what the packet is still short of.
func (s *Stream) mark(payload []byte, at time.Duration) []byte {
	payload = append(payload, markMagic[:]...)
	payload = binary.BigEndian.AppendUint32(payload, s.Publisher)
	payload = binary.BigEndian.AppendUint32(payload, s.packets)
	payload = binary.BigEndian.AppendUint64(payload, uint64(at)) //nolint:gosec // not negative
	return append(payload, make([]byte, max(0, s.Size-len(payload)))...)
}

// ReadMark finds the mark in the payload of a packet made by Frame.
func ReadMark(payload []byte) (Mark, error) {
	i := bytes.Index(payload[:min(len(payload), markWithin)], markMagic[:])
	if i < 0 || len(payload) < i+20 {
		return Mark{}, errNoStamp
	}
	p := payload[i+4:]
	return Mark{
		Publisher: binary.BigEndian.Uint32(p), Packet: binary.BigEndian.Uint32(p[4:]),
		At: time.Duration(binary.BigEndian.Uint64(p[8:])), //nolint:gosec // mark wrote it
	}, nil
}
