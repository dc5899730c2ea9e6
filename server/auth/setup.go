package auth

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/conclave-meet/conclave/storage"
)

// Setup is the one-time right to make a site's first administrator. It is made
// anew at each start, lives in memory only, and is gone once it was used.
type Setup struct {
	db     *storage.DB
	hasher *Hasher
	siteID string
	role   string
	token  digest
	open   atomic.Bool
}

// NewSetup returns the right to make the first user in role, an administrator's,
// at a site, and the token to claim it with. Where the site has one already the
// right is closed and the token empty.
func NewSetup(ctx context.Context, db *storage.DB, hasher *Hasher, siteID, role string) (*Setup, string, error) {
	s := &Setup{db: db, hasher: hasher, siteID: siteID, role: role}
	taken, err := db.HasUserInRole(ctx, siteID, role)
	if err != nil || taken {
		return s, "", err
	}
	token := newSecret()
	s.token = digestOf(token)
	s.open.Store(true)
	return s, token, nil
}

// Holds reports whether token is the one to claim the right with.
func (s *Setup) Holds(token string) bool {
	return same(s.token, digestOf(token)) && s.open.Load()
}

// Claim makes the first administrator, or says ErrSetupClosed.
func (s *Setup) Claim(ctx context.Context, token, name, email, password string) (storage.User, error) {
	if !s.Holds(token) {
		return storage.User{}, ErrSetupClosed
	}
	hash, err := s.hasher.Hash(ctx, password)
	if err != nil {
		return storage.User{}, fmt.Errorf("hash password: %w", err)
	}
	u, err := s.db.InsertFirstUser(ctx, storage.User{
		SiteID: s.siteID, Email: email, Name: name, Role: s.role, PasswordHash: hash,
	})
	if errors.Is(err, storage.ErrNotFirst) {
		err = ErrSetupClosed
	}
	if err == nil || errors.Is(err, ErrSetupClosed) {
		s.open.Store(false)
	}
	return u, err
}
