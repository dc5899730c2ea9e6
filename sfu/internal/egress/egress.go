// Package egress owns the UDP sockets of the SFU and the way datagrams leave
// them. What Pion writes as RTP is kept for a moment, grouped by destination, and
// handed to the kernel many at a time, as trains that it cuts into packets
// (UDP_SEGMENT); everything else goes out at once. It knows neither peers nor
// media: who may send how much and when is decided above, by package pacer.
//
// Trains and batches are Linux's. Elsewhere, and where the kernel refuses them,
// each datagram is one system call, as it is with a plain net.UDPConn.
package egress

import (
	"fmt"
	"net"
	"net/netip"
	"time"
)

// bufferSize is the size of each socket's kernel buffers, in bytes, or less where
// the kernel does not allow as much.
const bufferSize = 4 << 20

// Conn is one address. It implements net.PacketConn, and Pion's
// ice.AddrPortReaderWriter so that a write does not allocate.
type Conn struct {
	recv *net.UDPConn
	in   *inlet // nil where datagrams are read one by one
	send sender
}

// sender is how datagrams leave a Conn.
type sender interface {
	// write sends p, or keeps a copy until flush when it is RTP.
	write(p []byte, to netip.AddrPort) (int, error)
	flush()
	close()
	count(*Stats)
}

// Stats are counts since the start, of what was sent. Datagrams that are not RTP
// count in Direct alone.
type Stats struct {
	Packets  int64 // RTP packets the kernel took
	Messages int64 // in so many messages: a packet, or a train of them
	Calls    int64 // in so many system calls
	Direct   int64 // other datagrams, each a call of its own

	Refused int64 // trains the kernel would not cut, which were sent packet by packet
	Full    int64 // RTP packets dropped because the socket was full for too long
	Failed  int64 // RTP packets dropped because the kernel would not send them
}

// Add returns the sum of s and t.
func (s Stats) Add(t Stats) Stats {
	s.Packets += t.Packets
	s.Messages += t.Messages
	s.Calls += t.Calls
	s.Direct += t.Direct
	s.Refused += t.Refused
	s.Full += t.Full
	s.Failed += t.Failed
	return s
}

// Listen opens a Conn at addr, which must name a concrete address; port 0 takes a
// free one. Whoever holds the port already makes it fail.
func Listen(addr netip.AddrPort) (*Conn, error) {
	recv, err := bind(addr)
	if err != nil {
		return nil, err
	}
	send, err := batching(recv)
	if err != nil {
		send = &plain{conn: recv} // slower, and as good in every other way
	}
	in, err := newInlet(recv)
	if err != nil {
		in = nil
	}
	return &Conn{recv: recv, in: in, send: send}, nil
}

// ListenPlain opens a Conn that makes a system call for each datagram.
func ListenPlain(addr netip.AddrPort) (*Conn, error) {
	recv, err := bind(addr)
	if err != nil {
		return nil, err
	}
	return &Conn{recv: recv, send: &plain{conn: recv}}, nil
}

// bind opens the socket that receives.
func bind(addr netip.AddrPort) (*net.UDPConn, error) {
	network := "udp6"
	if addr.Addr().Unmap().Is4() {
		network = "udp4"
	}
	conn, err := net.ListenUDP(network, net.UDPAddrFromAddrPort(addr))
	if err != nil {
		return nil, fmt.Errorf("listen at %s: %w", addr, err)
	}
	_ = conn.SetReadBuffer(bufferSize)
	_ = conn.SetWriteBuffer(bufferSize)
	return conn, nil
}

// Batching reports whether system calls are shared between packets.
func (c *Conn) Batching() bool {
	_, alone := c.send.(*plain)
	return !alone
}

// Flush sends what is kept. Whoever has written RTP calls it when there is no more
// to write just now.
func (c *Conn) Flush() { c.send.flush() }

// Stats returns the counts of now.
func (c *Conn) Stats() (s Stats) {
	c.send.count(&s)
	return s
}

// ReadFromAddrPort implements ice.AddrPortReaderWriter.
func (c *Conn) ReadFromAddrPort(p []byte) (int, netip.AddrPort, error) {
	if c.in != nil {
		return c.in.take(p)
	}
	return c.recv.ReadFromUDPAddrPort(p)
}

// WriteToAddrPort implements ice.AddrPortReaderWriter. Of an RTP packet that is
// kept it returns the length and no error: what becomes of it is in Stats. p may
// be used again at once.
func (c *Conn) WriteToAddrPort(p []byte, to netip.AddrPort) (int, error) {
	return c.send.write(p, to)
}

// ReadFrom implements net.PacketConn.
func (c *Conn) ReadFrom(p []byte) (int, net.Addr, error) {
	n, from, err := c.ReadFromAddrPort(p)
	if err != nil {
		return 0, nil, err
	}
	return n, net.UDPAddrFromAddrPort(from), nil
}

// WriteTo implements net.PacketConn.
func (c *Conn) WriteTo(p []byte, to net.Addr) (int, error) {
	udp, ok := to.(*net.UDPAddr)
	if !ok {
		return 0, &net.AddrError{Err: "not a UDP address", Addr: to.String()}
	}
	return c.send.write(p, udp.AddrPort())
}

// Close sends what is kept and closes the sockets. Writes after it fail.
func (c *Conn) Close() error {
	c.send.close()
	return c.recv.Close()
}

// LocalAddr implements net.PacketConn.
func (c *Conn) LocalAddr() net.Addr { return c.recv.LocalAddr() }

// SetDeadline implements net.PacketConn, as do the two below. Only what is not
// batched can wait, and so miss a deadline for writing.
func (c *Conn) SetDeadline(t time.Time) error { return c.recv.SetDeadline(t) }

// SetReadDeadline implements net.PacketConn.
func (c *Conn) SetReadDeadline(t time.Time) error { return c.recv.SetReadDeadline(t) }

// SetWriteDeadline implements net.PacketConn.
func (c *Conn) SetWriteDeadline(t time.Time) error { return c.recv.SetWriteDeadline(t) }

// IsRTP tells RTP from STUN, DTLS and others by its first byte (RFC 7983 §7), and
// from RTCP by its second (RFC 5761 §4).
func IsRTP(p []byte) bool {
	return len(p) >= 12 && p[0]&0xc0 == 0x80 && (p[1] < 192 || p[1] > 223)
}
