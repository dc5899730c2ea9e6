package bot

import (
	"encoding/binary"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/pion/rtp"
	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"
)

// Sender sends the RTP packets it is given on one line or encoding. It implements
// webrtc.TrackLocal, so that it may send what no well-behaved track would.
type Sender struct {
	kind webrtc.RTPCodecType
	id   string
	rid  string
	mid  atomic.Pointer[string]

	numbers *atomic.Uint32 // transport-wide, of all senders of the bot

	mu    sync.Mutex // guards what follows
	ctx   webrtc.TrackLocalContext
	types map[string]uint8 // payload types by MIME type
}

var errNotReady = errors.New("bot: sender is not negotiated")

// Bind implements webrtc.TrackLocal.
func (s *Sender) Bind(ctx webrtc.TrackLocalContext) (webrtc.RTPCodecParameters, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ctx, s.types = ctx, make(map[string]uint8)
	for _, c := range ctx.CodecParameters() { // Pion keeps only the one returned
		s.types[c.MimeType] = uint8(c.PayloadType)
	}
	return ctx.CodecParameters()[0], nil
}

// Unbind implements webrtc.TrackLocal.
func (s *Sender) Unbind(webrtc.TrackLocalContext) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ctx = nil
	return nil
}

// ID implements webrtc.TrackLocal.
func (s *Sender) ID() string { return s.id }

// RID implements webrtc.TrackLocal.
func (s *Sender) RID() string { return s.rid }

// StreamID implements webrtc.TrackLocal.
func (s *Sender) StreamID() string { return s.id }

// Kind implements webrtc.TrackLocal.
func (s *Sender) Kind() webrtc.RTPCodecType { return s.kind }

// Write sends p with the line's SSRC and the payload type of the codec with this
// MIME type. level, in -dBov, goes into the audio level extension of audio.
func (s *Sender) Write(mime string, p *rtp.Packet, level uint8) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ctx == nil {
		return errNotReady
	}
	p.Version, p.SSRC, p.PayloadType = 2, uint32(s.ctx.SSRC()), s.types[mime]
	for _, x := range s.ctx.HeaderExtensions() {
		if err := s.extend(&p.Header, x, level); err != nil {
			return err
		}
	}
	_, err := s.ctx.WriteStream().WriteRTP(&p.Header, p.Payload)
	return err
}

// WriteRaw sends any header and payload, but for the SSRC if that is 0.
func (s *Sender) WriteRaw(h *rtp.Header, payload []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ctx == nil {
		return errNotReady
	}
	if h.SSRC == 0 {
		h.SSRC = uint32(s.ctx.SSRC())
	}
	_, err := s.ctx.WriteStream().WriteRTP(h, payload)
	return err
}

// SSRC returns that of the line or encoding, or 0 while it is not negotiated.
func (s *Sender) SSRC() uint32 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ctx == nil {
		return 0
	}
	return uint32(s.ctx.SSRC())
}

// WriteRTX sends p as a retransmission (RFC 4588): one that was lost, or one that
// was not, as browsers do to probe the network.
func (s *Sender) WriteRTX(mime string, p *rtp.Packet, seq uint16) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ctx == nil {
		return errNotReady
	}
	again := *p.Clone()
	again.Version, again.SSRC, again.SequenceNumber = 2, uint32(s.ctx.SSRCRetransmission()), seq
	again.PayloadType = s.types[mime] + 4 // see Codecs
	for _, x := range s.ctx.HeaderExtensions() {
		if err := s.extend(&again.Header, x, 0); err != nil {
			return err
		}
	}
	again.Payload = append(binary.BigEndian.AppendUint16(nil, p.SequenceNumber), p.Payload...)
	_, err := s.ctx.WriteStream().WriteRTP(&again.Header, again.Payload)
	return err
}

func (s *Sender) extend(h *rtp.Header, x webrtc.RTPHeaderExtensionParameter, level uint8) error {
	id := uint8(x.ID) //nolint:gosec // RFC 8285 ids are small
	switch {
	case x.URI == sdp.SDESMidURI && s.mid.Load() != nil:
		return h.SetExtension(id, []byte(*s.mid.Load()))
	case x.URI == sdp.SDESRTPStreamIDURI && s.rid != "":
		return h.SetExtension(id, []byte(s.rid))
	case x.URI == sdp.TransportCCURI:
		return h.SetExtension(id, binary.BigEndian.AppendUint16(nil, uint16(s.numbers.Add(1)-1))) //nolint:gosec // they wrap
	case x.URI == audioLevelURI && s.kind == webrtc.RTPCodecTypeAudio:
		return h.SetExtension(id, []byte{level})
	default:
		return nil
	}
}
