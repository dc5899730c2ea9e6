package egress

import (
	"net"
	"net/netip"
	"sync/atomic"
)

// plain sends each datagram by itself, on the socket that also receives.
type plain struct {
	conn                    *net.UDPConn
	packets, direct, failed atomic.Int64
}

func (s *plain) write(p []byte, to netip.AddrPort) (int, error) {
	n, err := s.conn.WriteToUDPAddrPort(p, to)
	switch {
	case !IsRTP(p):
		s.direct.Add(1)
	case err != nil:
		s.failed.Add(1)
	default:
		s.packets.Add(1)
	}
	return n, err
}

func (s *plain) flush() {}

func (s *plain) close() {}

func (s *plain) count(into *Stats) {
	sent, failed := s.packets.Load(), s.failed.Load()
	*into = into.Add(Stats{Packets: sent, Messages: sent, Calls: sent + failed, Direct: s.direct.Load(), Failed: failed})
}
