package sfu_test

import (
	"net"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"

	"github.com/conclave-meet/conclave/e2e/bot"
	"github.com/conclave-meet/conclave/sfu"
)

// The rates of the encodings of a test's camera, in bits/s, and their packets, in bytes.
var cameraRates = []int{150_000, 500_000, 1_500_000}

const cameraPacket = 1000

// wideLine is more than anybody is sent, in bits/s.
const wideLine = 20_000_000

// studio is ada, a publisher that sends a simulcast camera and a voice at those rates, for
// as long as the test turns its crank.
type studio struct {
	*peer
	stage   *stage
	streams []*bot.Stream
	voice   *bot.Stream
	begin   time.Time
	sent    []int // packets of each encoding, then of the voice

	screen *bot.Stream // nil for none
	rate   int         // of it, in bits/s
	shown  int         // packets of it sent
}

// shares makes s send a screen too, from now on, at so many bits/s.
func (s *studio) shares(rate int) {
	s.rate, s.screen = rate, bot.NewStream(webrtc.MimeTypeVP8, 7, 100, 100)
	s.screen.Size = cameraPacket
	s.shown = int(time.Since(s.begin).Seconds() * float64(rate) / 8 / cameraPacket)
	s.stage.group.SetLive(s.id, sfu.Screen, true)
}

func newStudio(st *stage) *studio {
	st.t.Helper()
	s := &studio{
		stage: st,
		peer:  st.add("ada", bot.Shape{Audio: 1, Video: 1, Simulcast: true}),
		voice: bot.NewStream(webrtc.MimeTypeOpus, 9, 0, 0),
		begin: time.Now(), sent: make([]int, len(cameraRates)+1),
	}
	s.voice.Size = 80
	for i := range cameraRates {
		stream := bot.NewStream(webrtc.MimeTypeVP8, uint32(i), uint16(i*20000), uint16(i*9000)) //nolint:gosec // small
		stream.Size = cameraPacket
		s.streams = append(s.streams, stream)
	}
	st.group.SetLive("ada", sfu.Camera, true)
	st.group.SetLive("ada", sfu.Microphone, true)
	return s
}

// crank sends what is due.
func (s *studio) crank() {
	elapsed := time.Since(s.begin)
	for i, rate := range cameraRates {
		due := int(elapsed.Seconds() * float64(rate) / 8 / cameraPacket)
		for n := 0; s.sent[i] < due; s.sent[i]++ {
			if n++; n > 20 { // a test that was held up does not catch up
				s.sent[i] = due
				break
			}
			s.streams[i].KID = s.KID(bot.Camera)
			_ = s.Encoding(i).Write(webrtc.MimeTypeVP8, s.streams[i].Next(s.sent[i]%10 == 0), 0)
		}
	}
	if due := int(elapsed.Seconds() * float64(s.rate) / 8 / cameraPacket); s.screen != nil && s.shown < due {
		write(s.peer, bot.Screen, s.screen, s.shown%10 == 0)
		s.shown = due
	}
	voice := len(cameraRates)
	for due := int(elapsed / (20 * time.Millisecond)); s.sent[voice] < due; s.sent[voice] = due {
		speak(s.peer, bot.Microphone, s.voice, 20)
	}
}

// layers counts the camera packets that a viewer has got, by encoding.
func layers(t *testing.T, p *peer, mid string) (counts [3]int) {
	t.Helper()
	for _, packet := range once(p.packets(mid)) {
		counts[stampOf(t, webrtc.MimeTypeVP8, packet).Publisher]++
	}
	return counts
}

// onDetour joins bob behind a wide line.
func (st *stage) onDetour(shape bot.Shape) (*peer, *detour) {
	st.t.Helper()
	d := newDetour(st.t, net.UDPAddrFromAddrPort(st.sfu.Addrs()[0]), wideLine)
	st.detour = d.answer
	defer func() { st.detour = nil }()
	return st.add("bob", shape), d
}

// A viewer whose line gets thin is sent the small picture, and hardly anything more of
// the large one; the voice goes on. When the line is wide again, so is the picture.
func TestThinLineGetsTheSmallPicture(t *testing.T) {
	st := newStageOn(t, sfu.ListenLite)
	ada := newStudio(st)
	bob, line := st.onDetour(wide)
	mid := st.show(bob, ada.peer)
	crank := func(int) { ada.crank() }
	got := func() [3]int { return layers(t, bob, mid) }
	grows := func(encoding, n int) func() bool {
		before := got()
		return func() bool { return got()[encoding] >= before[encoding]+n }
	}

	st.until("the large picture", crank, grows(2, 50))
	line.rate.Store(400_000)
	st.until("the small picture", crank, grows(0, 30))
	voices := len(bob.sounds())
	large := got()[2]
	st.until("more of it", crank, grows(0, 30))
	if n := got()[2] - large; n > 30 { // ten times as many are sent of it
		t.Errorf("%d packets of the large picture beside 30 of the small one", n)
	}
	if n := len(bob.sounds()) - voices; n < 40 { // nearly three times as many are sent of it
		t.Errorf("%d packets of the voice beside 30 of the small picture", n)
	}
	line.rate.Store(wideLine)
	st.until("the large picture again", crank, grows(2, 50))
}

