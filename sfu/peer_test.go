package sfu_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"

	"github.com/conclave-meet/conclave/e2e/bot"
	"github.com/conclave-meet/conclave/sfu"
)

// offerOf returns an offer of the right shape.
func offerOf(t *testing.T, shape bot.Shape) string {
	t.Helper()
	media, err := bot.NewMedia(shape, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(media.Close)
	offer, err := media.Offer()
	if err != nil {
		t.Fatal(err)
	}
	return offer
}

func TestOffersOfAnotherShapeAreRefused(t *testing.T) {
	st := newStage(t)
	good := offerOf(t, small)
	replace := func(old, by string) string { return strings.Replace(good, old, by, 1) }
	video, application := strings.LastIndex(good, "m=video"), strings.Index(good, "m=application")
	media, slot, data := good[:application], good[video:application], good[application:]
	for _, tt := range []struct{ name, offer string }{
		{"empty", ""},
		{"not SDP", "hello"},
		{"no media", good[:strings.Index(good, "m=")]},
		{"only the first line", good[:strings.Index(good, "m=video")]},
		{"sendrecv microphone", replace("a=sendonly", "a=sendrecv")},
		{"inactive slot", replace("a=recvonly", "a=inactive")},
		{"sending slot", replace("a=recvonly", "a=sendonly")},
		{"no direction", replace("a=sendonly\r\n", "")},
		{"video where the microphone is", strings.Replace(good, "m=audio", "m=video", 1)},
		{"no data channels", media},
		{"data channels twice", good + data},
		{"data channels before the last slot", good[:video] + data + slot},
		{"data channels where the camera is", replace("m=video 9 UDP/TLS/RTP/SAVPF", "m=application 9 UDP/DTLS/SCTP")},
		{"data channels over TCP", replace("UDP/DTLS/SCTP", "TCP/DTLS/SCTP")},
		{"another use of SCTP", replace("webrtc-datachannel", "bfcp")},
		{"data channels without a mid", media + strings.Replace(data, "a=mid:", "a=x-mid:", 1)},
		{"data channels with a mid of a slot", media + strings.Replace(data, "a=mid:8", "a=mid:7", 1)},
		{"data channels outside the bundle", replace(" 8\r\n", "\r\n")},
		{"unencrypted media", replace("UDP/TLS/RTP/SAVPF", "RTP/AVP")},
		{"no rtcp-mux", replace("a=rtcp-mux\r\n", "")},
		{"no mid", replace("a=mid:0\r\n", "")},
		{"one mid twice", replace("a=mid:1", "a=mid:0")},
		{"long mid", replace("a=mid:0", "a=mid:"+strings.Repeat("0", 17))},
		{"no bundle", replace("a=group:BUNDLE", "a=group:LS")},
		{"half a bundle", replace("a=group:BUNDLE 0 ", "a=group:BUNDLE ")},
		{"no fingerprint", strings.ReplaceAll(good, "a=fingerprint:sha-256", "a=x-fingerprint:sha-256")},
		{"weak fingerprint", strings.ReplaceAll(good, "a=fingerprint:sha-256", "a=fingerprint:sha-1")},
		{"two certificates", replace("a=mid:0\r\n", "a=mid:0\r\na=fingerprint:sha-256 "+strings.Repeat("AB:", 31)+"AB\r\n")},
		{"rids on the microphone", replace("a=mid:0\r\n", "a=mid:0\r\na=rid:q send\r\n")},
		{"unknown rid", replace("a=mid:1\r\n", "a=mid:1\r\na=rid:z send\r\n")},
		{"too many lines", media + strings.Repeat(slot, 64) + data},
		{"too long", good + strings.Repeat("a=x:y\r\n", 50_000)},
		{"no codec we forward", strings.NewReplacer("VP8", "H264", "VP9", "H264", "AV1", "H264").Replace(good)},
		{"no ICE credentials", strings.ReplaceAll(good, "a=ice-ufrag", "a=x-ufrag")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if answer, err := st.group.Negotiate(t.Context(), sfu.Seat{ID: tt.name}, tt.offer); !errors.Is(err, sfu.ErrBadOffer) {
				t.Fatalf("Negotiate = %q, %v", answer, err)
			}
		})
	}
	for _, leaf := range []int{-1, 1 << 16} {
		if _, err := st.group.Negotiate(t.Context(), sfu.Seat{ID: "good", Leaf: leaf}, good); err == nil {
			t.Errorf("leaf %d is taken, which no frame can come from", leaf)
		}
	}
	if _, err := st.group.Negotiate(t.Context(), sfu.Seat{ID: "good"}, good); err != nil {
		t.Fatalf("the offer they were made from is refused: %v", err)
	}
}

