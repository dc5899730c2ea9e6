package pacer

import (
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/rtp"
)

// Many bring frames at once, and each lets out what it finds: for every receiver each
// packet leaves once, and those of one who brings them in order.
func TestManyBringFramesAtOnce(t *testing.T) {
	const bringers, frames, receivers = 3, 100, 300
	p := New(2, func() {})
	defer p.Close()
	type place struct{ bringer, receiver int }
	var mu sync.Mutex
	last, left := map[place]uint16{}, 0
	queues := make([]*Queue, receivers)
	for i := range queues {
		queues[i] = p.NewQueue()
	}
	var wg sync.WaitGroup
	for b := range bringers {
		wg.Go(func() {
			for n := range uint16(frames) {
				body := p.NewBody(Audio, make([]byte, 50))
				p.Begin()
				for i, q := range queues {
					at := place{b, i}
					pushed := q.Push(Audio, streamFunc(func(sent *Packet) {
						mu.Lock()
						defer mu.Unlock()
						if sent.Header.SequenceNumber != last[at] {
							t.Errorf("%+v: packet %d, want %d", at, sent.Header.SequenceNumber, last[at])
						}
						last[at]++
						left++
					}), &rtp.Header{SequenceNumber: n}, body, nil)
					if !pushed {
						t.Errorf("no room for packet %d", n)
					}
				}
				body.Done()
				p.End(true)
				for _, q := range queues {
					for q.Waiting() > maxAudio-2*bringers { // or it would be dropped
						runtime.Gosched()
					}
				}
			}
		})
	}
	wg.Wait()
	for range 1000 { // what waits is looked at without another End
		if p.Stats().Waiting == 0 {
			break
		}
		time.Sleep(Tick)
	}
	mu.Lock()
	defer mu.Unlock()
	if left != bringers*frames*receivers {
		t.Errorf("%d left, of %d", left, bringers*frames*receivers)
	}
}

// What comes while somebody looks is let out too, by the loop.
func TestWhatComesDuringALookLeaves(t *testing.T) {
	bubble(t, 1, func(t *testing.T, p *Pacer) {
		t.Helper()
		r := newReceiver(p)
		p.looking.Lock()
		p.Begin()
		r.push(p, Audio, 1, 100)
		p.End(true)
		if len(r.sequence()) > 0 {
			t.Fatal("two look at once")
		}
		p.looking.Unlock()
		synctest.Wait()
		if len(r.sequence()) != 1 {
			t.Error("it waits")
		}
	})
}

// Once the pacer is closed nobody lets anything out any more, whatever comes.
func TestNobodyLooksOnceItIsOver(t *testing.T) {
	for range 50 {
		p := New(2, func() {})
		queues := make([]*Queue, 2*share)
		for i := range queues {
			queues[i] = p.NewQueue()
		}
		bring := func() {
			body := p.NewBody(Audio, make([]byte, 50))
			defer body.Done()
			p.Begin()
			for _, q := range queues {
				q.Push(Audio, streamFunc(func(*Packet) {}), &rtp.Header{SequenceNumber: 1}, body, nil)
			}
			p.End(true)
		}
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() {
				for range 5 {
					bring()
				}
			})
		}
		p.Close()
		wg.Wait()
		before := p.Stats().Waiting
		bring()
		if now := p.Stats().Waiting; now != before+int64(len(queues)) {
			t.Fatalf("%d waited, and %d do with %d more", before, now, len(queues))
		}
	}
}
