package auth

import (
	"context"
	"encoding/base32"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"

	"github.com/conclave-meet/conclave/storage"
)

// What every authenticator app takes (RFC 6238).
const (
	totpStep   = 30 * time.Second
	totpSecret = 20 // bytes
	totpSkew   = 1  // steps a clock may be off
)

// recoveryCodes is how many codes stand in for a lost app.
const recoveryCodes = 10

// Apps set up authenticator apps.
type Apps struct {
	db      *storage.DB
	setting *pending[appSecret]
	wrong   *Throttle // by user
}

// appSecret is a secret that an app is being told.
type appSecret struct{ siteID, userID, secret string }

// NewApps returns the ones that db keeps.
func NewApps(db *storage.DB) *Apps {
	return &Apps{db: db, setting: newPending[appSecret](FreshLogin), wrong: NewThrottle(10, 30*time.Second)}
}

// Begin returns a new secret for an app of u's, as text and as the address that
// apps read from a picture. Title is the site's. Nothing is stored yet.
func (a *Apps) Begin(u storage.User, title string) (ceremony, secret, address string) {
	secret = base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(randomBytes(totpSecret))
	label := url.PathEscape(strings.ReplaceAll(title, ":", " ") + ":" + u.Email)
	query := "secret=" + secret + "&issuer=" + url.QueryEscape(title) + "&algorithm=SHA1&digits=6&period=30"
	query = strings.ReplaceAll(query, "+", "%20") // apps read it as it is
	return a.setting.begin(appSecret{siteID: u.SiteID, userID: u.ID, secret: secret}), secret, "otpauth://totp/" + label + "?" + query
}

// Finish stores the app that shows code, and returns the codes that stand in for
// it, which are shown once. Code may be tried again when it is wrong.
func (a *Apps) Finish(ctx context.Context, login storage.Login, ceremony, code string, by storage.Actor) ([]string, error) {
	u := login.User
	setting, ok := a.setting.look(ceremony)
	if !ok || setting.siteID != u.SiteID || setting.userID != u.ID {
		return nil, ErrCeremony
	}
	if err := a.wrong.Take(u.ID); err != nil {
		return nil, err
	}
	step, right, err := stepOf(setting.secret, code, time.Now())
	if err != nil {
		return nil, err
	}
	if !right {
		return nil, ErrCode
	}
	a.wrong.GiveBack(u.ID)
	a.setting.finish(ceremony)
	codes, hashes := newRecoveryCodes()
	err = a.db.InsertTOTP(ctx, u, storage.TOTP{Secret: setting.secret, LastStep: step}, hashes, login.ID, by)
	if errors.Is(err, storage.ErrTaken) {
		err = ErrCeremony // set up in another tab
	}
	return codes, err
}

// NewCodes replaces u's recovery codes.
func (a *Apps) NewCodes(ctx context.Context, u storage.User, by storage.Actor) ([]string, error) {
	codes, hashes := newRecoveryCodes()
	return codes, a.db.SetRecoveryCodes(ctx, u, hashes, by)
}

// SignInByCode returns who waits with that challenge, if they show the code of
// their app or a recovery code, and the way they came. A wrong code leaves the
// challenge for another try: ErrCode. ErrCeremony says that it is over.
func (l *Logins) SignInByCode(ctx context.Context, siteID, secret, code, ip string) (storage.User, Way, error) {
	waiting, ok := l.challenges.look(secret)
	if !ok || waiting.siteID != siteID {
		return storage.User{}, Way{}, ErrCeremony
	}
	u, err := l.db.ActiveUser(ctx, siteID, waiting.userID)
	if errors.Is(err, storage.ErrNotFound) || err == nil && u.Version != waiting.version {
		return storage.User{}, Way{}, ErrCeremony
	}
	if err != nil {
		return storage.User{}, Way{}, err
	}
	network := Network(ip)
	if err := l.codes.Take(u.ID, network); err != nil {
		return storage.User{}, Way{}, err
	}
	if err := l.allCodes.Take(u.ID); err != nil {
		l.codes.GiveBack(u.ID, network)
		return storage.User{}, Way{}, err
	}
	kind, err := l.takeCode(ctx, u, code, ip)
	if errors.Is(err, ErrCode) {
		return storage.User{}, Way{}, err
	}
	l.codes.GiveBack(u.ID, network)
	l.allCodes.GiveBack(u.ID)
	if err != nil {
		return storage.User{}, Way{}, err
	}
	if _, ok := l.challenges.finish(secret); !ok {
		return storage.User{}, Way{}, ErrCeremony
	}
	return u, Way{Method: waiting.way.Method + "+" + kind, Factors: 2}, nil
}

// takeCode uses code up and says what kind it was, or ErrCode.
func (l *Logins) takeCode(ctx context.Context, u storage.User, code, ip string) (kind string, err error) {
	if hash, ok := hashRecoveryCode(code); ok {
		err := l.db.TakeRecoveryCode(ctx, u, hash, storage.Actor{UserID: u.ID, Name: u.Email, IP: ip})
		if errors.Is(err, storage.ErrNotFound) {
			return "", ErrCode
		}
		return "recovery", err
	}
	app, err := l.db.TOTP(ctx, u.SiteID, u.ID)
	if errors.Is(err, storage.ErrNotFound) {
		return "", ErrCode // taken away since
	}
	if err != nil {
		return "", err
	}
	step, right, err := stepOf(app.Secret, code, time.Now())
	if err != nil {
		return "", err
	}
	if !right {
		return "", ErrCode
	}
	err = l.db.TakeTOTPStep(ctx, u, step)
	if errors.Is(err, storage.ErrTaken) {
		return "", ErrCode // somebody looked over a shoulder
	}
	return "totp", err
}

// stepOf returns which step of the clock code belongs to, of those near now.
func stepOf(secret, code string, now time.Time) (step int64, right bool, err error) {
	code = strings.ReplaceAll(strings.TrimSpace(code), " ", "")
	if len(code) != otp.DigitsSix.Length() {
		return 0, false, nil
	}
	current := now.Unix() / int64(totpStep.Seconds())
	for step := current + totpSkew; step >= current-totpSkew; step-- {
		ok, err := hotp.ValidateCustom(code, uint64(step), secret, hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}) //nolint:gosec // after 1970
		if err != nil {
			return 0, false, fmt.Errorf("compute code: %w", err)
		}
		if ok {
			return step, true, nil
		}
	}
	return 0, false, nil
}

// A recovery code is 80 bits in four groups of letters and digits, none of which
// look alike.
var recoveryAlphabet = base32.NewEncoding("ABCDEFGHJKLMNPQRSTUVWXYZ23456789").WithPadding(base32.NoPadding) //nolint:gochecknoglobals // a constant

const recoverySize = 10 // bytes: 16 characters

func newRecoveryCodes() (codes []string, hashes [][]byte) {
	for range recoveryCodes {
		text := recoveryAlphabet.EncodeToString(randomBytes(recoverySize))
		hash := digestOf(text)
		codes = append(codes, text[0:4]+"-"+text[4:8]+"-"+text[8:12]+"-"+text[12:16])
		hashes = append(hashes, hash[:])
	}
	return codes, hashes
}

// hashRecoveryCode returns what is stored of code, if it has the shape of one.
func hashRecoveryCode(code string) (hash []byte, ok bool) {
	code = strings.ToUpper(strings.NewReplacer("-", "", " ", "").Replace(code))
	if raw, err := recoveryAlphabet.DecodeString(code); err != nil || len(raw) != recoverySize {
		return nil, false
	}
	d := digestOf(code)
	return d[:], true
}
