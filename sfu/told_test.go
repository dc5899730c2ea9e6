package sfu

import "testing"

// However many packets a viewer says are lost, and however often, no more are counted
// than were sent to it.
func TestNoMoreAreLostThanWereSent(t *testing.T) {
	s, _ := showing(t, 10)
	counted := func(totals ...uint32) (lost int64) {
		for _, total := range totals {
			s.told(total)
		}
		_, _, lost = s.count()
		return lost
	}
	if n := counted(3, 2, 4); n != 5 {
		t.Errorf("%d counted, want 5 as they were told", n)
	}
	if n := counted(maxLost, 0, maxLost, 0, 9); n != 5 {
		t.Errorf("%d counted, want the 5 others that were sent", n)
	}
	s.sent += 4
	if n := counted(0, 2, maxLost); n != 4 {
		t.Errorf("%d counted, want those that were sent since", n)
	}
}
