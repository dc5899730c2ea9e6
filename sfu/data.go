package sfu

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/webrtc/v4"
	"golang.org/x/time/rate"

	"github.com/conclave-meet/conclave/sfu/internal/message"
)

// What one peer can make the server hold for it, beside what Pion keeps of each
// message: what it sends waits in a window of receiveWindow until it is read, and
// what it is sent in maxReliable and maxLossy.
const (
	receiveWindow = 64 << 10
	maxReliable   = 1 << 20
	maxLossy      = 64 << 10
)

// maxMalformed is how many messages a peer may send that are not as they should
// be, before its channels are closed.
const maxMalformed = 20

// pace is how fast one peer may send; what is faster is dropped.
type pace struct {
	chats, hints rate.Limit // messages a second
	bytes        rate.Limit // of chat, a second
}

func usualPace() pace { return pace{chats: 10, hints: 60, bytes: 64 << 10} }

const (
	chatBurst  = 20
	hintBurst  = 60
	bytesBurst = 64 << 10
)

// relay is a peer's two data channels. Messages pass as they are; each goes from
// the goroutine that reads the sender's channel straight into the buffers of the
// receivers' channels.
type relay struct {
	peer               *peer
	reliable, lossy    *channel
	chats, hints, size *rate.Limiter
	malformed          atomic.Int32
	declined           atomic.Int32  // channels that were not agreed on
	hungUp             atomic.Bool   // nothing is taken any more
	over               chan struct{} // closed with the peer
}

// channel is one data channel, as it sends.
type channel struct {
	dc       *webrtc.DataChannel
	reliable bool
	most     int // bytes that may wait to be sent

	mu sync.Mutex // so that what waits is looked at and added to by one at a time
}

// newRelay opens both channels, as soon as there is a connection for them.
func newRelay(p *peer) (*relay, error) {
	pace := p.group.sfu.pace
	r := &relay{
		peer:     p,
		reliable: &channel{reliable: true, most: maxReliable},
		lossy:    &channel{most: maxLossy},
		chats:    rate.NewLimiter(pace.chats, chatBurst),
		hints:    rate.NewLimiter(pace.hints, hintBurst),
		size:     rate.NewLimiter(pace.bytes, bytesBurst),
		over:     make(chan struct{}),
	}
	p.pc.OnDataChannel(r.decline)
	if err := r.open(r.reliable, "reliable", 0, webrtc.DataChannelInit{Ordered: new(true)}); err != nil {
		return nil, err
	}
	// Pion sends on a negotiated channel as on a reliable and ordered one
	// (datachannel v1.6 applies the settings only after a handshake that a
	// negotiated channel has not), so here only the other side is lossy. What
	// keeps old hints from piling up is maxLossy.
	return r, r.open(r.lossy, "lossy", 1, webrtc.DataChannelInit{Ordered: new(false), MaxRetransmits: new(uint16(0))})
}

func (r *relay) open(c *channel, label string, id uint16, init webrtc.DataChannelInit) (err error) {
	init.ID, init.Negotiated = &id, new(true)
	if c.dc, err = r.peer.pc.CreateDataChannel(label, &init); err != nil {
		return fmt.Errorf("open channel %s: %w", label, err)
	}
	c.dc.OnOpen(func() {
		if !r.peer.enter() {
			return
		}
		defer r.peer.wg.Done()
		if raw, err := c.dc.Detach(); err == nil {
			r.read(c, raw)
		}
	})
	return nil
}

// decline is called by Pion for a channel that was not negotiated. No page of
// ours opens one. Pion takes no other until decline returns, which keeps it from
// holding something for each of 65,535.
func (r *relay) decline(dc *webrtc.DataChannel) {
	r.declined.Add(1)
	_ = dc.Close()
	r.hangUp()
	<-r.over
}

// reader is what a detached channel is to us.
type reader interface {
	ReadDataChannel(p []byte) (n int, text bool, err error)
}

// read takes messages in until the channel closes.
func (r *relay) read(c *channel, from reader) {
	buf := make([]byte, usualMessage)
	for {
		n, text, err := from.ReadDataChannel(buf)
		ok := false
		switch {
		case errors.Is(err, io.ErrShortBuffer): // it is still there
			ok = r.readLong(c, from)
		case err != nil:
			return
		default:
			ok = r.take(c, buf[:n], text)
		}
		if !ok {
			r.hangUp()
			return
		}
	}
}

// usualMessage is what most messages are not longer than, in bytes. The channels of all
// who are there wait with so much room; that for a long one is taken when it comes.
const usualMessage = 512