// A client that names a thousand targets makes a server that others can reach
// send nothing to any of them. (One that only its own machine can reach connects
// back, to a few addresses of that machine: the control of this test.)
func TestCandidatesAreIgnored(t *testing.T) {
	for _, tt := range []struct {
		name   string
		listen func() (*sfu.SFU, error)
		most   int // candidates used
	}{
		{"reachable by others", sfu.ListenLite, 0},
		{"loopback only", func() (*sfu.SFU, error) { return sfu.Listen(sfu.Config{Listen: loopback}) }, 20},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, err := tt.listen()
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = s.Close() }()
			g := s.NewGroup(sfu.Events{Disconnected: func(string) {}})
			defer g.Close()
			victims, lines := targets(t)
			offer := strings.Replace(offerOf(t, small), "a=mid:0\r\n", "a=mid:0\r\n"+lines, 1)
			if _, err := g.Negotiate(t.Context(), sfu.Seat{ID: "eve"}, offer); err != nil {
				t.Fatal(err)
			}
			hit := 0
			for _, v := range victims {
				_ = v.SetReadDeadline(time.Now().Add(time.Second))
			}
			for _, v := range victims {
				if _, _, err := v.ReadFrom(make([]byte, 1500)); err == nil {
					hit++
				}
			}
			if hit > tt.most || tt.most > 0 && hit == 0 {
				t.Errorf("%d of %d targets were sent something, want at most %d", hit, len(victims), tt.most)
			}
		})
	}
}

// targets returns sockets, and candidate lines that name each of them ten times.
func targets(t *testing.T) (victims []net.PacketConn, lines string) {
	t.Helper()
	var b strings.Builder
	for i := range 100 {
		v, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = v.Close() })
		victims = append(victims, v)
		for j := range 10 {
			fmt.Fprintf(&b, "a=candidate:%d%d 1 udp %d 127.0.0.1 %d typ host\r\n", i, j, 1000+i, v.LocalAddr().(*net.UDPAddr).Port)
		}
	}
	return victims, b.String()
}

func TestRestartKeepsTheCall(t *testing.T) {
	st := newStage(t)
	ada, bob := st.add("ada", small), st.add("bob", small)
	st.group.SetLive("ada", sfu.Camera, true)
	mid := st.show(bob, ada)
	s := bot.NewStream(webrtc.MimeTypeVP8, 1, 0, 0)
	send := func(int) { write(ada, bot.Camera, s, true) }
	st.until("the picture", send, func() bool { return len(bob.packets(mid)) > 10 })

	offer, err := ada.RestartOffer()
	if err != nil {
		t.Fatal(err)
	}
	answer, err := st.group.Negotiate(t.Context(), sfu.Seat{ID: "ada"}, offer)
	if err != nil {
		t.Fatalf("restart: %v", err)
	}
	if err := ada.Accept(answer); err != nil {
		t.Fatal(err)
	}
	seen := len(bob.packets(mid))
	st.until("the picture after the restart", send, func() bool { return len(bob.packets(mid)) > seen+50 })
	if _, err := st.group.Negotiate(t.Context(), sfu.Seat{ID: "ada"}, offerOf(t, bot.Shape{Audio: 1, Video: 1})); !errors.Is(err, sfu.ErrBadOffer) {
		t.Errorf("restart with other lines = %v", err)
	}
}

// Ten peers come and go a hundred times: nothing of them stays.
func TestEverythingIsGivenBack(t *testing.T) {
	st := newStage(t)
	st.add("first", small)
	st.group.Remove("first")
	settle(t, func() bool { return true })
	goroutines := runtime.NumGoroutine()
	for round := range 10 {
		var peers []*peer
		for i := range 10 {
			peers = append(peers, st.add(fmt.Sprint(round, "-", i), small))
		}
		s := bot.NewStream(webrtc.MimeTypeVP8, 1, 0, 0)
		st.group.SetLive(peers[0].id, sfu.Camera, true)
		mid := st.show(peers[1], peers[0])
		st.until("the picture", func(int) { write(peers[0], bot.Camera, s, true) }, func() bool { return len(peers[1].packets(mid)) > 0 })
		st.ready(peers[0])
		st.ready(peers[1])
		st.hearing(peers[0], bot.Chat, "hello", peers[1])
		if _, err := peers[2].OpenChannel("another"); err != nil {
			t.Fatal(err)
		}
		for _, p := range peers {
			st.group.Remove(p.id)
			p.Close()
		}
	}
	settle(t, func() bool { return runtime.NumGoroutine() <= goroutines })
}

// settle waits until done, and shows what still runs when that takes too long.
func settle(t *testing.T, done func() bool) {
	t.Helper()
	deadline := time.After(30 * time.Second)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-tick.C:
		case <-deadline:
			buf := make([]byte, 1<<20)
			t.Fatalf("still running:\n%s", buf[:runtime.Stack(buf, true)])
		}
	}
}

// No offer, however broken, makes the server panic or hang.
func TestBrokenOffersHarmNobody(t *testing.T) {
	st := newStage(t)
	offer := offerOf(t, bot.Shape{Audio: 1, Video: 1, Simulcast: true})
	rnd := rand.New(rand.NewPCG(1, 2))
	answered := 0
	for i := range 300 {
		broken := []byte(offer)
		for range 1 + i%5 {
			broken[rnd.IntN(len(broken))] = byte(rnd.IntN(256))
		}
		if _, err := st.group.Negotiate(t.Context(), sfu.Seat{ID: "eve"}, string(broken)); err == nil {
			answered++
		}
		st.group.Remove("eve")
	}
	if answered == 0 || answered == 300 {
		t.Errorf("%d of 300 broken offers were answered: the breaking does not do what it should", answered)
	}
}
