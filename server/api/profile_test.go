package api

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/conclave-meet/conclave/signaling/policy"
)

func TestProfile(t *testing.T) {
	s := newServer(t, plainSite)
	ada := s.signedIn(t, "Ada", policy.SiteHost)
	got := ada.do(t, http.MethodPatch, "/v1/me", `{"name":"Ada L.","timeZone":"Europe/Zurich","language":"de-ch","meetingDefaults":{"durationMinutes":45}}`)
	expect(t, got, http.StatusOK, "")
	if got.text("name") != "Ada L." || got.text("timeZone") != "Europe/Zurich" || got.text("language") != "de-CH" {
		t.Errorf("profile: %s", got.Body)
	}
	if m := ada.schedule(t); m.json["durationMinutes"] != float64(45) {
		t.Errorf("a new meeting: %s", m.Body)
	}
	for _, bad := range []string{
		`{"name":" "}`, `{"timeZone":"Local"}`, `{"timeZone":"../../etc/passwd"}`, `{"timeZone":"Mars/Base"}`,
		`{"language":"English, please"}`, `{"meetingDefaults":{"durationMinutes":0}}`, `{"meetingDefaults":{"durationMinutes":5000}}`,
	} {
		expect(t, ada.do(t, http.MethodPatch, "/v1/me", bad), http.StatusUnprocessableEntity, "invalid")
	}
	for _, bad := range []string{`{"role":"admin"}`, `{"email":"x@example.org"}`, `{"disabled":false}`} {
		expect(t, ada.do(t, http.MethodPatch, "/v1/me", bad), http.StatusBadRequest, "malformed")
	}
	ada.headers["If-Match"] = `"1"`
	expect(t, ada.do(t, http.MethodPatch, "/v1/me", `{"name":"Late"}`), http.StatusPreconditionFailed, "stale")
}

func TestChangePassword(t *testing.T) {
	s := newServer(t, plainSite)
	s.addAda(t)
	here, elsewhere := s.browser(), s.browser()
	for _, b := range []*browser{here, elsewhere} {
		expect(t, b.post(t, "/v1/login", `{"email":"ada@example.org","password":"correct horse"}`), http.StatusOK, "")
	}
	expect(t, here.post(t, "/v1/me/password", `{"currentPassword":"wrong","password":"a good long password"}`), http.StatusUnprocessableEntity, "invalid")
	expect(t, here.post(t, "/v1/me/password", `{"currentPassword":"correct horse","password":"short"}`), http.StatusUnprocessableEntity, "invalid")
	expect(t, elsewhere.get(t, "/v1/me"), http.StatusOK, "")
	expect(t, here.post(t, "/v1/me/password", `{"currentPassword":"correct horse","password":"a good long password"}`), http.StatusNoContent, "")
	expect(t, here.get(t, "/v1/me"), http.StatusOK, "")
	expect(t, elsewhere.get(t, "/v1/me"), http.StatusUnauthorized, "login_required")

	// Who sits down at an open browser guesses as slowly as anybody.
	for range 10 {
		here.post(t, "/v1/me/password", `{"currentPassword":"guess","password":"a good long password"}`)
	}
	expect(t, here.post(t, "/v1/me/password", `{"currentPassword":"guess","password":"a good long password"}`), http.StatusTooManyRequests, "too_many_attempts")
}

func TestLogins(t *testing.T) {
	s := newServer(t, plainSite)
	s.addAda(t)
	here, phone, eve := s.browser(), s.browser(), s.signedIn(t, "Eve", policy.SiteHost)
	here.headers["User-Agent"], phone.headers["User-Agent"] = "Firefox/150", "Phone\x01/1"
	for _, b := range []*browser{here, phone} {
		expect(t, b.post(t, "/v1/login", `{"email":"ada@example.org","password":"correct horse"}`), http.StatusOK, "")
		expect(t, b.get(t, "/v1/me"), http.StatusOK, "")
	}
	items := here.get(t, "/v1/me/logins").items()
	if len(items) != 2 {
		t.Fatalf("logins: %v", items)
	}
	other := items[slices.IndexFunc(items, func(i map[string]any) bool { return i["current"] == false })]
	if other["agent"] != "Phone/1" || other["ipAddress"] != "192.0.2.1" {
		t.Errorf("the other login: %v", other)
	}
	path := "/v1/me/logins/" + other["id"].(string)
	expect(t, eve.do(t, http.MethodDelete, path, ""), http.StatusNotFound, "not_found")
	expect(t, here.do(t, http.MethodDelete, path, ""), http.StatusNoContent, "")
	expect(t, phone.get(t, "/v1/me"), http.StatusUnauthorized, "login_required")
	expect(t, here.do(t, http.MethodDelete, "/v1/me/logins", ""), http.StatusNoContent, "")
	if len(here.cookies) != 0 {
		t.Errorf("cookies: %v", here.cookies)
	}
	expect(t, eve.get(t, "/v1/me"), http.StatusOK, "")
}

