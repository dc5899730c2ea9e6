package sfu_test

import (
	"encoding/binary"
	"maps"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"github.com/conclave-meet/conclave/e2e/bot"
	"github.com/conclave-meet/conclave/sfu"
)

// hostile is a peer that is in, and sends what nobody should.
type hostile struct {
	*peer
	socket  *net.UDPConn // its media goes out of it
	to      net.Addr
	luck    *rand.Rand
	reports [][]byte // RTCP that was made by hand, or found by fuzzing
	streams []*bot.Stream
	sent    map[string]int
}

// intrude joins a hostile peer.
func (st *stage) intrude(seed uint64) *hostile {
	st.t.Helper()
	socket, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		st.t.Fatal(err)
	}
	mux := webrtc.NewICEUDPMux(nil, socket)
	st.t.Cleanup(func() { _ = mux.Close() })
	h := &hostile{
		socket: socket, to: net.UDPAddrFromAddrPort(st.sfu.Addrs()[0]),
		luck: rand.New(rand.NewPCG(seed, 1)), sent: map[string]int{},
		reports: corpus(st.t, "testdata/fuzz/FuzzReports"),
	}
	shape := bot.Shape{Audio: 2, Video: 2, Numbered: true, Settings: func(s *webrtc.SettingEngine) {
		s.SetICEUDPMux(mux)
		s.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
		s.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	}}
	h.peer = st.add("mallory", shape)
	for i, mime := range []string{webrtc.MimeTypeVP8, webrtc.MimeTypeVP9, webrtc.MimeTypeAV1, webrtc.MimeTypeOpus} {
		h.streams = append(h.streams, bot.NewStream(mime, uint32(i+50), 1, 1)) //nolint:gosec // small
	}
	return h
}

