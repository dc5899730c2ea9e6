package load

import (
	"net"
	"net/netip"

	"github.com/pion/dtls/v3"
	"github.com/pion/logging"
	"github.com/pion/webrtc/v4"

	"github.com/conclave-meet/conclave/bench/control"
)

// earBuffer is the size of a client's receive buffer, in bytes.
const earBuffer = 1 << 20

// Ear is a client's UDP socket. A deaf one gets no RTP: the kernel drops it after
// it has come all the way, and counts it as dropped.
type Ear struct{ conn *net.UDPConn }

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
	e := &Ear{conn: conn}
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
