package sfu

import (
	"context"
	"fmt"
	"iter"
	"math"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/pion/webrtc/v4"

	"github.com/conclave-meet/conclave/sfu/internal/layer"
)

// peer is one participant's PeerConnection: what it sends, and the slots in
// which it receives. Both are fixed by its one negotiation.
type peer struct {
	id           string
	leaf         uint16
	host         atomic.Bool // gets the messages to the hosts
	presenter    atomic.Bool // gets those to presenters
	group        *Group
	pc           *webrtc.PeerConnection
	publications [sources]*publication
	mids         []string // of the offer's lines, in order
	slots        []*slot  // in the order of the offer
	relay        *relay
	connected    atomic.Bool

	stateMu sync.Mutex // makes events of this peer come one at a time

	mu     sync.Mutex // guards closed
	closed bool
	wg     sync.WaitGroup // the goroutines that read RTP and RTCP
}

// Seat is whom a peer is negotiated for.
type Seat struct {
	ID        string
	Leaf      int  // in the group's tree: frames and messages must say they are from there
	Host      bool // gets the messages to the hosts
	Presenter bool // gets those to presenters
}

// sit notes which messages p gets from now on.
func (p *peer) sit(seat Seat) {
	p.host.Store(seat.Host)
	p.presenter.Store(seat.Presenter)
}

func (s Seat) check() error {
	if s.Leaf < 0 || s.Leaf > math.MaxUint16 {
		return fmt.Errorf("leaf %d is out of range", s.Leaf)
	}
	return nil
}

// newPeer negotiates o and returns the peer, which nothing is sent to yet.
func newPeer(ctx context.Context, g *Group, seat Seat, o offer) (*peer, string, error) {
	pc, err := g.sfu.api.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return nil, "", err
	}
	p := &peer{id: seat.ID, leaf: uint16(seat.Leaf), group: g, pc: pc} //nolint:gosec // Negotiate has checked it
	p.sit(seat)
	for source := range sources {
		p.publications[source] = &publication{peer: p, source: source}
	}
	for _, l := range o.lines {
		p.mids = append(p.mids, l.mid)
	}
	pc.OnTrack(p.onTrack)
	pc.OnConnectionStateChange(p.onState)
	if p.relay, err = newRelay(p); err != nil {
		p.close()
		return nil, "", err
	}
	answer, err := p.answer(ctx, o, func() error { return p.fillSlots(o) })
	if err != nil {
		p.close()
		return nil, "", err
	}
	return p, answer, nil
}

