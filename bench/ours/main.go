// Command ours is the product's media server alone in a process, for the bench:
// no rooms, no records, no pages.
package main

import (
	"context"
	"fmt"
	"net/netip"
	"os"
	"slices"
	"sync"

	"github.com/conclave-meet/conclave/bench/control"
	"github.com/conclave-meet/conclave/sfu"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "ours:", err)
		os.Exit(1)
	}
}

func run() error {
	addr, err := control.Address()
	if err != nil {
		return err
	}
	s, err := sfu.Listen(sfu.Config{Listen: []netip.AddrPort{netip.AddrPortFrom(addr, 0)}})
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	group := s.NewGroup(sfu.Events{
		Connected: func(string, string) {}, Disconnected: func(string) {}, Speaking: func([]string) {}, Codecs: func([]string) {},
	})
	defer group.Close()
	return control.Serve(&room{group: group, wishes: make(map[string][]sfu.Wish)})
}

// room lets everybody send, and see what they ask for.
type room struct {
	group *sfu.Group

	mu     sync.Mutex // guards wishes
	wishes map[string][]sfu.Wish
}

// Join implements control.Room. A wish for somebody who is not there yet is
// passed over by the group, so it is told again when they come.
func (r *room) Join(ctx context.Context, j control.Join) (string, error) {
	answer, err := r.group.Negotiate(ctx, sfu.Seat{ID: j.ID, Leaf: j.Leaf}, j.Offer)
	if err != nil {
		return "", err
	}
	r.group.SetLive(j.ID, sfu.Microphone, true)
	r.group.SetLive(j.ID, sfu.Camera, true)
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, v := range j.Watch {
		if v.Source == control.Camera {
			r.wishes[j.ID] = append(r.wishes[j.ID], sfu.Wish{Mid: v.Mid, Peer: v.Peer, Source: sfu.Camera, Height: 720})
		}
	}
	for id, wishes := range r.wishes {
		if id == j.ID || slices.ContainsFunc(wishes, func(w sfu.Wish) bool { return w.Peer == j.ID }) {
			r.group.Watch(id, wishes)
		}
	}
	return answer, nil
}
