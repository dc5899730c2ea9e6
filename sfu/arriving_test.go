package sfu

import (
	"testing"
	"time"

	"github.com/conclave-meet/conclave/sfu/internal/descriptor"
)

// Who gets a key frame asks for none in vain until it has ended: then, or when the next
// frame has begun, one may be lost again. Who waits to be shown one missed its beginning.
func TestNoKeyFrameIsAskedForWhileOneComes(t *testing.T) {
	middle := make([]byte, 100)
	part := func(seq uint16, ts uint32, marker bool) *packet {
		return &packet{codec: descriptor.VP8, seq: seq, ts: ts, marker: marker, payload: middle, at: time.Now()}
	}
	first := func(seq uint16, ts uint32) *packet {
		p := part(seq, ts, false)
		p.keyFrame, p.payload = true, vp8(1)
		return p
	}
	for _, tt := range []struct {
		name    string
		packets []*packet
		want    bool
	}{
		{"it has begun", []*packet{first(65535, 1)}, false},
		{"it goes on", []*packet{first(65535, 1), part(0, 1, false), part(1, 1, false)}, false},
		{"one of before comes late", []*packet{first(65535, 1), part(65530, 0, true), part(0, 1, false)}, false},
		{"it has ended", []*packet{first(65535, 1), part(0, 1, true)}, true},
		{"the next has begun, and its end was lost", []*packet{first(65535, 1), part(3, 2, false)}, true},
		{"another begins after it", []*packet{first(65535, 1), part(0, 1, true), first(1, 2)}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e, _ := fanOut(t, 1)
			s := (*e.slots.Load())[0]
			for _, p := range tt.packets {
				e.forward(p)
			}
			s.refresh()
			if got := e.keyFrame.Load(); got != tt.want {
				t.Errorf("a key frame is asked for: %t, want %t", got, tt.want)
			}
		})
	}
	e, _ := fanOut(t, 1)
	s := (*e.slots.Load())[0]
	e.forward(first(1, 1))
	s.point(nil, true)
	s.point(e, false)
	if s.refresh(); !e.keyFrame.Load() {
		t.Error("who missed the beginning of one does not ask")
	}
}
