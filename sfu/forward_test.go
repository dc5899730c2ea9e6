package sfu_test

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"github.com/conclave-meet/conclave/e2e/bot"
	"github.com/conclave-meet/conclave/sfu"
)

func TestNothingIsForwardedUnlessLiveAndWatched(t *testing.T) {
	st := newStage(t)
	ada, bob := st.add("ada", small), st.add("bob", small)
	s := bot.NewStream(webrtc.MimeTypeVP8, 1, 100, 100)
	mid := bob.screen()
	send := func(int) { write(ada, bot.Camera, s, true) }
	forAWhile := func() {
		begin := time.Now()
		st.until("a while", send, func() bool { return time.Since(begin) > 300*time.Millisecond })
	}

	st.group.SetLive("ada", sfu.Camera, true)
	forAWhile()
	st.group.SetLive("ada", sfu.Camera, false)
	st.show(bob, ada)
	forAWhile()
	if n := len(bob.packets(mid)); n > 0 {
		t.Fatalf("%d packets were forwarded, first unwatched, then not live", n)
	}
	st.group.SetLive("ada", sfu.Camera, true)
	st.until("a packet at bob", send, func() bool { return len(bob.packets(mid)) > 10 })

	st.group.SetLive("ada", sfu.Camera, false)
	stopped := len(bob.packets(mid))
	last := write(ada, bot.Camera, s, true)
	for range 50 {
		send(0)
	}
	st.group.SetLive("ada", sfu.Microphone, true) // a marker that comes after
	voice := bot.NewStream(webrtc.MimeTypeOpus, 1, 0, 0)
	audio := bob.Slots(webrtc.RTPCodecTypeAudio)
	st.until("voice at bob", func(int) { write(ada, bot.Microphone, voice, true) },
		func() bool { return len(bob.packets(audio[0]))+len(bob.packets(audio[1])) > 0 })
	for _, p := range bob.packets(mid)[stopped:] {
		if stamp, _ := bot.ReadStamp(s.MIME, p.Payload); stamp.Packet >= stampOf(t, s.MIME, last).Packet {
			t.Fatal("a packet sent after the source stopped was forwarded")
		}
	}
}

func stampOf(t *testing.T, mime string, p *rtp.Packet) bot.Stamp {
	t.Helper()
	return stamps(t, mime, []*rtp.Packet{p})[0]
}

// A slot that is switched between publishers and codecs is one RTP stream to its
// viewer: one SSRC, numbers and picture numbers that run on, and every switch
// begins with a key frame.
func TestSwitchedSlotIsOneStream(t *testing.T) {
	st := newStage(t)
	viewer := st.add("viewer", small)
	mimes := []string{webrtc.MimeTypeVP8, webrtc.MimeTypeVP9, webrtc.MimeTypeAV1, webrtc.MimeTypeVP8}
	var publishers []*peer
	var streams []*bot.Stream
	for i, mime := range mimes {
		publishers = append(publishers, st.add(name(i), small))
		streams = append(streams, bot.NewStream(mime, uint32(i), uint16(i*20000), uint16(i*5000))) //nolint:gosec // small
		st.group.SetLive(name(i), sfu.Camera, true)
	}
	asked := make([]int32, len(mimes))
	send := func(int) {
		for i, p := range publishers {
			now := p.KeyFramesAsked.Load()
			write(p, bot.Camera, streams[i], now != asked[i])
			asked[i] = now
		}
	}
	mid := viewer.screen()
	for turn := range 40 {
		i := turn % len(publishers)
		st.show(viewer, publishers[i])
		seen := len(viewer.packets(mid))
		st.until("the switched picture", send, func() bool {
			packets := viewer.packets(mid)
			if len(packets) < seen+3 {
				return false
			}
			s, err := bot.ReadStamp(mimes[i], packets[len(packets)-1].Payload)
			return err == nil && s.Publisher == uint32(i) //nolint:gosec // small
		})
	}
	checkOneStream(t, mimes, viewer.packets(mid))
}

