package webhook

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"github.com/conclave-meet/conclave/server/outbound"
	"github.com/conclave-meet/conclave/storage"
)

func TestFault(t *testing.T) {
	public, private := NewSender(nil, false), NewSender(nil, true)
	for address, want := range map[string]struct{ public, private bool }{
		"https://hooks.example.org/in?key=1":           {true, true},
		"https://hooks.example.org:8443":               {true, true},
		"https://93.184.216.34/":                       {true, true},
		"https://[2606:2800::1]/":                      {true, true},
		"http://hooks.example.org/":                    {false, true},
		"https://localhost/":                           {false, true},
		"https://a.localhost./":                        {false, true},
		"https://127.0.0.1:8443/":                      {false, true},
		"https://10.0.0.1/":                            {false, true},
		"https://[::ffff:10.0.0.1]/":                   {false, true},
		"https://[fd00::1]/":                           {false, true},
		"https://169.254.169.254/latest/meta-data":     {},
		"https://user:pass@hooks.example.org/":         {},
		"https://hooks.example.org/#secret":            {},
		"ftp://hooks.example.org/":                     {},
		"file:///etc/passwd":                           {},
		"https:hooks.example.org":                      {},
		"https:///in":                                  {},
		"hooks.example.org":                            {},
		"":                                             {},
		"https://hooks.example.org:99999999/":          {true, true}, // no port: every try says so
		"https://a/" + strings.Repeat("a", maxURL):     {},
		"https://hooks.example.org/\x00":               {},
		"https://hooks.example.org/ with spaces/there": {true, true},
	} {
		if got := public.Fault(address); (got == "") != want.public {
			t.Errorf("%.60q: %q", address, got)
		}
		if got := private.Fault(address); (got == "") != want.private {
			t.Errorf("%.60q, where private ones are allowed: %q", address, got)
		}
	}
}

// names is a real DNS server on this machine that knows one address for all names.
type names struct {
	conn net.PacketConn
	at   atomic.Pointer[netip.Addr]
}

func openNames(t *testing.T) *names {
	t.Helper()
	conn, err := (&net.ListenConfig{}).ListenPacket(t.Context(), "udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	n := &names{conn: conn}
	done := make(chan struct{})
	go func() { defer close(done); n.serve() }()
	t.Cleanup(func() { _ = conn.Close(); <-done })
	return n
}

func (n *names) serve() {
	packet := make([]byte, 1500)
	for {
		size, from, err := n.conn.ReadFrom(packet)
		if err != nil {
			return
		}
		var m dnsmessage.Message
		if m.Unpack(packet[:size]) != nil || len(m.Questions) != 1 {
			continue
		}
		m.Response, m.Authoritative, m.Additionals = true, true, nil
		if q := m.Questions[0]; q.Type == dnsmessage.TypeA {
			m.Answers = []dnsmessage.Resource{{
				Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, Type: q.Type},
				Body:   &dnsmessage.AResource{A: n.at.Load().As4()},
			}}
		}
		if packed, err := m.Pack(); err == nil {
			_, _ = n.conn.WriteTo(packed, from)
		}
	}
}

// resolver asks it, and nobody else.
func (n *names) resolver() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", n.conn.LocalAddr().String())
	}}
}

