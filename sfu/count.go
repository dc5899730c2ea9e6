package sfu

import (
	"cmp"
	"slices"
	"sync"
	"sync/atomic"
)

// Media are numbers of the packets that pass: those of now, and those since the
// start. Packets are counted where they are anyway looked at, a few times a second,
// so that it costs a packet next to nothing.
type Media struct {
	StreamsIn  int64 // encodings of which something has come in the last two seconds
	StreamsOut int64 // slots that show or play somebody, now

	PacketsIn    int64 // that came for the first time
	BytesIn      int64 // of their payloads
	PacketsOut   int64 // each to one viewer; not those that are sent again
	BytesOut     int64 // of their payloads
	ReportedLost int64 // packets that viewers have told they did not get, of those sent

	MessagesWaiting int64 // bytes of data messages that wait to be sent, now

	Paused  int64 // encodings that nobody takes, and that their publishers were told of, now
	Plight        // of all viewers, now
	Changes Changes
}

// Load is what one group carries now.
type Load struct {
	Peers      int
	StreamsIn  int
	StreamsOut int
	Rate       float64 // bytes of payload sent a second, smoothed over a second or two
	Paused     int     // encodings that nobody takes, and that their publishers were told of
	Plight
}

// rateTicks is over about how many ticks a Load's rate is smoothed.
const rateTicks = 8

// census is what the SFU knows of all its groups.
type census struct {
	packetsIn, bytesIn, packetsOut, bytesOut, lost atomic.Int64

	changes [changeCount]atomic.Int64

	mu     sync.Mutex // guards groups
	groups map[*Group]struct{}
}

func (c *census) enrol(g *Group) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.groups == nil {
		c.groups = make(map[*Group]struct{})
	}
	c.groups[g] = struct{}{}
}

func (c *census) strike(g *Group) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.groups, g)
}

// all returns the groups there are.
func (c *census) all() []*Group {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := make([]*Group, 0, len(c.groups))
	for g := range c.groups {
		list = append(list, g)
	}
	return list
}

// Media returns the numbers of now.
func (s *SFU) Media() Media {
	c := &s.census
	m := Media{
		PacketsIn: c.packetsIn.Load(), BytesIn: c.bytesIn.Load(),
		PacketsOut: c.packetsOut.Load(), BytesOut: c.bytesOut.Load(), ReportedLost: c.lost.Load(),
		Changes: c.told(),
	}
	for _, g := range c.all() {
		load := g.load.Load()
		m.StreamsIn += int64(load.StreamsIn)
		m.StreamsOut += int64(load.StreamsOut)
		m.Paused += int64(load.Paused)
		m.add(load.Plight)
		for _, p := range *g.members.Load() {
			m.MessagesWaiting += int64(p.relay.waiting()) //nolint:gosec // channel.most bounds it
		}
	}
	return m
}

// Busiest returns what the n groups carry that send most, the busiest first. It
// does not tell whose they are.
func (s *SFU) Busiest(n int) []Load {
	groups := s.census.all()
	loads := make([]Load, 0, len(groups))
	for _, g := range groups {
		loads = append(loads, *g.load.Load())
	}
	slices.SortFunc(loads, func(a, b Load) int {
		return cmp.Or(cmp.Compare(b.Rate, a.Rate), cmp.Compare(b.Peers, a.Peers), cmp.Compare(b.StreamsIn, a.StreamsIn))
	})
	return loads[:min(n, len(loads))]
}

// count takes the numbers of a group's streams. It is called with every tick.
func (g *Group) count() {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := Load{Peers: len(g.peers)}
	for _, p := range g.peers {
		g.sentOut += p.count()
		in, out := p.streams()
		now.StreamsIn += in
		now.StreamsOut += out
		now.Paused += p.publications[Camera].demand.count()
		now.add(p.plight)
	}
	was := g.load.Load()
	now.Rate = was.Rate + (float64(g.sentOut)/tickEvery.Seconds()-was.Rate)/rateTicks
	g.sentOut = 0
	g.load.Store(&now)
}

// streams returns how many streams p sends and gets. An encoding stays to the end of the
// connection, and is a stream while something comes: of a voice in silence that is a packet
// every 400 ms. The caller holds the group's mu.
func (p *peer) streams() (in, out int) {
	for e := range p.encodings() {
		if e.arrived.silent < silentTicks {
			in++
		}
	}
	for _, s := range p.slots {
		if current, _ := s.encodings(); current != nil {
			out++
		}
	}
	return in, out
}

// count adds what p has sent and got since it was last called to what the SFU has
// counted, and returns how many bytes it got. The caller holds the group's mu.
func (p *peer) count() (bytesOut int64) {
	c := &p.group.sfu.census
	for e := range p.encodings() {
		packets, bytes := e.arrived.take()
		e.arrived.silent++
		if packets > 0 {
			e.arrived.silent = 0
		}
		c.packetsIn.Add(packets)
		c.bytesIn.Add(bytes)
	}
	for _, s := range p.slots {
		packets, bytes, lost := s.count()
		c.packetsOut.Add(packets)
		c.bytesOut.Add(bytes)
		c.lost.Add(lost)
		bytesOut += bytes
	}
	return bytesOut
}

// silentTicks is after how many ticks in which nothing came an encoding is no stream.
const silentTicks = 10

// arrivals counts what comes of one encoding.
type arrivals struct {
	packets, bytes atomic.Int64
	silent         int // ticks since something came; guarded by the group's mu
}

// add counts a packet with so many bytes of payload.
func (a *arrivals) add(bytes int) {
	a.packets.Add(1)
	a.bytes.Add(int64(bytes))
}

// take returns what has come since it was last called.
func (a *arrivals) take() (packets, bytes int64) { return a.packets.Swap(0), a.bytes.Swap(0) }

// counted is how far a slot's numbers have been counted.
type counted struct {
	sent, octets uint32
	told         uint32 // packets that the viewer has told are lost, as it counts
	lost         int64  // of them, not counted yet
	credible     int64  // packets sent, as they were credited, that it may still tell are lost
	credited     uint32
}

// count returns what the slot has sent since it was last called, and what of that
// the viewer has told is lost. Both wrap around at 32 bits, which takes far longer.
func (s *slot) count() (packets, bytes, lost int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	packets, bytes, lost = int64(s.sent-s.counted.sent), int64(s.octets-s.counted.octets), s.counted.lost
	s.counted.sent, s.counted.octets, s.counted.lost = s.sent, s.octets, 0
	return packets, bytes, lost
}

// told takes in how many packets of the slot a viewer reports as lost in all (RFC
// 3550 §6.4.1). The count goes down when one comes twice or late. Whatever it is told,
// no more are counted than were sent.
func (s *slot) told(total uint32) {
	if total > maxLost {
		total = 0 // more have come than were sent
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &s.counted
	c.credible, c.credited = c.credible+int64(s.sent-c.credited), s.sent
	if total > c.told {
		lost := min(int64(total-c.told), c.credible)
		c.lost, c.credible = c.lost+lost, c.credible-lost
	}
	c.told = total
}

// maxLost is the largest count of lost packets that is not negative: it has 24 bits.
const maxLost = 1<<23 - 1

// waiting returns how many bytes of messages wait to be sent to the peer.
func (r *relay) waiting() uint64 {
	return r.reliable.dc.BufferedAmount() + r.lossy.dc.BufferedAmount()
}
