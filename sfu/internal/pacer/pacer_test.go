package pacer

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/rtp"
)

// receiver notes what leaves for it.
type receiver struct {
	queue *Queue

	mu   sync.Mutex // guards what follows
	got  []string   // class:seq
	when []time.Duration
	at   time.Time // when the test began
}

// Send implements Stream.
func (r *receiver) Send(p *Packet) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.got = append(r.got, fmt.Sprintf("%d:%d", p.Class, p.Header.SequenceNumber))
	r.when = append(r.when, time.Since(r.at))
}

// streamFunc is a Stream.
type streamFunc func(p *Packet)

func (f streamFunc) Send(p *Packet) { f(p) }

func (r *receiver) sequence() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.got)
}

func newReceiver(p *Pacer) *receiver { return &receiver{at: time.Now(), queue: p.NewQueue()} }

// push queues a packet of size bytes.
func (r *receiver) push(p *Pacer, class Class, seq, size int) bool {
	body := p.NewBody(class, make([]byte, size))
	defer body.Done()
	return r.queue.Push(class, r, &rtp.Header{SequenceNumber: uint16(seq)}, body, nil)
}

// bubble runs f with a pacer whose time is the bubble's.
func bubble(t *testing.T, loops int, f func(t *testing.T, p *Pacer)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		p := New(loops, func() {})
		defer p.Close()
		f(t, p)
	})
}

// Sound goes before what is sent again, and that before pictures, whatever came
// first; within each the order stays.
func TestSoundGoesFirst(t *testing.T) {
	bubble(t, 1, func(t *testing.T, p *Pacer) {
		t.Helper()
		r := newReceiver(p)
		for i := range 2 {
			r.push(p, Video, i, 1000)
			r.push(p, Resend, i, 1000)
			r.push(p, Audio, i, 100)
		}
		time.Sleep(Tick)
		synctest.Wait()
		if got, want := r.sequence(), []string{"0:0", "0:1", "1:0", "1:1", "2:0", "2:1"}; !slices.Equal(got, want) {
			t.Errorf("left as %v, want %v", got, want)
		}
	})
}

// A key frame is spread as the rate says, and sound that comes meanwhile waits for
// one tick, not for it.
func TestAKeyFrameIsSpreadAndSoundPasses(t *testing.T) {
	bubble(t, 1, func(t *testing.T, p *Pacer) {
		t.Helper()
		const packets, size, rate = 200, 1144, 4_800_000 // 1200 bytes with all headers: 500 packets a second
		r := newReceiver(p)
		r.queue.SetRate(rate)
		for i := range packets {
			r.push(p, Video, i, size)
		}
		sound := 0
		for len(r.sequence()) < packets+sound {
			r.push(p, Audio, sound, 100)
			sound++
			time.Sleep(Tick)
			synctest.Wait()
			if n := voices(r); n < sound-1 {
				t.Fatalf("%d of %d packets of sound have left", n, sound)
			}
		}
		// The sound takes its part: 156 bytes every 2 ms are 624 kbit/s.
		took := r.when[len(r.when)-1]
		if least, most := 400*time.Millisecond, 500*time.Millisecond; took < least || took > most {
			t.Errorf("200 packets took %v, want %v to %v", took, least, most)
		}
		if p.Stats().Dropped != [classes]int64{} || p.Stats().Waiting != 0 {
			t.Errorf("counted %+v", p.Stats())
		}
	})
}

func voices(r *receiver) (n int) {
	for _, s := range r.sequence() {
		if s[0] == '0' {
			n++
		}
	}
	return n
}

// Who was silent may burst, but has not saved up more than that; who is behind
// loses nothing by a late loop.
func TestSilenceSavesNoCredit(t *testing.T) {
	bubble(t, 1, func(t *testing.T, p *Pacer) {
		t.Helper()
		r := newReceiver(p)
		r.queue.SetRate(4_800_000) // 600 bytes a millisecond
		time.Sleep(time.Hour)
		for i := range 100 {
			r.push(p, Video, i, 1144)
		}
		time.Sleep(Tick)
		synctest.Wait()
		if n := len(r.sequence()); n != 3 { // 5 ms are 3000 bytes: two packets, and one on account
			t.Errorf("%d packets left at once, want 3", n)
		}
		time.Sleep(100 * time.Millisecond)
		synctest.Wait()
		if n := len(r.sequence()); n < 50 || n > 54 {
			t.Errorf("%d packets had left after 0.1 s, want 50 more", n)
		}
	})
}

