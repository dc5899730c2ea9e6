package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/conclave-meet/conclave/server/auth"
	"github.com/conclave-meet/conclave/server/site"
	"github.com/conclave-meet/conclave/signaling/edr"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/signaling/room"
	"github.com/conclave-meet/conclave/storage"
)

// fakeRooms stands for the registry: it keeps the records that one keeps.
type fakeRooms struct {
	db *storage.DB

	mu        sync.Mutex // guards what follows
	running   map[string]string
	sessions  int
	dismissed []string // by site and user
	startErr  error
	onStart   func()   // runs while a meeting starts
	policies  []string // that were set
}

func (f *fakeRooms) Start(ctx context.Context, m room.Meeting) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.startErr != nil {
		return f.startErr
	}
	if f.running[m.ID] != "" {
		return nil
	}
	if f.onStart != nil {
		f.onStart()
	}
	f.sessions++
	session := m.ID + "-" + string(rune('0'+f.sessions))
	f.running[m.ID] = session
	return f.db.Write(ctx, edr.Batch{Records: []edr.Record{{Session: session, Seq: 1, At: time.Now(), Fact: edr.Started{
		SiteID: m.SiteID, SiteURL: m.SiteURL, MeetingID: m.ID, MeetingNumber: m.Number, MeetingTitle: m.Title,
		ServiceType: m.ServiceType, HostID: m.HostID, HostEmail: m.HostEmail, HostName: m.HostName,
	}}}})
}

func (f *fakeRooms) End(ctx context.Context, meetingID string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	session := f.running[meetingID]
	if session == "" {
		return room.ErrNotFound
	}
	delete(f.running, meetingID)
	return f.db.Write(ctx, edr.Batch{Records: []edr.Record{{Session: session, Seq: 2, At: time.Now(), Fact: edr.Ended{Reason: "ended_by_host"}}}})
}

func (f *fakeRooms) SetPolicy(siteID string, version int64, p policy.Site) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.policies = append(f.policies, fmt.Sprint(siteID, " ", version, " ", p.Forbidden()))
}

func (f *fakeRooms) Dismiss(siteID, userID string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.dismissed = append(f.dismissed, siteID+" "+userID)
}

func (f *fakeRooms) Running(meetingID string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.running[meetingID] != ""
}

// server is the interface over a database of its own.
type server struct {
	*API
	handler    http.Handler // with the site of each request found
	site       *site.Site   // the default one
	db         *storage.DB
	file       string // of db
	rooms      *fakeRooms
	setupToken string
}

// cheapHasher keeps the tests short; auth tests the real one.
func cheapHasher() *auth.Hasher { return auth.NewHasher(64) }

// newServer returns a server at that address, without any user.
func newServer(t *testing.T, address string, proxies ...netip.Prefix) *server {
	t.Helper()
	file := filepath.Join(t.TempDir(), "conclave.db")
	db, err := storage.Open(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	base, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	sites := site.NewDirectory(db, base)
	theSite, err := sites.Named(t.Context(), storage.DefaultSite)
	if err != nil {
		t.Fatal(err)
	}
	hasher := cheapHasher()
	setup, token, err := auth.NewSetup(t.Context(), db, hasher, theSite.ID, string(policy.SiteAdmin))
	if err != nil {
		t.Fatal(err)
	}
	rooms := &fakeRooms{db: db, running: make(map[string]string)}
	a, err := New(Options{
		DB: db, Sites: sites, TrustedProxies: proxies, Logins: auth.NewLogins(db, hasher),
		Passkeys: auth.NewPasskeys(db), Apps: auth.NewApps(db), Providers: auth.NewProviders(true),
		Setup: setup, Tickets: auth.NewTickets(), Rooms: rooms, Webhooks: &fakeWebhooks{db: db},
		Socket: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusSwitchingProtocols) }),
	})
	if err != nil {
		t.Fatal(err)
	}
	a.refusal = 0 // TestRefusalsTakeTheSameTime has it
	return &server{API: a, handler: withHealth(a, sites.Handler(a, http.NotFoundHandler())), site: theSite, db: db, rooms: rooms, setupToken: token, file: file}
}

// withHealth leaves out of all sites what is no site's.
func withHealth(a *API, sites http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", sites)
	mux.Handle("/livez", a)
	mux.Handle("/readyz", a)
	return mux
}

const plainSite = "http://127.0.0.1:8080"

