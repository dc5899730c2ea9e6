package web

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

var script = strings.Repeat("export const nothing = 0;\n", 100)

// built is a front end as its build leaves it.
func built() fstest.MapFS {
	return fstest.MapFS{
		".gitkeep":                  {},
		"index.html":                {Data: []byte("<!doctype html><title>Conclave</title>")},
		"assets/index-4f2a9c.js":    {Data: []byte(script)},
		"assets/style-77e0b1.css":   {Data: []byte("body{}")},
		"assets/worker-09aa11.wasm": {Data: []byte("\x00asm")},
		"favicon.svg":               {Data: []byte("<svg/>")},
	}
}

// serve answers one request with the front end in files.
func serve(t *testing.T, files fstest.MapFS, r *http.Request) *httptest.ResponseRecorder {
	t.Helper()
	pages, err := New(files)
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	pages.ServeHTTP(w, r)
	return w
}

func request(t *testing.T, method, path string) *http.Request {
	t.Helper()
	return httptest.NewRequestWithContext(t.Context(), method, path, nil)
}

func get(t *testing.T, path string) *http.Request {
	t.Helper()
	return request(t, http.MethodGet, path)
}

func TestPagesAreOneDocument(t *testing.T) {
	for _, tt := range []struct {
		path   string
		status int
	}{
		{"/", http.StatusOK},
		{"/join", http.StatusOK},
		{"/j/23456789012", http.StatusOK},
		{"/setup", http.StatusOK},
		{"/signin", http.StatusOK},
		{"/meetings", http.StatusOK},
		{"/reports", http.StatusOK},
		{"/embed/23456789012", http.StatusOK},
		{"/embed/", http.StatusNotFound},
		{"/embed/23456789012/more", http.StatusNotFound},
		{"/embed/x", http.StatusNotFound},
		{"/join?from=mail", http.StatusOK},
		{"/j/", http.StatusNotFound},
		{"/j/23456789012/more", http.StatusNotFound},
		{"/join/", http.StatusNotFound},
		{"/nowhere", http.StatusNotFound},
		{"/index.html", http.StatusNotFound},
		{"/.gitkeep", http.StatusNotFound},
		{"/assets/gone-123456.js", http.StatusNotFound},
		{"/assets/", http.StatusNotFound},
		{"/../index.html", http.StatusNotFound},
		{"//", http.StatusNotFound},
	} {
		t.Run(tt.path, func(t *testing.T) {
			resp := serve(t, built(), get(t, tt.path))
			if resp.Code != tt.status || !strings.Contains(resp.Body.String(), "Conclave") {
				t.Errorf("status %d, want %d, with the document", resp.Code, tt.status)
			}
			if got := resp.Header().Get("Cache-Control"); got != "no-store" {
				t.Errorf("Cache-Control = %q", got)
			}
			if got := resp.Header().Get("Content-Type"); got != "text/html; charset=utf-8" {
				t.Errorf("Content-Type = %q", got)
			}
		})
	}
}

func TestAFreshCloneSaysWhatToDo(t *testing.T) {
	resp := serve(t, fstest.MapFS{".gitkeep": {}}, get(t, "/join"))
	if text := resp.Body.String(); resp.Code != http.StatusServiceUnavailable || !strings.Contains(text, "make build") {
		t.Errorf("status %d, %q", resp.Code, text)
	}
}

func TestTheProgramsOwnFrontEndIsReadable(t *testing.T) {
	files, err := Dist()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := New(files); err != nil {
		t.Fatal(err)
	}
}

func TestFiles(t *testing.T) {
	for _, tt := range []struct{ path, contentType, cache string }{
		{"/assets/index-4f2a9c.js", "text/javascript; charset=utf-8", forever},
		{"/assets/style-77e0b1.css", "text/css; charset=utf-8", forever},
		{"/assets/worker-09aa11.wasm", "application/wasm", forever},
		{"/favicon.svg", "image/svg+xml", askFirst},
	} {
		t.Run(tt.path, func(t *testing.T) {
			resp := serve(t, built(), get(t, tt.path))
			if resp.Code != http.StatusOK || resp.Header().Get("Content-Type") != tt.contentType ||
				resp.Header().Get("Cache-Control") != tt.cache || resp.Header().Get("ETag") == "" {
				t.Errorf("status %d, headers %v", resp.Code, resp.Header())
			}
			if got, want := resp.Body.String(), string(built()[tt.path[1:]].Data); got != want {
				t.Errorf("content = %q, want %q", got, want)
			}
		})
	}
}

