// Package loadtest fills a meeting of a running server with made-up people, who
// come in as browsers do, by the REST interface, the socket, ICE, DTLS and SRTP, and
// tells what they got. What they send has the shape of encrypted frames; the group
// they are in is one in form only, so the work that MLS costs real browsers is no
// part of it, and a host's real browser takes far longer to let them in.
package loadtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/conclave-meet/conclave/e2e/bot"
	"github.com/conclave-meet/conclave/server/config"
)

// Run does what command asks for. It reads from in the link, where that is not in the
// command, and the host's password, where there is a host, and tells on out what was
// measured. When ctx ends, everybody leaves.
func Run(ctx context.Context, command *config.LoadTest, in io.Reader, out io.Writer) (err error) {
	asked, given, password := *command, newSecrets(in, out), ""
	if asked.Link == config.FromInput {
		if asked.Link, err = given.read("meeting's link"); err != nil {
			return err
		}
	}
	if asked.Email != "" {
		if password, err = given.read("host's password"); err != nil {
			return err
		}
	}
	report, err := measure(ctx, &asked, password)
	if report != nil {
		err = errors.Join(report.print(out), err)
	}
	return err
}

// measure holds the meeting. With a report it returns an error where something of the
// meeting stays behind.
func measure(ctx context.Context, command *config.LoadTest, password string) (r *report, err error) {
	t := &test{command: command, began: time.Now()}
	defer func() { err = errors.Join(err, t.close(context.WithoutCancel(ctx))) }()
	if err := t.open(ctx, password); err != nil {
		return nil, err
	}
	if err := t.join(ctx); err != nil {
		return nil, err
	}
	if err := t.settle(ctx); err != nil {
		return nil, err
	}
	return t.play(ctx)
}

// test is one load test.
type test struct {
	command *config.LoadTest
	began   time.Time // what the clock in the packets counts from
	url     string
	meeting bot.Meeting
	host    *bot.Site // signed in; nil where somebody else hosts
	made    bool      // the meeting is our own
	started bool      // by us
	people  []*person
}

// open finds the meeting, or makes it, and starts it where the host is ours. Making and
// starting go on when ctx ends: close must know what there is.
func (t *test) open(ctx context.Context, password string) (err error) {
	t.url = t.command.URL
	if t.command.Link != "" {
		if t.meeting, err = bot.MeetingOf(t.command.Link); err != nil {
			return errors.New("that is not a meeting's link; copy it with the part after the #, and in a command line put it in quotation marks")
		}
		t.url, _, _ = strings.Cut(t.command.Link, "/j/")
	}
	if t.command.Email == "" {
		return nil
	}
	t.host = bot.NewSite(t.url)
	if err := t.host.Login(ctx, t.command.Email, password); err != nil {
		return fmt.Errorf("sign in: %w", err)
	}
	if t.command.Link == "" {
		if t.meeting, err = t.host.Schedule(context.WithoutCancel(ctx), "Load test"); err != nil {
			return fmt.Errorf("make a meeting: %w", err)
		}
		t.made = true
	} else if err := t.find(ctx); err != nil {
		return err
	}
	if err := t.host.Start(context.WithoutCancel(ctx), t.meeting.ID); err != nil {
		return fmt.Errorf("start the meeting: %w", err)
	}
	t.started = true
	return nil
}

// find looks the meeting of the link up among the host's.
func (t *test) find(ctx context.Context) error {
	mine, err := t.host.Meetings(ctx)
	if err != nil {
		return fmt.Errorf("list the host's meetings: %w", err)
	}
	for _, m := range mine {
		if m.Number == t.meeting.Number {
			t.meeting.ID = m.ID
			return nil
		}
	}
	return fmt.Errorf("%s hosts no meeting with that link", t.command.Email)
}

// closeWithin is how long the end may take.
const closeWithin = 10 * time.Second

// close ends the meeting that open has started, and everybody's connection, and
// deletes the meeting that open has made. It says what stays behind.
func (t *test) close(ctx context.Context) (err error) {
	ctx, cancel := context.WithTimeout(ctx, closeWithin)
	defer cancel()
	if t.started {
		if e := t.host.End(ctx, t.meeting.ID); e != nil {
			err = fmt.Errorf("end the meeting: %w", e)
		}
	}
	for _, p := range t.people {
		if p.Participant != nil {
			p.Close()
		}
	}
	if t.made {
		if e := t.host.Remove(ctx, t.meeting.ID); e != nil {
			err = errors.Join(err, fmt.Errorf("delete the meeting %s: %w", t.meeting.Number, e))
		}
	}
	return err
}
