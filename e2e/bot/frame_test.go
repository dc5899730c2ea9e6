package bot

import (
	"bytes"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// Every packet of a frame has its mark, and only the first an SFrame header.
func TestFrame(t *testing.T) {
	for _, tt := range []struct {
		mime    string
		packets int
		step    uint32 // of the RTP clock
	}{
		{webrtc.MimeTypeVP8, 1, 3000}, {webrtc.MimeTypeVP8, 5, 3000}, {webrtc.MimeTypeOpus, 1, 960},
	} {
		s := NewStream(tt.mime, 7, 65534, 0x7fff) // where the numbers wrap
		s.KID, s.Size = kid(1, 9), 100
		header := sframe(nil, s.KID, 0)[1:4] // the key id
		var last *rtp.Packet
		for n := range 3 {
			at := time.Duration(n) * time.Second
			frame := s.Frame(n == 0, tt.packets, at)
			if len(frame) != tt.packets {
				t.Fatalf("%s: %d packets, want %d", tt.mime, len(frame), tt.packets)
			}
			for i, p := range frame {
				mark, err := ReadMark(p.Payload)
				if want := (Mark{7, uint32(n*tt.packets + i), at}); err != nil || mark != want {
					t.Errorf("%s: mark %+v, %v; want %+v", tt.mime, mark, err, want)
				}
				if first := bytes.Contains(p.Payload[:40], header); first != (i == 0) {
					t.Errorf("%s: packet %d of a frame has an SFrame header: %v", tt.mime, i, first)
				}
				if p.Marker != (i == tt.packets-1) || len(p.Payload) != 100 {
					t.Errorf("%s: packet %d: marker %v, %d bytes", tt.mime, i, p.Marker, len(p.Payload))
				}
				if last != nil && p.SequenceNumber != last.SequenceNumber+1 {
					t.Errorf("%s: number %d after %d", tt.mime, p.SequenceNumber, last.SequenceNumber)
				}
				if step := p.Timestamp - frame[0].Timestamp; step != 0 {
					t.Errorf("%s: a frame's packets are %d apart", tt.mime, step)
				}
				if i == 0 && last != nil && p.Timestamp-last.Timestamp != tt.step {
					t.Errorf("%s: frames are %d apart", tt.mime, p.Timestamp-last.Timestamp)
				}
				last = p
			}
		}
	}
}

func TestNoMark(t *testing.T) {
	s := NewStream(webrtc.MimeTypeVP8, 7, 0, 0)
	payload := s.Frame(true, 1, time.Second)[0].Payload
	whole := bytes.Index(payload, markMagic[:]) + 20
	for _, p := range [][]byte{nil, {1}, payload[:whole-1], s.Next(true).Payload, append(make([]byte, markWithin), payload...)} {
		if mark, err := ReadMark(p); err == nil {
			t.Errorf("% x: mark %+v", p, mark)
		}
	}
	if _, err := ReadMark(payload[:whole]); err != nil {
		t.Error(err)
	}
}

func TestMeter(t *testing.T) {
	began := time.Now().Add(-10 * time.Second)
	m := NewMeter(began)
	s := NewStream(webrtc.MimeTypeOpus, 7, 0, 0)
	for i := range 3 {
		if mark, ok := m.Take(s.Frame(false, 1, time.Duration(i)*time.Second)[0]); !ok || mark.Packet != uint32(i) {
			t.Errorf("packet %d: mark %+v, %v", i, mark, ok)
		}
	}
	for _, p := range []*rtp.Packet{{}, {Payload: []byte{1, 2, 3}}} {
		if mark, ok := m.Take(p); ok {
			t.Errorf("payload %v has mark %+v", p.Payload, mark)
		}
	}
	if m.Count() != 3 || m.Wrong() != 1 {
		t.Errorf("counted %d, and %d wrong", m.Count(), m.Wrong())
	}
	delays := m.Delays()
	if len(delays) != 3 || Quantile(delays, 0) < 8*time.Second || Quantile(delays, 0.5) < 9*time.Second || Quantile(delays, 0.99) < 10*time.Second {
		t.Errorf("delays %v", delays)
	}
	if len(m.Delays()) != 0 || Quantile(nil, 0.5) != 0 {
		t.Error("delays are told twice")
	}
	m.Begin(5 * time.Second)
	if _, ok := m.Take(s.Frame(false, 1, 4*time.Second)[0]); ok || m.Count() != 3 || len(m.Delays()) != 0 {
		t.Error("counted what was made before")
	}
	if _, ok := m.Take(s.Frame(false, 1, 5*time.Second)[0]); !ok || m.Count() != 4 || len(m.Delays()) != 1 {
		t.Error("did not count what was made after")
	}
	select {
	case <-m.Came:
	default:
		t.Error("nothing has come")
	}
}
