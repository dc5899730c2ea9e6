package sfu

import (
	"errors"
	"net"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"

	"github.com/conclave-meet/conclave/sfu/internal/gaps"
)

// lookEvery is how often a reader looks up while packets are missing.
const lookEvery = 20 * time.Millisecond

// asking asks a publisher for the packets of an encoding that did not come. Pion's
// own generator sees none of those that come as retransmissions, and asks for them
// for as long as it remembers them: with a packet in fifty lost, half of the line
// was spent on sending them again. The goroutine that reads the encoding owns it.
type asking struct {
	encoding *encoding
	track    *webrtc.TrackRemote
	missing  gaps.Gaps
	hurried  bool // the reader is woken before the next packet
}

func newAsking(e *encoding, track *webrtc.TrackRemote) *asking {
	return &asking{encoding: e, track: track}
}

// read reads the next packet, and asks again for others while it waits.
func (a *asking) read(buf []byte) (int, error) {
	for {
		n, _, err := a.track.Read(buf)
		if woken, ok := errors.AsType[net.Error](err); !ok || !woken.Timeout() {
			return n, err
		}
		now := time.Now()
		a.ask(now)
		a.hurry(now)
	}
}

// came notes a packet.
func (a *asking) came(seq uint16, now time.Time) {
	if a.encoding.pub.audio() {
		return // a lost syllable comes too late
	}
	a.missing.Came(seq, now)
	if a.missing.Open() {
		a.ask(now)
	}
	a.hurry(now)
}

// ask asks for what is due. What nobody is shown is not missed.
func (a *asking) ask(now time.Time) {
	if len(*a.encoding.slots.Load()) == 0 {
		a.missing.Forget()
	}
	due := a.missing.Due(now)
	if len(due) == 0 {
		return
	}
	_ = a.encoding.pub.peer.pc.WriteRTCP([]rtcp.Packet{&rtcp.TransportLayerNack{
		MediaSSRC: uint32(a.encoding.ssrc), Nacks: rtcp.NackPairsFromSequenceNumbers(due),
	}})
}

// hurry has the reader woken soon while packets are missing: Pion hands out what
// comes as a retransmission only when it is asked for the next packet, which may
// be a second later where a share stands still.
func (a *asking) hurry(now time.Time) {
	switch {
	case a.missing.Open():
		_ = a.track.SetReadDeadline(now.Add(lookEvery))
	case a.hurried:
		_ = a.track.SetReadDeadline(time.Time{})
	}
	a.hurried = a.missing.Open()
}
