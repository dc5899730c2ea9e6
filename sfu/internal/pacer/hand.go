package pacer

import "time"

// share is how many packets one goroutine lets out before another helps. To wake one
// costs as much as some packets do.
const share = 256

// sameTime is for how many packets one look at the clock is good.
const sameTime = 32

// hand is a goroutine that lets packets out, and what it needs for that.
type hand struct {
	pacer *Pacer
	work  chan []*Queue

	left   []*Queue // with something left, for the loop
	due    []entry  // of the queue in hand
	packet Packet
	now    time.Time // at a look at the clock,
	since  int       // and so many packets that have left since
}

// clock returns when the next packet leaves.
func (h *hand) clock() time.Time {
	if h.since%sameTime == 0 {
		h.now = time.Now()
	}
	h.since++
	return h.now
}

// help does what it is given, until that ends.
func (h *hand) help() {
	for due := range h.work {
		h.release(due)
		h.pacer.helpers.Done()
	}
}

// release lets out what may leave of queues that are due.
func (h *hand) release(due []*Queue) {
	h.now, h.since = time.Now(), 1
	for _, q := range due {
		if q.release(h.now, h) {
			h.left = append(h.left, q)
		}
	}
	h.pacer.flush()
}
