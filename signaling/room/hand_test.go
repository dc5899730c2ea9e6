package room

import (
	"errors"
	"slices"
	"testing"

	"github.com/conclave-meet/conclave/signaling/edr"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/signaling/wire"
)

// refusals lists the actions that were refused to somebody, as they are on record.
func (h *house) refusals(participant string) (list []string) {
	h.ledger.mu.Lock()
	defer h.ledger.mu.Unlock()
	for _, r := range h.ledger.records {
		if refused, is := r.Fact.(edr.Refused); is && r.Participant == participant {
			list = append(list, refused.Action)
		}
	}
	return list
}

func TestHands(t *testing.T) {
	h := panel(t)
	r := h.room()
	_, box := h.join(t, "eve", policy.Attendee)
	do := func(name string, err, want error) {
		t.Helper()
		if !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
	}
	ctx := t.Context()
	do("ann raises", r.RaiseHand(ctx, "ann", true), nil)
	do("ann raises again", r.RaiseHand(ctx, "ann", true), nil)
	do("bob lowers ann's", r.LowerHand(ctx, "bob", "ann"), ErrForbidden)
	do("a presenter lowers ann's", r.LowerHand(ctx, "presenter", "ann"), ErrForbidden)
	do("somebody raises who is not in", r.RaiseHand(ctx, "nobody", true), ErrNotFound)
	do("a host lowers nobody's", r.LowerHand(ctx, "host", "nobody"), ErrNotFound)
	do("bob lowers their own, which is down", r.RaiseHand(ctx, "bob", false), nil)
	told := all[wire.HandChanged](box)
	if len(told) != 1 || told[0].Participant != "ann" || told[0].Hand < h.room().started.UnixMilli() || told[0].By != "" {
		t.Fatalf("told %+v", told)
	}
	_, late := h.join(t, "late", policy.Attendee)
	w, _ := last[wire.Welcome](late)
	for _, p := range w.Participants {
		if want := map[string]int64{"ann": told[0].Hand}[p.ID]; p.Hand != want {
			t.Errorf("late is told that the hand of %s is %d, want %d", p.ID, p.Hand, want)
		}
	}
	do("a host lowers ann's", r.LowerHand(ctx, "host", "ann"), nil)
	do("and again", r.LowerHand(ctx, "host", "ann"), nil)
	do("ann raises anew", r.RaiseHand(ctx, "ann", true), nil)
	do("ann lowers", r.RaiseHand(ctx, "ann", false), nil)
	told = all[wire.HandChanged](box)
	if len(told) != 4 || told[1] != (wire.HandChanged{Participant: "ann", By: "host"}) || told[3] != (wire.HandChanged{Participant: "ann"}) {
		t.Errorf("told %+v", told)
	}
	if refused := h.refusals("bob"); !slices.Equal(refused, []string{string(policy.LowerHands)}) {
		t.Errorf("on record: %q", refused)
	}
}
