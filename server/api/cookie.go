package api

import (
	"net/http"
	"strings"
	"time"

	"github.com/conclave-meet/conclave/server/auth"
	"github.com/conclave-meet/conclave/server/site"
)

// cookies are those of one site. Over TLS they are bound to its host by the
// __Host- prefix, which browsers refuse without it. That wants the path to be /,
// so sites that share a host are told apart by the names.
type cookies struct {
	secure bool
	suffix string
	framed bool
}

func cookiesOf(s *site.Site) cookies {
	k := cookies{secure: s.URL.Scheme == "https"}
	if s.Cookie != "" {
		k.suffix = "." + s.Cookie
	}
	return k
}

// inFrame returns those for a page in a frame of another site's page. Browsers
// keep them in a jar for the two together, or not at all; Secure they want even
// where a loopback address does without TLS.
func (k cookies) inFrame(framed bool) cookies {
	k.framed = framed
	return k
}

func (k cookies) name(base string) string {
	if k.secure {
		return "__Host-" + base + k.suffix
	}
	return base + k.suffix
}

func (k cookies) make(base, value string, life time.Duration, sameSite http.SameSite) *http.Cookie {
	if k.framed {
		sameSite = http.SameSiteNoneMode
	}
	return &http.Cookie{ //nolint:gosec // Secure wherever there is TLS to be had
		Name: k.name(base), Value: value, Path: "/", MaxAge: int(life.Seconds()),
		Secure: k.secure || k.framed, HttpOnly: true, SameSite: sameSite, Partitioned: k.framed,
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

const flowCookie = "conclave-signin"

// flow goes with a sign-in at the site's provider, which sends the browser back
// by a link: a stricter cookie would not come along.
func (k cookies) flow(secret string) *http.Cookie {
	return k.make(flowCookie, secret, auth.FlowLife, http.SameSiteLaxMode)
}

// noFlow deletes it.
func (k cookies) noFlow() *http.Cookie {
	return k.make(flowCookie, "", -time.Second, http.SameSiteLaxMode)
}

// stayCookie is the name of the cookie for one stay; several tabs of a browser
// may be in several meetings.
func stayCookie(participantID string) string { return "conclave-stay-" + participantID }

// stay goes with a ticket, and later proves whose the stay was.
func (k cookies) stay(participantID, value string) *http.Cookie {
	return k.make(stayCookie(participantID), value, auth.StayLife, http.SameSiteStrictMode)
}

// mostStays is how many stays a browser keeps the cookies of.
const mostStays = 8

// noOldStays deletes those of r's cookies for stays that are older than the newest
// few, and not that of participantID. Browsers send the oldest first (RFC 6265 §5.4).
func (k cookies) noOldStays(r *http.Request, participantID string) (old []*http.Cookie) {
	for _, c := range r.Cookies() {
		_, id, _ := strings.Cut(strings.TrimSuffix(c.Name, k.suffix), stayCookie(""))
		if auth.IsParticipantID(id) && c.Name == k.name(stayCookie(id)) && id != participantID {
			old = append(old, k.make(stayCookie(id), "", -time.Second, http.SameSiteStrictMode))
		}
	}
	return old[:max(0, len(old)-mostStays)]
}

// value returns what r's cookie holds, or nothing.
func (k cookies) value(r *http.Request, base string) string {
	c, err := r.Cookie(k.name(base))
	if err != nil {
		return ""
	}
	return c.Value
}

// StayCookies returns what the cookies of stays hold that came with r, which is for
// site s: those of one browser. Who sends more than a browser keeps is not heard out.
func StayCookies(r *http.Request, s *site.Site) (values []string) {
	k := cookiesOf(s)
	for _, c := range r.Cookies() {
		_, id, _ := strings.Cut(strings.TrimSuffix(c.Name, k.suffix), stayCookie(""))
		if auth.IsParticipantID(id) && c.Name == k.name(stayCookie(id)) && len(values) < 2*mostStays {
			values = append(values, c.Value)
		}
	}
	return values
}

// StayCookie returns what the cookie that was set with ticket holds, if it came
// with r, which is for site s. It is what auth.Tickets.Redeem wants.
func StayCookie(r *http.Request, s *site.Site, ticket string) string {
	participantID, _, _ := strings.Cut(ticket, ".")
	return cookiesOf(s).value(r, stayCookie(participantID))
}
