package auth

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

// What a provider's answers may take. It is named by a site's administrator, who
// need not be the operator, so it is not trusted with our time or memory.
const (
	outboundPatience = 10 * time.Second
	maxOutbound      = 1 << 20 // bytes of an answer
)

var errOutbound = errors.New("not an address that the server connects to")

// newOutbound returns a client that follows no redirect, reads little and waits
// not long. It does not connect to the server's own machine, unless loopback is
// set, nor to what only this machine's surroundings have, like the metadata of a
// cloud. Private networks it does connect to: many providers are in one.
func newOutbound(loopback bool) *http.Client {
	dialer := &net.Dialer{Timeout: outboundPatience / 2, Control: func(_, address string, _ syscall.RawConn) error {
		return mayDial(address, loopback) // after the name was resolved
	}}
	return &http.Client{
		Timeout: outboundPatience,
		Transport: limited{&http.Transport{
			DialContext: dialer.DialContext, TLSHandshakeTimeout: outboundPatience / 2,
			ResponseHeaderTimeout: outboundPatience, MaxResponseHeaderBytes: 64 << 10,
			MaxIdleConns: 8, IdleConnTimeout: time.Minute, ForceAttemptHTTP2: true,
		}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func mayDial(address string, loopback bool) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return errOutbound
	}
	ip := to.Addr().Unmap()
	if ip.IsLoopback() && loopback {
		return nil
	}
	if ip.IsLoopback() || ip.IsUnspecified() || ip.IsMulticast() || ip.IsLinkLocalUnicast() {
		return errOutbound
	}
	return nil
}

// limited reads no more than maxOutbound of an answer.
type limited struct{ next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (l limited) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := l.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	response.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(response.Body, maxOutbound), response.Body}
	return response, nil
}
