package seqmap

import (
	"math/rand/v2"
	"testing"
	"time"
)

var t0 = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// out numbers a packet and fails the test when Map refuses it.
func out(t *testing.T, m *Map[string], seq uint16, ts uint32, at time.Time) (uint16, uint32) {
	t.Helper()
	s, outTS, ok := m.Out(seq, ts, at)
	if !ok {
		t.Fatalf("Out(%d) refused", seq)
	}
	return s, outTS
}

func TestSwitchContinuesTheStream(t *testing.T) {
	m := New[string](90000, 65533, 1000)
	m.Switch("a", 500, 9_000_000, t0)
	for i := range uint16(5) {
		seq, ts := out(t, m, 500+i, 9_000_000+uint32(i)*3000, t0)
		if want := 65534 + i; seq != want {
			t.Errorf("packet %d became %d, want %d", 500+i, seq, want)
		}
		if want := 1001 + uint32(i)*3000; ts != want {
			t.Errorf("timestamp %d, want %d", ts, want)
		}
	}
	later := t0.Add(100 * time.Millisecond)
	m.Switch("b", 40000, 7, later)
	seq, ts := out(t, m, 40000, 7, later)
	if seq != 3 {
		t.Errorf("first packet of b is %d, want 3 (right after 2)", seq)
	}
	if want := uint32(1001 + 4*3000 + 9000); ts != want {
		t.Errorf("first timestamp of b is %d, want %d (100 ms on)", ts, want)
	}
}

func TestPacketsBeforeTheSwitchAreRefused(t *testing.T) {
	m := New[string](90000, 0, 0)
	m.Switch("a", 10, 0, t0)
	out(t, m, 10, 0, t0)
	m.Switch("b", 100, 0, t0)
	out(t, m, 100, 0, t0)
	for _, seq := range []uint16{99, 98, 40000} {
		if _, _, ok := m.Out(seq, 0, t0); ok {
			t.Errorf("packet %d from before the switch was numbered", seq)
		}
	}
}

func TestReorderedPacketsKeepTheirPlace(t *testing.T) {
	m := New[string](90000, 0, 0)
	m.Switch("a", 10, 0, t0)
	out(t, m, 10, 0, t0)
	out(t, m, 13, 0, t0)
	if seq, _ := out(t, m, 11, 0, t0); seq != 2 {
		t.Errorf("late packet became %d, want 2", seq)
	}
	if seq, _ := out(t, m, 14, 0, t0); seq != 5 {
		t.Errorf("next packet became %d, want 5", seq)
	}
}

func TestSkipClosesTheHole(t *testing.T) {
	m := New[string](90000, 0, 0)
	m.Switch("a", 10, 0, t0)
	out(t, m, 10, 0, t0) // 1
	if !m.Skip(11) || !m.Skip(12) {
		t.Fatal("padding in order was not skipped")
	}
	if seq, _ := out(t, m, 13, 0, t0); seq != 2 {
		t.Errorf("packet after the padding became %d, want 2", seq)
	}
	out(t, m, 15, 0, t0) // 4; 14 is late
	if m.Skip(14) {
		t.Error("late padding was skipped: its number is already missing downstream")
	}
	if seq, _ := out(t, m, 14, 0, t0); seq != 3 {
		t.Errorf("late padding became %d, want 3", seq)
	}
	if _, in, _, ok := m.In(2); !ok || in != 13 {
		t.Errorf("In(2) = %d, %v; want 13", in, ok)
	}
	if _, in, _, ok := m.In(1); !ok || in != 10 {
		t.Errorf("In(1) = %d, %v; want 10", in, ok)
	}
}

// However many packets in a row are left out, what went before is remembered.
func TestALongSkipForgetsNothing(t *testing.T) {
	m := New[string](90000, 0, 0)
	m.Switch("a", 10, 0, t0)
	out(t, m, 10, 0, t0) // 1
	for seq := range uint16(1000) {
		if !m.Skip(11 + seq) {
			t.Fatalf("packet %d was not skipped", 11+seq)
		}
	}
	if seq, _ := out(t, m, 1011, 0, t0); seq != 2 {
		t.Errorf("packet after them became %d, want 2", seq)
	}
	for out, want := range map[uint16]uint16{1: 10, 2: 1011} {
		if _, in, _, ok := m.In(out); !ok || in != want {
			t.Errorf("In(%d) = %d, %v; want %d", out, in, ok, want)
		}
	}
}

