package edr

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"
)

// How a failed write is tried again.
const (
	retryAfter = time.Second
	lastTries  = 5 // at shutdown, retryAfter apart
)

// Batch is what is made durable together.
type Batch struct {
	Records []Record
	States  map[string][]byte // by session: what its room needs to go on after a restart
}

// Log buffers records and writes them in batches, in the order of Add. Add
// never blocks and never drops: losing a record loses money, so memory is the
// only limit.
type Log struct {
	write func(context.Context, Batch) error
	wake  chan struct{}

	mu      sync.Mutex // guards what follows
	pending []entry
	states  map[string][]byte // by session, the newest of each
}

type entry struct {
	record  Record
	durable chan struct{}
}

// NewLog returns a Log that writes batches with write, which stores all of a
// batch or none and may see a record again after an error. The caller must call
// Run.
func NewLog(write func(context.Context, Batch) error) *Log {
	return &Log{write: write, wake: make(chan struct{}, 1), states: make(map[string][]byte)}
}

// Add queues r. The channel it returns is closed once r and every record added
// before it are durable.
func (l *Log) Add(r Record) <-chan struct{} {
	e := entry{r, make(chan struct{})}
	l.mu.Lock()
	l.pending = append(l.pending, e)
	l.mu.Unlock()
	l.rouse()
	return e.durable
}

// Keep queues what the room of a session needs to go on after a restart, in place
// of what it needed before. It is written no earlier than the records added
// before it.
func (l *Log) Keep(session string, state []byte) {
	l.mu.Lock()
	l.states[session] = state
	l.mu.Unlock()
	l.rouse()
}

func (l *Log) rouse() {
	select {
	case l.wake <- struct{}{}:
	default: // already awake
	}
}

// Pending returns how many records wait to become durable.
func (l *Log) Pending() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.pending)
}

// Run writes what is queued until ctx ends, then writes what is left. It
// returns an error only when records were lost: they could not be written in
// the last few tries.
func (l *Log) Run(ctx context.Context) error {
	retry := time.NewTimer(retryAfter)
	retry.Stop()
	defer retry.Stop()
	for {
		select {
		case <-ctx.Done():
			return l.drain(context.WithoutCancel(ctx))
		case <-l.wake:
		case <-retry.C:
		}
		if err := l.flush(ctx); err != nil {
			slog.ErrorContext(ctx, "edr batch kept for retry", "pending", l.Pending(), "err", err)
			retry.Reset(retryAfter)
		}
	}
}

// drain flushes for the last time.
func (l *Log) drain(ctx context.Context) (err error) {
	for try := range lastTries {
		if try > 0 {
			time.Sleep(retryAfter)
		}
		if err = l.flush(ctx); err == nil {
			return nil
		}
	}
	slog.ErrorContext(ctx, "edr records lost", "records", l.Pending(), "err", err)
	return err
}

// flush writes everything pending. On an error all of it stays pending, in
// order; only Run's goroutine calls it, so nothing else shortens the queue.
func (l *Log) flush(ctx context.Context) error {
	l.mu.Lock()
	pending, states := slices.Clip(l.pending), l.states
	l.states = make(map[string][]byte)
	l.mu.Unlock()
	if len(pending)+len(states) == 0 {
		return nil
	}
	batch := Batch{Records: make([]Record, len(pending)), States: states}
	for i, e := range pending {
		batch.Records[i] = e.record
	}
	if err := l.write(ctx, batch); err != nil {
		l.putBack(states)
		return err
	}
	l.mu.Lock()
	l.pending = l.pending[len(pending):]
	l.mu.Unlock()
	for _, e := range pending {
		close(e.durable)
	}
	return nil
}

// putBack queues states again that were not written, but for those of which there
// are newer ones.
func (l *Log) putBack(states map[string][]byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for session, state := range states {
		if _, newer := l.states[session]; !newer {
			l.states[session] = state
		}
	}
}
