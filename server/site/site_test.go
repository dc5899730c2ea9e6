package site

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"testing"

	"github.com/conclave-meet/conclave/storage"
)

func directory(t *testing.T, base string) *Directory {
	t.Helper()
	db, err := storage.Open(t.Context(), filepath.Join(t.TempDir(), "conclave.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	for _, s := range []storage.Site{{Name: "acme", Title: "Acme Ltd"}, {Name: "bolt", Host: "Meet.Bolt.example"}} {
		if _, err := db.InsertSite(t.Context(), s, storage.Operator); err != nil {
			t.Fatal(err)
		}
	}
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	return NewDirectory(db, u)
}

func TestFind(t *testing.T) {
	d := directory(t, "http://meet.example:8080")
	for _, tt := range []struct {
		name, host, path string
		site, within     string // site empty: there is none
		address, title   string
		cookie           string
	}{
		{"no prefix", "meet.example:8080", "/v1/me", "default", "/v1/me", "http://meet.example:8080", "meet.example", ""},
		{"a prefix", "meet.example:8080", "/s/acme/v1/me", "acme", "/v1/me", "http://meet.example:8080/s/acme", "Acme Ltd", "acme"},
		{"nothing behind the prefix", "meet.example:8080", "/s/acme", "acme", "/", "http://meet.example:8080/s/acme", "Acme Ltd", "acme"},
		{"the default one by its name", "meet.example:8080", "/s/default/", "default", "/", "http://meet.example:8080", "meet.example", ""},
		{"a name in capitals", "meet.example:8080", "/s/ACME/", "", "", "", "", ""},
		{"an unknown name", "meet.example:8080", "/s/nobody/v1/me", "", "", "", "", ""},
		{"no name", "meet.example:8080", "/s//v1/me", "", "", "", "", ""},
		{"its own host", "meet.bolt.example:8080", "/v1/me", "bolt", "/v1/me", "http://meet.bolt.example:8080", "bolt", ""},
		{"its own host, in capitals", "MEET.BOLT.EXAMPLE", "/", "bolt", "/", "http://meet.bolt.example:8080", "bolt", ""},
		{"no other site at its own host", "meet.bolt.example", "/s/acme/v1/me", "bolt", "/s/acme/v1/me", "http://meet.bolt.example:8080", "bolt", ""},
		{"its name where it has a host", "meet.example:8080", "/s/bolt/", "bolt", "/", "http://meet.bolt.example:8080", "bolt", "bolt"},
		{"a host nobody has", "elsewhere.example", "/", "default", "/", "http://meet.example:8080", "meet.example", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, tt.path, nil)
			r.Host = tt.host
			s, within, err := d.Find(r)
			if tt.site == "" {
				if !errors.Is(err, storage.ErrNotFound) {
					t.Fatalf("Find = %v, %v", s, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if s.Name != tt.site || within != tt.within || s.URL.String() != tt.address || s.Title() != tt.title || s.Cookie != tt.cookie {
				t.Errorf("Find = %s at %s, called %s, cookie %q, path %s", s.Name, s.URL, s.Title(), s.Cookie, within)
			}
		})
	}
}

func TestHandler(t *testing.T) {
	d := directory(t, "http://meet.example")
	h := d.Handler(
		http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write([]byte(Of(r.Context()).Name + " " + r.URL.String()))
		}),
		http.NotFoundHandler())
	for path, want := range map[string]string{
		"/meetings?a=b":        "default /meetings?a=b",
		"/s/acme/meetings?a=b": "acme /meetings?a=b",
		"/s/acme/j/%2e%2e":     "acme /j/..",
		"/s/nobody/meetings":   "404 page not found\n",
	} {
		w := httptest.NewRecorder()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
		r.Host = "meet.example"
		h.ServeHTTP(w, r)
		if got := w.Body.String(); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}

func TestPolicy(t *testing.T) {
	d := directory(t, "http://meet.example")
	s, err := d.Named(t.Context(), "acme")
	if err != nil || s.Rules.DisableChat {
		t.Fatalf("a new site: %+v, %v", s, err)
	}
	if err := d.db.SetPolicy(t.Context(), s.ID, s.PolicyVersion, []byte(`{"disableChat":true}`), storage.Operator); err != nil {
		t.Fatal(err)
	}
	if err := d.db.SetPolicy(t.Context(), s.ID, s.PolicyVersion, []byte(`{}`), storage.Operator); !errors.Is(err, storage.ErrStale) {
		t.Errorf("a stale change: %v", err)
	}
	if s, err = d.ByID(t.Context(), s.ID); err != nil || !s.Rules.DisableChat || s.PolicyVersion != 2 {
		t.Errorf("after the change: %+v, %v", s, err)
	}
}