func TestServedIsWhatIsServed(t *testing.T) {
	pages, err := New(built())
	if err != nil {
		t.Fatal(err)
	}
	served := pages.Served()
	if len(served) != 5 {
		t.Errorf("%d files: %v", len(served), served)
	}
	for path, content := range served {
		if got := serve(t, built(), get(t, path)); got.Code != http.StatusOK || got.Body.String() != string(content) {
			t.Errorf("%s: status %d, %q", path, got.Code, got.Body)
		}
	}
}

func TestFilesAreCompressed(t *testing.T) {
	ask := func(accept string) *httptest.ResponseRecorder {
		r := get(t, "/assets/index-4f2a9c.js")
		r.Header.Set("Accept-Encoding", accept)
		return serve(t, built(), r)
	}
	short, plain := ask("br, gzip;q=0.8"), ask("identity")
	if short.Header().Get("Content-Encoding") != "gzip" || plain.Header().Get("Content-Encoding") != "" {
		t.Fatalf("encodings %q and %q", short.Header().Get("Content-Encoding"), plain.Header().Get("Content-Encoding"))
	}
	if short.Header().Get("Content-Length") != strconv.Itoa(short.Body.Len()) || short.Body.Len() >= plain.Body.Len() {
		t.Errorf("%d bytes compressed, %d plain, says %s", short.Body.Len(), plain.Body.Len(), short.Header().Get("Content-Length"))
	}
	if short.Header().Get("ETag") == plain.Header().Get("ETag") {
		t.Error("two encodings have one ETag")
	}
	for _, resp := range []*httptest.ResponseRecorder{short, plain} {
		if resp.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("Vary = %q", resp.Header().Get("Vary"))
		}
	}
	unzipped, err := gzip.NewReader(short.Body)
	if err != nil {
		t.Fatal(err)
	}
	if content, err := io.ReadAll(unzipped); err != nil || string(content) != script {
		t.Errorf("unzipped %d bytes, %v", len(content), err)
	}
	if resp := ask(""); resp.Header().Get("ETag") != plain.Header().Get("ETag") {
		t.Error("the ETag is not the content's")
	}
}

func TestKnownFilesAreNotSentAgain(t *testing.T) {
	for _, accept := range []string{"gzip", ""} {
		r := get(t, "/assets/index-4f2a9c.js")
		r.Header.Set("Accept-Encoding", accept)
		first := serve(t, built(), r)
		r.Header.Set("If-None-Match", first.Header().Get("ETag"))
		again := serve(t, built(), r)
		if again.Code != http.StatusNotModified || again.Body.String() != "" {
			t.Errorf("%q: status %d", accept, again.Code)
		}
	}
}

func TestPagesAreForReading(t *testing.T) {
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions, http.MethodTrace} {
		resp := serve(t, built(), request(t, method, "/join"))
		if resp.Code != http.StatusMethodNotAllowed || resp.Header().Get("Allow") == "" {
			t.Errorf("%s: status %d", method, resp.Code)
		}
	}
	resp := serve(t, built(), request(t, http.MethodHead, "/assets/index-4f2a9c.js"))
	if resp.Code != http.StatusOK || resp.Body.String() != "" {
		t.Errorf("HEAD: status %d", resp.Code)
	}
}

func FuzzAcceptsGzip(f *testing.F) {
	for header, want := range map[string]bool{
		"gzip": true, "GZIP": true, "br, gzip": true, "gzip;q=0.5": true, "gzip; q=1": true,
		"": false, "br": false, "gzip;q=0": false, "gzip; q=0.000": false, "x-gzip": false, "*": false, "gzip;q=": false,
	} {
		if got := acceptsGzip(header); got != want {
			f.Errorf("acceptsGzip(%q) = %v", header, got)
		}
		f.Add(header)
	}
	f.Fuzz(func(t *testing.T, header string) {
		if acceptsGzip(header) && !strings.Contains(strings.ToLower(header), "gzip") {
			t.Errorf("acceptsGzip(%q)", header)
		}
	})
}
