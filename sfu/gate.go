package sfu

import (
	"github.com/conclave-meet/conclave/sfu/internal/descriptor"
	"github.com/conclave-meet/conclave/sfu/internal/sframe"
)

// gate keeps frames out that are not encrypted by whose line they come on, for
// that source. Senders fail closed; should one not, nobody gets to see it.
type gate struct {
	context uint8
	leaf    uint16

	// The RTP timestamp of the frame refused last. It is kept while others pass:
	// a packet of that frame may come late.
	refused  uint32
	refusing bool // whether there was any
}

func newGate(pub *publication) gate {
	return gate{context: uint8(pub.source), leaf: pub.peer.leaf} //nolint:gosec // a source is a small number
}

// pass reports whether a packet that is not empty may go on. What a frame is
// shows in its first packet; begins is true with the first that is refused.
func (g *gate) pass(c descriptor.Codec, ts uint32, payload []byte) (ok, begins bool) {
	if g.refusing && g.refused == ts {
		return false, false
	}
	starts, at := descriptor.FrameStart(c, payload)
	if !starts || at >= 0 && sframe.From(payload[at:], g.context, g.leaf) {
		return true, false
	}
	g.refused, g.refusing = ts, true
	return false, true
}
