package site

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/conclave-meet/conclave/storage"
)

type key struct{}

// Of returns the site a request is for, which Handler found.
func Of(ctx context.Context) *Site {
	s, _ := ctx.Value(key{}).(*Site)
	return s
}

// With returns ctx of a request for s.
func With(ctx context.Context, s *Site) context.Context { return context.WithValue(ctx, key{}, s) }

// Handler gives next every request with its site, and its path within that. No
// site and no page of one look the same: missing answers for both.
func (d *Directory) Handler(next, missing http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s, path, err := d.Find(r)
		switch {
		case errors.Is(err, storage.ErrNotFound):
			missing.ServeHTTP(w, r)
			return
		case err != nil:
			slog.ErrorContext(r.Context(), "site not found out", "err", err)
			broken(w, r)
			return
		}
		r = r.WithContext(With(r.Context(), s))
		if path != r.URL.Path {
			r.URL = within(r.URL, path)
		}
		next.ServeHTTP(w, r)
	})
}

// broken answers while the database does not: programs get a problem as
// docs/api.md has it, people its sentence.
func broken(w http.ResponseWriter, r *http.Request) {
	const sentence = "Something went wrong on the server."
	if !strings.Contains(r.URL.Path, "/v1/") {
		http.Error(w, sentence, http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(http.StatusInternalServerError)
	_, _ = io.WriteString(w, `{"type":"about:blank","title":"Internal Server Error","status":500,"detail":"`+sentence+`","code":"internal"}`)
}

// within is the address of a request that has left the prefix behind. An
// escaped path cannot be cut where the other was; nothing of ours needs one.
func within(u *url.URL, path string) *url.URL {
	inner := *u
	inner.Path, inner.RawPath = path, ""
	return &inner
}
