package room

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/signaling/wire"
)

// seeds is how many crowds there are.
const seeds = 50

// crowd is twenty people who do as they like to one room.
type crowd struct {
	*house
	t    *testing.T
	mu   sync.Mutex                        // guards what follows
	took map[string]map[uint64]wire.Commit // the commits that were taken, by group and epoch
	box  map[string]*inbox                 // by stay
	say  map[string]int                    // how often what was answered

	r     *Room
	ended atomic.Bool // by one of them
}

func (c *crowd) room() *Room { return c.r }

// one is one of them. A stay is one join and what follows.
type one struct {
	*crowd
	rnd    *rand.Rand
	name   string
	role   policy.Role // on coming in
	owner  bool
	stay   int
	device int
	id     string // of the stay
	box    *inbox
	out    func()        // ends the stay and waits for that
	over   chan struct{} // closed when the stay has ended, however
}

// Whatever people do and however it interleaves: epochs follow one another, each
// by one commit, nobody is in without a leaf of their own, nobody is added while
// the group is locked, who was expelled stays out, everybody has the role and the
// rights that the rules give them and sends nothing else, the owner is one and
// keeps their role, and the records tell the same.
func TestNothingBreaksWhateverPeopleDo(t *testing.T) {
	said := map[string]int{}
	for seed := range uint64(seeds) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			c := &crowd{
				house: newHouse(t), t: t, took: map[string]map[uint64]wire.Commit{}, box: map[string]*inbox{}, say: map[string]int{},
			}
			c.start(t)
			c.r = c.find(meeting.ID)
			var all sync.WaitGroup
			for i := range 20 {
				p := &one{crowd: c, rnd: rand.New(rand.NewPCG(seed, uint64(i))), name: fmt.Sprint("p", i), role: policy.Attendee}
				if i < 3 {
					p.role = policy.Host
				}
				p.owner = i == 0
				all.Go(func() {
					for range 200 {
						if c.ended.Load() {
							break
						}
						p.act()
						c.checkRoom()
					}
					if p.out != nil {
						p.out()
					}
				})
			}
			all.Wait()
			if err := c.End(t.Context(), meeting.ID); err != nil && !c.ended.Load() {
				t.Fatal(err)
			}
			c.checkCommits()
			c.checkBoxes()
			c.checkRecords()
			for what, n := range c.say {
				said[what] += n
			}
		})
	}
	for _, what := range []string{"committed", "stale", "forbidden", "denied", "expelled", "welcomed", "refused", "published", "muted", "stopped", "ended", "full", "locked"} {
		if said[what] == 0 { // how often depends on who is quicker
			t.Errorf("never %s: the test does too little", what)
		}
	}
	t.Log(said)
}

func (c *crowd) count(what string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.say[what]++
}

// act does one thing at random.
func (p *one) act() {
	ctx := p.t.Context()
	if p.out == nil {
		p.join()
		return
	}
	select {
	case <-p.over: // refused
		p.out()
		return
	default:
	}
	p.patient()
	switch n := p.rnd.IntN(48); {
	case n >= 45:
		p.expect("published", p.room().Publish(ctx, p.id, p.something()))
	case n == 44:
		p.expect("muted", p.room().MuteAll(ctx, p.id))
	case n == 43:
		p.expect("stopped", p.room().StopShares(ctx, p.id, ""))
	case n == 42 && p.rnd.IntN(15) == 0:
		p.end()
	case n == 0:
		p.out()
	case n == 1 || n == 2 && p.role == policy.Host:
		p.expect("expelled", p.room().Expel(ctx, p.id, p.somebody(entering, inside)))
	case n == 3 || n == 4 && p.role == policy.Host:
		p.expect("denied", p.room().Deny(ctx, p.id, p.somebody(waiting, knocking)))
	case n < 12:
		a, _ := last[wire.Committed](p.box)
		p.expect("reached", p.room().Reached(ctx, p.id, a.Epoch))
	default:
		p.commit()
	}
}

// expect counts what came of it. Only refusals that a client may meet are right.
func (p *one) expect(what string, err error) {
	for _, refusal := range []struct {
		err  error
		what string
	}{{ErrStale, "stale"}, {ErrLocked, "locked"}, {ErrForbidden, "forbidden"}, {ErrNotFound, "not found"}, {ErrFull, "full"}, {ErrEnded, "over"}} {
		if errors.Is(err, refusal.err) {
			p.count(refusal.what)
			return
		}
	}
	if err != nil {
		p.t.Errorf("%s: %v", what, err)
	}
	p.count(what)
}

// join begins a stay. Whoever is refused or taken out goes, as a socket does.
func (p *one) join() {
	p.stay++
	p.id, p.box = fmt.Sprintf("%s.%d", p.name, p.stay), &inbox{}
	p.mu.Lock()
	p.crowd.box[p.id] = p.box
	p.mu.Unlock()
	ctx, cancel := context.WithCancel(p.t.Context())
	id, box, over, v := p.id, p.box, make(chan struct{}), p.visitor()
	p.over = over
	go func() {
		defer close(over)
		r, err := p.Join(ctx, meeting, v, byLink(id), box)
		if err == nil {
			p.count("welcomed")
			untilOut(ctx, id, box)
		} else if ctx.Err() == nil {
			p.count("refused")
		}
		if err := r.Leave(context.WithoutCancel(ctx), id, wire.LeftByChoice); err != nil && !errors.Is(err, ErrEnded) {
			p.t.Errorf("Leave = %v", err)
		}
	}()
	p.out = func() {
		cancel()
		<-over
		p.out = nil
	}
}