// program returns who comes with a new API token of b's user, and no cookie.
func (s *server) program(t *testing.T, b *browser, scopes ...string) *browser {
	t.Helper()
	made := b.post(t, "/v1/me/tokens", `{"name":"a program","scopes":["`+strings.Join(scopes, `","`)+`"]}`)
	expect(t, made, http.StatusCreated, "")
	p := s.browser()
	p.headers["Authorization"] = "Bearer " + made.text("token")
	return p
}

// Whoever finds a program's token neither becomes an administrator nor takes the
// account of one.
func TestProgramsSpareAdministrators(t *testing.T) {
	s := newServer(t, plainSite)
	ada := s.signedIn(t, "Ada", policy.SiteAdmin)
	other, hal := s.addUser(t, "Bea", policy.SiteAdmin), s.addUser(t, "Hal", policy.SiteHost)
	p := s.program(t, ada, "users")
	for _, try := range []struct{ method, path, body string }{
		{http.MethodPost, "/v1/users", `{"name":"Eve","email":"eve@example.org","role":"admin"}`},
		{http.MethodPatch, "/v1/users/" + hal.ID, `{"role":"admin"}`},
		{http.MethodPatch, "/v1/users/" + other.ID, `{"role":"host"}`},
		{http.MethodPost, "/v1/users/" + other.ID + "/link", ""},
		{http.MethodDelete, "/v1/users/" + other.ID, ""},
		{http.MethodDelete, "/v1/users/" + hal.ID + "/secondFactors", ""},
	} {
		expect(t, p.do(t, try.method, try.path, try.body), http.StatusForbidden, "scope")
	}
	expect(t, p.post(t, "/v1/users", `{"name":"Ida","email":"ida@example.org","role":"host"}`), http.StatusCreated, "")
	expect(t, p.post(t, "/v1/users/"+hal.ID+"/link", ""), http.StatusOK, "")
	me := ada.get(t, "/v1/me").text("id")
	expect(t, ada.post(t, "/v1/users/"+me+"/link", ""), http.StatusForbidden, "forbidden")
	expect(t, ada.post(t, "/v1/users/"+other.ID+"/link", ""), http.StatusOK, "")
	// Signed out everywhere, the program is out too.
	expect(t, ada.do(t, http.MethodDelete, "/v1/me/logins", ""), http.StatusNoContent, "")
	expect(t, p.get(t, "/v1/users"), http.StatusUnauthorized, "login_required")
}

func TestTokens(t *testing.T) {
	s := newServer(t, plainSite)
	ada, eve := s.signedIn(t, "Ada", policy.SiteHost), s.signedIn(t, "Eve", policy.SiteHost)
	made := ada.post(t, "/v1/me/tokens", `{"name":"calendar","scopes":["read","meetings","read"],"days":7}`)
	expect(t, made, http.StatusCreated, "")
	token := made.text("token")
	if !strings.HasPrefix(token, "conclave_") || len(token) != 52 {
		t.Errorf("token %q", token)
	}
	if got := ada.get(t, "/v1/me/tokens"); strings.Contains(got.Body.String(), token) || len(got.items()) != 1 || got.items()[0]["lastUsed"] != nil {
		t.Errorf("tokens: %s", got.Body)
	}
	for _, bad := range []string{
		`{"name":"","scopes":["read"]}`, `{"name":"x","scopes":[]}`, `{"name":"x"}`, `{"name":"x","scopes":["everything"]}`,
		`{"name":"x","scopes":["read"],"days":-1}`, `{"name":"x","scopes":["read"],"days":400}`, `{"name":"x","scopes":["read users"]}`,
	} {
		expect(t, ada.post(t, "/v1/me/tokens", bad), http.StatusUnprocessableEntity, "invalid")
	}
	p := s.browser()
	p.headers["Authorization"] = "bearer " + token
	expect(t, p.get(t, "/v1/me"), http.StatusOK, "")
	if got := ada.get(t, "/v1/me/tokens"); got.items()[0]["lastUsed"] == nil {
		t.Errorf("its use is not noted: %s", got.Body)
	}
	path := "/v1/me/tokens/" + made.text("id")
	expect(t, eve.do(t, http.MethodDelete, path, ""), http.StatusNotFound, "not_found")
	expect(t, ada.do(t, http.MethodDelete, path, ""), http.StatusNoContent, "")
	expect(t, p.get(t, "/v1/me"), http.StatusUnauthorized, "login_required")
	if got := s.audited(t); !slices.Equal(got, []string{"login.create", "login.create", "token.create", "token.delete"}) {
		t.Errorf("audited: %v", got)
	}
}

