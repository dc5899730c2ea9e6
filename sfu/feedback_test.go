package sfu_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"github.com/conclave-meet/conclave/e2e/bot"
	"github.com/conclave-meet/conclave/sfu"
	"github.com/conclave-meet/conclave/sfu/internal/twcc"
)

// wide is a bot that numbers what it sends, and tells what it gets.
var wide = bot.Shape{Audio: 2, Video: 2, Wide: true}

// ledger is what a publisher is told about the packets it sends.
type ledger struct {
	mu     sync.Mutex
	came   map[uint16]bool // by transport-wide number; false: lost
	blocks []rtcp.ReceptionReport
}

func (l *ledger) note(p rtcp.Packet) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch p := p.(type) {
	case *rtcp.ReceiverReport:
		l.blocks = append(l.blocks, p.Reports...)
	case *rtcp.TransportLayerCC:
		seq := p.BaseSequenceNumber
		for _, symbol := range symbols(p) {
			l.came[seq] = l.came[seq] || symbol != rtcp.TypeTCCPacketNotReceived
			seq++
		}
	}
}

// symbols spells the chunks of feedback out.
func symbols(p *rtcp.TransportLayerCC) (list []uint16) {
	for _, c := range p.PacketChunks {
		switch c := c.(type) {
		case *rtcp.RunLengthChunk:
			list = append(list, slices.Repeat([]uint16{c.PacketStatusSymbol}, int(c.RunLength))...)
		case *rtcp.StatusVectorChunk:
			list = append(list, c.SymbolList...)
		}
	}
	return list[:p.PacketStatusCount]
}

// about reports whether all numbers below n are told of, and returns those that are
// said to be lost.
func (l *ledger) about(n int) (lost []uint16, all bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range n {
		came, known := l.came[uint16(i)] //nolint:gosec // few
		if !known {
			return nil, false
		}
		if !came {
			lost = append(lost, uint16(i)) //nolint:gosec // few
		}
	}
	return lost, true
}

// block returns the newest report block about ssrc that f accepts.
func (l *ledger) block(f func(rtcp.ReceptionReport) bool) (rtcp.ReceptionReport, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, b := range slices.Backward(l.blocks) {
		if f(b) {
			return b, true
		}
	}
	return rtcp.ReceptionReport{}, false
}

// publisher joins a bot that notes what it is told.
func (st *stage) publisher(id string) (*peer, *ledger) {
	st.t.Helper()
	l := &ledger{came: make(map[uint16]bool)}
	p := st.prepare(sfu.Seat{ID: id, Leaf: st.nextLeaf()}, wide, func(m *bot.Media) { m.OnReport = l.note })
	return st.await(p), l
}

// A publisher is told of each packet that it sent, on whatever stream: sound, pictures,
// padding, retransmissions, and what is forwarded to nobody. And of nothing else that
// it came.
func TestPublisherIsToldWhatCame(t *testing.T) {
	st := newStage(t)
	ada, told := st.publisher("ada")
	video, audio := bot.NewStream(webrtc.MimeTypeVP8, 1, 65000, 1), bot.NewStream(webrtc.MimeTypeOpus, 1, 65000, 1)
	var lost []uint16
	n, rtx := 0, uint16(0)
	// The numbers begin at 0 with the first packet that is sent after the connection.
	st.until("300 numbers told of", func(i int) {
		if i < 60 {
			p := write(ada, bot.Camera, video, i == 0)
			speak(ada, bot.Microphone, audio, 30)
			_ = ada.Sender(bot.Camera).Write(video.MIME, video.Padding(), 0)
			rtx++
			_ = ada.Sender(bot.Camera).WriteRTX(video.MIME, p, rtx)
			n = int(ada.LoseNumber()) + 1
			lost = append(lost, uint16(n-1)) //nolint:gosec // few
			return
		}
		write(ada, bot.Camera, video, false) // so that the last number is not the newest
	}, func() bool {
		_, all := told.about(max(n, 300))
		return all
	})
	got, _ := told.about(n)
	if !slices.Equal(got, lost) {
		t.Errorf("told that %v are lost, want %v", got, lost)
	}
}

