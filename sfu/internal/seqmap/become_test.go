package seqmap

import "testing"

// What is left out moves what comes behind it, in number and in source; what came before,
// and what is still missing of it, stays as it was.
func TestSkipToAndBecome(t *testing.T) {
	m := New[string](90000, 0, 0)
	if left, moved := m.SkipTo(5, "x"); !left || moved {
		t.Errorf("SkipTo of an empty map = %t, %t", left, moved)
	}
	if m.Become(5, "x") {
		t.Error("an empty map became something")
	}
	if _, ok := m.Of(5); ok {
		t.Error("an empty map knows a packet")
	}
	m.Switch("a", 10, 0, t0)
	out(t, m, 10, 0, t0)
	for seq := range uint16(2) {
		if left, moved := m.SkipTo(11+seq, "b"); !left || !moved {
			t.Fatalf("SkipTo(%d) = %t, %t", 11+seq, left, moved)
		}
	}
	out(t, m, 13, 0, t0) // 2
	if !m.Become(15, "c") {
		t.Fatal("15 is not newer than 13")
	}
	out(t, m, 15, 0, t0) // 4, and 3 is kept for 14
	if m.Become(15, "d") || m.Become(14, "d") {
		t.Error("what has been numbered, or is older, became something else")
	}
	if left, moved := m.SkipTo(14, "d"); left || moved {
		t.Errorf("SkipTo of a late one = %t, %t", left, moved)
	}
	if left, moved := m.SkipTo(9, "d"); !left || moved {
		t.Errorf("SkipTo of one before the first = %t, %t", left, moved)
	}
	if seq, _ := out(t, m, 14, 0, t0); seq != 3 {
		t.Errorf("the late one became %d, want 3", seq)
	}
	for seq, want := range map[uint16]string{10: "a", 13: "b", 14: "b", 15: "c", 16: "c"} {
		if got, ok := m.Of(seq); !ok || got != want {
			t.Errorf("Of(%d) = %q, %t; want %q", seq, got, ok, want)
		}
	}
	for number, want := range map[uint16]struct {
		source string
		seq    uint16
	}{1: {"a", 10}, 2: {"b", 13}, 3: {"b", 14}, 4: {"c", 15}} {
		if source, seq, _, ok := m.In(number); !ok || source != want.source || seq != want.seq {
			t.Errorf("In(%d) = %q, %d, %t; want %+v", number, source, seq, ok, want)
		}
	}
}

// A ring that grows keeps what is in it, in its order.
func TestManyRuns(t *testing.T) {
	m := New[int](90000, 0, 0)
	m.Switch(0, 0, 0, t0)
	_, _, _ = m.Out(0, 0, t0)
	for n := uint16(1); n < 3*maxRuns; n++ {
		m.SkipTo(2*n-1, int(n))
		_, _, _ = m.Out(2*n, 0, t0) // n+1
		for back := range min(n, maxRuns) {
			if source, seq, _, ok := m.In(n + 1 - back); !ok || source != int(n-back) || seq != 2*(n-back) {
				t.Fatalf("after %d runs In(%d) = %d, %d, %t", n, n+1-back, source, seq, ok)
			}
		}
	}
	if len(m.runs) != maxRuns {
		t.Errorf("%d runs are kept", len(m.runs))
	}
}
