package room

import (
	"slices"
	"testing"

	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/signaling/wire"
)

// Who sends a picture, and who sees it, hear of it; nobody else does.
func TestOfOnesOwnMediaNobodyElseHears(t *testing.T) {
	h := newHouse(t)
	h.start(t)
	r, ada := h.join(t, "ada", policy.Host)
	_, grace := h.join(t, "grace", policy.Attendee)
	r.Wanted("ada", wire.Camera, []string{"q"})
	r.NoRoom("ada", []string{"7"})
	r.NoRoom("ada", nil)
	r.Wanted("nobody", wire.Camera, nil)
	wanted := all[wire.EncodingsWanted](ada)
	if len(wanted) != 1 || wanted[0].Source != wire.Camera || !slices.Equal(wanted[0].Encodings, []string{"q"}) {
		t.Errorf("ada was told %+v", wanted)
	}
	still := all[wire.NoRoom](ada)
	if len(still) != 2 || !slices.Equal(still[0].Slots, []string{"7"}) || still[1].Slots == nil || len(still[1].Slots) > 0 {
		t.Errorf("ada was told %+v", still)
	}
	if len(all[wire.EncodingsWanted](grace))+len(all[wire.NoRoom](grace)) > 0 {
		t.Error("grace was told of ada's media")
	}
}
