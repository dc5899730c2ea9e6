package bwe

import (
	"testing"
	"time"
)

// Where nothing is sent, nobody tells of it; yet probes go out, and when they come the
// target rises.
func TestWhereNothingIsSentProbesGoOn(t *testing.T) {
	e := New(60e3, 50e3, 9e6)
	flow(e, 0, 5, 100, 1)
	now := 300
	probes := func(until int, told bool) (n int) {
		for ; now < until; now += 200 {
			e.Idle(after(now))
			rate, bytes, ok := e.Probe()
			if !ok {
				continue
			}
			n++
			var acks []Ack
			for i := 0; bytes > 0; i++ {
				at := after(now).Add(time.Duration(float64(i*1200*8) / float64(rate) * 1e9))
				acks = append(acks, Ack{Sent: at, Arrived: at.Sub(simEpoch) + 40*time.Millisecond, Size: 1200, Probe: true})
				bytes -= 1200
			}
			if told {
				e.Feedback(after(now+190), 80*time.Millisecond, acks)
			}
		}
		return n
	}
	if n := probes(60_000, false); n < 10 || n > 60 {
		t.Errorf("%d probes that nobody answers in a minute", n)
	}
	if got := e.Target(); got > 60e3 {
		t.Errorf("target %d, though nothing came", got)
	}
	if n := probes(70_000, true); n == 0 || e.Target() < 180e3 {
		t.Errorf("target %d after %d probes that came", e.Target(), n)
	}
}

// The control: without the word that nothing is sent, time does not pass, and the first
// probe that is lost is the last.
func TestWithoutIdleTheFirstProbeIsTheLast(t *testing.T) {
	e := New(60e3, 50e3, 9e6)
	flow(e, 0, 5, 100, 1)
	n := 0
	for range 300 {
		if _, _, ok := e.Probe(); ok {
			n++
		}
	}
	if n > 1 {
		t.Errorf("%d probes without time", n)
	}
}

// A queue that was to empty has done so when nothing was sent for long enough.
func TestAQueueEmptiesWhileNothingIsSent(t *testing.T) {
	e := New(2e6, 10e3, 9e6)
	flow(e, 0, 500, 5000, 1)
	for i := 0; i < 12 && !e.control.draining; i++ {
		sent, came := 10_000+i*60, 10_600+i*300
		e.Feedback(after(came+100), 80*time.Millisecond, []Ack{{Sent: after(sent), Arrived: time.Duration(came) * time.Millisecond, Size: 1000}})
	}
	if !e.control.draining {
		t.Fatal("no queue")
	}
	probed := func(ms int) bool {
		e.Idle(e.now.Add(time.Duration(ms) * time.Millisecond))
		_, _, ok := e.Probe()
		return ok
	}
	if probed(200) {
		t.Error("a probe into a queue")
	}
	for range 30 {
		if probed(200) {
			return
		}
	}
	t.Error("no probe in six seconds")
}
