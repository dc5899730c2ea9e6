package egress

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
)

func viewer(i int) netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{192, 0, 2, byte(i)}), 5000)
}

func TestArrange(t *testing.T) {
	type packet struct{ to, size int }
	same := func(n, size int) (list []packet) {
		for range n {
			list = append(list, packet{0, size})
		}
		return list
	}
	for _, tt := range []struct {
		name  string
		in    []packet
		whole bool
		want  []int // packets in each train
	}{
		{"nothing", nil, false, []int{}},
		{"one viewer", same(4, 1100), false, []int{4}},
		{"no trains", same(4, 1100), true, []int{1, 1, 1, 1}},
		{"two viewers in turn", []packet{{0, 9}, {1, 9}, {0, 9}, {1, 9}}, false, []int{2, 2}},
		{"the last is shorter", []packet{{0, 1100}, {0, 1100}, {0, 300}}, false, []int{3}},
		{"none after a shorter", []packet{{0, 1100}, {0, 300}, {0, 300}}, false, []int{2, 1}},
		{"a longer one begins anew", []packet{{0, 300}, {0, 1100}, {0, 1100}}, false, []int{1, 2}},
		{"40 at most", same(100, 100), false, []int{40, 40, 20}},
		{"60 KiB at most", same(60, 1500), false, []int{40, 20}},
	} {
		var b batch
		for i, p := range tt.in {
			b.add(rtp(i, max(p.size, 12))[:p.size], viewer(p.to))
		}
		got := []int{}
		for _, train := range b.arrange(!tt.whole) {
			got = append(got, train.count)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: trains of %v, want %v", tt.name, got, tt.want)
		}
	}
}

// Whatever comes, every packet is in one train, and the kernel would cut each train
// into just its packets, in the order in which they came.
func TestArrangeLosesNothing(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for round := range 300 {
		var b batch
		for range 1 + random.IntN(slots) {
			size := 12 + random.IntN(3)*500
			if random.IntN(3) == 0 {
				size = 12 + random.IntN(slotSize-12)
			}
			b.add(make([]byte, size), viewer(random.IntN(1+round%20)))
		}
		seen := make(map[int]bool)
		last := make(map[netip.AddrPort]int)
		for _, train := range b.arrange(true) {
			if err := sound(&b, train, seen, last); err != nil {
				t.Fatalf("round %d: %v", round, err)
			}
		}
		if len(seen) != b.n {
			t.Fatalf("round %d: %d of %d packets are in trains", round, len(seen), b.n)
		}
	}
}

// sound says what is wrong with a train, and notes its packets.
func sound(b *batch, train train, seen map[int]bool, last map[netip.AddrPort]int) error {
	total := 0
	for i, slot := range b.order[train.first : train.first+train.count] {
		before, known := last[train.to]
		switch {
		case seen[slot]:
			return fmt.Errorf("slot %d is sent twice", slot)
		case b.to[slot] != train.to:
			return fmt.Errorf("slot %d goes to somebody else", slot)
		case known && slot < before:
			return fmt.Errorf("slot %d comes after %d", slot, before)
		case b.size[slot] > train.size, i < train.count-1 && b.size[slot] != train.size:
			return fmt.Errorf("slot %d of %d bytes in a train of %d", slot, b.size[slot], train.size)
		}
		seen[slot], last[train.to] = true, slot
		total += b.size[slot]
	}
	if train.count > maxSegments || total > maxTrain {
		return fmt.Errorf("a train of %d packets and %d bytes", train.count, total)
	}
	return nil
}
