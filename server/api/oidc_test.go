package api

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/conclave-meet/conclave/e2e/provider"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/storage"
)

// elsewhere is a provider that runs, and the people it knows.
type elsewhere struct {
	url    string
	people *provider.People
}

// withProvider gives s a provider whose people may come back to the default site
// and to acme, and makes it the default site's own.
func (s *server) withProvider(t *testing.T, createAccounts bool) *elsewhere {
	t.Helper()
	e := &elsewhere{people: provider.NewPeople()}
	var handler http.Handler
	at := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	t.Cleanup(at.Close)
	e.url = at.URL
	handler = provider.Handler(e.url, e.people, s.site.URL.String()+callbackPath, s.site.URL.String()+"/s/acme"+callbackPath)
	e.people.Add("grace", "grace@example.org", true)
	root := s.signedIn(t, "Root", policy.SiteAdmin)
	root.headers["If-Match"] = `"1"`
	set := root.do(t, http.MethodPut, "/v1/sites/default/signin", e.setting(createAccounts))
	expect(t, set, http.StatusOK, "")
	if strings.Contains(set.Body.String(), "ecret") {
		t.Errorf("the answer shows the secret: %s", set.Body)
	}
	return e
}

func (e *elsewhere) setting(createAccounts bool) string {
	return fmt.Sprintf(`{"provider":{"issuer":%q,"clientId":%q,"clientSecret":%q,"label":"Example","emailDomains":["example.org"],"createAccounts":%v}}`,
		e.url, provider.ClientID, provider.ClientSecret, createAccounts)
}

// begin leaves for the provider and returns the address the browser was sent to.
func (b *browser) begin(t *testing.T, prefix string) *url.URL {
	t.Helper()
	got := b.get(t, prefix+"/v1/login/oidc")
	if got.Code != http.StatusSeeOther {
		t.Fatalf("status %d: %s", got.Code, got.Body)
	}
	there, err := url.Parse(got.Header().Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	return there
}

// signInAt does at the provider what a person does, and returns the address that
// the browser is sent back to.
func (e *elsewhere) signInAt(t *testing.T, there *url.URL, name string) *url.URL {
	t.Helper()
	jar, _ := cookiejar.New(nil)
	var back *url.URL
	client := &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasSuffix(r.URL.Path, callbackPath) {
			back = r.URL
			return http.ErrUseLastResponse
		}
		return nil
	}}
	page, err := client.Get(there.String()) //nolint:noctx // a test's own server
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(page.Body)
	_ = page.Body.Close()
	id := page.Request.URL.Query().Get("authRequestID")
	if id == "" {
		t.Fatalf("the provider shows %d: %s", page.StatusCode, body)
	}
	done, err := client.PostForm(e.url+"/login/username", url.Values{"username": {name}, "password": {provider.Password}, "id": {id}}) //nolint:noctx // a test's own server
	if err != nil {
		t.Fatal(err)
	}
	_ = done.Body.Close()
	if back == nil {
		t.Fatalf("the provider did not send the browser back: %d", done.StatusCode)
	}
	return back
}

// back returns to the site, which must send the browser on to the page want.
func (b *browser) back(t *testing.T, address *url.URL, want string) {
	t.Helper()
	got := b.get(t, address.RequestURI())
	if to := got.Header().Get("Location"); got.Code != http.StatusSeeOther || to != b.server.site.URL.String()+want {
		t.Errorf("status %d, to %q; want %q", got.Code, to, want)
	}
}

