package room

import (
	"errors"
	"slices"
	"strconv"
	"testing"

	"github.com/conclave-meet/conclave/signaling/wire"
)

// groupOf is a group in epoch 1 with a at leaf 0 and b at leaf 1.
func groupOf() *group {
	g := newGroup("a", keyOf("a"))
	g.take("a", wire.Commit{Added: []wire.Added{{Participant: "b", Leaf: 1}}}, map[string]string{"b": keyOf("b")})
	return g
}

// devicesOf returns the devices of whom c adds; who has no name has none.
func devicesOf(c wire.Commit) map[string]string {
	devices := make(map[string]string)
	for _, a := range c.Added {
		if a.Participant != "" {
			devices[a.Participant] = keyOf(a.Participant)
		}
	}
	return devices
}

func TestWhatCanBeTheNextCommit(t *testing.T) {
	add := func(id string, leaf int) []wire.Added { return []wire.Added{{Participant: id, Leaf: leaf}} }
	for _, tt := range []struct {
		name   string
		locked bool
		c      wire.Commit
		want   error
	}{
		{"nothing but new keys", false, wire.Commit{Epoch: 1}, nil},
		{"of an epoch that is over", false, wire.Commit{Epoch: 0}, ErrStale},
		{"of an epoch to come", false, wire.Commit{Epoch: 2}, ErrStale},
		{"add at a free leaf", false, wire.Commit{Epoch: 1, Added: add("c", 2)}, nil},
		{"add at a taken leaf", false, wire.Commit{Epoch: 1, Added: add("c", 1)}, ErrForbidden},
		{"add at a leaf it frees", false, wire.Commit{Epoch: 1, Added: add("c", 1), Removed: []string{"b"}}, nil},
		{"add two at one leaf", false, wire.Commit{Epoch: 1, Added: append(add("c", 2), add("d", 2)...)}, ErrForbidden},
		{"add a member", false, wire.Commit{Epoch: 1, Added: add("b", 2)}, ErrForbidden},
		{"remove a member", false, wire.Commit{Epoch: 1, Removed: []string{"b"}}, nil},
		{"remove nobody we know", false, wire.Commit{Epoch: 1, Removed: []string{"c"}}, ErrNotFound},
		{"add while locked", true, wire.Commit{Epoch: 1, Added: add("c", 2)}, ErrLocked},
		{"add and unlock at once", true, wire.Commit{Epoch: 1, Added: add("c", 2), Rules: &wire.Rules{}}, ErrLocked},
		{"add while locked who was in, beside their old leaf", true, wire.Commit{Epoch: 1, Added: add("b.2", 2)}, ErrLocked},
		{"swap while locked", true, wire.Commit{Epoch: 1, Added: add("b.2", 1), Removed: []string{"b"}}, nil},
		{"swap while locked for another leaf", true, wire.Commit{Epoch: 1, Added: add("b.2", 2), Removed: []string{"b"}}, nil},
		{"swap while locked with another device", true, wire.Commit{Epoch: 1, Added: add("c", 1), Removed: []string{"b"}}, ErrLocked},
		{"swap while locked with no device", true, wire.Commit{Epoch: 1, Added: add("", 1), Removed: []string{"b"}}, ErrLocked},
		{"swap while locked and somebody beside", true, wire.Commit{Epoch: 1, Added: append(add("b.2", 1), add("c", 2)...), Removed: []string{"b"}}, ErrLocked},
		{"swap while locked the leaf of another", true, wire.Commit{Epoch: 1, Added: add("b.2", 0), Removed: []string{"a"}}, ErrLocked},
		{"remove while locked", true, wire.Commit{Epoch: 1, Removed: []string{"b"}}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g := groupOf()
			if err := g.check(tt.c, tt.locked, devicesOf(tt.c)); !errors.Is(err, tt.want) {
				t.Errorf("check = %v, want %v", err, tt.want)
			}
			if g.epoch != 1 || !slices.Equal(g.members(), []string{"a", "b"}) {
				t.Errorf("checking changed the group: %+v", g)
			}
		})
	}
}

func TestEveryGroupHasAnIDOfItsOwn(t *testing.T) {
	a, b := newGroup("a", "key"), newGroup("a", "key")
	if a.id == b.id || len(a.id) != 22 { // 16 bytes
		t.Errorf("ids %q and %q", a.id, b.id)
	}
}

func TestTheLogHoldsTheLastCommits(t *testing.T) {
	g := newGroup("a", "key")
	for i := range 3 * maxLog {
		c := wire.Commit{Epoch: g.epoch, Commit: strconv.Itoa(i)}
		if err := g.check(c, false, nil); err != nil {
			t.Fatal(err)
		}
		g.take("a", c, nil)
		if len(g.log) > maxLog {
			t.Fatalf("%d commits are kept", len(g.log))
		}
	}
	for _, tt := range []struct {
		missed uint64
		kept   bool
	}{{0, true}, {1, true}, {maxLog, true}, {maxLog + 1, false}, {3 * maxLog, false}} {
		list, kept := g.since(g.epoch - tt.missed)
		if kept != tt.kept || kept && uint64(len(list)) != tt.missed {
			t.Errorf("%d missed: %d commits, %v", tt.missed, len(list), kept)
		}
		for i, c := range list {
			if c.Epoch != g.epoch-tt.missed+uint64(i)+1 || c.Commit != strconv.FormatUint(c.Epoch-1, 10) {
				t.Errorf("%d missed: %d is %+v", tt.missed, i, c)
			}
		}
	}
}