// After a cut the stream goes on behind the numbers that were used, in time as in number,
// and what became of what before is forgotten.
func TestCutTakesNumbersBack(t *testing.T) {
	m := New[string](90000, 65530, 0)
	m.Switch("a", 10, 0, t0)
	for i := range uint16(10) {
		out(t, m, 10+i, uint32(i), t0) // 65531 to 4
	}
	m.Cut(7)
	if m.Newest() != 65533 {
		t.Errorf("the newest is %d, want 65533", m.Newest())
	}
	if _, _, ok := m.Out(20, 10, t0); ok {
		t.Error("a packet of what is cut was numbered")
	}
	later := t0.Add(time.Second)
	m.Switch("b", 500, 7, later)
	if seq, ts := out(t, m, 500, 7, later); seq != 65534 || ts != 10+90000 {
		t.Errorf("what comes next is %d at %d, want 65534 at %d", seq, ts, 10+90000)
	}
	out(t, m, 501, 7, later)
	for seq, want := range map[uint16]uint16{65534: 500, 65535: 501, 65533: 0, 65531: 0, 0: 0} {
		if _, in, _, ok := m.In(seq); in != want || ok != (want != 0) {
			t.Errorf("In(%d) = %d, %v; want %d", seq, in, ok, want)
		}
	}
}

func TestInRefusesWhatWasNeverSent(t *testing.T) {
	m := New[string](90000, 0, 0)
	if _, _, _, ok := m.In(0); ok {
		t.Error("In on an empty map")
	}
	m.Switch("a", 10, 0, t0)
	out(t, m, 10, 0, t0)
	for _, seq := range []uint16{0, 2, 30000} {
		if src, in, _, ok := m.In(seq); ok {
			t.Errorf("In(%d) = %s %d", seq, src, in)
		}
	}
}

// Whatever order packets, padding and switches come in, outgoing numbers never
// repeat, the stream has no hole that the source did not have, and In undoes Out.
func TestRandomStreams(t *testing.T) {
	for seed := range uint64(200) {
		checkRandomStream(t, rand.New(rand.NewPCG(seed, 1))) //nolint:gosec // a repeatable test
	}
}

func checkRandomStream(t *testing.T, rnd *rand.Rand) {
	t.Helper()
	type origin struct {
		source int
		seq    uint16
	}
	m := New[int](90000, uint16(rnd.Uint32()), rnd.Uint32()) //nolint:gosec // any number will do
	sent := map[uint16]origin{}
	var last uint16
	for source := range 5 {
		seq := uint16(rnd.Uint32()) //nolint:gosec // any number will do
		m.Switch(source, seq, rnd.Uint32(), t0)
		for range 200 {
			if rnd.IntN(10) == 0 && m.Skip(seq) {
				seq++
				continue
			}
			s, _, ok := m.Out(seq, 0, t0)
			if !ok {
				t.Fatalf("packet %d in order was refused", seq)
			}
			if len(sent) > 0 && s != last+1 {
				t.Fatalf("outgoing %d follows %d", s, last)
			}
			last = s
			sent[s] = origin{source, seq}
			seq++
		}
	}
	for s := last; s != last-100; s-- {
		if len(sent) < 100 {
			break
		}
		src, in, _, ok := m.In(s)
		if want := sent[s]; ok && (src != want.source || in != want.seq) {
			t.Fatalf("In(%d) = %d/%d, want %d/%d", s, src, in, want.source, want.seq)
		}
	}
}

func TestLongRunSurvivesWrapping(t *testing.T) {
	m := New[string](90000, 7, 0)
	m.Switch("a", 60000, 0, t0)
	var last uint16
	for i := range 200_000 {
		seq := uint16(60000 + i) //nolint:gosec // meant to wrap
		s, _ := out(t, m, seq, 0, t0)
		if i > 0 && s != last+1 {
			t.Fatalf("after %d packets %d follows %d", i, s, last)
		}
		last = s
		if _, in, _, ok := m.In(s); !ok || in != seq {
			t.Fatalf("In(%d) = %d, %v; want %d", s, in, ok, seq)
		}
	}
}

func TestWindow(t *testing.T) {
	for _, tt := range []struct {
		name string
		seqs []uint16
		want []bool
	}{
		{"in order", []uint16{1, 2, 3}, []bool{true, true, true}},
		{"repeated", []uint16{1, 1, 2, 1}, []bool{true, false, true, false}},
		{"reordered", []uint16{5, 7, 6, 6}, []bool{true, true, true, false}},
		{"over the wrap", []uint16{65535, 0, 65535, 0, 1}, []bool{true, true, false, false, true}},
		{"older than the window", []uint16{5000, 5000 - windowSize}, []bool{true, false}},
		{"just inside the window", []uint16{5000, 5001 - windowSize}, []bool{true, true}},
		{"jump beyond the window", []uint16{0, 20000, 0, 20000}, []bool{true, true, false, false}},
		{"number reused after a jump", []uint16{0, windowSize, windowSize + 1, windowSize}, []bool{true, true, true, false}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var w Window
			for i, seq := range tt.seqs {
				if got := w.First(seq); got != tt.want[i] {
					t.Errorf("packet %d (%d): First = %v, want %v", i, seq, got, tt.want[i])
				}
			}
		})
	}
}

func BenchmarkOut(b *testing.B) {
	m := New[string](90000, 0, 0)
	m.Switch("a", 0, 0, t0)
	var seq uint16
	for b.Loop() {
		_, _, _ = m.Out(seq, 0, t0)
		seq++
	}
}
