// Package webhook tells the addresses that a site's administrators name what
// happens at the site. What is told it takes from the queue in storage, each event
// at least once and those of a meeting in their order, and tries again what was not
// taken. It does not decide what is told.
package webhook

import (
	"context"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/conclave-meet/conclave/server/outbound"
	"github.com/conclave-meet/conclave/storage"
)

// What a receiver may take of ours.
const (
	patience = 10 * time.Second // for a request and its answer
	maxRead  = 64 << 10         // bytes of an answer; nothing is done with them
)

const (
	every    = time.Second           // the queue is looked at, if nothing is on its way
	pace     = 50 * time.Millisecond // between two looks, if much is
	mostRead = 2000                  // events in one look at the queue
	rest     = time.Second           // after a try of which nothing could be noted
)

// Sender empties the queue. There is one: the data folder belongs to one server.
type Sender struct {
	db      *storage.DB
	client  *http.Client
	private bool
	every   time.Duration
	places  *places // only the goroutine of Run touches them
	done    chan finished

	delivered, failed, dead atomic.Uint64
}

// NewSender returns the sender of db's events. With private it also tells addresses
// of this machine and of private networks, and those without TLS. The caller must
// call Run.
func NewSender(db *storage.DB, private bool) *Sender {
	return &Sender{
		db: db, private: private, every: every, places: newPlaces(),
		done:   make(chan finished),
		client: outbound.NewClient(outbound.Options{Reach: reach(private), Patience: patience, MaxBytes: maxRead}),
	}
}

func reach(private bool) outbound.Reach { return outbound.Reach{Loopback: private, Private: private} }

// Stats counts what became of tries, and of events.
type Stats struct{ Delivered, Failed, Dead uint64 }

// Stats returns the counts since the start. What is dead failed before.
func (s *Sender) Stats() Stats {
	return Stats{s.delivered.Load(), s.failed.Load(), s.dead.Load()}
}

// finished is an event whose try is over.
type finished struct {
	event storage.WebhookEvent
	quick bool // the receiver answered, and soon
}

// Run sends until ctx ends, and returns when nothing is on its way any more. What
// was taken just before the program dies is sent again, under the same id.
func (s *Sender) Run(ctx context.Context) {
	ticker := time.NewTicker(s.every)
	defer ticker.Stop()
	for ctx.Err() == nil {
		if err := s.fill(ctx); err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "webhook queue not worked", "err", err)
		}
		s.settled(ctx, ticker.C)
	}
	for s.places.held > 0 {
		f := <-s.done
		s.places.give(f.event, f.quick)
	}
}

// settled takes places back until it is time for another look at the queue: when
// tick says so, or when there is a place again and pace has passed.
func (s *Sender) settled(ctx context.Context, tick <-chan time.Time) {
	paced := time.NewTimer(pace)
	defer paced.Stop()
	early, some := true, false
	for early || !some {
		select {
		case <-ctx.Done():
			return
		case <-tick:
			return
		case <-paced.C:
			early = false
		case f := <-s.done:
			s.places.give(f.event, f.quick)
			some = true
		}
	}
}

// fill sends what is due on its way, as far as there are places.
func (s *Sender) fill(ctx context.Context) error {
	if s.places.full() {
		return nil
	}
	due, err := s.db.DueWebhookEvents(ctx, 2*perWebhook, mostRead) // some of them are on their way
	if err != nil {
		return err
	}
	for _, e := range due {
		if s.places.take(e) {
			go s.one(ctx, e)
		}
	}
	return nil
}

// one sends an event and settles what becomes of it.
func (s *Sender) one(ctx context.Context, e storage.WebhookEvent) {
	d := s.try(ctx, e)
	if ctx.Err() == nil || d.Outcome == delivered {
		if err := s.settle(context.WithoutCancel(ctx), e, d); err != nil {
			slog.ErrorContext(ctx, "webhook event not settled", "webhook", e.WebhookID, "event", e.ID, "err", err)
			select { // or it would be sent again at once, and for ever
			case <-ctx.Done():
			case <-time.After(rest):
			}
		}
	} // else it is nobody's fault: it stays in the queue as it is
	s.done <- finished{e, d.Status != 0 && d.Took < slow}
}

// settle notes what came of a try.
func (s *Sender) settle(ctx context.Context, e storage.WebhookEvent, d storage.Delivery) error {
	if d.Outcome == delivered {
		s.delivered.Add(1)
		return s.db.SettleDelivered(ctx, e, d)
	}
	s.failed.Add(1)
	slog.InfoContext(ctx, "webhook event not taken", "webhook", e.WebhookID, "event", e.ID, "type", e.Type,
		"try", d.Try, "outcome", d.Outcome, "status", d.Status)
	again := time.Now().Add(wait(e.Tries))
	switch {
	case d.Outcome == gone:
		return s.db.SettleGone(ctx, e, d, again)
	case d.Try >= maxTries:
		s.dead.Add(1)
		return s.db.SettleDead(ctx, e, d)
	default:
		return s.db.SettleDelayed(ctx, e, d, again)
	}
}
