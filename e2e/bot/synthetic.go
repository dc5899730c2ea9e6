package bot

import (
	"encoding/binary"
	"errors"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// Stamp is what a bot's packets carry where the ciphertext of a browser's frame
// stands, so that a receiver
// knows whose they are and whether they came whole.
type Stamp struct {
	Publisher uint32
	Packet    uint32 // counted from 0
}

var stampMagic = [4]byte{'c', 'b', 'o', 't'}

// Stream makes up the packets of one source, each a whole frame. They have the
// shape of encrypted ones: a clear SFrame header, and then, in the place of the
// ciphertext, a Stamp.
type Stream struct {
	MIME      string
	Publisher uint32
	KID       uint64 // the key id that the frames claim, see Media.KID
	Plain     bool   // without a header, as from a sender that does not encrypt
	Size      int    // bytes of payload, at least 32
	Layers    int    // temporal ones of VP8, up to 3, of which each may begin with any frame

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
	p.Payload = s.clear(key)
	if !s.Plain {
		p.Payload = sframe(p.Payload, s.KID, uint64(s.packets))
	}
	p.Payload = s.stamp(p.Payload)
	s.seq++
	s.packets++
	s.picture = (s.picture + 1) & 0x7fff
	if s.layer() == 0 {
		s.tl0++
	}
	s.ts += 3000
	if s.MIME == webrtc.MimeTypeOpus {
		s.ts -= 3000 - 960
	}
	return p
}

// layer is the temporal layer of the next frame.
func (s *Stream) layer() byte {
	switch s.Layers {
	case 3:
		return []byte{0, 2, 1, 2}[s.packets%4]
	case 2:
		return []byte{0, 1, 0, 1}[s.packets%4]
	default:
		return 0
	}
}

// Layer returns the temporal layer in the descriptor of a VP8 payload made by a Stream.
func Layer(payload []byte) byte { return payload[5] >> 6 }

// Rest returns a second packet of the VP8 frame that first begins.
func (s *Stream) Rest(first *rtp.Packet) *rtp.Packet {
	p := &rtp.Packet{Header: rtp.Header{SequenceNumber: s.seq, Timestamp: first.Timestamp, Marker: true}}
	p.Payload = append(p.Payload, first.Payload[:6]...) // the descriptor
	p.Payload[0] &^= 0x10                               // not the start of a partition
	p.Payload = append(p.Payload, make([]byte, s.Size)...)
	s.seq++
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

// clear returns what stands before the ciphertext: the codec's descriptor, and
// what docs/e2ee.md leaves in the clear of the frame itself.
func (s *Stream) clear(key bool) []byte {
	hi, lo := 0x80|byte(s.picture>>8), byte(s.picture&0xff)
	switch s.MIME {
	case webrtc.MimeTypeVP8:
		frame := []byte{0x11, 0, 0}
		layer := s.layer()
		if key {
			frame = []byte{0x10, 0, 0, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0x68, 0x01} // 640 by 360
			layer = 0
		}
		return append([]byte{0x90, 0xe0, hi, lo, s.tl0, layer<<6 | 0x20}, frame...)
	case webrtc.MimeTypeVP9:
		if key {
			return []byte{0xac, hi, lo, 0x00, s.tl0}
		}
		return []byte{0xec, hi, lo, 0x00, s.tl0}
	case webrtc.MimeTypeAV1:
		if key {
			return []byte{0x18, 0x08}
		}
		return []byte{0x10, 0x30}
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
	s := Stream{MIME: mime}
	n := len(s.clear(mime == webrtc.MimeTypeVP8 && len(payload) > 6 && payload[6]&1 == 0))
	p := afterSFrame(payload[min(n, len(payload)):])
	if len(p) < 12 || [4]byte(p) != stampMagic {
		return Stamp{}, errNoStamp
	}
	return Stamp{Publisher: binary.BigEndian.Uint32(p[4:]), Packet: binary.BigEndian.Uint32(p[8:])}, nil
}

// Pictures returns the picture numbers in the descriptor of a VP8 or VP9 payload
// made by a Stream.
func Pictures(mime string, payload []byte) (id uint16, tl0 uint8) {
	if mime == webrtc.MimeTypeVP9 {
		return binary.BigEndian.Uint16(payload[1:]) & 0x7fff, payload[4]
	}
	return binary.BigEndian.Uint16(payload[2:]) & 0x7fff, payload[4]
}
