package sfu

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"

	"github.com/pion/ice/v4"
	"github.com/pion/logging"

	"github.com/conclave-meet/conclave/sfu/internal/egress"
)

// ownAddrs are the addresses of this machine.
type ownAddrs []netip.Addr

func (o ownAddrs) has(a netip.Addr) bool { return slices.Contains(o, a.Unmap().WithZone("")) }

// silent keeps Pion quiet: its mux logs a line for each stray packet, so anyone
// could fill the log.
func silent() logging.LoggerFactory { return silence{} }

// sockets are one socket for each address, and one mux over all of them.
type sockets struct {
	mux   ice.UDPMux
	conns []*egress.Conn
	addrs []netip.AddrPort
}

// flush sends what the sockets keep.
func (s *sockets) flush() {
	for _, c := range s.conns {
		c.Flush()
	}
}

// at returns the socket that listens at an address, or nil.
func (s *sockets) at(addr net.Addr) *egress.Conn {
	for _, c := range s.conns {
		if c.LocalAddr().String() == addr.String() {
			return c
		}
	}
	return nil
}

// stats returns the counts of all sockets together.
func (s *sockets) stats() (t egress.Stats) {
	for _, c := range s.conns {
		t = t.Add(c.Stats())
	}
	return t
}

// listen opens a socket for each address with open. A socket is never bound to an
// unspecified address: its answers could leave from another address than the one
// they were asked at.
func listen(want []netip.AddrPort, open func(netip.AddrPort) (*egress.Conn, error)) (*sockets, error) {
	addrs, err := expand(want)
	if err != nil {
		return nil, err
	}
	var muxes []ice.UDPMux
	var port uint16
	s := &sockets{}
	for _, addr := range addrs {
		if addr.Port() == 0 {
			addr = netip.AddrPortFrom(addr.Addr(), port)
		}
		conn, err := open(addr)
		if err != nil {
			_ = ice.NewMultiUDPMuxDefault(muxes...).Close()
			return nil, err
		}
		s.conns = append(s.conns, conn)
		muxes = append(muxes, ice.NewUDPMuxDefault(ice.UDPMuxParams{UDPConn: conn, Logger: silent().NewLogger("ice")}))
		addr = conn.LocalAddr().(*net.UDPAddr).AddrPort() //nolint:forcetypeassert // net documents it
		s.addrs = append(s.addrs, netip.AddrPortFrom(addr.Addr().Unmap(), addr.Port()))
		if port == 0 {
			port = addr.Port()
		}
	}
	s.mux = ice.NewMultiUDPMuxDefault(muxes...)
	return s, nil
}

// expand replaces unspecified addresses by those of this machine.
func expand(want []netip.AddrPort) (addrs []netip.AddrPort, err error) {
	for _, w := range want {
		if !w.Addr().IsUnspecified() {
			addrs = append(addrs, w)
			continue
		}
		local, err := localAddrs()
		if err != nil {
			return nil, err
		}
		for _, a := range announced(local, w.Addr().Is4()) {
			addrs = append(addrs, netip.AddrPortFrom(a, w.Port()))
		}
	}
	if len(addrs) == 0 {
		return nil, errors.New("this machine has no address to listen on")
	}
	slices.SortFunc(addrs, func(a, b netip.AddrPort) int { return a.Compare(b) })
	return slices.Compact(addrs), nil
}

// announced returns the addresses that others can reach, or loopback where there
// are none. An IPv4 wildcard leaves out IPv6, an IPv6 wildcard means both.
func announced(local []netip.Addr, only4 bool) (addrs []netip.Addr) {
	usable := func(a netip.Addr) bool { return a.Is4() || !only4 }
	for _, a := range local {
		if usable(a) && a.IsGlobalUnicast() {
			addrs = append(addrs, a)
		}
	}
	if len(addrs) > 0 {
		return addrs
	}
	for _, a := range local {
		if usable(a) && a.IsLoopback() {
			addrs = append(addrs, a)
		}
	}
	return addrs
}

// localAddrs returns the addresses of this machine's interfaces.
func localAddrs() (addrs ownAddrs, err error) {
	nets, err := net.InterfaceAddrs()
	if err != nil {
		return nil, fmt.Errorf("list interface addresses: %w", err)
	}
	for _, n := range nets {
		if prefix, err := netip.ParsePrefix(n.String()); err == nil {
			addrs = append(addrs, prefix.Addr().Unmap())
		}
	}
	return addrs, nil
}

func onlyLoopback(addrs []netip.AddrPort) bool {
	return !slices.ContainsFunc(addrs, func(a netip.AddrPort) bool { return !a.Addr().IsLoopback() })
}
