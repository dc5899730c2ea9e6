package load

import (
	"context"
	"fmt"
	"time"

	"github.com/conclave-meet/conclave/bench/control"
	"github.com/conclave-meet/conclave/e2e/bot"
	"github.com/conclave-meet/conclave/e2e/process"
)

// How long is waited for the last packets of a round, how often it is looked
// whether they have come, and how many rounds may go by until all media flows.
const (
	settleFor   = 3 * time.Second
	lookEvery   = 10 * time.Millisecond
	warmUps     = 20
	warmUpRound = 300 * time.Millisecond
)

// Party is everybody at one server.
type Party struct {
	Server  Server
	People  []*Person
	Entered time.Duration // within what time all were there
	Cost    time.Duration // the server's processor time meanwhile

	sources map[Feed]*bot.Source
}

// Gather brings all to a server and sends until everything reaches everybody.
func Gather(ctx context.Context, server Server, all []Spec, drive Drive) (*Party, error) {
	before, err := process.CPU(server.PID())
	if err != nil {
		return nil, err
	}
	began := time.Now()
	people, err := server.Enter(ctx, all)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", server.Name(), err)
	}
	p := &Party{Server: server, People: people, Entered: time.Since(began), sources: make(map[Feed]*bot.Source)}
	after, err := process.CPU(server.PID())
	if err != nil {
		p.Close()
		return nil, err
	}
	p.Cost = after - before
	for _, who := range people {
		if who.Sends {
			p.addSources(who)
		}
	}
	for range warmUps {
		r, err := p.Round(ctx, drive, warmUpRound)
		if err != nil {
			p.Close()
			return nil, err
		}
		if r.Lost == 0 && r.Forwarded > 0 {
			return p, nil
		}
	}
	p.Close()
	return nil, fmt.Errorf("%s: not everything reaches everybody", server.Name())
}

// Close ends everybody's connections.
func (p *Party) Close() { CloseAll(p.People) }

func (p *Party) addSources(who *Person) {
	for name, line := range map[control.Source]int{control.Microphone: bot.Microphone, control.Camera: bot.Camera} {
		p.sources[Feed{who.Number, name}] = who.Media.Source(line, uint32(who.Number), who.Began) //nolint:gosec // a small number
	}
}

// Round is what one round has come to.
type Round struct {
	Forwarded uint64 // packets that have reached somebody
	Lost      uint64 // packets that have not
	Extra     uint64 // packets that nobody has asked for
	CPU       time.Duration
	Wall      time.Duration
	Delays    []time.Duration // at those who listen
}

// PerPacket is the server's processor time for each packet that reached somebody.
func (r Round) PerPacket() time.Duration {
	return r.CPU / time.Duration(max(1, r.Forwarded)) //nolint:gosec // a count
}

// Rate is how many packets reached somebody in a second.
func (r Round) Rate() float64 { return float64(r.Forwarded) / r.Wall.Seconds() }

// Drive sends for a time.
type Drive func(ctx context.Context, p *Party, d time.Duration)

// Round sends for a time, waits until everything has come, and counts.
func (p *Party) Round(ctx context.Context, drive Drive, d time.Duration) (r Round, err error) {
	for _, who := range p.People {
		if who.Meter != nil {
			who.Meter.Delays()
		}
	}
	sent := p.sent()
	before, err := Received(p.People)
	if err != nil {
		return r, err
	}
	cpu, err := process.CPU(p.Server.PID())
	if err != nil {
		return r, err
	}
	began := time.Now()
	drive(ctx, p, d)
	r.Wall = time.Since(began)
	expected := p.expected(sent)
	for deadline := time.Now().Add(settleFor); ; time.Sleep(lookEvery) {
		after, err := Received(p.People)
		if err != nil {
			return r, err
		}
		r.compare(before, after, expected)
		if r.Lost == 0 || time.Now().After(deadline) || ctx.Err() != nil {
			break
		}
	}
	now, err := process.CPU(p.Server.PID())
	r.CPU = now - cpu
	for _, who := range p.People {
		if who.Meter == nil {
			continue
		}
		r.Delays = append(r.Delays, who.Meter.Delays()...)
		if n := who.Meter.Wrong(); n > 0 {
			return r, fmt.Errorf("%s: %d packets that nobody has sent", p.Server.Name(), n)
		}
	}
	return r, err
}

func (r *Round) compare(before, after, expected []uint64) {
	r.Forwarded, r.Lost, r.Extra = 0, 0, 0
	for i := range after {
		got := after[i] - before[i]
		r.Forwarded += min(got, expected[i])
		r.Lost += expected[i] - min(got, expected[i])
		r.Extra += got - min(got, expected[i])
	}
}

// sent returns how many packets of each feed have been sent so far.
func (p *Party) sent() map[Feed]uint64 {
	counts := make(map[Feed]uint64, len(p.sources))
	for f, s := range p.sources {
		counts[f] = s.Sent()
	}
	return counts
}

// expected returns how many packets each has to get of those sent since.
func (p *Party) expected(since map[Feed]uint64) []uint64 {
	now := p.sent()
	counts := make([]uint64, len(p.People))
	for i, who := range p.People {
		for _, f := range who.Watches {
			counts[i] += now[f] - since[f]
		}
	}
	return counts
}
