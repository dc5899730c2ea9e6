package sfu_test

import (
	"testing"

	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"

	"github.com/conclave-meet/conclave/e2e/bot"
	"github.com/conclave-meet/conclave/sfu"
)

// Packets are counted once as they come and once for each viewer; what a viewer
// tells is lost is counted as far as it grows; and nothing is forgotten with who
// leaves.
func TestWhatIsCounted(t *testing.T) {
	st := newStage(t)
	st.sfu.NewGroup(sfu.Events{}) // an idle one beside
	ada, bob, eve := st.add("ada", small), st.add("bob", small), st.add("eve", small)
	st.group.SetLive("ada", sfu.Camera, true)
	at := st.show(bob, ada)
	st.show(eve, ada)
	s := bot.NewStream(webrtc.MimeTypeVP8, 1, 0, 0)
	size := 0
	st.until("the picture at both", func(int) { size = len(write(ada, bot.Camera, s, true).Payload) }, func() bool {
		return len(bob.packets(at)) > 0 && len(eve.packets(eve.screen())) > 0
	})
	nothing := func(int) {}
	settled := func() (m sfu.Media) {
		st.until("everything counted", nothing, func() bool {
			m = st.sfu.Media()
			got := int64(len(bob.packets(at)) + len(eve.packets(eve.screen())))
			return m.PacketsOut == got && m.StreamsOut == 2
		})
		return m
	}
	before := settled()
	for range 20 {
		write(ada, bot.Camera, s, false)
	}
	st.until("twenty more at both", nothing, func() bool {
		return int64(len(bob.packets(at))+len(eve.packets(eve.screen()))) == before.PacketsOut+40
	})
	m := settled()
	if in := m.PacketsIn - before.PacketsIn; in != 20 {
		t.Errorf("20 packets came, counted %d", in)
	}
	if out := m.PacketsOut - before.PacketsOut; out != 40 {
		t.Errorf("40 packets went out, counted %d", out)
	}
	if in, out := m.BytesIn-before.BytesIn, m.BytesOut-before.BytesOut; in != int64(20*size) || out != 2*in {
		t.Errorf("%d bytes came and twice as many went out, counted %d and %d", 20*size, in, out)
	}
	if m.StreamsIn != 1 || m.StreamsOut != 2 || m.ReportedLost != 0 {
		t.Errorf("one stream to two, none lost: %+v", m)
	}
	ssrc := bob.packets(at)[0].SSRC
	for _, step := range []struct {
		ssrc, total uint32
		want        int64
	}{{ssrc, 3, 3}, {ssrc, 2, 3}, {ssrc + 1, 900, 3}, {ssrc, 7, 8}, {ssrc, 1<<24 - 1, 8}, {ssrc, 2, 10}} {
		report := &rtcp.ReceiverReport{Reports: []rtcp.ReceptionReport{{SSRC: step.ssrc, TotalLost: step.total}}}
		if err := bob.WriteRTCP(report, &rtcp.PictureLossIndication{MediaSSRC: ssrc}); err != nil {
			t.Fatal(err)
		}
		asked := ada.KeyFramesAsked.Load()
		st.until("the report taken in", func(int) {
			_ = bob.WriteRTCP(&rtcp.PictureLossIndication{MediaSSRC: ssrc})
			write(ada, bot.Camera, s, false) // or nobody has lost anything
		}, func() bool { return ada.KeyFramesAsked.Load() > asked })
		var lost int64
		st.until("it counted", nothing, func() bool {
			lost = st.sfu.Media().ReportedLost
			return lost >= step.want
		})
		if lost != step.want {
			t.Fatalf("told of %d lost: %d counted, want %d", step.total, lost, step.want)
		}
	}
	if loads := st.sfu.Busiest(1); len(loads) != 1 || loads[0].Peers != 3 || loads[0].StreamsIn != 1 || loads[0].StreamsOut != 2 || loads[0].Rate <= 0 {
		t.Errorf("the busiest of two groups: %+v", loads)
	}
	if loads := st.sfu.Busiest(9); len(loads) != 2 || loads[1] != (sfu.Load{}) {
		t.Errorf("both groups: %+v", loads)
	}
	last := settled()
	for _, who := range []string{"bob", "ada", "eve"} {
		st.group.Remove(who)
	}
	st.until("no streams left", nothing, func() bool {
		m = st.sfu.Media()
		return m.StreamsIn == 0 && m.StreamsOut == 0
	})
	if m.PacketsIn != last.PacketsIn || m.PacketsOut != last.PacketsOut || m.ReportedLost != last.ReportedLost {
		t.Errorf("after all have left %+v, before %+v", m, last)
	}
}

// A group that is closed is counted no more.
func TestClosedGroupIsNoLoad(t *testing.T) {
	st := newStage(t)
	other := st.sfu.NewGroup(sfu.Events{})
	if n := len(st.sfu.Busiest(9)); n != 2 {
		t.Errorf("%d groups, want 2", n)
	}
	other.Close()
	if n := len(st.sfu.Busiest(9)); n != 1 {
		t.Errorf("%d groups, want 1", n)
	}
}