// More sound than the rate allows does not stop pictures for longer than the debt
// takes to pay back.
func TestDebtIsBounded(t *testing.T) {
	bubble(t, 1, func(t *testing.T, p *Pacer) {
		t.Helper()
		r := newReceiver(p)
		r.queue.SetRate(100_000)
		for i := range 1000 { // 624 kbit/s
			r.push(p, Audio, i, 100)
			time.Sleep(Tick)
		}
		r.push(p, Video, 0, 1000)
		time.Sleep(debt + 10*time.Millisecond)
		synctest.Wait()
		if got := r.sequence(); got[len(got)-1] != "2:0" {
			t.Error("the picture waits still")
		}
	})
}

// What does not fit is dropped and counted, by class: a full queue of pictures takes
// no sound's place.
func TestAFullQueueDropsPictures(t *testing.T) {
	bubble(t, 1, func(t *testing.T, p *Pacer) {
		t.Helper()
		r := newReceiver(p)
		r.queue.SetRate(slowest)
		for i := range maxPictures + 10 {
			if ok := r.push(p, Video, i, 100); ok != (i < maxPictures) {
				t.Fatalf("picture %d: taken %t", i, ok)
			}
		}
		if r.push(p, Resend, 0, 100) {
			t.Error("one that is sent again was taken")
		}
		for i := range maxAudio + 5 {
			if ok := r.push(p, Audio, i, 100); ok != (i < maxAudio) {
				t.Fatalf("sound %d: taken %t", i, ok)
			}
		}
		if got, want := p.Stats().Dropped, [classes]int64{Audio: 5, Resend: 1, Video: 10}; got != want {
			t.Errorf("dropped %v, want %v", got, want)
		}
		if n := r.queue.Waiting(); n != maxPictures+maxAudio || p.Stats().Waiting != int64(n) {
			t.Errorf("%d wait, counted %d", n, p.Stats().Waiting)
		}
		r.queue.Close()
		if p.Stats().Waiting != 0 || p.bodies.Load() != 0 || r.push(p, Audio, 0, 100) {
			t.Errorf("after Close %d wait, %d payloads are in use", p.Stats().Waiting, p.bodies.Load())
		}
	})
}

// Memory is bounded for all queues together, too, and pictures leave some of it to sound.
func TestPayloadsAreBounded(t *testing.T) {
	bubble(t, 1, func(t *testing.T, p *Pacer) {
		t.Helper()
		var all []*Body
		fill := func(class Class) {
			for b := p.NewBody(class, []byte{1}); b != nil; b = p.NewBody(class, []byte{1}) {
				all = append(all, b)
			}
		}
		r := newReceiver(p)
		for _, class := range []Class{Video, Resend, Probe} {
			fill(class)
			if len(all) != maxBodies-soundBodies || r.push(p, class, 0, 1) || p.Stats().Dropped[class] != 1 {
				t.Errorf("class %d: %d payloads, dropped %v", class, len(all), p.Stats().Dropped)
			}
		}
		if !r.push(p, Audio, 0, 1) {
			t.Error("pictures have taken the place of sound")
		}
		time.Sleep(2 * Tick)
		synctest.Wait()
		fill(Audio)
		if len(all) != maxBodies || r.push(p, Audio, 0, 1) || p.Stats().Dropped[Audio] != 1 {
			t.Errorf("%d payloads, dropped %v", len(all), p.Stats().Dropped)
		}
		for len(all) >= maxBodies-soundBodies {
			all[0].Done()
			all = all[1:]
		}
		if !r.push(p, Video, 0, 1) {
			t.Error("one that was given back cannot be had again")
		}
		if p.NewBody(Audio, make([]byte, MaxPayload+1)) != nil {
			t.Error("a payload that is too long was taken")
		}
	})
}

