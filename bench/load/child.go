package load

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"time"

	"github.com/pion/rtp"
	"golang.org/x/sync/errgroup"

	"github.com/conclave-meet/conclave/bench/control"
	"github.com/conclave-meet/conclave/e2e/bot"
)

// enterWithin is how long one connection may take.
const enterWithin = 30 * time.Second

// Child is a server of the bench in a process of its own, which package control
// speaks to. A Child has one party at a time.
type Child struct {
	name   string
	cmd    *exec.Cmd
	stdin  io.Closer
	client control.Client
}

// Start starts the program at path.
func Start(ctx context.Context, name, path string) (*Child, error) {
	c := &Child{name: name, cmd: exec.CommandContext(ctx, path)}
	c.cmd.Stderr = os.Stderr
	stdin, err := c.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	c.stdin = stdin
	var where control.Listening
	if err := json.NewDecoder(bufio.NewReader(stdout)).Decode(&where); err != nil {
		c.Stop()
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	c.client.URL = where.URL
	return c, nil
}

// Stop ends the process and waits for it.
func (c *Child) Stop() {
	_ = c.stdin.Close()
	_ = c.cmd.Wait()
}

// Name implements Server.
func (c *Child) Name() string { return c.name }

// PID implements Server.
func (c *Child) PID() int { return c.cmd.Process.Pid }

// AtOnce implements Server: as when a meeting begins.
func (c *Child) AtOnce() int { return 8 }

// Enter implements Server.
func (c *Child) Enter(ctx context.Context, all []Spec) ([]*Person, error) {
	people := make([]*Person, len(all))
	for i, spec := range all {
		people[i] = NewPerson(i, spec)
	}
	doors, ctx := errgroup.WithContext(ctx)
	doors.SetLimit(c.AtOnce())
	for _, p := range people {
		doors.Go(func() error {
			if err := c.enter(ctx, p); err != nil {
				return fmt.Errorf("person %d: %w", p.Number, err)
			}
			return nil
		})
	}
	if err := doors.Wait(); err != nil {
		CloseAll(people)
		return nil, err
	}
	return people, nil
}

func (c *Child) enter(ctx context.Context, p *Person) error {
	shape, err := p.Shape(p.Slots())
	if err != nil {
		return err
	}
	media, err := bot.NewMedia(shape, p.OnPacket())
	if err != nil {
		return err
	}
	p.Take(media)
	media.SetLeaf(p.Leaf)
	offer, err := media.Offer()
	if err != nil {
		return err
	}
	answer, err := c.client.Join(ctx, control.Join{
		ID: strconv.Itoa(p.Number), Leaf: p.Leaf, Offer: offer, Watch: p.Views(media, strconv.Itoa),
	})
	if err != nil {
		return err
	}
	if err := media.Accept(answer); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, enterWithin)
	defer cancel()
	return media.AwaitConnected(ctx)
}

// Take makes media the connection that p sends on.
func (p *Person) Take(media *bot.Media) {
	p.Media = media
	before := p.Close
	p.Close = func() {
		media.Close()
		before()
	}
}

// OnPacket returns what p does with each packet, or nil when p does not listen.
func (p *Person) OnPacket() func(mid string, packet *rtp.Packet) {
	if p.Meter == nil {
		return nil
	}
	return func(_ string, packet *rtp.Packet) { _, _ = p.Meter.Take(packet) }
}
