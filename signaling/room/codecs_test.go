package room

import (
	"slices"
	"testing"

	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/signaling/wire"
)

func TestEverybodyLearnsWhatEverybodyDecodes(t *testing.T) {
	h := newHouse(t)
	h.start(t)
	r, ada := h.join(t, "ada", policy.Host)
	if c, ok := last[wire.Codecs](ada); ok {
		t.Errorf("ada was told %+v before anything was missing", c)
	}
	common := []string{"video/VP9", "video/VP8"}
	r.Codecs(common)
	_, grace := h.join(t, "grace", policy.Attendee)
	for who, box := range map[string]*inbox{"ada": ada, "grace": grace} {
		if c, ok := last[wire.Codecs](box); !ok || !slices.Equal(c.Video, common) {
			t.Errorf("%s was told %+v, %v", who, c, ok)
		}
	}
}