var longMessages = sync.Pool{New: func() any { return new([message.MaxChat + 1]byte) }}

// readLong is take for a message that has come and is a long one. It returns false also
// when that is longer than the answer has allowed.
func (r *relay) readLong(c *channel, from reader) bool {
	room := longMessages.Get().(*[message.MaxChat + 1]byte) //nolint:forcetypeassert // nothing else is in there
	defer longMessages.Put(room)
	n, text, err := from.ReadDataChannel(room[:])
	return err == nil && r.take(c, room[:n], text)
}

// take passes a message on if it may. It returns false when the peer has sent
// too many that it should not have.
func (r *relay) take(c *channel, m []byte, text bool) bool {
	if r.hungUp.Load() {
		return false
	}
	dumpMessage(r.peer, m)
	h, err := message.Parse(m, r.peer.leaf)
	if err != nil || text || h.Class.Reliable() != c.reliable {
		r.peer.group.sfu.dataRefused.Add(1)
		return r.malformed.Add(1) <= maxMalformed
	}
	if !r.inTime(h.Class, len(m)) {
		r.peer.group.sfu.dataRefused.Add(1)
		return true
	}
	members := *r.peer.group.members.Load()
	if to, there := audienceOf(h, members); !there || h.Class != message.Notice && !r.may(to) {
		return true
	}
	for _, other := range members {
		if other == r.peer || !other.gets(h) {
			continue
		}
		if !other.relay.channel(h.Class).send(m) {
			r.peer.group.sfu.dataLost.Add(1)
		}
	}
	return true
}

// Audience is whom a message is for: everybody, unless it says whom.
type Audience struct {
	Hosts, Presenters bool
	Peer              string // one peer
}

// audienceOf returns whom a message with this header is for, or false when that is
// one who is not among members.
func audienceOf(h message.Header, members []*peer) (Audience, bool) {
	if h.To != message.One {
		return Audience{Hosts: h.To == message.Hosts, Presenters: h.To == message.Presenters}, true
	}
	i := slices.IndexFunc(members, func(p *peer) bool { return p.leaf == h.Leaf })
	if i < 0 {
		return Audience{}, false
	}
	return Audience{Peer: members[i].id}, true
}

// may reports whether the peer may write to these, and counts when not.
func (r *relay) may(to Audience) bool {
	may := r.peer.group.events.MayChat
	if may == nil || may(r.peer.id, to) {
		return true
	}
	r.peer.group.sfu.dataRefused.Add(1)
	return false
}

// inTime reports whether the peer may send a message of n bytes now.
func (r *relay) inTime(c message.Class, n int) bool {
	if c == message.Hint {
		return r.hints.Allow()
	}
	return r.chats.Allow() && r.size.AllowN(time.Now(), n)
}

// Reseat says which messages a peer gets from now on. Its leaf stays.
func (g *Group) Reseat(seat Seat) {
	if p := g.peer(seat.ID); p != nil {
		p.sit(seat)
	}
}

// gets reports whether a message with this header is for p.
func (p *peer) gets(h message.Header) bool {
	switch h.To {
	case message.Everyone:
		return true
	case message.Hosts:
		return p.host.Load()
	case message.Presenters:
		return p.presenter.Load()
	default:
		return p.leaf == h.Leaf
	}
}

func (r *relay) channel(c message.Class) *channel {
	if c.Reliable() {
		return r.reliable
	}
	return r.lossy
}

// send adds m to what waits to be sent, and never blocks: Pion takes whatever it
// is given, so there must be room before. It returns false when there is none.
// A receiver whose channel is not open is not there yet, or any more.
func (c *channel) send(m []byte) bool {
	if c.dc.ReadyState() != webrtc.DataChannelStateOpen {
		return true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if int(c.dc.BufferedAmount())+len(m) > c.most { //nolint:gosec // most bounds it
		return false
	}
	_ = c.dc.Send(m) // fails when the channel is just closing
	return true
}

// hangUp closes both channels, and leaves the call alone: to end the whole
// association would close the transport of the media too. What the peer goes on
// sending fills its window, and no more.
func (r *relay) hangUp() {
	if r.hungUp.Swap(true) {
		return
	}
	_ = r.reliable.dc.Close()
	_ = r.lossy.dc.Close()
}

// recount makes the list of those who get messages anew. The caller holds mu.
func (g *Group) recount() {
	members := make([]*peer, 0, len(g.peers))
	for _, p := range g.peers {
		members = append(members, p)
	}
	g.members.Store(&members)
}
