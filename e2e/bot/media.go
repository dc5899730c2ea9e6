package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// Shape is how many slots a bot offers, and how many encodings its camera has.
type Shape struct {
	Audio, Video int
	Simulcast    bool
	Wide         bool   // numbers what it sends across all lines, and tells how what it gets arrives
	Without      string // the MIME type of a codec that it does not know

	// Numbered is as Wide, but the bot tells nothing of what it gets: as on a line
	// that takes everything.
	Numbered bool
	// Settings, if any, changes what Pion is set up with.
	Settings func(*webrtc.SettingEngine)
}

// Lines are the numbers of the send lines in every offer.
const (
	Microphone = iota
	Camera
	Screen
	ScreenAudio
)

const audioLevelURI = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"

// Media is a bot's PeerConnection.
type Media struct {
	// Exchanges counts the offers answered: one for the whole call.
	Exchanges atomic.Int32
	// KeyFramesAsked counts the requests for key frames to the camera and the
	// screen.
	KeyFramesAsked atomic.Int32
	// OnMessage is called with each data message, from one goroutine a channel.
	// It is set before the offer is made, if at all.
	OnMessage func(class Class, message []byte)
	// OnReport is called with each RTCP packet about what the bot sends, from one
	// goroutine an encoding. It is set like OnMessage.
	OnReport func(p rtcp.Packet)

	pc        *webrtc.PeerConnection
	lines     []*webrtc.RTPTransceiver // that send
	senders   []*Sender                // by line; a simulcast camera's first encoding
	encodings []*Sender                // of a simulcast camera
	onPacket  func(mid string, p *rtp.Packet)
	wide      bool
	channels  map[Class]*webrtc.DataChannel
	opened    map[Class]chan struct{}
	leaf      atomic.Int32
	said      atomic.Uint64 // data messages so far
	asked     sync.Map      // how often for which packet: *atomic.Int32 by number
	numbers   atomic.Uint32 // transport-wide, given out so far
	connected chan struct{}
	once      sync.Once
	wg        sync.WaitGroup
}

// NewMedia returns media in the given shape. onPacket is called with each packet
// of each slot, from one goroutine a slot.
func NewMedia(shape Shape, onPacket func(mid string, p *rtp.Packet)) (*Media, error) {
	api, err := NewAPI(shape)
	if err != nil {
		return nil, err
	}
	pc, err := api.NewPeerConnection(webrtc.Configuration{BundlePolicy: webrtc.BundlePolicyMaxBundle})
	if err != nil {
		return nil, err
	}
	m := &Media{
		pc: pc, onPacket: onPacket, wide: shape.Wide, connected: make(chan struct{}),
		channels: make(map[Class]*webrtc.DataChannel), opened: make(map[Class]chan struct{}),
	}
	pc.OnTrack(m.onTrack)
	pc.OnConnectionStateChange(func(s webrtc.PeerConnectionState) {
		if s == webrtc.PeerConnectionStateConnected {
			m.once.Do(func() { close(m.connected) })
		}
	})
	if err := errors.Join(m.addLines(shape), m.addChannels()); err != nil {
		_ = pc.Close()
		return nil, err
	}
	return m, nil
}

// addLines makes every media line of the one offer.
func (m *Media) addLines(shape Shape) error {
	for line, kind := range []webrtc.RTPCodecType{
		webrtc.RTPCodecTypeAudio, webrtc.RTPCodecTypeVideo, webrtc.RTPCodecTypeVideo, webrtc.RTPCodecTypeAudio,
	} {
		rid := ""
		if line == Camera && shape.Simulcast {
			rid = "q"
		}
		s := &Sender{kind: kind, id: fmt.Sprint("line", line), rid: rid, numbers: &m.numbers}
		t, err := m.pc.AddTransceiverFromTrack(s, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly})
		if err != nil {
			return err
		}
		m.lines, m.senders = append(m.lines, t), append(m.senders, s)
		m.wg.Go(func() { m.readRTCP(t.Sender()) })
		if rid == "" {
			continue
		}
		m.encodings = []*Sender{s}
		for _, rid := range []string{"h", "f"} {
			e := &Sender{kind: kind, id: s.id, rid: rid, numbers: &m.numbers}
			if err := t.Sender().AddEncoding(e); err != nil {
				return err
			}
			m.encodings = append(m.encodings, e)
			m.wg.Go(func() { m.readSimulcastRTCP(t.Sender(), rid) })
		}
	}
	for _, slots := range []struct {
		kind webrtc.RTPCodecType
		n    int
	}{{webrtc.RTPCodecTypeAudio, shape.Audio}, {webrtc.RTPCodecTypeVideo, shape.Video}} {
		for range slots.n {
			init := webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}
			if _, err := m.pc.AddTransceiverFromKind(slots.kind, init); err != nil {
				return err
			}
		}
	}
	return nil
}

// Offer returns the one offer of the call.
func (m *Media) Offer() (string, error) {
	return m.offer(nil)
}

