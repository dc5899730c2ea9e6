package ration

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/conclave-meet/conclave/sfu/internal/layer"
)

const (
	q, h, f = 2*layer.Quarter + 1, 2*layer.Half + 1, 2*layer.Full + 1 // whole
	k       = 1000
	voices  = 3 * 40 * k
)

// Without the frames that no other needs.
const qThin, hThin, fThin = q - 1, h - 1, f - 1

// layered is a camera of which frames can be left out.
var layered = [layer.Steps]int{qThin: 80 * k, q: 150 * k, hThin: 270 * k, h: 500 * k, fThin: 900 * k, f: 1700 * k}

var camera = [layer.Steps]int{q: 150 * k, h: 500 * k, f: 1700 * k}

// fresh is what a viewer gets of whom nothing is remembered.
func fresh(target int, claims []Claim) []int {
	return divide(max(0, target-voices), claims, nothing(claims), slices.Repeat([]int{layer.Steps}, len(claims)))
}

func picture(rank Rank, height int, rates [layer.Steps]int) Claim {
	return Claim{Rank: rank, Height: height, Rates: rates, Now: Frozen}
}

func share(rate int) Claim { return picture(Share, 1080, [layer.Steps]int{f: rate}) }

func TestDivision(t *testing.T) {
	speaker, tile, thumb := picture(Speaker, 720, camera), picture(Other, 360, camera), picture(Other, 180, camera)
	for _, tt := range []struct {
		name   string
		target int
		claims []Claim
		want   []int
	}{
		{"enough for all", 9000 * k, []Claim{share(1500 * k), speaker, tile, thumb}, []int{f, f, h, q}},
		{"nothing larger than asked for", 90_000 * k, []Claim{thumb}, []int{q}},
		{"at 300 kbit/s voices and the share remain", 300 * k, []Claim{thumb, speaker, share(170 * k)}, []int{Frozen, Frozen, f}},
		{"the share keeps its size though the line is too thin", 300 * k, []Claim{share(1500 * k), speaker}, []int{f, Frozen}},
		{"a second share only where there is room", 700 * k, []Claim{share(400 * k), share(300 * k)}, []int{f, Frozen}},
		{"the speaker before the others", 300 * k, []Claim{thumb, tile, speaker}, []int{Frozen, Frozen, q}},
		{"everybody a little before anybody more", 800 * k, []Claim{speaker, tile, thumb}, []int{q, q, q}},
		{"then the speaker more", 950 * k, []Claim{speaker, tile, thumb}, []int{h, q, q}},
		{"the speaker all before another more", 2600 * k, []Claim{tile, thumb, speaker}, []int{h, q, f}},
		{"the larger picture first", 300 * k, []Claim{thumb, tile}, []int{Frozen, q}},
		{"a small one where a large one does not fit", 300 * k, []Claim{picture(Speaker, 720, [layer.Steps]int{f: 1700 * k}), thumb}, []int{Frozen, q}},
		{"what is not there is not given", 9000 * k, []Claim{picture(Speaker, 720, [layer.Steps]int{q: 150 * k, h: 500 * k})}, []int{h}},
		{"nothing there at all", 9000 * k, []Claim{picture(Speaker, 720, [layer.Steps]int{})}, []int{Frozen}},
		{"frames before size", 1200 * k, []Claim{picture(Speaker, 720, layered)}, []int{fThin}},
		{"size before less than half of the frames", 800 * k, []Claim{picture(Speaker, 720, layered)}, []int{h}},
		{"everybody a little of the frames before anybody more", 390 * k, []Claim{picture(Speaker, 720, layered), picture(Other, 360, layered)}, []int{q, qThin}},
		{"frames before standing still", 210 * k, []Claim{picture(Speaker, 720, layered), picture(Other, 360, layered)}, []int{qThin, Frozen}},
		{"voices alone", 100 * k, []Claim{speaker, tile}, []int{Frozen, Frozen}},
		{"no claims", 100 * k, nil, []int{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := fresh(tt.target, tt.claims); !slices.Equal(got, tt.want) {
				t.Errorf("fresh = %v, want %v", got, tt.want)
			}
			var r Ration
			if got := r.Divide(tt.target*115/100, voices*115/100, tt.claims); !slices.Equal(got, tt.want) {
				t.Errorf("Divide with what is to spare = %v, want %v", got, tt.want)
			}
		})
	}
}

func TestWish(t *testing.T) {
	claims := []Claim{share(1500 * k), picture(Speaker, 720, camera), picture(Other, 180, camera), picture(Other, 180, [layer.Steps]int{})}
	want := (voices + 1500*k + 1700*k + 150*k) / 100 * 115
	const nearly = 1 // to a bit
	if got := Wish(voices, claims); got < want-nearly || got > want {
		t.Errorf("Wish = %d, want %d", got, want)
	}
	if got := fresh(want, claims); !slices.Equal(got, []int{f, f, q, Frozen}) {
		t.Errorf("with all that was wished for: %v", got)
	}
}

