package auth

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestMayDial(t *testing.T) {
	for address, want := range map[string]struct{ public, loopback bool }{
		"93.184.216.34:443":      {true, true},
		"10.1.2.3:443":           {true, true}, // many providers are in a private network
		"[2606:2800::1]:443":     {true, true},
		"127.0.0.1:443":          {false, true},
		"[::1]:443":              {false, true},
		"[::ffff:127.0.0.1]:443": {false, true},
		"169.254.169.254:80":     {false, false},
		"[fe80::1]:443":          {false, false},
		"0.0.0.0:443":            {false, false},
		"[::]:443":               {false, false},
		"224.0.0.1:443":          {false, false},
		"nonsense":               {false, false},
	} {
		if got := mayDial(address, false) == nil; got != want.public {
			t.Errorf("%s: %v", address, got)
		}
		if got := mayDial(address, true) == nil; got != want.loopback {
			t.Errorf("%s, from loopback: %v", address, got)
		}
	}
}

func TestOutboundIsBounded(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/away" {
			http.Redirect(w, r, "/", http.StatusFound)
			return
		}
		_, _ = w.Write(make([]byte, maxOutbound+1000))
	}))
	defer server.Close()
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
	if status, n, err := get(newOutbound(true), "/"); err != nil || status != http.StatusOK || n != maxOutbound {
		t.Errorf("read %d bytes, %d, %v", n, status, err)
	}
	if status, _, err := get(newOutbound(true), "/away"); err != nil || status != http.StatusFound {
		t.Errorf("a redirect: %d, %v", status, err)
	}
	if _, _, err := get(newOutbound(false), "/"); err == nil {
		t.Error("connected to this machine")
	}
}
