package sfu

import (
	"encoding/binary"
	"slices"
	"testing"
	"time"

	"github.com/pion/rtp"

	"github.com/conclave-meet/conclave/sfu/internal/descriptor"
	"github.com/conclave-meet/conclave/sfu/internal/twcc"
)

// tape keeps what is written to it.
type tape struct {
	*sink
	headers  []rtp.Header
	payloads [][]byte
}

func (t *tape) WriteRTP(h *rtp.Header, payload []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.headers = append(t.headers, h.Clone())
	t.payloads = append(t.payloads, slices.Clone(payload))
	return 0, nil
}

const rtxSSRC, rtxType = 77, 97

// padded returns an encoding, a slot that shows it and can send retransmissions, and
// what the slot sends.
func padded(t *testing.T) (*encoding, *slot, *tape) {
	t.Helper()
	e, sink := fanOut(t, 1)
	s, out := (*e.slots.Load())[0], &tape{sink: sink}
	s.out, s.wide, s.ssrc, s.rtxSSRC, s.rtx = out, 3, 5, rtxSSRC, map[uint8]uint8{96: rtxType}
	if !s.pads() {
		t.Fatal("the slot can send no retransmissions")
	}
	return e, s, out
}

// number is the transport-wide number of a packet.
func number(h rtp.Header) uint16 { return binary.BigEndian.Uint16(h.GetExtension(3)) }

// What is sent to measure the line are retransmissions of the newest packets. They take
// no number from the media, and are told apart when the viewer says that they came.
func TestProbesAreRetransmissions(t *testing.T) {
	e, s, out := padded(t)
	for seq := range uint16(5) {
		e.forward(&packet{codec: descriptor.VP8, keyFrame: seq == 0, payload: vp8(seq), seq: seq, ts: uint32(seq), at: time.Now()})
	}
	out.drain()
	for back := range 3 {
		if n := s.pad(back); n < 1100 {
			t.Errorf("%d bytes", n)
		}
	}
	out.drain() // who sends probes does so at their own pace, and media goes before
	e.forward(&packet{codec: descriptor.VP8, payload: vp8(5), seq: 5, ts: 5, at: time.Now()})
	out.drain()

	var arrivals twcc.Arrivals
	for i, h := range out.headers {
		arrivals.Came(number(h), time.Duration(i)*time.Millisecond)
	}
	var probes []bool
	s.peer.outbox.acked = func(_ time.Time, _ time.Duration, acks []twcc.Ack) {
		for _, a := range acks {
			probes = append(probes, a.Probe)
		}
	}
	s.peer.outbox.feedback(arrivals.Feedback(1, 5), time.Now())
	if want := []bool{false, false, false, false, false, true, true, true, false}; !slices.Equal(probes, want) {
		t.Errorf("probes %v, want %v", probes, want)
	}
	first := out.headers[0].SequenceNumber
	for i, h := range out.headers[5:8] {
		original := binary.BigEndian.Uint16(out.payloads[5+i])
		if want := first + 4 - uint16(i); h.SSRC != rtxSSRC || h.PayloadType != rtxType || original != want { //nolint:gosec // few
			t.Errorf("probe %d: SSRC %d, type %d, of packet %d, want %d", i, h.SSRC, h.PayloadType, original, want)
		}
	}
	if last := out.headers[8]; last.SSRC != 5 || last.SequenceNumber != first+5 {
		t.Errorf("the next packet is %d of %d, want %d", last.SequenceNumber, last.SSRC, first+5)
	}
}

// Where nothing is shown, probes are padding alone.
func TestProbesWithoutAPictureArePadding(t *testing.T) {
	_, s, out := padded(t)
	size := s.pad(0)
	out.drain()
	wire, err := (&rtp.Packet{Header: out.headers[0], Payload: out.payloads[0]}).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	if size < padLength || len(wire) != size {
		t.Errorf("%d bytes, said to be %d", len(wire), size)
	}
	var h rtp.Header
	n, err := h.Unmarshal(wire)
	if err != nil {
		t.Fatal(err)
	}
	rest, ok := unpad(wire[n:], h.Padding)
	if !ok || len(rest) != 0 || h.SSRC != rtxSSRC || h.PayloadType != rtxType {
		t.Errorf("%+v with %d bytes", h, len(rest))
	}
	var arrivals twcc.Arrivals
	arrivals.Came(number(h), 0)
	s.peer.outbox.acked = func(_ time.Time, _ time.Duration, acks []twcc.Ack) {
		if len(acks) != 1 || acks[0].Size != size+overhead {
			t.Errorf("%+v of a packet of %d bytes", acks, size+overhead)
		}
	}
	s.peer.outbox.feedback(arrivals.Feedback(1, 5), time.Now())
}

// A probe is as many bytes as were asked for, and not a packet more; what closes is
// probed no further.
func TestAProbeEnds(t *testing.T) {
	_, s, out := padded(t)
	s.peer.slots, s.peer.relay = []*slot{s}, &relay{over: make(chan struct{})}
	s.peer.pad(10_000_000, 5000)
	out.drain()
	sum := 0
	for i := range out.headers {
		sum += out.headers[i].MarshalSize() + len(out.payloads[i]) + int(out.headers[i].PaddingSize)
	}
	if sum < 5000 || sum > 5000+2*padLength {
		t.Errorf("%d bytes", sum)
	}
	close(s.peer.relay.over)
	out.headers = nil
	s.peer.pad(1000, 1_000_000)
	out.drain()
	if n := len(out.headers); n > padAtATime {
		t.Errorf("%d packets to who is gone", n)
	}
}