// run ticks a ration with one target after another and returns how often each
// picture changed, and what it is in the end.
func run(r *Ration, claims []Claim, targets []int) (changes []int, end []int) {
	changes = make([]int, len(claims))
	for _, target := range targets {
		r.Tick()
		for i, given := range r.Divide(target, voices, claims) {
			if given != claims[i].Now {
				changes[i]++
			}
			claims[i].Now = given
			end = append(end[:i], given)
		}
	}
	return changes, end
}

// A target that swings as an estimate does on a line that does not change: up by a
// fifteenth, then a fifth down for most of a second.
func swing(line, n int) (targets []int) {
	for i := range n {
		if i%20 < 4 {
			targets = append(targets, line*82/100)
		} else {
			targets = append(targets, line*(95+i%20/2)/100)
		}
	}
	return targets
}

// Whatever the line is, no picture changes more than a few times in two minutes.
func TestDoesNotFlutter(t *testing.T) {
	for name, rates := range map[string][layer.Steps]int{"whole": camera, "in layers": layered} {
		for line := 300 * k; line < 4000*k; line += 37 * k {
			claims := []Claim{share(300 * k), picture(Speaker, 720, rates), picture(Other, 360, rates)}
			changes, _ := run(new(Ration), claims, swing(line, 600))
			for i, n := range changes {
				if n > 4 {
					t.Errorf("%s, %d bit/s: picture %d changed %d times", name, line, i, n)
				}
			}
		}
	}
}

// The control: without what a Ration remembers, some do.
func TestFreshFlutters(t *testing.T) {
	most := 0
	for line := 300 * k; line < 4000*k; line += 37 * k {
		claims := []Claim{share(300 * k), picture(Speaker, 720, camera), picture(Other, 360, camera)}
		for _, target := range swing(line, 600) {
			n := 0
			for i, given := range fresh(target, claims) {
				if given != claims[i].Now {
					n++
				}
				claims[i].Now = given
			}
			most += n
		}
	}
	if most < 1000 {
		t.Errorf("only %d changes on all lines", most)
	}
}

func TestTakesAwayAndGivesBack(t *testing.T) {
	many := func(target, n int) []int { return slices.Repeat([]int{target}, n) }
	for _, tt := range []struct {
		name    string
		targets []int
		want    []int
	}{
		{"a little too little is borne", slices.Concat(many(4000*k, 20), many(2200*k, 4)), []int{f, h}},
		{"for a second", slices.Concat(many(4000*k, 20), many(2200*k, 7)), []int{f, q}},
		{"much too little is not", slices.Concat(many(4000*k, 20), many(600*k, 1)), []int{q, q}},
		{"nothing is given back at once", slices.Concat(many(4000*k, 20), many(600*k, 1), many(4000*k, 5)), []int{q, q}},
		{"but soon", slices.Concat(many(4000*k, 20), many(600*k, 1), many(4000*k, 12)), []int{f, h}},
		{"nothing is given without some to spare", slices.Concat(many(600*k, 20), many(900*k, 20)), []int{h, q}},
		{"what just fits is not", slices.Concat(many(500*k, 20), many(voices+650*k, 20)), []int{q, q}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			claims := []Claim{picture(Speaker, 720, camera), picture(Other, 360, camera)}
			if _, got := run(new(Ration), claims, tt.targets); !slices.Equal(got, tt.want) {
				t.Errorf("%v, want %v", got, tt.want)
			}
		})
	}
}

// Whatever is asked for: nobody gets more than the budget but the first share, none
// gets what is not there or is larger than asked for, and nobody of a higher rank
// stands still while a picture of a lower one that takes as much does not.
func TestAnyDivisionIsFair(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		claims := make([]Claim, random.IntN(12))
		for i := range claims {
			claims[i] = picture(Rank(random.IntN(3)), random.IntN(1100), [layer.Steps]int{})
			for j := range claims[i].Rates {
				if random.IntN(3) > 0 {
					claims[i].Rates[j] = (j + 1) * (1 + random.IntN(500*k))
				}
			}
			claims[i].Now = random.IntN(layer.Steps+1) - 1
		}
		target := random.IntN(6000 * k)
		check(t, target, claims, fresh(target, claims))
		var r Ration
		given := r.Divide(target, voices, claims)
		now := held(claims)
		if need := sum(claims, now); need <= target-voices && !overflows(claims, given) && sum(claims, given) > target-voices {
			t.Fatalf("%+v: %d more than there is", claims, sum(claims, given)-target+voices)
		}
		for i, g := range given {
			if g >= 0 && claims[i].Rates[g] == 0 {
				t.Fatalf("%+v: given %v, which is not there", claims, given)
			}
		}
	}
}

// overflows reports whether the first share is given, which may be more than there is.
func overflows(claims []Claim, given []int) bool {
	first := slices.IndexFunc(ranked(claims), func(i int) bool { return claims[i].Rank == Share && given[i] >= 0 })
	return first == 0
}

