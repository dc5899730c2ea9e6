// Package control is how the bench tells a server under test who takes part: a
// few requests over HTTP, on a port of the server's choice. The server reads its
// standard input and stops when that ends, so none is left behind.
package control

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"time"
)

// Join asks for an answer to a client's one offer.
type Join struct {
	ID    string
	Leaf  int    // in the group's tree, see docs/e2ee.md
	Offer string // SDP, in the shape that docs/protocol.md describes
	Watch []View // what the client gets in its slots, in their order
}

// View is one slot and what it shows.
type View struct {
	Mid    string // of the slot
	Peer   string // whose
	Source Source
}

// Source is what a peer sends.
type Source string

// The sources of the bench.
const (
	Microphone Source = "microphone"
	Camera     Source = "camera"
)

// Room is what a server under test does.
type Room interface {
	// Join takes a client in and returns the answer (SDP). What it watches may
	// join later.
	Join(ctx context.Context, j Join) (answer string, err error)
}

// maxBody bounds what a server reads of a request, in bytes.
const maxBody = 1 << 20

// Listening is the line that a server prints first.
type Listening struct{ URL string }

// Serve prints where it listens, and takes clients into room until standard input
// ends.
func Serve(room Room) error {
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // once, at the start
	if err != nil {
		return err
	}
	server := &http.Server{Handler: handler(room), ReadHeaderTimeout: 10 * time.Second}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		_ = server.Close()
	}()
	if err := json.NewEncoder(os.Stdout).Encode(Listening{URL: "http://" + l.Addr().String()}); err != nil {
		return err
	}
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func handler(room Room) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /join", func(w http.ResponseWriter, r *http.Request) {
		var j Join
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(&j); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		answer, err := room.Join(r.Context(), j)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		_, _ = io.WriteString(w, answer)
	})
	return mux
}

// Client speaks to a server at a URL.
type Client struct{ URL string }

// Join implements Room.
func (c Client) Join(ctx context.Context, j Join) (answer string, err error) {
	body, err := json.Marshal(j)
	if err != nil {
		return "", err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.URL+"/join", bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(resp.Body, maxBody))
	if err != nil {
		return "", err
	}
	if resp.StatusCode != http.StatusOK {
		return "", fmt.Errorf("join %s: %s: %s", j.ID, resp.Status, text)
	}
	return string(text), nil
}

// Address returns the IPv4 address that servers and clients of a bench use: one
// that others could reach, so that each server behaves as in earnest, or loopback
// where there is none.
func Address() (netip.Addr, error) {
	nets, err := net.InterfaceAddrs()
	if err != nil {
		return netip.Addr{}, err
	}
	for _, n := range nets {
		prefix, err := netip.ParsePrefix(n.String())
		if err == nil && prefix.Addr().Is4() && prefix.Addr().IsGlobalUnicast() {
			return prefix.Addr(), nil
		}
	}
	return netip.AddrFrom4([4]byte{127, 0, 0, 1}), nil
}
