package sfu_test

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"github.com/conclave-meet/conclave/e2e/bot"
	"github.com/conclave-meet/conclave/sfu"
)

var loopback = []netip.AddrPort{netip.MustParseAddrPort("127.0.0.1:0")}

// stage is a group with real peers.
type stage struct {
	t         *testing.T
	sfu       *sfu.SFU
	group     *sfu.Group
	leaves    int
	connected chan string
	speaking  chan []string
	mayChat   func(peer string, to sfu.Audience) bool // everybody may, while it is nil
	codecs    chan []string
	detour    func(answer string) string // when set, makes it name another way to the SFU

	mu   sync.Mutex
	gone []string // peers that were disconnected
}

func newStage(t *testing.T) *stage {
	t.Helper()
	return newStageOn(t, func() (*sfu.SFU, error) { return sfu.Listen(sfu.Config{Listen: loopback}) })
}

// newStageOn returns a stage on an SFU of the test's choice.
func newStageOn(t *testing.T, listen func() (*sfu.SFU, error)) *stage {
	t.Helper()
	s, err := listen()
	if err != nil {
		t.Fatal(err)
	}
	st := &stage{t: t, sfu: s, connected: make(chan string, 100), speaking: make(chan []string, 1000), codecs: make(chan []string, 100)}
	st.group = s.NewGroup(sfu.Events{
		Connected:    func(peer, _ string) { st.connected <- peer },
		Disconnected: func(peer string) { st.mu.Lock(); st.gone = append(st.gone, peer); st.mu.Unlock() },
		Speaking:     func(peers []string) { st.speaking <- peers },
		MayChat:      func(peer string, to sfu.Audience) bool { return st.mayChat == nil || st.mayChat(peer, to) },
		Codecs:       func(mimes []string) { st.codecs <- mimes },
	})
	t.Cleanup(func() {
		st.group.Close()
		_ = s.Close()
	})
	return st
}

// peer is one bot on a stage.
type peer struct {
	*bot.Media
	id string

	mu       sync.Mutex
	got      map[string][]*rtp.Packet // by mid
	messages map[bot.Class][][]byte
	hold     <-chan struct{} // when set, messages are taken only once it is closed
}

// add joins a bot and waits until its media flows.
func (st *stage) add(id string, shape bot.Shape) *peer {
	st.t.Helper()
	return st.await(st.negotiate(id, shape))
}

// await waits until a bot's media flows.
func (st *stage) await(p *peer) *peer {
	st.t.Helper()
	if err := p.AwaitConnected(st.deadline()); err != nil {
		st.t.Fatal(err)
	}
	select {
	case <-st.connected:
	case <-st.deadline().Done():
		st.t.Fatalf("the group was not told that %s is connected", p.id)
	}
	return p
}

// negotiate joins a bot without waiting for its media.
func (st *stage) negotiate(id string, shape bot.Shape) *peer {
	st.t.Helper()
	return st.seat(sfu.Seat{ID: id, Leaf: st.nextLeaf()}, shape)
}

// lost returns the peers that were disconnected.
func (st *stage) lost() []string {
	st.mu.Lock()
	defer st.mu.Unlock()
	return slices.Clone(st.gone)
}

// seat is negotiate for a seat of the test's choice.
func (st *stage) seat(seat sfu.Seat, shape bot.Shape) *peer {
	st.t.Helper()
	return st.prepare(seat, shape, func(*bot.Media) {})
}

// prepare is seat for media that is prepared before it is offered.
func (st *stage) prepare(seat sfu.Seat, shape bot.Shape, prepare func(*bot.Media)) *peer {
	st.t.Helper()
	p := &peer{id: seat.ID, got: make(map[string][]*rtp.Packet), messages: make(map[bot.Class][][]byte)}
	media, err := bot.NewMedia(shape, p.take)
	if err != nil {
		st.t.Fatal(err)
	}
	st.t.Cleanup(media.Close)
	media.SetLeaf(seat.Leaf)
	media.OnMessage = p.hear
	prepare(media)
	p.Media = media
	offer, err := media.Offer()
	if err != nil {
		st.t.Fatal(err)
	}
	answer, err := st.group.Negotiate(st.t.Context(), seat, offer)
	answer = strings.Replace(answer, "a=max-message-size:16384", "a=max-message-size:65536", 1) // so that a bot may send what is refused
	if err != nil {
		st.t.Fatalf("Negotiate(%s) = %v", seat.ID, err)
	}
	if st.detour != nil {
		answer = st.detour(answer)
	}
	if err := media.Accept(answer); err != nil {
		st.t.Fatal(err)
	}
	return p
}

