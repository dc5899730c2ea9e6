package web

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

const importMap = `{"integrity":{"/assets/index-4f2a9c.js":"sha384-x"}}`

// withImportMap is a front end whose document has an import map.
func withImportMap() fstest.MapFS {
	files := built()
	files["index.html"] = &fstest.MapFile{Data: []byte(`<!doctype html><script type="importmap">` + importMap + `</script><script src="/assets/index-4f2a9c.js"></script>`)}
	return files
}

// headers returns those of an answer of the site at address site.
func headers(t *testing.T, site string, files fstest.MapFS) http.Header {
	t.Helper()
	return headersOf(t, site, nil, files, "/")
}

// headersOf returns those of what the site at address site, which framers may
// frame, has at path.
func headersOf(t *testing.T, site string, framers []string, files fstest.MapFS, path string) http.Header {
	t.Helper()
	u, err := url.Parse(site)
	if err != nil {
		t.Fatal(err)
	}
	pages, err := New(files)
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	Headers(func(*http.Request) Site { return Site{u, framers} }, pages, pages).ServeHTTP(w, get(t, path))
	return w.Header()
}

func TestHeaders(t *testing.T) {
	plain, tls := headers(t, "http://127.0.0.1:8080", built()), headers(t, "https://meet.example.org", built())
	for name, want := range map[string]string{
		"X-Content-Type-Options":       "nosniff",
		"Referrer-Policy":              "no-referrer",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Integrity-Policy":             "blocked-destinations=(script)",
	} {
		if got := plain.Get(name); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	if plain.Get("Strict-Transport-Security") != "" || tls.Get("Strict-Transport-Security") == "" {
		t.Errorf("HSTS over HTTP %q, over TLS %q", plain.Get("Strict-Transport-Security"), tls.Get("Strict-Transport-Security"))
	}
	for _, feature := range []string{"camera", "microphone", "display-capture", "autoplay", "fullscreen"} {
		if !strings.Contains(plain.Get("Permissions-Policy"), feature+"=(self)") {
			t.Errorf("%s is not allowed to ourselves", feature)
		}
	}
}

// The policy is written out: whoever loosens it has to do so here as well.
func TestPolicy(t *testing.T) {
	hash := sha256.Sum256([]byte(importMap))
	for _, tt := range []struct {
		name, site string
		files      fstest.MapFS
		want       string
	}{
		{"plain", "http://127.0.0.1:8080", built(), "script-src 'self'; connect-src 'self' ws://127.0.0.1:8080"},
		{"over TLS", "https://meet.example.org", built(), "script-src 'self'; connect-src 'self' wss://meet.example.org"},
		{
			"with an import map", "https://meet.example.org", withImportMap(),
			"script-src 'self' 'sha256-" + base64.StdEncoding.EncodeToString(hash[:]) + "'; connect-src 'self' wss://meet.example.org",
		},
		{"not built", "https://meet.example.org", fstest.MapFS{}, "script-src 'self'; connect-src 'self' wss://meet.example.org"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			policy := headers(t, tt.site, tt.files).Get("Content-Security-Policy")
			always := "default-src 'none'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; " +
				"worker-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; " +
				"frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types conclave"
			got := make(map[string]bool)
			for rule := range strings.SplitSeq(policy, "; ") {
				got[rule] = true
			}
			want := strings.Split(tt.want+"; "+always, "; ")
			for _, rule := range want {
				if !got[rule] {
					t.Errorf("%q is missing in %s", rule, policy)
				}
			}
			if len(got) != len(want) || strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") {
				t.Errorf("policy = %s", policy)
			}
		})
	}
}

