package room

import (
	"strconv"
	"testing"

	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/signaling/wire"
)

// Everybody comes at once and is added 32 at a time, with every knock shown to
// every member.
func BenchmarkFullRoom(b *testing.B) {
	for b.Loop() {
		h := &house{media: &fakeMedia{}, ledger: &ledger{}}
		h.Registry = NewRegistry(h.ledger, func(*Room) Media { return h.media })
		if err := h.Start(b.Context(), meeting); err != nil {
			b.Fatal(err)
		}
		if _, err := h.Join(b.Context(), meeting, visitor("ada", policy.Host), byLink("ada"), &inbox{}); err != nil {
			b.Fatal(err)
		}
		c := h.adding()
		c.Rules = &wire.Rules{MembersAdd: true}
		if err := h.room().Commit(b.Context(), "ada", c); err != nil {
			b.Fatal(err)
		}
		in, box := make(chan error, maxPeople), &inbox{}
		for i := range maxPeople - 1 {
			id := strconv.Itoa(i)
			go func() {
				_, err := h.Join(b.Context(), meeting, visitor(id, policy.Attendee), byLink(id), box)
				in <- err
			}()
		}
		fill(b, h.room(), maxPeople-1)
		for range maxPeople - 1 {
			if err := <-in; err != nil {
				b.Fatal(err)
			}
		}
		h.Close()
	}
}

// fill lets ada add n people as they knock.
func fill(b *testing.B, r *Room, n int) {
	b.Helper()
	for leaf := 1; leaf <= n; {
		c := now(r, func() wire.Commit {
			c := wire.Commit{Epoch: r.group.epoch, Commit: "commit"}
			for _, id := range r.order {
				if r.people[id].state == knocking && len(c.Added) < wire.MaxAdded {
					c.Added = append(c.Added, wire.Added{Participant: id, Leaf: leaf + len(c.Added)})
				}
			}
			return c
		})
		if len(c.Added) == 0 {
			continue
		}
		if err := r.Commit(b.Context(), "ada", c); err != nil {
			b.Fatal(err)
		}
		leaf += len(c.Added)
	}
}
