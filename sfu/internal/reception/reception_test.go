package reception

import (
	"testing"
	"time"
)

const ms = time.Millisecond

var begin = time.Unix(1000, 0)

// feed lets n packets of 20 ms come on time, but those that skip names, and returns
// the stream.
func feed(s *Stream, from uint16, n int, skip func(i int) bool) {
	for i := range n {
		if skip == nil || !skip(i) {
			s.Came(from+uint16(i), uint32(i)*960, begin.Add(time.Duration(i)*20*ms)) //nolint:gosec // few
		}
	}
}

func TestReportCountsLosses(t *testing.T) {
	s := New(7, 48000)
	if _, ok := s.Report(begin); ok {
		t.Error("a report of nothing")
	}
	feed(s, 65500, 100, func(i int) bool { return i%4 == 1 }) // over the end of the numbers
	r, ok := s.Report(begin)
	if !ok || r.SSRC != 7 || r.TotalLost != 25 || r.FractionLost != 64 || r.LastSequenceNumber != 1<<16+63 {
		t.Errorf("first %+v, %t", r, ok)
	}
	if _, ok := s.Report(begin); ok {
		t.Error("a second report, and nothing came")
	}
	feed(s, 64, 50, nil)
	if r, _ := s.Report(begin); r.FractionLost != 0 || r.TotalLost != 25 {
		t.Errorf("of an interval without losses %+v", r)
	}
	feed(s, 114-10, 10, nil) // twice
	if r, _ := s.Report(begin); r.TotalLost != 15 || r.FractionLost != 0 {
		t.Errorf("with copies %+v", r)
	}
	feed(s, 114-50, 50, nil)
	if r, _ := s.Report(begin); r.TotalLost != 1<<24-35 {
		t.Errorf("more came than were sent, and the loss is %d", r.TotalLost)
	}
	if _, err := r.Marshal(); err != nil {
		t.Error(err)
	}
}

// One packet with a number far away is not believed, two in a row are.
func TestJumps(t *testing.T) {
	s := New(7, 48000)
	feed(s, 1, 10, nil)
	s.Came(30000, 0, begin)
	if r, _ := s.Report(begin); r.LastSequenceNumber != 10 || r.TotalLost != 0 {
		t.Errorf("after one %+v", r)
	}
	feed(s, 30001, 10, nil)
	if r, _ := s.Report(begin); r.LastSequenceNumber != 30010 || r.TotalLost != 0 || r.FractionLost != 0 {
		t.Errorf("after more %+v", r)
	}
}

func TestJitter(t *testing.T) {
	steady, shaky := New(1, 48000), New(2, 48000)
	feed(steady, 65000, 500, nil)
	for i := range 500 {
		late := time.Duration(i%2) * 10 * ms
		shaky.Came(uint16(i), 1<<32-1000+uint32(i)*960, begin.Add(time.Duration(i)*20*ms+late)) //nolint:gosec // the time wraps
	}
	a, _ := steady.Report(begin)
	b, _ := shaky.Report(begin)
	if a.Jitter > 1 {
		t.Errorf("jitter %d of what comes on time", a.Jitter)
	}
	if b.Jitter < 470 || b.Jitter > 490 { // 10 ms each time
		t.Errorf("jitter %d, want about 480", b.Jitter)
	}
}

func TestReportAnswersSenderReports(t *testing.T) {
	s := New(7, 90000)
	feed(s, 1, 1, nil)
	if r, _ := s.Report(begin); r.LastSenderReport != 0 || r.Delay != 0 {
		t.Errorf("before any %+v", r)
	}
	s.Sender(0x1122334455667788, begin)
	feed(s, 2, 1, nil)
	if r, _ := s.Report(begin.Add(1500 * ms)); r.LastSenderReport != 0x33445566 || r.Delay != 98304 {
		t.Errorf("after one %+v", r)
	}
}
