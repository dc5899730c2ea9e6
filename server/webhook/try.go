package webhook

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/conclave-meet/conclave/server/outbound"
	"github.com/conclave-meet/conclave/storage"
)

// What can come of a try. storage.OutcomeFull is one of an event that was never
// tried.
const (
	delivered   = "delivered"  // it was answered with 2xx
	status      = "status"     // it was answered with something else
	redirected  = "redirect"   // it was answered with 3xx, which is not followed
	gone        = "gone"       // it was answered with 410: the receiver wants no more
	timeout     = "timeout"    // it was not answered in time
	badAddress  = "address"    // it is, or its name stands for, an address that the server does not connect to
	noName      = "name"       // the name was not found
	badTLS      = "tls"        // there is no TLS, or not with a certificate that is trusted
	unconnected = "connection" // there was no connection, or it broke
	internal    = "internal"   // it could not be sent
)

// try sends an event once.
func (s *Sender) try(ctx context.Context, e storage.WebhookEvent) storage.Delivery {
	began := time.Now()
	d := storage.Delivery{EventID: e.ID, Type: e.Type, At: began, Try: e.Tries + 1}
	d.Status, d.Outcome = s.post(ctx, e, began)
	d.Took = time.Since(began)
	return d
}

// post returns the status of the answer, or 0, and what came of it. What went wrong
// is told by its kind alone: an error quotes the address, and that may hold a secret.
func (s *Sender) post(ctx context.Context, e storage.WebhookEvent, at time.Time) (code int, outcome string) {
	if s.Fault(e.URL) != "" { // the operator allowed it once, and does not any more
		return 0, badAddress
	}
	request, err := request(ctx, e, at)
	if err != nil {
		return 0, internal
	}
	response, err := s.client.Do(request)
	if err != nil {
		return 0, kindOf(err)
	}
	defer func() { _ = response.Body.Close() }()
	_, _ = io.Copy(io.Discard, response.Body) // so that the connection is good for another
	return response.StatusCode, meaning(response.StatusCode)
}

// request is a message as Standard Webhooks has it. Its time is of the try: a
// receiver refuses what is old.
func request(ctx context.Context, e storage.WebhookEvent, at time.Time) (*http.Request, error) {
	signature, err := sign(e.Secrets, e.ID, at, e.Payload)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, e.URL, bytes.NewReader(e.Payload))
	if err != nil {
		return nil, fmt.Errorf("make request: %w", err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "Conclave-Webhooks/1")
	r.Header.Set("Webhook-Id", e.ID)
	r.Header.Set("Webhook-Timestamp", strconv.FormatInt(at.Unix(), 10))
	r.Header.Set("Webhook-Signature", signature)
	return r, nil
}

func meaning(code int) string {
	switch {
	case code/100 == 2:
		return delivered
	case code/100 == 3:
		return redirected
	case code == http.StatusGone:
		return gone
	default:
		return status
	}
}

// kindOf says what kept a request from being answered.
func kindOf(err error) string {
	if errors.Is(err, outbound.ErrAddress) {
		return badAddress
	}
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return noName
	}
	if isTLS(err) {
		return badTLS
	}
	if timed, ok := errors.AsType[net.Error](err); ok && timed.Timeout() {
		return timeout
	}
	return unconnected
}

func isTLS(err error) bool {
	_, unverified := errors.AsType[*tls.CertificateVerificationError](err)
	_, otherHost := errors.AsType[x509.HostnameError](err)
	_, noTLS := errors.AsType[tls.RecordHeaderError](err)
	_, alert := errors.AsType[tls.AlertError](err)
	return unverified || otherHost || noTLS || alert || errors.Is(err, http.ErrSchemeMismatch)
}
