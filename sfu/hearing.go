package sfu

import (
	"sync/atomic"

	"github.com/conclave-meet/conclave/sfu/internal/layer"
)

// How the loss of sound at a peer is followed, in packets.
const (
	hearingSpan = 250  // that it is smoothed over: five seconds of one voice
	hearingMost = 5000 // that one report may tell of; more is no report of ours
)

// mostGuarded is the greatest loss that senders are told of, in 1/256: a fifth. To guard
// against more costs a voice more than it saves.
const mostGuarded = 51

// hearing is what part of the sound sent to a peer gets lost, as the peer tells. A voice is
// not sent again: that would come too late. But its sender can put each piece, coarser, into
// the packet behind it too (RFC 6716 §2.1.7), if it knows that packets get lost. It would
// know of those alone that are lost on the way to us.
type hearing struct {
	lost atomic.Uint32 // in 1/65536
}

// told takes in that a part of 1/256 of the last packets got lost. One goroutine at a time
// calls it.
func (h *hearing) told(fraction uint8, packets uint32) {
	if packets == 0 || packets > hearingMost {
		return
	}
	old := int64(h.lost.Load())
	now := old + (int64(fraction)<<8-old)*int64(packets)/int64(packets+hearingSpan)
	h.lost.Store(uint32(now)) //nolint:gosec // between two numbers of 16 bits
}

// fraction returns the part that gets lost, in 1/256.
func (h *hearing) fraction() uint8 { return uint8(min(mostGuarded, (h.lost.Load()+128)>>8)) }

// fewHear is up to how many listeners the worst of them counts. Where there are more it is
// the second worst: else one who says what is not so would cost every voice.
const fewHear = 3

// lostBeyond returns what part of p's sound gets lost at those who hear it worst, in 1/256,
// by SSRC. The caller holds the group's mu.
func (p *peer) lostBeyond() map[uint32]uint8 {
	var beyond map[uint32]uint8
	for _, source := range []Source{Microphone, ScreenAudio} {
		e := p.publications[source].encodings[layer.Full]
		if e == nil {
			continue
		}
		if f := worstHearing(*e.slots.Load()); f > 0 {
			if beyond == nil {
				beyond = make(map[uint32]uint8)
			}
			beyond[uint32(e.ssrc)] = f
		}
	}
	return beyond
}

// worstHearing returns what part is lost at those of slots that hear it worst, in 1/256.
func worstHearing(slots []*slot) uint8 {
	var worst, second uint8
	for _, s := range slots {
		f := s.peer.hearing.fraction()
		worst, second = max(worst, f), max(second, min(worst, f))
	}
	if len(slots) > fewHear {
		return second
	}
	return worst
}
