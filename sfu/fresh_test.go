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
// loses on a busy machine is missing in the numbers too.
func TestSlotsThatBeginInMidPicture(t *testing.T) {
	st := newStage(t)
	shape := bot.Shape{Audio: 1, Video: 8}
	ada := st.add("ada", small)
	viewers := []*peer{st.add("bob", shape), st.add("carol", shape)}
	st.group.SetLive("ada", sfu.Camera, true)
	s := bot.NewStream(webrtc.MimeTypeVP8, 1, 65400, 1)
	asked := int32(0)
	send := func(i int) {
		for range 2 {
			now := ada.KeyFramesAsked.Load()
			write(ada, bot.Camera, s, now != asked || i == 0)
			asked, i = now, 1
		}
	}
	for turn := range 8 {
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
	for _, v := range viewers {
		for _, mid := range v.Slots(webrtc.RTPCodecTypeVideo) {
			packets := v.packets(mid)
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
	t.Logf("%d key frames asked for, for %d slots", ada.KeyFramesAsked.Load(), 8*len(viewers))
}
