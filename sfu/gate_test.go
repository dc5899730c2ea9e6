package sfu_test

import (
	"testing"

	"github.com/pion/webrtc/v4"

	"github.com/conclave-meet/conclave/e2e/bot"
	"github.com/conclave-meet/conclave/sfu"
)

// A frame goes on when it is encrypted by whose line it comes on for that
// source, and not otherwise. Only the header in front makes the difference: each
// case is followed by the same stream as it should be, on the same line.
func TestOnlyFramesOfTheirSenderAreForwarded(t *testing.T) {
	for _, mime := range []string{webrtc.MimeTypeOpus, webrtc.MimeTypeVP8, webrtc.MimeTypeVP9, webrtc.MimeTypeAV1} {
		t.Run(mime, func(t *testing.T) {
			line, source, kind := bot.Camera, sfu.Camera, webrtc.RTPCodecTypeVideo
			if mime == webrtc.MimeTypeOpus {
				line, source, kind = bot.Microphone, sfu.Microphone, webrtc.RTPCodecTypeAudio
			}
			st := newStage(t)
			ada, bob := st.add("ada", small), st.add("bob", small)
			st.group.SetLive("ada", source, true)
			st.show(bob, ada)
			forwarded := func() (n int) {
				for _, mid := range bob.Slots(kind) {
					n += len(bob.packets(mid))
				}
				return n
			}
			s := bot.NewStream(mime, 1, 100, 100)
			for _, tt := range []struct {
				name   string
				change func()
			}{
				{"in the clear", func() { s.Plain = true }},
				{"of another leaf", func() { s.KID += 7 << 8 }},
				{"of another source", func() { s.KID += 1 << 24 }},
				{"of another kind of key", func() { s.KID += 1 << 32 }},
			} {
				before, refused := forwarded(), st.sfu.Stats().Refused
				st.until("20 refused frames "+tt.name, func(int) {
					s.KID, s.Plain = ada.KID(line), false
					tt.change()
					_ = ada.Sender(line).Write(mime, s.Next(true), 30)
				}, func() bool { return st.sfu.Stats().Refused >= refused+20 })
				s.Plain = false
				st.until("10 frames as they should be", func(int) { write(ada, line, s, true) },
					func() bool { return forwarded() >= before+10 })
			}
			for _, mid := range bob.Slots(kind) {
				packets := bob.packets(mid)
				stamps(t, mime, packets) // fails for one without a header
				for i, p := range packets[min(1, len(packets)):] {
					if p.SequenceNumber != packets[i].SequenceNumber+1 {
						t.Errorf("sequence number %d follows %d: a refused frame looks like a lost one", p.SequenceNumber, packets[i].SequenceNumber)
					}
				}
			}
			if n := st.sfu.Stats().Refused; n > 4*20+40 {
				t.Errorf("%d frames refused, some of which were as they should be", n)
			}
		})
	}
}

// Good frames among bad ones come through, all of them and without a hole, and
// of a bad frame no later packet does.
func TestRefusedFramesLeaveNoHole(t *testing.T) {
	st := newStage(t)
	ada, bob := st.add("ada", small), st.add("bob", small)
	st.group.SetLive("ada", sfu.Camera, true)
	mid := st.show(bob, ada)
	s := bot.NewStream(webrtc.MimeTypeVP8, 1, 65000, 1)
	st.until("300 good frames", func(i int) {
		s.Plain = i%3 == 1
		first := write(ada, bot.Camera, s, i%10 == 0)
		rest := s.Rest(first)
		_ = ada.Sender(bot.Camera).Write(s.MIME, rest, 0)
	}, func() bool { return len(bob.packets(mid)) >= 600 })
	packets := bob.packets(mid)
	for i, p := range packets {
		_, err := bot.ReadStamp(s.MIME, p.Payload)
		if begins := i%2 == 0; begins != (err == nil) {
			t.Fatalf("packet %d of the slot is not of a good frame: % x", i, p.Payload[:20])
		}
		if i > 0 && p.SequenceNumber != packets[i-1].SequenceNumber+1 {
			t.Fatalf("sequence number %d follows %d", p.SequenceNumber, packets[i-1].SequenceNumber)
		}
	}
}
