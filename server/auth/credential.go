package auth

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
)

// CredentialLife is how long a credential may be used to come in with.
const CredentialLife = 24 * time.Hour

// What a credential may hold. Whoever is in a meeting keeps the credentials of
// all, so their size is bounded here, whatever the callers check.
const (
	maxClaim      = 100 // characters, of a name and of the site's
	maxShortClaim = 64  // bytes, of the number, the participant's id and the role
	maxIssuer     = 300 // bytes; a host name has 253
	publicKeySize = 32
)

// maxCredential is the longest credential that keeps within those bounds, in
// bytes: base64url takes four bytes for three, and characters have up to four.
const maxCredential = 2500

// ErrCredential says that an identity has no credential: something in it is
// missing or too long.
var ErrCredential = errors.New("an identity without a credential")

// Identity is what a site says of a participant (docs/e2ee.md, "Identity").
type Identity struct {
	MeetingNumber string
	ParticipantID string
	Name          string
	Role          string // on coming in
	Guest         bool   // not signed in at the site
	Owner         bool   // the meeting is theirs
	SignatureKey  []byte // Ed25519, public
	SealingKey    []byte // X25519, public
}

// Issuer signs a site's credentials.
type Issuer struct {
	key     ed25519.PrivateKey
	address string
	site    string
}

// NewIssuer returns the issuer of the site called site at address, with the
// site's seed.
func NewIssuer(seed []byte, address, site string) (*Issuer, error) {
	if len(seed) != ed25519.SeedSize {
		return nil, fmt.Errorf("the site's signing key has %d bytes, not %d", len(seed), ed25519.SeedSize)
	}
	if len(address) > maxIssuer || utf8.RuneCountInString(site) > maxClaim {
		return nil, errors.New("the site's address or name is too long for a credential")
	}
	return &Issuer{key: ed25519.NewKeyFromSeed(seed), address: address, site: site}, nil
}

// Site is the site's name, as its credentials have it.
func (i *Issuer) Site() string { return i.site }

// PublicKey is what the site's credentials are verified with, as base64url.
func (i *Issuer) PublicKey() string {
	return base64.RawURLEncoding.EncodeToString(i.key[ed25519.SeedSize:]) // RFC 8032: seed, then public key
}

// credentialHeader is the same for all.
const credentialHeader = `{"alg":"EdDSA","typ":"conclave-credential"}` //nolint:gosec // it holds no secret

// claims are what a credential says, in the order of docs/e2ee.md.
type claims struct {
	Iss   string `json:"iss"`
	Aud   string `json:"aud"`
	Sub   string `json:"sub"`
	Name  string `json:"name"`
	Org   string `json:"org"`
	Role  string `json:"role"`
	Guest bool   `json:"guest"`
	Owner bool   `json:"owner"`
	Iat   int64  `json:"iat"` // seconds since 1970
	Exp   int64  `json:"exp"`
	Sig   string `json:"sig"`
	Seal  string `json:"seal"`
}

// Sign returns who's credential: a compact JWS (RFC 7515, RFC 8037).
func (i *Issuer) Sign(who Identity) (string, error) {
	if err := who.check(); err != nil {
		return "", err
	}
	now := time.Now()
	payload, err := json.Marshal(claims{
		Iss: i.address, Aud: who.MeetingNumber, Sub: who.ParticipantID, Name: who.Name, Org: i.site,
		Role: who.Role, Guest: who.Guest, Owner: who.Owner, Iat: now.Unix(), Exp: now.Add(CredentialLife).Unix(),
		Sig:  base64.RawURLEncoding.EncodeToString(who.SignatureKey),
		Seal: base64.RawURLEncoding.EncodeToString(who.SealingKey),
	})
	if err != nil {
		return "", fmt.Errorf("encode credential: %w", err)
	}
	signed := base64.RawURLEncoding.EncodeToString([]byte(credentialHeader)) + "." + base64.RawURLEncoding.EncodeToString(payload)
	credential := signed + "." + base64.RawURLEncoding.EncodeToString(ed25519.Sign(i.key, []byte(signed)))
	if len(credential) > maxCredential { // a name may be of characters that JSON writes long
		return "", fmt.Errorf("%w: %d bytes", ErrCredential, len(credential))
	}
	return credential, nil
}

// check refuses what no credential may say.
func (who Identity) check() error {
	for _, short := range []string{who.MeetingNumber, who.ParticipantID, who.Role} {
		if short == "" || len(short) > maxShortClaim {
			return fmt.Errorf("%w: a claim of %d bytes", ErrCredential, len(short))
		}
	}
	if n := utf8.RuneCountInString(who.Name); n == 0 || n > maxClaim || !utf8.ValidString(who.Name) {
		return fmt.Errorf("%w: a name of %d characters", ErrCredential, n)
	}
	if len(who.SignatureKey) != publicKeySize || len(who.SealingKey) != publicKeySize {
		return fmt.Errorf("%w: keys of %d and %d bytes", ErrCredential, len(who.SignatureKey), len(who.SealingKey))
	}
	return nil
}

// ParsePublicKey reads a public key as a browser shows it: base64url, without
// padding.
func ParsePublicKey(text string) (key []byte, ok bool) { return parse32(text) }
