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

// What is taken out of a queue never leaves, and takes no credit; the rest stays in its
// order.
func TestDropTakesOutOneStream(t *testing.T) {
	bubble(t, 1, func(t *testing.T, p *Pacer) {
		t.Helper()
		r := newReceiver(p)
		other := &receiver{at: r.at, queue: r.queue}
		const each = 40
		for i := range each {
			for c := range classes {
				r.push(p, c, i, 100)
				other.push(p, c, i, 200)
			}
		}
		var gone [classes]int
		r.queue.Drop(other, func(class Class, seq uint16, octets int) {
			if int(seq) != gone[class] || octets != 200 {
				t.Errorf("%d:%d of %d bytes is gone", class, seq, octets)
			}
			gone[class]++
		})
		if want := [classes]int{each, each, each, each}; gone != want {
			t.Errorf("%v are gone, want %v", gone, want)
		}
		if n := int64(classes) * each; p.Stats() != (Stats{Waiting: n}) || p.bodies.Load() != n {
			t.Errorf("counted %+v, %d payloads are in use", p.Stats(), p.bodies.Load())
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		got := r.sequence()
		if len(got) != int(classes)*each || len(other.sequence()) != 0 || r.queue.bits != 0 {
			t.Errorf("%d and %d packets left, %d bits wait", len(got), len(other.sequence()), r.queue.bits)
		}
		for i, s := range got {
			if want := fmt.Sprintf("%d:%d", i/each, i%each); s != want {
				t.Fatalf("%s left in place of %s", s, want)
			}
		}
		r.queue.Drop(r, func(Class, uint16, int) { t.Error("something was left") })
	})
}

// Padding is carried, and takes its part of the pace.
func TestPaddingCounts(t *testing.T) {
	bubble(t, 1, func(t *testing.T, p *Pacer) {
		t.Helper()
		var got []rtp.Header
		to := streamFunc(func(p *Packet) { got = append(got, p.Header) })
		q := p.NewQueue()
		body := p.NewBody(Video, nil)
		q.Push(Video, to, &rtp.Header{Padding: true, PaddingSize: 200}, body, nil)
		q.Push(Video, to, &rtp.Header{}, body, nil)
		padded, plain := entry{body: body, padding: 200}, entry{body: body}
		if padded.bits() != plain.bits()+200*8 {
			t.Errorf("%d bits with padding, %d without", padded.bits(), plain.bits())
		}
		body.Done()
		time.Sleep(2 * Tick)
		synctest.Wait()
		if len(got) != 2 || !got[0].Padding || got[0].PaddingSize != 200 || got[1].Padding || got[1].PaddingSize != 0 {
			t.Errorf("left as %+v", got)
		}
	})
}

// Taking entries out keeps the order of the others, wherever in its ring a list begins.
func TestListRemoves(t *testing.T) {
	streams := [2]Stream{&receiver{}, &receiver{}}
	for begin := range minRing {
		var l list
		for range begin {
			l.push(&entry{})
			l.pop()
		}
		for i := range 200 {
			l.push(&entry{seq: uint16(i), stream: streams[i/3%2]})
		}
		n := 0
		l.remove(streams[0], func(*entry) { n++ })
		for i := range 200 {
			if i/3%2 == 0 {
				n--
			} else if e := l.pop(); e.seq != uint16(i) || e.stream != streams[1] {
				t.Fatalf("%d came in place of %d", e.seq, i)
			}
		}
		if n != 0 || l.n != 0 || l.ring != nil {
			t.Errorf("%d too many were taken out, %d are left, %d places are kept", n, l.n, len(l.ring))
		}
	}
}

// The ring keeps the order over any number of growths and turns.
func TestListKeepsOrder(t *testing.T) {
	var l list
	in, out := uint16(0), uint16(0)
	for round := range 2000 {
		for range round % 37 {
			l.push(&entry{seq: in})
			in++
		}
		for range round % 35 {
			if l.n > 0 {
				if e := l.pop(); e.seq != out {
					t.Fatalf("%d came in place of %d", e.seq, out)
				}
				out++
			}
		}
	}
	for l.n > 0 {
		if e := l.pop(); e.seq != out {
			t.Fatalf("%d came in place of %d", e.seq, out)
		}
		out++
	}
	if in != out || l.ring != nil {
		t.Errorf("%d went in, %d came out; %d places are kept", in, out, len(l.ring))
	}
}

// A payload is shared, and each receiver sees its own first bytes.
func TestHeadsAreEachReceiversOwn(t *testing.T) {
	bubble(t, 2, func(t *testing.T, p *Pacer) {
		t.Helper()
		payload := []byte("0123456789abcdefghij")
		got := make([]string, 3)
		var mu sync.Mutex
		body := p.NewBody(Video, payload)
		clear(payload) // it is the caller's again
		for i, head := range []string{"AB", "", "0123456789ABCDEF"} {
			to := streamFunc(func(p *Packet) {
				mu.Lock()
				defer mu.Unlock()
				got[i] = string(p.Payload)
			})
			p.NewQueue().Push(Video, to, &rtp.Header{}, body, []byte(head))
		}
		body.Done()
		time.Sleep(2 * Tick)
		synctest.Wait()
		if want := []string{"AB23456789abcdefghij", "0123456789abcdefghij", "0123456789ABCDEFghij"}; !slices.Equal(got, want) {
			t.Errorf("left as %q, want %q", got, want)
		}
		if n := p.bodies.Load(); n != 0 {
			t.Errorf("%d payloads are in use", n)
		}
	})
}
