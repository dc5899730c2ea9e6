package auth

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

// A provider of the server's own machine is asked only where the server is one of
// this machine; the rest of the rules are server/outbound's.
func TestProvidersAreAskedWithinBounds(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write(make([]byte, maxOutbound+1000))
	}))
	defer server.Close()
	get := func(client *http.Client) (int, error) {
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
		response, err := client.Do(r)
		if err != nil {
			return 0, err
		}
		defer func() { _ = response.Body.Close() }()
		body, _ := io.ReadAll(response.Body)
		return len(body), nil
	}
	if n, err := get(newOutbound(true)); err != nil || n != maxOutbound {
		t.Errorf("read %d bytes, %v", n, err)
	}
	if _, err := get(newOutbound(false)); err == nil {
		t.Error("connected to this machine")
	}
}
