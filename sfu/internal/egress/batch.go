package egress

import "net/netip"

const (
	// slots is how many packets a batch holds. Beyond 32 the gain of a longer one
	// is a few percent, and a long system call keeps a processor from the rest.
	slots = 128
	// slotSize is the longest packet that is batched, in bytes.
	slotSize = 1500

	// maxSegments and maxTrain bound a train. The kernel takes 64 KiB, and 64
	// segments at least.
	maxSegments = 40
	maxTrain    = 60 << 10 // bytes

	tableSize = 2 * slots // a power of two
)

// batch is packets that wait to be sent, and how they are grouped. It knows no
// socket.
type batch struct {
	n    int
	data [slots][slotSize]byte
	size [slots]int
	to   [slots]netip.AddrPort

	trains []train
	order  [slots]int // slots, by train
	heads  [slots]int // the first slot for each destination
	next   [slots]int // the next slot for the same destination, or -1
	table  [tableSize]destination
}

// train is packets for one destination, all of one size but for the last, which
// may be shorter: slots order[first] to order[first+count-1].
type train struct {
	first, count int
	size         int // of each packet, in bytes
	to           netip.AddrPort
}

// destination is a place in the table by which arrange finds the packets for one
// address. Both are slots plus 1; 0 means there is none.
type destination struct{ head, tail int }

// add copies p into the next slot and reports whether that was the last. p is no
// longer than slotSize.
func (b *batch) add(p []byte, to netip.AddrPort) (full bool) {
	b.size[b.n] = copy(b.data[b.n][:], p)
	b.to[b.n] = to
	b.n++
	return b.n == slots
}

// arrange groups the packets into trains, each of one packet unless segmenting.
// Packets for the same destination stay in order.
func (b *batch) arrange(segmenting bool) []train {
	b.trains = b.trains[:0]
	if !segmenting {
		for i := range b.n {
			b.order[i] = i
			b.trains = append(b.trains, train{first: i, count: 1, size: b.size[i], to: b.to[i]})
		}
		return b.trains
	}
	at := 0
	for _, i := range b.link() {
		for i >= 0 {
			i, at = b.couple(i, at)
		}
	}
	return b.trains
}

// couple makes a train of what can go together from slot i of a chain on, and
// lays it out in order from at. It returns where the next train begins in both.
func (b *batch) couple(i, at int) (rest, end int) {
	t := train{first: at, size: b.size[i], to: b.to[i]}
	for i >= 0 && b.size[i] <= t.size && t.count < maxSegments && (t.count+1)*t.size <= maxTrain {
		b.order[at] = i
		at++
		t.count++
		short := b.size[i] < t.size
		i = b.next[i]
		if short {
			break
		}
	}
	b.trains = append(b.trains, t)
	return i, at
}

// link chains the slots of each destination, and returns the first of each chain.
func (b *batch) link() []int {
	clear(b.table[:])
	heads := b.heads[:0]
	for i := range b.n {
		b.next[i] = -1
		d := b.find(b.to[i])
		if d.head == 0 {
			d.head = i + 1
			heads = append(heads, i)
		} else {
			b.next[d.tail-1] = i
		}
		d.tail = i + 1
	}
	return heads
}

// find returns the place of an address in the table, of which half stays free.
func (b *batch) find(to netip.AddrPort) *destination {
	for h := hash(to); ; h++ {
		d := &b.table[h%tableSize]
		if d.head == 0 || b.to[d.head-1] == to {
			return d
		}
	}
}

// hash spreads addresses over a table or over batches.
func hash(to netip.AddrPort) uint32 {
	a := to.Addr().As16()
	h := uint32(a[12])<<24 | uint32(a[13])<<16 | uint32(a[14])<<8 | uint32(a[15])
	return (h ^ uint32(to.Port())) * 2654435761 >> 16
}
