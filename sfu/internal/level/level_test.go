package level

import (
	"fmt"
	"slices"
	"testing"
)

// said has a meter hear so many packets of a level, so many ms apart.
func said(m *Meter, at *uint32, n int, level uint8, apart uint32) {
	for range n {
		*at += apart * 48
		m.Observe(level, *at)
	}
}

func TestMeterFollowsSpeech(t *testing.T) {
	var m Meter
	at := uint32(0xffff_f000) // it wraps
	said(&m, &at, 25, 30, 20)
	if l := m.Loudness(); l < 90 {
		t.Errorf("loudness %v after half a second of speech at -30 dBov", l)
	}
	said(&m, &at, 50, 127, 20)
	if l := m.Loudness(); l > 5 {
		t.Errorf("loudness %v after a second of silence", l)
	}
	said(&m, &at, 1, 0, 20)
	m.Reset()
	if l := m.Loudness(); l != 0 {
		t.Errorf("loudness %v after Reset", l)
	}
}

// A voice that pauses, and sends few packets of the noise around it, is no longer speaking
// as soon as one that sends them all; and one packet after silence is no voice.
func TestMeterFollowsAVoiceThatPauses(t *testing.T) {
	quiet := func(apart uint32) (ms uint32) {
		var m Meter
		var at uint32
		said(&m, &at, 50, 20, 20)
		for ; m.Loudness() > speaking; ms += apart {
			said(&m, &at, 1, 52, apart)
		}
		return ms
	}
	if all, few := quiet(20), quiet(200); few > all+400 {
		t.Errorf("%d ms until it is quiet, and %d where it sends every packet", few, all)
	}
	var m Meter
	var at uint32
	said(&m, &at, 50, 127, 400)
	said(&m, &at, 1, 10, 400)
	if l := m.Loudness(); l > 20 {
		t.Errorf("loudness %v after one loud packet", l)
	}
	// Muted in the middle of a word, and back a little later.
	said(&m, &at, 50, 10, 20)
	m.Reset()
	said(&m, &at, 1, 127, 3000)
	if l := m.Loudness(); l > 1 {
		t.Errorf("loudness %v of who is back in silence", l)
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
