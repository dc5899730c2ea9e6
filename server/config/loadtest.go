package config

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// The most a load test may ask for.
const (
	maxTestPeople = 1000
	maxTestRate   = 20000 // kbit/s
)

// FromInput is the link of who gives it on standard input.
const FromInput = "-"

// LoadTest asks for made-up people in a meeting of a running server. As with a
// user's, the host's password is not a flag, and the link, which has a secret too,
// need not be in the command line.
type LoadTest struct {
	Link    string        `arg:"" optional:"" help:"The meeting's link, in quotation marks, or - to give it on standard input, where no ps and no shell history shows its secret. Without --email somebody in the meeting has to let the people in."`
	Email   string        `placeholder:"ADDRESS" help:"Sign in with this address and the password on standard input (after a link that is given there), and host the meeting: let the people in, and end it at last."`
	URL     string        `name:"url" placeholder:"URL" help:"Make a meeting of one's own at this site, instead of LINK; needs --email."`
	People  int           `default:"10" placeholder:"N" help:"How many come (${default})."`
	Senders int           `placeholder:"N" help:"How many of them send camera and microphone (default: all); 1 is a broadcast."`
	Rate    int           `default:"600" placeholder:"KBIT" help:"How much a camera sends, in kbit/s at 30 frames a second (${default})."`
	For     time.Duration `name:"for" default:"20s" placeholder:"TIME" help:"How long is measured (${default})."`
	AtOnce  int           `default:"8" placeholder:"N" help:"How many join at once (${default}), at most all."`
	PID     int           `name:"pid" placeholder:"PID" help:"The server's process, where it is on this machine: its processor time and memory are told."`
}

func (*LoadTest) command() {}

func (l *LoadTest) check() error {
	l.URL = strings.TrimRight(l.URL, "/")
	if l.Senders == 0 {
		l.Senders = l.People
	}
	switch {
	case (l.Link == "") == (l.URL == ""):
		return errors.New("loadtest: give the meeting's link, or --url, and not both")
	case l.URL != "" && l.Email == "":
		return errors.New("--url: say with --email who makes the meeting")
	case l.People < 2 || l.People > maxTestPeople:
		return fmt.Errorf("--people: use a number from 2 to %d", maxTestPeople)
	case l.Senders < 1 || l.Senders > l.People:
		return errors.New("--senders: use a number from 1 to that of --people")
	case l.Rate < 1 || l.Rate > maxTestRate:
		return fmt.Errorf("--rate: use a number from 1 to %d", maxTestRate)
	case l.AtOnce < 1:
		return errors.New("--at-once: use a number of 1 or more")
	case l.For <= 0:
		return errors.New("--for: use a time like 20s or 2m")
	case l.PID < 0:
		return errors.New("--pid: that is not the number of a process")
	}
	l.AtOnce = min(l.AtOnce, l.People)
	return nil
}
