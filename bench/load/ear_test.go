//go:build linux

package load

import (
	"net"
	"slices"
	"testing"
	"time"
)

// datagram is one that comes to an ear.
type datagram struct {
	name  string
	bytes []byte
	rtp   bool
}

// A deaf ear lets everything through but RTP, which it counts; one that is not deaf
// lets through everything.
func TestEar(t *testing.T) {
	datagrams := []datagram{
		{"STUN", []byte{0, 1, 0, 0}, false},
		{"DTLS", []byte{22, 254, 253, 0}, false},
		{"RTP", []byte{0x80, 96, 0, 1}, true},
		{"RTP with marker and extension", []byte{0x90, 0x80 | 96, 0, 1}, true},
		{"RTP with the highest type", []byte{0x80, 0xff, 0, 1}, true},
		{"RTP below RTCP", []byte{0x80, 191, 0, 1}, true},
		{"RTP above RTCP", []byte{0x80, 224, 0, 1}, true},
		{"sender report", []byte{0x80, 200, 0, 1}, false},
		{"first RTCP", []byte{0x80, 192, 0, 1}, false},
		{"last RTCP", []byte{0x80, 223, 0, 1}, false},
		{"ChannelData", []byte{0x40, 0, 0, 0}, false},
		{"reserved", []byte{0xc0, 96, 0, 1}, false},
		{"end", []byte{1}, false},
	}
	for _, deaf := range []bool{true, false} {
		ear, err := NewEar(deaf)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = ear.Close() }()
		from, err := net.DialUDP("udp4", nil, ear.conn.LocalAddr().(*net.UDPAddr))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = from.Close() }()
		var want []string
		var dropped uint64
		for _, d := range datagrams {
			if _, err := from.Write(d.bytes); err != nil {
				t.Fatal(err)
			}
			if deaf && d.rtp {
				dropped++
			} else {
				want = append(want, string(d.bytes))
			}
		}
		if got := heard(t, ear); !slices.Equal(got, want) {
			t.Errorf("deaf %v: got %q, want %q", deaf, got, want)
		}
		if n, err := ear.Dropped(); err != nil || n != dropped {
			t.Errorf("deaf %v: %d counted as dropped, %v; want %d", deaf, n, err, dropped)
		}
	}
}

// heard returns what the ear lets through, to the datagram that says it is the end.
func heard(t *testing.T, ear *Ear) (got []string) {
	t.Helper()
	buf := make([]byte, 100)
	_ = ear.conn.SetReadDeadline(time.Now().Add(20 * time.Second))
	for len(got) == 0 || got[len(got)-1] != "\x01" {
		n, err := ear.conn.Read(buf)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, string(buf[:n]))
	}
	return got
}
