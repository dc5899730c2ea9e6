package auth

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/conclave-meet/conclave/storage"
)

// tokenPrefix begins every API token, so that whoever finds one in a log or in a
// repository knows what it is.
const tokenPrefix = "conclave_"

// NewAPIToken returns a token, to be shown once, and the hash it is known by.
func NewAPIToken() (token string, hash []byte) {
	token = tokenPrefix + newSecret()
	sum := digestOf(token)
	return token, sum[:]
}

// CheckAPIToken returns the site's API token that token is, with its user, or
// ErrNoLogin.
func (l *Logins) CheckAPIToken(ctx context.Context, siteID, token string) (storage.Token, error) {
	hash := digestOf(token)
	t, err := l.db.TokenByHash(ctx, siteID, hash[:])
	if errors.Is(err, storage.ErrNotFound) {
		return storage.Token{}, ErrNoLogin
	}
	if err != nil {
		return storage.Token{}, err
	}
	if time.Since(t.LastUsed) >= touchEvery {
		if err := l.db.TouchToken(ctx, t.ID); err != nil { // a database that cannot write locks nobody out
			slog.WarnContext(ctx, "token not touched", "err", err)
		}
	}
	return t, nil
}
