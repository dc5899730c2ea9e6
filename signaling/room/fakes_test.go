package room

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/conclave-meet/conclave/signaling/edr"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/signaling/wire"
)

// inbox is an Outbox that keeps what it is sent.
type inbox struct {
	mu     sync.Mutex
	events []wire.Event
	more   chan struct{} // closed when something is sent
}

func (b *inbox) Send(e wire.Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.events = append(b.events, e)
	if b.more != nil {
		close(b.more)
		b.more = nil
	}
}

// wait returns a channel that is closed when something is sent.
func (b *inbox) wait() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.more == nil {
		b.more = make(chan struct{})
	}
	return b.more
}

// all returns every event of type T, in order.
func all[T wire.Event](b *inbox) (list []T) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, event := range b.events {
		if e, ok := event.(T); ok {
			list = append(list, e)
		}
	}
	return list
}

// last returns the newest event of type T.
func last[T wire.Event](b *inbox) (e T, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, event := range slices.Backward(b.events) {
		if e, ok := event.(T); ok {
			return e, true
		}
	}
	return e, false
}

// fakeMedia notes what it is asked.
type fakeMedia struct {
	mu    sync.Mutex
	calls []string
	slow  chan struct{} // Negotiate waits for it, if set
}

func (m *fakeMedia) note(format string, args ...any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls = append(m.calls, fmt.Sprintf(format, args...))
}

func (m *fakeMedia) has(call string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Contains(m.calls, call)
}

func (m *fakeMedia) Negotiate(_ context.Context, seat Seat, offer string) (string, error) {
	m.note("negotiate %s", seat.Participant)
	m.note("seat %+v", seat)
	if m.slow != nil {
		<-m.slow
	}
	if offer == "bad" {
		return "", ErrBadOffer
	}
	return "answer to " + offer, nil
}

func (m *fakeMedia) SetLive(p string, s wire.Source, live bool) { m.note("live %s %s %v", p, s, live) }

func (m *fakeMedia) Reseat(seat Seat) { m.note("reseat %+v", seat) }

func (m *fakeMedia) Watch(p string, slots []wire.SlotWish) { m.note("watch %s %d", p, len(slots)) }
func (m *fakeMedia) Refresh(p, mid string)                 { m.note("refresh %s %s", p, mid) }
func (m *fakeMedia) Remove(p string)                       { m.note("remove %s", p) }
func (m *fakeMedia) Close()                                { m.note("close") }

// ledger is a Recorder whose disk can stop.
type ledger struct {
	mu      sync.Mutex
	records []edr.Record
	waiting []chan struct{}
	stopped bool
	state   []byte // kept last
}

func (l *ledger) Keep(_ string, state []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.state = state
}

func (l *ledger) Add(r edr.Record) <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.records = append(l.records, r)
	durable := make(chan struct{})
	if l.stopped {
		l.waiting = append(l.waiting, durable)
	} else {
		close(durable)
	}
	return durable
}

func (l *ledger) stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stopped = true
}

func (l *ledger) goOn() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stopped = false
	for _, durable := range l.waiting {
		close(durable)
	}
	l.waiting = nil
}

// kinds lists the records as "kind participant".
func (l *ledger) kinds() (list []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, r := range l.records {
		if r.Seq != uint64(i)+1 {
			list = append(list, fmt.Sprintf("seq %d at %d", r.Seq, i))
		}
		list = append(list, r.Fact.Kind()+" "+r.Participant)
	}
	return list
}

// fact returns the newest fact of type T about participant.
func fact[T edr.Fact](t *testing.T, l *ledger, participant string) T {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, r := range slices.Backward(l.records) {
		if f, ok := r.Fact.(T); ok && r.Participant == participant {
			return f
		}
	}
	var none T
	t.Fatalf("no %s record of %q", none.Kind(), participant)
	return none
}

// house is a registry on fakes.
type house struct {
	*Registry
	media  *fakeMedia
	ledger *ledger
}