// What the queues of one loop let out at a tick goes in one flush.
func TestOneFlushForATick(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		flushes := 0
		p := New(1, func() { flushes++ })
		defer p.Close()
		for range 100 {
			r := newReceiver(p)
			for i := range 4 {
				r.push(p, Video, i, 1000)
			}
		}
		time.Sleep(Tick)
		synctest.Wait()
		if flushes != 1 || p.Stats().Waiting != 0 {
			t.Errorf("%d flushes, %d packets wait", flushes, p.Stats().Waiting)
		}
		time.Sleep(time.Hour)
		if flushes > 2 { // one may find nothing
			t.Errorf("%d flushes though there is nothing to send", flushes)
		}
	})
}

// What is all of a frame leaves as soon as it has come, and together, though the loop was
// asleep; what is not waits for the rest, but no longer than for a tick.
func TestAFrameLeavesAtItsEnd(t *testing.T) {
	for _, tt := range []struct {
		name string
		all  bool
		want time.Duration
	}{{"all", true, 0}, {"a part", false, Tick}} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				flushes := 0
				p := New(1, func() { flushes++ })
				defer p.Close()
				receivers := []*receiver{newReceiver(p), newReceiver(p)}
				p.Begin()
				for i := range 3 {
					for _, r := range receivers {
						r.push(p, Video, i, 1000)
					}
					synctest.Wait()
				}
				if p.Stats().Waiting != 6 || flushes != 0 {
					t.Errorf("before its end %d wait", p.Stats().Waiting)
				}
				p.End(tt.all)
				time.Sleep(time.Second)
				synctest.Wait()
				for _, r := range receivers {
					if got, want := r.when, []time.Duration{tt.want, tt.want, tt.want}; !slices.Equal(got, want) {
						t.Errorf("left after %v, want %v", got, want)
					}
				}
				if flushes != 1 {
					t.Errorf("%d flushes", flushes)
				}
			})
		})
	}
}

// The end of one frame takes along what waits of another, and a frame whose end does not
// come keeps nobody waiting.
func TestFramesOfManyOverlap(t *testing.T) {
	bubble(t, 1, func(t *testing.T, p *Pacer) {
		t.Helper()
		one, other := newReceiver(p), newReceiver(p)
		p.Begin()
		one.push(p, Video, 0, 1000)
		p.Begin()
		other.push(p, Audio, 0, 100)
		p.End(true)
		synctest.Wait()
		if len(one.sequence()) != 1 || len(other.sequence()) != 1 {
			t.Errorf("%v and %v have left", one.sequence(), other.sequence())
		}
		one.push(p, Video, 1, 1000)
		p.End(false)
		time.Sleep(Tick)
		synctest.Wait()
		if len(one.sequence()) != 2 {
			t.Errorf("%v have left after a tick", one.sequence())
		}
	})
}

// Many packets are shared among many hands: each leaves once, and for each receiver in
// order. The race detector sees that no two have one queue in hand.
func TestManyHandsKeepTheOrder(t *testing.T) {
	const hands, receivers, rounds, each = 4, 50, 20, 3 * share / 50
	flushes := make(chan struct{}, 10000)
	p := New(hands, func() { flushes <- struct{}{} })
	defer p.Close()
	var all []*receiver
	for range receivers {
		r := newReceiver(p)
		r.queue.SetRate(fastest)
		all = append(all, r)
	}
	for round := range rounds {
		p.Begin()
		for i := range each {
			for _, r := range all {
				r.push(p, Video, round*each+i, 100)
			}
		}
		p.End(true)
		for p.Stats().Waiting > 0 {
			<-flushes
		}
	}
	for i, r := range all {
		for j, got := range r.sequence() {
			if want := fmt.Sprintf("2:%d", j); got != want {
				t.Fatalf("receiver %d: %s came in place of %s", i, got, want)
			}
		}
		if n := len(r.sequence()); n != rounds*each {
			t.Errorf("receiver %d: %d packets, want %d", i, n, rounds*each)
		}
	}
}

