package sfu_test

import (
	"testing"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"github.com/conclave-meet/conclave/e2e/bot"
	"github.com/conclave-meet/conclave/sfu"
)

// lossy is a camera that bob sees, and of which packets get lost.
type lossy struct {
	*stage
	ada, bob *peer
	mid      string
	stream   *bot.Stream
}

func newLossy(t *testing.T) *lossy {
	t.Helper()
	st := newStage(t)
	l := &lossy{stage: st, ada: st.add("ada", small), bob: st.add("bob", small)}
	l.group.SetLive("ada", sfu.Camera, true)
	l.mid = l.show(l.bob, l.ada)
	l.stream = bot.NewStream(webrtc.MimeTypeVP8, 1, 65000, 1)
	send := func(i int) { write(l.ada, bot.Camera, l.stream, i%10 == 0) }
	l.until("ada's picture", send, func() bool { return len(l.bob.packets(l.mid)) >= 20 })
	return l
}

// lose sends a packet behind one that is lost, and returns the lost one once it
// was asked for.
func (l *lossy) lose() *rtp.Packet {
	l.t.Helper()
	lost := l.stream.Next(false)
	write(l.ada, bot.Camera, l.stream, false)
	l.until("a request", func(int) {}, func() bool { return l.ada.Asked(lost.SequenceNumber) > 0 })
	return lost
}

// has reports whether a packet has come to bob.
func (l *lossy) has(packet *rtp.Packet) bool {
	l.t.Helper()
	want := stampOf(l.t, l.stream.MIME, packet)
	for _, p := range l.bob.packets(l.mid) {
		if stampOf(l.t, l.stream.MIME, p) == want {
			return true
		}
	}
	return false
}

// A packet that came as a retransmission is not missing any more. And it goes on
// to the viewer though nothing comes behind it, as when a share stands still. One
// that never comes is asked for a few times, and not for ever.
func TestLostPacketsAreAskedForUntilTheyCome(t *testing.T) {
	l := newLossy(t)
	first := l.lose()
	if err := l.ada.Sender(bot.Camera).WriteRTX(l.stream.MIME, first, 1); err != nil {
		t.Fatal(err)
	}
	l.until("the packet at bob", func(int) {}, func() bool { return l.has(first) })
	asked := l.ada.Asked(first.SequenceNumber)

	second := l.lose()
	l.until("five requests", func(int) {}, func() bool { return l.ada.Asked(second.SequenceNumber) == 5 })
	if now := l.ada.Asked(first.SequenceNumber); now != asked {
		t.Errorf("asked %d times more for what had come", now-asked)
	}
	if l.has(second) {
		t.Error("what was lost came, and nobody sent it")
	}
}
