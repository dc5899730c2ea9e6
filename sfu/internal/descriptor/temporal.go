package descriptor

// Temporals is how many temporal layers a frame may be of.
const Temporals = 4

// Temporal is where a frame stands among those of its encoding. The zero Temporal is that
// of a frame that all others may need.
type Temporal struct {
	// ID is that of the layer: no frame needs one of a higher layer.
	ID uint8
	// Sync says that the frame needs the lowest layer only, so that its own may be decoded
	// from it on.
	Sync bool
}

// TemporalOf returns what the descriptor of a VP8 frame says (RFC 7741 §4.2, TID and Y),
// and for other codecs, or where nothing is said, the zero Temporal.
func TemporalOf(c Codec, payload []byte) Temporal {
	if c != VP8 {
		return Temporal{}
	}
	f := vp8Fields(payload)
	if f.temporal < 0 {
		return Temporal{}
	}
	b := payload[f.temporal]
	return Temporal{ID: b >> 6, Sync: b&0x20 != 0}
}
