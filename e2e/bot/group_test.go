package bot

import (
	"fmt"
	"slices"
	"testing"

	"github.com/conclave-meet/conclave/signaling/wire"
)

// A bot host adds at the first free leaf, and frees the leaves of who is gone.
func TestWhatABotHostCommits(t *testing.T) {
	g := newGroup()
	for _, e := range []wire.Event{
		&wire.Admitted{}, &wire.Welcome{Participants: []wire.Participant{{ID: "ada"}}},
		&wire.Knock{Participant: "a"}, &wire.Knock{Participant: "b"}, &wire.Knock{Participant: "c"}, &wire.KnockOver{Participant: "b"},
	} {
		if answer := g.take("ada", e); answer != nil {
			t.Errorf("%T is answered with %+v", e, answer)
		}
	}
	first := g.next()
	if want := []wire.Added{{Participant: "a", Leaf: 1}, {Participant: "c", Leaf: 2}}; !slices.Equal(first.Added, want) || first.Epoch != 0 {
		t.Fatalf("commits %+v", first)
	}
	g.done(first, wire.Stale) // somebody else's came first
	g.take("ada", &wire.Committed{Epoch: 1})
	second := g.next()
	if !slices.Equal(second.Added, first.Added) || second.Epoch != 1 {
		t.Fatalf("after a stale commit %+v", second)
	}
	if answer, ok := g.take("ada", &wire.Committed{Epoch: 2}).(*wire.Reached); !ok || answer.Epoch != 2 {
		t.Errorf("a commit is answered with %+v", answer)
	}
	g.done(second, wire.OK)
	if c := g.next(); c != nil {
		t.Errorf("commits nothing: %+v", c)
	}
	g.take("ada", &wire.ParticipantLeft{Participant: "a"})
	g.take("ada", &wire.Knock{Participant: "d"})
	third := g.next()
	if !slices.Equal(third.Removed, []string{"a"}) || !slices.Equal(third.Added, []wire.Added{{Participant: "d", Leaf: 1}}) {
		t.Fatalf("with one gone %+v", third)
	}
	g.take("ada", &wire.Committed{Epoch: 3, Removed: third.Removed})
	g.done(third, wire.OK)
	g.take("ada", &wire.Knock{Participant: "e"})
	if c := g.next(); !slices.Equal(c.Added, []wire.Added{{Participant: "e", Leaf: 3}}) {
		t.Errorf("at a taken leaf: %+v", c)
	}
	g.done(g.next(), wire.Locked)
	if c := g.next(); c != nil {
		t.Errorf("asks again for what was refused: %+v", c)
	}
}

func TestABotHostAddsNoMoreThanACommitHolds(t *testing.T) {
	g := newGroup()
	for i := range wire.MaxAdded + 1 {
		g.take("ada", &wire.Knock{Participant: fmt.Sprint(i)})
	}
	c := g.next()
	if len(c.Added) != wire.MaxAdded {
		t.Errorf("adds %d", len(c.Added))
	}
	g.done(c, wire.OK)
	if c := g.next(); len(c.Added) != 1 {
		t.Errorf("adds %d of one left", len(c.Added))
	}
}
