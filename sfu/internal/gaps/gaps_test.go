package gaps

import (
	"slices"
	"testing"
	"time"
)

var t0 = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func after(ms int) time.Time { return t0.Add(time.Duration(ms) * time.Millisecond) }

func TestWhatIsMissing(t *testing.T) {
	for _, test := range []struct {
		name string
		came []uint16
		want []uint16
	}{
		{"nothing, when all came", []uint16{7, 8, 9}, nil},
		{"nothing before the first", []uint16{7}, nil},
		{"what was skipped", []uint16{7, 10}, []uint16{8, 9}},
		{"what was skipped, around the end of the numbers", []uint16{65534, 1}, []uint16{65535, 0}},
		{"not what came late", []uint16{7, 10, 8}, []uint16{9}},
		{"not what came twice", []uint16{7, 8, 7, 8}, nil},
		{"the newest, when it is a lot", []uint16{0, 200, 400}, span(143, 400, 200)},
		{"nothing, after a leap", []uint16{7, 10, 10_000}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			var g Gaps
			for _, seq := range test.came {
				g.Came(seq, t0)
			}
			if got := g.Due(t0); !slices.Equal(got, test.want) {
				t.Errorf("missing %v, want %v", got, test.want)
			}
		})
	}
}

// span is the numbers from one up to another, but for one.
func span(from, to, but uint16) (all []uint16) {
	for s := from; s < to; s++ {
		if s != but {
			all = append(all, s)
		}
	}
	return all
}

func TestAskingGrowsRareAndEnds(t *testing.T) {
	var g Gaps
	g.Came(1, t0)
	g.Came(3, t0)
	var asked []int
	for ms := 0; ms < 10_000; ms += 10 {
		if len(g.Due(after(ms))) > 0 {
			asked = append(asked, ms)
		}
	}
	if want := []int{0, 100, 300, 700, 1500}; !slices.Equal(asked, want) {
		t.Errorf("asked after %v ms, want %v", asked, want)
	}
	if g.Open() {
		t.Error("still open after all was asked")
	}
}

func TestWhatCameIsNotAskedForAgain(t *testing.T) {
	var g Gaps
	g.Came(1, t0)
	g.Came(4, t0)
	g.Due(t0)
	g.Came(2, after(50))
	if got := g.Due(after(100)); !slices.Equal(got, []uint16{3}) {
		t.Errorf("asked for %v, want 3 alone", got)
	}
	g.Came(3, after(150))
	if got := g.Due(after(10_000)); got != nil || g.Open() {
		t.Errorf("asked for %v though all came", got)
	}
}

func TestForget(t *testing.T) {
	var g Gaps
	g.Came(1, t0)
	g.Came(3, t0)
	g.Forget()
	if g.Open() || g.Due(t0) != nil {
		t.Error("asked for what was given up")
	}
	g.Came(5, t0)
	if got := g.Due(t0); !slices.Equal(got, []uint16{4}) {
		t.Errorf("asked for %v, want 4", got)
	}
}
