package level

import (
	"fmt"
	"slices"
	"testing"
)

func TestMeterFollowsSpeech(t *testing.T) {
	var m Meter
	for range 25 { // half a second at -30 dBov
		m.Observe(30)
	}
	if l := m.Loudness(); l < 90 {
		t.Errorf("loudness %v after half a second of speech at -30 dBov", l)
	}
	for range 50 { // a second of silence
		m.Observe(127)
	}
	if l := m.Loudness(); l > 5 {
		t.Errorf("loudness %v after a second of silence", l)
	}
	m.Observe(0)
	m.Reset()
	if l := m.Loudness(); l != 0 {
		t.Errorf("loudness %v after Reset", l)
	}
}

func TestSpeakersAreLoudestFirstAndHeldForAWhile(t *testing.T) {
	var f Floor
	speakers, _ := f.Tick([]Voice{{"quiet", 20}, {"ada", 90}, {"grace", 100}}, 3)
	if want := []string{"grace", "ada"}; !slices.Equal(speakers, want) {
		t.Fatalf("speakers %v, want %v", speakers, want)
	}
	silent := []Voice{{"quiet", 20}, {"ada", 10}, {"grace", 10}}
	for tick := 1; tick < holdTicks; tick++ {
		if speakers, _ = f.Tick(silent, 3); len(speakers) != 2 {
			t.Fatalf("tick %d of silence: speakers %v", tick, speakers)
		}
	}
	if speakers, _ = f.Tick(silent, 3); len(speakers) != 0 {
		t.Errorf("speakers %v after the hold", speakers)
	}
}

func TestHeard(t *testing.T) {
	silent := func(n int) (v []Voice) {
		for i := range n {
			v = append(v, Voice{fmt.Sprint("p", i), 0})
		}
		return v
	}
	with := func(v []Voice, loud ...Voice) []Voice {
		for _, l := range loud {
			i := slices.IndexFunc(v, func(v Voice) bool { return v.ID == l.ID })
			v[i] = l
		}
		return v
	}
	for _, tt := range []struct {
		name  string
		n     int
		ticks [][]Voice
		want  []string // sorted
	}{
		{"everybody fits", 3, [][]Voice{silent(2)}, []string{"p0", "p1"}},
		{"a speaker takes a silent one's place", 2, [][]Voice{silent(4), with(silent(4), Voice{"p3", 90})}, []string{"p0", "p3"}},
		{"silence keeps the last speakers", 1, [][]Voice{with(silent(3), Voice{"p2", 90}), silent(3)}, []string{"p2"}},
		{"a slightly louder one waits", 1, [][]Voice{with(silent(2), Voice{"p0", 90}), with(silent(2), Voice{"p0", 90}, Voice{"p1", 94})}, []string{"p0"}},
		{"a clearly louder one takes over", 1, [][]Voice{with(silent(2), Voice{"p0", 80}), with(silent(2), Voice{"p0", 80}, Voice{"p1", 94})}, []string{"p1"}},
		{"one who left is replaced", 2, [][]Voice{silent(2), silent(1)}, []string{"p0"}},
		{"noise does not take over", 1, [][]Voice{silent(2), with(silent(2), Voice{"p1", speaking})}, []string{"p0"}},
		{"nobody is heard with no slots", 0, [][]Voice{with(silent(2), Voice{"p1", 120})}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var f Floor
			var heard []string
			for _, voices := range tt.ticks {
				_, heard = f.Tick(voices, tt.n)
			}
			slices.Sort(heard)
			if !slices.Equal(heard, tt.want) {
				t.Errorf("heard %v, want %v", heard, tt.want)
			}
		})
	}
}
