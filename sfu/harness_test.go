package sfu_test

import (
	"context"
	"fmt"
	"net/netip"
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
	connected chan string
	speaking  chan []string
}

func newStage(t *testing.T) *stage {
	t.Helper()
	s, err := sfu.Listen(sfu.Config{Listen: loopback})
	if err != nil {
		t.Fatal(err)
	}
	st := &stage{t: t, sfu: s, connected: make(chan string, 100), speaking: make(chan []string, 1000)}
	st.group = s.NewGroup(sfu.Events{
		Connected:    func(peer, _ string) { st.connected <- peer },
		Disconnected: func(string) {},
		Speaking:     func(peers []string) { st.speaking <- peers },
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

	mu  sync.Mutex
	got map[string][]*rtp.Packet // by mid
}

// add joins a bot and waits until its media flows.
func (st *stage) add(id string, shape bot.Shape) *peer {
	st.t.Helper()
	p := st.negotiate(id, shape)
	if err := p.AwaitConnected(st.deadline()); err != nil {
		st.t.Fatal(err)
	}
	select {
	case <-st.connected:
	case <-st.deadline().Done():
		st.t.Fatalf("the group was not told that %s is connected", id)
	}
	return p
}

// negotiate joins a bot without waiting for its media.
func (st *stage) negotiate(id string, shape bot.Shape) *peer {
	st.t.Helper()
	p := &peer{id: id, got: make(map[string][]*rtp.Packet)}
	media, err := bot.NewMedia(shape, p.take)
	if err != nil {
		st.t.Fatal(err)
	}
	st.t.Cleanup(media.Close)
	p.Media = media
	offer, err := media.Offer()
	if err != nil {
		st.t.Fatal(err)
	}
	answer, err := st.group.Negotiate(st.t.Context(), id, offer)
	if err != nil {
		st.t.Fatalf("Negotiate(%s) = %v", id, err)
	}
	if err := media.Accept(answer); err != nil {
		st.t.Fatal(err)
	}
	return p
}

func (st *stage) deadline() context.Context {
	ctx, cancel := context.WithTimeout(st.t.Context(), 10*time.Second)
	st.t.Cleanup(cancel)
	return ctx
}

func (p *peer) take(mid string, packet *rtp.Packet) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.got[mid] = append(p.got[mid], packet)
}

// packets returns what has come in a slot.
func (p *peer) packets(mid string) []*rtp.Packet {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]*rtp.Packet(nil), p.got[mid]...)
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
	packet := s.Next(key)
	_ = p.Sender(line).Write(s.MIME, packet, 30) // not connected yet: the packet is lost
	return packet
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
