package sfu_test

import (
	"testing"

	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"

	"github.com/conclave-meet/conclave/e2e/bot"
	"github.com/conclave-meet/conclave/sfu"
)

// A voice whose packets get lost on their way to who hears it: its sender is told, and so
// puts each piece into the next packet too, which in a browser is Opus's own doing. What is
// then still missing is where two in a row were lost.
func TestVoiceOverALossyLine(t *testing.T) {
	for _, tt := range []struct {
		name       string
		thousandth int64   // of the packets are lost
		least      uint8   // that the sender is told of, in 1/256
		most       uint8   // likewise
		missing    float64 // the most that may be, after repair
	}{
		{"none", 0, 0, 0, 0},
		{"2 %", 20, 2, 11, 0.01},
		{"10 %", 100, 16, 41, 0.03},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			st := newStageOn(t, sfu.ListenLite)
			ada, told := st.publisher("ada")
			bob, line := st.onDetour(wide)
			line.loses.Store(tt.thousandth)
			st.group.SetLive("ada", sfu.Microphone, true)
			voice := bot.NewStream(webrtc.MimeTypeOpus, 1, 0, 0)
			voice.Size = 80
			const first, last = 500, 3000 // numbers of the packets that count
			sent := 0
			crank := func(int) {
				for range 4 {
					speak(ada, bot.Microphone, voice, 20)
					sent++
				}
			}
			st.until("the voice", crank, func() bool { return sent > last+100 })
			st.until("the sender to be told", crank, func() bool {
				b, ok := told.block(func(rtcp.ReceptionReport) bool { return true })
				return ok && b.FractionLost >= tt.least && b.FractionLost <= tt.most
			})
			came := make([]bool, last+1)
			for _, mid := range bob.Slots(webrtc.RTPCodecTypeAudio) {
				for _, s := range stamps(t, voice.MIME, once(bob.packets(mid))) {
					if int(s.Packet) < len(came) {
						came[s.Packet] = true
					}
				}
			}
			lost, missing := 0, 0
			for n := first; n < last; n++ {
				if !came[n] {
					lost++
					if !came[n+1] {
						missing++
					}
				}
			}
			raw, left := float64(lost)/(last-first), float64(missing)/(last-first)
			t.Logf("%.2f %% lost, %.2f %% after repair", 100*raw, 100*left)
			if left > tt.missing {
				t.Errorf("%.2f %% of the voice is missing, want no more than %.2f %%", 100*left, 100*tt.missing)
			}
			if want := float64(tt.thousandth) / 1000; raw < want*0.6 || raw > want*1.4 {
				t.Errorf("%.2f %% were lost, want about %.2f %%", 100*raw, 100*want)
			}
		})
	}
}
