package bwe

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// after is a moment of the tests, some ms in.
func after(ms int) time.Time { return simEpoch.Add(time.Duration(ms) * time.Millisecond) }

func TestBoundsArePutInOrder(t *testing.T) {
	for _, tt := range []struct{ start, least, most, want int }{
		{300, 50, 1000, 300},
		{10, 50, 1000, 50},
		{5000, 50, 1000, 1000},
		{300, -5, -7, 1},
		{300, 500, 100, 500},
	} {
		if got := New(tt.start, tt.least, tt.most).Target(); got != tt.want {
			t.Errorf("New(%d, %d, %d): %d, want %d", tt.start, tt.least, tt.most, got, tt.want)
		}
	}
}

// flow tells e of packets that all came, 20 ms apart, from ms on.
func flow(e *Estimator, from, n, size int, again int) {
	for i := 0; i < n; i += 5 {
		var acks []Ack
		for j := i; j < i+5; j++ {
			at := from + j*20
			acks = append(acks, Ack{Sent: after(at), Arrived: time.Duration(at+40) * time.Millisecond, Size: size})
		}
		for range again {
			e.Feedback(after(from+i*20+180), 80*time.Millisecond, acks)
		}
	}
}

// A viewer that says everything five times over has received it once.
func TestSaidTwiceIsSaidOnce(t *testing.T) {
	once, often := New(200e3, 50e3, 9e6), New(200e3, 50e3, 9e6)
	flow(once, 0, 500, 300, 1)
	flow(often, 0, 500, 300, 5)
	r1, _, _ := once.throughput.over(time.Second)
	r5, _, _ := often.throughput.over(time.Second)
	if r1 != r5 || r1 < 100e3 {
		t.Errorf("%.0f bit/s said once, %.0f said five times", r1, r5)
	}
	if once.Target() != often.Target() {
		t.Errorf("target %d said once, %d said five times", once.Target(), often.Target())
	}
}

// What cannot be true changes nothing.
func TestTheAbsurdIsPassedOver(t *testing.T) {
	for _, tt := range []struct {
		name string
		ack  Ack
	}{
		{"sent in the future", Ack{Sent: after(99_999), Arrived: time.Second, Size: 100}},
		{"sent a minute ago", Ack{Sent: after(-60_000), Arrived: time.Second, Size: 100}},
		{"no size", Ack{Sent: after(9_000), Arrived: time.Second}},
		{"a negative size", Ack{Sent: after(9_000), Arrived: time.Second, Size: -5}},
		{"a size of gigabytes", Ack{Sent: after(9_000), Arrived: time.Second, Size: 1 << 40}},
		{"at the end of time", Ack{Sent: after(9_000), Arrived: math.MaxInt64, Size: 100}},
	} {
		e := New(200e3, 50e3, 9e6)
		flow(e, 0, 500, 300, 1)
		with := *e
		e.Feedback(after(10_200), 0, nil)
		with.Feedback(after(10_200), 0, []Ack{tt.ack, tt.ack})
		if e.Target() != with.Target() || e.newestSent != with.newestSent {
			t.Errorf("%s: target %d, want %d; newest %v, want %v", tt.name, with.Target(), e.Target(), with.newestSent, e.newestSent)
		}
	}
	// The control: what can be true is taken in.
	e := New(200e3, 50e3, 9e6)
	flow(e, 0, 500, 300, 1)
	before := e.newestSent
	e.Feedback(after(10_200), 0, []Ack{{Sent: after(10_100), Arrived: 10_140 * time.Millisecond, Size: 100}})
	if e.newestSent == before {
		t.Error("a true ack was passed over")
	}
}

// A receiver whose clock leaps is not one whose queue is long.
func TestAClockThatLeapsIsNoQueue(t *testing.T) {
	e := New(200e3, 50e3, 9e6)
	flow(e, 0, 500, 600, 1)
	before := e.Target()
	for i := range 20 {
		at := 10_000 + i*20
		e.Feedback(after(at+80), 80*time.Millisecond, []Ack{{Sent: after(at), Arrived: time.Duration(at)*time.Millisecond + time.Hour, Size: 600}})
	}
	if e.Target() < before {
		t.Errorf("target %d after the leap, %d before", e.Target(), before)
	}
	// The control: half a second more, which a queue can be.
	for i := range 40 {
		at := 10_400 + i*20
		e.Feedback(after(at+80), 80*time.Millisecond, []Ack{{Sent: after(at), Arrived: time.Duration(at)*time.Millisecond + time.Hour + 500*time.Millisecond, Size: 600}})
	}
	if e.Target() >= before {
		t.Errorf("target %d with a queue of half a second, %d before", e.Target(), before)
	}
}