func TestAProviderLetsPeopleIn(t *testing.T) {
	s := newServer(t, plainSite)
	e := s.withProvider(t, true)
	b := s.browser()
	if ways := b.get(t, "/v1/login"); ways.text("provider") != "Example" {
		t.Errorf("ways in: %s", ways.Body)
	}
	there := b.begin(t, "")
	asked := there.Query()
	if asked.Get("code_challenge_method") != "S256" || len(asked.Get("code_challenge")) != 43 || len(asked.Get("state")) != 43 ||
		len(asked.Get("nonce")) != 43 || asked.Get("response_type") != "code" || asked.Get("redirect_uri") != plainSite+callbackPath {
		t.Errorf("asked for %v", asked)
	}
	home := e.signInAt(t, there, "grace")
	b.back(t, home, "/meetings")
	me := b.get(t, "/v1/me")
	if me.text("email") != "grace@example.org" || me.text("name") != "grace Provided" || me.text("role") != "host" {
		t.Errorf("signed in as %s", me.Body)
	}
	b.back(t, home, "/signin#problem.signin_not_begun") // replayed
	stolen := s.browser()
	stolen.back(t, home, "/signin#problem.signin_not_begun")

	again := s.browser()
	again.back(t, e.signInAt(t, again.begin(t, ""), "grace"), "/meetings")
	if got := again.get(t, "/v1/me"); got.text("id") != me.text("id") {
		t.Errorf("the second time: %s", got.Body)
	}
	e.people.Add("grace", "hopper@example.org", true) // the same person with another address
	moved := s.browser()
	moved.back(t, e.signInAt(t, moved.begin(t, ""), "grace"), "/meetings")
	if got := moved.get(t, "/v1/me"); got.text("id") != me.text("id") || got.text("email") != "grace@example.org" {
		t.Errorf("with another address: %s", got.Body)
	}
	if got := s.auditActions(t); got["user.create"] != 1 || got["identity.create"] != 1 || got["signin.update"] != 1 || got["login.create"] != 4 {
		t.Errorf("audited: %v", got)
	}
}

func TestReturnsThatAreRefused(t *testing.T) {
	s := newServer(t, plainSite)
	if _, err := s.db.InsertSite(t.Context(), storage.Site{Name: "acme"}, storage.Operator); err != nil {
		t.Fatal(err)
	}
	e := s.withProvider(t, true)
	e.people.Add("mallory", "mallory@example.org", false)
	e.people.Add("eve", "eve@elsewhere.example", true)
	change := func(u *url.URL, name, value string) *url.URL {
		changed, query := *u, u.Query()
		query.Set(name, value)
		changed.RawQuery = query.Encode()
		return &changed
	}
	for _, tt := range []struct {
		name, who string
		leave     func(*url.URL) *url.URL // changes what the provider is asked
		back      func(*url.URL) *url.URL // changes what the site is told
		want      string
	}{
		{"another state", "grace", nil, func(u *url.URL) *url.URL { return change(u, "state", strings.Repeat("A", 43)) }, "signin_not_begun"},
		{"no state", "grace", nil, func(u *url.URL) *url.URL { return change(u, "state", "") }, "signin_not_begun"},
		{"another nonce", "grace", func(u *url.URL) *url.URL { return change(u, "nonce", strings.Repeat("A", 43)) }, nil, "signin_not_begun"},
		{"another code challenge", "grace", func(u *url.URL) *url.URL { return change(u, "code_challenge", strings.Repeat("A", 43)) }, nil, "provider_failed"},
		{"another issuer", "grace", nil, func(u *url.URL) *url.URL { return change(u, "iss", "https://evil.example") }, "signin_not_begun"},
		{"another code", "grace", nil, func(u *url.URL) *url.URL { return change(u, "code", "AAAA") }, "provider_failed"},
		{"an error", "grace", nil, func(u *url.URL) *url.URL { return change(u, "error", "access_denied") }, "provider_refused"},
		{"an address not verified", "mallory", nil, nil, "email_unverified"},
		{"an address of another domain", "eve", nil, nil, "email_not_allowed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := s.browser()
			there := b.begin(t, "")
			if tt.leave != nil {
				there = tt.leave(there)
			}
			home := e.signInAt(t, there, tt.who)
			if tt.back != nil {
				home = tt.back(home)
			}
			b.back(t, home, "/signin#problem."+tt.want)
			expect(t, b.get(t, "/v1/me"), http.StatusUnauthorized, "login_required")
		})
	}
	t.Run("another browser's code", func(t *testing.T) {
		mallory, victim := s.browser(), s.browser()
		home := e.signInAt(t, mallory.begin(t, ""), "grace")
		mine := victim.begin(t, "").Query().Get("state")
		victim.back(t, change(home, "state", mine), "/signin#problem.provider_failed") // PKCE: the code is bound to the other
	})
	t.Run("another site's", func(t *testing.T) {
		if _, err := s.db.SiteByName(t.Context(), "acme"); err != nil {
			t.Fatal(err)
		}
		acme, err := s.sites.Named(t.Context(), "acme")
		if err != nil {
			t.Fatal(err)
		}
		now, err := s.db.SignIn(t.Context(), s.site.ID)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.db.SetSignIn(t.Context(), acme.ID, 1, now.Provider, storage.Operator); err != nil {
			t.Fatal(err)
		}
		b := s.browser()
		home := e.signInAt(t, b.begin(t, ""), "grace")
		b.cookies[flowCookie+".acme"] = b.cookies[flowCookie] // as who attacks would
		home.Path = "/s/acme" + callbackPath
		b.back(t, home, "/s/acme/signin#problem.signin_not_begun")
		own := s.browser()
		own.back(t, e.signInAt(t, own.begin(t, "/s/acme"), "grace"), "/s/acme/meetings") // its own works
		expect(t, own.get(t, "/v1/me"), http.StatusUnauthorized, "login_required")
		expect(t, own.get(t, "/s/acme/v1/me"), http.StatusOK, "")
	})
}

