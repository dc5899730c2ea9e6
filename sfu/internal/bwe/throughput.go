package bwe

import "time"

const (
	bucket  = 10 * time.Millisecond
	buckets = 128
	maxGap  = 2 * time.Second // in which nothing came: more, and what was is forgotten
)

// throughput counts what comes, by the receiver's clock.
type throughput struct {
	bytes [buckets]int
	last  int64 // the newest bucket
	since int64 // the oldest that was counted from
	any   bool
}

func (t *throughput) reset() { *t = throughput{} }

func (t *throughput) add(arrived time.Duration, size int) {
	at := int64(arrived / bucket)
	if t.any && at > t.last+int64(maxGap/bucket) {
		t.reset()
	}
	if !t.any {
		t.any, t.last, t.since = true, at, at
	}
	if at <= t.last-buckets {
		return
	}
	for ; t.last < at; t.last++ {
		t.bytes[(t.last+1)%buckets] = 0
	}
	t.bytes[at%buckets] += size
}

// over returns the rate over the last while, in bits/s, and whether so much time
// has been watched. A while is at most a second.
func (t *throughput) over(while time.Duration) (rate float64, known bool) {
	n := min(int64(while/bucket), buckets-1)
	// The newest bucket is being filled.
	if !t.any || n == 0 || t.last-t.since < n {
		return 0, false
	}
	sum := 0
	for i := t.last - n; i < t.last; i++ {
		sum += t.bytes[i%buckets]
	}
	return float64(sum) * 8 / (time.Duration(n) * bucket).Seconds(), true
}
