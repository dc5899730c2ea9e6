package pacer

import (
	"bytes"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtp"
)

const (
	// usualRate is the pace of a receiver of whom nothing is known, in bits a
	// second. A picture of a share that is 200 kB long takes 32 ms.
	usualRate = 50_000_000
	// slowest and fastest bound any pace, in bits a second.
	slowest, fastest = 30_000, 10_000_000_000

	// burst is for how long a receiver to whom nothing was sent may be sent at any
	// pace.
	burst = 5 * time.Millisecond
	// catchUp bounds what a loop that comes late makes up for, so that no burst comes of it.
	catchUp = 20 * time.Millisecond
	// debt is for how long pictures wait at most because sound went first.
	debt = 250 * time.Millisecond

	// maxPictures and maxAudio bound what waits for one receiver: at 1200 bytes a
	// packet, 1.2 MB of pictures and of what is sent again, and 300 kB of sound, which
	// is half a second of ten voices: so long a busy machine keeps the loop waiting.
	maxPictures = 1024
	maxAudio    = 256
	maxProbe    = 128

	// maxWait is within what time what waits shall have left, and half of maxPictures
	// how much of it may wait at all, even if that takes more than the receiver's rate.
	// Late pictures are of no use, and what is dropped is asked for again. To send less
	// is for those who choose what is sent.
	maxWait = 500 * time.Millisecond
)

// Queue is what waits for one receiver.
type Queue struct {
	pacer *Pacer
	rate  atomic.Int64 // bits a second

	sending sync.Mutex // held while packets leave, so that Close can wait
	mu      sync.Mutex // guards what follows
	lists   [classes]list
	ready   bool // the loop knows
	behind  bool // something was left at the last tick
	closed  bool
	bits    int64     // of pictures and of what is sent again, that wait
	least   int64     // bits a second that it takes for them to leave in time
	credit  int64     // bits that may leave; below 0 when more have left
	at      time.Time // when credit was given last
}

// SetRate sets the pace of pictures, in bits a second. Sound is counted, but
// leaves at any rate, and what would wait for over half a second leaves faster. A rate under 30 kbit/s or over 10 Gbit/s counts as that.
func (q *Queue) SetRate(bits int64) { q.rate.Store(min(max(bits, slowest), fastest)) }

// Rate returns what SetRate has set, in bits a second.
func (q *Queue) Rate() int64 { return q.rate.Load() }

// Waiting returns how many packets wait.
func (q *Queue) Waiting() (n int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for c := range classes {
		n += q.lists[c].n
	}
	return n
}

// Push queues a packet for out and reports whether there was room. Of header the
// fixed part is taken (RFC 3550 §5.1), how much padding there is, and no extension: those are given as it
// leaves. The payload is body's, but for its first bytes, which are those of head;
// head has no more than MaxHead bytes and is copied. A nil body is one for which
// there was no room.
func (q *Queue) Push(class Class, out Stream, header *rtp.Header, body *Body, head []byte) bool {
	if body == nil {
		q.pacer.dropped[class].Add(1)
		return false
	}
	e := entry{
		stream: out, body: body, marker: header.Marker, padding: header.PaddingSize, payloadType: header.PayloadType,
		seq: header.SequenceNumber, ts: header.Timestamp, ssrc: header.SSRC,
	}
	if !bytes.HasPrefix(body.bytes(), head) {
		e.headLen = uint8(copy(e.head[:], head)) //nolint:gosec // MaxHead at most
	}
	q.mu.Lock()
	if q.full(class) {
		q.mu.Unlock()
		q.pacer.dropped[class].Add(1)
		return false
	}
	body.refs.Add(1)
	q.pacer.waiting.Add(1)
	q.lists[class].push(&e)
	if class.paced() {
		q.bits += e.bits()
	}
	first := !q.ready
	q.ready = true
	q.mu.Unlock()
	if first {
		q.pacer.enlist(q)
	}
	return true
}

