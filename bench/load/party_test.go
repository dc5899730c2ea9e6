//go:build linux

package load

import (
	"context"
	"errors"
	"net/netip"
	"os"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/rtp"

	"github.com/conclave-meet/conclave/bench/control"
	"github.com/conclave-meet/conclave/e2e/bot"
	"github.com/conclave-meet/conclave/sfu"
)

// within is the SFU in this process, as a server under test.
type within struct {
	group *sfu.Group
	lose  atomic.Bool // take every third packet from who listens
}

func (*within) Name() string { return "within" }
func (*within) PID() int     { return os.Getpid() }
func (*within) AtOnce() int  { return 1 }

func newWithin(t *testing.T) *within {
	t.Helper()
	addr, err := control.Address()
	if err != nil {
		t.Fatal(err)
	}
	s, err := sfu.Listen(sfu.Config{Listen: []netip.AddrPort{netip.AddrPortFrom(addr, 0)}})
	if err != nil {
		t.Fatal(err)
	}
	w := &within{group: s.NewGroup(sfu.Events{
		Connected: func(string, string) {}, Disconnected: func(string) {}, Speaking: func([]string) {}, Codecs: func([]string) {},
	})}
	t.Cleanup(func() {
		w.group.Close()
		_ = s.Close()
	})
	return w
}

func (w *within) Enter(ctx context.Context, all []Spec) (people []*Person, err error) {
	for i, spec := range all {
		p := NewPerson(i, spec)
		people = append(people, p)
		shape, err := p.Shape(p.Slots())
		if err != nil {
			return nil, err
		}
		take := p.OnPacket()
		seen := 0
		media, err := bot.NewMedia(shape, func(mid string, packet *rtp.Packet) {
			if seen++; take != nil && (!w.lose.Load() || seen%3 != 0) {
				take(mid, packet)
			}
		})
		if err != nil {
			return nil, err
		}
		p.Take(media)
		media.SetLeaf(p.Leaf)
		offer, err := media.Offer()
		if err != nil {
			return nil, err
		}
		answer, err := w.group.Negotiate(ctx, sfu.Seat{ID: strconv.Itoa(i), Leaf: p.Leaf}, offer)
		if err != nil {
			return nil, err
		}
		if err := errors.Join(media.Accept(answer), media.AwaitConnected(ctx)); err != nil {
			return nil, err
		}
		w.group.SetLive(strconv.Itoa(i), sfu.Camera, true)
		for _, v := range p.Views(media, strconv.Itoa) {
			w.group.Watch(strconv.Itoa(i), []sfu.Wish{{Mid: v.Mid, Peer: v.Peer, Source: sfu.Camera, Height: 720}})
		}
	}
	return people, nil
}

// Every packet is found at everybody, whether decrypted or counted by the kernel;
// what does not come is counted as lost.
func TestRoundCounts(t *testing.T) {
	server := newWithin(t)
	began := time.Now()
	watch := []Feed{{Person: 0, Source: control.Camera}}
	drive := Paced(map[control.Source]bot.Beat{control.Camera: {Every: 10 * time.Millisecond, Packets: 3, Size: 900}})
	all := []Spec{{Began: began, Sends: true}, {Began: began, Listens: true, Watches: watch}, {Began: began, Watches: watch}}
	party, err := Gather(t.Context(), server, all, drive)
	if err != nil {
		t.Fatal(err)
	}
	defer party.Close()
	r, err := party.Round(t.Context(), drive, 200*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	const sent = 20 * 3
	if r.Forwarded != 2*sent || r.Lost != 0 || r.Extra != 0 || len(r.Delays) != sent || r.CPU <= 0 {
		t.Errorf("%d packets to two: %d forwarded, %d lost, %d extra, %d delays, %v of processor", sent, r.Forwarded, r.Lost, r.Extra, len(r.Delays), r.CPU)
	}
	for i, d := range r.Delays {
		if d <= 0 {
			t.Errorf("packet %d took %v", i, d)
		}
	}
	server.lose.Store(true)
	if r, err = party.Round(t.Context(), drive, 200*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	if r.Lost != sent/3 || r.Forwarded != 2*sent-sent/3 {
		t.Errorf("of %d packets to two, a third of one's kept back: %d forwarded, %d lost", sent, r.Forwarded, r.Lost)
	}
}

// A closed loop has no more on the way than its window.
func TestClosedLoop(t *testing.T) {
	server := newWithin(t)
	began := time.Now()
	watch := []Feed{{Person: 0, Source: control.Camera}}
	all := []Spec{{Began: began, Sends: true}, {Began: began, Listens: true, Watches: watch}}
	drive := Closed(4, 900, 4)
	warmUp := Paced(map[control.Source]bot.Beat{control.Camera: {Every: 10 * time.Millisecond, Packets: 3, Size: 900}})
	party, err := Gather(t.Context(), server, all, warmUp)
	if err != nil {
		t.Fatal(err)
	}
	defer party.Close()
	r, err := party.Round(t.Context(), drive, 200*time.Millisecond)
	if err != nil || r.Lost != 0 || r.Forwarded == 0 || r.Forwarded%4 != 0 {
		t.Errorf("%d forwarded, %d lost, %v", r.Forwarded, r.Lost, err)
	}
}
