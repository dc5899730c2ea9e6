package sfu_test

import (
	"testing"

	"github.com/pion/webrtc/v4"

	"github.com/conclave-meet/conclave/e2e/bot"
	"github.com/conclave-meet/conclave/sfu"
)

// Through real connections everything that a publisher sends reaches each viewer
// once, in order, though packets leave together; and it is counted.
func TestEveryPacketReachesEveryViewer(t *testing.T) {
	st := newStage(t)
	ada := st.add("ada", small)
	st.group.SetLive("ada", sfu.Camera, true)
	var viewers []*peer
	for i := range 3 {
		v := st.add(name(i), small)
		st.show(v, ada)
		viewers = append(viewers, v)
	}
	s := bot.NewStream(webrtc.MimeTypeVP8, 1, 65500, 100) // numbers wrap on the way
	s.Size = 1000
	st.until("the first picture everywhere", func(int) { write(ada, bot.Camera, s, true) }, func() bool {
		for _, v := range viewers {
			if len(v.packets(v.screen())) == 0 {
				return false
			}
		}
		return true
	})

	const bursts, each = 40, 8
	last := uint32(0)
	arrived := func() bool {
		for _, v := range viewers {
			packets := v.packets(v.screen())
			if stampOf(t, s.MIME, packets[len(packets)-1]).Packet != last {
				return false
			}
		}
		return true
	}
	for range bursts {
		for i := range each {
			s.Size = 1000
			if i == each-1 {
				s.Size = 300 // frames end with a shorter packet
			}
			last = stampOf(t, s.MIME, write(ada, bot.Camera, s, false)).Packet
		}
		st.until("a burst everywhere", func(int) {}, arrived)
	}
	for _, v := range viewers {
		packets := v.packets(v.screen())
		if len(packets) < bursts*each {
			t.Errorf("%s got %d packets, want %d", v.id, len(packets), bursts*each)
		}
		for i, stamp := range stamps(t, s.MIME, packets)[1:] {
			was := stampOf(t, s.MIME, packets[i])
			if stamp.Packet != was.Packet+1 || packets[i+1].SequenceNumber != packets[i].SequenceNumber+1 {
				t.Fatalf("%s: packet %d, number %d, follows %d, number %d", v.id,
					stamp.Packet, packets[i+1].SequenceNumber, was.Packet, packets[i].SequenceNumber)
			}
		}
	}
	sent := st.sfu.Stats().Sent
	if sent.Packets < int64(len(viewers)*bursts*each) || sent.Calls == 0 || sent.Messages > sent.Packets || sent.Others == 0 {
		t.Errorf("counted %+v", sent)
	}
	if dropped := sent.DroppedAudio + sent.DroppedVideo + sent.DroppedResends + sent.DroppedFull + sent.DroppedFailed; dropped+sent.Waiting != 0 {
		t.Errorf("%d packets dropped, %d wait: %+v", dropped, sent.Waiting, sent)
	}
}
