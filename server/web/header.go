package web

import (
	"net/http"
	"net/url"
	"strings"
)

// Headers puts on every answer of next what a browser must know to keep our
// pages to themselves. Site is the address the pages are served under.
func Headers(site *url.URL, next http.Handler) http.Handler {
	headers := map[string]string{
		"Content-Security-Policy":      contentPolicy(site),
		"X-Content-Type-Options":       "nosniff",
		"Referrer-Policy":              "no-referrer", // a meeting's number is in its address
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Permissions-Policy": "camera=(self), microphone=(self), display-capture=(self), " +
			"autoplay=(self), fullscreen=(self), geolocation=(), payment=(), usb=()",
	}
	if site.Scheme == "https" {
		headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, value := range headers {
			w.Header().Set(name, value)
		}
		next.ServeHTTP(w, r)
	})
}

// contentPolicy allows what is ours and nothing else. The socket's origin is
// named because not every browser counts it to 'self'.
func contentPolicy(site *url.URL) string {
	socket := url.URL{Scheme: "ws", Host: site.Host}
	if site.Scheme == "https" {
		socket.Scheme = "wss"
	}
	return strings.Join([]string{
		"default-src 'none'",
		"script-src 'self'",
		"style-src 'self'",
		"img-src 'self' data: blob:",
		"media-src 'self' blob:",
		"connect-src 'self' " + socket.String(),
		"worker-src 'self'",
		"font-src 'self'",
		"manifest-src 'self'",
		"base-uri 'none'",
		"form-action 'none'",
		"frame-ancestors 'none'",
		"require-trusted-types-for 'script'",
		"trusted-types conclave",
	}, "; ")
}
