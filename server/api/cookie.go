package api

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/conclave-meet/conclave/server/auth"
)

// cookies are those of one site. Over TLS they are bound to its host by the
// __Host- prefix, which browsers refuse without it.
type cookies struct{ secure bool }

func cookiesOf(site *url.URL) cookies { return cookies{secure: site.Scheme == "https"} }

func (k cookies) name(base string) string {
	if k.secure {
		return "__Host-" + base
	}
	return base
}

func (k cookies) make(base, value string, life time.Duration, sameSite http.SameSite) *http.Cookie {
	return &http.Cookie{ //nolint:gosec // Secure wherever there is TLS to be had
		Name: k.name(base), Value: value, Path: "/", MaxAge: int(life.Seconds()),
		Secure: k.secure, HttpOnly: true, SameSite: sameSite,
	}
}

const loginCookie = "conclave-login"

// login holds a login's token. A link from elsewhere finds its user signed in.
func (k cookies) login(token string) *http.Cookie {
	return k.make(loginCookie, token, auth.MaxLoginAge, http.SameSiteLaxMode)
}

// noLogin deletes it.
func (k cookies) noLogin() *http.Cookie {
	return k.make(loginCookie, "", -time.Second, http.SameSiteLaxMode)
}

// stayCookie is the name of the cookie for one stay; several tabs of a browser
// may be in several meetings.
func stayCookie(participantID string) string { return "conclave-stay-" + participantID }

// stay goes with a ticket, and lives as long.
func (k cookies) stay(participantID, value string) *http.Cookie {
	return k.make(stayCookie(participantID), value, auth.TicketLife, http.SameSiteStrictMode)
}

// value returns what r's cookie holds, or nothing.
func (k cookies) value(r *http.Request, base string) string {
	c, err := r.Cookie(k.name(base))
	if err != nil {
		return ""
	}
	return c.Value
}

// StayCookie returns what the cookie that was set with ticket holds, if it came
// with r, for auth.Tickets.Redeem. Site is the address the site is served under.
func StayCookie(r *http.Request, site *url.URL, ticket string) string {
	participantID, _, _ := strings.Cut(ticket, ".")
	return cookiesOf(site).value(r, stayCookie(participantID))
}