// A program does what its token is for, of what its user may do, and no more.
func TestScopes(t *testing.T) {
	s := newServer(t, plainSite)
	admin, host := s.signedIn(t, "Ada", policy.SiteAdmin), s.signedIn(t, "Hugo", policy.SiteHost)
	s.another(t)
	const meeting = `{"title":"Weekly","start":"2027-05-04T09:00:00Z","password":"open sesame"}`
	for _, tt := range []struct {
		who                *browser
		scope              string
		method, path, body string
		want               int
	}{
		{admin, "read", "GET", "/v1/users", "", 200},
		{admin, "read", "GET", "/v1/meetings", "", 200},
		{admin, "read", "GET", "/v1/meetingReports/usage", "", 200},
		{admin, "read", "POST", "/v1/meetings", meeting, 403},
		{admin, "read", "POST", "/v1/users", hal, 403},
		{admin, "meetings", "POST", "/v1/meetings", meeting, 201},
		{admin, "meetings", "GET", "/v1/users", "", 403},
		{admin, "users", "GET", "/v1/users", "", 200},
		{admin, "users", "POST", "/v1/users", hal, 201},
		{admin, "users", "GET", "/v1/meetings", "", 403},
		{admin, "users", "GET", "/v1/sites/default/policy", "", 403},
		{admin, "read", "GET", "/v1/sites/default/policy", "", 200},
		{admin, "users", "PUT", "/v1/sites/default/policy", `{"securityOptions":{}}`, 403},
		{host, "users", "GET", "/v1/users", "", 403},
		{host, "read", "GET", "/v1/users", "", 403},
		{admin, "read", "GET", "/s/acme/v1/users", "", 401},
		{admin, "users", "PATCH", "/v1/me", `{"name":"X"}`, 403},
		{admin, "users", "POST", "/v1/me/password", `{"currentPassword":"x","password":"a good long password"}`, 403},
		{admin, "users", "GET", "/v1/me/logins", "", 403},
		{admin, "users", "DELETE", "/v1/me/logins", "", 403},
		{admin, "users", "POST", "/v1/me/tokens", `{"name":"x","scopes":["users"]}`, 403},
		{admin, "users", "GET", "/v1/me/tokens", "", 403},
	} {
		if got := s.program(t, tt.who, tt.scope).do(t, tt.method, tt.path, tt.body); got.Code != tt.want {
			t.Errorf("%s %s with scope %s: %d, want %d: %s", tt.method, tt.path, tt.scope, got.Code, tt.want, got.Body)
		}
	}
}

// Nobody is two people at once: with a token the cookie does not count, however
// wrong the token is; and another site's page cannot add one.
func TestTokensAndCookiesDoNotMix(t *testing.T) {
	s := newServer(t, plainSite)
	ada := s.signedIn(t, "Ada", policy.SiteAdmin)
	for _, header := range []string{"Bearer x", "Bearer ", "Bearer", "Basic YTpi", "conclave_x"} {
		ada.headers["Authorization"] = header
		expect(t, ada.get(t, "/v1/me"), http.StatusUnauthorized, "login_required")
	}
	hugo := s.signedIn(t, "Hugo", policy.SiteHost)
	ada.headers["Authorization"] = s.program(t, hugo, "read").headers["Authorization"]
	if got := ada.get(t, "/v1/me"); got.text("name") != "Hugo" {
		t.Errorf("with Hugo's token: %s", got.Body)
	}
	delete(ada.headers, "Authorization")
	ada.headers["Sec-Fetch-Site"] = "cross-site"
	expect(t, ada.do(t, http.MethodPatch, "/v1/me", `{"name":"X"}`), http.StatusForbidden, "cross_origin")
}