// nextLeaf hands out leaves as a group does, but for the first, which a test
// would not tell from no leaf at all.
func (st *stage) nextLeaf() int {
	st.leaves++
	return st.leaves
}

func (st *stage) deadline() context.Context {
	ctx, cancel := context.WithTimeout(st.t.Context(), 30*time.Second)
	st.t.Cleanup(cancel)
	return ctx
}

func (p *peer) take(mid string, packet *rtp.Packet) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.got[mid] = append(p.got[mid], packet)
}

func (p *peer) hear(class bot.Class, message []byte) {
	p.mu.Lock()
	hold := p.hold
	p.mu.Unlock()
	if hold != nil {
		<-hold // and Pion reads no further
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.messages[class] = append(p.messages[class], message)
}

func (p *peer) count(class bot.Class) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.messages[class])
}

// bodies returns what has come on the channel of a class.
func (p *peer) bodies(class bot.Class) (list []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, m := range p.messages[class] {
		list = append(list, strings.TrimRight(string(bot.Body(m)), "\x00"))
	}
	return list
}

// packets returns what has come in a slot.
func (p *peer) packets(mid string) []*rtp.Packet {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]*rtp.Packet(nil), p.got[mid]...)
}

// once leaves out the packets that came before, as those do that measure the line, and
// those without a payload.
func once(packets []*rtp.Packet) (list []*rtp.Packet) {
	seen := map[uint16]bool{}
	for _, p := range packets {
		if !seen[p.SequenceNumber] && len(p.Payload) > 0 {
			seen[p.SequenceNumber] = true
			list = append(list, p)
		}
	}
	return list
}

// screen is the bot's first video slot.
func (p *peer) screen() string { return p.Slots(webrtc.RTPCodecTypeVideo)[0] }

// until sends packets with send, at most every few milliseconds, until done.
func (st *stage) until(what string, send func(i int), done func() bool) {
	st.t.Helper()
	deadline := st.deadline()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for i := 0; !done(); i++ {
		send(i)
		select {
		case <-tick.C:
		case <-deadline.Done():
			st.t.Fatalf("not in time: %s", what)
		}
	}
}

// write sends the next packet of a stream, a key frame if one was asked for.
func write(p *peer, line int, s *bot.Stream, key bool) *rtp.Packet {
	s.KID = p.KID(line)
	packet := s.Next(key)
	_ = p.Sender(line).Write(s.MIME, packet, 30) // not connected yet: the packet is lost
	return packet
}

// speak sends the next packet of a sound, as loud as level, in -dBov.
func speak(p *peer, line int, s *bot.Stream, level uint8) {
	s.KID = p.KID(line)
	_ = p.Sender(line).Write(s.MIME, s.Next(true), level)
}

// show makes viewer watch the camera of publisher in its first video slot.
func (st *stage) show(viewer, publisher *peer) string {
	mid := viewer.screen()
	st.group.Watch(viewer.id, []sfu.Wish{{Mid: mid, Peer: publisher.id, Source: sfu.Camera, Height: 720}})
	return mid
}

// stamps reads the stamps of packets.
func stamps(t *testing.T, mime string, packets []*rtp.Packet) (list []bot.Stamp) {
	t.Helper()
	for i, p := range packets {
		s, err := bot.ReadStamp(mime, p.Payload)
		if err != nil {
			t.Fatalf("packet %d: %v: % x", i, err, p.Payload)
		}
		list = append(list, s)
	}
	return list
}

var small = bot.Shape{Audio: 2, Video: 2}

func name(i int) string { return fmt.Sprintf("p%d", i) }