// A name that stands for a public address when a webhook is made, and for one of the
// server's own later, brings nobody there. The address 127.0.0.5 stands in for the
// public internet.
func TestANameThatMoves(t *testing.T) {
	outside, inside := netip.MustParseAddr("127.0.0.5"), netip.MustParseAddr("127.0.0.1")
	in := openReceiver(t, answering(http.StatusOK))
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.5:0")
	if err != nil {
		t.Skip("this machine has one loopback address only:", err)
	}
	public := &http.Server{Handler: in, ReadHeaderTimeout: time.Minute}
	go func() { _ = public.Serve(listener) }()
	t.Cleanup(func() { _ = public.Close() })
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	var reached atomic.Int32
	behind := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	if behind.Listener, err = (&net.ListenConfig{}).Listen(t.Context(), "tcp", net.JoinHostPort("127.0.0.1", port)); err != nil {
		t.Skip("the port is taken:", err)
	}
	behind.Start()
	defer behind.Close()

	dns := openNames(t)
	dns.at.Store(&outside)
	o := newOffice(t, database(t))
	allow := func(ip netip.Addr) bool { return ip == outside }
	connect := func(options *outbound.Options) {
		options.Resolver, options.Allow = dns.resolver(), allow
		options.Transport = func(transport *http.Transport) { transport.DisableKeepAlives = true }
	}
	o.hasty(5*time.Second, connect)
	w := o.tell(t, "http://hooks.example:"+port+"/")
	o.hold(t, "m-1", 0)
	o.work(t)
	dns.at.Store(&inside)
	o.hold(t, "m-2", 0)
	o.work(t)
	log := o.log(t, w)
	if len(log) != 2 || log[1].Outcome != delivered || log[0].Outcome != badAddress || reached.Load() != 0 || len(in.receipts()) != 1 {
		t.Errorf("%+v; %d came inside", log, reached.Load())
	}
	allow = func(netip.Addr) bool { return true } // the control
	o.hasty(5*time.Second, connect)
	o.hurry(t)
	o.work(t)
	if reached.Load() != 1 {
		t.Error("without the check it does not come inside either: the test proves nothing")
	}
}

// What the operator allowed is not sent to any more when they do not.
func TestPrivateOnesAreAllowedNoMore(t *testing.T) {
	in := openReceiver(t, answering(http.StatusOK))
	o := newOffice(t, database(t))
	o.hasty(5*time.Second, func(options *outbound.Options) { options.Allow = func(netip.Addr) bool { return true } })
	w := o.tell(t, in.URL)
	for i, want := range []string{delivered, badAddress} {
		o.private = want == delivered
		o.hold(t, fmt.Sprint("m-", i), 0)
		o.work(t)
		if d, err := o.Test(t.Context(), w); err != nil || d.Outcome != want {
			t.Errorf("a test: %+v, %v, want %s", d, err, want)
		}
		if log := o.log(t, w); len(log) != 2*(i+1) || log[0].Outcome != want || log[1].Outcome != want {
			t.Errorf("%+v, want %s", log, want)
		}
	}
	if n := len(in.receipts()); n != 2 {
		t.Errorf("%d messages came", n)
	}
}

func TestATestOfAWebhook(t *testing.T) {
	in := openReceiver(t, answering(http.StatusTeapot))
	o := newOffice(t, database(t))
	w := o.tell(t, in.URL)
	d, err := o.Test(t.Context(), w)
	if err != nil || d.Outcome != status || d.Status != http.StatusTeapot || d.Type != storage.TestEvent {
		t.Errorf("%+v, %v", d, err)
	}
	secrets, _ := o.db.WebhookSecrets(t.Context(), o.site, w.ID)
	if got := in.receipts(); len(got) != 1 || got[0].kind != storage.TestEvent || !got[0].signedBy(secrets[0]) {
		t.Errorf("%+v", got)
	}
	if waiting, dead := o.waiting(t); len(o.log(t, w)) != 1 || waiting+dead != 0 {
		t.Error("a test is not in the log, or is in the queue")
	}
}

// What is taken as an address is one that a request can be made of, and has neither
// a user nor plain http.
func FuzzFault(f *testing.F) {
	for _, seed := range []string{"https://hooks.example.org/in?a=b", "https://[::1]:8443", "https://a@b", "https://%31/", "https://①②⑦.0.0.1/"} {
		f.Add(seed)
	}
	s := NewSender(nil, false)
	f.Fuzz(func(t *testing.T, address string) {
		if s.Fault(address) != "" {
			return
		}
		r, err := request(t.Context(), storage.WebhookEvent{URL: address, Secrets: []string{newSecret()}}, time.Now())
		if err != nil || r.URL.Scheme != "https" || r.URL.User != nil || r.URL.Host == "" {
			t.Errorf("%q is taken: %v", address, err)
		}
	})
}
