package twcc

import (
	"slices"
	"testing"
	"time"
)

// said sends n packets 5 ms apart, of which each for which lost is true does not come,
// and returns how many of them feedback calls received, and lost.
func said(t *testing.T, overlook bool, n int, lost func(i int) bool) (received, missing int) {
	t.Helper()
	var a Arrivals
	a.Overlook(overlook)
	last := -1
	for i := range n {
		if !lost(i) {
			a.Came(uint16(65000+i), time.Duration(i)*5*ms) //nolint:gosec // the numbers wrap
		}
		for i%10 == 9 && a.Waiting() {
			p := read(t, a.Feedback(1, 2))
			if count := int(p.FbPktCount); count != (last+1)&0xff {
				t.Fatalf("feedback %d after %d", count, last)
			}
			last = int(p.FbPktCount)
			for _, symbol := range symbols(p) {
				if symbol == statusLost {
					missing++
				} else {
					received++
				}
			}
		}
	}
	return received, missing
}

func TestFewLossesAreOverlooked(t *testing.T) {
	const n = 5000
	every := func(part int) func(int) bool { return func(i int) bool { return i%part == part/2 } }
	burst := func(i int) bool { return i >= 1000 && i < 1040 }
	for _, tt := range []struct {
		name     string
		overlook bool
		lost     func(int) bool
		want     func(missing, lost int) bool
	}{
		{"one in fifty", true, every(50), func(missing, _ int) bool { return missing == 0 }},
		{"one in twenty", true, every(20), func(missing, _ int) bool { return missing == 0 }},
		{"one in fifty, when it is to tell", false, every(50), func(missing, lost int) bool { return missing == lost }},
		{"one in ten is not few", true, every(10), func(missing, lost int) bool { return missing >= lost-1 }},
		{"nor are forty in a row", true, burst, func(missing, lost int) bool { return missing == lost }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			lost := 0
			for i := range n {
				if tt.lost(i) {
					lost++
				}
			}
			received, missing := said(t, tt.overlook, n, tt.lost)
			if received != n-lost {
				t.Errorf("%d are said to have come, of %d", received, n-lost)
			}
			if !tt.want(missing, lost) {
				t.Errorf("%d are said to be lost, of %d", missing, lost)
			}
		})
	}
}

// After a lot was lost, what is lost later is told too, until a lot has come.
func TestLossesAreToldOfForAWhile(t *testing.T) {
	at := func(numbers ...int) func(int) bool {
		return func(i int) bool { return i >= 500 && i < 530 || slices.Contains(numbers, i) }
	}
	if _, missing := said(t, true, 1000, at(600)); missing != 31 {
		t.Errorf("%d said to be lost, want the thirty and the one soon after", missing)
	}
	if _, missing := said(t, true, 1000, at(100, 900)); missing != 30 {
		t.Errorf("%d said to be lost, want the thirty alone", missing)
	}
}

// What came late is told of, though it was overlooked before.
func TestLateIsToldOfThoughOverlooked(t *testing.T) {
	var a Arrivals
	a.Overlook(true)
	for seq := range uint16(40) {
		if seq != 30 {
			a.Came(seq, time.Duration(seq)*ms)
		}
	}
	came := make(map[uint16]bool)
	all := func() {
		for a.Waiting() {
			for seq := range times(t, a.Feedback(1, 2)) {
				came[seq] = true
			}
		}
	}
	all()
	if len(came) != 39 || came[30] {
		t.Fatalf("%d came, 30 among them: %t", len(came), came[30])
	}
	a.Came(30, 60*ms)
	if all(); len(came) != 40 {
		t.Errorf("%d came", len(came))
	}
}
