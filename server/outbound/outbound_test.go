package outbound

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"testing"
	"time"
)

func TestReach(t *testing.T) {
	for address, want := range map[string]struct{ public, private, loopback bool }{
		"93.184.216.34":                    {true, true, true},
		"2606:2800::1":                     {true, true, true},
		"64:ff9b::5db8:d822":               {true, true, true}, // 93.184.216.34 behind NAT64
		"2002:5db8:d822::1":                {true, true, true}, // and by 6to4
		"10.1.2.3":                         {false, true, false},
		"172.31.255.255":                   {false, true, false},
		"172.32.0.1":                       {true, true, true},
		"192.168.1.1":                      {false, true, false},
		"100.64.0.1":                       {false, true, false},
		"100.127.255.255":                  {false, true, false},
		"100.128.0.1":                      {true, true, true},
		"fd12:3456::1":                     {false, true, false},
		"::ffff:10.1.2.3":                  {false, true, false},
		"64:ff9b::a01:203":                 {false, true, false}, // 10.1.2.3
		"::ffff:0:10.1.2.3":                {false, true, false},
		"2002:a01:203::1":                  {false, true, false},
		"64:ff9b:1::a01:203":               {false, true, false}, // 10.1.2.3, by the network's own NAT64
		"64:ff9b:1::5db8:d822":             {false, true, false},
		"64:ff9b:1::a9fe:a9fe":             {},
		"64:ff9b:1:2::a9fe:a9fe":           {},
		"64:ff9b:1:a9fe:a9:fe00:5db8:d822": {}, // 169.254.169.254 behind 48 bits
		"64:ff9b:1:a9:fe:a9fe:5db8:d822":   {}, // and behind 56
		"64:ff9b:1::7f00:1":                {}, // both have to be allowed
		"127.0.0.1":                        {false, false, true},
		"127.9.9.9":                        {false, false, true},
		"::1":                              {false, false, true},
		"::ffff:127.0.0.1":                 {false, false, true},
		"::127.0.0.1":                      {false, false, true},
		"64:ff9b::7f00:1":                  {false, false, true},
		"2002:7f00:1::":                    {false, false, true},
		"0.0.0.0":                          {},
		"0.1.2.3":                          {},
		"::":                               {},
		"169.254.169.254":                  {},
		"::ffff:169.254.169.254":           {},
		"64:ff9b::a9fe:a9fe":               {},
		"2002:a9fe:a9fe::":                 {},
		"100.100.100.200":                  {},
		"192.0.0.192":                      {},
		"168.63.129.16":                    {},
		"fd00:ec2::254":                    {},
		"fe80::1":                          {},
		"fe80::1%eth0":                     {},
		"febf::1":                          {},
		"2001:0:5db8:d822::1":              {},
		"224.0.0.1":                        {},
		"ff02::1":                          {},
		"255.255.255.255":                  {},
	} {
		ip := netip.MustParseAddr(address)
		got := [3]bool{Reach{}.Allows(ip), Reach{Private: true}.Allows(ip), Reach{Loopback: true}.Allows(ip)}
		if got != [3]bool{want.public, want.private, want.loopback} {
			t.Errorf("%s: %v, want %+v", address, got, want)
		}
	}
	if (Reach{Loopback: true, Private: true, Own: true}).Allows(netip.Addr{}) {
		t.Error("no address at all is allowed")
	}
}

func TestAClientIsBounded(t *testing.T) {
	const most = 1000
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/away":
			http.Redirect(w, r, "/", http.StatusFound)
		case "/never":
			<-r.Context().Done()
		default:
			_, _ = w.Write(make([]byte, 2*most))
		}
	}))
	defer server.Close()
	here := NewClient(Options{Reach: Reach{Loopback: true}, Patience: 10 * time.Second, MaxBytes: most})
	get := func(client *http.Client, path string) (int, int, error) {
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+path, nil)
		response, err := client.Do(r)
		if err != nil {
			return 0, 0, err
		}
		defer func() { _ = response.Body.Close() }()
		body, _ := io.ReadAll(response.Body)
		return response.StatusCode, len(body), nil
	}
	if status, n, err := get(here, "/"); err != nil || status != http.StatusOK || n != most {
		t.Errorf("read %d bytes, %d, %v", n, status, err)
	}
	if status, _, err := get(here, "/away"); err != nil || status != http.StatusFound {
		t.Errorf("a redirect: %d, %v", status, err)
	}
	if _, _, err := get(NewClient(Options{Patience: 10 * time.Second, MaxBytes: most}), "/"); !errors.Is(err, ErrAddress) {
		t.Errorf("connected to this machine: %v", err)
	}
	hasty := NewClient(Options{Reach: Reach{Loopback: true}, Patience: 50 * time.Millisecond, MaxBytes: most})
	if _, _, err := get(hasty, "/never"); err == nil {
		t.Error("waited for an answer that never came")
	}
}

// This machine is not reached by the addresses either that others reach it at.
func TestAClientStaysOffItsOwnMachine(t *testing.T) {
	all, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(all, func(a net.Addr) bool {
		of, err := netip.ParsePrefix(a.String())
		return err == nil && Reach{Private: true}.Allows(of.Addr())
	})
	if at < 0 {
		t.Skip("this machine has no address that others reach it at")
	}
	host := netip.MustParsePrefix(all[at].String()).Addr().String()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		t.Fatal(err)
	}
	server := &httptest.Server{Listener: listener, Config: &http.Server{
		Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}), ReadHeaderTimeout: time.Second,
	}}
	server.Start()
	defer server.Close()
	for _, tt := range []struct {
		reach Reach
		want  error
	}{
		{Reach{Private: true}, ErrAddress},
		{Reach{Private: true, Own: true}, nil}, // the controls
		{Reach{Private: true, Loopback: true}, nil},
	} {
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
		response, err := NewClient(Options{Reach: tt.reach, Patience: 10 * time.Second, MaxBytes: 1000}).Do(r)
		if err == nil {
			_ = response.Body.Close()
		}
		if !errors.Is(err, tt.want) {
			t.Errorf("%+v: %v, want %v", tt.reach, err, tt.want)
		}
	}
}