// checkDocument says what is wrong with the document of a front end: something
// it loads comes from elsewhere, or the document does not say what it must be.
func checkDocument(files fs.FS) error {
	document, err := fs.ReadFile(files, "index.html")
	if err != nil {
		return err
	}
	named := regexp.MustCompile(`sha384-[A-Za-z0-9+/]{64}`).ReplaceAll(document, nil) // a hash may hold two slashes
	if other := regexp.MustCompile(`(?i)(?:https?:)?//[a-z0-9]`).Find(named); other != nil {
		return fmt.Errorf("it names another origin: %s", other)
	}
	inline := regexp.MustCompile(`<script type="importmap">([^<]*)</script>`).FindSubmatch(document)
	if inline == nil {
		return fmt.Errorf("it has no import map")
	}
	var parsed struct{ Integrity map[string]string }
	if err := json.Unmarshal(inline[1], &parsed); err != nil {
		return err
	}
	checked := 0
	for _, tag := range regexp.MustCompile(`<(?:script|link)\b[^>]*>`).FindAll(document, -1) {
		src := regexp.MustCompile(` (?:src|href)="/([^"]*)"`).FindSubmatch(tag)
		hash := regexp.MustCompile(` integrity="([^"]*)"`).FindSubmatch(tag)
		switch {
		case strings.Contains(string(tag), "importmap"), strings.Contains(string(tag), `rel="icon"`):
		case src == nil || hash == nil || string(hash[1]) != hashOf(files, string(src[1])):
			return fmt.Errorf("%s does not say what it loads", tag)
		default:
			checked++
		}
	}
	scripts, err := fs.Glob(files, "assets/*.js")
	if err != nil {
		return err
	}
	for _, script := range scripts {
		if parsed.Integrity["/"+script] != hashOf(files, script) {
			return fmt.Errorf("the map does not say what %s must be", script)
		}
	}
	if checked == 0 || len(scripts) != len(parsed.Integrity) {
		return fmt.Errorf("%d tags, %d scripts, %d in the map", checked, len(scripts), len(parsed.Integrity))
	}
	return nil
}

func hashOf(files fs.FS, name string) string {
	content, err := fs.ReadFile(files, name)
	if err != nil {
		return err.Error()
	}
	hash := sha512.Sum384(content)
	return "sha384-" + base64.StdEncoding.EncodeToString(hash[:])
}

func TestTheDocumentSaysWhatItLoads(t *testing.T) {
	files := fstest.MapFS{"assets/a.js": {Data: []byte("a")}, "assets/a.worker.js": {Data: []byte("w")}, "assets/a.css": {Data: []byte("c")}}
	a, worker, css := hashOf(files, "assets/a.js"), hashOf(files, "assets/a.worker.js"), hashOf(files, "assets/a.css")
	good := `<link rel="icon" href="/favicon.svg"><script type="importmap">{"integrity":{"/assets/a.js":"` + a + `","/assets/a.worker.js":"` + worker + `"}}</script>` +
		`<script type="module" src="/assets/a.js" integrity="` + a + `"></script><link rel="stylesheet" href="/assets/a.css" integrity="` + css + `">`
	for _, tt := range []struct {
		name, document string
		fine           bool
	}{
		{"all of it", good, true},
		{"another origin", good + `<img src="https://elsewhere.example/">`, false},
		{"another origin, in short", good + `<link rel="preconnect" href="//elsewhere.example/">`, false},
		{"another origin, after a hash", good + a + `//elsewhere.example/`, false},
		{"one more script", good + `<script src="/assets/a.js"></script>`, false},
		{"a script in the document", good + `<script>go()</script>`, false},
		{"a wrong hash", strings.Replace(good, `css" integrity="sha384-`, `css" integrity="sha384-A`, 1), false},
		{"a worker that is not in the map", strings.Replace(good, "a.worker", "b.worker", 1), false},
		{"no map", good[strings.Index(good, "<script type=\"module"):], false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files["index.html"] = &fstest.MapFile{Data: []byte(tt.document)}
			if err := checkDocument(files); (err == nil) != tt.fine {
				t.Errorf("checkDocument = %v", err)
			}
		})
	}
}

// A fresh clone has no document yet: `make check` builds it first.
func TestTheProgramsOwnDocumentSaysWhatItLoads(t *testing.T) {
	files, err := Dist()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fs.Stat(files, "index.html"); err != nil {
		t.Log("not built")
		return
	}
	if err := checkDocument(files); err != nil {
		t.Error(err)
	}
}
