package loadtest

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"github.com/conclave-meet/conclave/e2e/bot"
	"github.com/conclave-meet/conclave/signaling/wire"
)

// What a page on a desktop offers and asks for.
const (
	audioSlots = 6
	videoSlots = 25
	height     = 720 // pixels
	joinWithin = 60 * time.Second
)

// person is one who takes part.
type person struct {
	*bot.Participant
	number  int
	sends   bool
	took    time.Duration // to join
	camera  *bot.Source   // of who sends
	voice   *bot.Source
	watches []*person
	tally   *tally
}

// join brings everybody in: the host alone, and then so many at once.
func (t *test) join(ctx context.Context) error {
	for i := range t.command.People {
		t.people = append(t.people, &person{number: i, sends: i < t.command.Senders, tally: newTally(t.began)})
	}
	rest := t.people
	if t.host != nil {
		if err := t.enter(ctx, t.people[0], t.host); err != nil {
			return err
		}
		rest = t.people[1:]
	}
	var (
		wg    sync.WaitGroup
		queue = make(chan *person)
		once  sync.Once
		first error
	)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for range t.command.AtOnce {
		wg.Go(func() {
			for p := range queue {
				if err := t.enter(ctx, p, bot.NewSite(t.url)); err != nil {
					once.Do(func() { first = err })
					cancel()
				}
			}
		})
	}
	for _, p := range rest {
		queue <- p
	}
	close(queue)
	wg.Wait()
	return first
}

// enter brings p in, whose media flows when it returns.
func (t *test) enter(ctx context.Context, p *person, site *bot.Site) error {
	ctx, cancel := context.WithTimeout(ctx, joinWithin)
	defer cancel()
	shape := bot.Shape{Audio: audioSlots, Video: min(videoSlots, t.command.Senders), Numbered: true}
	media, err := bot.NewMedia(shape, p.tally.take)
	if err != nil {
		return err
	}
	began := time.Now()
	if p.Participant, err = site.Join(ctx, t.meeting, fmt.Sprint("Test ", p.number+1), media, nil); err != nil {
		media.Close()
		return fmt.Errorf("join as person %d: %w", p.number+1, err)
	}
	p.took = time.Since(began)
	if !p.sends {
		return nil
	}
	p.camera = p.Source(bot.Camera, p.publisher(), t.began)
	p.voice = p.Source(bot.Microphone, p.publisher(), t.began)
	for _, source := range []wire.Source{wire.Camera, wire.Microphone} {
		if err := p.Must(ctx, &wire.Publish{Source: source, Live: true}); err != nil {
			return err
		}
	}
	return nil
}

// publisher is the number in what p sends.
func (p *person) publisher() uint32 { return uint32(p.number) } //nolint:gosec // a small number

// watch asks for the pictures of as many others as there are slots for.
func (p *person) watch(ctx context.Context, all []*person) error {
	mids := p.Slots(webrtc.RTPCodecTypeVideo)
	var w wire.Watch
	for _, other := range all {
		if other == p || !other.sends || len(p.watches) == len(mids) {
			continue
		}
		w.Slots = append(w.Slots, wire.SlotWish{Mid: mids[len(p.watches)], Participant: other.ID, Source: wire.Camera, Height: height})
		p.watches = append(p.watches, other)
	}
	return p.Must(ctx, &w)
}

// tally is what one person has got since the last call of begin.
type tally struct {
	*bot.Meter

	mu       sync.Mutex     // guards what follows
	pictures map[uint32]int // packets by publisher
	sound    map[string]*run
}

func newTally(began time.Time) *tally {
	return &tally{Meter: bot.NewMeter(began), pictures: make(map[uint32]int), sound: make(map[string]*run)}
}

// begin counts from now on what is made after since.
func (t *tally) begin(since time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.Begin(since)
	clear(t.pictures)
	clear(t.sound)
}

// take takes in a packet in a slot. Sound is counted by the numbers that it has in
// the slot, which run on whoever is heard; pictures by who sent them.
func (t *tally) take(mid string, p *rtp.Packet) {
	mark, ok := t.Take(p)
	t.mu.Lock()
	defer t.mu.Unlock()
	if !ok {
		return
	}
	if !bot.IsSound(p) {
		t.pictures[mark.Publisher]++
		return
	}
	r := t.sound[mid]
	if r == nil {
		r = &run{first: p.SequenceNumber, last: p.SequenceNumber}
		t.sound[mid] = r
	}
	r.take(p.SequenceNumber)
}

// seen returns how many packets of a publisher's pictures have come.
func (t *tally) seen(publisher uint32) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.pictures[publisher]
}

// heard returns how many packets of sound have come, and how many have not.
func (t *tally) heard() (got, lost int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, r := range t.sound {
		got += r.got
		lost += r.lost()
	}
	return got, lost
}

// run is what has come of numbers that run on (RFC 3550 §5.1).
type run struct {
	first, last uint16
	got         int
	wraps       int // of the 16 bits
}

func (r *run) take(seq uint16) {
	r.got++
	switch ahead := int16(seq - r.last); { //nolint:gosec // RFC 1982: it wraps on purpose
	case ahead <= 0: // late
	case seq < r.last:
		r.wraps++
		r.last = seq
	default:
		r.last = seq
	}
}

func (r *run) lost() int {
	return max(0, r.wraps<<16+int(r.last)-int(r.first)+1-r.got)
}
