package sfu_test

import (
	"testing"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"github.com/conclave-meet/conclave/e2e/bot"
	"github.com/conclave-meet/conclave/sfu"
)

// On a line that has no room for all of a camera, the frames of its uppermost layer are left
// out, whichever that is, and nothing is missing in what comes.
func TestAThinLineGetsFewerFrames(t *testing.T) {
	const wide, thin = 80_000_000, 1_300_000 // bits/s; the camera sends 1.6 million
	st := newStage(t)
	ada, bob := st.add("ada", small), st.add("bob", small)
	s := bot.NewStream(webrtc.MimeTypeVP8, 1, 100, 100)
	s.Size, s.Layers = 1000, 3
	st.group.SetLive("ada", sfu.Camera, true)
	st.show(bob, ada)
	mid := bob.screen()
	asked := int32(-1)
	send := func(int) {
		now := ada.KeyFramesAsked.Load()
		write(ada, bot.Camera, s, now != asked)
		asked = now
	}
	for _, tt := range []struct {
		name   string
		line   int
		layers int
		most   byte // the highest layer that comes in the end
	}{
		{"all of three layers", wide, 3, 2},
		{"the lower two of three", thin, 3, 1},
		{"the lower of two", thin, 2, 0},
		{"all of two", wide, 2, 1},
	} {
		s.Layers = tt.layers
		st.group.Narrow("bob", tt.line)
		st.until(tt.name, send, func() bool {
			packets := once(bob.packets(mid))
			return len(packets) > 200 && highest(packets[len(packets)-100:]) == tt.most
		})
	}
	packets := once(bob.packets(mid))
	first, _ := bot.Pictures(s.MIME, packets[0].Payload)
	for i, p := range packets[1:] {
		if picture, _ := bot.Pictures(s.MIME, p.Payload); p.SequenceNumber != packets[i].SequenceNumber+1 || picture != first+uint16(i)+1 { //nolint:gosec // few
			t.Fatalf("packet %d with picture %d follows %d", p.SequenceNumber, picture, packets[i].SequenceNumber)
		}
	}
}

func highest(packets []*rtp.Packet) (layer byte) {
	for _, p := range packets {
		layer = max(layer, bot.Layer(p.Payload))
	}
	return layer
}
