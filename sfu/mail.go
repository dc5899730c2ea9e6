package sfu

import (
	"slices"
	"time"

	"github.com/pion/rtcp"
)

// feedbackEvery is how often publishers are told about their transport-wide numbers,
// while they send: what they may send depends on it.
const feedbackEvery = 50 * time.Millisecond

// expectFeedback makes the loop give feedback within feedbackEvery.
func (g *Group) expectFeedback() {
	select {
	case g.heard <- struct{}{}:
	default: // it will
	}
}

// feedback adds what publishers are to be told about their packets to m.
func (g *Group) feedback(m mail) {
	for _, p := range *g.members.Load() {
		if packets := p.inbox.feedback(); packets != nil {
			m[p] = packets
		}
	}
}

// mail is RTCP to be sent without holding a lock.
type mail map[*peer][]rtcp.Packet

// settle lets a tick pass for p's route.
func (m mail) settle(p *peer) {
	if p.route.tick() {
		m[p] = append(m[p], &rtcp.ReceiverReport{})
	}
}

func (m mail) send() {
	const most = 32 // in one compound packet: a sender report has 28 bytes
	for p, packets := range m {
		for part := range slices.Chunk(packets, most) {
			_ = p.pc.WriteRTCP(part)
		}
	}
}

// askKeyFrames adds the requests for key frames that are due now to m, and
// returns how long the next one has to wait; 0 when none does.
func (g *Group) askKeyFrames(m mail) (wait time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	for _, p := range g.peers {
		for e := range p.encodings() {
			request, w := e.keyFrameRequest(now)
			if request != nil {
				m[p] = append(m[p], request)
			}
			if w > 0 && (wait == 0 || w < wait) {
				wait = w
			}
		}
	}
	return wait
}
