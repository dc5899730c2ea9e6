package sfu

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/conclave-meet/conclave/sfu/internal/twcc"
)

// overhead is what a packet has on the wire beyond RTP, in bytes: IPv4 and UDP
// headers, and the tag of AES-GCM.
const overhead = 20 + 8 + 16

// maxRoundTrip is the longest that is believed: who says more may say anything.
const maxRoundTrip = 5 * time.Second

// mostFeedback is how many packets of feedback a peer may send in a second. Browsers send
// four to twenty.
const mostFeedback = 100

// outbox is what goes out to one peer, all slots together: the transport-wide numbers
// of the packets, and what the peer says became of them.
type outbox struct {
	rtt   atomic.Int64 // nanoseconds, smoothed; 0 while it is not known
	heard allowance    // of feedback; its goroutine's alone

	mu     sync.Mutex // guards what follows
	sent   twcc.Sent
	octets uint64    // ever sent
	last   time.Time // when the newest was

	// acked, when set, is called with what each feedback tells that is new, by one
	// goroutine at a time, with mu held. acks are valid during the call. It is set
	// before any packet.
	acked func(now time.Time, rtt time.Duration, acks []twcc.Ack)
}

// number returns the transport-wide number of a packet that is sent at this time, with so
// many bytes of RTP; probe tells that it is sent to measure only.
func (o *outbox) number(at time.Time, size int, probe bool) uint16 {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.octets += uint64(size + overhead) //nolint:gosec // a packet is short
	if !at.After(o.last) {              // no two at once: the estimator tells by it what it was told before
		at = o.last.Add(1)
	}
	o.last = at
	return o.sent.Number(at, size+overhead, probe)
}

// bytes returns how many were ever sent under a number.
func (o *outbox) bytes() uint64 {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.octets
}

// feedback takes the peer's transport-wide feedback in. What comes more often than a
// browser tells is dropped: a packet of it is short, and long to read, and who sends to
// the peer waits for mu, as do all behind the peer in the pacer. One goroutine at a time
// calls it.
func (o *outbox) feedback(packet []byte, now time.Time) {
	if !o.heard.take(1, mostFeedback, time.Second, now) {
		return
	}
	f, err := twcc.Parse(packet)
	if err != nil {
		return
	}
	room := ackRooms.Get().(*[]twcc.Ack) //nolint:forcetypeassert // nothing else is in there
	defer ackRooms.Put(room)
	o.mu.Lock()
	defer o.mu.Unlock()
	*room = o.sent.Feedback(f, (*room)[:0])
	if len(*room) > 0 && o.acked != nil {
		o.acked(now, o.roundTripTime(), *room)
	}
}

// ackRooms are for what one feedback tells, while it is looked at.
var ackRooms = sync.Pool{New: func() any { return new([]twcc.Ack) }}

// roundTrip takes the round trip out of a report block (RFC 3550 §6.4.1): the middle
// of the NTP time of our report that was last heard, and for how long it was kept, in
// 1/65536 s.
func (o *outbox) roundTrip(report, delay uint32, now time.Time) {
	if report == 0 {
		return
	}
	took := int32(uint32(ntp(now)>>16&0xffffffff) - report - delay) //nolint:gosec // the sign is wanted
	sample := max(time.Millisecond, time.Duration(took)*time.Second>>16)
	if sample > maxRoundTrip {
		return
	}
	if old := o.roundTripTime(); old > 0 {
		sample = (7*old + sample) / 8
	}
	o.rtt.Store(int64(sample))
}

// roundTripTime returns the smoothed round trip, or 0 while it is not known.
func (o *outbox) roundTripTime() time.Duration { return time.Duration(o.rtt.Load()) }
