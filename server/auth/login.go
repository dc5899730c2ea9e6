package auth

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/conclave-meet/conclave/storage"
)

// MaxLoginAge is how long a login lasts, however often it is used.
const MaxLoginAge = 30 * 24 * time.Hour

const (
	idleLimit  = 7 * 24 * time.Hour // a login that is not used ends
	touchEvery = time.Minute        // how exactly its last use is known
)

// Logins are the browsers that have signed in. A browser holds a token, the
// database only its digest.
type Logins struct {
	db     *storage.DB
	hasher *Hasher

	// An attacker is slowed down where they are: an account has no limit of
	// its own, so nobody elsewhere can lock its owner out.
	byNetwork *Throttle
	byAccount *Throttle // and network

	challenges *pending[challenge]
	codes      *Throttle // wrong codes by account and network
	allCodes   *Throttle // wrong codes by account: each follows a right password
}

// NewLogins returns the logins that db keeps.
func NewLogins(db *storage.DB, hasher *Hasher) *Logins {
	return &Logins{
		db: db, hasher: hasher,
		byNetwork: NewThrottle(60, 5*time.Second),
		byAccount: NewThrottle(10, 30*time.Second),

		challenges: newPending[challenge](5 * time.Minute),
		codes:      NewThrottle(5, time.Minute),
		allCodes:   NewThrottle(50, 10*time.Minute),
	}
}

// Verify returns the site's user with that e-mail address and password.
// ErrRefused does not tell which of the two was wrong, neither by its text nor by
// the time it takes. Other refusals are ErrBusy and TooManyError.
func (l *Logins) Verify(ctx context.Context, siteID, email, password, ip string) (storage.User, error) {
	network, account := Network(ip), storage.FoldEmail(email)
	if err := l.byNetwork.Take(network); err != nil {
		return storage.User{}, err
	}
	if err := l.byAccount.Take(account, network); err != nil {
		return storage.User{}, err
	}
	u, err := l.verify(ctx, siteID, email, password)
	if errors.Is(err, ErrRefused) {
		return storage.User{}, err
	}
	l.byNetwork.GiveBack(network)
	l.byAccount.GiveBack(account, network)
	return u, err
}

func (l *Logins) verify(ctx context.Context, siteID, email, password string) (storage.User, error) {
	u, err := l.db.UserByEmail(ctx, siteID, email)
	if err != nil && !errors.Is(err, storage.ErrNotFound) {
		return storage.User{}, err
	}
	right, err := l.hasher.Verify(ctx, u.PasswordHash, password)
	if err != nil {
		return storage.User{}, fmt.Errorf("verify password: %w", err)
	}
	if !right || !u.Disabled.IsZero() {
		return storage.User{}, ErrRefused
	}
	return u, nil
}

// Open makes a login for u, who has shown who they are, and returns the token
// that stands for it. ErrRefused says that u was changed since they were read:
// what they showed may not count any more.
func (l *Logins) Open(ctx context.Context, u storage.User, way Way, ip string) (token string, err error) {
	now := time.Now()
	if err := l.db.DeleteStaleLogins(ctx, now.Add(-MaxLoginAge), now.Add(-idleLimit)); err != nil {
		return "", err
	}
	token = newSecret()
	hash := digestOf(token)
	by := storage.Actor{UserID: u.ID, Name: u.Email, IP: ip}
	err = l.db.InsertLogin(ctx, u, hash[:], way.Method, way.Factors, by)
	if errors.Is(err, storage.ErrStale) {
		err = ErrRefused
	}
	if err != nil {
		return "", err
	}
	return token, nil
}

// Device is what a login is used from, as its user knows it again.
type Device struct{ Agent, IP string }

// Check returns the login at the site that token stands for, or ErrNoLogin.
func (l *Logins) Check(ctx context.Context, siteID, token string, from Device) (storage.Login, error) {
	hash := digestOf(token)
	login, err := l.db.LoginByToken(ctx, siteID, hash[:])
	if errors.Is(err, storage.ErrNotFound) {
		return storage.Login{}, ErrNoLogin
	}
	if err != nil {
		return storage.Login{}, err
	}
	idle, age := time.Since(login.LastSeen), time.Since(login.Created)
	if idle > idleLimit || age > MaxLoginAge {
		return storage.Login{}, ErrNoLogin
	}
	if idle >= touchEvery || login.IP == "" {
		l.touch(ctx, login, from)
	}
	return login, nil
}

// touch notes the use of login. A database that cannot write locks nobody out.
func (l *Logins) touch(ctx context.Context, login storage.Login, from Device) {
	if err := l.db.TouchLogin(ctx, login.ID, from.Agent, from.IP); err != nil {
		slog.WarnContext(ctx, "login not touched", "err", err)
	}
}

// Close ends the login that token stands for, if there is one.
func (l *Logins) Close(ctx context.Context, token string) error {
	hash := digestOf(token)
	return l.db.DeleteLogin(ctx, hash[:])
}
