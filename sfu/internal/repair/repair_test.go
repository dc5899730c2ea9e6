package repair

import (
	"testing"
	"time"
)

var now = time.Unix(1000, 0)

const ms = time.Millisecond

func TestNotTwiceWithinARoundTrip(t *testing.T) {
	for _, tt := range []struct {
		name       string
		rtt, after time.Duration
		want       bool
	}{
		{"at once", 100 * ms, 0, false},
		{"before the answer can have come", 100 * ms, 90 * ms, false},
		{"after it should have", 100 * ms, 110 * ms, true},
		{"while the round trip is not known", 0, 5 * ms, false},
		{"a little later", 0, 15 * ms, true},
		{"a round trip that nobody has", time.Hour, 600 * ms, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var c Credit
			if !c.Due(5, tt.rtt, now) || !c.Take(5, 100, now) {
				t.Fatal("not even once")
			}
			for seq := uint16(6); seq != 5+512; seq++ { // as many as one history has
				if !c.Due(seq, tt.rtt, now) || !c.Take(seq, 1, now) {
					t.Fatalf("packet %d may not", seq)
				}
			}
			if got := c.Due(5, tt.rtt, now.Add(tt.after)); got != tt.want {
				t.Errorf("again: %t, want %t", got, tt.want)
			}
		})
	}
}

// greed asks for a packet of 1000 bytes after another until it is refused.
func greed(c *Credit, seq *uint16) (bytes int) {
	for c.Take(*seq, 1000, now) {
		bytes += 1000
		*seq++
	}
	return bytes
}

func TestNoMoreThanAShare(t *testing.T) {
	var c Credit
	var seq uint16
	if got := greed(&c, &seq); got == 0 || got > beginning {
		t.Errorf("%d bytes before anything is sent, want some, at most %d", got, beginning)
	}
	sent, again := 0, 0
	for range 10_000 {
		c.Sent(1200)
		sent += 1200
		again += greed(&c, &seq)
	}
	if again > sent/share || again < sent/share-1000 {
		t.Errorf("%d bytes sent again of %d, want a share of one in %d", again, sent, share)
	}
	for range 10_000 {
		c.Sent(1200) // a long time without losses
	}
	if got := greed(&c, &seq); got > most || got < most-1000 {
		t.Errorf("%d bytes after a long time, want at most %d", got, most)
	}
}
