package sfu

import (
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/transport/v5/packetio"

	"github.com/conclave-meet/conclave/sfu/internal/descriptor"
	"github.com/conclave-meet/conclave/sfu/internal/seqmap"
)

// FuzzReports feeds RTCP of a peer that is in, about one of its slots, as it is once it has
// been decrypted. What was made of it by hand stands in testdata.
func FuzzReports(f *testing.F) {
	f.Fuzz(func(t *testing.T, packet []byte) {
		in := newTestInbox()
		in.measure(7, true)
		for _, audio := range []bool{false, true} {
			s := &slot{peer: in.peer, audio: audio, ssrc: 7}
			s.numbers = seqmap.New[feed](90000, 0, 0)
			in.peer.slots = []*slot{s}
			r := &reports{ssrc: 7, in: in, over: make(chan struct{})}
			for range 2 {
				if n, err := r.Write(packet); n != len(packet) || err != nil {
					t.Fatal(n, err) // Pion would end the connection
				}
			}
		}
		if lost := in.peer.hearing.fraction(); lost > mostGuarded {
			t.Fatalf("%d of 256 lost", lost)
		}
	})
}

// FuzzForward feeds RTP of a peer that is in, as it is once it has been decrypted, to where
// it is counted, and on to a viewer.
func FuzzForward(f *testing.F) {
	out := newSink(f)
	e := camera(out.pacer)
	watch(e, out)
	f.Fuzz(func(t *testing.T, codec byte, raw []byte) {
		in := newTestInbox()
		in.measure(1, false)
		q := in.open(packetio.RTPBufferPacket, 1)
		if len(raw) <= maxPacket {
			_, _ = q.Write(raw)
		}
		in.feedback()
		var header rtp.Header
		length, err := header.Unmarshal(raw)
		if err != nil {
			return
		}
		payload, ok := unpad(raw[length:], header.Padding)
		if !ok {
			return
		}
		door := newGate(e.pub)
		p := packet{
			codec: descriptor.Codec(codec % 5), seq: header.SequenceNumber, ts: header.Timestamp,
			marker: header.Marker, payload: payload, at: time.Now(),
		}
		if !e.admit(&door, &p) {
			return
		}
		p.keyFrame = descriptor.StartsKeyFrame(p.codec, payload)
		e.forward(&p)
	})
}