// Where nobody speaks, a line can get too thin for anything at all. When it is wide
// again, the picture comes back, though meanwhile there was nothing to tell of.
func TestWithoutAVoiceThePictureComesBack(t *testing.T) {
	st := newStageOn(t, sfu.ListenLite)
	ada := newStudio(st)
	st.group.SetLive("ada", sfu.Microphone, false)
	bob, line := st.onDetour(wide)
	mid := st.show(bob, ada.peer)
	crank := func(int) { ada.crank() }
	got := func() int { return len(once(bob.packets(mid))) }
	st.until("the picture", crank, func() bool { return got() >= 50 })

	line.rate.Store(70_000)
	full := len(cameraRates) - 1
	was, since := 0, 0
	st.until("no picture", crank, func() bool {
		if n := got(); n != was {
			was, since = n, ada.sent[full]
		}
		return ada.sent[full] >= since+400 // over two seconds of it
	})
	line.rate.Store(wideLine)
	st.until("the picture again", crank, func() bool { return got() >= was+20 })
}

// The control: who does not tell what comes gets the large picture on any line.
func TestSilentViewerGetsTheLargePicture(t *testing.T) {
	st := newStageOn(t, sfu.ListenLite)
	ada := newStudio(st)
	bob, line := st.onDetour(small)
	mid := st.show(bob, ada.peer)
	crank := func(int) { ada.crank() }
	st.until("the large picture", crank, func() bool { return layers(t, bob, mid)[2] >= 50 })
	before := layers(t, bob, mid)
	line.rate.Store(400_000)
	st.until("a line that is full", crank, func() bool { return line.dropped.Load() > 500 })
	if n := layers(t, bob, mid); n[0] > before[0] || n[1] > before[1] || n[2] == before[2] {
		t.Errorf("packets %v of the encodings, %v before", n, before)
	}
}

// sounds returns the packets that came in any audio slot.
func (p *peer) sounds() (n []uint16) {
	for _, mid := range p.Slots(webrtc.RTPCodecTypeAudio) {
		for _, packet := range p.packets(mid) {
			n = append(n, packet.SequenceNumber)
		}
	}
	return n
}

// On a line of 300 kbit/s the voice and the share remain; cameras stand still.
func TestThinLineKeepsTheShare(t *testing.T) {
	st := newStageOn(t, sfu.ListenLite)
	ada := newStudio(st)
	ada.shares(170_000)
	bob, line := st.onDetour(wide)
	video := bob.Slots(webrtc.RTPCodecTypeVideo)
	st.group.Watch("bob", []sfu.Wish{
		{Mid: video[0], Peer: "ada", Source: sfu.Camera, Height: 720},
		{Mid: video[1], Peer: "ada", Source: sfu.Screen, Height: 1080},
	})
	crank := func(int) { ada.crank() }
	count := func() (camera, screen int) { return len(once(bob.packets(video[0]))), len(once(bob.packets(video[1]))) }
	st.until("both", crank, func() bool { c, s := count(); return c > 50 && s > 10 })

	line.rate.Store(300_000)
	// Long enough for no camera packet beside a dozen of the share.
	was, since := count()
	st.until("the share alone", crank, func() bool {
		camera, screen := count()
		if camera != was {
			was, since = camera, screen
		}
		return screen >= since+15
	})
	voices := len(bob.sounds())
	_, since = count()
	st.until("more of it", crank, func() bool { _, screen := count(); return screen >= since+30 })
	camera, _ := count()
	if camera-was > 75 { // ten times as many are sent; a probe of the line may show it for a moment
		t.Errorf("%d packets of the camera beside 30 of the share", camera-was)
	}
	if n := len(bob.sounds()) - voices; n < 35 { // twice as many are sent of it
		t.Errorf("%d packets of the voice beside 30 of the share", n)
	}
}

// Who is reached by another line is measured anew; who is reached by the same is not.
func TestAnotherLineIsMeasuredAnew(t *testing.T) {
	st := newStageOn(t, sfu.ListenLite)
	ada := newStudio(st)
	bob, _ := st.onDetour(wide)
	mid := st.show(bob, ada.peer)
	crank := func(int) { ada.crank() }
	known := func() bool { return st.group.Line("bob") != nil }
	st.until("feedback", crank, known)
	first := st.group.Line("bob")
	seen := len(bob.packets(mid))
	st.until("more packets", crank, func() bool { return len(bob.packets(mid)) > seen+100 })
	if st.group.Line("bob") != first {
		t.Error("the same line is measured anew")
	}

	other := newDetour(t, net.UDPAddrFromAddrPort(st.sfu.Addrs()[0]), wideLine)
	offer, err := bob.RestartOffer()
	if err != nil {
		t.Fatal(err)
	}
	answer, err := st.group.Negotiate(t.Context(), sfu.Seat{ID: "bob"}, offer)
	if err != nil {
		t.Fatal(err)
	}
	if err := bob.Accept(other.answer(answer)); err != nil {
		t.Fatal(err)
	}
	st.until("feedback of the other line", crank, func() bool { return known() && st.group.Line("bob") != first })
	seen = len(bob.packets(mid))
	st.until("packets by the other line", crank, func() bool { return len(bob.packets(mid)) > seen+20 && other.bot.Load() != nil })
}
