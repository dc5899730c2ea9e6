package web

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// withComponent is a front end that has one.
func withComponent() fstest.MapFS {
	files := built()
	files["embed.js"] = &fstest.MapFile{Data: []byte(script)}
	files["embed.d.ts"] = &fstest.MapFile{Data: []byte("export {};")}
	return files
}

// ancestors returns who may frame an answer, as it says itself.
func ancestors(t *testing.T, h http.Header) string {
	t.Helper()
	var found []string
	for rule := range strings.SplitSeq(h.Get("Content-Security-Policy"), "; ") {
		if who, ok := strings.CutPrefix(rule, "frame-ancestors "); ok {
			found = append(found, who)
		}
	}
	if len(found) != 1 || len(h.Values("Content-Security-Policy")) != 1 {
		t.Fatalf("policies %q", h.Values("Content-Security-Policy"))
	}
	return found[0]
}

func TestOneDoorMayBeFramed(t *testing.T) {
	framers := []string{"https://www.example.org", "http://localhost:3000"}
	const all, nobody = "https://www.example.org http://localhost:3000", "'none'"
	for path, want := range map[string]string{
		"/embed/23456789012":           all,
		"/embed/1":                     all,
		"/embed/23456789012?a=b":       all,
		"/embed/":                      nobody,
		"/embed":                       nobody,
		"/embed/demo":                  nobody,
		"/embed/23456789012/":          nobody,
		"/embed/23456789012/more":      nobody,
		"/embed/../admin":              nobody,
		"/embed/123456789012345678901": nobody,
		"/embed/%32%33/..%2fadmin":     nobody,
		"//embed/23456789012":          nobody,
		"/Embed/23456789012":           nobody,
		"/j/23456789012":               nobody,
		"/nowhere":                     nobody,
		"/assets/index-4f2a9c.js":      nobody,
		"/embed.js":                    nobody,
		"/v1/meetings":                 nobody,
	} {
		if got := ancestors(t, headersOf(t, "https://meet.example.org", framers, withComponent(), path)); got != want {
			t.Errorf("%s may be framed by %s, want %s", path, got, want)
		}
		if got := ancestors(t, headersOf(t, "https://meet.example.org", nil, withComponent(), path)); got != nobody {
			t.Errorf("%s of a site that nobody may frame: by %s", path, got)
		}
	}
}

func TestNoOtherPageMayBeFramed(t *testing.T) {
	framed := 0
	for _, path := range PagePaths() {
		if ancestors(t, headersOf(t, "https://meet.example.org", []string{"https://a.example"}, built(), path)) != "'none'" {
			framed++
			if !strings.HasPrefix(path, "/embed/") {
				t.Errorf("%s may be framed", path)
			}
		}
	}
	if framed != 1 {
		t.Errorf("%d pages may be framed", framed)
	}
}

// The list is read for every request.
func TestWhoIsTakenOffTheListFramesNothing(t *testing.T) {
	pages, err := New(built())
	if err != nil {
		t.Fatal(err)
	}
	site := Site{URL: &url.URL{Scheme: "https", Host: "meet.example.org"}, EmbedOrigins: []string{"https://a.example", "https://b.example"}}
	h := Headers(func(*http.Request) Site { return site }, pages, pages)
	ask := func() string {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, get(t, "/embed/23456789012"))
		return ancestors(t, w.Header())
	}
	got := []string{ask()}
	site.EmbedOrigins = site.EmbedOrigins[1:]
	got = append(got, ask())
	site.EmbedOrigins = nil
	got = append(got, ask())
	if want := []string{"https://a.example https://b.example", "https://b.example", "'none'"}; !slices.Equal(got, want) {
		t.Errorf("framed by %q, want %q", got, want)
	}
}

// What others' pages load says so, and nothing else does.
func TestWhatOthersMayLoad(t *testing.T) {
	pinned := fmt.Sprintf("/embed-%x.js", sha256.Sum256([]byte(script)))[:len("/embed-")+12] + ".js"
	for _, tt := range []struct{ path, resource, allow, cache, contentType string }{
		{"/embed.js", "cross-origin", "*", askFirst, "text/javascript; charset=utf-8"},
		{"/embed.d.ts", "cross-origin", "*", askFirst, "text/plain; charset=utf-8"},
		{pinned, "cross-origin", "*", forever, "text/javascript; charset=utf-8"},
		{"/embed-000000000000.js", "same-origin", "", "no-store", "text/html; charset=utf-8"},
		{"/embed/23456789012", "cross-origin", "", "no-store", "text/html; charset=utf-8"},
		{"/j/23456789012", "same-origin", "", "no-store", "text/html; charset=utf-8"},
		{"/assets/index-4f2a9c.js", "same-origin", "", forever, "text/javascript; charset=utf-8"},
	} {
		h := headersOf(t, "https://meet.example.org", nil, withComponent(), tt.path)
		if h.Get("Cross-Origin-Resource-Policy") != tt.resource || h.Get("Access-Control-Allow-Origin") != tt.allow ||
			h.Get("Cache-Control") != tt.cache || h.Get("Content-Type") != tt.contentType {
			t.Errorf("%s: %v", tt.path, h)
		}
	}
	if h := headersOf(t, "https://meet.example.org", nil, built(), "/embed.js"); h.Get("Access-Control-Allow-Origin") != "" {
		t.Error("what there is not is for others")
	}
	if pages, err := New(withComponent()); err != nil || string(pages.Served()[pinned]) != script {
		t.Errorf("the pinned component is not on the list: %v", err)
	}
}

// The demo frames our own page, and is there only where nobody meets.
func TestTheDemoIsForDevelopers(t *testing.T) {
	pages, err := New(built())
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		site, path string
		status     int
		frames     bool
	}{
		{"http://127.0.0.1:8080", DemoPath, http.StatusOK, true},
		{"https://meet.example.org", DemoPath, http.StatusNotFound, false},
		{"http://127.0.0.1:8080", "/join", http.StatusOK, false},
		{"http://127.0.0.1:8080", "/embed/20000000000", http.StatusOK, false},
	} {
		u, err := url.Parse(tt.site)
		if err != nil {
			t.Fatal(err)
		}
		siteOf := func(*http.Request) Site { return Site{URL: u} }
		mux := http.NewServeMux()
		mux.Handle("/", pages)
		mux.Handle(DemoPath, pages.Demo(siteOf))
		w := httptest.NewRecorder()
		Headers(siteOf, pages, mux).ServeHTTP(w, get(t, tt.path))
		frames := strings.Contains(w.Header().Get("Content-Security-Policy"), "; frame-src 'self'")
		if w.Code != tt.status || frames != tt.frames || ancestors(t, w.Header()) != "'none'" {
			t.Errorf("%s%s: status %d, frames %v, %v", tt.site, tt.path, w.Code, frames, w.Header())
		}
	}
}
