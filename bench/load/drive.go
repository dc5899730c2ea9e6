package load

import (
	"context"
	"sync"
	"time"

	"github.com/conclave-meet/conclave/bench/control"
	"github.com/conclave-meet/conclave/e2e/bot"
)

// Paced has everybody send by the clock, each at a moment of their own. What is
// late because the machine is busy is sent at once, not left out.
func Paced(beats map[control.Source]bot.Beat) Drive {
	return func(ctx context.Context, p *Party, d time.Duration) {
		var wg sync.WaitGroup
		for f, s := range p.sources {
			beat, sends := beats[f.Source]
			if !sends {
				continue
			}
			first := beat.Every * time.Duration(f.Person) / time.Duration(len(p.People))
			wg.Go(func() { s.Play(ctx, beat, first, d) })
		}
		wg.Wait()
	}
}

// stuckFor is how long a closed loop waits for a packet before it counts as lost.
const stuckFor = 2 * time.Second

// Closed has the first person send frames of so many packets as fast as they get
// to all who listen, with at most window packets on the way.
func Closed(packets, size, window int) Drive {
	return func(ctx context.Context, p *Party, d time.Duration) {
		s := p.sources[Feed{0, control.Camera}]
		if s == nil {
			return
		}
		var listeners []*bot.Meter
		var base []uint64
		for _, who := range p.People {
			if who.Meter != nil {
				listeners, base = append(listeners, who.Meter), append(base, who.Meter.Count())
			}
		}
		sent := 0
		for began := time.Now(); time.Since(began) < d && ctx.Err() == nil; {
			s.Send(packets, size)
			sent += packets
			for i, m := range listeners {
				if !await(m, base[i]+uint64(max(0, sent+packets-window))) { //nolint:gosec // not negative
					return // Round sees that something is missing
				}
			}
		}
	}
}

// await waits until n packets have come, and returns false when nothing comes any
// more.
func await(m *bot.Meter, n uint64) bool {
	stuck := time.NewTimer(stuckFor)
	defer stuck.Stop()
	for m.Count() < n {
		select {
		case <-m.Came:
		case <-stuck.C:
			return m.Count() >= n
		}
	}
	return true
}
