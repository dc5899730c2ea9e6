package sfu

import (
	"net/netip"
	"time"

	"github.com/pion/webrtc/v4"
	"golang.org/x/time/rate"

	"github.com/conclave-meet/conclave/sfu/internal/bwe"
	"github.com/conclave-meet/conclave/sfu/internal/twcc"
)

// ListenLite listens as on a machine that others can reach: ICE-lite, though the
// address is loopback.
func ListenLite() (*SFU, error) {
	s, err := Listen(Config{Listen: []netip.AddrPort{netip.MustParseAddrPort("127.0.0.1:0")}})
	if err != nil {
		return nil, err
	}
	s.own = nil
	s.pion, err = newPion(s.sockets, nil, nil)
	return s, err
}

// LiftPace lets those who join from now on send messages as fast as they like.
func (s *SFU) LiftPace() { s.pace = pace{chats: rate.Inf, hints: rate.Inf, bytes: rate.Inf} }

// Reachable reports whether both channels to a peer are open.
func (g *Group) Reachable(id string) bool {
	r := g.peer(id).relay
	return r.reliable.dc.ReadyState() == webrtc.DataChannelStateOpen && r.lossy.dc.ReadyState() == webrtc.DataChannelStateOpen
}

// Declined returns how many channels that were not agreed on Pion has asked the
// server about.
func (g *Group) Declined(id string) int { return int(g.peer(id).relay.declined.Load()) }

// Waiting returns how many bytes wait to be sent to a peer on the fuller of its
// channels.
func (g *Group) Waiting(id string) uint64 {
	r := g.peer(id).relay
	return max(r.reliable.dc.BufferedAmount(), r.lossy.dc.BufferedAmount())
}

// Told makes f be called with what a peer's transport-wide feedback tells.
func (g *Group) Told(id string, f func(acks []twcc.Ack)) {
	o := &g.peer(id).outbox
	o.mu.Lock()
	defer o.mu.Unlock()
	o.acked = func(_ time.Time, _ time.Duration, acks []twcc.Ack) { f(acks) }
}

// Narrow has a viewer's line take so many bits/s, as far as is known.
func (g *Group) Narrow(id string, rate int) {
	d := &g.peer(id).downlink
	d.mu.Lock()
	defer d.mu.Unlock()
	d.estimator = bwe.New(rate, 1000, 90e6)
}

// RoundTrip returns what is known of the round trip to a peer, or 0.
func (g *Group) RoundTrip(id string) time.Duration { return g.peer(id).outbox.roundTripTime() }

// Line returns what is known of the line to a peer: nil while that is nothing, and
// another for another line.
func (g *Group) Line(id string) *bwe.Estimator {
	d := &g.peer(id).downlink
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.estimator
}
