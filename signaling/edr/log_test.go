package edr

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// disk is a write function that fails while broken.
type disk struct {
	broken atomic.Bool
	seqs   []uint64
	states []string // "session state", in the order written
}

func (d *disk) write(_ context.Context, b Batch) error {
	if d.broken.Load() {
		return errors.New("disk full")
	}
	for _, r := range b.Records {
		d.seqs = append(d.seqs, r.Seq)
	}
	for session, state := range b.States {
		d.states = append(d.states, session+" "+string(state))
	}
	return nil
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

func TestLogRetriesInOrderAndTellsWhenDurable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &disk{}
		d.broken.Store(true)
		log := NewLog(d.write)
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- log.Run(ctx) }()

		first := log.Add(Record{Seq: 1})
		synctest.Wait()
		second := log.Add(Record{Seq: 2})
		synctest.Wait()
		if isClosed(first) || isClosed(second) {
			t.Fatal("a record is called durable before it is written")
		}
		d.broken.Store(false)
		time.Sleep(2 * retryAfter)
		synctest.Wait()
		if !isClosed(first) || !isClosed(second) || len(d.seqs) != 2 || d.seqs[0] != 1 {
			t.Fatalf("after the retry: wrote %v, durable %v %v", d.seqs, isClosed(first), isClosed(second))
		}
		stop()
		if err := <-done; err != nil {
			t.Fatalf("Run = %v", err)
		}
	})
}

func TestLogFlushesAtShutdown(t *testing.T) {
	for _, tt := range []struct {
		name    string
		repair  time.Duration // after the shutdown began
		wantErr bool
	}{
		{"healthy disk", 0, false},
		{"disk comes back", 2 * retryAfter, false},
		{"disk stays broken", time.Hour, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := &disk{}
				d.broken.Store(tt.repair > 0)
				log := NewLog(d.write)
				ctx, stop := context.WithCancel(t.Context())
				done := make(chan error, 1)
				log.Add(Record{Seq: 1})
				stop()
				go func() { done <- log.Run(ctx) }()
				time.Sleep(tt.repair)
				d.broken.Store(false)
				if err := <-done; (err != nil) != tt.wantErr {
					t.Fatalf("Run = %v, want error %v", err, tt.wantErr)
				}
				if lost := log.Pending() > 0; lost != tt.wantErr {
					t.Errorf("%d records pending", log.Pending())
				}
			})
		})
	}
}

// Of a session's states only the newest is worth writing, and a failed write does
// not bring an older one back.
func TestLogKeepsTheNewestState(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &disk{}
		d.broken.Store(true)
		log := NewLog(d.write)
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- log.Run(ctx) }()

		log.Keep("a", []byte("1"))
		log.Keep("b", []byte("1"))
		synctest.Wait() // tried, and failed
		log.Keep("a", []byte("2"))
		synctest.Wait()
		d.broken.Store(false)
		stop()
		if err := <-done; err != nil {
			t.Fatalf("Run = %v", err)
		}
		slices.Sort(d.states)
		if want := []string{"a 2", "b 1"}; !slices.Equal(d.states, want) {
			t.Errorf("wrote %v, want %v", d.states, want)
		}
	})
}
