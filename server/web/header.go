package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
)

// Site is what the headers say of the site that a request is for.
type Site struct {
	URL          *url.URL // under which it is served
	EmbedOrigins []string // of the pages that may frame the door of a meeting, as browsers write them
}

// isForDevelopers reports whether the site is served without TLS, as on a machine
// where somebody tries it out.
func (s Site) isForDevelopers() bool { return s.URL.Scheme == "http" }

// Headers puts on every answer of next what a browser must know to keep our
// pages to themselves. The site of a request is asked for each time: who is taken
// off its list frames nothing any more.
func Headers(siteOf func(*http.Request) Site, pages *Pages, next http.Handler) http.Handler {
	imports := importMapSource(pages.document)
	headers := map[string]string{
		"Integrity-Policy":             "blocked-destinations=(script)", // without a hash nothing runs
		"X-Content-Type-Options":       "nosniff",
		"Referrer-Policy":              "no-referrer", // a meeting's number is in its address
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Permissions-Policy": "camera=(self), microphone=(self), display-capture=(self), " +
			"autoplay=(self), fullscreen=(self), geolocation=(), payment=(), usb=()",
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, value := range headers {
			w.Header().Set(name, value)
		}
		site := siteOf(r)
		var framers []string
		switch {
		case isEmbedPage(r.URL.Path):
			framers = site.EmbedOrigins
			w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
		case pages.isForOthers(r.URL.Path):
			w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
			w.Header().Set("Access-Control-Allow-Origin", "*")
		}
		policy := contentPolicy(site.URL, imports, framers)
		if r.URL.Path == DemoPath && site.isForDevelopers() {
			policy += "; frame-src 'self'" // the one page of ours that frames another
		}
		w.Header().Set("Content-Security-Policy", policy)
		if site.URL.Scheme == "https" {
			w.Header().Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
		}
		next.ServeHTTP(w, r)
	})
}

// contentPolicy allows what is ours and nothing else, and nobody but framers to
// frame it. The socket's origin is named because not every browser counts it to
// 'self'.
func contentPolicy(site *url.URL, imports string, framers []string) string {
	socket := url.URL{Scheme: "ws", Host: site.Host}
	if site.Scheme == "https" {
		socket.Scheme = "wss"
	}
	ancestors := "'none'"
	if len(framers) > 0 {
		ancestors = strings.Join(framers, " ")
	}
	return strings.Join([]string{
		"default-src 'none'",
		"script-src 'self'" + imports,
		"style-src 'self'",
		"img-src 'self' data: blob:",
		"media-src 'self' blob:",
		"connect-src 'self' " + socket.String(),
		"worker-src 'self'",
		"font-src 'self'",
		"manifest-src 'self'",
		"base-uri 'none'",
		"form-action 'none'",
		"frame-ancestors " + ancestors,
		"require-trusted-types-for 'script'",
		"trusted-types conclave",
	}, "; ")
}

// importMapSource allows the one thing that stands in the document itself: the
// import map, which runs nothing and says what the scripts must be.
func importMapSource(document []byte) string {
	_, after, found := bytes.Cut(document, []byte(`<script type="importmap">`))
	text, _, closed := bytes.Cut(after, []byte("</script>"))
	if !found || !closed {
		return ""
	}
	hash := sha256.Sum256(text)
	return " 'sha256-" + base64.StdEncoding.EncodeToString(hash[:]) + "'"
}
