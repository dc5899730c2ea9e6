package auth

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/conclave-meet/conclave/storage"
)

// How long the links to choose a password work.
const (
	InviteLife = 7 * 24 * time.Hour // who was invited need not look today
	ResetLife  = 10 * time.Minute   // who forgot their password waits for the mail
)

// NewLink returns a link for purpose at a site, and the token to use it with,
// which is kept nowhere.
func NewLink(siteID, purpose string) (link storage.Link, token string) {
	life := ResetLife
	if purpose == storage.InviteLink {
		life = InviteLife
	}
	token = newSecret()
	hash := digestOf(token)
	return storage.Link{
		SiteID: siteID, Purpose: purpose, TokenHash: hash[:], Expires: time.Now().Add(life),
	}, token
}

// Link returns the site's link that token is for, or ErrLink.
func (l *Logins) Link(ctx context.Context, siteID, token string) (storage.Link, error) {
	hash := digestOf(token)
	link, err := l.db.LinkByToken(ctx, siteID, hash[:])
	return link, orNoLink(err)
}

// UseLink gives the user of a link a password and returns them; a user it makes
// first has role. ErrLink says that the link was used, or is too old.
func (l *Logins) UseLink(ctx context.Context, link storage.Link, password, role, ip string) (storage.User, error) {
	hash, err := l.hasher.Hash(ctx, password)
	if err != nil {
		return storage.User{}, fmt.Errorf("hash password: %w", err)
	}
	u, err := l.db.UseLink(ctx, link.SiteID, link.TokenHash, hash, role, ip)
	return u, orNoLink(err)
}

func orNoLink(err error) error {
	if errors.Is(err, storage.ErrNotFound) {
		return ErrLink
	}
	return err
}

// ChangePassword replaces the password of u, who knows the current one and is
// signed in with token. Every other login of theirs ends. Refusals are those of
// SignIn, counted with them.
func (l *Logins) ChangePassword(ctx context.Context, u storage.User, token, current, password string, by storage.Actor) error {
	if _, err := l.Verify(ctx, u.SiteID, u.Email, current, by.IP); err != nil {
		return err
	}
	encoded, err := l.hasher.Hash(ctx, password)
	if err != nil {
		return fmt.Errorf("hash password: %w", err)
	}
	kept := digestOf(token)
	return l.db.SetPassword(ctx, u, encoded, kept[:], by)
}

// List returns the logins of u, and which of them token stands for.
func (l *Logins) List(ctx context.Context, u storage.User, token string) (logins []storage.Login, current string, err error) {
	logins, err = l.db.LoginsOf(ctx, u.ID)
	hash := digestOf(token)
	for _, login := range logins {
		if string(login.TokenHash) == string(hash[:]) {
			current = login.ID
		}
	}
	return logins, current, err
}
