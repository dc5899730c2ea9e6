package bot

import (
	"io"

	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/interceptor/pkg/report"
	"github.com/pion/logging"
	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"
)

// NewAPI registers what a browser's lean offer holds, but for one codec.
func NewAPI(shape Shape) (*webrtc.API, error) {
	m := &webrtc.MediaEngine{}
	for _, c := range Codecs {
		if c.MimeType == shape.Without {
			continue
		}
		kind := webrtc.RTPCodecTypeVideo
		if c.MimeType == webrtc.MimeTypeOpus {
			kind = webrtc.RTPCodecTypeAudio
		}
		if err := m.RegisterCodec(c, kind); err != nil {
			return nil, err
		}
	}
	if err := registerExtensions(m, shape.Numbered && !shape.Wide); err != nil {
		return nil, err
	}
	interceptors := &interceptor.Registry{}
	if shape.Wide {
		if err := addFeedback(m, interceptors); err != nil {
			return nil, err
		}
	}
	var s webrtc.SettingEngine
	s.SetIncludeLoopbackCandidate(true)
	s.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	s.DisableSRTPReplayProtection(true)      // a bot wants to see what comes twice
	s.SetSCTPMaxReceiveBufferSize(128 << 10) // a bot that does not read is soon a slow one
	s.LoggerFactory = &logging.DefaultLoggerFactory{DefaultLogLevel: logging.LogLevelDisabled, Writer: io.Discard}
	if shape.Settings != nil {
		shape.Settings(&s)
	}
	return webrtc.NewAPI(webrtc.WithMediaEngine(m), webrtc.WithSettingEngine(s),
		webrtc.WithInterceptorRegistry(interceptors)), nil
}

// addFeedback makes a bot tell how packets arrive, by Pion's own means.
func addFeedback(m *webrtc.MediaEngine, r *interceptor.Registry) error {
	receiver, err := report.NewReceiverInterceptor()
	if err != nil {
		return err
	}
	r.Add(receiver)
	return webrtc.ConfigureTWCCSender(m, r)
}

func registerExtensions(m *webrtc.MediaEngine, numbered bool) error {
	video := []string{sdp.SDESMidURI, sdp.SDESRTPStreamIDURI, sdp.SDESRepairRTPStreamIDURI}
	audio := []string{sdp.SDESMidURI, audioLevelURI}
	if numbered {
		video, audio = append(video, sdp.TransportCCURI), append(audio, sdp.TransportCCURI)
		for _, kind := range []webrtc.RTPCodecType{webrtc.RTPCodecTypeVideo, webrtc.RTPCodecTypeAudio} {
			m.RegisterFeedback(webrtc.RTCPFeedback{Type: webrtc.TypeRTCPFBTransportCC}, kind)
		}
	}
	for _, uri := range video {
		if err := m.RegisterHeaderExtension(webrtc.RTPHeaderExtensionCapability{URI: uri}, webrtc.RTPCodecTypeVideo); err != nil {
			return err
		}
	}
	for _, uri := range audio {
		if err := m.RegisterHeaderExtension(webrtc.RTPHeaderExtensionCapability{URI: uri}, webrtc.RTPCodecTypeAudio); err != nil {
			return err
		}
	}
	return nil
}

const opusType = 109

// Codecs are what a bot offers.
var Codecs = []webrtc.RTPCodecParameters{
	videoCodec(webrtc.MimeTypeVP8, "", 120), videoCodec(webrtc.MimeTypeRTX, "apt=120", 124),
	videoCodec(webrtc.MimeTypeVP9, "profile-id=0", 121), videoCodec(webrtc.MimeTypeRTX, "apt=121", 125),
	videoCodec(webrtc.MimeTypeAV1, "profile=0", 99), videoCodec(webrtc.MimeTypeRTX, "apt=99", 103),
	{
		RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2},
		PayloadType:        opusType,
	},
}

func videoCodec(mime, fmtp string, pt webrtc.PayloadType) webrtc.RTPCodecParameters {
	c := webrtc.RTPCodecParameters{
		RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: mime, ClockRate: 90000, SDPFmtpLine: fmtp},
		PayloadType:        pt,
	}
	if mime != webrtc.MimeTypeRTX {
		c.RTCPFeedback = []webrtc.RTCPFeedback{{Type: "nack"}, {Type: "nack", Parameter: "pli"}}
	}
	return c
}
