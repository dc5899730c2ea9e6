package sfu_test

import (
	"testing"

	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"

	"github.com/conclave-meet/conclave/e2e/bot"
	"github.com/conclave-meet/conclave/sfu"
)

// audience is a publisher whose camera two watch, in one of two groups.
type audience struct {
	*stage
	ada, bob, eve *peer
	at            string // bob's slot; eve's is her first
	stream        *bot.Stream
	size          int // bytes of a packet's payload
}

func nothing(int) {}

func newAudience(t *testing.T) *audience {
	t.Helper()
	st := newStage(t)
	st.sfu.NewGroup(sfu.Events{}) // an idle one beside
	a := &audience{stage: st, ada: st.add("ada", small), bob: st.add("bob", small), eve: st.add("eve", small)}
	st.group.SetLive("ada", sfu.Camera, true)
	a.at = st.show(a.bob, a.ada)
	st.show(a.eve, a.ada)
	a.stream = bot.NewStream(webrtc.MimeTypeVP8, 1, 0, 0)
	st.until("the picture at both", func(int) { a.size = len(write(a.ada, bot.Camera, a.stream, true).Payload) }, func() bool {
		return len(a.bob.packets(a.at)) > 0 && len(a.eve.packets(a.eve.screen())) > 0
	})
	return a
}

// send sends the next packet of ada's picture.
func (a *audience) send(int) { write(a.ada, bot.Camera, a.stream, false) }

// got returns how many packets have come at both.
func (a *audience) got() int64 {
	return int64(len(a.bob.packets(a.at)) + len(a.eve.packets(a.eve.screen())))
}

// settled returns the numbers when all that has come is counted.
func (a *audience) settled() (m sfu.Media) {
	a.t.Helper()
	a.until("everything counted", nothing, func() bool {
		m = a.sfu.Media()
		return m.PacketsOut == a.got() && m.StreamsOut == 2
	})
	return m
}

// Packets are counted once as they come and once for each viewer, and nothing is
// forgotten with who leaves.
func TestWhatIsCounted(t *testing.T) {
	a := newAudience(t)
	before := a.settled()
	for i := range 20 {
		a.send(i)
	}
	a.until("twenty more at both", nothing, func() bool { return a.got() == before.PacketsOut+40 })
	m := a.settled()
	if in := m.PacketsIn - before.PacketsIn; in != 20 {
		t.Errorf("20 packets came, counted %d", in)
	}
	if out := m.PacketsOut - before.PacketsOut; out != 40 {
		t.Errorf("40 packets went out, counted %d", out)
	}
	if in, out := m.BytesIn-before.BytesIn, m.BytesOut-before.BytesOut; in != int64(20*a.size) || out != 2*in {
		t.Errorf("%d bytes came and twice as many went out, counted %d and %d", 20*a.size, in, out)
	}
	if m.StreamsOut != 2 || m.ReportedLost != 0 {
		t.Errorf("one stream to two, none lost: %+v", m)
	}
	last := m
	for _, who := range []string{"bob", "ada", "eve"} {
		a.group.Remove(who)
	}
	a.until("no streams left", nothing, func() bool {
		m = a.sfu.Media()
		return m.StreamsIn == 0 && m.StreamsOut == 0
	})
	if m.PacketsIn != last.PacketsIn || m.PacketsOut != last.PacketsOut || m.ReportedLost != last.ReportedLost {
		t.Errorf("after all have left %+v, before %+v", m, last)
	}
}

// What a viewer tells is lost is counted as far as it grows.
func TestWhatIsToldLostIsCounted(t *testing.T) {
	a := newAudience(t)
	for i := range 20 {
		a.send(i)
	}
	a.until("as many sent as will be told lost", a.send, func() bool { return len(a.bob.packets(a.at)) > 20 })
	ssrc := a.bob.packets(a.at)[0].SSRC
	for _, step := range []struct {
		ssrc, total uint32
		want        int64
	}{{ssrc, 3, 3}, {ssrc, 2, 3}, {ssrc + 1, 900, 3}, {ssrc, 7, 8}, {ssrc, 1<<24 - 1, 8}, {ssrc, 2, 10}} {
		report := &rtcp.ReceiverReport{Reports: []rtcp.ReceptionReport{{SSRC: step.ssrc, TotalLost: step.total}}}
		if err := a.bob.WriteRTCP(report, &rtcp.PictureLossIndication{MediaSSRC: ssrc}); err != nil {
			t.Fatal(err)
		}
		asked := a.ada.KeyFramesAsked.Load()
		a.until("the report taken in", func(i int) {
			_ = a.bob.WriteRTCP(&rtcp.PictureLossIndication{MediaSSRC: ssrc})
			a.send(i) // or nobody has lost anything
		}, func() bool { return a.ada.KeyFramesAsked.Load() > asked })
		var lost int64
		a.until("it counted", nothing, func() bool {
			lost = a.sfu.Media().ReportedLost
			return lost >= step.want
		})
		if lost != step.want {
			t.Fatalf("told of %d lost: %d counted, want %d", step.total, lost, step.want)
		}
	}
}

// Of the groups the one that sends is the busiest. While ada sends, hers is a stream; it
// is none when she is silent.
func TestTheBusiest(t *testing.T) {
	a := newAudience(t)
	var loads []sfu.Load
	busy := func() bool {
		loads = a.sfu.Busiest(9)
		return loads[0].StreamsIn == 1 && loads[0].StreamsOut == 2 && a.sfu.Media().StreamsIn == 1
	}
	a.until("one stream to two", a.send, busy)
	if len(loads) != 2 || loads[0].Peers != 3 || loads[0].Rate <= 0 || loads[1] != (sfu.Load{}) {
		t.Errorf("both groups: %+v", loads)
	}
	if n := len(a.sfu.Busiest(1)); n != 1 {
		t.Errorf("%d groups, want the busiest alone", n)
	}
	a.until("no stream", nothing, func() bool { return a.sfu.Media().StreamsIn == 0 })
	a.until("one again", a.send, busy)
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
