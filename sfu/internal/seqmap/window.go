package seqmap

// windowSize is how many packets back a duplicate is recognised. Browsers pad
// and probe by repeating packets over RTX, up to a few seconds old.
const windowSize = 2048

// Window tells first copies of packets from repeated ones. The zero Window is
// ready. It is not safe for concurrent use.
type Window struct {
	seen    [windowSize / 64]uint64
	top     uint16
	started bool
}

// First reports whether seq has not been seen before. A packet older than the
// window counts as seen.
func (w *Window) First(seq uint16) bool {
	if !w.started {
		w.started, w.top = true, seq
		w.set(seq)
		return true
	}
	ahead := int16(seq - w.top) //nolint:gosec // RTP numbers wrap
	switch {
	case ahead > 0:
		w.advance(seq)
	case int(ahead) <= -windowSize || w.has(seq):
		return false
	}
	w.set(seq)
	return true
}

// advance moves the top to seq and forgets what falls out at the bottom.
func (w *Window) advance(seq uint16) {
	if int(seq-w.top) >= windowSize {
		w.seen = [windowSize / 64]uint64{}
	} else {
		for s := w.top + 1; s != seq+1; s++ {
			w.seen[s%windowSize/64] &^= 1 << (s % 64)
		}
	}
	w.top = seq
}

func (w *Window) set(seq uint16)      { w.seen[seq%windowSize/64] |= 1 << (seq % 64) }
func (w *Window) has(seq uint16) bool { return w.seen[seq%windowSize/64]&(1<<(seq%64)) != 0 }
