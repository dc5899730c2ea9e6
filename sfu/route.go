package sfu

import (
	"fmt"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"

	"github.com/pion/ice/v4"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"github.com/conclave-meet/conclave/sfu/internal/egress"
	"github.com/conclave-meet/conclave/sfu/internal/seal"
)

// route is how media gets to one peer: encrypted by us, and on the way that ICE has
// chosen. Pion tells neither the way nor the keys, but uses both: the keys are heard in
// the handshake, and the way is where Pion has last sent DTLS or RTCP, which go on no
// other than the chosen pair. It implements webrtc.TrackLocalWriter.
type route struct {
	seal    seal.Seal
	to      atomic.Pointer[end]
	settles atomic.Int32 // ticks until Pion is made to send once more, to be followed
}

// settleTicks is after how many ticks, when another pair was chosen, what still took the
// old one has reached the socket.
const settleTicks = 2

// end is where a route leads: from one of our sockets to an address.
type end struct {
	socket *egress.Conn
	addr   netip.AddrPort
}

// rooms are for packets while they are encrypted: few, so that they stay in the caches.
var rooms = sync.Pool{New: func() any { return new([seal.Room]byte) }}

// WriteRTP implements webrtc.TrackLocalWriter.
func (r *route) WriteRTP(header *rtp.Header, payload []byte) (int, error) {
	to := r.to.Load()
	if to == nil {
		return 0, net.ErrClosed
	}
	room := rooms.Get().(*[seal.Room]byte) //nolint:forcetypeassert // nothing else is in there
	defer rooms.Put(room)
	packet, err := r.seal.Packet(room[:0], header, payload)
	if err != nil {
		return 0, err
	}
	return to.socket.WriteToAddrPort(packet, to.addr)
}

// Write implements webrtc.TrackLocalWriter. Nobody calls it.
func (r *route) Write(packet []byte) (int, error) {
	var p rtp.Packet
	if err := p.Unmarshal(packet); err != nil {
		return 0, err
	}
	return r.WriteRTP(&p.Header, p.Payload)
}

// listen has the connection that settings are for tell the route what it needs.
func (r *route) listen(settings *webrtc.SettingEngine, sockets *sockets) {
	r.seal.Listen(settings)
	settings.SetICEUDPMux(&watchedMux{UDPMux: sockets.mux, sockets: sockets, route: r})
}

// sent notes a datagram that Pion sends from a socket.
func (r *route) sent(socket *egress.Conn, datagram []byte, to netip.AddrPort) {
	if len(datagram) == 0 || datagram[0] < 20 {
		return // STUN (RFC 7983 §7) tries other ways too
	}
	if old := r.to.Load(); old == nil || old.addr != to || old.socket != socket {
		r.to.Store(&end{socket: socket, addr: to})
	}
}

// switched notes that ICE has chosen another pair.
func (r *route) switched() { r.settles.Store(settleTicks) }

// tick lets a tick pass, and reports whether Pion is to send something now: what took the
// old pair may have come to the socket behind what was sent at once on the new one.
func (r *route) tick() bool {
	n := r.settles.Load()
	return n > 0 && r.settles.CompareAndSwap(n, n-1) && n == 1
}

// watchedMux is the sockets of all, as one connection has them.
type watchedMux struct {
	ice.UDPMux
	sockets *sockets
	route   *route
}

// GetConn implements ice.UDPMux.
func (m *watchedMux) GetConn(ufrag string, addr net.Addr) (net.PacketConn, error) {
	conn, err := m.UDPMux.GetConn(ufrag, addr)
	if err != nil {
		return nil, err
	}
	socket := m.sockets.at(addr)
	ports, ok := conn.(ice.AddrPortReaderWriter)
	if socket == nil || !ok {
		return nil, fmt.Errorf("%v is not one of our sockets", addr)
	}
	return &watchedConn{PacketConn: conn, ports: ports, socket: socket, route: m.route}, nil
}

// watchedConn is one socket, as one connection has it.
type watchedConn struct {
	net.PacketConn
	ports  ice.AddrPortReaderWriter
	socket *egress.Conn
	route  *route
}

// ReadFromAddrPort implements ice.AddrPortReaderWriter.
func (c *watchedConn) ReadFromAddrPort(p []byte) (int, netip.AddrPort, error) {
	return c.ports.ReadFromAddrPort(p)
}

// WriteToAddrPort implements ice.AddrPortReaderWriter.
func (c *watchedConn) WriteToAddrPort(p []byte, to netip.AddrPort) (int, error) {
	c.route.sent(c.socket, p, to)
	return c.ports.WriteToAddrPort(p, to)
}

// WriteTo implements net.PacketConn.
func (c *watchedConn) WriteTo(p []byte, to net.Addr) (int, error) {
	if udp, ok := to.(*net.UDPAddr); ok {
		c.route.sent(c.socket, p, udp.AddrPort())
	}
	return c.PacketConn.WriteTo(p, to)
}
