// Package reception measures how one RTP stream arrives, for the receiver reports that
// tell its sender (RFC 3550 §6.4 and its appendix A). It is pure arithmetic; it knows
// nothing of sockets, and of what is asked for again.
package reception

import (
	"math"
	"time"

	"github.com/pion/rtcp"
)

// maxDropout is how far a sequence number may jump; from there on it takes two in a
// row to be believed (RFC 3550 A.1).
const maxDropout = 3000

// Stream is what arrives from one SSRC. It is not safe for concurrent use.
type Stream struct {
	hz      float64 // RTP clock rate
	ssrc    uint32
	started bool
	base    int64 // extended number of the first packet
	top     int64 // the highest
	bad     int64 // what would follow on a jump; 0 when there was none

	received, receivedBefore int64 // packets, now and at the last report
	expectedBefore           int64

	jitter  float64 // in units of the RTP clock
	transit uint32  // of the last packet, likewise, if any was measured
	timed   bool
	begin   time.Time

	report   uint32    // the middle of the NTP time of the last sender report
	reported time.Time // when that came
}

// New returns a Stream from ssrc whose RTP clock runs at hz.
func New(ssrc uint32, hz int) *Stream { return &Stream{ssrc: ssrc, hz: float64(hz)} }

// Came notes a packet that came at now, as it came from the network: with none that
// others stood in for.
func (s *Stream) Came(seq uint16, ts uint32, now time.Time) {
	if !s.started {
		s.restart(int64(seq)+1<<16, now)
	}
	n := s.top + int64(int16(seq-uint16(s.top&0xffff))) //nolint:gosec // the numbers wrap
	switch d := n - s.top; {
	case d >= -maxDropout && d <= maxDropout:
		s.top = max(s.top, n)
	case n == s.bad:
		s.restart(n, now)
	default:
		s.bad = n + 1
		return
	}
	s.bad = 0
	s.received++
	s.measure(ts, now)
}

func (s *Stream) restart(n int64, now time.Time) {
	*s = Stream{hz: s.hz, ssrc: s.ssrc, started: true, base: n, top: n, begin: now, report: s.report, reported: s.reported}
}

// measure follows the jitter (RFC 3550 A.8). Time stamps are compared with the last
// one's, so that it does not matter where they begin.
func (s *Stream) measure(ts uint32, now time.Time) {
	arrival := int64(now.Sub(s.begin).Seconds() * s.hz)
	transit := uint32(arrival) - ts //nolint:gosec // RTP time wraps
	if s.timed {
		d := float64(int32(transit - s.transit)) //nolint:gosec // the sign is wanted
		s.jitter += (math.Abs(d) - s.jitter) / 16
	}
	s.transit, s.timed = transit, true
}

// Sender notes a sender report with the given NTP time that came at now.
func (s *Stream) Sender(ntp uint64, now time.Time) {
	s.report, s.reported = uint32(ntp>>16&math.MaxUint32), now //nolint:gosec // masked
}

// Report returns the block about the stream at now (RFC 3550 §6.4.1), and false when
// nothing has come since the last one.
func (s *Stream) Report(now time.Time) (rtcp.ReceptionReport, bool) {
	if s.received == s.receivedBefore {
		return rtcp.ReceptionReport{}, false
	}
	expected := s.top - s.base + 1
	lost := max(-1<<23, min(1<<23-1, expected-s.received)) // it has 24 bits, with a sign
	r := rtcp.ReceptionReport{
		SSRC: s.ssrc, FractionLost: s.fraction(expected),
		TotalLost:          uint32(lost) & 0xffffff,          //nolint:gosec // masked
		LastSequenceNumber: uint32(s.top-1<<16) & 0xffffffff, //nolint:gosec // masked
		Jitter:             uint32(min(s.jitter, math.MaxUint32)),
		LastSenderReport:   s.report,
	}
	if s.report != 0 {
		r.Delay = uint32(min(now.Sub(s.reported).Seconds()*65536, math.MaxUint32))
	}
	s.receivedBefore, s.expectedBefore = s.received, expected
	return r, true
}

// fraction returns how many of 256 packets were lost since the last report (A.3).
func (s *Stream) fraction(expected int64) uint8 {
	interval := expected - s.expectedBefore
	lost := interval - (s.received - s.receivedBefore)
	if interval <= 0 || lost <= 0 {
		return 0
	}
	return uint8(min(255, lost*256/interval)) //nolint:gosec // bounded
}