// Whoever measures a line has its own pace: probes wait for no credit and take none,
// but go behind the rest.
func TestProbesTakeNoCredit(t *testing.T) {
	bubble(t, 1, func(t *testing.T, p *Pacer) {
		t.Helper()
		r := newReceiver(p)
		r.queue.SetRate(4_800_000)
		for i := range maxProbe + 1 {
			if ok := r.push(p, Probe, i, 1000); ok != (i < maxProbe) {
				t.Errorf("probe %d: taken %t", i, ok)
			}
		}
		r.push(p, Video, 0, 1000)
		time.Sleep(Tick)
		synctest.Wait()
		if got := r.sequence(); len(got) != maxProbe+1 || got[0] != "2:0" {
			t.Errorf("%d packets left, the first is %s", len(got), got[0])
		}
		if got := p.Stats().Dropped; got != [classes]int64{Probe: 1} {
			t.Errorf("dropped %v", got)
		}
		for i := range 3 { // as many as without probes
			r.push(p, Video, i, 1144)
		}
		time.Sleep(5 * time.Millisecond)
		synctest.Wait()
		if n := p.Stats().Waiting; n != 0 {
			t.Errorf("%d pictures wait", n)
		}
	})
}

// A rate that is too low makes nobody wait for much longer than half a second.
func TestNothingWaitsForLong(t *testing.T) {
	bubble(t, 1, func(t *testing.T, p *Pacer) {
		t.Helper()
		r := newReceiver(p)
		r.queue.SetRate(slowest)
		const each, every = 5, 20 * time.Millisecond // 1144 bytes: 2.4 Mbit/s
		for i := range 5 * time.Second / every {
			for j := range each {
				r.push(p, Video, int(i)*each+j, 1144)
			}
			time.Sleep(every)
		}
		synctest.Wait()
		if n := p.Stats().Waiting; n > 130 { // what comes in half a second
			t.Errorf("%d packets wait", n)
		}
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if n := p.Stats().Waiting; n > 20 {
			t.Errorf("%d packets wait after all have come", n)
		}
	})
}

// A backlog leaves in time to its last packet, but not at once, and makes nobody fast who
// comes later.
func TestABacklogLeavesInTime(t *testing.T) {
	bubble(t, 1, func(t *testing.T, p *Pacer) {
		t.Helper()
		r := newReceiver(p)
		r.queue.SetRate(150_000)
		for i := range maxPictures / 2 {
			r.push(p, Video, i, 1144)
		}
		time.Sleep(maxWait / 2)
		synctest.Wait()
		if n := p.Stats().Waiting; n < maxPictures/4-10 {
			t.Errorf("%d packets wait after half the time", n)
		}
		time.Sleep(maxWait/2 + 5*Tick)
		synctest.Wait()
		if n := p.Stats().Waiting; n != 0 {
			t.Errorf("%d packets wait still", n)
		}
		time.Sleep(time.Second)
		for i := range 5 { // 320 ms at the rate
			r.push(p, Video, i, 1144)
		}
		time.Sleep(100 * time.Millisecond)
		synctest.Wait()
		if n := p.Stats().Waiting; n == 0 {
			t.Error("what came later left as fast")
		}
	})
}

// However much more comes than the rate allows, nothing is dropped while the loop runs.
func TestARateDropsNothing(t *testing.T) {
	bubble(t, 1, func(t *testing.T, p *Pacer) {
		t.Helper()
		r := newReceiver(p)
		r.queue.SetRate(slowest)
		sent := 0
		for range 500 {
			for range 40 { // of 200 bytes, every 2 ms: 48 Mbit/s
				r.push(p, Video, sent, 200)
				sent++
			}
			time.Sleep(Tick)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if n := len(r.sequence()); n != sent || p.Stats() != (Stats{}) {
			t.Errorf("%d of %d packets left, counted %+v", n, sent, p.Stats())
		}
	})
}

func BenchmarkPush(b *testing.B) {
	p := New(1, func() {})
	defer p.Close()
	q := p.NewQueue()
	for b.Loop() {
		body := p.NewBody(Audio, nil)
		q.Push(Audio, streamFunc(func(*Packet) {}), &rtp.Header{}, body, nil)
		body.Done()
	}
}