func TestAnAddressAloneOpensNoAccount(t *testing.T) {
	s := newServer(t, plainSite)
	e := s.withProvider(t, true)
	s.addPerson(t, policy.SiteHost)
	e.people.Add("ada", "ada@example.org", true)
	b := s.browser()
	b.back(t, e.signInAt(t, b.begin(t, ""), "ada"), "/signin#problem.account_exists")

	// A link can only be begun by a page of ours, with a login.
	expect(t, b.post(t, "/v1/me/identity", ""), http.StatusUnauthorized, "login_required")
	expect(t, b.post(t, "/v1/login", adasLogin), http.StatusOK, "")
	begun := b.post(t, "/v1/me/identity", "")
	expect(t, begun, http.StatusOK, "")
	there, _ := url.Parse(begun.text("url"))
	home := e.signInAt(t, there, "ada")
	eve := s.signedIn(t, "Eve", policy.SiteHost)
	eve.cookies[flowCookie] = b.cookies[flowCookie]
	eve.back(t, home, "/profile/signin#problem.signin_not_begun") // not who began it
	begun = b.post(t, "/v1/me/identity", "")
	there, _ = url.Parse(begun.text("url"))
	b.back(t, e.signInAt(t, there, "ada"), "/profile/signin")
	if mine := b.get(t, "/v1/me/signin"); mine.text("identity") != "ada@example.org" || mine.text("provider") != "Example" {
		t.Errorf("sign-in: %s", mine.Body)
	}
	c := s.browser()
	c.back(t, e.signInAt(t, c.begin(t, ""), "ada"), "/meetings")
	expect(t, b.do(t, http.MethodDelete, "/v1/me/identity", ""), http.StatusNoContent, "")
	d := s.browser()
	d.back(t, e.signInAt(t, d.begin(t, ""), "ada"), "/signin#problem.account_exists")
}

func TestAProviderMakesAccountsOnlyWhereTheSiteWantsThat(t *testing.T) {
	s := newServer(t, plainSite)
	e := s.withProvider(t, false)
	b := s.browser()
	b.back(t, e.signInAt(t, b.begin(t, ""), "grace"), "/signin#problem.no_account")
}

// The provider is one factor: who has an app here is asked for its code, too.
func TestAProviderIsOneFactor(t *testing.T) {
	s := newServer(t, plainSite)
	e := s.withProvider(t, true)
	b := s.browser()
	b.back(t, e.signInAt(t, b.begin(t, ""), "grace"), "/meetings")
	_, codes := enrol(t, b)
	c := s.browser()
	got := c.get(t, e.signInAt(t, c.begin(t, ""), "grace").RequestURI())
	_, challenge, found := strings.Cut(got.Header().Get("Location"), "/signin#challenge.")
	if !found {
		t.Fatalf("sent to %s", got.Header().Get("Location"))
	}
	expect(t, c.get(t, "/v1/me"), http.StatusUnauthorized, "login_required")
	expect(t, c.post(t, "/v1/login/totp", withCode(challenge, codes[0])), http.StatusOK, "")
	expect(t, c.get(t, "/v1/me"), http.StatusOK, "")
}

