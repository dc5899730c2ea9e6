package bot

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/conclave-meet/conclave/signaling/wire"
)

// How a bot host commits: often enough for nobody to wait, and with room below
// what the server lets a person command.
const (
	commitPace = 100 * time.Millisecond // between two commits
	sweepEvery = time.Second            // for who is gone, when nobody knocks
)

// group is what a bot knows of the meeting's group. A bot has no keys to it: what
// a bot host commits are made-up bytes, which other bots take for a commit.
type group struct {
	wake chan struct{} // somebody knocks

	mu     sync.Mutex // guards what follows
	epoch  uint64
	leaves map[string]int
	knocks []string
	gone   []string
}

func newGroup() *group {
	return &group{wake: make(chan struct{}, 1), leaves: make(map[string]int)}
}

// take follows an event. It returns what the bot has to answer, if anything.
func (g *group) take(self string, e wire.Event) (answer wire.Command) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch e := e.(type) {
	case *wire.Admitted:
		g.epoch, g.leaves[self] = e.Epoch, e.Leaf
	case *wire.Welcome:
		for _, p := range e.Participants {
			g.leaves[p.ID] = p.Leaf
		}
		g.gone = e.Gone
	case *wire.ParticipantJoined:
		g.leaves[e.Participant.ID] = e.Participant.Leaf
	case *wire.ParticipantLeft:
		g.gone = append(g.gone, e.Participant)
	case *wire.Committed:
		g.epoch = e.Epoch
		for _, id := range e.Removed {
			delete(g.leaves, id)
			g.gone = without(g.gone, id)
		}
		return &wire.Reached{Epoch: e.Epoch}
	case *wire.Knock:
		g.knocks = append(g.knocks, e.Participant)
		select {
		case g.wake <- struct{}{}:
		default: // awake
		}
	case *wire.KnockOver:
		g.knocks = without(g.knocks, e.Participant)
	}
	return nil
}

// next returns the commit that adds all who knock and removes all who are gone,
// or nothing when there is nobody of either.
func (g *group) next() *wire.Commit {
	g.mu.Lock()
	defer g.mu.Unlock()
	added := g.knocks[:min(len(g.knocks), wire.MaxAdded)]
	removed := g.gone[:min(len(g.gone), wire.MaxRemoved)]
	if len(added)+len(removed) == 0 {
		return nil
	}
	c := &wire.Commit{Epoch: g.epoch, Commit: encode(fmt.Append(nil, "commit of ", g.epoch)), Removed: slices.Clone(removed)}
	taken := make(map[int]bool)
	for id, leaf := range g.leaves {
		taken[leaf] = !slices.Contains(removed, id)
	}
	leaf := 0
	for _, id := range added {
		for taken[leaf] {
			leaf++
		}
		taken[leaf] = true
		c.Added = append(c.Added, wire.Added{Participant: id, Leaf: leaf})
		c.Welcome, c.Tree = encode([]byte("welcome")), encode([]byte("tree"))
	}
	return c
}

// done notes how the server answered c. Who cannot be added is forgotten, unless
// the commit only came too late.
func (g *group) done(c *wire.Commit, code wire.Code) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, a := range c.Added {
		if code == wire.OK {
			g.leaves[a.Participant] = a.Leaf
		}
		if code != wire.Stale {
			g.knocks = without(g.knocks, a.Participant)
		}
	}
	if code != wire.OK && code != wire.Stale {
		for _, id := range c.Removed {
			g.gone = without(g.gone, id)
		}
	}
}

func without(list []string, id string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(other string) bool { return other == id })
}

// tend lets in whoever knocks, and removes who is gone, until the socket closes.
func (p *Participant) tend() {
	sweep := time.NewTicker(sweepEvery)
	defer sweep.Stop()
	for {
		select {
		case <-p.over:
			return
		case <-p.group.wake:
		case <-sweep.C:
		}
		for c := p.group.next(); c != nil; c = p.group.next() {
			code, err := p.Do(context.Background(), c) // ends with the socket
			if err != nil {
				return
			}
			p.group.done(c, code)
			select {
			case <-p.over:
				return
			case <-time.After(commitPace):
			}
		}
	}
}
