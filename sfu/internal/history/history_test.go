package history

import (
	"bytes"
	"testing"
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
