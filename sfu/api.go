package sfu

import (
	"net"
	"net/netip"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/sdp/v3"
	"github.com/pion/transport/v5/stdnet"
	"github.com/pion/webrtc/v4"

	"github.com/conclave-meet/conclave/sfu/internal/message"
	"github.com/conclave-meet/conclave/sfu/internal/twcc"
)

// When a silent peer counts as disconnected and as gone (RFC 7675 asks to stop
// sending within 30 s), and how often full ICE checks.
const (
	disconnectedAfter = 5 * time.Second
	failedAfter       = 20 * time.Second
	keepAlive         = 2 * time.Second
)

const audioLevelURI = "urn:ietf:params:rtp-hdrext:ssrc-audio-level" // RFC 6464

// pion is Pion set up as an SFU needs it.
type pion struct {
	media    *webrtc.MediaEngine
	settings webrtc.SettingEngine
	sockets  *sockets
}

func newPion(sockets *sockets, public []netip.Addr, own ownAddrs) (pion, error) {
	media, err := newMediaEngine()
	if err != nil {
		return pion{}, err
	}
	settings, err := newSettings(public, own)
	return pion{media: media, settings: settings, sockets: sockets}, err
}

// connect returns a connection whose packets come in through in, and for which media
// leaves on the route out. It has none of
// Pion's interceptors: they copy and allocate for each packet, keep a second's worth
// for each viewer, and do not know that a slot's codec changes.
func (p pion) connect(in *inbox, out *route) (*webrtc.PeerConnection, error) {
	settings := p.settings
	out.listen(&settings, p.sockets)
	settings.BufferFactory = in.open
	return webrtc.NewAPI(
		webrtc.WithMediaEngine(p.media),
		webrtc.WithInterceptorRegistry(&interceptor.Registry{}),
		webrtc.WithSettingEngine(settings),
	).NewPeerConnection(webrtc.Configuration{})
}

// newMediaEngine registers the codecs that survive end-to-end encryption, and
// the header extensions the SFU reads. H.264 is left out: encrypted frames of it
// do not pass a browser's packetizer.
func newMediaEngine() (*webrtc.MediaEngine, error) {
	m := &webrtc.MediaEngine{}
	feedback := []webrtc.RTCPFeedback{
		{Type: "ccm", Parameter: "fir"},
		{Type: "nack"},
		{Type: "nack", Parameter: "pli"},
		{Type: webrtc.TypeRTCPFBTransportCC},
	}
	video := func(mime, fmtp string, pt webrtc.PayloadType) webrtc.RTPCodecParameters {
		return webrtc.RTPCodecParameters{
			RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: mime, ClockRate: 90000, SDPFmtpLine: fmtp, RTCPFeedback: feedback},
			PayloadType:        pt,
		}
	}
	rtx := func(fmtp string, pt webrtc.PayloadType) webrtc.RTPCodecParameters {
		c := video(webrtc.MimeTypeRTX, fmtp, pt)
		c.RTCPFeedback = nil
		return c
	}
	for _, c := range []webrtc.RTPCodecParameters{
		video(webrtc.MimeTypeVP8, "", 96), rtx("apt=96", 97),
		video(webrtc.MimeTypeVP9, "profile-id=0", 98), rtx("apt=98", 99),
		video(webrtc.MimeTypeAV1, "", 45), rtx("apt=45", 46),
	} {
		if err := m.RegisterCodec(c, webrtc.RTPCodecTypeVideo); err != nil {
			return nil, err
		}
	}
	opus := webrtc.RTPCodecParameters{
		RTPCodecCapability: webrtc.RTPCodecCapability{
			MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2, SDPFmtpLine: "minptime=10;useinbandfec=1",
			RTCPFeedback: []webrtc.RTCPFeedback{{Type: webrtc.TypeRTCPFBTransportCC}},
		},
		PayloadType: 111,
	}
	if err := m.RegisterCodec(opus, webrtc.RTPCodecTypeAudio); err != nil {
		return nil, err
	}
	return m, registerExtensions(m)
}

func registerExtensions(m *webrtc.MediaEngine) error {
	for _, x := range []struct {
		uri  string
		kind webrtc.RTPCodecType
	}{
		{sdp.SDESMidURI, webrtc.RTPCodecTypeAudio},
		{audioLevelURI, webrtc.RTPCodecTypeAudio},
		{twcc.URI, webrtc.RTPCodecTypeAudio},
		{twcc.URI, webrtc.RTPCodecTypeVideo},
		{sdp.SDESMidURI, webrtc.RTPCodecTypeVideo},
		{sdp.SDESRTPStreamIDURI, webrtc.RTPCodecTypeVideo},
		{sdp.SDESRepairRTPStreamIDURI, webrtc.RTPCodecTypeVideo},
	} {
		if err := m.RegisterHeaderExtension(webrtc.RTPHeaderExtensionCapability{URI: x.uri}, x.kind); err != nil {
			return err
		}
	}
	return nil
}

func newSettings(public []netip.Addr, own ownAddrs) (webrtc.SettingEngine, error) {
	var s webrtc.SettingEngine
	s.LoggerFactory = silent()
	interfaces, err := stdnet.NewNet() // one for all: each reads what interfaces there are, and keeps it
	if err != nil {
		return s, err
	}
	s.SetNet(interfaces)
	s.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4, webrtc.NetworkTypeUDP6})
	s.SetIncludeLoopbackCandidate(true)
	s.SetICETimeouts(disconnectedAfter, failedAfter, keepAlive)
	s.DetachDataChannels() // so that we read them, into buffers of our size
	s.SetSCTPMaxMessageSize(message.MaxChat)
	s.SetSCTPMaxReceiveBufferSize(receiveWindow)
	// AES-GCM costs a sixth of AES-CM with HMAC-SHA1 here; as DTLS server we choose.
	s.SetSRTPProtectionProfiles(dtls.SRTP_AEAD_AES_128_GCM, dtls.SRTP_AEAD_AES_256_GCM, dtls.SRTP_AES128_CM_HMAC_SHA1_80)
	if err := s.SetAnsweringDTLSRole(webrtc.DTLSRoleServer); err != nil {
		return s, err
	}
	if len(public) > 0 {
		rule := webrtc.ICEAddressRewriteRule{AsCandidateType: webrtc.ICECandidateTypeHost, Mode: webrtc.ICEAddressRewriteReplace}
		for _, a := range public {
			rule.External = append(rule.External, a.String())
		}
		if err := s.SetICEAddressRewriteRules(rule); err != nil {
			return s, err
		}
	}
	if own == nil {
		s.SetLite(true) // the browser connects to us; we connect to nobody
		s.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
		return s, nil
	}
	// Firefox pairs none of its addresses with a loopback one by itself, so here
	// the server must check too: but only addresses of this very machine.
	s.SetICEMulticastDNSMode(ice.MulticastDNSModeQueryOnly)
	s.SetRemoteIPFilter(func(ip net.IP) bool {
		a, ok := netip.AddrFromSlice(ip)
		return ok && own.has(a)
	})
	return s, nil
}