func check(t *testing.T, target int, claims []Claim, given []int) {
	t.Helper()
	budget := max(0, target-voices)
	order := ranked(claims)
	all := sum(claims, given)
	if len(order) > 0 && claims[order[0]].Rank == Share && given[order[0]] >= 0 {
		all -= claims[order[0]].Rates[given[order[0]]]
	}
	if all > budget {
		t.Fatalf("%+v: %d given of %d", claims, all, budget)
	}
	for n, i := range order {
		c := claims[i]
		if given[i] >= 0 && (c.Rates[given[i]] == 0 || given[i] > c.sharp()) {
			t.Fatalf("%+v: %d given to %d", claims, given[i], i)
		}
		if given[i] >= 0 || c.next(Frozen) < 0 {
			continue
		}
		for _, j := range order[n+1:] {
			if given[j] >= 0 && claims[j].Rates[claims[j].next(Frozen)] >= c.Rates[c.next(Frozen)] {
				t.Fatalf("%+v: %d stands still and %d does not: %v", claims, i, j, given)
			}
		}
	}
}

// Who begins to speak gets what who stops has, where it is not enough for both.
func TestTheNewSpeakerGetsIt(t *testing.T) {
	claims := []Claim{picture(Speaker, 720, camera), picture(Other, 720, camera)}
	var r Ration
	targets := slices.Repeat([]int{2400 * k}, 20)
	if _, got := run(&r, claims, targets); !slices.Equal(got, []int{f, q}) {
		t.Fatalf("at first %v", got)
	}
	claims[0].Rank, claims[1].Rank = Other, Speaker
	if _, got := run(&r, claims, targets); !slices.Equal(got, []int{q, f}) {
		t.Errorf("then %v", got)
	}
}

// After something was taken away, what is asked for anew is given as far as there is
// room, and nothing else is given back meanwhile.
func TestWhatIsNewDoesNotWait(t *testing.T) {
	const wide, thin = 4000 * k, 600 * k
	anew := func(c Claim) Claim { c.New = true; return c }
	for _, tt := range []struct {
		name   string
		before []Claim
		target int // then
		after  func(before []Claim) []Claim
		want   []int
	}{
		{
			"another page",
			[]Claim{picture(Speaker, 720, camera), picture(Other, 360, camera)},
			wide,
			func([]Claim) []Claim {
				return []Claim{anew(picture(Other, 360, camera)), anew(picture(Other, 180, camera))}
			},
			[]int{h, q},
		},
		{
			"a share beside what was taken from",
			[]Claim{picture(Speaker, 720, camera), picture(Other, 360, camera)},
			wide,
			func(before []Claim) []Claim { return append(before, anew(share(1500*k))) },
			[]int{q, q, f},
		},
		{
			"a share in place of pictures",
			[]Claim{picture(Speaker, 720, camera), picture(Other, 360, camera)},
			thin,
			func(before []Claim) []Claim { return append(before, anew(share(400*k))) },
			[]int{Frozen, Frozen, f},
		},
		{
			"another share, too much as the first was",
			[]Claim{share(1500 * k)},
			thin,
			func([]Claim) []Claim { return []Claim{anew(share(1700 * k))} },
			[]int{f},
		},
		{
			"a picture for which there is no room",
			[]Claim{picture(Speaker, 720, camera), picture(Other, 360, camera)},
			voices + 350*k,
			func(before []Claim) []Claim { return append(before, anew(picture(Other, 180, camera))) },
			[]int{q, q, Frozen},
		},
		{
			"the control: what is not new waits",
			[]Claim{picture(Speaker, 720, camera), picture(Other, 360, camera)},
			wide,
			func(before []Claim) []Claim { return append(before, share(1500*k)) },
			[]int{q, q, Frozen},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var r Ration
			claims := tt.before
			run(&r, claims, slices.Concat(slices.Repeat([]int{wide}, 20), slices.Repeat([]int{thin}, 1)))
			if r.pause == 0 {
				t.Fatal("nothing was taken away")
			}
			if got := r.Divide(tt.target, voices, tt.after(claims)); !slices.Equal(got, tt.want) {
				t.Errorf("%v, want %v", got, tt.want)
			}
		})
	}
}

// What is new and then taken away again is not new any more: on no line do pictures that
// are asked for flutter more than others.
func TestWhatIsNewDoesNotFlutter(t *testing.T) {
	for line := 300 * k; line < 4000*k; line += 37 * k {
		claims := []Claim{share(300 * k), picture(Speaker, 720, camera), picture(Other, 360, camera)}
		var r Ration
		changes := make([]int, len(claims))
		for i := range claims {
			claims[i].New = true
		}
		for _, target := range swing(line, 600) {
			n, _ := run(&r, claims, []int{target})
			for i := range claims {
				changes[i] += n[i]
				claims[i].New = claims[i].New && claims[i].Now == Frozen
			}
		}
		for i, n := range changes {
			if n > 5 {
				t.Errorf("%d bit/s: picture %d changed %d times", line, i, n)
			}
		}
	}
}
