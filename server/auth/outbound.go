package auth

import (
	"net/http"
	"time"

	"github.com/conclave-meet/conclave/server/outbound"
)

// What a provider's answers may take.
const (
	outboundPatience = 10 * time.Second
	maxOutbound      = 1 << 20 // bytes of an answer
)

// newOutbound returns the client that asks providers. It does not connect to loopback
// addresses, unless loopback is set. Private networks it does connect to, and the
// machine's other addresses: many providers are there.
func newOutbound(loopback bool) *http.Client {
	return outbound.NewClient(outbound.Options{
		Reach: outbound.Reach{Loopback: loopback, Private: true, Own: true}, Patience: outboundPatience, MaxBytes: maxOutbound,
	})
}
