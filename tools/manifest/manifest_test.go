package main

import (
	"bytes"
	"crypto/ed25519"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/conclave-meet/conclave/server/web"
)

const document = `<!doctype html><script type="importmap">{}</script><script src="/assets/index-1.js"></script>`

// dist is a front end as its build leaves it.
func dist() fstest.MapFS {
	return fstest.MapFS{
		".gitkeep":          {},
		"index.html":        {Data: []byte(document)},
		"assets/index-1.js": {Data: []byte(strings.Repeat("export const nothing = 0;\n", 100))},
		"favicon.svg":       {Data: []byte("<svg/>")},
	}
}

func pagesOf(t *testing.T, files fstest.MapFS) *web.Pages {
	t.Helper()
	pages, err := web.New(files)
	if err != nil {
		t.Fatal(err)
	}
	return pages
}

// signed writes a signed list of dist to a folder of its own.
func signed(t *testing.T) (list, key string) {
	t.Helper()
	dir := t.TempDir()
	list, key = filepath.Join(dir, "manifest.json"), filepath.Join(dir, "release.key")
	if err := (keyCommand{Out: key}).run(); err != nil {
		t.Fatal(err)
	}
	private, err := readPrivate(key)
	if err != nil {
		t.Fatal(err)
	}
	text, err := describe("v1", "abc", pagesOf(t, dist()).Served()).encode()
	if err != nil {
		t.Fatal(err)
	}
	write(t, list, text)
	write(t, list+".sig", ed25519.Sign(private, text))
	return list, key + ".pub"
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func TestAListHasOneText(t *testing.T) {
	m := describe("v1", "abc", map[string][]byte{"/": []byte("a"), "/b.js": {}})
	text, err := m.encode()
	want := `{"commit":"abc","files":[` +
		`{"path":"/","sha256":"ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb","size":1},` +
		`{"path":"/b.js","sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","size":0}],"version":"v1"}`
	if err != nil || string(text) != want {
		t.Errorf("encode = %s, %v\nwant %s", text, err, want)
	}
	if again, err := decode(text); err != nil || again.Version != "v1" || len(again.Files) != 2 {
		t.Errorf("decode = %+v, %v", again, err)
	}
}

func TestBadLists(t *testing.T) {
	good, err := describe("v1", "abc", map[string][]byte{"/": []byte("a"), "/b.js": {}}).encode()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, old, new string }{
		{"no JSON", "{", "["},
		{"space", `"size":1`, `"size": 1`},
		{"a name left out", `"commit":"abc",`, ``},
		{"one name more", `"version"`, `"extra":1,"version"`},
		{"a name twice", `"version":"v1"`, `"version":"v1","version":"v1"`},
		{"no document", `"path":"/"`, `"path":"/a"`},
		{"a path twice", `"path":"/b.js"`, `"path":"/"`},
		{"a path that climbs", `"path":"/b.js"`, `"path":"/b/../../etc"`},
		{"another host", `"path":"/b.js"`, `"path":"//elsewhere.example/b.js"`},
		{"no path", `"path":"/b.js"`, `"path":"b.js"`},
		{"less than nothing", `"size":0`, `"size":-1`},
		{"too long a file", `"size":0`, `"size":99999999`},
		{"too long a list", `"v1"`, `"` + strings.Repeat("v", maxList) + `"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			text := strings.Replace(string(good), tt.old, tt.new, 1)
			if text == string(good) {
				t.Fatal("nothing was changed")
			}
			if m, err := decode([]byte(text)); err == nil {
				t.Errorf("decode = %+v", m)
			}
		})
	}
}

func TestASignatureIsByTheKey(t *testing.T) {
	list, key := signed(t)
	if m, err := readSigned(list, key); err != nil || m.Version != "v1" || len(m.Files) != 3 {
		t.Fatalf("readSigned = %+v, %v", m, err)
	}
	_, otherKey := signed(t)
	text, signature := read(t, list), read(t, list+".sig")
	for _, tt := range []struct {
		name            string
		text, signature []byte
		key             string
	}{
		{"another key", text, signature, otherKey},
		{"a changed list", bytes.Replace(text, []byte("v1"), []byte("v2"), 1), signature, key},
		{"a changed signature", text, append([]byte{signature[0] ^ 1}, signature[1:]...), key},
		{"no signature", text, nil, key},
		{"a long signature", text, append(signature, 0), key},
		{"a private key", text, signature, strings.TrimSuffix(key, ".pub")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			changed := filepath.Join(t.TempDir(), "manifest.json")
			write(t, changed, tt.text)
			write(t, changed+".sig", tt.signature)
			if m, err := readSigned(changed, tt.key); err == nil {
				t.Errorf("readSigned = %+v", m)
			}
		})
	}
}

func TestKeysAreNotWrittenOver(t *testing.T) {
	path := filepath.Join(t.TempDir(), "release.key")
	if err := (keyCommand{Out: path}).run(); err != nil {
		t.Fatal(err)
	}
	before := read(t, path)
	if err := (keyCommand{Out: path}).run(); err == nil || !bytes.Equal(read(t, path), before) {
		t.Errorf("a second key: %v", err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

// changes are what somebody may do to a front end. Where wrong is empty, nothing
// is to be said.
var changes = map[string]struct {
	change func(fstest.MapFS)
	wrong  string
}{
	"nothing":         {func(fstest.MapFS) {}, ""},
	"one byte":        {func(f fstest.MapFS) { f["assets/index-1.js"].Data[0] ^= 1 }, "/assets/index-1.js differs"},
	"a byte more":     {func(f fstest.MapFS) { f["favicon.svg"].Data = append(f["favicon.svg"].Data, ' ') }, "/favicon.svg differs"},
	"a byte less":     {func(f fstest.MapFS) { f["favicon.svg"].Data = f["favicon.svg"].Data[:5] }, "/favicon.svg differs"},
	"a missing file":  {func(f fstest.MapFS) { delete(f, "assets/index-1.js") }, "/assets/index-1.js is missing"},
	"one more script": {func(f fstest.MapFS) { f["index.html"].Data = append(f["index.html"].Data, `<script src="/x.js">`...) }, "/ differs"},
	"another same length": {func(f fstest.MapFS) {
		f["index.html"].Data = bytes.ReplaceAll(f["index.html"].Data, []byte("index-1"), []byte("index-2"))
	}, "/ differs"},
}

func TestABuildIsCompared(t *testing.T) {
	m := describe("v1", "abc", pagesOf(t, dist()).Served())
	for name, tt := range changes {
		t.Run(name, func(t *testing.T) {
			files := dist()
			tt.change(files)
			check(t, m.compare(pagesOf(t, files).Served()), tt.wrong)
		})
	}
	more := maps.Clone(dist())
	more["assets/extra.js"] = &fstest.MapFile{Data: []byte("go()")}
	check(t, m.compare(pagesOf(t, more).Served()), "/assets/extra.js is not in the list")
}

// check wants nothing wrong, or something that begins with want.
func check(t *testing.T, wrong []string, want string) {
	t.Helper()
	if want == "" && len(wrong) > 0 || want != "" && (len(wrong) == 0 || !strings.HasPrefix(wrong[0], want)) {
		t.Errorf("wrong = %q, want %q", wrong, want)
	}
}

// siteOf serves files, through a handler that may change what is said of them.
func siteOf(t *testing.T, files fstest.MapFS, through func(http.Handler) http.Handler) *url.URL {
	t.Helper()
	pages := pagesOf(t, files)
	server := httptest.NewServer(through(web.Headers(func(*http.Request) web.Site { return web.Site{URL: &url.URL{Scheme: "http", Host: "127.0.0.1"}} }, pages, pages)))
	t.Cleanup(server.Close)
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestASiteIsCompared(t *testing.T) {
	m := describe("v1", "abc", pagesOf(t, dist()).Served())
	for name, tt := range changes {
		t.Run(name, func(t *testing.T) {
			files := dist()
			tt.change(files)
			wrong, err := checkSite(t.Context(), siteOf(t, files, func(h http.Handler) http.Handler { return h }), m)
			if err != nil {
				t.Fatal(err)
			}
			check(t, wrong, tt.wrong)
		})
	}
}

// A server that changes its pages need not do so everywhere.
func TestASiteThatCheats(t *testing.T) {
	m := describe("v1", "abc", pagesOf(t, dist()).Served())
	at := func(path string, cheat http.HandlerFunc) func(http.Handler) http.Handler {
		return func(honest http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == path {
					cheat(w, r)
					return
				}
				honest.ServeHTTP(w, r)
			})
		}
	}
	header := func(name, value string) func(http.Handler) http.Handler {
		return func(honest http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				honest.ServeHTTP(&rewriter{ResponseWriter: w, name: name, value: value}, r)
			})
		}
	}
	for _, tt := range []struct {
		name  string
		cheat func(http.Handler) http.Handler
		wrong string
	}{
		{"another document behind links only", at("/j/20000000000", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, document+" ") }), "/j/20000000000 differs"},
		{"a redirection", at("/favicon.svg", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/other.svg", http.StatusFound) }), "/favicon.svg leads elsewhere"},
		{"a file without end", at("/favicon.svg", endless), "/favicon.svg differs"},
		{"a stylesheet by header", header("Link", "</x.css>; rel=stylesheet"), "/ has a Link header"},
		{"another page by header", header("Refresh", "1; url=/x"), "/ has a Refresh header"},
		{"no policy", header("Content-Security-Policy", ""), "/ has another policy"},
		{"a loose policy", header("Content-Security-Policy", "default-src 'none'; script-src 'unsafe-inline'"), "/ has another policy"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			wrong, err := checkSite(t.Context(), siteOf(t, dist(), tt.cheat), m)
			if err != nil {
				t.Fatal(err)
			}
			check(t, wrong, tt.wrong)
		})
	}
}

// endless never stops by itself.
func endless(w http.ResponseWriter, r *http.Request) {
	for r.Context().Err() == nil {
		if _, err := io.WriteString(w, strings.Repeat("<svg/>", 1000)); err != nil {
			return
		}
	}
}

// rewriter replaces one header.
type rewriter struct {
	http.ResponseWriter
	name, value string
}

func (w *rewriter) WriteHeader(status int) {
	w.Header().Set(w.name, w.value)
	w.ResponseWriter.WriteHeader(status)
}

func (w *rewriter) Write(content []byte) (int, error) {
	w.Header().Set(w.name, w.value)
	return w.ResponseWriter.Write(content)
}

func TestOnlySitesAreFetched(t *testing.T) {
	m := describe("v1", "abc", map[string][]byte{"/": {}})
	for _, address := range []string{"file:///etc", "https:", "https://meet.example/path", "https://meet.example?x", "https://u:p@meet.example"} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := checkSite(t.Context(), u, m); err == nil {
			t.Errorf("%s was fetched", address)
		}
	}
}

// The program as it is called: what it signs it also verifies.
func TestTheWholeWay(t *testing.T) {
	served, err := built()
	if err != nil {
		t.Log(err) // a fresh clone; `make check` builds the pages first
		return
	}
	dir := t.TempDir()
	key, list := filepath.Join(dir, "release.key"), filepath.Join(dir, "manifest.json")
	for _, args := range []string{
		"key --out " + key,
		"sign --key " + key + " --out " + list + " --version v1 --commit abc",
		"verify --manifest " + list + " --key " + key + ".pub",
	} {
		if err := run(t.Context(), strings.Fields(args), io.Discard); err != nil {
			t.Fatalf("%s: %v", args, err)
		}
	}
	private, err := readPrivate(key)
	if err != nil {
		t.Fatal(err)
	}
	served["/"] = append(bytes.Clone(served["/"]), ' ')
	text, err := describe("v1", "abc", served).encode()
	if err != nil {
		t.Fatal(err)
	}
	write(t, list, text)
	write(t, list+".sig", ed25519.Sign(private, text))
	var out bytes.Buffer
	err = run(t.Context(), strings.Fields("verify --manifest "+list+" --key "+key+".pub"), &out)
	if err == nil || !strings.Contains(out.String(), "/ differs") {
		t.Errorf("verify = %v, %s", err, out.String())
	}
}