// addUser stores a user who can sign in only by browser, not by password.
func (s *server) addUser(t *testing.T, name string, role policy.SiteRole) storage.User {
	t.Helper()
	u, err := s.db.InsertUser(t.Context(), storage.User{
		SiteID: s.site.ID, Email: strings.ToLower(name) + "@example.org", Name: name, Role: string(role),
	})
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// browser keeps cookies and comes from an address.
type browser struct {
	server  *server
	ip      string
	cookies map[string]string
	headers map[string]string
}

func (s *server) browser() *browser {
	return &browser{server: s, ip: "192.0.2.1", cookies: make(map[string]string), headers: make(map[string]string)}
}

// signedIn returns the browser of a new user.
func (s *server) signedIn(t *testing.T, name string, role policy.SiteRole) *browser {
	t.Helper()
	token, err := s.logins.Open(t.Context(), s.addUser(t, name, role), auth.ByPassword(), "192.0.2.1")
	if err != nil {
		t.Fatal(err)
	}
	b := s.browser()
	b.cookies[cookiesOf(s.site).name(loginCookie)] = token
	return b
}

// reply is an answer with its JSON read.
type reply struct {
	*httptest.ResponseRecorder
	json map[string]any
}

func (r reply) text(name string) string {
	text, _ := r.json[name].(string)
	return text
}

func (r reply) items() []map[string]any {
	all, _ := r.json["items"].([]any)
	items := make([]map[string]any, len(all))
	for i, one := range all {
		items[i], _ = one.(map[string]any)
	}
	return items
}

// do sends a request; a body is JSON.
func (b *browser) do(t *testing.T, method, path, body string) reply {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	r.Host, r.RemoteAddr = b.server.site.URL.Host, netip.AddrPortFrom(netip.MustParseAddr(b.ip), 50000).String()
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	for name, value := range b.headers {
		r.Header.Set(name, value)
	}
	return b.send(t, r)
}

func (b *browser) send(t *testing.T, r *http.Request) reply {
	t.Helper()
	sent, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	r.Body = io.NopCloser(bytes.NewReader(sent))
	w := httptest.NewRecorder()
	b.server.handler.ServeHTTP(w, r)
	keepsTo(t, r, sent, w)
	for _, c := range w.Result().Cookies() { //nolint:bodyclose // a recorder's
		b.cookies[c.Name] = c.Value
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		}
	}
	got := reply{ResponseRecorder: w}
	if w.Body.Len() > 0 && strings.Contains(w.Header().Get("Content-Type"), "json") {
		if err := json.Unmarshal(w.Body.Bytes(), &got.json); err != nil {
			t.Fatalf("%s %s: %v in %s", r.Method, r.URL.Path, err, w.Body)
		}
	}
	return got
}

func (b *browser) get(t *testing.T, path string) reply {
	t.Helper()
	return b.do(t, http.MethodGet, path, "")
}

func (b *browser) post(t *testing.T, path, body string) reply {
	t.Helper()
	return b.do(t, http.MethodPost, path, body)
}

// schedule makes a meeting and returns it.
func (b *browser) schedule(t *testing.T) reply {
	t.Helper()
	m := b.post(t, "/v1/meetings", `{"title":"Weekly","start":"2027-05-04T09:00:00Z","password":"open sesame"}`)
	expect(t, m, http.StatusCreated, "")
	return m
}

// expect checks the status and, of a problem, the code.
func expect(t *testing.T, got reply, status int, code string) {
	t.Helper()
	if got.Code != status || got.text("code") != code {
		t.Fatalf("status %d, code %q; want %d, %q; body %s", got.Code, got.text("code"), status, code, got.Body)
	}
	if code == "" {
		return
	}
	if got.Header().Get("Content-Type") != "application/problem+json" || got.text("type") != "about:blank" ||
		got.text("title") == "" || got.text("detail") == "" || got.json["status"] != float64(status) {
		t.Errorf("not a problem: %s %s", got.Header().Get("Content-Type"), got.Body)
	}
}

func TestHealth(t *testing.T) {
	s := newServer(t, plainSite)
	b := s.browser()
	expect(t, b.get(t, "/livez"), http.StatusOK, "")
	expect(t, b.get(t, "/readyz"), http.StatusOK, "")
	if err := s.db.Close(); err != nil {
		t.Fatal(err)
	}
	expect(t, b.get(t, "/livez"), http.StatusOK, "")
	expect(t, b.get(t, "/readyz"), http.StatusServiceUnavailable, "unavailable")
	if got := b.get(t, "/v1/me"); got.Code != http.StatusInternalServerError {
		t.Errorf("without a database: %d", got.Code)
	}
}

func TestNothingElseIsHere(t *testing.T) {
	b := newServer(t, plainSite).browser()
	for _, path := range []string{"/", "/v1", "/v1/", "/v1/nothing", "/v1/meetings/", "/v2/me", "/metrics", "/debug/pprof/"} {
		got := b.get(t, path)
		if got.Code != http.StatusNotFound && got.Code != http.StatusUnauthorized {
			t.Errorf("GET %s = %d", path, got.Code)
		}
	}
	got := b.do(t, http.MethodPut, "/v1/me", "{}")
	expect(t, got, http.StatusMethodNotAllowed, "method_not_allowed")
	if got.Header().Get("Allow") == "" {
		t.Error("a refused method does not say which are allowed")
	}
}

func TestTheSocketIsReached(t *testing.T) {
	b := newServer(t, plainSite).browser()
	expect(t, b.get(t, "/v1/socket"), http.StatusSwitchingProtocols, "")
}

func TestNoAnswerIsStored(t *testing.T) {
	b := newServer(t, plainSite).browser()
	for _, path := range []string{"/livez", "/v1/me", "/v1/nothing", "/v1/socket"} {
		if got := b.get(t, path).Header().Get("Cache-Control"); got != "no-store" {
			t.Errorf("GET %s: Cache-Control = %q", path, got)
		}
	}
}

// getAt and postAt ask the server by another name.
func (b *browser) getAt(t *testing.T, host, path string) reply {
	t.Helper()
	return b.sendAt(t, http.MethodGet, host, path)
}

func (b *browser) postAt(t *testing.T, host, path string) reply {
	t.Helper()
	return b.sendAt(t, http.MethodPost, host, path)
}

func (b *browser) sendAt(t *testing.T, method, host, path string) reply {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, nil)
	r.Host = host
	return b.send(t, r)
}
