package app

import (
	"testing"

	"github.com/conclave-meet/conclave/e2e/bot"
	"github.com/conclave-meet/conclave/signaling/wire"
)

// Nobody's hand is lowered by a program that may not.
func TestHandsHoldForPrograms(t *testing.T) {
	s := start(t, t.TempDir())
	ada := s.host()
	m := s.meeting(ada)
	hands := make(chan wire.HandChanged, 9)
	host := s.join(ada, m, "Ada", func(e wire.Event) {
		if e, is := e.(*wire.HandChanged); is {
			hands <- *e
		}
	})
	grace, nils := s.join(s.visit(), m, "Grace", nil), s.join(s.visit(), m, "Nils", nil)
	do := func(p *bot.Participant, c wire.Command, want wire.Code) {
		t.Helper()
		if code, err := p.Do(t.Context(), c); err != nil || code != want {
			t.Errorf("%T: %s, %v", c, code, err)
		}
	}
	do(nils, &wire.RaiseHand{Raised: true}, wire.OK)
	if up := <-hands; up.Participant != nils.ID || up.Hand == 0 {
		t.Errorf("told %+v", up)
	}
	do(grace, &wire.LowerHand{Participant: nils.ID}, wire.Forbidden)
	do(host, &wire.LowerHand{Participant: nils.ID}, wire.OK)
	if down := <-hands; down != (wire.HandChanged{Participant: nils.ID, By: host.ID}) {
		t.Errorf("told %+v", down)
	}
	eventually(t, "the audit", func() bool { return s.refusals(t, "lower_hands") == 1 })
}
