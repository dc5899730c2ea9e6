package layer

import "testing"

func TestChoose(t *testing.T) {
	for _, tt := range []struct {
		name      string
		available [Count]bool
		height    int
		want      int
	}{
		{"thumbnail", [Count]bool{true, true, true}, 90, Quarter},
		{"tile", [Count]bool{true, true, true}, 240, Half},
		{"stage", [Count]bool{true, true, true}, 1080, Full},
		{"stage of a small source", [Count]bool{true, true, false}, 1080, Half},
		{"stage of the smallest source", [Count]bool{true, false, false}, 1080, Quarter},
		{"thumbnail of a single encoding", [Count]bool{false, false, true}, 90, Full},
		{"thumbnail without the smallest", [Count]bool{false, true, true}, 90, Half},
		{"nothing there", [Count]bool{}, 90, -1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Choose(tt.available, tt.height); got != tt.want {
				t.Errorf("Choose = %d, want %d", got, tt.want)
			}
		})
	}
}

func TestIndex(t *testing.T) {
	for rid, want := range map[string]int{"q": Quarter, "h": Half, "f": Full, "": Full, "x": -1} {
		if got := Index(rid); got != want {
			t.Errorf("Index(%q) = %d, want %d", rid, got, want)
		}
	}
}
