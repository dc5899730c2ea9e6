package history

import (
	"bytes"
	"slices"
	"testing"
	"time"
)

func TestGetReturnsWhatWasPut(t *testing.T) {
	r := NewRing(8)
	for seq := uint16(65530); seq != 4; seq++ { // over the wrap
		r.Put(Packet{Seq: seq, Timestamp: uint32(seq) * 10, Marker: seq%2 == 0, Payload: []byte{byte(seq)}})
	}
	for _, tt := range []struct {
		name string
		seq  uint16
		want bool
	}{
		{"newest", 3, true},
		{"oldest kept", 65532, true},
		{"replaced", 65531, false},
		{"never put", 4, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, ok := r.Get(tt.seq, []byte("ab"))
			if ok != tt.want {
				t.Fatalf("Get(%d) = %v", tt.seq, ok)
			}
			if ok && (!bytes.Equal(p.Payload, []byte{'a', 'b', byte(tt.seq)}) || p.Timestamp != uint32(tt.seq)*10) {
				t.Errorf("Get(%d) = %+v", tt.seq, p)
			}
		})
	}
}

func TestPutDoesNotKeepTheCallersBuffer(t *testing.T) {
	r := NewRing(2)
	buf := []byte{1}
	r.Put(Packet{Seq: 1, Payload: buf})
	buf[0] = 2
	if p, _ := r.Get(1, nil); p.Payload[0] != 1 {
		t.Error("the ring shares the caller's buffer")
	}
}

func TestPutAllocatesNothingOnceWarm(t *testing.T) {
	r, payload := NewRing(64), make([]byte, 1200)
	var seq uint16
	put := func() { r.Put(Packet{Seq: seq, Payload: payload}); seq++ }
	for range 64 {
		put()
	}
	if n := testing.AllocsPerRun(1000, put); n > 0 {
		t.Errorf("%v allocations for each packet", n)
	}
}

func TestFreeKeepsNothing(t *testing.T) {
	r := NewRing(2)
	r.Put(Packet{Seq: 1, Payload: []byte{1}})
	r.Free()
	r.Put(Packet{Seq: 2, Payload: []byte{1}})
	for seq := range uint16(3) {
		if _, ok := r.Get(seq, nil); ok {
			t.Errorf("packet %d is still there", seq)
		}
	}
}

func TestPicture(t *testing.T) {
	begin := time.Unix(1000, 0)
	fill := func(r *Ring, from uint16, n int, key func(i int) bool) {
		for i := range n {
			r.Put(Packet{Seq: from + uint16(i), Payload: []byte{byte(i), 0}, Key: key(i), At: begin.Add(time.Duration(i))}) //nolint:gosec // few
		}
	}
	at := func(keys ...int) func(int) bool { return func(i int) bool { return slices.Contains(keys, i) } }
	for _, tt := range []struct {
		name  string
		fill  func(r *Ring)
		since time.Duration
		most  int
		want  int // packets
	}{
		{"since the newest key frame", func(r *Ring) { fill(r, 65530, 10, at(1, 4)) }, 0, 100, 6},
		{"no key frame", func(r *Ring) { fill(r, 1, 10, at()) }, 0, 100, 0},
		{"nothing", func(*Ring) {}, 0, 100, 0},
		{"just new enough", func(r *Ring) { fill(r, 1, 10, at(4)) }, 4, 100, 6},
		{"too old", func(r *Ring) { fill(r, 1, 10, at(4)) }, 5, 100, 0},
		{"just small enough", func(r *Ring) { fill(r, 1, 10, at(4)) }, 0, 12, 6},
		{"too large", func(r *Ring) { fill(r, 1, 10, at(4)) }, 0, 11, 0},
		{"longer than the ring", func(r *Ring) { fill(r, 1, 40, at(4)) }, 0, 1000, 0},
		{"one missing", func(r *Ring) { fill(r, 1, 5, at(1)); fill(r, 7, 1, at()) }, 0, 100, 0},
		{"one late", func(r *Ring) { fill(r, 1, 5, at(1)); fill(r, 7, 1, at()); fill(r, 6, 1, at()) }, 0, 100, 6},
		{"forgotten", func(r *Ring) { fill(r, 1, 5, at(1)); r.Forget(); fill(r, 6, 1, at()) }, 0, 100, 0},
		{"forgotten, and then another", func(r *Ring) { fill(r, 1, 5, at(1)); r.Forget(); fill(r, 6, 1, at(0)) }, 0, 100, 1},
		{"given back", func(r *Ring) { fill(r, 1, 5, at(1)); r.Free() }, 0, 100, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := NewRing(16)
			tt.fill(r)
			got := r.Picture(begin.Add(tt.since), tt.most)
			if len(got) != tt.want {
				t.Fatalf("%d packets, want %d", len(got), tt.want)
			}
			for i, p := range got {
				if p.Key != (i == 0) || p.Seq != got[0].Seq+uint16(i) || len(p.Payload) != 2 { //nolint:gosec // few
					t.Errorf("packet %d: %+v", i, p)
				}
			}
		})
	}
}
