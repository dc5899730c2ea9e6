package sfu

import (
	"cmp"
	"encoding/binary"
	"io"
	"slices"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/transport/v5/packetio"

	"github.com/conclave-meet/conclave/sfu/internal/twcc"
)

// numbered returns the bytes of a packet with a transport-wide number.
func numbered(t *testing.T, seq uint16) []byte {
	t.Helper()
	p := rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: seq, SSRC: 7}, Payload: make([]byte, 1000)}
	if err := p.SetExtension(wideID, []byte{byte(seq >> 8), byte(seq & 0xff)}); err != nil {
		t.Fatal(err)
	}
	raw, err := p.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func newTestInbox() *inbox {
	p := &peer{group: &Group{heard: make(chan struct{}, 1)}}
	for source := range sources {
		p.publications[source] = &publication{peer: p, source: source}
	}
	p.inbox = newInbox(p)
	p.inbox.number.Store(wideID)
	return p.inbox
}

// To take a packet in allocates nothing, but for what a queue grows by.
func TestInboxAllocatesNothing(t *testing.T) {
	in := newTestInbox()
	in.measure(7, false)
	q := in.open(packetio.RTPBufferPacket, 7)
	raw, buf := numbered(t, 1), make([]byte, maxPacket)
	take := func() {
		if _, err := q.Write(raw); err != nil {
			t.Fatal(err)
		}
		if n, err := q.Read(buf); err != nil || n != len(raw) {
			t.Fatal(n, err)
		}
		raw[3]++  // the number in the stream
		raw[18]++ // the transport-wide one: behind 12 bytes of header, 4 of the extension's, 1 of its own
	}
	take()
	if n := testing.AllocsPerRun(200, take); n > 0 {
		t.Errorf("%v allocations for each packet", n)
	}
	if packets := in.feedback(); len(packets) != 1 {
		t.Errorf("%d packets of feedback about them", len(packets))
	}
	if in.report(time.Now(), nil) == nil {
		t.Error("no receiver report about them")
	}
}

// Of a stream that nobody reads no more than so much is kept, and of streams beyond
// those of a browser nothing.
func TestInboxIsBounded(t *testing.T) {
	in := newTestInbox()
	raw := numbered(t, 1)
	for stream := range uint32(maxStreams + 5) {
		q := in.open(packetio.RTPBufferPacket, stream)
		kept := 0
		for range 2 * maxQueued / len(raw) {
			if n, err := q.Write(raw); err == nil {
				kept += n
			}
		}
		switch {
		case stream < maxStreams && (kept == 0 || kept > maxQueued):
			t.Errorf("stream %d: %d bytes are kept, want some, at most %d", stream, kept, maxQueued)
		case stream >= maxStreams && kept > 0:
			t.Errorf("stream %d: %d bytes are kept", stream, kept)
		}
	}
}

// RTCP is not queued, and a reader of it is let go when the stream closes.
func TestReportsAreNotQueued(t *testing.T) {
	in := newTestInbox()
	r := in.open(packetio.RTCPBufferPacket, 7)
	for _, raw := range [][]byte{nil, {0x80}, {0x8f, 205, 0, 0}, {0x81, 201, 0, 0}} {
		if n, err := r.Write(raw); n != len(raw) || err != nil {
			t.Errorf("Write(% x) = %d, %v", raw, n, err)
		}
	}
	_ = r.Close()
	_ = r.Close()
	if _, err := r.Read(make([]byte, 10)); err != io.EOF { //nolint:errorlint // io.Reader says so
		t.Errorf("Read = %v", err)
	}
}

// What a viewer says of the round trip is believed within reason.
func TestRoundTrip(t *testing.T) {
	begin := time.Unix(1000, 0)
	report := uint32(ntp(begin) >> 16 & 0xffffffff) //nolint:gosec // masked
	for _, tt := range []struct {
		name          string
		report, delay uint32
		after, want   time.Duration
	}{
		{"as it is", report, 65536, 1100 * time.Millisecond, 100 * time.Millisecond},
		{"no report heard", 0, 0, time.Second, 0},
		{"heard before it was sent", report, 2 * 65536, time.Second, time.Millisecond},
		{"longer than anything", report, 0, 6 * time.Second, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var o outbox
			o.roundTrip(tt.report, tt.delay, begin.Add(tt.after))
			if got := o.roundTripTime().Round(time.Millisecond); got != tt.want {
				t.Errorf("round trip %v, want %v", got, tt.want)
			}
		})
	}
}

// Feedback that is malformed reaches nobody; the same, as it should be, does.
func TestMalformedFeedbackIsNotPassedOn(t *testing.T) {
	var o outbox
	var told int
	o.acked = func(_ time.Time, _ time.Duration, acks []twcc.Ack) { told += len(acks) }
	var a twcc.Arrivals
	a.Came(o.number(time.Now(), 100, false), time.Millisecond)
	raw := a.Feedback(1, 7)
	o.feedback(raw[:len(raw)-4], time.Now())
	if told != 0 {
		t.Error("told of what was cut off")
	}
	o.feedback(raw, time.Now())
	if told != 1 {
		t.Errorf("told of %d packets, want 1", told)
	}
}