// Nobody who answers no probe is sent more than a few.
func TestUnansweredProbesAreFew(t *testing.T) {
	e := New(200e3, 50e3, 9e6)
	probes := 0
	for i := range 600 {
		flow(e, i*100, 5, 300, 1)
		if _, bytes, ok := e.Probe(); ok {
			probes++
			if bytes > probeMost {
				t.Errorf("a probe of %d bytes", bytes)
			}
		}
	}
	if probes == 0 || probes > 30 {
		t.Errorf("%d probes in a minute", probes)
	}
}

// FuzzFeedback feeds what a viewer may make up. Each ack takes 13 bytes, each
// Feedback one more that says how many there are.
func FuzzFeedback(f *testing.F) {
	f.Add([]byte{2, 0, 0, 0, 1, 0, 0, 0, 0, 9, 9, 9, 4, 176, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 4, 176})
	f.Add(make([]byte, 400))
	f.Fuzz(func(t *testing.T, raw []byte) {
		e := New(300e3, 50e3, 8e6)
		now := simEpoch
		for len(raw) > 0 {
			n := int(raw[0]) % 40
			raw = raw[1:]
			var acks []Ack
			for i := 0; i < n && len(raw) >= 13; i++ {
				acks = append(acks, Ack{
					Sent:    now.Add(time.Duration(int32(binary.BigEndian.Uint32(raw))) * time.Microsecond), //nolint:gosec // any number will do
					Arrived: time.Duration(binary.BigEndian.Uint64(raw[4:]) >> (raw[3] % 40)),               //nolint:gosec // any number will do
					Size:    int(int8(raw[12])) * 50,                                                        //nolint:gosec // any number will do
					Probe:   raw[12]&1 != 0,
				})
				raw = raw[13:]
			}
			e.Feedback(now, time.Duration(n)*time.Millisecond, acks)
			now = now.Add(time.Duration(n+1) * 7 * time.Millisecond)
			rate, bytes, ok := e.Probe()
			if got := e.Target(); got < 50e3 || got > 8e6 || math.IsNaN(e.control.target) || math.IsNaN(e.trend.slope) {
				t.Fatalf("target %d, %v, slope %v", got, e.control.target, e.trend.slope)
			}
			if ok && (rate <= 0 || float64(rate) > 8e6 || bytes <= 0 || bytes > probeMost) {
				t.Fatalf("a probe of %d bytes at %d bit/s", bytes, rate)
			}
		}
	})
}

// A viewer that makes up what came is sent no more than a little for the sake of
// measuring, whether it says at random that the line is thin or that it is wide.
func TestALiarIsNotSentMuch(t *testing.T) {
	const minutes, want = 5, 3e6
	random := rand.New(rand.NewPCG(1, 1))
	e := New(1e6, 50e3, 40e6)
	e.Want(want)
	sum, queue := 0, 0
	for now := 0; now < minutes*60_000; now += 50 {
		if random.IntN(20) == 0 {
			queue = random.IntN(3) * 400 // ms
		}
		acks := make([]Ack, 0, 64)
		at := func(sent int) time.Duration { return time.Duration(sent+queue) * time.Millisecond }
		for i := range 10 {
			acks = append(acks, Ack{Sent: after(now + 4*i), Arrived: at(now + 4*i), Size: 1200})
		}
		if _, bytes, ok := e.Probe(); ok {
			sum += bytes
			for i := 0; bytes > 0; i++ { // they came as fast as can be believed
				acks = append(acks, Ack{Sent: after(now + 41 + i/8), Arrived: at(now+41) + time.Duration(i)*time.Microsecond, Size: 1200, Probe: true})
				bytes -= 1200
			}
		}
		e.Feedback(after(now+50), 80*time.Millisecond, acks)
	}
	if rate := sum * 8 / (minutes * 60); rate > want/10 || rate == 0 {
		t.Errorf("%d bit/s of probes", rate)
	} else {
		t.Logf("%d bit/s of probes", rate)
	}
}

// One cut takes no more than a part, whatever has come: the viewer may not have looked.
// It takes less where little came as little was sent.
func TestACutIsBounded(t *testing.T) {
	for _, tt := range []struct {
		name  string
		pause int     // ms before the first is sent that comes late
		apart int     // ms between those; they come 300 ms apart
		least float64 // of the target before
	}{
		{"little was sent", 600, 300, 0.4},
		{"much was sent", 20, 60, 0.14},
	} {
		e := New(2e6, 10e3, 9e6)
		flow(e, 0, 500, 5000, 1)
		before := e.Target()
		for i := range 12 {
			sent, came := 9_980+tt.pause+i*tt.apart, 10_580+tt.pause+i*300
			e.Feedback(after(came+100), 80*time.Millisecond, []Ack{{Sent: after(sent), Arrived: time.Duration(came) * time.Millisecond, Size: 100}})
			if e.Target() < before {
				break
			}
		}
		if got := e.Target(); got >= before || float64(got) < tt.least*float64(before) {
			t.Errorf("%s: target %d after a cut, %d before", tt.name, got, before)
		}
	}
}
