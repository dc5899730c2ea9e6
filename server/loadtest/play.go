package loadtest

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/conclave-meet/conclave/e2e/bot"
	"github.com/conclave-meet/conclave/e2e/process"
)

// How long everybody plays at a time until everything arrives, for how many times
// that is tried, and how long is waited for the last packets.
const (
	settleRound  = 500 * time.Millisecond
	settleRounds = 40
	lastPackets  = time.Second
)

// Pictures at 30 frames a second, in packets of at most maxPayload bytes, and sound.
const (
	framesPerSecond = 30
	maxPayload      = 1100
	minPayload      = 64
	voiceEvery      = 20 * time.Millisecond
	voicePayload    = 100 // bytes: 40 kbit/s
)

// beat returns how a camera of so many kbit/s sends.
func beat(kbits int) bot.Beat {
	frame := kbits * 1000 / 8 / framesPerSecond
	packets := (frame + maxPayload - 1) / maxPayload
	return bot.Beat{Every: time.Second / framesPerSecond, Packets: packets, Size: max(minPayload, frame/packets)}
}

// send has everybody who sends do so for d.
func (t *test) send(ctx context.Context, d time.Duration) {
	pictures := beat(t.command.Rate)
	voice := bot.Beat{Every: voiceEvery, Packets: 1, Size: voicePayload}
	var wg sync.WaitGroup
	for _, p := range t.people {
		if !p.sends {
			continue
		}
		first := func(every time.Duration) time.Duration {
			return every * time.Duration(p.number) / time.Duration(len(t.people))
		}
		wg.Go(func() { p.camera.Play(ctx, pictures, first(pictures.Every), d) })
		wg.Go(func() { p.voice.Play(ctx, voice, first(voice.Every), d) })
	}
	wg.Wait()
}

// settle plays until everybody sees all that they have asked for.
func (t *test) settle(ctx context.Context) error {
	for _, p := range t.people {
		if err := p.watch(ctx, t.people); err != nil {
			return fmt.Errorf("watch as person %d: %w", p.number+1, err)
		}
	}
	var missing error
	for range settleRounds {
		for _, p := range t.people {
			p.tally.begin(time.Since(t.began))
		}
		t.send(ctx, settleRound)
		if missing = t.missing(); missing == nil || ctx.Err() != nil {
			break
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return missing
}

// missing tells of the first who does not see somebody yet.
func (t *test) missing() error {
	for _, p := range t.people {
		for _, other := range p.watches {
			if p.tally.seen(other.publisher()) == 0 {
				return fmt.Errorf("person %d sees nothing of person %d", p.number+1, other.number+1)
			}
		}
	}
	return nil
}

// play measures.
func (t *test) play(ctx context.Context) (*report, error) {
	r := &report{people: t.command.People, senders: t.command.Senders, process: t.command.PID}
	sent := make([]uint64, len(t.people))
	since := time.Since(t.began)
	for i, p := range t.people {
		r.joins = append(r.joins, p.took)
		p.tally.begin(since)
		if p.sends {
			sent[i] = p.camera.Sent()
		}
	}
	var before, after time.Duration
	var err error
	if r.process > 0 {
		if before, err = process.CPU(r.process); err != nil {
			return nil, err
		}
	}
	dropped, _ := process.Overruns() // where nobody tells, nothing is said of it
	began := time.Now()
	t.send(ctx, t.command.For)
	r.took = time.Since(began)
	if r.process > 0 {
		if after, err = process.CPU(r.process); err != nil {
			return nil, err
		}
		if r.memory, err = process.Memory(r.process); err != nil {
			return nil, err
		}
	}
	r.cpu = after - before
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	time.Sleep(lastPackets)
	if now, err := process.Overruns(); err == nil {
		r.overruns = now - dropped
	}
	for _, p := range t.people {
		for _, other := range p.watches {
			want := other.camera.Sent() - sent[other.number]
			r.pictures.add(p.tally.seen(other.publisher()), int(want)) //nolint:gosec // a count
		}
		got, lost := p.tally.heard()
		r.sound.add(got, got+lost)
		r.delays = append(r.delays, p.tally.Delays()...)
	}
	return r, nil
}
