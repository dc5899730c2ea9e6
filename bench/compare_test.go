package main

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"github.com/conclave-meet/conclave/bench/load"
)

// rounds makes a series of rounds of 100 packets each, that took so many
// microseconds of processor; 0 is a round in which one was lost.
func rounds(costs ...int) *series {
	s := &series{}
	for _, us := range costs {
		r := load.Round{Forwarded: 100, CPU: time.Duration(us) * time.Microsecond, Wall: time.Duration(us) * time.Millisecond}
		if us == 0 {
			r.Forwarded, r.Lost = 99, 1
			r.Delays = slices.Repeat([]time.Duration{time.Second}, 99) // what is sent again comes late
		} else {
			r.Delays = []time.Duration{time.Duration(us) * 10 * time.Microsecond}
		}
		s.add(r)
	}
	return s
}

// A ratio is the median over the rounds in which nobody lost anything, and there is
// none of less than three.
func TestRatio(t *testing.T) {
	cost, rate := turn{name: "forward/x"}, turn{name: "saturation", rate: true}
	for _, tt := range []struct {
		name         string
		turn         turn
		ours, theirs *series
		want         string
	}{
		{"median of the rounds", cost, rounds(10, 20, 90, 20, 20), rounds(20, 80, 100, 40, 40), "ratio forward/x/naive 0.50\n"},
		{"packets a second", rate, rounds(10, 10, 10), rounds(40, 40, 40), "ratio saturation/naive 4.00\n"},
		{"rounds with loss do not count", cost, rounds(10, 0, 30, 40, 50), rounds(20, 10, 0, 80, 100), "ratio forward/x/naive 0.50\n"},
		{"too few without", cost, rounds(10, 0, 30, 40, 0), rounds(20, 10, 0, 80, 100), "no ratio forward/x/naive: only 2 rounds without loss\n"},
	} {
		var out bytes.Buffer
		if printRatio(&out, tt.turn, rivalNaive, tt.ours, tt.theirs); out.String() != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, out.String(), tt.want)
		}
	}
}

func TestSeriesTellsOfLoss(t *testing.T) {
	latency := turn{latency: true}
	for _, tt := range []struct {
		rounds *series
		turn   turn
		want   string
	}{
		{rounds(100, 200, 300), turn{}, "  ours      2000 ns of processor a packet (1000 to 3000), 500 packets/s, none lost\n"},
		{rounds(100, 0, 300), turn{}, "  ours      3000 ns of processor a packet (1000 to 3000), 1000 packets/s, 1 lost in 1 rounds, which do not count\n"},
		{rounds(0), turn{}, "  ours  , 1 lost in 1 rounds, which do not count\n"},
		{rounds(0), latency, "  ours  , 1 lost in 1 rounds, which do not count\n"},
		{rounds(100, 0, 300), latency, "  ours      3000 ns of processor a packet (1000 to 3000), 1000 packets/s, p50 3ms, p99 3ms, 1 lost in 1 rounds, which do not count\n"},
	} {
		var out bytes.Buffer
		if tt.rounds.print(&out, ours, tt.turn); out.String() != tt.want {
			t.Errorf("%q, want %q", out.String(), tt.want)
		}
	}
}
