// Package web serves the built front end, which is part of the program, and
// owns the headers that tell browsers what a page of ours may do. It knows
// which paths are pages, not what is on them, and it serves nobody's data.
package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"
)

// dist is what the front end's build leaves; a fresh clone has only .gitkeep.
//
//go:embed all:dist
var dist embed.FS

// Dist returns the front end this program was built with.
func Dist() (fs.FS, error) { return fs.Sub(dist, "dist") }

// notBuilt answers for pages of a program that was built without them.
const notBuilt = "This server was built without its pages. Run `make build` and start it again.\n"

// Pages serves a built front end: one document for every page, and the files it
// loads.
type Pages struct {
	document []byte // nil when there is none
	files    map[string]*file
}

// New reads a built front end from dist.
func New(dist fs.FS) (*Pages, error) {
	document, err := fs.ReadFile(dist, "index.html")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read front end: %w", err)
	}
	p := &Pages{document: document, files: make(map[string]*file)}
	err = fs.WalkDir(dist, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || name == "index.html" || path.Base(name)[0] == '.' {
			return err
		}
		content, err := fs.ReadFile(dist, name)
		if err != nil {
			return err
		}
		return p.add(name, content)
	})
	if err != nil {
		return nil, fmt.Errorf("read front end: %w", err)
	}
	return p, nil
}

// The component that puts a meeting into somebody else's page, and its types.
const (
	component      = "embed.js"
	componentTypes = "embed.d.ts"
)

// add keeps a file, ready to be served. The component has a second address, for
// who says in their page what it must be: there it never changes.
func (p *Pages) add(name string, content []byte) error {
	f, err := newFile(name, content)
	if err != nil {
		return err
	}
	f.forOthers = name == component || name == componentTypes
	p.files["/"+name] = f
	if name == component {
		pinned := *f
		pinned.cacheControl = forever
		p.files["/embed-"+fingerprint(content)+".js"] = &pinned
	}
	return nil
}

// fingerprint names a content in an address: 12 hexadecimal digits of its SHA-256.
func fingerprint(content []byte) string {
	hash := sha256.Sum256(content)
	return hex.EncodeToString(hash[:6])
}

// isForOthers reports whether urlPath is that of a file which other sites' pages load.
func (p *Pages) isForOthers(urlPath string) bool {
	f := p.files[urlPath]
	return f != nil && f.forOthers
}

// ServeHTTP implements http.Handler.
func (p *Pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "Pages are for reading.", http.StatusMethodNotAllowed)
		return
	}
	if f := p.files[r.URL.Path]; f != nil {
		f.serve(w, r)
		return
	}
	status := http.StatusOK
	if !isPage(r.URL.Path) {
		status = http.StatusNotFound
	}
	p.serveDocument(w, status)
}

// DemoPath is where developers see the component at work.
const DemoPath = "/embed/demo"

// Demo serves the page at DemoPath. Only a site without TLS has it: there nobody
// meets but who develops.
func (p *Pages) Demo(siteOf func(*http.Request) Site) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if siteOf(r).isForDevelopers() && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
			p.serveDocument(w, http.StatusOK)
			return
		}
		p.ServeHTTP(w, r)
	})
}

// serveDocument answers with the document, which finds out by itself what to
// show; a path that is no page differs in the status only.
func (p *Pages) serveDocument(w http.ResponseWriter, status int) {
	w.Header().Set("Cache-Control", "no-store")
	if p.document == nil {
		http.Error(w, notBuilt, http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(p.document) // a browser that is gone needs no page
}

// Served returns every file by the address it is served at, the document at "/".
func (p *Pages) Served() map[string][]byte {
	served := make(map[string][]byte, len(p.files)+1)
	for path, f := range p.files {
		served[path] = f.plain.content
	}
	if p.document != nil {
		served["/"] = p.document
	}
	return served
}

// PagePaths returns an address of every page.
func PagePaths() []string {
	return []string{
		"/", "/join", "/setup", "/signin", "/welcome", "/register", "/forgot", "/profile", "/profile/signin", "/meetings", "/reports",
		"/admin", "/admin/people", "/admin/audit", "/admin/policy", "/admin/embedding", "/admin/webhooks",
		"/j/20000000000", "/embed/20000000000",
	}
}

// isPage reports whether urlPath is the address of a page.
func isPage(urlPath string) bool {
	if slices.Contains(PagePaths(), urlPath) {
		return true
	}
	number, ok := strings.CutPrefix(urlPath, "/j/")
	return ok && number != "" && !strings.Contains(number, "/") || isEmbedPage(urlPath)
}

// maxNumber is the longest a meeting's number may be in the address of the page
// for frames, in digits.
const maxNumber = 20

// isEmbedPage reports whether urlPath is the address of the one page that others
// may frame: the door of a meeting.
func isEmbedPage(urlPath string) bool {
	number, ok := strings.CutPrefix(urlPath, "/embed/")
	return ok && number != "" && len(number) <= maxNumber && strings.Trim(number, "0123456789") == ""
}
