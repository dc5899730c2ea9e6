//go:build !linux

package egress

import (
	"errors"
	"net"
)

// batching is Linux's alone.
func batching(*net.UDPConn) (sender, error) { return nil, errors.ErrUnsupported }