func (p *one) key() string { return fmt.Sprintf("%s/%d", keyOf(p.name), p.device) }

func (p *one) visitor() Visitor {
	v := visitor(p.id, p.role)
	v.Owner = p.owner
	if expelled := now(p.room(), func() bool { return p.room().expelled[p.key()] }); expelled && p.rnd.IntN(2) == 0 {
		p.device++ // people have more than one
	}
	v.Device = p.key()
	return v
}

// untilOut returns when id, whose box it is, leaves or is taken out.
func untilOut(ctx context.Context, id string, box *inbox) {
	for {
		more := box.wait()
		if slices.Contains(all[wire.ParticipantLeft](box), wire.ParticipantLeft{Participant: id, Reason: wire.LeftExpelled}) {
			return
		}
		select {
		case <-more:
		case <-ctx.Done():
			return
		}
	}
}

// patient gives the others a little time to let p in.
func (p *one) patient() {
	for range 100 {
		if _, in := last[wire.Welcome](p.box); in {
			return
		}
		runtime.Gosched()
	}
}

// somebody is anybody who was in one of these states a moment ago.
func (p *one) somebody(states ...state) string {
	r := p.room()
	ids := now(r, func() []string {
		return slices.DeleteFunc(slices.Clone(r.order), func(id string) bool { return !slices.Contains(states, r.people[id].state) })
	})
	if len(ids) == 0 {
		return "nobody"
	}
	return ids[p.rnd.IntN(len(ids))]
}

// commit makes a commit of what p sees now and sends it a moment later.
func (p *one) commit() {
	a, in := last[wire.Admitted](p.box)
	if !in {
		return
	}
	r := p.room()
	adds, removes, rules := p.rnd.IntN(3) == 0, p.rnd.IntN(3) > 0, p.rnd.IntN(6) == 0
	ids := now(r, func() []string { return slices.Clone(r.order) })
	c := now(r, func() wire.Commit { return p.plan(r, ids, adds, removes) })
	before := now(r, func() wire.Rules { return r.rules })
	if rules {
		c.Rules = new(p.rule(before))
	}
	c.Commit = p.id
	err := r.Commit(p.t.Context(), p.id, c)
	p.expect("committed", err)
	if err != nil {
		return
	}
	if rules && !p.owner && slices.ContainsFunc(c.Rules.Rerolled(before), ownKey) {
		p.t.Errorf("%s took the owner's role away: %+v after %+v", p.id, c.Rules, before)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.took[a.Group] == nil {
		p.took[a.Group] = map[uint64]wire.Commit{}
	}
	if other, twice := p.took[a.Group][c.Epoch]; twice {
		p.t.Errorf("epoch %d has the commits of %s and %s", c.Epoch, other.Commit, c.Commit)
	}
	p.took[a.Group][c.Epoch] = c
}

// rule changes some of the rules.
func (p *one) rule(rules wire.Rules) wire.Rules {
	switch p.rnd.IntN(4) {
	case 0:
		rules.Locked, rules.Lobby, rules.MembersAdd = p.rnd.IntN(3) == 0, p.rnd.IntN(2) == 0, p.rnd.IntN(2) == 0
	case 1:
		rules.Rights = slices.DeleteFunc(policy.Rights(), func(policy.Right) bool { return p.rnd.IntN(2) == 0 })
	case 2:
		key := p.someKey()
		rules.People = with(rules.People, wire.PersonRules{Key: key, Role: policy.Roles()[p.rnd.IntN(4)]})
	default:
		own := rules.Of(p.someKey())
		own.Grant, own.Deny = nil, []policy.Right{policy.Rights()[p.rnd.IntN(3)]}
		rules.People = with(rules.People, own)
	}
	return rules
}

// someKey is the key of somebody who was in a moment ago.
func (p *one) someKey() string {
	id := p.somebody(inside)
	return now(p.room(), func() string {
		if who := p.room().people[id]; who != nil {
			return who.Device
		}
		return "nobody's"
	})
}

// something is a source that may be published, or not.
func (p *one) something() wire.Publish {
	return []wire.Publish{
		{Source: wire.Microphone, Live: true},
		{Source: wire.Camera, Live: true},
		{Source: wire.Camera},
		share(wire.Window), share(wire.Monitor),
		{Source: wire.Screen},
		{Source: wire.ScreenAudio, Live: true},
	}[p.rnd.IntN(7)]
}

// end ends the session, where p may: nobody does anything any more.
func (p *one) end() {
	err := p.room().End(p.t.Context(), p.id)
	p.expect("ended", err)
	if err == nil {
		p.ended.Store(true)
	}
}

// ownKey reports whether a key is the owner's.
func ownKey(key string) bool { return strings.HasPrefix(key, keyOf("p0")+"/") }

// plan is a commit that would do in the room as it is, mostly.
func (p *one) plan(r *Room, ids []string, adds, removes bool) (c wire.Commit) {
	if r.group == nil {
		return c
	}
	c.Epoch = r.group.epoch
	for _, id := range ids {
		if k := r.people[id]; adds && k != nil && k.state == knocking && len(c.Added) < 3 {
			leaf := freeLeaf(r.group, c.Added)
			if p.rnd.IntN(4) == 0 {
				leaf = p.rnd.IntN(leaf + 1) // somebody's, mostly
			}
			c.Added = append(c.Added, wire.Added{Participant: id, Leaf: leaf})
		}
	}
	for _, id := range r.group.members() {
		if m := r.people[id]; removes && (m == nil || !m.present()) {
			c.Removed = append(c.Removed, id)
		}
	}
	return c
}