// answer applies o, calls between, and returns the answer with all candidates.
func (p *peer) answer(ctx context.Context, o offer, between func() error) (string, error) {
	if err := p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: o.sdp}); err != nil {
		return "", fmt.Errorf("%w: %w", ErrBadOffer, err)
	}
	if err := between(); err != nil {
		return "", err
	}
	answer, err := p.pc.CreateAnswer(nil)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrBadOffer, err)
	}
	gathered := webrtc.GatheringCompletePromise(p.pc)
	if err := p.pc.SetLocalDescription(answer); err != nil {
		return "", fmt.Errorf("%w: %w", ErrBadOffer, err)
	}
	select {
	case <-gathered:
		return p.pc.LocalDescription().SDP, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// fillSlots puts a slot into every recvonly line of o: an SSRC can be announced
// in the answer only.
func (p *peer) fillSlots(o offer) error {
	for _, l := range o.slots() {
		s := newSlot(p, l)
		if _, err := p.pc.AddTrack(s); err != nil {
			return fmt.Errorf("%w: %w", ErrBadOffer, err)
		}
		p.slots = append(p.slots, s)
	}
	for _, t := range p.pc.GetTransceivers() {
		if t.Sender() == nil {
			continue
		}
		s, ok := t.Sender().Track().(*slot)
		if !ok {
			continue
		}
		s.mid = t.Mid() // Pion takes the first free line of the kind
		sender := t.Sender()
		p.wg.Go(func() { s.readRTCP(sender) })
	}
	return nil
}

// restart answers an offer of the same lines.
func (p *peer) restart(ctx context.Context, o offer) (string, error) {
	same := slices.EqualFunc(o.lines, p.mids, func(l line, mid string) bool { return l.mid == mid })
	if !same {
		return "", fmt.Errorf("%w: not the lines of the first offer", ErrBadOffer)
	}
	return p.answer(ctx, o, func() error { return nil })
}

// onTrack is called by Pion, in a goroutine of its own, when the first packets
// of an encoding arrive.
func (p *peer) onTrack(track *webrtc.TrackRemote, receiver *webrtc.RTPReceiver) {
	if !p.enter() {
		return
	}
	defer p.wg.Done()
	source := p.sourceOf(receiver)
	index := layer.Index(track.RID())
	if source < 0 || index < 0 {
		return // not a line we offered to take
	}
	pub := p.publications[source]
	e := newEncoding(pub, index, track.SSRC())
	p.wg.Go(func() { drainRTCP(receiver, track.RID()) })
	p.group.arrived(e)
	defer p.group.gone(e)
	e.read(track, levelID(receiver))
}

// encodings walks through everything that arrives from p. The caller holds the
// group's mu.
func (p *peer) encodings() iter.Seq[*encoding] {
	return func(yield func(*encoding) bool) {
		for _, pub := range p.publications {
			for _, e := range pub.encodings {
				if e != nil && !yield(e) {
					return
				}
			}
		}
	}
}

// sourceOf returns which source's line receiver belongs to, or -1.
func (p *peer) sourceOf(receiver *webrtc.RTPReceiver) Source {
	for _, t := range p.pc.GetTransceivers() {
		if t.Receiver() == receiver {
			if i := slices.Index(p.mids, t.Mid()); i < int(sources) {
				return Source(i)
			}
		}
	}
	return -1
}

// levelID returns the id of the audio level extension, or 0.
func levelID(receiver *webrtc.RTPReceiver) uint8 {
	for _, x := range receiver.GetParameters().HeaderExtensions {
		if x.URI == audioLevelURI {
			return uint8(x.ID) //nolint:gosec // RFC 8285 ids are small
		}
	}
	return 0
}

// drainRTCP reads a publisher's sender reports, so that the receiver reports can
// answer them.
func drainRTCP(receiver *webrtc.RTPReceiver, rid string) {
	for {
		var err error
		if rid == "" {
			_, _, err = receiver.ReadRTCP()
		} else {
			_, _, err = receiver.ReadSimulcastRTCP(rid)
		}
		if err != nil {
			return
		}
	}
}

// onState is called by Pion when the connection's state has changed, each time
// in a goroutine of its own, so not always in order: the state that counts is
// the one now.
func (p *peer) onState(webrtc.PeerConnectionState) {
	if !p.enter() {
		return
	}
	defer p.wg.Done()
	p.stateMu.Lock()
	defer p.stateMu.Unlock()
	switch p.pc.ConnectionState() {
	case webrtc.PeerConnectionStateConnected:
		if p.connected.Swap(true) {
			return
		}
		for _, s := range p.slots {
			s.refresh()
		}
		p.group.events.Connected(p.id, p.transport())
	case webrtc.PeerConnectionStateDisconnected, webrtc.PeerConnectionStateFailed:
		if p.connected.Swap(false) {
			p.group.events.Disconnected(p.id)
		}
	default:
	}
}

// transport names how the media travels, as records do.
func (p *peer) transport() string {
	for _, t := range p.pc.GetTransceivers() {
		if t.Receiver() == nil || t.Receiver().Transport() == nil {
			continue
		}
		pair, err := t.Receiver().Transport().ICETransport().GetSelectedCandidatePair()
		if err == nil && pair != nil {
			return pair.Local.Protocol.String()
		}
	}
	return ""
}

// enter counts a goroutine in, or returns false when the peer is closing.
func (p *peer) enter() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.closed {
		p.wg.Add(1)
	}
	return !p.closed
}

// close ends the connection and returns when nothing of it runs any more.
func (p *peer) close() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.connected.Store(false)
	if p.relay != nil {
		close(p.relay.over)
	}
	_ = p.pc.GracefulClose()
	p.wg.Wait()
}
