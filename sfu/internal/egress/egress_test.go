package egress

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"time"
)

// rtp is a packet of size bytes that says which it is.
func rtp(number, size int) []byte {
	p := make([]byte, size)
	p[0], p[1] = 0x80, 96
	binary.BigEndian.PutUint32(p[8:], uint32(number))
	return p
}

func number(p []byte) int { return int(binary.BigEndian.Uint32(p[8:])) }

// receiver is a socket that packets are sent to.
type receiver struct {
	t    *testing.T
	conn *net.UDPConn
}

func newReceiver(t *testing.T, ip string) receiver {
	t.Helper()
	conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.ParseIP(ip)})
	if err != nil {
		t.Skipf("no such address here: %v", err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetReadBuffer(bufferSize)
	return receiver{t: t, conn: conn}
}

func (r receiver) addr() netip.AddrPort {
	return r.conn.LocalAddr().(*net.UDPAddr).AddrPort()
}

// next waits for a packet.
func (r receiver) next() (p []byte, from netip.AddrPort) {
	r.t.Helper()
	p = make([]byte, 2000)
	_ = r.conn.SetReadDeadline(time.Now().Add(30 * time.Second))
	n, from, err := r.conn.ReadFromUDPAddrPort(p)
	if err != nil {
		r.t.Fatal(err)
	}
	return p[:n], from
}

func open(t *testing.T, ip string, listen func(netip.AddrPort) (*Conn, error)) *Conn {
	t.Helper()
	c, err := listen(netip.AddrPortFrom(netip.MustParseAddr(ip), 0))
	if err != nil {
		t.Skipf("no such address here: %v", err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// Whatever is written arrives, in order and whole, from the address that the
// socket has, by every way there is.
func TestEveryWayDelivers(t *testing.T) {
	for _, ip := range []string{"127.0.0.1", "::1"} {
		for name, listen := range map[string]func(netip.AddrPort) (*Conn, error){"batched": Listen, "plain": ListenPlain} {
			t.Run(name+" "+ip, func(t *testing.T) {
				c := open(t, ip, listen)
				receivers := []receiver{newReceiver(t, ip), newReceiver(t, ip), newReceiver(t, ip)}
				const each = 120 // more than a batch between them
				for i := range each {
					for _, r := range receivers {
						// Lengths as of frames: some equal, a shorter one last.
						size := 1100
						if i%7 == 6 {
							size = 200 + i
						}
						if _, err := c.WriteToAddrPort(rtp(i, size), r.addr()); err != nil {
							t.Fatal(err)
						}
					}
				}
				c.Flush()
				for _, r := range receivers {
					for i := range each {
						p, from := r.next()
						size := 1100
						if i%7 == 6 {
							size = 200 + i
						}
						if number(p) != i || len(p) != size {
							t.Fatalf("packet %d of %d bytes came as number %d with %d bytes", i, size, number(p), len(p))
						}
						if from != c.LocalAddr().(*net.UDPAddr).AddrPort() {
							t.Fatalf("came from %v, not from %v", from, c.LocalAddr())
						}
					}
				}
				if s := c.Stats(); s.Packets != each*3 || s.Full+s.Failed+s.Direct+s.Refused != 0 {
					t.Errorf("counted %+v", s)
				}
			})
		}
	}
}

// The sockets that send share the port, and receive nothing of what comes to it.
func TestOneSocketReceivesEverything(t *testing.T) {
	for _, ip := range []string{"127.0.0.1", "::1"} {
		t.Run(ip, func(t *testing.T) {
			c := open(t, ip, Listen)
			if !c.Batching() {
				t.Skip("no batches here")
			}
			to := c.LocalAddr().(*net.UDPAddr).AddrPort()
			buf := make([]byte, 100)
			for i := range 200 { // from so many ports, of which the kernel would give each socket some
				r := newReceiver(t, ip)
				if _, err := r.conn.WriteToUDPAddrPort([]byte{byte(i)}, to); err != nil {
					t.Fatal(err)
				}
				_ = c.SetReadDeadline(time.Now().Add(30 * time.Second))
				n, from, err := c.ReadFromAddrPort(buf)
				if err != nil || n != 1 || buf[0] != byte(i) || from != r.addr() {
					t.Fatalf("datagram %d: read %v from %v, %v", i, buf[:n], from, err)
				}
				_ = r.conn.Close()
			}
		})
	}
}

// Two servers at one port would each get some of what comes. The second is told.
func TestThePortIsNotShared(t *testing.T) {
	for name, listen := range map[string]func(netip.AddrPort) (*Conn, error){"batched": Listen, "plain": ListenPlain} {
		t.Run(name, func(t *testing.T) {
			c := open(t, "127.0.0.1", Listen)
			addr := c.LocalAddr().(*net.UDPAddr).AddrPort()
			if second, err := listen(addr); err == nil {
				_ = second.Close()
				t.Fatal("a second socket got the same port")
			}
			_ = c.Close()
			again, err := listen(addr)
			if err != nil {
				t.Fatalf("the port is not free after Close: %v", err)
			}
			_ = again.Close()
		})
	}
}

// What is not RTP goes out at once, and RTP waits for the flush.
func TestOnlyRTPWaits(t *testing.T) {
	c, r := open(t, "127.0.0.1", Listen), newReceiver(t, "127.0.0.1")
	if !c.Batching() {
		t.Skip("no batches here")
	}
	packet := func(first, second byte) []byte { return append([]byte{first, second}, make([]byte, 18)...) }
	others := [][]byte{
		packet(0x00, 0x01), packet(0x01, 0x01), // STUN
		packet(20, 254), packet(23, 254), // DTLS
		packet(0x80, 200), packet(0x81, 201), packet(0x80, 192), packet(0x80, 223), // RTCP
		{0x80}, {}, // too short to be anything
	}
	for _, p := range others {
		if _, err := c.WriteToAddrPort(p, r.addr()); err != nil {
			t.Fatal(err)
		}
	}
	if s := c.Stats(); s.Direct != int64(len(others)) || s.Packets != 0 {
		t.Errorf("%d others were written, counted %+v", len(others), s)
	}
	for i, want := range others {
		if got, _ := r.next(); !slices.Equal(got, want) {
			t.Errorf("datagram %d came as % x, want % x", i, got, want)
		}
	}
	media := [][]byte{packet(0x80, 96), packet(0x90, 0xe0), packet(0xbf, 127), packet(0x80, 191), packet(0x80, 224)}
	for i, p := range media {
		if _, err := c.WriteTo(p, net.UDPAddrFromAddrPort(r.addr())); err != nil {
			t.Fatal(err)
		}
		if s := c.Stats(); s.Packets != int64(i) {
			t.Errorf("media %d has not waited: counted %+v", i, s)
		}
		c.Flush()
		if got, _ := r.next(); !slices.Equal(got, p) {
			t.Errorf("media %d came as % x, want % x", i, got, p)
		}
	}
	if s := c.Stats(); s.Direct != int64(len(others)) || s.Packets != int64(len(media)) {
		t.Errorf("counted %+v in the end", s)
	}
}

// A hundred receivers cost less than a system call for twenty packets; by the plain
// way, which is the control, each packet costs one.
func TestPacketsShareSystemCalls(t *testing.T) {
	const receivers, burst, rounds = 100, 4, 20
	run := func(t *testing.T, c *Conn) Stats {
		t.Helper()
		var to []netip.AddrPort
		for range receivers {
			to = append(to, newReceiver(t, "127.0.0.1").addr())
		}
		for range rounds {
			for _, a := range to {
				for i := range burst {
					_, _ = c.WriteToAddrPort(rtp(i, 1100), a)
				}
			}
			c.Flush()
		}
		return c.Stats()
	}
	s := run(t, open(t, "127.0.0.1", ListenPlain))
	if s.Calls != receivers*burst*rounds || s.Messages != s.Calls {
		t.Errorf("plain: %+v, want a call for each of %d packets", s, receivers*burst*rounds)
	}
	c := open(t, "127.0.0.1", Listen)
	if !c.Batching() {
		t.Skip("no batches here")
	}
	s = run(t, c)
	if s.Packets != receivers*burst*rounds || s.Full+s.Failed != 0 {
		t.Errorf("batched: %+v, want %d packets", s, receivers*burst*rounds)
	}
	if perPacket := float64(s.Calls) / float64(s.Packets); perPacket > 0.05 {
		t.Errorf("batched: %.3f system calls for each packet", perPacket)
	}
	if perMessage := float64(s.Packets) / float64(s.Messages); perMessage < 1.5 {
		t.Errorf("batched: %.2f packets in each message", perMessage)
	}
}

func TestWritesDoNotAllocate(t *testing.T) {
	c := open(t, "127.0.0.1", Listen)
	to := newReceiver(t, "127.0.0.1").addr()
	p := rtp(1, 1100)
	stun := make([]byte, 20)
	if n := testing.AllocsPerRun(100, func() {
		for range 100 {
			_, _ = c.WriteToAddrPort(p, to)
		}
		_, _ = c.WriteToAddrPort(stun, to)
		c.Flush()
	}); n > 0 {
		t.Errorf("%v allocations for 100 packets", n)
	}
}

// Writers and flushes at the same time lose nothing, and keep the order of each
// destination. Writes after Close fail, and Close can be called at any time.
func TestManyWriteAtOnce(t *testing.T) {
	c := open(t, "127.0.0.1", Listen)
	const each = 100
	var wg sync.WaitGroup
	var receivers []receiver
	for range 8 {
		r := newReceiver(t, "127.0.0.1")
		receivers = append(receivers, r)
		wg.Go(func() {
			for i := range each {
				_, _ = c.WriteToAddrPort(rtp(i, 500), r.addr())
				if i%9 == 0 {
					c.Flush()
				}
			}
		})
	}
	wg.Wait()
	c.Flush()
	for _, r := range receivers {
		for i := range each {
			if p, _ := r.next(); number(p) != i {
				t.Fatalf("number %d came in place of %d", number(p), i)
			}
		}
	}
	wg.Go(func() { _ = c.Close() })
	for i := range 1000 {
		_, _ = c.WriteToAddrPort(rtp(i, 500), receivers[0].addr())
	}
	wg.Wait()
	if _, err := c.WriteToAddrPort(rtp(0, 500), receivers[0].addr()); !errors.Is(err, net.ErrClosed) {
		t.Errorf("a write after Close: %v", err)
	}
}

// BenchmarkSend compares the ways in one run: packets of 1100 bytes to a hundred
// receivers that never read, in bursts of so many for each.
func BenchmarkSend(b *testing.B) {
	ways := []struct {
		name   string
		listen func(netip.AddrPort) (*Conn, error)
	}{{"plain", ListenPlain}, {"batched", Listen}}
	for _, burst := range []int{1, 4, 10} {
		for _, w := range ways {
			b.Run(fmt.Sprintf("%s/burst=%d", w.name, burst), func(b *testing.B) { benchmark(b, w.listen, burst) })
		}
	}
}

func benchmark(b *testing.B, listen func(netip.AddrPort) (*Conn, error), burst int) {
	b.Helper()
	c, err := listen(netip.MustParseAddrPort("127.0.0.1:0"))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	var to []netip.AddrPort
	for range 100 {
		sink, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
		if err != nil {
			b.Fatal(err)
		}
		defer func() { _ = sink.Close() }()
		_ = sink.SetReadBuffer(1)
		to = append(to, sink.LocalAddr().(*net.UDPAddr).AddrPort())
	}
	p := rtp(1, 1100)
	b.SetBytes(int64(len(p)))
	for i := 0; b.Loop(); i++ {
		_, _ = c.WriteToAddrPort(p, to[i/burst%len(to)])
		if i%(burst*len(to)) == 0 {
			c.Flush()
		}
	}
	c.Flush()
	s := c.Stats()
	b.ReportMetric(float64(s.Calls)/float64(s.Packets), "calls/packet")
	b.ReportMetric(float64(s.Packets)/float64(s.Messages), "packets/message")
}
