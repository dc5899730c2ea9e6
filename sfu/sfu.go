// Package sfu forwards media: it takes each participant's packets once and sends
// them to whoever should see or hear them, without looking inside. It knows
// peers, not meetings: who may join, publish or watch is decided elsewhere and
// told to a Group. It stores nothing but the last second or so of packets, in
// memory, to send lost ones again.
//
// One offer is negotiated for the whole call. A peer's receiving media lines are
// slots; showing somebody else in a slot is a change of numbers in the packets'
// headers, never a new negotiation.
package sfu

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"runtime"
	"sync/atomic"

	"github.com/conclave-meet/conclave/sfu/internal/egress"
	"github.com/conclave-meet/conclave/sfu/internal/pacer"
)

// The ways a request to the SFU can fail.
var (
	ErrBadOffer = errors.New("offer is not of the expected shape")
	ErrClosed   = errors.New("group is closed")
)

// Config says where the SFU listens.
type Config struct {
	// Listen are the UDP addresses. An unspecified address (0.0.0.0, ::) stands
	// for every address of this machine, without loopback if there is any other.
	// Port 0 takes a free port, the same one for all.
	Listen []netip.AddrPort
	// PublicIPs are announced instead of the machine's own addresses, for a
	// server behind a 1:1 NAT.
	PublicIPs []netip.Addr
}

// SFU is the media server of one process: its sockets and what all peers share.
type SFU struct {
	pion      pion
	sockets   *sockets
	pacer     *pacer.Pacer
	own       ownAddrs // set when only this machine can reach the SFU
	negotiate chan struct{}

	peers, joins, restarts atomic.Int64
	connected              atomic.Int64
	refused                atomic.Int64
	dataRefused, dataLost  atomic.Int64
	pace                   pace
	census                 census
}

// Stats are numbers for the operator.
type Stats struct {
	Peers     int64 // now
	Connected int64 // of them, those whose media can flow
	Joins     int64 // offers answered for a new peer, ever
	Restarts  int64 // offers answered for a new network, ever
	Refused   int64 // frames that were not encrypted by their sender, ever

	DataRefused int64 // messages that were malformed or too many, ever
	DataDropped int64 // messages that a receiver was too slow for, ever

	Sent Sent
}

// Sent are numbers of the packets to viewers: how many went, at what cost, and what
// became of the others. All but Waiting are since the start.
type Sent struct {
	Packets  int64 // media packets the kernel took
	Messages int64 // in so many messages, of a packet or of several to one viewer
	Calls    int64 // in so many system calls
	Others   int64 // datagrams that carry no media

	Waiting int64 // media packets in the viewers' queues, now

	DroppedAudio   int64 // because a viewer's queue was full
	DroppedVideo   int64 // likewise
	DroppedResends int64 // likewise, of packets that were to be sent again
	DroppedProbes  int64 // likewise, of packets that only measure the line
	DroppedFull    int64 // because the socket was full
	DroppedFailed  int64 // because the kernel refused them
	Refused        int64 // messages of several packets that went one by one in the end
}

// Stats returns the numbers of now.
func (s *SFU) Stats() Stats {
	return Stats{
		Peers: s.peers.Load(), Connected: s.connected.Load(), Joins: s.joins.Load(), Restarts: s.restarts.Load(),
		Refused: s.refused.Load(), DataRefused: s.dataRefused.Load(), DataDropped: s.dataLost.Load(),
		Sent: s.sent(),
	}
}

func (s *SFU) sent() Sent {
	net, queues := s.sockets.stats(), s.pacer.Stats()
	return Sent{
		Packets: net.Packets, Messages: net.Messages, Calls: net.Calls, Others: net.Direct,
		Waiting:      queues.Waiting,
		DroppedAudio: queues.Dropped[pacer.Audio], DroppedVideo: queues.Dropped[pacer.Video], DroppedResends: queues.Dropped[pacer.Resend],
		DroppedProbes: queues.Dropped[pacer.Probe],
		DroppedFull:   net.Full, DroppedFailed: net.Failed, Refused: net.Refused,
	}
}

// Listen opens the sockets and returns the SFU behind them.
func Listen(cfg Config) (*SFU, error) { return listenWith(cfg, egress.Listen) }

func listenWith(cfg Config, open func(netip.AddrPort) (*egress.Conn, error)) (*SFU, error) {
	sockets, err := listen(cfg.Listen, open)
	if err != nil {
		return nil, fmt.Errorf("listen for media: %w", err)
	}
	cores := runtime.GOMAXPROCS(0)
	s := &SFU{sockets: sockets, negotiate: make(chan struct{}, cores), pace: usualPace()}
	if onlyLoopback(sockets.addrs) {
		if s.own, err = localAddrs(); err != nil {
			_ = sockets.mux.Close()
			return nil, err
		}
	}
	if s.pion, err = newPion(sockets, cfg.PublicIPs, s.own); err != nil {
		_ = sockets.mux.Close()
		return nil, fmt.Errorf("set up media: %w", err)
	}
	s.pacer = pacer.New(cores, sockets.flush)
	return s, nil
}

// Addrs returns the addresses the SFU listens on.
func (s *SFU) Addrs() []netip.AddrPort { return s.sockets.addrs }

// Close closes the sockets. Groups are closed by their owners, before.
func (s *SFU) Close() error {
	s.pacer.Close()
	return s.sockets.mux.Close()
}

// acquire waits for one of the places for negotiations, of which there are as
// many as cores: SDP costs tens of milliseconds of CPU, and a crowd that joins
// at once must not starve the packets of those who are in.
func (s *SFU) acquire(ctx context.Context) error {
	select {
	case s.negotiate <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *SFU) release() { <-s.negotiate }
