// Package ration divides what a viewer's line takes among the pictures that the
// viewer asked for. It is pure arithmetic; it knows nothing of packets, of clocks or
// of who is who.
//
// Voices are not divided: they are sent whatever there is, and what they take is
// not there for pictures. Then comes what is shared, which is kept at its one size
// even on a thin line, as text that is scaled down is not read; then who speaks,
// then the others. Pictures that find no room stand still.
package ration

import (
	"cmp"
	"slices"

	"github.com/conclave-meet/conclave/sfu/internal/layer"
)

// Rank is what a picture is to the viewer. The lower goes first.
type Rank int

// The ranks.
const (
	Share Rank = iota
	Speaker
	Other
)

// Frozen is what is less than any step: nothing at all.
const Frozen = -1

// Claim is a picture that a viewer asked for.
type Claim struct {
	Rank   Rank
	Height int              // pixels, as it is shown
	Rates  [layer.Steps]int // of the steps there are, in bits/s; 0 for one that is not there
	Now    int              // the step that was given last, or Frozen
	New    bool             // none was given since it was asked for
}

// How the encodings are kept from changing to and fro. An estimate goes up and down
// by an eighth or so even on a line that does not change.
const (
	spare      = 1.15 // times what is needed, before a larger encoding is given
	bearable   = 1.25 // times the target, that is borne for some Ticks
	bearTicks  = 5    // a second
	pauseTicks = 10   // without a raise after something was taken away, but of what is new
)

// Ration is what one viewer gets. The zero Ration is ready.
type Ration struct {
	borne int // Ticks for which a little too much was borne; 0 when it is not
	pause int // Ticks until what is not new may be given more again
}

// Tick tells that time has passed: a fifth of a second, about.
func (r *Ration) Tick() {
	r.pause = max(0, r.pause-1)
	if r.borne > 0 {
		r.borne++
	}
}

// Divide returns the step for each claim, or Frozen, with target bits/s to be had of which voices take so many.
func (r *Ration) Divide(target, voices int, claims []Claim) []int {
	budget := max(0, target-voices)
	now := held(claims)
	need := float64(sum(claims, now))
	switch {
	case need <= float64(budget):
		r.borne = 0
	case need <= bearable*float64(budget) && r.borne <= bearTicks:
		r.borne = max(1, r.borne)
		return now
	default:
		r.borne, r.pause = 0, pauseTicks
		return divide(budget, claims, nothing(claims), calm(claims, now))
	}
	most := slices.Repeat([]int{layer.Steps}, len(claims))
	if r.pause > 0 {
		most = calm(claims, now)
	}
	return raise(int(float64(budget)/spare), claims, now, most)
}

// calm returns the most for each claim while nothing is given back: what it has now,
// and all for one that is new, as nothing was taken from it.
func calm(claims []Claim, now []int) []int {
	most := slices.Clone(now)
	for i, c := range claims {
		if c.New {
			most[i] = layer.Steps
		}
	}
	return most
}

// raise divides the budget anew, with no more than most for each, but takes nothing away
// that it does not give to a picture of a higher rank: what is there stays, though it
// leaves less to spare.
func raise(budget int, claims []Claim, now, most []int) []int {
	least := nothing(claims)
	for {
		given := divide(budget, claims, least, most)
		i := differs(claims, given, now)
		if i < 0 || given[i] > now[i] {
			return given
		}
		least[i] = now[i]
	}
}

// differs returns the first claim, by rank, that is given something else than now,
// or -1.
func differs(claims []Claim, given, now []int) int {
	for _, i := range ranked(claims) {
		if given[i] != now[i] {
			return i
		}
	}
	return -1
}

func nothing(claims []Claim) []int { return slices.Repeat([]int{Frozen}, len(claims)) }

// Wish returns what all that was asked for would take, in bits/s, with room to give it.
func Wish(voices int, claims []Claim) int {
	all := voices
	for _, c := range claims {
		if i := c.sharp(); i >= 0 {
			all += c.Rates[i]
		}
	}
	return int(float64(all) * spare)
}

// held returns what each claim has now, as far as it is still there and wanted.
func held(claims []Claim) []int {
	now := make([]int, len(claims))
	for i, c := range claims {
		now[i] = c.Sharp(c.Now)
	}
	return now
}

func sum(claims []Claim, given []int) (all int) {
	for i, c := range claims {
		if given[i] >= 0 {
			all += c.Rates[given[i]]
		}
	}
	return all
}

// divide gives out the budget: first to each claim, by rank, the least step that it can
// have, then higher ones, by rank again. None gets more than most, or
// less than least. The first share gets its own whatever it takes.
func divide(budget int, claims []Claim, least, most []int) []int {
	given := slices.Clone(least)
	order := ranked(claims)
	left := budget - sum(claims, least)
	for n, i := range order {
		c := claims[i]
		smallest := c.next(Frozen)
		if given[i] != Frozen || smallest < 0 || most[i] < smallest {
			continue
		}
		first := n == 0 && c.Rank == Share
		if c.Rates[smallest] <= left || first {
			given[i] = smallest
			left -= c.Rates[smallest]
		}
	}
	for rank := Share; rank <= Other; rank++ {
		for range layer.Steps {
			for _, i := range order {
				if c := claims[i]; c.Rank == rank && given[i] != Frozen {
					left -= c.raise(&given[i], most[i], left)
				}
			}
		}
	}
	return given
}

// ranked returns the places of the claims in their order: by rank, then the larger
// picture first.
func ranked(claims []Claim) []int {
	order := make([]int, len(claims))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(claims[a].Rank, claims[b].Rank), cmp.Compare(claims[b].Height, claims[a].Height))
	})
	return order
}

// sharp returns the step that is asked for, which is a whole encoding, or Frozen.
func (c Claim) sharp() int {
	var there [layer.Count]bool
	for i := range there {
		there[i] = c.Rates[layer.Whole(i)] > 0
	}
	if i := layer.Choose(there, c.Height); i >= 0 {
		return layer.Whole(i)
	}
	return Frozen
}

// Sharp returns the step that is asked for when none above most may be given, or Frozen
// when there is none.
func (c Claim) Sharp(most int) int {
	i := min(most, c.sharp())
	for i >= 0 && c.Rates[i] == 0 {
		i--
	}
	return max(i, Frozen)
}

// next returns the least step above now that it makes sense to give, or Frozen.
func (c Claim) next(now int) int {
	for i := now + 1; i <= c.sharp(); i++ {
		if c.Rates[i] > 0 {
			return i
		}
	}
	return Frozen
}

// raise gives the next step if it is within most and left, and returns what it
// takes more.
func (c Claim) raise(given *int, most, left int) int {
	next := c.next(*given)
	if next < 0 || next > most {
		return 0
	}
	more := c.Rates[next] - c.Rates[*given]
	if more > left {
		return 0
	}
	*given = next
	return more
}
