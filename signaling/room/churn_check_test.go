package room

import (
	"slices"
	"strings"

	"github.com/conclave-meet/conclave/signaling/wire"
)

// checkRoom looks at the room between two tasks.
func (c *crowd) checkRoom() {
	r := c.room()
	r.tell(func() {
		if r.ending != nil {
			return
		}
		g, holder := r.group, map[int]string{}
		if g != nil {
			for id, leaf := range g.leaves {
				if other, taken := holder[leaf]; taken {
					c.t.Errorf("leaf %d is %s's and %s's", leaf, id, other)
				}
				holder[leaf] = id
			}
			if len(g.log) > maxLog || len(g.log) > 0 && g.log[len(g.log)-1].Epoch != g.epoch || g.settled > g.epoch {
				c.t.Errorf("group in epoch %d, settled %d, with a log of %d", g.epoch, g.settled, len(g.log))
			}
		}
		for id, p := range r.people {
			switch {
			case p.present() && (g == nil || holder[p.leaf] != id || p.reached > g.epoch):
				c.t.Errorf("%s is in at leaf %d without having it", id, p.leaf)
			case !p.present() && p.state != left && g != nil && slices.Contains(g.members(), id):
				c.t.Errorf("%s waits with a leaf", id)
			case p.state == knocking && g == nil && p.mayFound(p.Role):
				c.t.Errorf("%s could found a group and waits", id)
			case p.Role != r.rules.RoleOf(p.Device, p.came):
				c.t.Errorf("%s is %s, by rules %+v", id, p.Role, r.rules)
			case p.state == inside && r.expelled[p.Device]:
				c.t.Errorf("%s was expelled and is in", id)
			case p.Owner != strings.HasPrefix(id, "p0."):
				c.t.Errorf("%s owns the meeting: %v", id, p.Owner)
			}
			for _, l := range p.live {
				if p.state == inside && !r.allows(p, rightTo(l.Source, p.surface())) {
					c.t.Errorf("%s, %s, sends %s without the right", id, p.Role, l.Source)
				}
			}
			c.checkShown(r, p)
		}
	})
}

// checkShown wants a knock shown to exactly those who may add who knocks.
func (c *crowd) checkShown(r *Room, k *person) {
	for id, p := range r.people {
		if want := k.state == knocking && r.mayAdd(p, k); k.shown[id] != want {
			c.t.Errorf("%s (%d) is shown to %s = %v, want %v", k.ID, k.state, id, k.shown[id], want)
		}
	}
}

// checkCommits replays what was taken.
func (c *crowd) checkCommits() {
	founded := map[string]wire.Rules{}
	for _, box := range c.box {
		if a, ok := last[wire.Admitted](box); ok && a.Rules != nil {
			founded[a.Group] = *a.Rules
		}
	}
	for id, taken := range c.took {
		rules := founded[id]
		holder, has := map[int]string{}, map[string]int{}
		for epoch := range uint64(len(taken)) {
			commit, ok := taken[epoch]
			if !ok {
				c.t.Errorf("group %s has %d commits, and none of epoch %d", id, len(taken), epoch)
			}
			for _, a := range commit.Added {
				same := func(gone string) bool { return keyOf(gone) == keyOf(a.Participant) }
				if rules.Locked && !slices.ContainsFunc(commit.Removed, same) {
					c.t.Errorf("added while locked: %+v", commit)
				}
			}
			for _, gone := range commit.Removed {
				delete(holder, has[gone])
			}
			for _, a := range commit.Added {
				if other, held := holder[a.Leaf]; held {
					c.t.Errorf("%s was added at leaf %d of %s", a.Participant, a.Leaf, other)
				}
				holder[a.Leaf], has[a.Participant] = a.Participant, a.Leaf
			}
			if commit.Rules != nil {
				rules = *commit.Rules
			}
		}
	}
}

// checkBoxes wants everybody to have been told the same, in order.
func (c *crowd) checkBoxes() {
	for id, box := range c.box {
		a, in := last[wire.Admitted](box)
		_, welcomed := last[wire.Welcome](box)
		if n := len(all[wire.Admitted](box)); n > 1 || welcomed && !in {
			c.t.Errorf("%s was admitted %d times", id, n)
		}
		epoch, gone := a.Epoch, map[string]bool{}
		for _, e := range box.events {
			switch e := e.(type) {
			case wire.Committed:
				if e.Epoch != epoch+1 || e.Commit != c.took[a.Group][epoch].Commit || e.By != e.Commit {
					c.t.Errorf("%s was told of %+v in epoch %d", id, e, epoch)
				}
				epoch = e.Epoch
			case wire.Settled:
				if e.Epoch != epoch {
					c.t.Errorf("%s was told in epoch %d that %d is settled", id, epoch, e.Epoch)
				}
			case wire.ParticipantLeft:
				gone[e.Participant] = true
			case wire.ParticipantJoined:
				if gone[e.Participant.ID] {
					c.t.Errorf("%s joined after they had left", e.Participant.ID)
				}
			}
		}
	}
}

// shares counts what the media was told of screens.
func (c *crowd) shares() (started, stopped int) {
	c.media.mu.Lock()
	defer c.media.mu.Unlock()
	for _, call := range c.media.calls {
		if strings.HasSuffix(call, " screen true") {
			started++
		}
		if strings.HasSuffix(call, " screen false") {
			stopped++
		}
	}
	return started, stopped
}

// checkRecords wants the records to tell what happened.
func (c *crowd) checkRecords() {
	seen := map[string]int{}
	for _, r := range c.ledger.kinds() {
		kind, id, _ := strings.Cut(r, " ")
		if out := seen["expelled "+id] + seen["denied "+id] + seen["left "+id]; out > 0 && kind != "left" && id != "" {
			c.t.Errorf("%s after the end of the stay", r)
		}
		seen[r]++
		seen[kind]++
		if once := []string{"joined", "left", "admitted", "denied", "expelled"}; seen[r] > 1 && slices.Contains(once, kind) {
			c.t.Errorf("%s twice", r)
		}
	}
	started, stopped := c.shares()
	if seen["shareStarted"] != started || seen["shareStopped"] != stopped {
		c.t.Errorf("%d shares began and %d were stopped; recorded %d and %d", started, stopped, seen["shareStarted"], seen["shareStopped"])
	}
	added := 0
	for _, taken := range c.took {
		for _, commit := range taken {
			added += len(commit.Added)
		}
	}
	for id, box := range c.box {
		if _, welcomed := last[wire.Welcome](box); welcomed && (seen["joined "+id] != 1 || seen["left "+id] != 1) {
			c.t.Errorf("%s was in, and is not on record", id)
		}
	}
	if seen["admitted"] != added || seen["denied"] != c.say["denied"] || seen["expelled"] != c.say["expelled"] || seen["joined"] != seen["left"] {
		c.t.Errorf("%d added, %v; recorded %d admitted, %d denied, %d expelled, %d joined, %d left",
			added, c.say, seen["admitted"], seen["denied"], seen["expelled"], seen["joined"], seen["left"])
	}
}
