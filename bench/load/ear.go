package load

import (
	"bufio"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"

	"github.com/pion/dtls/v3"
	"github.com/pion/logging"
	"github.com/pion/webrtc/v4"

	"github.com/conclave-meet/conclave/bench/control"
)

// earBuffer is the size of a client's receive buffer, in bytes.
const earBuffer = 1 << 20

// Ear is a client's UDP socket. A deaf one gets no RTP: the kernel drops it after
// it has come all the way, and counts it as dropped.
type Ear struct {
	conn *net.UDPConn
	port uint16
}

// NewEar opens a socket on the bench's address.
func NewEar(deaf bool) (*Ear, error) {
	addr, err := control.Address()
	if err != nil {
		return nil, err
	}
	conn, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(netip.AddrPortFrom(addr, 0)))
	if err != nil {
		return nil, err
	}
	_ = conn.SetReadBuffer(earBuffer)
	e := &Ear{conn: conn, port: conn.LocalAddr().(*net.UDPAddr).AddrPort().Port()} //nolint:forcetypeassert // net documents it
	if deaf {
		if err := e.deafen(); err != nil {
			_ = conn.Close()
			return nil, err
		}
	}
	return e, nil
}

// settings makes Pion use the socket, and nothing but AES-GCM with 128 bits: what
// all servers of the bench speak.
func (e *Ear) settings(s *webrtc.SettingEngine) {
	quiet := &logging.DefaultLoggerFactory{DefaultLogLevel: logging.LogLevelDisabled}
	s.SetICEUDPMux(webrtc.NewICEUDPMux(quiet.NewLogger("ice"), e.conn))
	s.SetSRTPProtectionProfiles(dtls.SRTP_AEAD_AES_128_GCM)
}

// Close closes the socket.
func (e *Ear) Close() error { return e.conn.Close() }

// readDrops returns how many datagrams the kernel has dropped at each UDP port of
// this machine, of all its addresses together.
func readDrops() (map[uint16]uint64, error) {
	f, err := os.Open("/proc/net/udp")
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	drops := make(map[uint16]uint64)
	lines := bufio.NewScanner(f)
	lines.Scan() // the names of the columns
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) < 13 {
			return nil, fmt.Errorf("/proc/net/udp: %q", lines.Text())
		}
		_, hex, _ := strings.Cut(fields[1], ":")
		port, err := strconv.ParseUint(hex, 16, 16)
		if err != nil {
			return nil, fmt.Errorf("/proc/net/udp: %w", err)
		}
		n, err := strconv.ParseUint(fields[12], 10, 64)
		if err != nil {
			return nil, fmt.Errorf("/proc/net/udp: %w", err)
		}
		drops[uint16(port)] += n
	}
	return drops, lines.Err()
}
