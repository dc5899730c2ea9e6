package sfu

import (
	"encoding/binary"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"github.com/conclave-meet/conclave/sfu/internal/bwe"
	"github.com/conclave-meet/conclave/sfu/internal/descriptor"
	"github.com/conclave-meet/conclave/sfu/internal/ration"
)

// theatre is a viewer with a thin line, who sees a screen and two cameras.
type theatre struct {
	*Group
	viewer *peer
	tapes  []*tape // of each of the viewer's slots
	seq    uint16
}

const screenSlot, firstCamera, secondCamera = 0, 1, 2

func newTheatre(t *testing.T) *theatre {
	t.Helper()
	g, viewer := gallery(t, 2)
	h := &theatre{Group: g, viewer: viewer}
	viewer.connected.Store(true)
	viewer.joined = time.Now().Add(time.Hour) // so that nothing is replayed
	viewer.queue.SetRate(30_000)
	for i, s := range viewer.slots {
		h.tapes = append(h.tapes, &tape{sink: s.out.(*sink)}) //nolint:forcetypeassert // gallery has put it there
		s.out, s.ssrc, s.rtxSSRC, s.rtx = h.tapes[i], uint32(i), 100, map[uint8]uint8{96: 97}
	}
	g.apportion(viewer)
	for _, id := range []string{"a", "viewer"} { // who may leave
		pc, err := webrtc.NewPeerConnection(webrtc.Configuration{})
		if err != nil {
			t.Fatal(err)
		}
		g.peers[id].pc = pc
		t.Cleanup(func() { _ = pc.GracefulClose() })
	}
	return h
}

// play has n packets come for a slot, the first of a key frame.
func (h *theatre) play(slot, n int) {
	s := h.viewer.slots[slot]
	e, pending := s.encodings()
	if pending != nil {
		e = pending
	}
	for i := range n {
		h.seq++
		e.forward(&packet{
			codec: descriptor.VP8, keyFrame: i == 0, payload: vp8(h.seq), seq: h.seq, ts: uint32(h.seq), at: time.Now(),
		})
	}
}

// sent returns what has left of a slot.
func (h *theatre) sent(slot int) (headers []rtp.Header, payloads [][]byte) {
	t := h.tapes[slot]
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.headers), slices.Clone(t.payloads)
}

// count returns how many packets have left of a slot.
func (h *theatre) count(slot int) int {
	headers, _ := h.sent(slot)
	return len(headers)
}

// What is cut leaves no more: not even what waits in the queue of a thin line. What
// waits beside it does, and so does all when nothing is cut.
func TestNothingOfWhatIsCutLeaves(t *testing.T) {
	const n = 100
	other := Wish{Mid: "b", Peer: "b", Source: Camera, Height: 720}
	for _, tt := range []struct {
		name string
		slot int
		cut  func(h *theatre) // nil: nothing is cut
		all  bool             // of the viewer's pictures are cut
	}{
		{"nothing happens", firstCamera, nil, false},
		{"the camera is off", firstCamera, func(h *theatre) { h.SetLive("a", Camera, false) }, false},
		{"the share is stopped", screenSlot, func(h *theatre) { h.SetLive("a", Screen, false) }, false},
		{"another is watched in its place", firstCamera, func(h *theatre) {
			h.Watch("viewer", []Wish{{Mid: "a", Peer: "b", Source: Camera, Height: 720}, other})
		}, false},
		{"nobody is watched in its place", firstCamera, func(h *theatre) { h.Watch("viewer", []Wish{other}) }, false},
		{"the camera is off before its new codec has begun", firstCamera, func(h *theatre) {
			e, _ := h.viewer.slots[firstCamera].encodings()
			e.show(&packet{codec: descriptor.VP9, payload: vp8(1), seq: h.seq + 1, at: time.Now()})
			h.SetLive("a", Camera, false)
		}, false},
		{"who sends it leaves", firstCamera, func(h *theatre) { h.Remove("a"); h.wg.Wait() }, false},
		{"who sees it leaves", firstCamera, func(h *theatre) { h.Remove("viewer"); h.wg.Wait() }, true},
		{"the line has no more room", firstCamera, func(h *theatre) {
			h.viewer.downlink.estimator = bwe.New(100_000, 1000, 90e6)
			h.apportion(h.viewer)
			if h.viewer.slots[firstCamera].given != ration.Frozen {
				t.Error("the line has room")
			}
		}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newTheatre(t)
				h.play(tt.slot, n)
				h.play(secondCamera, n)
				time.Sleep(100 * time.Millisecond)
				synctest.Wait()
				before := h.count(tt.slot)
				if before == 0 || before > n/2 {
					t.Fatalf("%d of %d packets left at first", before, n)
				}
				want, beside := before, n
				if tt.cut == nil {
					want = n
				} else {
					tt.cut(h)
				}
				if tt.all {
					beside = h.count(secondCamera)
				}
				time.Sleep(time.Minute)
				synctest.Wait()
				if got := h.count(tt.slot); got != want {
					t.Errorf("%d packets left, want %d", got, want)
				}
				if got := h.count(secondCamera); got != beside {
					t.Errorf("%d packets left beside it, want %d", got, beside)
				}
			})
		})
	}
}