// full reports whether there is no room for another packet. The caller holds mu.
func (q *Queue) full(class Class) bool {
	switch {
	case q.closed:
		return true
	case class == Audio:
		return q.lists[Audio].n >= maxAudio
	case class == Probe:
		return q.lists[Probe].n >= maxProbe
	default:
		return q.pictures() >= maxPictures
	}
}

// release lets out what may leave now, and reports whether something is left. One hand
// at a time calls it.
func (q *Queue) release(now time.Time, h *hand) bool {
	q.sending.Lock()
	defer q.sending.Unlock()
	left := q.due(now, h)
	for i := range h.due {
		e := &h.due[i]
		h.packet.fill(e)
		h.packet.At = h.clock()
		e.stream.Send(&h.packet)
		e.body.Done()
	}
	q.pacer.waiting.Add(-int64(len(h.due)))
	clear(h.due)
	return left
}

// due takes out what may leave now: all of the sound, and of the rest as much as
// there is credit for, the last packet of it on account.
func (q *Queue) due(now time.Time, h *hand) (left bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.earn(now)
	h.due = h.due[:0]
	for c := range classes {
		l := &q.lists[c]
		for l.n > 0 && (!c.paced() || q.credit > 0 || q.pictures() > maxPictures/2) {
			e := l.pop()
			e.class = c
			h.due = append(h.due, e)
			q.spend(c, e.bits())
		}
		left = left || l.n > 0
	}
	q.ready, q.behind = left, left
	if q.bits == 0 {
		q.least = 0
	}
	return left
}

// pictures returns how many packets wait for credit, or for room. The caller holds mu.
func (q *Queue) pictures() int { return q.lists[Resend].n + q.lists[Video].n }

// paced reports whether packets of a class wait for credit.
func (c Class) paced() bool { return c == Resend || c == Video }

// spend takes the bits of a packet that leaves. The caller holds mu.
func (q *Queue) spend(c Class, bits int64) {
	if c.paced() {
		q.bits -= bits
	}
	if c != Probe {
		q.credit -= bits
	}
}

// earn gives credit for the time since the last tick. Who had nothing to send has
// saved no more than a burst; who sends more sound than the rate allows owes no
// more than the debt. The pace that it takes for what waits to leave in time is kept
// while anything waits: if it became less with what is left, the last would wait the
// longest. The caller holds mu.
func (q *Queue) earn(now time.Time) {
	q.least = max(q.least, q.bits*int64(time.Second)/int64(maxWait))
	rate := max(q.rate.Load(), q.least)
	q.credit = max(q.credit, -during(rate, debt)) + during(rate, min(now.Sub(q.at), catchUp))
	if !q.behind {
		q.credit = min(q.credit, during(rate, burst))
	}
	q.at = now
}

// during returns how many bits a rate means in d.
func during(rate int64, d time.Duration) int64 { return rate * int64(d) / int64(time.Second) }

// Drop takes out what waits for out, so that it is never sent, and calls gone with the
// class, the sequence number, and the length of the payload, in bytes, of each packet.
// It does not count as dropped. What the loop has in hand in this moment leaves still.
func (q *Queue) Drop(out Stream, gone func(class Class, seq uint16, octets int)) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for c := range classes {
		q.lists[c].remove(out, func(e *entry) {
			gone(c, e.seq, e.body.n)
			if c.paced() {
				q.bits -= e.bits()
			}
			e.body.Done()
			q.pacer.waiting.Add(-1)
		})
	}
}

// Close drops what waits, and returns when nothing is being sent any more. Nothing
// is taken afterwards. It must not be called by a Stream.
func (q *Queue) Close() {
	q.sending.Lock()
	defer q.sending.Unlock()
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	for c := range classes {
		for q.lists[c].n > 0 {
			e := q.lists[c].pop()
			e.body.Done()
			q.pacer.waiting.Add(-1)
		}
	}
	q.bits = 0
}