// checkOneStream walks through what a slot received.
func checkOneStream(t *testing.T, mimes []string, packets []*rtp.Packet) {
	t.Helper()
	types := map[uint8]string{120: webrtc.MimeTypeVP8, 121: webrtc.MimeTypeVP9, 99: webrtc.MimeTypeAV1}
	pictures := map[string]uint16{}
	switches, last := 0, -1
	for i, p := range packets {
		mime := types[p.PayloadType]
		stamp, err := bot.ReadStamp(mime, p.Payload)
		if err != nil || mimes[stamp.Publisher] != mime {
			t.Fatalf("packet %d with payload type %d: %+v, %v", i, p.PayloadType, stamp, err)
		}
		if int(stamp.Publisher) != last {
			switches, last = switches+1, int(stamp.Publisher)
			if !isKey(mime, p.Payload) {
				t.Errorf("packet %d: the switch to %d begins without a key frame", i, last)
			}
		}
		if mime != webrtc.MimeTypeAV1 {
			id, _ := bot.Pictures(mime, p.Payload)
			if was, ok := pictures[mime]; ok && id != (was+1)&0x7fff {
				t.Errorf("packet %d: %s picture %d follows %d", i, mime, id, was)
			}
			pictures[mime] = id
		}
		if i == 0 {
			continue
		}
		if was := packets[i-1]; p.SequenceNumber != was.SequenceNumber+1 || p.SSRC != was.SSRC || int32(p.Timestamp-was.Timestamp) <= 0 { //nolint:gosec // RTP time wraps
			t.Errorf("packet %d (seq %d, ts %d) follows (seq %d, ts %d)", i, p.SequenceNumber, p.Timestamp, was.SequenceNumber, was.Timestamp)
		}
	}
	if switches < 40 {
		t.Errorf("%d switches seen, want 40", switches)
	}
}

func isKey(mime string, payload []byte) bool {
	switch mime {
	case webrtc.MimeTypeVP8:
		return payload[6] == 0x10
	case webrtc.MimeTypeVP9:
		return payload[0] == 0xac
	default:
		return payload[0] == 0x18
	}
}

// Browsers probe the network by sending packets again over RTX; Pion hands those
// out like any other. None may reach a viewer, least of all a key frame.
func TestRepeatedPacketsAreDroppedAndPaddingLeavesNoHole(t *testing.T) {
	st := newStage(t)
	ada, bob := st.add("ada", small), st.add("bob", small)
	st.group.SetLive("ada", sfu.Camera, true)
	mid := st.show(bob, ada)
	s := bot.NewStream(webrtc.MimeTypeVP8, 1, 65000, 1)
	var rtx uint16
	send := func(i int) {
		p := write(ada, bot.Camera, s, i%10 == 0)
		if i%3 == 0 {
			_ = ada.Sender(bot.Camera).Write(s.MIME, s.Padding(), 0)
		}
		for range 2 {
			rtx++
			_ = ada.Sender(bot.Camera).WriteRTX(s.MIME, p, rtx)
		}
	}
	st.until("200 packets at bob", send, func() bool { return len(bob.packets(mid)) >= 200 })
	packets := bob.packets(mid)
	begin := packets[0].SequenceNumber
	slices.SortFunc(packets, func(a, b *rtp.Packet) int { return cmp.Compare(a.SequenceNumber-begin, b.SequenceNumber-begin) })
	packets = packets[:len(packets)-5] // of the last, one may still be on its way
	for i, p := range packets {
		if p.SequenceNumber != begin+uint16(i) { //nolint:gosec // small
			t.Fatalf("sequence number %d in place of %d", p.SequenceNumber, begin+uint16(i)) //nolint:gosec // small
		}
	}
	// Pion may hand out a copy before padding that was sent earlier; such padding
	// is too late to be left out. It must stay the exception.
	full := slices.DeleteFunc(slices.Clone(packets), func(p *rtp.Packet) bool { return len(p.Payload) == 0 })
	if len(packets)-len(full) > len(packets)/10 {
		t.Errorf("%d of %d packets are padding", len(packets)-len(full), len(packets))
	}
	for i, stamp := range stamps(t, s.MIME, full)[1:] {
		if was := stampOf(t, s.MIME, full[i]); stamp.Packet != was.Packet+1 {
			t.Fatalf("packet %d follows %d", stamp.Packet, was.Packet)
		}
	}
}

func TestLostPacketsAreSentAgain(t *testing.T) {
	st := newStage(t)
	ada, bob, carol := st.add("ada", small), st.add("bob", small), st.add("carol", small)
	st.group.SetLive("ada", sfu.Camera, true)
	st.group.SetLive("carol", sfu.Camera, true)
	before, s := bot.NewStream(webrtc.MimeTypeVP8, 2, 0, 777), bot.NewStream(webrtc.MimeTypeVP8, 1, 0, 0)
	mid := st.show(bob, carol) // so that ada's numbers are rewritten
	st.until("carol's picture", func(int) { write(carol, bot.Camera, before, true) },
		func() bool { return len(bob.packets(mid)) > 0 })
	st.show(bob, ada)
	first := len(bob.packets(mid))
	st.until("20 packets of ada at bob", func(i int) { write(ada, bot.Camera, s, i%10 == 0) },
		func() bool { return len(bob.packets(mid)) >= first+20 })

	lost := bob.packets(mid)[first+10]
	if err := bob.WriteRTCP(&rtcp.TransportLayerNack{
		MediaSSRC: lost.SSRC, Nacks: rtcp.NackPairsFromSequenceNumbers([]uint16{lost.SequenceNumber}),
	}); err != nil {
		t.Fatal(err)
	}
	copies := func() (list []*rtp.Packet) {
		for _, p := range bob.packets(mid) {
			if p.SequenceNumber == lost.SequenceNumber {
				list = append(list, p)
			}
		}
		return list
	}
	// Pion hands a repaired packet out behind the next one.
	st.until("the packet a second time", func(int) { write(ada, bot.Camera, s, false) }, func() bool { return len(copies()) == 2 })
	again := copies()[1]
	if string(again.Payload) != string(lost.Payload) || again.Timestamp != lost.Timestamp || again.Marker != lost.Marker {
		t.Errorf("sent again as %v % x, first as %v % x", again.Header, again.Payload[:16], lost.Header, lost.Payload[:16])
	}
}

