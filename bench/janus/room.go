package janus

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/pion/webrtc/v4"

	"github.com/conclave-meet/conclave/bench/control"
	"github.com/conclave-meet/conclave/bench/load"
	"github.com/conclave-meet/conclave/e2e/bot"
)

const (
	room        = 1234
	enterWithin = 30 * time.Second // for one connection
	askAgain    = 50 * time.Millisecond
)

// AtOnce implements load.Server.
func (s *Server) AtOnce() int { return 1 }

// Enter implements load.Server. Whoever sends does so on one connection, and
// whoever watches gets everything on another, as VideoRoom has it.
func (s *Server) Enter(ctx context.Context, all []load.Spec) (people []*load.Person, err error) {
	h, err := s.attach(ctx)
	if err != nil {
		return nil, err
	}
	create := map[string]any{
		"request": "create", "room": room, "publishers": len(all), "audiocodec": "opus", "videocodec": "vp8", "bitrate": 0, "notify_joining": false,
	}
	if _, err := h.say(ctx, create, nil); err != nil {
		return nil, err
	}
	for i, spec := range all {
		people = append(people, load.NewPerson(i, spec))
	}
	for _, step := range []func(context.Context, *load.Person) error{s.publish, s.subscribe} {
		for _, p := range people {
			within, cancel := context.WithTimeout(ctx, enterWithin)
			err := step(within, p)
			cancel()
			if err != nil {
				load.CloseAll(people)
				return nil, fmt.Errorf("person %d: %w", p.Number, err)
			}
		}
	}
	return people, nil
}

// feed is the name of a person in the room: Janus takes no zero.
func feed(person int) int { return person + 1 }

func (s *Server) publish(ctx context.Context, p *load.Person) error {
	if !p.Sends {
		return nil
	}
	shape, err := p.Shape(0, 0)
	if err != nil {
		return err
	}
	media, err := bot.NewMedia(shape, nil)
	if err != nil {
		return err
	}
	p.Take(media)
	media.SetLeaf(p.Leaf)
	offer, err := media.Offer()
	if err != nil {
		return err
	}
	h, err := s.attach(ctx)
	if err != nil {
		return err
	}
	ask := map[string]any{"request": "joinandconfigure", "room": room, "ptype": "publisher", "id": feed(p.Number)}
	answer, err := h.negotiate(ctx, ask, &description{Type: "offer", SDP: offer})
	if err != nil {
		return err
	}
	if err := media.Accept(answer.SDP); err != nil {
		return err
	}
	return media.AwaitConnected(ctx)
}

func (s *Server) subscribe(ctx context.Context, p *load.Person) error {
	if len(p.Watches) == 0 {
		return nil
	}
	var streams []map[string]any
	for _, f := range p.Watches {
		mid := fmt.Sprint(bot.Camera) // lines of a bot's offer are numbered
		if f.Source == control.Microphone {
			mid = fmt.Sprint(bot.Microphone)
		}
		streams = append(streams, map[string]any{"feed": feed(f.Person), "mid": mid})
	}
	h, err := s.attach(ctx)
	if err != nil {
		return err
	}
	ask := map[string]any{"request": "join", "room": room, "ptype": "subscriber", "streams": streams}
	offer, err := h.negotiate(ctx, ask, nil)
	for isEarly(err) && ctx.Err() == nil {
		time.Sleep(askAgain)
		offer, err = h.negotiate(ctx, ask, nil)
	}
	if err != nil {
		return err
	}
	v, err := newViewer(p)
	if err != nil {
		return err
	}
	answer, err := v.answer(ctx, offer.SDP)
	if err != nil {
		return err
	}
	if _, err := h.say(ctx, map[string]any{"request": "start", "room": room}, &description{Type: "answer", SDP: answer}); err != nil {
		return err
	}
	return v.awaitConnected(ctx)
}

// isEarly reports whether Janus does not know a publisher yet.
func isEarly(err error) bool {
	refused, ok := errors.AsType[pluginError](err)
	return ok && refused.code == noSuchFeed
}

// viewer is a connection that only gets media, by an offer of the server.
type viewer struct {
	pc        *webrtc.PeerConnection
	connected chan struct{}
}

func newViewer(p *load.Person) (*viewer, error) {
	shape, err := p.Shape(0, 0)
	if err != nil {
		return nil, err
	}
	api, err := bot.NewAPI(shape)
	if err != nil {
		return nil, err
	}
	v := &viewer{connected: make(chan struct{})}
	if v.pc, err = api.NewPeerConnection(webrtc.Configuration{}); err != nil {
		return nil, err
	}
	before := p.Close
	p.Close = func() {
		_ = v.pc.GracefulClose()
		before()
	}
	var once sync.Once // it may be connected again
	v.pc.OnConnectionStateChange(func(state webrtc.PeerConnectionState) {
		if state == webrtc.PeerConnectionStateConnected {
			once.Do(func() { close(v.connected) })
		}
	})
	take := p.OnPacket()
	v.pc.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		for {
			packet, _, err := track.ReadRTP()
			if err != nil {
				return
			}
			if take != nil {
				take("", packet)
			}
		}
	})
	return v, nil
}

func (v *viewer) answer(ctx context.Context, offer string) (string, error) {
	if err := v.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer}); err != nil {
		return "", err
	}
	answer, err := v.pc.CreateAnswer(nil)
	if err != nil {
		return "", err
	}
	gathered := webrtc.GatheringCompletePromise(v.pc)
	if err := v.pc.SetLocalDescription(answer); err != nil {
		return "", err
	}
	select {
	case <-gathered:
		return v.pc.LocalDescription().SDP, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func (v *viewer) awaitConnected(ctx context.Context) error {
	select {
	case <-v.connected:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("media in state %s: %w", v.pc.ConnectionState(), ctx.Err())
	}
}
