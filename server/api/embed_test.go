package api

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/conclave-meet/conclave/signaling/policy"
)

const embedder = "https://www.example.org"

// framed is a request from within a page of origin.
func framed(body, origin string) string {
	return strings.Replace(body, "{", fmt.Sprintf(`{"embeddedBy":%q,`, origin), 1)
}

// Only pages that the site names may show its meetings, and not a moment longer
// than it names them: also not in frames that were loaded before.
func TestWhoMayEmbed(t *testing.T) {
	s := newServer(t, "https://meet.example.org")
	ada := s.signedIn(t, "Ada", policy.SiteHost)
	m := ada.schedule(t)
	preview := fmt.Sprintf(`{"meetingNumber":%q,"linkProof":%q}`, m.text("meetingNumber"), proofOf(t, m))
	named := `{"embedOrigins":["https://www.example.org","https://other.example:8443"]}`
	for _, tt := range []struct {
		name, rules, origin string
		may                 bool
	}{
		{"named", named, embedder, true},
		{"named with a port", named, "https://other.example:8443", true},
		{"in no frame", named, "", true},
		{"in no frame, of a site without frames", `{}`, "", true},
		{"taken off the list", `{"embedOrigins":["https://other.example:8443"]}`, embedder, false},
		{"nobody is named", `{}`, embedder, false},
		{"ourselves, not named", named, "https://meet.example.org", false},
		{"another port", named, embedder + ":8443", false},
		{"without TLS", named, "http://www.example.org", false},
		{"a longer name", named, embedder + ".evil.example", false},
		{"a path", named, embedder + "/", false},
		{"null", named, "null", false},
		{"all", named, "*", false},
		{"a list", named, "https://www.example.org https://other.example:8443", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s.setRulesText(t, tt.rules)
			for path, body := range map[string]string{"/v1/meetings/join": byLink(t, m), "/v1/meetings/preview": preview} {
				got := s.browser().post(t, path, framed(body, tt.origin))
				if tt.may {
					expect(t, got, http.StatusOK, "")
				} else {
					expect(t, got, http.StatusForbidden, "embedding_refused")
				}
			}
		})
	}
}

// Who may not embed learns nothing of a meeting.
func TestWhoMayNotEmbedLearnsNothing(t *testing.T) {
	s := newServer(t, "https://meet.example.org")
	m := s.signedIn(t, "Ada", policy.SiteHost).schedule(t)
	right := s.browser().post(t, "/v1/meetings/join", framed(byLink(t, m), embedder))
	wrong := s.browser().post(t, "/v1/meetings/join", framed(byPassword("99999999999", "guess"), embedder))
	expect(t, right, http.StatusForbidden, "embedding_refused")
	if right.Body.String() != wrong.Body.String() || len(right.Result().Cookies()) > 0 { //nolint:bodyclose // a recorder's
		t.Errorf("the right link: %s, a wrong number: %s", right.Body, wrong.Body)
	}
}

// The cookie of a stay in a frame goes into the jar of the two pages together; all
// others stay as strict as they were.
func TestTheCookieOfAStayInAFrame(t *testing.T) {
	for _, tt := range []struct{ site, name string }{{plainSite, "conclave-stay-"}, {"https://meet.example.org", "__Host-conclave-stay-"}} {
		t.Run(tt.site, func(t *testing.T) {
			s := newServer(t, tt.site)
			s.setRulesText(t, `{"embedOrigins":["https://www.example.org"]}`)
			m := s.signedIn(t, "Ada", policy.SiteHost).schedule(t)
			b := s.browser()
			for range mostStays + 2 { // the last ones delete the first
				got := b.post(t, "/v1/meetings/join", framed(byLink(t, m), embedder))
				expect(t, got, http.StatusOK, "")
				for _, c := range got.Result().Cookies() { //nolint:bodyclose // a recorder's
					if !c.Partitioned || c.SameSite != http.SameSiteNoneMode || !c.Secure || !c.HttpOnly || c.Path != "/" || c.Domain != "" ||
						!strings.HasPrefix(c.Name, tt.name) {
						t.Errorf("in a frame: %s", c)
					}
				}
			}
			if len(b.cookies) > mostStays+1 {
				t.Errorf("the browser keeps %d cookies", len(b.cookies))
			}
			for _, c := range s.browser().post(t, "/v1/meetings/join", byLink(t, m)).Result().Cookies() { //nolint:bodyclose // a recorder's
				if c.Partitioned || c.SameSite != http.SameSiteStrictMode {
					t.Errorf("in no frame: %s", c)
				}
			}
		})
	}
}

// A frame of the same site's page gets the login's cookie, one of another's does
// not: it counts in neither, so that nobody is a host by being framed.
func TestNoLoginCountsInAFrame(t *testing.T) {
	s := newServer(t, "https://meet.example.org")
	s.setRulesText(t, `{"embedOrigins":["https://www.example.org"]}`)
	ada := s.signedIn(t, "Ada", policy.SiteHost)
	m := ada.schedule(t)
	if got := ada.post(t, "/v1/meetings/join", byLink(t, m)); got.text("role") != "host" {
		t.Errorf("the owner, in no frame: %s", got.Body)
	}
	if got := ada.post(t, "/v1/meetings/join", framed(byLink(t, m), embedder)); got.text("role") != "attendee" {
		t.Errorf("the owner, in a frame: %s", got.Body)
	}
	alone := fmt.Sprintf(`{"meetingNumber":%q,"displayName":"Ada"}`, m.text("meetingNumber"))
	expect(t, ada.post(t, "/v1/meetings/join", framed(alone, embedder)), http.StatusForbidden, "join_refused")
}

// A page in a frame asks our own origin, and its browser says so. One that asks
// from outside is refused, whatever the site's list says.
func TestAFrameIsNoWayAroundTheOrigin(t *testing.T) {
	s := newServer(t, "https://meet.example.org")
	s.setRulesText(t, `{"embedOrigins":["https://www.example.org"]}`)
	m := s.signedIn(t, "Ada", policy.SiteHost).schedule(t)
	for _, tt := range []struct {
		name   string
		origin string
		site   string
		status int
		code   string
	}{
		{"our page in a frame", "https://meet.example.org", "same-origin", http.StatusOK, ""},
		{"the page around it", embedder, "cross-site", http.StatusForbidden, "cross_origin"},
		{"the page around it, of the same site", embedder, "same-site", http.StatusForbidden, "cross_origin"},
	} {
		b := s.browser()
		b.headers["Origin"], b.headers["Sec-Fetch-Site"] = tt.origin, tt.site
		got := b.post(t, "/v1/meetings/join", framed(byLink(t, m), embedder))
		if got.Code != tt.status || got.text("code") != tt.code {
			t.Errorf("%s: %d %s", tt.name, got.Code, got.Body)
		}
	}
}
