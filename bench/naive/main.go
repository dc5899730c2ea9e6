// Command naive is a forwarding server as one writes it with Pion in an
// afternoon, for the bench: one UDP mux, Pion's default interceptors and the
// transport-wide sequence numbers, a TrackLocalStaticRTP for each publication.
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"sync"

	"github.com/pion/dtls/v3"
	"github.com/pion/interceptor"
	"github.com/pion/logging"
	"github.com/pion/webrtc/v4"

	"github.com/conclave-meet/conclave/bench/control"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "naive:", err)
		os.Exit(1)
	}
}

func run() error {
	addr, err := control.Address()
	if err != nil {
		return err
	}
	api, err := newAPI(addr)
	if err != nil {
		return err
	}
	return control.Serve(&room{api: api, tracks: make(map[publication]*webrtc.TrackLocalStaticRTP)})
}

// newAPI sets Pion up with its own defaults, but for AES-GCM, which the other
// servers use as well.
func newAPI(addr netip.Addr) (*webrtc.API, error) {
	m := &webrtc.MediaEngine{}
	if err := m.RegisterDefaultCodecs(); err != nil {
		return nil, err
	}
	r := &interceptor.Registry{}
	if err := errors.Join(webrtc.RegisterDefaultInterceptors(m, r), webrtc.ConfigureTWCCHeaderExtensionSender(m, r)); err != nil {
		return nil, err
	}
	conn, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(netip.AddrPortFrom(addr, 0)))
	if err != nil {
		return nil, err
	}
	_ = conn.SetReadBuffer(socketBuffer) // as the others have it
	_ = conn.SetWriteBuffer(socketBuffer)
	var s webrtc.SettingEngine
	s.LoggerFactory = &logging.DefaultLoggerFactory{DefaultLogLevel: logging.LogLevelDisabled}
	s.SetICEUDPMux(webrtc.NewICEUDPMux(nil, conn))
	s.SetLite(true)
	s.SetIncludeLoopbackCandidate(true)
	s.SetSRTPProtectionProfiles(dtls.SRTP_AEAD_AES_128_GCM)
	return webrtc.NewAPI(webrtc.WithMediaEngine(m), webrtc.WithInterceptorRegistry(r), webrtc.WithSettingEngine(s)), nil
}

const socketBuffer = 4 << 20 // bytes

// publication is what somebody sends.
type publication struct {
	peer   string
	source control.Source
}

// room forwards every publication to whoever has asked for it at the start.
type room struct {
	api *webrtc.API

	mu     sync.Mutex // guards tracks
	tracks map[publication]*webrtc.TrackLocalStaticRTP
}

// track returns what a publication is written to; it is made by whoever comes
// first, sender or viewer.
func (r *room) track(p publication) (*webrtc.TrackLocalStaticRTP, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if t := r.tracks[p]; t != nil {
		return t, nil
	}
	capability := webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8}
	if p.source == control.Microphone {
		capability.MimeType = webrtc.MimeTypeOpus
	}
	t, err := webrtc.NewTrackLocalStaticRTP(capability, string(p.source), p.peer)
	r.tracks[p] = t
	return t, err
}

// Join implements control.Room.
func (r *room) Join(ctx context.Context, j control.Join) (string, error) {
	pc, err := r.api.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return "", err
	}
	pc.OnTrack(func(t *webrtc.TrackRemote, _ *webrtc.RTPReceiver) { r.forward(j.ID, t) })
	if err := pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: j.Offer}); err != nil {
		return "", err
	}
	for _, v := range j.Watch {
		if err := r.send(pc, v); err != nil {
			return "", err
		}
	}
	answer, err := pc.CreateAnswer(nil)
	if err != nil {
		return "", err
	}
	gathered := webrtc.GatheringCompletePromise(pc)
	if err := pc.SetLocalDescription(answer); err != nil {
		return "", err
	}
	select {
	case <-gathered:
		return pc.LocalDescription().SDP, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// send adds what v shows to what pc gets.
func (r *room) send(pc *webrtc.PeerConnection, v control.View) error {
	t, err := r.track(publication{v.Peer, v.Source})
	if err != nil {
		return err
	}
	sender, err := pc.AddTrack(t)
	if err != nil {
		return err
	}
	go func() { // interceptors see only the RTCP that somebody reads
		buf := make([]byte, 1500)
		for {
			if _, _, err := sender.Read(buf); err != nil {
				return
			}
		}
	}()
	return nil
}

// forward copies what comes in to whoever gets it.
func (r *room) forward(peer string, from *webrtc.TrackRemote) {
	source := control.Camera
	if from.Kind() == webrtc.RTPCodecTypeAudio {
		source = control.Microphone
	}
	to, err := r.track(publication{peer, source})
	if err != nil {
		return
	}
	for {
		p, _, err := from.ReadRTP()
		if err != nil {
			return
		}
		if err := to.WriteRTP(p); err != nil {
			return
		}
	}
}
