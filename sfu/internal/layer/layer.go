// Package layer chooses which simulcast encoding of a publication a slot shows.
// It is pure arithmetic; it knows nothing of packets or sockets.
package layer

// The encodings of a simulcast camera, smallest first, as indexes.
const (
	Quarter = iota // rid q: a quarter of the height
	Half           // rid h
	Full           // rid f, and the only encoding of what is not simulcast
	Count
)

// Steps is how many steps there are of what a viewer may be given of a camera, the least
// first: of each encoding, without the frames that no other needs, and whole.
const Steps = 2 * Count

// Most is the step that is all there is.
const Most = Steps - 1

// Thin returns the step of an encoding without the frames that no other needs.
func Thin(index int) (step int) { return 2 * index }

// Whole returns the step of a whole encoding.
func Whole(index int) (step int) { return 2*index + 1 }

// Of returns the index of the encoding that a step is of, and whether all of it is given.
func Of(step int) (index int, whole bool) { return step / 2, step%2 == 1 }

// Index returns the index of the encoding with this rid; a publication without
// rids has only a full one. It returns -1 for an unknown rid.
func Index(rid string) int {
	switch rid {
	case "q":
		return Quarter
	case "h":
		return Half
	case "f", "":
		return Full
	default:
		return -1
	}
}

// RID returns the rid of the encoding with this index.
func RID(index int) string { return [Count]string{"q", "h", "f"}[index] }

// Ideal returns the index of the smallest encoding that is sharp at a height of so many
// pixels.
func Ideal(height int) int {
	switch {
	case height <= quarterHeight:
		return Quarter
	case height <= halfHeight:
		return Half
	default:
		return Full
	}
}

// The heights, in pixels, up to which the smaller encodings of a 720-line camera
// are sharp.
const (
	quarterHeight = 180
	halfHeight    = 360
)

// Choose returns the index of the encoding for a picture shown height pixels
// high, of those that are available: the smallest that is sharp, else the next
// smaller one, else the next larger one; -1 when none is there. Browsers leave
// out encodings when the source is small or the uplink thin.
func Choose(available [Count]bool, height int) int {
	want := Ideal(height)
	for i := want; i >= 0; i-- {
		if available[i] {
			return i
		}
	}
	for i := want + 1; i < Count; i++ {
		if available[i] {
			return i
		}
	}
	return -1
}