// A receiver report tells what is lost of a stream, and answers its sender reports.
func TestReceiverReports(t *testing.T) {
	st := newStage(t)
	ada, told := st.publisher("ada")
	s := bot.NewStream(webrtc.MimeTypeVP8, 1, 65530, 1)
	const ntp = 0x11112222_33334444
	want := func(b rtcp.ReceptionReport) bool {
		return b.LastSenderReport == 0x22223333 && b.Delay > 0 && b.FractionLost > 40 && b.TotalLost > 10
	}
	st.until("a report of losses", func(i int) {
		p := write(ada, bot.Camera, s, i == 0)
		if i%4 == 3 {
			s.Lose()
		}
		_ = ada.WriteRTCP(&rtcp.SenderReport{SSRC: p.SSRC, NTPTime: ntp, RTPTime: p.Timestamp})
	}, func() bool { _, ok := told.block(want); return ok })
	b, _ := told.block(want)
	if b.FractionLost < 45 || b.FractionLost > 58 { // one in five
		t.Errorf("report %+v", b)
	}
}

// What a viewer's feedback says reaches whoever estimates: each packet once, with the
// bytes it had, over all its slots. Who negotiates no feedback gets no numbers.
func TestViewerTellsWhatCame(t *testing.T) {
	st := newStage(t)
	ada, bob, carol := st.add("ada", small), st.add("bob", wide), st.add("carol", small)
	st.group.SetLive("ada", sfu.Camera, true)
	st.group.SetLive("ada", sfu.Microphone, true)
	var mu sync.Mutex
	var acks []twcc.Ack
	st.group.Told("bob", func(a []twcc.Ack) { mu.Lock(); acks = append(acks, a...); mu.Unlock() })
	st.group.Told("carol", func([]twcc.Ack) { t.Error("feedback of who has none") })
	at, plain := st.show(bob, ada), st.show(carol, ada)
	video, audio := bot.NewStream(webrtc.MimeTypeVP8, 1, 65000, 1), bot.NewStream(webrtc.MimeTypeOpus, 1, 65000, 1)
	count := func() int { mu.Lock(); defer mu.Unlock(); return len(acks) }
	st.until("200 acks, and a picture at carol", func(i int) {
		write(ada, bot.Camera, video, i%20 == 0)
		speak(ada, bot.Microphone, audio, 30)
	}, func() bool { return count() >= 200 && len(carol.packets(plain)) > 0 })

	mu.Lock()
	defer mu.Unlock()
	came := 0
	for i, ack := range acks {
		if ack.Arrived >= 0 {
			came++
		}
		if ack.Size < 200 || ack.Size > 300 || ack.Sent.IsZero() {
			t.Errorf("ack %d: %+v", i, ack)
		}
	}
	if came < len(acks)*9/10 {
		t.Errorf("%d of %d came", came, len(acks))
	}
	if p := bob.packets(at)[0]; len(p.GetExtensionIDs()) != 1 {
		t.Errorf("extensions %v at bob", p.GetExtensionIDs())
	}
	if p := carol.packets(plain)[0]; p.Extension {
		t.Errorf("extensions %v at carol", p.GetExtensionIDs())
	}
}

// The round trip is measured by what viewers say about our sender reports.
func TestRoundTripIsMeasured(t *testing.T) {
	st := newStage(t)
	ada, bob := st.add("ada", small), st.add("bob", wide)
	st.group.SetLive("ada", sfu.Camera, true)
	st.show(bob, ada)
	s := bot.NewStream(webrtc.MimeTypeVP8, 1, 0, 0)
	st.until("a round trip", func(i int) { write(ada, bot.Camera, s, i%20 == 0) },
		func() bool { return st.group.RoundTrip("bob") > 0 })
	if rtt := st.group.RoundTrip("bob"); rtt > 5*time.Second {
		t.Errorf("round trip %v", rtt)
	}
}

