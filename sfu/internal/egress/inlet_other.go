//go:build !linux

package egress

import (
	"errors"
	"net"
	"net/netip"
)

// inlet is Linux's alone.
type inlet struct{}

func newInlet(*net.UDPConn) (*inlet, error) { return nil, errors.ErrUnsupported }

func (*inlet) take([]byte) (int, netip.AddrPort, error) {
	return 0, netip.AddrPort{}, errors.ErrUnsupported
}
