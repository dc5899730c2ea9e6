package sfu_test

import (
	"testing"

	"github.com/pion/webrtc/v4"

	"github.com/conclave-meet/conclave/e2e/bot"
	"github.com/conclave-meet/conclave/sfu"
)

// Slots that begin in the middle of a picture, while its packets go on coming, are
// each one stream, whether they begin with what has been or with a key frame of their
// own: nothing comes twice or out of order, and nothing is left out. What the network
// loses on a busy machine is missing in the numbers too. Some begin with what has been.
func TestSlotsThatBeginInMidPicture(t *testing.T) {
	st := newStage(t)
	const turns = 8
	shape := bot.Shape{Audio: 1, Video: turns}
	ada := st.add("ada", small)
	viewers := []*peer{st.add("bob", shape), st.add("carol", shape)}
	st.group.SetLive("ada", sfu.Camera, true)
	s := bot.NewStream(webrtc.MimeTypeVP8, 1, 65400, 1)
	asked := int32(-1) // the first is a key frame
	send := func(int) {
		for range 2 {
			now := ada.KeyFramesAsked.Load()
			write(ada, bot.Camera, s, now != asked)
			asked = now
		}
	}
	for turn := range turns {
		for _, v := range viewers {
			var wishes []sfu.Wish
			for _, mid := range v.Slots(webrtc.RTPCodecTypeVideo)[:turn+1] {
				wishes = append(wishes, sfu.Wish{Mid: mid, Peer: "ada", Source: sfu.Camera, Height: 720})
			}
			st.group.Watch(v.id, wishes)
		}
		st.until("the picture in another slot", send, func() bool {
			for _, v := range viewers {
				if len(v.packets(v.Slots(webrtc.RTPCodecTypeVideo)[turn])) < 40 {
					return false
				}
			}
			return true
		})
	}
	begins := map[uint32]bool{} // the packets that slots begin with
	for _, v := range viewers {
		for _, mid := range v.Slots(webrtc.RTPCodecTypeVideo) {
			packets := v.packets(mid)
			begins[stampOf(t, s.MIME, packets[0]).Packet] = true
			if !isKey(s.MIME, packets[0].Payload) {
				t.Errorf("%s of %s begins without a key frame", mid, v.id)
			}
			for i, stamp := range stamps(t, s.MIME, packets)[1:] {
				was, p := packets[i], packets[i+1]
				before := stampOf(t, s.MIME, was)
				if step := p.SequenceNumber - was.SequenceNumber; step == 0 || step > 1000 || stamp.Packet != before.Packet+uint32(step) {
					t.Fatalf("%s of %s: packet %d (number %d) follows %d (%d)", mid, v.id, stamp.Packet, p.SequenceNumber, before.Packet, was.SequenceNumber)
				}
			}
		}
	}
	// Slots of one turn may share a new key frame, those of another only one from the past.
	if len(begins) >= turns {
		t.Errorf("%d turns began with %d key frames, want fewer", turns, len(begins))
	}
	t.Logf("%d key frames asked for and %d begun with, for %d slots", ada.KeyFramesAsked.Load(), len(begins), turns*len(viewers))
}