// corpus reads the byte strings of a fuzz target's kept inputs.
func corpus(t *testing.T, folder string) (list [][]byte) {
	t.Helper()
	files, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	quoted := regexp.MustCompile(`(?m)^\[\]byte\((".*")\)$`)
	for _, f := range files {
		raw, err := os.ReadFile(filepath.Join(folder, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range quoted.FindAllSubmatch(raw, -1) {
			text, err := strconv.Unquote(string(m[1]))
			if err != nil {
				t.Fatal(f.Name(), err)
			}
			list = append(list, []byte(text))
		}
	}
	return list
}

// attack sends one thing of any kind.
func (h *hostile) attack() {
	kinds := []struct {
		name string
		send func()
	}{
		{"rtp", h.rtp}, {"header", h.header}, {"rtcp", h.rtcp}, {"made-up rtcp", h.rtcpByHand}, {"stun", h.stun}, {"anything", h.anything},
	}
	k := kinds[h.luck.IntN(len(kinds))]
	k.send()
	h.sent[k.name]++
}

// rtp sends a frame of any codec whose payload, from the descriptor on, is damaged.
func (h *hostile) rtp() {
	s := h.streams[h.luck.IntN(len(h.streams))]
	line := []int{bot.Camera, bot.Screen}[h.luck.IntN(2)]
	if s.MIME == webrtc.MimeTypeOpus {
		line = []int{bot.Microphone, bot.ScreenAudio}[h.luck.IntN(2)]
	}
	s.KID = h.KID(line)
	p := s.Next(h.luck.IntN(5) == 0)
	p.Payload = h.damage(p.Payload)
	if h.luck.IntN(4) == 0 {
		p.SequenceNumber, p.Timestamp = uint16(h.luck.Uint32()), h.luck.Uint32() //nolint:gosec // any
	}
	p.Marker = h.luck.IntN(2) == 0
	_ = h.Sender(line).Write(s.MIME, p, uint8(h.luck.IntN(256))) //nolint:gosec // a byte
}

// header sends a packet whose header is nonsense: extensions, padding, payload types, and
// streams that were never offered.
func (h *hostile) header() {
	header := rtp.Header{
		Version: 2, Marker: h.luck.IntN(2) == 0, PayloadType: uint8(h.luck.IntN(128)), //nolint:gosec // seven bits
		SequenceNumber: uint16(h.luck.Uint32()), Timestamp: h.luck.Uint32(), //nolint:gosec // any
		SSRC: uint32(h.luck.IntN(40)), Padding: h.luck.IntN(3) == 0, //nolint:gosec // small
	}
	if header.Padding {
		header.PaddingSize = byte(h.luck.IntN(200))
	}
	for range h.luck.IntN(3) {
		header.CSRC = append(header.CSRC, h.luck.Uint32())
	}
	if h.luck.IntN(2) == 0 {
		header.Extension, header.ExtensionProfile = true, []uint16{0xbede, 0x1000}[h.luck.IntN(2)]
		for range h.luck.IntN(5) {
			_ = header.SetExtension(uint8(1+h.luck.IntN(14)), h.bytes(h.luck.IntN(16))) //nolint:gosec // small
		}
	}
	_ = h.Sender(h.luck.IntN(4)).WriteRaw(&header, h.bytes(1+h.luck.IntN(900)))
}

// rtcp sends feedback that is well formed, about any stream, in any number.
func (h *hostile) rtcp() {
	ssrc := h.ssrc()
	nack := &rtcp.TransportLayerNack{MediaSSRC: ssrc}
	for range h.luck.IntN(100) {
		nack.Nacks = append(nack.Nacks, rtcp.NackPair{PacketID: uint16(h.luck.Uint32()), LostPackets: 0xffff}) //nolint:gosec // any
	}
	all := []rtcp.Packet{
		nack, &rtcp.PictureLossIndication{MediaSSRC: ssrc},
		&rtcp.FullIntraRequest{MediaSSRC: ssrc, FIR: []rtcp.FIREntry{{SSRC: ssrc, SequenceNumber: uint8(h.luck.IntN(256))}}}, //nolint:gosec // a byte
		&rtcp.ReceiverReport{Reports: []rtcp.ReceptionReport{{
			SSRC: ssrc, FractionLost: uint8(h.luck.IntN(256)), TotalLost: h.luck.Uint32N(1 << 24), //nolint:gosec // a byte
			LastSequenceNumber: h.luck.Uint32(), LastSenderReport: h.luck.Uint32(), Delay: h.luck.Uint32(),
		}}},
		&rtcp.ReceiverEstimatedMaximumBitrate{Bitrate: float32(h.luck.IntN(1e9)), SSRCs: []uint32{ssrc}},
		&rtcp.Goodbye{Sources: []uint32{ssrc}},
		&rtcp.SenderReport{SSRC: ssrc, NTPTime: h.luck.Uint64(), RTPTime: h.luck.Uint32()},
	}
	_ = h.WriteRTCP(all[h.luck.IntN(len(all))])
}

// rtcpByHand sends RTCP that is not well formed.
func (h *hostile) rtcpByHand() {
	raw := append([]byte(nil), h.reports[h.luck.IntN(len(h.reports))]...)
	if len(raw) >= 12 { // about a stream that there is
		binary.BigEndian.PutUint32(raw[8:], h.ssrc())
	}
	if h.luck.IntN(2) == 0 {
		raw = h.damage(raw)
	}
	if len(raw) < 8 {
		return
	}
	raw[0], raw[1] = raw[0]&0x3f|0x80, 192+raw[1]&0x1f // or it is no RTCP, and does not leave
	packet := rtcp.RawPacket(raw)
	_ = h.WriteRTCP(&packet)
}

// ssrc returns that of a slot of the hostile peer's own, or any.
func (h *hostile) ssrc() uint32 {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.luck.IntN(2) == 0 {
		for _, packets := range h.got {
			return packets[len(packets)-1].SSRC
		}
	}
	return h.luck.Uint32()
}

// stun sends STUN that is damaged, from the address that the server knows and from others.
func (h *hostile) stun() {
	raw := make([]byte, 20, 200)
	binary.BigEndian.PutUint16(raw, []uint16{0x0001, 0x0101, 0x0111, 0x0003, 0x0016}[h.luck.IntN(5)])
	binary.BigEndian.PutUint32(raw[4:], 0x2112a442)
	copy(raw[8:], h.bytes(12))
	for range h.luck.IntN(6) {
		value := h.bytes(4 * h.luck.IntN(6))
		raw = binary.BigEndian.AppendUint16(raw, []uint16{0x0006, 0x0008, 0x0020, 0x0024, 0x0025, 0x8028, 0x802a, 0x0009}[h.luck.IntN(8)])
		raw = binary.BigEndian.AppendUint16(raw, uint16(len(value)+h.luck.IntN(2)*h.luck.IntN(100))) //nolint:gosec // short
		raw = append(raw, value...)
	}
	binary.BigEndian.PutUint16(raw[2:], uint16(len(raw)-20+h.luck.IntN(2)*h.luck.IntN(100))) //nolint:gosec // short
	h.datagram(raw)
}

// anything sends what may be anything: RTP and RTCP that is not encrypted, DTLS, or noise.
func (h *hostile) anything() {
	raw := h.bytes(1 + h.luck.IntN(1400))
	raw[0] = []byte{0x80, 0x90, 0x16, 0x17, 0x14, raw[0]}[h.luck.IntN(6)]
	h.datagram(raw)
}

func (h *hostile) datagram(raw []byte) {
	if h.luck.IntN(4) > 0 {
		_, _ = h.socket.WriteTo(raw, h.to)
		return
	}
	if other, err := net.Dial("udp4", h.to.String()); err == nil { //nolint:noctx // it sends one datagram
		_, _ = other.Write(raw)
		_ = other.Close()
	}
}

func (h *hostile) bytes(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(h.luck.IntN(256))
	}
	return b
}

// damage changes, cuts off or adds bytes, mostly at the beginning.
func (h *hostile) damage(b []byte) []byte {
	b = append([]byte(nil), b...)
	for range 1 + h.luck.IntN(4) {
		switch at := h.luck.IntN(1 + min(len(b), 24)); h.luck.IntN(4) {
		case 0:
			b = b[:min(at, len(b))]
		case 1:
			b = append(b[:min(at, len(b)):min(at, len(b))], append(h.bytes(h.luck.IntN(8)), b[min(at, len(b)):]...)...)
		default:
			if at < len(b) {
				b[at] ^= byte(1 << h.luck.IntN(8))
			}
		}
	}
	return b
}

// Whatever a peer sends that was let in, nobody else misses a frame. LONG=10 makes it last
// ten minutes, at another time of which each attack is another, by the seed that is logged.
func TestMalformedPacketsHarmNobodyElse(t *testing.T) {
	lasts, seed := 4*time.Second, uint64(6)
	if minutes, err := strconv.Atoi(os.Getenv("LONG")); err == nil {
		lasts, seed = time.Duration(minutes)*time.Minute, uint64(time.Now().Unix()) //nolint:gosec // after 1970
	}
	st := newStageOn(t, sfu.ListenLite)
	ada := newStudio(st)
	bob := st.add("bob", bot.Shape{Audio: 4, Video: 1, Numbered: true}) // and a voice of mallory's takes no slot of ada's
	mid := st.show(bob, ada.peer)
	st.until("ada's picture", func(int) { ada.crank() }, func() bool { return len(bob.packets(mid)) > 20 })
	mallory := st.intrude(seed)
	st.show(mallory.peer, ada.peer)
	for _, source := range []sfu.Source{sfu.Microphone, sfu.Camera, sfu.Screen, sfu.ScreenAudio} {
		st.group.SetLive("mallory", source, true)
	}
	st.until("mallory's picture", func(int) { ada.crank() }, func() bool { return len(mallory.packets(mallory.screen())) > 5 })

	begin := time.Now()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for time.Since(begin) < lasts {
		ada.crank()
		for range 3 {
			mallory.attack()
		}
		<-tick.C
	}
	var packets []*rtp.Packet
	for _, slot := range bob.Slots(webrtc.RTPCodecTypeAudio) {
		packets = append(packets, bob.packets(slot)...)
	}
	sounds, silent := run(t, webrtc.MimeTypeOpus, 9, packets)
	frames, missing := run(t, webrtc.MimeTypeVP8, 2, bob.packets(mid))
	t.Logf("seed %d: %v in %s; of %d frames %d are missing, and of %d sounds %d", seed, mallory.sent, lasts, frames, missing, sounds, silent)
	if missing > 0 || silent > 0 {
		t.Error("something is missing")
	}
	seen := once(bob.packets(mid))
	seen = slices.Delete(seen, len(seen)/2, len(seen)/2+1)
	if _, found := run(t, webrtc.MimeTypeVP8, 2, seen); found != missing+1 {
		t.Errorf("of a frame taken away %d are missing", found)
	}
	if seconds := int(lasts.Seconds()); frames < 50*seconds || sounds < 15*seconds { // 187 and 50 were this machine idle
		t.Errorf("only %d frames and %d sounds came", frames, sounds)
	}
}

// run returns how many packets of a publisher there are between the first that came and the
// last, and how many of them did not come.
func run(t *testing.T, mime string, publisher uint32, packets []*rtp.Packet) (all, missing int) {
	t.Helper()
	came := make(map[uint32]bool)
	for _, p := range packets {
		if len(p.Payload) == 0 {
			continue
		}
		if s, err := bot.ReadStamp(mime, p.Payload); err == nil && s.Publisher == publisher {
			came[s.Packet] = true
		}
	}
	if len(came) == 0 {
		return 0, 0
	}
	numbers := slices.Sorted(maps.Keys(came))
	all = int(numbers[len(numbers)-1]-numbers[0]) + 1
	return all, all - len(came)
}