var meeting = Meeting{ID: "m1", Number: "23456789012", Title: "Quarterly numbers", Rights: policy.Usual(policy.MeetingCenter)}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{media: &fakeMedia{}, ledger: &ledger{}}
	h.Registry = NewRegistry(h.ledger, func(*Room) Media { return h.media })
	t.Cleanup(h.Close)
	return h
}

// start begins a session.
func (h *house) start(t *testing.T) {
	t.Helper()
	if err := h.Start(t.Context(), meeting); err != nil {
		t.Fatalf("Start = %v", err)
	}
}

// visitor is who comes as id.
func visitor(id string, role policy.Role) Visitor {
	return Visitor{ID: id, Name: "name of " + id, Role: role, Device: keyOf(id)}
}

// keyOf is the signature key of who comes as id, or as id and the number of the
// stay.
func keyOf(id string) string {
	name, _, _ := strings.Cut(id, ".")
	return "key of " + name
}

// byLink is how most people ask to come in.
func byLink(id string) wire.Join {
	return wire.Join{Offer: "offer", KeyPackage: "package-of-" + id, Door: wire.DoorLink}
}

// joining is somebody whose Join has not returned.
type joining struct {
	box  *inbox
	done chan error
}

// ask lets somebody ask to come in and returns when they have been told what they
// wait for, or Join has returned.
func (h *house) ask(t *testing.T, v Visitor, join wire.Join) *joining {
	t.Helper()
	k := &joining{box: &inbox{}, done: make(chan error, 1)}
	go func() {
		_, err := h.Join(t.Context(), meeting, v, join, k.box)
		k.done <- err
	}()
	for {
		changed := k.box.wait()
		_, waits := last[wire.Waiting](k.box)
		_, in := last[wire.Admitted](k.box)
		if waits || in {
			return k
		}
		select {
		case err := <-k.done:
			k.done <- err
			return k
		case <-changed:
		}
	}
}

// room returns the room of the meeting.
func (h *house) room() *Room { return h.find(meeting.ID) }

// now returns what the room says of itself.
func now[T any](r *Room, of func() T) (value T) {
	r.tell(func() { value = of() })
	return value
}

// adding returns the commit that adds ids at the first free leaves.
func (h *house) adding(ids ...string) wire.Commit {
	return now(h.room(), func() wire.Commit {
		g := h.room().group
		c := wire.Commit{Epoch: g.epoch, Commit: "commit", Welcome: "welcome", Tree: "tree"}
		for _, id := range ids {
			c.Added = append(c.Added, wire.Added{Participant: id, Leaf: freeLeaf(g, c.Added)})
		}
		return c
	})
}

// freeLeaf returns the first leaf that nobody has.
func freeLeaf(g *group, added []wire.Added) int {
	for leaf := 0; ; leaf++ {
		taken := slices.ContainsFunc(added, func(a wire.Added) bool { return a.Leaf == leaf })
		for _, other := range g.leaves {
			taken = taken || other == leaf
		}
		if !taken {
			return leaf
		}
	}
}

// join brings a participant in: a host founds the group, others are added by one.
func (h *house) join(t *testing.T, id string, role policy.Role) (*Room, *inbox) {
	t.Helper()
	k := h.ask(t, visitor(id, role), byLink(id))
	r := h.room()
	if _, founds := last[wire.Admitted](k.box); !founds {
		host := now(r, func() string { return someHost(r) })
		if err := r.Commit(t.Context(), host, h.adding(id)); err != nil {
			t.Fatalf("Commit = %v", err)
		}
	}
	if err := <-k.done; err != nil {
		t.Fatalf("Join(%s) = %v", id, err)
	}
	return r, k.box
}

// someHost returns a host who is in.
func someHost(r *Room) string {
	for _, id := range r.order {
		if p := r.people[id]; p.state == inside && p.hosts() {
			return id
		}
	}
	return ""
}