// Packets that leave at one time, as their clock says, have times of their own: the
// estimator tells by them what it was told before, and would count no loss.
func TestNoTwoLeaveAtOnce(t *testing.T) {
	var o outbox
	var sent []time.Time
	o.acked = func(_ time.Time, _ time.Duration, acks []twcc.Ack) {
		for _, a := range acks {
			sent = append(sent, a.Sent)
		}
	}
	var a twcc.Arrivals
	now := time.Now()
	for _, at := range []time.Time{now, now, now, now.Add(-time.Millisecond), now.Add(time.Millisecond)} {
		a.Came(o.number(at, 100, false), time.Millisecond)
	}
	o.feedback(a.Feedback(1, 7), now)
	if len(sent) != 5 || !slices.IsSortedFunc(sent, func(a, b time.Time) int { return cmp.Or(a.Compare(b), 1) }) {
		t.Errorf("sent at %v", sent)
	}
}

// Feedback names a stream that there is, also before Pion has told of the first one.
func TestFeedbackNamesAStream(t *testing.T) {
	in := newTestInbox()
	media := func() uint32 {
		packets := in.feedback()
		if len(packets) != 1 {
			t.Fatalf("%d packets of feedback", len(packets))
		}
		return binary.BigEndian.Uint32((*packets[0].(*rtcp.RawPacket))[8:]) //nolint:forcetypeassert,errcheck // a test
	}
	in.came(7, numbered(t, 1), time.Now())
	if got := media(); got != 7 {
		t.Errorf("the first feedback is about %d, want 7", got)
	}
	in.measure(9, false)
	in.came(9, numbered(t, 2), time.Now())
	in.came(7, numbered(t, 3), time.Now())
	if got := media(); got != 9 {
		t.Errorf("feedback is about %d, want 9, which is measured", got)
	}
}

// Who floods the server with feedback is heard a hundred times a second, and then again.
func TestFeedbackIsHeardSoOften(t *testing.T) {
	var o outbox
	var told int
	o.acked = func(_ time.Time, _ time.Duration, acks []twcc.Ack) { told += len(acks) }
	var a twcc.Arrivals
	flood := func(now time.Time) int {
		before := told
		for range 10 * mostFeedback {
			a.Came(o.number(time.Now(), 100, false), time.Millisecond)
			o.feedback(a.Feedback(1, 7), now)
		}
		return told - before
	}
	now := time.Unix(1000, 0)
	for i := range 3 {
		if n := flood(now.Add(time.Duration(i) * time.Second)); n != mostFeedback {
			t.Errorf("second %d: %d heard, want %d", i, n, mostFeedback)
		}
	}
}

// What is malformed is refused before anybody can have to wait for it.
func TestMalformedFeedbackMakesNobodyWait(t *testing.T) {
	var o outbox
	o.mu.Lock()
	defer o.mu.Unlock()
	done := make(chan struct{})
	go func() {
		defer close(done)
		o.feedback([]byte{2<<6 | 15, 205, 0, 5, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 9, 9, 0, 0, 0, 0, 0, 1, 0, 0}, time.Unix(1000, 0))
	}()
	select {
	case <-done:
	case <-time.After(30 * time.Second):
		t.Error("it waits for who sends")
	}
}

// What a peer tells of the sound it hears is followed slowly, believed up to a fifth, and
// passed over where it is none.
func TestHearing(t *testing.T) {
	var h hearing
	for range 3 {
		h.told(0, 250)
	}
	h.told(255, 5)
	if f := h.fraction(); f > 6 {
		t.Errorf("one report about five packets makes it %d of 256", f)
	}
	h.told(200, 0)
	h.told(200, 1<<31) // numbers that went backwards
	if f := h.fraction(); f > 6 {
		t.Errorf("reports about nothing make it %d of 256", f)
	}
	for range 20 {
		h.told(26, 250)
	}
	if f := h.fraction(); f < 24 || f > 27 {
		t.Errorf("a tenth lost is %d of 256", f)
	}
	for range 20 {
		h.told(255, 5000)
	}
	if f := h.fraction(); f != mostGuarded {
		t.Errorf("all lost is %d of 256", f)
	}
}

// Where few listen the worst of them counts. Where more do it is the second worst, so that
// one who lies costs nobody anything.
func TestOneListenerDoesNotDecide(t *testing.T) {
	for _, tt := range []struct {
		lost []uint8 // in 1/256, of each listener
		want uint8
	}{
		{nil, 0},
		{[]uint8{20}, 20},
		{[]uint8{0, 20, 10}, 20},
		{[]uint8{0, 0, 50, 0}, 0},
		{[]uint8{50, 10, 20, 0}, 20},
		{[]uint8{0, 20, 20, 50}, 20},
		{[]uint8{30, 30, 0, 0, 0}, 30},
	} {
		var slots []*slot
		for _, f := range tt.lost {
			p := &peer{}
			p.hearing.lost.Store(uint32(f) << 8)
			slots = append(slots, &slot{peer: p})
		}
		if got := worstHearing(slots); got != tt.want {
			t.Errorf("of %v it is %d, want %d", tt.lost, got, tt.want)
		}
	}
}