// However many viewers come at once, a publisher is asked for few key frames.
func TestKeyFrameRequestsAreThrottled(t *testing.T) {
	st := newStage(t)
	ada := st.add("ada", small)
	st.group.SetLive("ada", sfu.Camera, true)
	s := bot.NewStream(webrtc.MimeTypeVP8, 1, 0, 0)
	var viewers []*peer
	for i := range 8 {
		viewers = append(viewers, st.add(name(i), small))
	}
	begin := time.Now()
	for _, v := range viewers {
		st.show(v, ada)
	}
	// No key frame comes: every viewer keeps waiting, and asks.
	st.until("a second and a half of waiting", func(int) {
		write(ada, bot.Camera, s, false)
		for _, v := range viewers {
			st.group.Refresh(v.id, v.screen())
		}
	}, func() bool { return time.Since(begin) > 1500*time.Millisecond })
	asked := ada.KeyFramesAsked.Load()
	if most := int32(8 + 2); asked < 3 || asked > most {
		t.Errorf("%d key frames asked for in 1.5 s, want 3 to %d", asked, most)
	}
	st.until("the picture at every viewer", func(int) { write(ada, bot.Camera, s, true) }, func() bool {
		for _, v := range viewers {
			if len(v.packets(v.screen())) == 0 {
				return false
			}
		}
		return true
	})
}

// A viewer whose media never connects costs the publisher nothing.
func TestUnconnectedViewerAsksForNothing(t *testing.T) {
	st := newStage(t)
	ada := st.add("ada", small)
	st.group.SetLive("ada", sfu.Camera, true)
	media, err := bot.NewMedia(small, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer media.Close()
	offer, err := media.Offer()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := st.group.Negotiate(t.Context(), sfu.Seat{ID: "ghost"}, offer); err != nil { // the answer is thrown away
		t.Fatal(err)
	}
	ghost := &peer{Media: media, id: "ghost"}
	mid := media.Slots(webrtc.RTPCodecTypeVideo)[0]
	st.group.Watch("ghost", []sfu.Wish{{Mid: mid, Peer: "ada", Source: sfu.Camera}})
	s := bot.NewStream(webrtc.MimeTypeVP8, 1, 0, 0)
	begin := time.Now()
	st.until("half a second", func(int) { write(ada, bot.Camera, s, false); st.group.Refresh(ghost.id, mid) },
		func() bool { return time.Since(begin) > 500*time.Millisecond })
	if n := ada.KeyFramesAsked.Load(); n > 0 {
		t.Errorf("%d key frames asked for", n)
	}
}

func TestViewerGetsTheEncodingThatFits(t *testing.T) {
	st := newStage(t)
	ada := st.add("ada", bot.Shape{Audio: 1, Video: 1, Simulcast: true})
	bob := st.add("bob", small)
	st.group.SetLive("ada", sfu.Camera, true)
	streams := []*bot.Stream{
		bot.NewStream(webrtc.MimeTypeVP8, 0, 0, 0), bot.NewStream(webrtc.MimeTypeVP8, 1, 9000, 9000), bot.NewStream(webrtc.MimeTypeVP8, 2, 50000, 20000),
	}
	mid := bob.screen()
	sending := 3
	send := func(int) {
		for i, s := range streams[:sending] {
			s.KID = ada.KID(bot.Camera)
			_ = ada.Encoding(i).Write(s.MIME, s.Next(true), 0)
		}
	}
	shows := func(encoding uint32) func() bool {
		return func() bool {
			packets := bob.packets(mid)
			return len(packets) > 0 && stampOf(t, webrtc.MimeTypeVP8, packets[len(packets)-1]).Publisher == encoding
		}
	}
	for _, tt := range []struct {
		height int
		want   uint32
	}{{1080, 2}, {90, 0}, {360, 1}, {720, 2}} {
		st.group.Watch("bob", []sfu.Wish{{Mid: mid, Peer: "ada", Source: sfu.Camera, Height: tt.height}})
		st.until("the encoding that fits", send, shows(tt.want))
	}
	sending = 2 // the browser drops the largest for want of bandwidth
	st.until("the next smaller one", send, shows(1))
	sending = 3
	st.until("the largest again", send, shows(2))
}
