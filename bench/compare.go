package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/conclave-meet/conclave/bench/janus"
	"github.com/conclave-meet/conclave/bench/load"
	"github.com/conclave-meet/conclave/e2e/bot"
	"github.com/conclave-meet/conclave/e2e/process"
)

// bench is one run.
type bench struct {
	began  time.Time
	out    io.Writer
	folder string // of the programs of the servers
	rounds int
	round  time.Duration
	only   string
	rivals []string // who may be compared with, once chosen
	chosen bool
}

// choose takes a list of rivals in.
func (b *bench) choose(list string) error {
	b.chosen = true
	b.rivals = strings.FieldsFunc(list, func(r rune) bool { return r == ',' })
	for _, name := range b.rivals {
		if name != rivalNaive && name != rivalJanus {
			return fmt.Errorf("there is no %q: %s and %s are the rivals", name, rivalNaive, rivalJanus)
		}
	}
	return nil
}

// compare runs one scenario.
func (b *bench) compare(ctx context.Context, s scenario) error {
	s.turns = slices.DeleteFunc(s.turns, func(t turn) bool { return !strings.Contains(t.name, b.only) })
	if len(s.turns) == 0 {
		return nil
	}
	if b.chosen {
		s.rivals = slices.DeleteFunc(s.rivals, func(name string) bool { return !slices.Contains(b.rivals, name) })
	}
	var parties []*load.Party
	for _, name := range append([]string{ours}, s.rivals...) {
		server, stop, err := b.start(ctx, name)
		if err != nil {
			fmt.Fprintf(b.out, "\nwithout %s: %v\n", name, err)
			if name == ours {
				return err
			}
			continue
		}
		defer stop()
		alone, err := process.Memory(server.PID())
		if err != nil {
			return err
		}
		party, err := load.Gather(ctx, server, s.people, s.warmUp)
		if err != nil && name == ours {
			return err
		}
		if err != nil {
			fmt.Fprintf(b.out, "\nwithout %s: %v\n", name, err)
			continue
		}
		defer party.Close()
		parties = append(parties, party)
		if s.scale {
			defer b.size(party, alone)
		}
	}
	for _, t := range s.turns {
		if err := b.take(ctx, t, parties); err != nil {
			return err
		}
	}
	return nil
}

// size tells how fast a party has come, and what memory each takes of a server that had
// so many bytes before.
func (b *bench) size(p *load.Party, alone int64) {
	now, err := process.Memory(p.Server.PID())
	if err != nil {
		fmt.Fprintf(b.out, "  %-6s memory: %v\n", p.Server.Name(), err)
		return
	}
	n := len(p.People)
	fmt.Fprintf(b.out, "  %-6s %d people: %.1f joined a second, %d at a time, for %.1f ms of processor each; %d KiB resident for each\n",
		p.Server.Name(), n, float64(n)/p.Entered.Seconds(), p.Server.AtOnce(), p.Cost.Seconds()*1000/float64(n), (now-alone)>>10/int64(n))
}

// start starts a server by its name.
func (b *bench) start(ctx context.Context, name string) (load.Server, func(), error) {
	if name == rivalJanus {
		s, err := janus.Start(ctx)
		if err != nil {
			return nil, nil, err
		}
		return s, s.Stop, nil
	}
	c, err := load.Start(ctx, name, filepath.Join(b.folder, "bench-"+name))
	if err != nil {
		return nil, nil, err
	}
	return c, c.Stop, nil
}

// series is the rounds of one server that count; nil for one that lost packets.
type series struct {
	rounds []*load.Round
	delays []time.Duration // of the rounds that count
	lossy  int
	lost   uint64
	extra  uint64
}

// take lets the parties take turns, each time with another one first, and prints
// what comes of it.
func (b *bench) take(ctx context.Context, t turn, parties []*load.Party) error {
	parties = slices.DeleteFunc(slices.Clone(parties), func(p *load.Party) bool {
		return p.Server.Name() != ours && !slices.Contains(t.rivals, p.Server.Name())
	})
	all := make(map[string]*series)
	for _, p := range parties {
		all[p.Server.Name()] = &series{}
	}
	for i := range b.rounds {
		for j := range parties {
			p := parties[(i+j)%len(parties)]
			r, err := p.Round(ctx, t.drive, b.round)
			if err != nil {
				return err
			}
			if ctx.Err() != nil {
				return ctx.Err()
			}
			all[p.Server.Name()].add(r)
		}
	}
	fmt.Fprintf(b.out, "\n%s: %s; %d rounds of %v in turns\n", t.name, t.what, b.rounds, b.round)
	for _, p := range parties {
		all[p.Server.Name()].print(b.out, p.Server.Name(), t)
	}
	for _, rival := range t.rivals {
		if s := all[rival]; s != nil {
			printRatio(b.out, t, rival, all[ours], s)
		}
	}
	return nil
}

func (s *series) add(r load.Round) {
	s.extra += r.Extra
	if r.Lost > 0 || r.Forwarded == 0 {
		s.lossy++
		s.lost += r.Lost
		s.rounds = append(s.rounds, nil)
		return
	}
	s.rounds = append(s.rounds, &r)
	s.delays = append(s.delays, r.Delays...)
}

// print tells what one server did.
func (s *series) print(out io.Writer, name string, t turn) {
	var costs, rates []float64
	for _, r := range s.rounds {
		if r != nil {
			costs, rates = append(costs, float64(r.PerPacket())), append(rates, r.Rate())
		}
	}
	fmt.Fprintf(out, "  %-6s", name)
	if len(costs) > 0 {
		fmt.Fprintf(out, " %7.0f ns of processor a packet (%.0f to %.0f), %.0f packets/s", median(costs), slices.Min(costs), slices.Max(costs), median(rates))
	}
	if t.latency && len(s.delays) > 0 {
		fmt.Fprintf(out, ", p50 %v, p99 %v", bot.Quantile(s.delays, 0.5).Round(10*time.Microsecond), bot.Quantile(s.delays, 0.99).Round(10*time.Microsecond))
	}
	if s.lossy == 0 {
		fmt.Fprintf(out, ", none lost")
	} else {
		fmt.Fprintf(out, ", %d lost in %d rounds, which do not count", s.lost, s.lossy)
	}
	if s.extra > 0 {
		fmt.Fprintf(out, ", %d more than asked for", s.extra)
	}
	fmt.Fprintln(out)
}

// printRatio prints the median of ours by theirs, over the rounds in which neither
// lost anything.
func printRatio(out io.Writer, t turn, rival string, ours, theirs *series) {
	var ratios []float64
	for i, r := range ours.rounds {
		o := theirs.rounds[i]
		if r == nil || o == nil {
			continue
		}
		if t.rate {
			ratios = append(ratios, r.Rate()/o.Rate())
		} else {
			ratios = append(ratios, float64(r.PerPacket())/float64(o.PerPacket()))
		}
	}
	if len(ratios) < 3 {
		fmt.Fprintf(out, "no ratio %s/%s: only %d rounds without loss\n", t.name, rival, len(ratios))
		return
	}
	fmt.Fprintf(out, "ratio %s/%s %.2f\n", t.name, rival, median(ratios))
}

// median returns the upper median of values that are not none; it sorts them.
func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}