func TestSignInOfASite(t *testing.T) {
	s := newServer(t, plainSite)
	e := s.withProvider(t, true)
	root, auditor := s.signedIn(t, "Roots", policy.SiteAdmin), s.signedIn(t, "Audrey", policy.Auditor)
	const path = "/v1/sites/default/signin"
	shown := auditor.get(t, path)
	expect(t, shown, http.StatusOK, "")
	if shown.Header().Get("ETag") != `"2"` || strings.Contains(shown.Body.String(), "ecret") ||
		!strings.Contains(shown.Body.String(), plainSite+callbackPath) {
		t.Errorf("shown: %s", shown.Body)
	}
	expect(t, auditor.do(t, http.MethodPut, path, e.setting(true)), http.StatusForbidden, "forbidden")
	expect(t, root.do(t, http.MethodPut, path, e.setting(true)), http.StatusPreconditionRequired, "if_match_required")
	root.headers["If-Match"] = `"1"`
	expect(t, root.do(t, http.MethodPut, path, e.setting(true)), http.StatusPreconditionFailed, "stale")
	root.headers["If-Match"] = `"2"`
	expect(t, root.do(t, http.MethodPut, "/v1/sites/acme/signin", e.setting(true)), http.StatusNotFound, "not_found")
	nothing := httptest.NewServer(http.NotFoundHandler())
	defer nothing.Close()
	for name, change := range map[string]func(p map[string]any){
		"no provider there":            func(p map[string]any) { p["issuer"] = nothing.URL },
		"http elsewhere":               func(p map[string]any) { p["issuer"] = "http://login.example.org" },
		"a file":                       func(p map[string]any) { p["issuer"] = "file:///etc/passwd" },
		"a query":                      func(p map[string]any) { p["issuer"] = e.url + "?a=b" },
		"the secret to another":        func(p map[string]any) { p["issuer"] = nothing.URL; delete(p, "clientSecret") },
		"the secret to another client": func(p map[string]any) { p["clientId"] = "other"; delete(p, "clientSecret") },
		"no label":                     func(p map[string]any) { p["label"] = " " },
		"an address for a domain":      func(p map[string]any) { p["emailDomains"] = []string{"a@example.org"} },
		"half a domain":                func(p map[string]any) { p["emailDomains"] = []string{"org"} },
	} {
		var body map[string]map[string]any
		if err := json.Unmarshal([]byte(e.setting(true)), &body); err != nil {
			t.Fatal(err)
		}
		change(body["provider"])
		text, _ := json.Marshal(body)
		if got := root.do(t, http.MethodPut, path, string(text)); got.text("code") != "invalid" {
			t.Errorf("%s: %d %s", name, got.Code, got.Body)
		}
	}
	kept := strings.Replace(e.setting(false), `"clientSecret":"`+provider.ClientSecret+`",`, "", 1)
	expect(t, root.do(t, http.MethodPut, path, kept), http.StatusOK, "")
	if now, _ := s.db.SignIn(t.Context(), s.site.ID); now.Provider.ClientSecret != provider.ClientSecret || now.Provider.CreateAccounts {
		t.Errorf("kept: %+v", now.Provider)
	}
	root.headers["If-Match"] = `"3"`
	expect(t, root.do(t, http.MethodPut, path, `{"provider":null}`), http.StatusOK, "")
	expect(t, s.browser().get(t, "/v1/login/oidc"), http.StatusNotFound, "not_found")
	if text := s.auditText(t); strings.Contains(text, provider.ClientSecret) || !strings.Contains(text, provider.ClientID) {
		t.Errorf("the audit log: %s", text)
	}
}
