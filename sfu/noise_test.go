package sfu_test

import (
	"encoding/binary"
	"math/rand/v2"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"

	"github.com/conclave-meet/conclave/e2e/bot"
)

// noise makes packets up that no browser would send.
type noise struct {
	random    *rand.Rand
	words     [50]uint32 // that reports consist of: few, for each may be the SSRC of a stream
	seq       [4]uint16  // of each line: what jumps about does not get past SRTP
	rtp, rtcp int        // sent
}

func newNoise(seed uint64) *noise {
	n := &noise{random: rand.New(rand.NewPCG(seed, seed))} //nolint:gosec // to be repeated
	for i := range n.words {
		n.words[i] = n.random.Uint32() >> n.random.IntN(32)
	}
	return n
}

// send sends one packet as p, about one of p's own streams or one of slots.
func (n *noise) send(p *peer, slots []uint32) {
	if n.random.IntN(2) == 0 {
		line := []int{bot.Microphone, bot.Camera, bot.ScreenAudio}[n.random.IntN(3)]
		h, payload := n.packet()
		n.seq[line] += uint16(n.random.IntN(5))                                     //nolint:gosec // few
		h.SequenceNumber = n.seq[line] - uint16(n.random.IntN(30)*n.random.IntN(2)) //nolint:gosec // few
		if p.Sender(line).WriteRaw(&h, payload) == nil {
			n.rtp++
		}
		return
	}
	raw := rtcp.RawPacket(n.report(slots[n.random.IntN(len(slots))]))
	if p.WriteRTCP(&raw) == nil {
		n.rtcp++
	}
}

// packet returns an RTP packet with any numbers, any extensions and any payload: about
// half begin like a frame.
func (n *noise) packet() (rtp.Header, []byte) {
	h := rtp.Header{
		Version: 2, Marker: n.random.IntN(2) == 0, Padding: n.random.IntN(4) == 0,
		PayloadType: []uint8{120, 121, 99, 109, 124, 125, 103, 77}[n.random.IntN(8)], Timestamp: n.random.Uint32(),
	}
	for range n.random.IntN(4) {
		_ = h.SetExtension(uint8(1+n.random.IntN(14)), n.bytes(1+n.random.IntN(16))) //nolint:gosec // few
	}
	payload := n.bytes(n.random.IntN(1100))
	if n.random.IntN(2) == 0 {
		s := bot.NewStream("video/VP8", 9, 0, uint16(n.random.Uint32())) //nolint:gosec // any
		payload = append(s.Next(true).Payload[:n.random.IntN(40)], payload...)
	}
	return h, payload
}

// report returns an RTCP packet with a header that says how long it is, of a type and
// format that there are, and anything behind that.
func (n *noise) report(ssrc uint32) []byte {
	b := make([]byte, 8, 1000)
	for range n.random.IntN(200) {
		b = binary.BigEndian.AppendUint32(b, n.words[n.random.IntN(len(n.words))])
	}
	b[0] = 2<<6 | byte(n.random.IntN(4)%2)<<5 | []byte{0, 1, 2, 4, 15, byte(n.random.IntN(32))}[n.random.IntN(6)] //nolint:gosec // masked
	b[1] = byte(200 + n.random.IntN(8))                                                                           //nolint:gosec // few
	binary.BigEndian.PutUint16(b[2:], uint16(len(b)/4-1))                                                         //nolint:gosec // short
	if len(b) >= 12 {
		binary.BigEndian.PutUint32(b[8:], ssrc)
	}
	if b[1] == 205 && len(b) > 12 { // feedback about one stream
		b = append(b[:12], n.bytes(len(b)-12)...)
	}
	return b
}

func (n *noise) bytes(length int) []byte {
	b := make([]byte, length)
	for i := range b {
		b[i] = byte(n.random.Uint32()) //nolint:gosec // any
	}
	return b
}
