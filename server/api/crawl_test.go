package api

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/storage"
)

var parameter = regexp.MustCompile(`:[a-zA-Z]+`)

// call is one request of a crawl.
type call struct{ method, path, body, match string }

// crawl lists every call there is to make of what a tenant has: each GET with
// each of its ids in the path and in the query, and each row of the permissions
// with what the tenant has in place of what stands in braces.
func (a *tenant) crawl() (calls []call) {
	more := details()
	for _, r := range a.routes(http.NotFoundHandler()) {
		if r.method != http.MethodGet {
			continue
		}
		for _, path := range paths(r.path, a.ids) {
			calls = append(calls, call{method: r.method, path: path})
			for _, p := range more[r.method+" "+r.path].query {
				for _, id := range a.ids {
					calls = append(calls, call{method: r.method, path: path + "?" + p.Name + "=" + url.QueryEscape(id)})
				}
			}
		}
	}
	var places []string
	for place, value := range a.values {
		places = append(places, place, value)
	}
	for _, key := range slices.Sorted(maps.Keys(permissions)) {
		row := permissions[key]
		method, path, _ := strings.Cut(bare(key), " ")
		if row.path != "" {
			path = row.path
		}
		fill := strings.NewReplacer(places...)
		calls = append(calls, call{method, fill.Replace(path), fill.Replace(row.body), fill.Replace(row.match)})
	}
	return calls
}

// paths are a route's with each id in place of a parameter.
func paths(path string, ids []string) (all []string) {
	if !parameter.MatchString(path) {
		return []string{path}
	}
	for _, id := range ids {
		all = append(all, parameter.ReplaceAllLiteralString(path, url.PathEscape(id)))
	}
	return all
}

// made makes a call at the site under prefix, and returns all of the answer, or
// what it shows of it: headers, cookies and body.
func (b *browser) made(t *testing.T, prefix string, c call) string {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), c.method, prefix+c.path, strings.NewReader(c.body))
	r.Host, r.RemoteAddr = b.server.site.URL.Host, netip.AddrPortFrom(netip.MustParseAddr(b.ip), 50000).String()
	if c.body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if c.match != "" {
		r.Header.Set("If-Match", c.match)
	}
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w := httptest.NewRecorder()
	b.server.handler.ServeHTTP(w, r)
	if w.Code >= http.StatusInternalServerError {
		t.Errorf("%s %s%s: %d %s", c.method, prefix, c.path, w.Code, w.Body)
	}
	var all strings.Builder
	_ = w.Header().Write(&all)
	all.Write(w.Body.Bytes())
	return all.String()
}

// Nobody at one site learns anything of another, whatever they ask for and by
// whichever id, and whichever site's address they send it to. That the crawl
// would find it is shown by the people it belongs to.
func TestNoByteOfAnotherSite(t *testing.T) {
	slow(t)
	s := newServer(t, plainSite)
	a := newTenant(t, s)
	calls := a.crawl()
	before := s.rows(t, a.site.ID)
	tried := 0
	for _, role := range policy.SiteRoles() {
		spy := s.signedIn(t, "Spy-"+string(role), role)
		spy.cookies[cookiesOf(a.site).name(loginCookie)] = spy.cookies[loginCookie] // as no browser would
		for _, prefix := range []string{"", "/s/canary-site"} {
			for _, c := range calls {
				if anybodys(c, prefix) {
					continue
				}
				got := (&browser{server: s, ip: spy.ip, cookies: maps.Clone(spy.cookies)}).made(t, prefix, c)
				tried++
				for _, canary := range a.canaries {
					if strings.Contains(got, canary.text) && !strings.Contains(prefix+c.path+c.body, canary.text) {
						t.Errorf("%s of another site sees %s in %s %s%s:\n%s", role, canary.what, c.method, prefix, c.path, got)
					}
				}
			}
		}
	}
	if after := s.rows(t, a.site.ID); after != before {
		t.Error("somebody at one site has changed another")
	}
	t.Logf("%d requests, %d canaries", tried, len(a.canaries))
	a.findsItsOwn(t, calls)
}

// anybodys reports whether a call is one that a site answers for everybody who
// knows a link or a password of its own: there, at its own address.
func anybodys(c call, prefix string) bool {
	path, _, _ := strings.Cut(c.path, "?")
	return prefix != "" && details()[c.method+" "+path].open
}

// findsItsOwn is the negative control.
func (a *tenant) findsItsOwn(t *testing.T, calls []call) {
	t.Helper()
	var all strings.Builder
	for _, role := range policy.SiteRoles() {
		for _, c := range calls {
			if c.method == http.MethodGet || strings.Contains(c.path, "/join") || strings.Contains(c.path, "/preview") {
				all.WriteString(a.as(role).made(t, "/s/canary-site", c))
			}
		}
	}
	routes := map[string]bool{}
	for _, r := range a.routes(http.NotFoundHandler()) {
		routes[r.method+" "+r.path] = true
	}
	found := 0
	for _, canary := range a.canaries {
		seen := strings.Contains(all.String(), canary.text)
		switch {
		case seen && canary.from == "" && canary.what == "a user's password":
			t.Errorf("%s is shown", canary.what)
		case seen:
			found++
		case routes[canary.from]:
			t.Errorf("the crawl as the site's own people does not find %s (%s), which %s shows", canary.what, canary.text, canary.from)
		}
	}
	if found < len(a.canaries)/2 {
		t.Errorf("the control finds %d canaries of %d", found, len(a.canaries))
	}
	t.Logf("its own people find %d of %d canaries", found, len(a.canaries))
}

// A digest of a site's rows must see a change of one, or the tests above see
// nothing.
func TestRowsSeeAChange(t *testing.T) {
	s := newServer(t, plainSite)
	before := s.rows(t, s.site.ID)
	if s.rows(t, s.site.ID) != before {
		t.Fatal("the digest differs without a change")
	}
	if err := s.db.Audit(t.Context(), s.site.ID, storage.Operator, storage.Change{Action: "test", Target: "test"}); err != nil {
		t.Fatal(err)
	}
	if s.rows(t, s.site.ID) == before {
		t.Error("the digest misses a row")
	}
}
