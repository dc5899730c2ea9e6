package main

import (
	"time"

	"github.com/conclave-meet/conclave/bench/control"
	"github.com/conclave-meet/conclave/bench/load"
	"github.com/conclave-meet/conclave/e2e/bot"
)

// scenario is people in a shape, and one or more ways to drive them.
type scenario struct {
	people []load.Spec
	warmUp load.Drive
	rivals []string // who is measured beside ours, by name
	scale  bool     // it says something how fast they join, and what memory they take
	turns  []turn
}

// turn is one way to drive a party, and what comes of it.
type turn struct {
	name    string // as in "ratio NAME/RIVAL"
	what    string // in words
	drive   load.Drive
	rate    bool // compare packets a second, not processor time a packet
	latency bool // the time a packet takes says something
	rivals  []string
}

// The servers by their names.
const (
	ours       = "ours"
	rivalNaive = "naive"
	rivalJanus = "janus"
)

// frame is 30 frames a second of so many packets of size bytes of payload.
func frame(packets, size int) bot.Beat {
	return bot.Beat{Every: time.Second / 30, Packets: packets, Size: size}
}

// The pictures and the sound of the scenarios.
var (
	sharp = frame(8, 1042) // 2 Mbit/s
	small = frame(2, 1042) // 0.5 Mbit/s
	face  = frame(3, 833)  // 0.6 Mbit/s
	voice = bot.Beat{Every: 20 * time.Millisecond, Packets: 1, Size: 100}
)

func scenarios(began time.Time) []scenario {
	camera := func(b bot.Beat) load.Drive { return load.Paced(map[control.Source]bot.Beat{control.Camera: b}) }
	meeting := load.Paced(map[control.Source]bot.Beat{control.Camera: face, control.Microphone: voice})
	both, alone := []string{rivalNaive, rivalJanus}, []string{rivalNaive}
	return []scenario{
		{
			people: broadcast(began, 100), warmUp: camera(sharp), rivals: both,
			turns: []turn{
				{name: "forward/bc100", what: "one sends 2 Mbit/s at 30 frames a second to 100", drive: camera(sharp), latency: true, rivals: both},
				{name: "forward/closed", what: "one packet at a time to 100, the next when it has come", drive: load.Closed(1, 1042, 1), rivals: alone},
				{name: "forward/burst4", what: "four packets at a time to 100, the next four when they have come", drive: load.Closed(4, 1042, 4), rivals: alone},
				{name: "saturation", what: "as many packets as get to 100, 32 on the way", drive: load.Closed(8, 1042, 32), rate: true, rivals: both},
			},
		},
		{
			people: broadcast(began, 200), warmUp: camera(small), rivals: alone,
			turns: []turn{{name: "forward/bc200", what: "one sends 0.5 Mbit/s at 30 frames a second to 200", drive: camera(small), latency: true, rivals: alone}},
		},
		{
			people: broadcast(began, 500), warmUp: camera(small), scale: true,
			turns: []turn{{name: "scale/bc500", what: "one sends 0.5 Mbit/s at 30 frames a second to 500", drive: camera(small), latency: true}},
		},
		{
			people: everybody(began, 10), warmUp: meeting, rivals: both,
			turns: []turn{{name: "meeting/m10", what: "ten people send 0.6 Mbit/s of picture at 30 frames a second, and sound, to each other", drive: meeting, latency: true, rivals: both}},
		},
	}
}

// broadcast is one who sends and n who watch, of whom the first and the last listen.
func broadcast(began time.Time, n int) []load.Spec {
	all := []load.Spec{{Began: began, Sends: true}}
	for i := 1; i <= n; i++ {
		all = append(all, load.Spec{
			Began: began, Listens: i == 1 || i == n,
			Watches: []load.Feed{{Person: 0, Source: control.Camera}},
		})
	}
	return all
}

// everybody is n who send and see and hear all others, of whom two listen.
func everybody(began time.Time, n int) (all []load.Spec) {
	for i := range n {
		spec := load.Spec{Began: began, Sends: true, Listens: i == 0 || i == n-1}
		for other := range n {
			if other != i {
				spec.Watches = append(spec.Watches,
					load.Feed{Person: other, Source: control.Microphone}, load.Feed{Person: other, Source: control.Camera})
			}
		}
		all = append(all, spec)
	}
	return all
}
