package webhook

import (
	"context"
	"net/netip"
	"net/url"
	"strings"

	"github.com/conclave-meet/conclave/storage"
)

const maxURL = 2000 // bytes

// Fault says, for a person, why address cannot be a webhook's, or is empty. What a
// name stands for is looked at with every try.
func (s *Sender) Fault(address string) string {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Hostname() == "" || u.Opaque != "" || len(address) > maxURL:
		return "That is not a web address. Write it like https://hooks.example.org/conclave."
	case u.Scheme != "https" && (u.Scheme != "http" || !s.private):
		return "The address begins with https://: without TLS anybody on the way reads along."
	case u.User != nil:
		return "Leave the user and the password out of the address: messages are signed instead."
	case u.Fragment != "":
		return "Leave out what is behind the #: no server is sent it."
	}
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	ip, err := netip.ParseAddr(host)
	local := host == "localhost" || strings.HasSuffix(host, ".localhost")
	if err == nil && !reach(s.private).Allows(ip) || local && !s.private {
		return "The server does not connect to that address. Webhooks need one on the public internet, unless the operator allows others."
	}
	return ""
}

// Test sends an event of no meeting to a webhook now, once, and returns what came of
// it. It is noted in the webhook's log. How many are sent at once, the caller bounds.
func (s *Sender) Test(ctx context.Context, w storage.Webhook) (storage.Delivery, error) {
	secrets, err := s.db.WebhookSecrets(ctx, w.SiteID, w.ID)
	if err != nil {
		return storage.Delivery{}, err
	}
	e, err := storage.NewTestEvent(w)
	if err != nil {
		return storage.Delivery{}, err
	}
	e.URL, e.Secrets = w.URL, secrets
	d := s.try(ctx, e)
	return d, s.db.LogDelivery(context.WithoutCancel(ctx), e, d)
}
