package bwe

import "time"

const (
	bucket  = 10 * time.Millisecond
	buckets = 128
	clearly = 1.2             // times as much is clearly more
	maxGap  = 2 * time.Second // in which nothing came: more, and what was is forgotten
)

// throughput counts what comes, by the receiver's clock.
type throughput struct {
	bytes [buckets]int
	lost  [buckets]int           // bytes that did not come
	sent  [buckets]time.Duration // when the last of a bucket's packets was sent
	last  int64                  // the newest bucket
	since int64                  // the oldest that was counted from
	any   bool
}

func (t *throughput) reset() { *t = throughput{} }

func (t *throughput) add(sent, arrived time.Duration, size int) {
	at := int64(arrived / bucket)
	if t.any && at > t.last+int64(maxGap/bucket) {
		t.reset()
	}
	if !t.any {
		t.any, t.last, t.since = true, at, at
		t.sent[at%buckets] = sent
	}
	if at <= t.last-buckets {
		return
	}
	for ; t.last < at; t.last++ {
		next := (t.last + 1) % buckets
		t.bytes[next], t.lost[next], t.sent[next] = 0, 0, t.sent[t.last%buckets]
	}
	t.bytes[at%buckets] += size
	if at == t.last {
		t.sent[at%buckets] = max(t.sent[at%buckets], sent)
	}
}

// over returns at what rates packets came and got lost over the last while, in bits/s,
// and whether so much time has been watched. A while is at most a second.
func (t *throughput) over(while time.Duration) (came, lost float64, known bool) {
	n := min(int64(while/bucket), buckets-1)
	// The newest bucket is being filled.
	if !t.any || n == 0 || t.last-t.since < n {
		return 0, 0, false
	}
	got, missed := 0, 0
	for i := t.last - n; i < t.last; i++ {
		got += t.bytes[i%buckets]
		missed += t.lost[i%buckets]
	}
	span := (time.Duration(n) * bucket).Seconds()
	return float64(got) * 8 / span, float64(missed) * 8 / span, true
}

// miss counts what did not come, as if it were due now.
func (t *throughput) miss(size int) {
	if t.any {
		t.lost[t.last%buckets] += size
	}
}

// overrun reports whether clearly more was sent than came, in the time in which what
// came over the last while was sent. The link loses the part inherent of all by itself.
func (t *throughput) overrun(while time.Duration, inherent float64) bool {
	n := min(int64(while/bucket), buckets-1)
	if !t.any || n == 0 || t.last-t.since < n {
		return false
	}
	came, lost := 0, 0
	for i := t.last - n; i < t.last; i++ {
		came, lost = came+t.bytes[i%buckets], lost+t.lost[i%buckets]
	}
	span := t.sent[(t.last-1)%buckets] - t.sent[(t.last-n)%buckets]
	return float64(came+lost)*(1-inherent)*float64(while) > clearly*float64(came)*float64(span)
}
