package api

import (
	"database/sql"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/conclave-meet/conclave/server/auth"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/storage"
)

// another makes a second site on the server, with an administrator, and returns
// their browser. Its paths begin with /s/acme.
func (s *server) another(t *testing.T) *browser {
	t.Helper()
	if _, err := s.db.InsertSite(t.Context(), storage.Site{Name: "acme"}, storage.Operator); err != nil {
		t.Fatal(err)
	}
	acme, err := s.sites.Named(t.Context(), "acme")
	if err != nil {
		t.Fatal(err)
	}
	u, err := s.db.InsertUser(t.Context(), storage.User{SiteID: acme.ID, Email: "eve@acme.example", Name: "Eve", Role: "admin"})
	if err != nil {
		t.Fatal(err)
	}
	token, err := s.logins.Open(t.Context(), u, auth.ByPassword(), "192.0.2.1")
	if err != nil {
		t.Fatal(err)
	}
	b := s.browser()
	b.cookies[cookiesOf(acme).name(loginCookie)] = token
	return b
}

// audited returns the actions that the site's audit log tells of.
func (s *server) audited(t *testing.T) []string {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+s.file+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	var all string
	err = db.QueryRowContext(t.Context(),
		`SELECT COALESCE(group_concat(action, ' '), '') FROM (SELECT action FROM audit_events WHERE site_id = ? ORDER BY seq)`, s.site.ID).Scan(&all)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(all)
}

const hal = `{"name":"Hal","email":"hal@example.org","role":"host"}`

// Who may do what with people, and what everybody else is told.
func TestPeopleRights(t *testing.T) {
	s := newServer(t, plainSite)
	admin := s.signedIn(t, "Ada", policy.SiteAdmin)
	id := admin.post(t, "/v1/users", hal).text("id")
	stranger := s.another(t)
	who := map[string]*browser{
		"anonymous": s.browser(), "host": s.signedIn(t, "Hugo", policy.SiteHost), "csr": s.signedIn(t, "Carl", policy.CSR),
		"auditor": s.signedIn(t, "Ana", policy.Auditor), "stranger": stranger,
	}
	for _, tt := range []struct {
		method, path, body string
		auditor            int
	}{
		{http.MethodGet, "/v1/users", "", 200},
		{http.MethodPost, "/v1/users", `{"name":"Mal","email":"mal@example.org","role":"admin"}`, 403},
		{http.MethodGet, "/v1/users/" + id, "", 200},
		{http.MethodPatch, "/v1/users/" + id, `{"role":"admin"}`, 403},
		{http.MethodDelete, "/v1/users/" + id, "", 403},
		{http.MethodPost, "/v1/users/" + id + "/link", "", 403},
		{http.MethodGet, "/v1/passwordRequests", "", 200},
		{http.MethodPost, "/v1/passwordRequests/x/approve", "", 403},
		{http.MethodPost, "/v1/passwordRequests/x/deny", "", 403},
	} {
		for name, want := range map[string]int{"anonymous": 401, "host": 403, "csr": 403, "auditor": tt.auditor} {
			if got := who[name].do(t, tt.method, tt.path, tt.body); got.Code != want {
				t.Errorf("%s %s by %s: %d, want %d", tt.method, tt.path, name, got.Code, want)
			}
		}
		// A login at another site is none here; and there, our people do not exist.
		if got := who["stranger"].do(t, tt.method, tt.path, tt.body); got.Code != 401 {
			t.Errorf("%s %s by another site's admin: %d", tt.method, tt.path, got.Code)
		}
		if strings.Contains(tt.path, id) {
			expect(t, who["stranger"].do(t, tt.method, "/s/acme"+tt.path, tt.body), http.StatusNotFound, "not_found")
		}
	}
	if got := stranger.get(t, "/s/acme/v1/users?search=a"); strings.Contains(got.Body.String(), "example.org") {
		t.Errorf("another site's list: %s", got.Body)
	}
	if got := admin.get(t, "/v1/users/"+id); got.text("role") != "host" {
		t.Errorf("after all that: %s", got.Body)
	}
}

