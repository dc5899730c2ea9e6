package sfu_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/pion/webrtc/v4"

	"github.com/conclave-meet/conclave/e2e/bot"
	"github.com/conclave-meet/conclave/sfu"
	"github.com/conclave-meet/conclave/sfu/internal/twcc"
)

// viewersKey names the variable that makes a second run of the test program one that
// only watches: how many viewers it is, and of what shape, so that their memory is not
// the server's.
const viewersKey = "CONCLAVE_TEST_VIEWERS"

// TestViewersElsewhere is no test, but the other process of the one below.
func TestViewersElsewhere(t *testing.T) {
	var n int
	shape := bot.Shape{Wide: true}
	if _, err := fmt.Sscan(os.Getenv(viewersKey), &n, &shape.Audio, &shape.Video); err != nil {
		t.Skip("not asked for")
	}
	in, out := json.NewDecoder(bufio.NewReader(os.Stdin)), json.NewEncoder(os.Stdout)
	for range n {
		media, err := bot.NewMedia(shape, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer media.Close()
		offer, err := media.Offer()
		if err != nil {
			t.Fatal(err)
		}
		if err := out.Encode([]string{offer, media.Slots(webrtc.RTPCodecTypeVideo)[0]}); err != nil {
			t.Fatal(err)
		}
		var answer string
		if err := in.Decode(&answer); err != nil {
			t.Fatal(err)
		}
		if err := media.Accept(answer); err != nil {
			t.Fatal(err)
		}
	}
	var end string
	_ = in.Decode(&end) // until the other closes its side
}

// inUse returns the bytes of heap and stacks in use, after two collections: the first
// gives back what has a finalizer, or is in a pool.
func inUse() int {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc + m.StackInuse) //nolint:gosec // not so much
}

// viewers is a process of n viewers, with so many slots, who watch ada's camera.
func (st *stage) viewers(n, audio, video int) {
	st.t.Helper()
	elsewhere := exec.CommandContext(st.t.Context(), os.Args[0], "-test.run=^TestViewersElsewhere$") //nolint:gosec // ourselves
	elsewhere.Env, elsewhere.Stderr = append(os.Environ(), fmt.Sprint(viewersKey, "=", n, " ", audio, " ", video)), os.Stderr
	stdin, errIn := elsewhere.StdinPipe()
	stdout, errOut := elsewhere.StdoutPipe()
	if errIn != nil || errOut != nil {
		st.t.Fatal(errIn, errOut)
	}
	if err := elsewhere.Start(); err != nil {
		st.t.Fatal(err)
	}
	st.t.Cleanup(func() {
		_ = stdin.Close()
		_ = elsewhere.Wait()
	})
	in, out := json.NewDecoder(stdout), json.NewEncoder(stdin)
	for i := range n {
		var offer []string
		if err := in.Decode(&offer); err != nil {
			st.t.Fatal(err)
		}
		answer, err := st.group.Negotiate(st.t.Context(), sfu.Seat{ID: name(i), Leaf: st.nextLeaf()}, offer[0])
		if err != nil {
			st.t.Fatal(err)
		}
		if err := out.Encode(answer); err != nil {
			st.t.Fatal(err)
		}
		st.group.Watch(name(i), []sfu.Wish{{Mid: offer[1], Peer: "ada", Source: sfu.Camera, Height: 720}})
	}
	for range n {
		select {
		case <-st.connected:
		case <-st.deadline().Done():
			st.t.Fatal("not everybody is connected")
		}
	}
}

// A viewer costs little memory, after more packets than a second's worth too, and
// none when it has left. LONG=10 lets ten minutes of packets pass.
func TestViewersCostLittleMemory(t *testing.T) {
	measures(t)
	t.Run("one who has one slot", func(t *testing.T) { viewersCost(t, 0, 1, 240<<10) })
	t.Run("one who has seven", func(t *testing.T) { viewersCost(t, 3, 4, 320<<10) })
}

// viewersCost fails when a viewer with so many slots costs more than so many bytes.
// Others come and go before, for what is made once and kept.
func viewersCost(t *testing.T, audio, video, most int) {
	t.Helper()
	const n, rest = 30, 40 << 10 // viewers, bytes for each that may stay
	packets := int64(1000)
	if minutes, err := strconv.Atoi(os.Getenv("LONG")); err == nil {
		packets = int64(minutes) * 60 * 200 // as until sends them
	}
	st := newStageOn(t, sfu.ListenLite)
	ada := st.add("ada", small)
	st.group.SetLive("ada", sfu.Camera, true)
	s := bot.NewStream(webrtc.MimeTypeVP8, 1, 0, 0)
	s.Size = 1000
	sent := 0
	send := func(int) { write(ada, bot.Camera, s, sent%50 == 0); sent++ }
	st.until("enough that nothing of ada's grows any more", send, func() bool { return sent > 800 })
	goroutines := runtime.NumGoroutine()
	watch := func(packets int64) {
		var acked atomic.Int64
		st.viewers(n, audio, video)
		settle(t, func() bool { return st.sfu.Stats().Connected == n+1 })
		for i := range n {
			st.group.Told(name(i), func(acks []twcc.Ack) { acked.Add(int64(len(acks))) })
		}
		for some := int64(1000); some <= packets; some += 1000 {
			st.until("so many packets at everybody", send, func() bool { return acked.Load() >= some*n })
		}
	}
	leave := func() {
		for i := range n {
			st.group.Remove(name(i))
		}
		settle(t, func() bool { return st.sfu.Stats().Connected == 1 })
		settle(t, func() bool { return runtime.NumGoroutine() <= goroutines+10 }) // processes wait
	}
	watch(1000)
	leave()
	before := inUse()
	watch(packets)
	each := (inUse() - before) / n
	t.Logf("%d KiB of heap and stacks, %d goroutines for each viewer", each>>10, (runtime.NumGoroutine()-goroutines)/n)
	if each > most {
		t.Errorf("%d KiB for each viewer, want at most %d", each>>10, most>>10)
	}
	leave()
	settle(t, func() bool { return inUse() < before+n*rest })
}
