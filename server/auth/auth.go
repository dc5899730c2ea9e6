// Package auth says who somebody is. It owns passwords and their hashes, logins
// and the tokens browsers hold, the one-time set-up link, the one-use tickets
// that open a socket, and the secrets by which a meeting is entered. It also
// slows down guessing. Besides passwords it knows passkeys, authenticator apps and
// a site's provider, whom it asks over HTTP. It does not say what anybody may do,
// and it knows neither requests nor cookies.
package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/netip"
	"regexp"
	"time"
)

// What a caller may act on; any other error is an internal one.
var (
	ErrBusy        = errors.New("too much to do at once")
	ErrRefused     = errors.New("wrong e-mail address or password")
	ErrNoLogin     = errors.New("not signed in")
	ErrSetupClosed = errors.New("set-up is closed")
	ErrTicket      = errors.New("no such ticket")
	ErrLink        = errors.New("no such link")
)

// TooManyError says that somebody has tried too often.
type TooManyError struct{ Wait time.Duration } // until the next try

func (TooManyError) Error() string { return "too many attempts" }

// digest is what is kept of a secret: enough to know it again, not to show it.
type digest = [sha256.Size]byte

func digestOf(secret string) digest { return sha256.Sum256([]byte(secret)) }

// same compares two digests without telling by its duration how alike they are.
func same(a, b digest) bool { return subtle.ConstantTimeCompare(a[:], b[:]) == 1 }

// newSecret returns 256 random bits as base64url.
func newSecret() string { return base64.RawURLEncoding.EncodeToString(randomBytes(32)) }

// NewParticipantID returns an id that no other participant has.
func NewParticipantID() string { return "p-" + hex.EncodeToString(randomBytes(8)) }

var participantID = regexp.MustCompile(`^p-[0-9a-f]{16}$`)

// IsParticipantID reports whether id may be a participant's.
func IsParticipantID(id string) bool { return participantID.MatchString(id) }

func randomBytes(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // it never fails: the program stops instead
	return b
}

// Network returns what stands for the client at address ip when its tries are
// counted: an IPv6 customer holds at least a /64 of addresses.
func Network(ip string) string {
	addr, err := netip.ParseAddr(ip)
	if err != nil {
		return ip
	}
	addr = addr.Unmap().WithZone("")
	if addr.Is4() {
		return addr.String()
	}
	network, err := addr.Prefix(64)
	if err != nil {
		return ip
	}
	return network.String()
}
