package auth

import (
	"context"
	"errors"
	"time"

	"github.com/conclave-meet/conclave/storage"
)

// FreshLogin is how long after signing in one may change how one signs in.
const FreshLogin = 15 * time.Minute

// What is said of second factors. ErrCode and ErrCeremony say nothing of why.
var (
	ErrCode     = errors.New("wrong code")
	ErrCeremony = errors.New("no such ceremony, or not any more")
	ErrStep     = errors.New("sign in with the second factor")
)

// Way is how somebody has shown who they are.
type Way struct {
	Method  string // as the login row and the audit log have it
	Factors int    // 1 or 2
}

// ByPassword is the way with one factor. A passkey is two: the device has the
// key, and asks its owner for a finger, a face or a PIN before it uses it.
func ByPassword() Way { return Way{Method: "password", Factors: 1} }

// ByPasskey is the way with a device.
func ByPasskey() Way { return Way{Method: "passkey", Factors: 2} }

// SecondFactorError says that one factor was right, and that another is wanted.
type SecondFactorError struct {
	Challenge string // for SignInByCode; empty for who has no authenticator app
	Passkey   bool   // whether a passkey will do
}

func (SecondFactorError) Error() string { return "a second factor is wanted" }

// challenge is who waits to show a code.
type challenge struct {
	siteID, userID string
	version        int64 // of the user, when they showed the first factor
	way            Way
}

// Enter makes a login for u, who has shown one factor or two, and returns the
// token that stands for it. Who has an authenticator app must show two, and gets
// a SecondFactorError for one; and where two are required, so must who has any.
func (l *Logins) Enter(ctx context.Context, u storage.User, way Way, required bool, ip string) (token string, err error) {
	if way.Factors < 2 {
		factors, err := l.db.Factors(ctx, u.SiteID, u.ID)
		switch {
		case err != nil:
			return "", err
		case factors.TOTP:
			waiting := l.challenges.begin(challenge{siteID: u.SiteID, userID: u.ID, version: u.Version, way: way})
			return "", SecondFactorError{Challenge: waiting, Passkey: factors.Passkeys > 0}
		case required && factors.Passkeys > 0:
			return "", SecondFactorError{Passkey: true}
		}
	}
	return l.Open(ctx, u, way, ip)
}