func TestPeople(t *testing.T) {
	s := newServer(t, plainSite)
	admin := s.signedIn(t, "Ada", policy.SiteAdmin)
	made := admin.post(t, "/v1/users", hal)
	expect(t, made, http.StatusCreated, "")
	if made.json["hasPassword"] != false || made.Header().Get("ETag") != `"1"` || !strings.HasPrefix(made.text("link"), plainSite+"/welcome#") {
		t.Errorf("made: %s", made.Body)
	}
	expect(t, admin.post(t, "/v1/users", `{"name":"X","email":"HAL@example.org","role":"host"}`), http.StatusConflict, "taken")
	for _, bad := range []string{
		`{"name":"","email":"x@example.org","role":"host"}`,
		`{"name":"` + strings.Repeat("x", 10_000) + `","email":"x@example.org","role":"host"}`,
		`{"name":"X\u202eY","email":"x@example.org","role":"host"}`,
		`{"name":"X\r\nBcc: y","email":"x@example.org","role":"host"}`,
		`{"name":"X","email":"x","role":"host"}`,
		`{"name":"X","email":"x@example.org\r\nBcc: y@example.org","role":"host"}`,
		`{"name":"X","email":"x@example.org","role":"owner"}`,
		`{"name":"X","email":"x@example.org","role":""}`,
	} {
		expect(t, admin.post(t, "/v1/users", bad), http.StatusUnprocessableEntity, "invalid")
	}
	expect(t, admin.post(t, "/v1/users", `{"name":"X","email":"x@example.org","role":"host","id":"1"}`), http.StatusBadRequest, "malformed")

	path := "/v1/users/" + made.text("id")
	admin.headers["If-Match"] = `"7"`
	expect(t, admin.do(t, http.MethodPatch, path, `{"name":"Hal 2"}`), http.StatusPreconditionFailed, "stale")
	admin.headers["If-Match"] = `"1"`
	edited := admin.do(t, http.MethodPatch, path, `{"name":"'; DROP TABLE users; --","role":"csr"}`)
	expect(t, edited, http.StatusOK, "")
	if edited.text("role") != "csr" || edited.Header().Get("ETag") != `"2"` {
		t.Errorf("edited: %s", edited.Body)
	}
	expect(t, admin.do(t, http.MethodDelete, path, ""), http.StatusPreconditionFailed, "stale")
	delete(admin.headers, "If-Match")
	expect(t, admin.do(t, http.MethodDelete, path, ""), http.StatusNoContent, "")
	expect(t, admin.get(t, path), http.StatusNotFound, "not_found")
	if got := s.audited(t); !slices.Equal(got, []string{"login.create", "user.create", "user.update", "user.delete"}) {
		t.Errorf("audited: %v", got)
	}
}

func TestPeopleAreListedByPage(t *testing.T) {
	s := newServer(t, plainSite)
	admin := s.signedIn(t, "Ada", policy.SiteAdmin)
	for i := range 7 {
		s.addUser(t, fmt.Sprintf("P%d_x", i), policy.SiteHost)
	}
	var seen []string
	for path := "/v1/users?max=3"; path != ""; {
		got := admin.get(t, path)
		expect(t, got, http.StatusOK, "")
		for _, one := range got.items() {
			seen = append(seen, one["name"].(string))
		}
		link := got.Header().Get("Link")
		if path = ""; link != "" {
			path = strings.TrimPrefix(link[1:strings.Index(link, ">")], plainSite)
		}
	}
	if len(seen) != 8 || !slices.IsSorted(seen) {
		t.Errorf("seen %v", seen)
	}
	for search, want := range map[string]int{"p3": 1, "EXAMPLE.org": 8, "_x": 7, "%25": 0, "x%25": 0, "%27%20OR%201=1": 0} {
		if got := admin.get(t, "/v1/users?search="+search); len(got.items()) != want {
			t.Errorf("search %s: %d, want %d", search, len(got.items()), want)
		}
	}
	for _, bad := range []string{"?max=0", "?max=x", "?search="} {
		expect(t, admin.get(t, "/v1/users"+bad), http.StatusUnprocessableEntity, "invalid")
	}
	for _, bad := range []string{"?cursor=!", "?site=acme", "?max=1&max=2"} {
		expect(t, admin.get(t, "/v1/users"+bad), http.StatusBadRequest, "malformed")
	}
}