// The answer agrees to transport-wide feedback on every line of media, for that is
// what a browser needs to send more than a guess.
func TestAnswerAgreesToFeedback(t *testing.T) {
	st := newStage(t)
	for _, tt := range []struct {
		shape bot.Shape
		want  bool
	}{{wide, true}, {small, false}} {
		answer, err := st.group.Negotiate(t.Context(), sfu.Seat{ID: fmt.Sprint(tt.want)}, offerOf(t, tt.shape))
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(answer, "m=")[1:]
		for i, line := range lines[:len(lines)-1] {
			if got := strings.Contains(line, twcc.URI) && strings.Contains(line, " transport-cc\r\n"); got != tt.want {
				t.Errorf("wide %t: line %d agrees: %t", tt.want, i, got)
			}
		}
	}
}

// Nobody else loses packets, or is cut off, while an admitted client sends anything:
// RTP and RTCP made up at random, on her own streams. A few may be lost on the way,
// where the machine is busy.
func TestMalformedPacketsHarmNobody(t *testing.T) {
	st := newStage(t)
	ada, bob, eve := st.add("ada", wide), st.add("bob", wide), st.add("eve", wide)
	st.group.SetLive("ada", sfu.Camera, true)
	st.group.SetLive("eve", sfu.Camera, true)
	mid := st.show(bob, ada)
	s := bot.NewStream(webrtc.MimeTypeVP8, 1, 65000, 1)
	st.until("ada's picture", func(i int) { write(ada, bot.Camera, s, i%10 == 0) }, func() bool { return len(bob.packets(mid)) > 0 })
	noise := newNoise(1)
	slots := []uint32{bob.packets(mid)[0].SSRC}
	for range 500 {
		for range 20 {
			noise.send(eve, slots)
		}
		seen := len(bob.packets(mid))
		st.until("ada's packet at bob", func(i int) {
			if i%200 == 0 {
				write(ada, bot.Camera, s, false)
			}
		}, func() bool { return len(bob.packets(mid)) > seen })
	}
	packets := once(bob.packets(mid))
	all := stamps(t, s.MIME, packets)
	if sent := int(all[len(all)-1].Packet-all[0].Packet) + 1; len(all) > sent || len(all) < sent-10 {
		t.Errorf("%d packets came of %d", len(all), sent)
	}
	eves := bot.NewStream(webrtc.MimeTypeVP8, 9, 0, 0)
	st.group.SetLive("eve", sfu.Screen, true)
	st.group.Watch("bob", []sfu.Wish{{Mid: mid, Peer: "eve", Source: sfu.Screen}})
	st.until("eve's screen, for she is still connected", func(int) { write(eve, bot.Screen, eves, true) },
		func() bool { return len(once(bob.packets(mid))) > len(packets) })
	if gone := st.lost(); len(gone) > 0 {
		t.Errorf("%v were disconnected", gone)
	}
	refused := st.sfu.Stats().Refused // frames of eve's that came as far as the gate
	if noise.rtp < 1000 || noise.rtcp < 1000 || refused < 100 {
		t.Errorf("%d RTP and %d RTCP packets were made up, %d frames refused, want more", noise.rtp, noise.rtcp, refused)
	}
}

// Who opens streams without end is cut off; who opens as many as a browser might is not.
func TestWhoOpensTooManyStreamsIsCutOff(t *testing.T) {
	st := newStage(t)
	ada, eve := st.add("ada", small), st.add("eve", small)
	open := func(p *peer, ssrc int) {
		_ = p.Sender(bot.Camera).WriteRaw(&rtp.Header{Version: 2, PayloadType: 120, SSRC: uint32(ssrc)}, make([]byte, 20)) //nolint:gosec // few
	}
	for i := range 60 {
		open(ada, 1000+i)
	}
	st.until("eve cut off", func(i int) { open(eve, 1000+i) }, func() bool { return slices.Contains(st.lost(), "eve") })
	if slices.Contains(st.lost(), "ada") {
		t.Error("ada is cut off")
	}
}
