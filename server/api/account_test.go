package api

import (
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/storage"
)

const adasPassword = "correct horse"

// addAda stores a user who can sign in with a password.
func (s *server) addAda(t *testing.T) {
	t.Helper()
	hash, err := cheapHasher().Hash(t.Context(), adasPassword)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.db.InsertUser(t.Context(), storage.User{
		SiteID: s.site.ID, Email: "ada@example.org", Name: "Ada", Role: string(policy.SiteHost), PasswordHash: hash,
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestSetup(t *testing.T) {
	s := newServer(t, plainSite)
	b := s.browser()
	body := func(token, name, email, password string) string {
		return fmt.Sprintf(`{"token":%q,"name":%q,"email":%q,"password":%q}`, token, name, email, password)
	}
	expect(t, b.post(t, "/v1/setup", body("wrong", "", "", "")), http.StatusForbidden, "setup_closed")
	expect(t, b.post(t, "/v1/setup", body("", "Ada", "ada@example.org", adasPassword)), http.StatusForbidden, "setup_closed")
	for _, bad := range []string{
		body(s.setupToken, " ", "ada@example.org", adasPassword),
		body(s.setupToken, "Ada", "ada", adasPassword),
		body(s.setupToken, "Ada", "ada@example.org", "short"),
		body(s.setupToken, "Ada Lovelace", "ada@example.org", "ada lovelace"),
	} {
		expect(t, b.post(t, "/v1/setup", bad), http.StatusUnprocessableEntity, "invalid")
	}

	made := b.post(t, "/v1/setup", body(s.setupToken, " Ada ", " Ada@example.org", adasPassword))
	expect(t, made, http.StatusCreated, "")
	if made.text("name") != "Ada" || made.text("email") != "Ada@example.org" || made.text("role") != "admin" || made.text("id") == "" {
		t.Errorf("user = %s", made.Body)
	}
	if len(made.json) != 4 {
		t.Errorf("the answer tells more than the user: %s", made.Body)
	}
	if me := b.get(t, "/v1/me"); me.text("id") != made.text("id") {
		t.Errorf("signed in as %s", me.Body)
	}
	expect(t, s.browser().post(t, "/v1/setup", body(s.setupToken, "Eve", "eve@example.org", adasPassword)), http.StatusForbidden, "setup_closed")
	expect(t, s.browser().post(t, "/v1/login", `{"email":"ada@example.org","password":"correct horse"}`), http.StatusOK, "")
}

func TestSetupWorksOnceHoweverManyPost(t *testing.T) {
	s := newServer(t, plainSite)
	var made, closed atomic.Int32
	var race sync.WaitGroup
	for i := range 50 {
		race.Go(func() {
			got := s.browser().post(t, "/v1/setup", fmt.Sprintf(
				`{"token":%q,"name":"Ada","email":"ada%d@example.org","password":"correct horse"}`, s.setupToken, i))
			switch got.Code {
			case http.StatusCreated:
				made.Add(1)
			case http.StatusForbidden:
				closed.Add(1)
			default:
				t.Errorf("status %d: %s", got.Code, got.Body)
			}
		})
	}
	race.Wait()
	if made.Load() != 1 || closed.Load() != 49 {
		t.Errorf("%d made, %d refused", made.Load(), closed.Load())
	}
}

func TestLoginAndLogout(t *testing.T) {
	s := newServer(t, plainSite)
	s.addAda(t)
	b := s.browser()
	expect(t, b.get(t, "/v1/me"), http.StatusUnauthorized, "login_required")
	in := b.post(t, "/v1/login", `{"email":"ADA@example.org","password":"correct horse"}`)
	expect(t, in, http.StatusOK, "")
	if in.text("role") != "host" || in.text("email") != "ada@example.org" {
		t.Errorf("user = %s", in.Body)
	}
	first := b.cookies[loginCookie]
	expect(t, b.get(t, "/v1/me"), http.StatusOK, "")

	expect(t, b.post(t, "/v1/login", `{"email":"ada@example.org","password":"correct horse"}`), http.StatusOK, "")
	thief := s.browser()
	thief.cookies[loginCookie] = first
	expect(t, thief.get(t, "/v1/me"), http.StatusUnauthorized, "login_required")

	thief.cookies[loginCookie] = b.cookies[loginCookie]
	out := b.post(t, "/v1/logout", "")
	expect(t, out, http.StatusNoContent, "")
	if got := out.Header().Get("Clear-Site-Data"); got != `"cache"` {
		t.Errorf("Clear-Site-Data = %q: what is kept to come back to goes, what the device keeps stays", got)
	}
	if len(b.cookies) != 0 {
		t.Errorf("cookies after signing out: %v", b.cookies)
	}
	expect(t, thief.get(t, "/v1/me"), http.StatusUnauthorized, "login_required")
	expect(t, b.post(t, "/v1/logout", ""), http.StatusNoContent, "")
}

// Neither a text nor a header tells an unknown address from a wrong password.
func TestRefusedLoginsAreAlike(t *testing.T) {
	s := newServer(t, plainSite)
	s.addAda(t)
	wrong := s.browser().post(t, "/v1/login", `{"email":"ada@example.org","password":"wrong horse"}`)
	unknown := s.browser().post(t, "/v1/login", `{"email":"eve@example.org","password":"correct horse"}`)
	expect(t, wrong, http.StatusUnauthorized, "login_refused")
	alike(t, wrong, unknown)
}

// alike checks that two answers are byte for byte the same.
func alike(t *testing.T, a, b reply) {
	t.Helper()
	if a.Code != b.Code || a.Body.String() != b.Body.String() || fmt.Sprint(a.Header()) != fmt.Sprint(b.Header()) {
		t.Errorf("answers differ:\n%d %v %s\n%d %v %s", a.Code, a.Header(), a.Body, b.Code, b.Header(), b.Body)
	}
}

func TestCookieFlags(t *testing.T) {
	for _, tt := range []struct {
		site, prefix string
		secure       bool
	}{
		{plainSite, "", false},
		{"https://meet.example.org", "__Host-", true},
	} {
		t.Run(tt.site, func(t *testing.T) {
			s := newServer(t, tt.site)
			s.addAda(t)
			b := s.browser()
			check := func(got reply, name string, sameSite http.SameSite, maxAge int) {
				t.Helper()
				set := got.Result().Cookies() //nolint:bodyclose // a recorder's
				if len(set) != 1 {
					t.Fatalf("%d cookies", len(set))
				}
				c := set[0]
				if c.Name != tt.prefix+name || !c.HttpOnly || c.Secure != tt.secure || c.Path != "/" || c.Domain != "" ||
					c.SameSite != sameSite || c.MaxAge != maxAge || len(c.Value) != 43 {
					t.Errorf("cookie = %v", c)
				}
			}
			check(b.post(t, "/v1/login", `{"email":"ada@example.org","password":"correct horse"}`), "conclave-login", http.SameSiteLaxMode, 30*24*3600)
			m := b.schedule(t)
			stay := b.post(t, "/v1/meetings/join", `{"meetingNumber":"`+m.text("meetingNumber")+`","displayName":"Ada"}`)
			check(stay, "conclave-stay-"+stay.text("participantId"), http.SameSiteStrictMode, 24*60*60)
		})
	}
}

func TestLoginsAreSlowedDown(t *testing.T) {
	ten := func(t *testing.T, b *browser) {
		t.Helper()
		for i := range 10 {
			b.headers["X-Forwarded-For"] = fmt.Sprintf("198.51.100.%d", i)
			expect(t, b.post(t, "/v1/login", `{"email":"eve@example.org","password":"guess"}`), http.StatusUnauthorized, "login_refused")
		}
	}
	const body = `{"email":"eve@example.org","password":"guess"}`

	t.Run("whatever the client says of itself", func(t *testing.T) {
		b := newServer(t, plainSite).browser()
		ten(t, b)
		for _, header := range []string{"X-Forwarded-For", "X-Real-Ip", "Forwarded"} {
			b.headers[header] = "198.51.100.77"
			got := b.post(t, "/v1/login", body)
			expect(t, got, http.StatusTooManyRequests, "too_many_attempts")
			if got.Header().Get("Retry-After") == "" || strings.HasPrefix(got.Header().Get("Retry-After"), "0") {
				t.Errorf("Retry-After = %q", got.Header().Get("Retry-After"))
			}
		}
		b.ip = "192.0.2.2"
		expect(t, b.post(t, "/v1/login", body), http.StatusUnauthorized, "login_refused")
	})

	t.Run("by what a trusted proxy says", func(t *testing.T) {
		b := newServer(t, plainSite, netip.MustParsePrefix("10.0.0.0/8")).browser()
		b.ip = "10.0.0.1"
		for i := range 10 {
			b.headers["X-Forwarded-For"] = fmt.Sprintf("203.0.113.%d, 198.51.100.7, 10.9.9.9", i) // only the end is the proxies'
			expect(t, b.post(t, "/v1/login", body), http.StatusUnauthorized, "login_refused")
		}
		expect(t, b.post(t, "/v1/login", body), http.StatusTooManyRequests, "too_many_attempts")
		b.headers["X-Forwarded-For"] = "198.51.100.8"
		expect(t, b.post(t, "/v1/login", body), http.StatusUnauthorized, "login_refused")
	})

	t.Run("not by who goes around the proxy", func(t *testing.T) {
		b := newServer(t, plainSite, netip.MustParsePrefix("10.0.0.0/8")).browser()
		ten(t, b)
		expect(t, b.post(t, "/v1/login", body), http.StatusTooManyRequests, "too_many_attempts")
	})
}