// A site always has somebody who can administer it.
func TestTheLastAdminStays(t *testing.T) {
	s := newServer(t, plainSite)
	ada := s.signedIn(t, "Ada", policy.SiteAdmin)
	self := "/v1/users/" + ada.get(t, "/v1/me").text("id")
	// Somebody who was invited but never came administers nothing.
	expect(t, ada.post(t, "/v1/users", `{"name":"Bea","email":"bea@example.org","role":"admin"}`), http.StatusCreated, "")
	for _, change := range []string{`{"role":"host"}`, `{"disabled":true}`} {
		expect(t, ada.do(t, http.MethodPatch, self, change), http.StatusConflict, "last_admin")
	}
	expect(t, ada.do(t, http.MethodDelete, self, ""), http.StatusConflict, "last_admin")
	bob := s.signedIn(t, "Bob", policy.SiteAdmin)
	expect(t, ada.do(t, http.MethodPatch, self, `{"role":"host"}`), http.StatusOK, "")
	expect(t, ada.get(t, "/v1/users"), http.StatusForbidden, "forbidden")
	expect(t, bob.do(t, http.MethodPatch, "/v1/users/"+bob.get(t, "/v1/me").text("id"), `{"disabled":true}`), http.StatusConflict, "last_admin")
}

// However two administrators race to throw each other out, one is left.
func TestAdminsRace(t *testing.T) {
	s := newServer(t, plainSite)
	ada, bob := s.signedIn(t, "Ada", policy.SiteAdmin), s.signedIn(t, "Bob", policy.SiteAdmin)
	pathOf := func(b *browser) string { return "/v1/users/" + b.get(t, "/v1/me").text("id") }
	adas, bobs := pathOf(ada), pathOf(bob)
	var out atomic.Int32
	var race sync.WaitGroup
	for _, tt := range []struct {
		by   *browser
		path string
	}{{ada, bobs}, {bob, adas}} {
		race.Go(func() {
			if tt.by.do(t, http.MethodPatch, tt.path, `{"disabled":true}`).Code == http.StatusOK {
				out.Add(1)
			}
		})
	}
	race.Wait()
	if out.Load() != 1 {
		t.Errorf("%d are out", out.Load())
	}
}

func TestWhoIsDisabledIsOutAtOnce(t *testing.T) {
	s := newServer(t, plainSite)
	admin := s.signedIn(t, "Ada", policy.SiteAdmin)
	hugo := s.signedIn(t, "Hugo", policy.SiteHost)
	program := s.program(t, hugo, "read")
	path := "/v1/users/" + hugo.get(t, "/v1/me").text("id")
	link := admin.post(t, path+"/link", "").text("link")
	expect(t, program.get(t, "/v1/me"), http.StatusOK, "")
	hugo.schedule(t)
	expect(t, admin.do(t, http.MethodDelete, path, ""), http.StatusConflict, "owns_meetings")
	expect(t, admin.do(t, http.MethodPatch, path, `{"disabled":true}`), http.StatusOK, "")
	expect(t, hugo.get(t, "/v1/me"), http.StatusUnauthorized, "login_required")
	expect(t, program.get(t, "/v1/me"), http.StatusUnauthorized, "login_required")
	expect(t, s.browser().post(t, "/v1/welcome", tokenBody(link, "a good long password")), http.StatusForbidden, "link_refused")
	expect(t, admin.post(t, path+"/link", ""), http.StatusUnprocessableEntity, "invalid")
	expect(t, admin.do(t, http.MethodPatch, path, `{"disabled":false}`), http.StatusOK, "")
	expect(t, hugo.get(t, "/v1/me"), http.StatusUnauthorized, "login_required") // what ended stays ended
}

// Who is disabled or deleted is in no meeting any more.
func TestWhoLosesTheirAccountLeavesMeetings(t *testing.T) {
	s := newServer(t, plainSite)
	admin := s.signedIn(t, "Root", policy.SiteAdmin)
	hal, ida := s.addUser(t, "Hal", policy.SiteHost), s.addUser(t, "Ida", policy.SiteHost)
	expect(t, admin.do(t, http.MethodPatch, "/v1/users/"+hal.ID, `{"name":"Hal B"}`), http.StatusOK, "")
	if len(s.rooms.dismissed) != 0 {
		t.Fatalf("dismissed for a name: %v", s.rooms.dismissed)
	}
	expect(t, admin.do(t, http.MethodPatch, "/v1/users/"+hal.ID, `{"disabled":true}`), http.StatusOK, "")
	expect(t, admin.do(t, http.MethodDelete, "/v1/users/"+ida.ID, ""), http.StatusNoContent, "")
	if want := []string{s.site.ID + " " + hal.ID, s.site.ID + " " + ida.ID}; !slices.Equal(s.rooms.dismissed, want) {
		t.Errorf("dismissed %v, want %v", s.rooms.dismissed, want)
	}
}
