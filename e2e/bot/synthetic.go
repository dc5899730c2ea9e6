package bot

import (
	"encoding/binary"
	"errors"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// Stamp is what a bot's packets carry behind their descriptor, so that a receiver
// knows whose they are and whether they came whole.
type Stamp struct {
	Publisher uint32
	Packet    uint32 // counted from 0
}

var stampMagic = [4]byte{'c', 'b', 'o', 't'}

// Stream makes up the packets of one source, each a whole frame.
type Stream struct {
	MIME      string
	Publisher uint32
	Size      int // bytes of payload, at least 32

	seq     uint16
	ts      uint32
	packets uint32
	picture uint16
	tl0     uint8
}

// NewStream returns a stream whose RTP numbers begin at the given ones.
func NewStream(mime string, publisher uint32, seq uint16, picture uint16) *Stream {
	return &Stream{MIME: mime, Publisher: publisher, Size: 200, seq: seq, ts: publisher << 20, picture: picture, tl0: uint8(picture)} //nolint:gosec // any numbers will do
}

// Next returns the next packet; key makes it a key frame.
func (s *Stream) Next(key bool) *rtp.Packet {
	p := &rtp.Packet{Header: rtp.Header{SequenceNumber: s.seq, Timestamp: s.ts, Marker: true}}
	p.Payload = s.stamp(s.descriptor(key))
	s.seq++
	s.packets++
	s.picture = (s.picture + 1) & 0x7fff
	s.tl0++
	s.ts += 3000
	if s.MIME == webrtc.MimeTypeOpus {
		s.ts -= 3000 - 960
	}
	return p
}

// Padding returns a packet without payload, which takes a sequence number.
func (s *Stream) Padding() *rtp.Packet {
	p := &rtp.Packet{Header: rtp.Header{SequenceNumber: s.seq, Timestamp: s.ts, Padding: true, PaddingSize: 100}}
	s.seq++
	return p
}

// Lose skips a sequence number, as if a packet got lost on the way.
func (s *Stream) Lose() { s.seq++ }

func (s *Stream) descriptor(key bool) []byte {
	hi, lo := 0x80|byte(s.picture>>8), byte(s.picture&0xff)
	switch s.MIME {
	case webrtc.MimeTypeVP8:
		frame := byte(0x11)
		if key {
			frame = 0x10
		}
		return []byte{0x90, 0xe0, hi, lo, s.tl0, 0x20, frame}
	case webrtc.MimeTypeVP9:
		if key {
			return []byte{0xac, hi, lo, 0x00, s.tl0}
		}
		return []byte{0xec, hi, lo, 0x00, s.tl0}
	case webrtc.MimeTypeAV1:
		if key {
			return []byte{0x18}
		}
		return []byte{0x10}
	default:
		return nil
	}
}

func (s *Stream) stamp(payload []byte) []byte {
	payload = append(payload, stampMagic[:]...)
	payload = binary.BigEndian.AppendUint32(payload, s.Publisher)
	payload = binary.BigEndian.AppendUint32(payload, s.packets)
	return append(payload, make([]byte, max(0, s.Size-len(payload)))...)
}

var errNoStamp = errors.New("bot: packet carries no stamp")

// ReadStamp finds the stamp in a payload made by a Stream of the given type.
func ReadStamp(mime string, payload []byte) (Stamp, error) {
	n := len((&Stream{MIME: mime}).descriptor(false))
	if len(payload) < n+12 || [4]byte(payload[n:n+4]) != stampMagic {
		return Stamp{}, errNoStamp
	}
	return Stamp{
		Publisher: binary.BigEndian.Uint32(payload[n+4:]),
		Packet:    binary.BigEndian.Uint32(payload[n+8:]),
	}, nil
}

// Pictures returns the picture numbers in the descriptor of a VP8 or VP9 payload
// made by a Stream.
func Pictures(mime string, payload []byte) (id uint16, tl0 uint8) {
	if mime == webrtc.MimeTypeVP9 {
		return binary.BigEndian.Uint16(payload[1:]) & 0x7fff, payload[4]
	}
	return binary.BigEndian.Uint16(payload[2:]) & 0x7fff, payload[4]
}
