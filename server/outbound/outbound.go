// Package outbound makes the clients that connect from the server to addresses
// which somebody else names: a site's administrator, who need not be the operator.
// Such an address is not trusted with our time or memory, and it does not reach
// what only the server's surroundings can reach. The package does not know what is
// sent or asked for.
package outbound

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

// ErrAddress says that a name stands for an address that the server does not
// connect to.
var ErrAddress = errors.New("not an address that the server connects to")

// Options are what a client may do.
type Options struct {
	Reach    Reach
	Patience time.Duration // for a request and all of its answer
	MaxBytes int64         // of an answer that are read
	// Resolver looks names up; nil for the system's own.
	Resolver *net.Resolver
	// Allow decides instead of Reach, where it is set.
	Allow func(netip.Addr) bool
	// Transport changes what requests go through, where it is set: to trust another
	// authority, for example.
	Transport func(*http.Transport)
}

// NewClient returns a client that follows no redirect, asks no proxy, reads little
// and waits not long. Whether it may connect is asked of each address, after the
// name was looked up and just before the connection is made: a name that stands for
// another address by then wins nothing.
func NewClient(o Options) *http.Client {
	if o.Allow == nil {
		o.Allow = o.Reach.connects
	}
	dialer := &net.Dialer{
		Timeout: o.Patience / 2, Resolver: o.Resolver,
		ControlContext: func(_ context.Context, _, address string, _ syscall.RawConn) error { return o.check(address) },
	}
	transport := &http.Transport{
		DialContext: dialer.DialContext, TLSHandshakeTimeout: o.Patience / 2,
		ResponseHeaderTimeout: o.Patience, MaxResponseHeaderBytes: 64 << 10,
		MaxIdleConns: 8, IdleConnTimeout: time.Minute, ForceAttemptHTTP2: true,
	}
	if o.Transport != nil {
		o.Transport(transport)
	}
	return &http.Client{
		Timeout:       o.Patience,
		Transport:     limited{transport, o.MaxBytes},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// check refuses an address, as the dialer has it.
func (o Options) check(address string) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil || !o.Allow(to.Addr()) {
		return ErrAddress
	}
	return nil
}

// limited reads no more than most bytes of an answer.
type limited struct {
	next http.RoundTripper
	most int64
}

// RoundTrip implements http.RoundTripper.
func (l limited) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := l.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	response.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(response.Body, l.most), response.Body}
	return response, nil
}