// pictureOf returns the number of the picture in a packet that vp8 has made.
func pictureOf(payload []byte) uint16 { return binary.BigEndian.Uint16(payload[2:]) & 0x7fff }

// What was cut before it left does not look lost: what comes after goes on behind what
// has left, and no number leaves twice.
func TestACutLeavesNoHole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newTheatre(t)
		for range 5 {
			h.play(firstCamera, 50)
			time.Sleep(100 * time.Millisecond)
			synctest.Wait()
			h.SetLive("a", Camera, false)
			h.SetLive("a", Camera, true)
			h.play(firstCamera, 10) // of which nothing leaves
			h.SetLive("a", Camera, false)
			h.SetLive("a", Camera, true)
		}
		h.play(firstCamera, 50)
		time.Sleep(time.Minute)
		synctest.Wait()
		headers, payloads := h.sent(firstCamera)
		if n := len(headers); n < 60 || n > 6*50-60 {
			t.Errorf("%d packets left", n)
		}
		for i, header := range headers[1:] {
			if was := headers[i]; header.SequenceNumber != was.SequenceNumber+1 || int32(header.Timestamp-was.Timestamp) <= 0 { //nolint:gosec // RTP time wraps
				t.Fatalf("packet %d has number %d and time %d after %d and %d", i+1,
					header.SequenceNumber, header.Timestamp, was.SequenceNumber, was.Timestamp)
			}
		}
		octets := 0
		for i, payload := range payloads {
			octets += len(payload)
			if i > 0 && pictureOf(payload) != pictureOf(payloads[i-1])+1 {
				t.Errorf("packet %d is of picture %d after %d", i, pictureOf(payload), pictureOf(payloads[i-1]))
			}
		}
		if s := h.viewer.slots[firstCamera]; int(s.sent) != len(headers) || int(s.octets) != octets {
			t.Errorf("counted %d packets and %d bytes, %d and %d left", s.sent, s.octets, len(headers), octets)
		}
	})
}

// What is cut is not sent again either, whoever asks: not while its camera is off, and
// not when it is on again.
func TestWhatIsCutIsNotSentAgain(t *testing.T) {
	s, out := showing(t, 10)
	e, _ := s.encodings()
	now := time.Now()
	again := func(seq uint16) int {
		before := out.drain().packets
		now = now.Add(time.Second)
		s.resend(nack(seq, 1), now)
		return out.drain().packets - before
	}
	if again(3) != 1 {
		t.Fatal("nothing is sent again while nothing is cut")
	}
	e.pub.live.Store(false)
	if again(4) != 0 {
		t.Error("sent again while it may not be forwarded")
	}
	e.pub.live.Store(true)
	s.point(nil, true)
	if again(5) != 0 {
		t.Error("sent again once it is cut")
	}
	s.point(e, false)
	if again(6) != 0 {
		t.Error("sent again while the next picture is awaited")
	}
	e.forward(&packet{codec: descriptor.VP8, keyFrame: true, payload: vp8(1), seq: 100, at: now})
	if again(7) != 0 {
		t.Error("sent again after the next picture")
	}
	if again(11) != 1 {
		t.Error("the next picture is not sent again")
	}
}
