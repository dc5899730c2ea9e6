package sfu

import (
	"context"
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"

	"github.com/conclave-meet/conclave/sfu/internal/layer"
	"github.com/conclave-meet/conclave/sfu/internal/pacer"
	"github.com/conclave-meet/conclave/sfu/internal/twcc"
)

// peer is one participant's PeerConnection: what it sends, and the slots in
// which it receives. Both are fixed by its one negotiation.
type peer struct {
	id           string
	joined       time.Time // when it was negotiated
	leaf         uint16
	host         atomic.Bool // gets the messages to the hosts
	presenter    atomic.Bool // gets those to presenters
	group        *Group
	pc           *webrtc.PeerConnection
	inbox        *inbox
	outbox       outbox
	misses       allowance // of packets to be sent again; for the goroutine that decrypts RTCP
	replays      allowance // of bytes shown from the past; guarded by the group's mu
	downlink     downlink
	probing      atomic.Bool // a probe is being sent
	publications [sources]*publication
	mids         []string // of the offer's lines, in order
	slots        []*slot  // in the order of the offer
	relay        *relay
	queue        *pacer.Queue // of what is sent to it
	route        route
	connected    atomic.Bool
	hearing      hearing
	still        []string // mids of slots that stand still for want of room; guarded by the group's mu, never changed
	plight       Plight   // at the last tick; guarded by the group's mu

	stateMu sync.Mutex // makes events of this peer come one at a time

	mu     sync.Mutex // guards closed
	closed bool
	wg     sync.WaitGroup // the goroutines that read RTP
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
	p := &peer{id: seat.ID, joined: time.Now(), leaf: uint16(seat.Leaf), group: g} //nolint:gosec // Negotiate has checked it
	p.sit(seat)
	p.inbox, p.queue = newInbox(p), g.sfu.pacer.NewQueue()
	p.downlink.peer, p.outbox.acked = p, p.downlink.acked
	var err error
	if p.pc, err = g.sfu.pion.connect(p.inbox, &p.route); err != nil {
		return nil, "", err
	}
	for source := range sources {
		p.publications[source] = &publication{peer: p, source: source}
	}
	for _, l := range o.lines {
		p.mids = append(p.mids, strings.Clone(l.mid)) // and not the whole offer with it
	}
	p.pc.OnTrack(p.onTrack)
	p.pc.OnConnectionStateChange(p.onState)
	p.pc.SCTP().Transport().ICETransport().OnSelectedCandidatePairChange(func(*webrtc.ICECandidatePair) { p.rerouted() })
	if p.relay, err = newRelay(p); err != nil {
		p.close()
		return nil, "", err
	}
	answer, err := p.answer(ctx, o, func() error { return p.fillSlots(o) })
	if err != nil {
		p.close()
		return nil, "", err
	}
	p.inbox.number.Store(uint32(p.extension(twcc.URI)))
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
		if slices.ContainsFunc(p.pc.GetTransceivers(), (*webrtc.RTPTransceiver).RTPHeaderEncryptionNegotiated) {
			p.route.seal.Hide()
		}
		return sparing(p.pc.LocalDescription().SDP)
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
	p.inbox.measure(uint32(e.ssrc), pub.audio())
	defer p.inbox.forget(uint32(e.ssrc))
	p.group.arrived(e)
	defer p.group.gone(e)
	e.read(track, extensionID(receiver, audioLevelURI))
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

// extension returns the id of a header extension in what p sends, or 0. It is the
// same on every line, for they are bundled (RFC 8843 §9.1).
func (p *peer) extension(uri string) uint8 {
	for _, t := range p.pc.GetTransceivers() {
		if id := extensionID(t.Receiver(), uri); id != 0 {
			return id
		}
	}
	return 0
}

// extensionID returns the id of a header extension in what receiver takes, or 0.
func extensionID(receiver *webrtc.RTPReceiver, uri string) uint8 {
	if receiver == nil {
		return 0
	}
	for _, x := range receiver.GetParameters().HeaderExtensions {
		if x.URI == uri {
			return uint8(x.ID) //nolint:gosec // RFC 8285 ids are small
		}
	}
	return 0
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
		if !p.route.seal.Ready() {
			p.cutOff() // nothing could be sent
			return
		}
		if p.connected.Swap(true) {
			return
		}
		for _, s := range p.slots {
			s.refresh()
		}
		p.group.events.Connected(p.id, p.transport())
		p.group.sfu.connected.Add(1)
	case webrtc.PeerConnectionStateDisconnected, webrtc.PeerConnectionStateFailed, webrtc.PeerConnectionStateClosed:
		if p.connected.Swap(false) {
			p.group.sfu.connected.Add(-1)
			p.group.events.Disconnected(p.id)
		}
	default:
	}
}

// rerouted is called when ICE has chosen another way.
func (p *peer) rerouted() {
	p.downlink.renew()
	p.route.switched()
	_ = p.pc.WriteRTCP([]rtcp.Packet{&rtcp.ReceiverReport{}}) // the route follows what Pion sends
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

// cutOff ends the connection of one who does what no browser would. It returns at
// once; the peer stays in its group until it is removed.
func (p *peer) cutOff() {
	if p.enter() {
		go func() {
			defer p.wg.Done()
			_ = p.pc.Close()
		}()
	}
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
	if p.connected.Swap(false) {
		p.group.sfu.connected.Add(-1)
	}
	p.queue.Close()
	if p.relay != nil {
		close(p.relay.over)
	}
	_ = p.pc.GracefulClose()
	p.wg.Wait()
}
