package room

import (
	"context"
	"fmt"
	"slices"
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
}

func (b *inbox) Send(e wire.Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.events = append(b.events, e)
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

func (m *fakeMedia) Negotiate(_ context.Context, participant, offer string) (string, error) {
	m.note("negotiate %s", participant)
	if m.slow != nil {
		<-m.slow
	}
	if offer == "bad" {
		return "", ErrBadOffer
	}
	return "answer to " + offer, nil
}

func (m *fakeMedia) SetLive(p string, s wire.Source, live bool) { m.note("live %s %s %v", p, s, live) }

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

var meeting = Meeting{ID: "m1", Number: "23456789012", Title: "Quarterly numbers"}

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

// join brings a participant in.
func (h *house) join(t *testing.T, id string, role policy.Role) (*Room, *inbox) {
	t.Helper()
	box := &inbox{}
	r, err := h.Join(t.Context(), meeting, Visitor{ID: id, Name: "name of " + id, Role: role}, "offer", box)
	if err != nil {
		t.Fatalf("Join(%s) = %v", id, err)
	}
	return r, box
}