// RestartOffer returns an offer of the same lines with new ICE credentials.
func (m *Media) RestartOffer() (string, error) {
	return m.offer(&webrtc.OfferOptions{ICERestart: true})
}

func (m *Media) offer(options *webrtc.OfferOptions) (string, error) {
	offer, err := m.pc.CreateOffer(options)
	if err != nil {
		return "", err
	}
	gathered := webrtc.GatheringCompletePromise(m.pc)
	if err := m.pc.SetLocalDescription(offer); err != nil {
		return "", err
	}
	<-gathered
	return m.pc.LocalDescription().SDP, nil
}

// Accept takes the answer in.
func (m *Media) Accept(answer string) error {
	m.Exchanges.Add(1)
	err := m.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer})
	if err != nil {
		return err
	}
	for line, t := range m.lines {
		for _, s := range m.sendersOf(line) {
			s.mid.Store(new(t.Mid()))
		}
	}
	return nil
}

// sendersOf returns everything that sends on a line.
func (m *Media) sendersOf(line int) []*Sender {
	if line == Camera && m.encodings != nil {
		return m.encodings
	}
	return m.senders[line : line+1]
}

// AwaitConnected waits until media can flow.
func (m *Media) AwaitConnected(ctx context.Context) error {
	select {
	case <-m.connected:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("media in state %s: %w", m.pc.ConnectionState(), ctx.Err())
	}
}

// Slots returns the mids of the slots of a kind, in the order of the offer.
func (m *Media) Slots(kind webrtc.RTPCodecType) (mids []string) {
	for _, t := range m.pc.GetTransceivers() {
		if t.Kind() == kind && t.Direction() == webrtc.RTPTransceiverDirectionRecvonly {
			mids = append(mids, t.Mid())
		}
	}
	return mids
}

// Sender returns what sends on a line.
func (m *Media) Sender(line int) *Sender { return m.senders[line] }

// Encoding returns the i-th encoding of a simulcast camera, smallest first.
func (m *Media) Encoding(i int) *Sender { return m.encodings[i] }

// WriteRTCP sends feedback.
func (m *Media) WriteRTCP(packets ...rtcp.Packet) error { return m.pc.WriteRTCP(packets) }

// LoseNumber skips a transport-wide number, as if its packet got lost on the way, and
// returns it.
func (m *Media) LoseNumber() uint16 { return uint16(m.numbers.Add(1) - 1) } //nolint:gosec // they wrap

// Close ends the connection and waits for everything of it.
func (m *Media) Close() {
	_ = m.pc.GracefulClose()
	m.wg.Wait()
}

func (m *Media) onTrack(track *webrtc.TrackRemote, receiver *webrtc.RTPReceiver) {
	mid := ""
	for _, t := range m.pc.GetTransceivers() {
		if t.Receiver() == receiver {
			mid = t.Mid()
		}
	}
	if m.wide {
		m.wg.Go(func() { drainRTCP(receiver) })
	}
	for {
		p, _, err := track.ReadRTP()
		if errors.Is(err, io.EOF) || err != nil && p == nil {
			return
		}
		if err == nil && m.onPacket != nil {
			m.onPacket(mid, p)
		}
	}
}

// drainRTCP reads sender reports, so that receiver reports can answer them.
func drainRTCP(receiver *webrtc.RTPReceiver) {
	buf := make([]byte, 1500)
	for {
		if _, _, err := receiver.Read(buf); err != nil {
			return
		}
	}
}

func (m *Media) readRTCP(s *webrtc.RTPSender) {
	for {
		packets, _, err := s.ReadRTCP()
		if err != nil {
			return
		}
		m.count(packets)
	}
}

func (m *Media) readSimulcastRTCP(s *webrtc.RTPSender, rid string) {
	for {
		packets, _, err := s.ReadSimulcastRTCP(rid)
		if err != nil {
			return
		}
		m.count(packets)
	}
}

func (m *Media) count(packets []rtcp.Packet) {
	for _, p := range packets {
		if m.OnReport != nil {
			m.OnReport(p)
		}
		switch p := p.(type) {
		case *rtcp.PictureLossIndication:
			m.KeyFramesAsked.Add(1)
		case *rtcp.TransportLayerNack:
			for _, pair := range p.Nacks {
				pair.Range(m.countAsked)
			}
		}
	}
}

func (m *Media) countAsked(seq uint16) bool {
	times, _ := m.asked.LoadOrStore(seq, new(atomic.Int32))
	times.(*atomic.Int32).Add(1) //nolint:forcetypeassert // nothing else is stored
	return true
}

// Asked returns how often a packet was asked for again.
func (m *Media) Asked(seq uint16) int {
	if times, ok := m.asked.Load(seq); ok {
		return int(times.(*atomic.Int32).Load()) //nolint:forcetypeassert // nothing else is stored
	}
	return 0
}

// IsSound tells the packets of an audio slot from those of a video slot.
func IsSound(p *rtp.Packet) bool { return p.PayloadType == opusType }
