// Package jointoken reads the tokens by which an embedder's own server lets a
// person into a meeting: JWTs (RFC 7519, RFC 8725), signed with a key that an
// administrator of the site has registered. It reads keys too. Which keys there
// are, and whether a token was used before, its caller knows.
package jointoken

import (
	"encoding/base64"
	"math"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// What a token has to keep to.
const (
	MaxLength = 4 << 10          // bytes of a token
	Leeway    = 60 * time.Second // by which two clocks may differ
	MaxLife   = time.Hour        // from iat to exp
	minID     = 8                // bytes of a jti
	maxID     = 64
	maxKeyID  = 64 // bytes of a kid
)

// RefusalError is why a token opens nothing, in a word for the audit log. Who shows
// the token is not told.
type RefusalError string

func (r RefusalError) Error() string { return "join token refused: " + string(r) }

// What this package refuses.
const (
	ErrTooLong   RefusalError = "too_long"
	ErrMalformed RefusalError = "malformed"
	ErrHeader    RefusalError = "header"    // more in it than alg, kid and typ
	ErrWrongAlg  RefusalError = "algorithm" // none, or another than the key's
	ErrSignature RefusalError = "signature"
	ErrClaim     RefusalError = "claims" // missing, or of the wrong type or length
	ErrAudience  RefusalError = "audience"
	ErrExpired   RefusalError = "expired"
	ErrNotYet    RefusalError = "not_yet" // iat or nbf is to come
	ErrLifetime  RefusalError = "lifetime"
)

// Token is one that was read, and not verified.
type Token struct {
	KeyID     string
	algorithm Algorithm
	signed    *jose.JSONWebSignature
}

// header is all that stands in a token's: there is no key in it, no address of
// one, and nothing that changes what the signature means.
type header struct {
	Alg string `json:"alg"`
	Kid string `json:"kid"`
	Typ string `json:"typ"`
}

// Parse reads a token. It believes nothing of it. Every error is a RefusalError.
func Parse(text string) (Token, error) {
	if len(text) > MaxLength {
		return Token{}, ErrTooLong
	}
	first, _, _ := strings.Cut(text, ".")
	raw, err := base64.RawURLEncoding.Strict().DecodeString(first)
	if err != nil || jsontext.Value(raw).Kind() != jsontext.KindBeginObject {
		return Token{}, ErrMalformed
	}
	var h header
	if err := json.Unmarshal(raw, &h, json.RejectUnknownMembers(true)); err != nil {
		return Token{}, ErrHeader
	}
	if h.Kid == "" || len(h.Kid) > maxKeyID || h.Typ != "" && !strings.EqualFold(h.Typ, "JWT") {
		return Token{}, ErrHeader
	}
	algorithm := Algorithm(h.Alg)
	if algorithm != EdDSA && algorithm != RS256 {
		return Token{}, ErrWrongAlg
	}
	signed, err := jose.ParseSignedCompact(text, []jose.SignatureAlgorithm{jose.SignatureAlgorithm(algorithm)})
	if err != nil {
		return Token{}, ErrMalformed
	}
	return Token{KeyID: h.Kid, algorithm: algorithm, signed: signed}, nil
}

// Claims are what a token says that was signed with the right key.
type Claims struct {
	ID      string // jti
	Meeting string // the number, digits only
	Name    string // as it came; empty for none
	Email   string // as it came; empty for none
	Role    string // as it came; empty for none

	audience               string
	issued, expires, begin float64 // seconds since 1970
}

// payload is the JSON of Claims. Names it does not have are ignored (RFC 7519, 4).
type payload struct {
	Aud     jsontext.Value `json:"aud"` // a text, or a list of one
	Exp     *float64       `json:"exp"`
	Iat     *float64       `json:"iat"`
	Nbf     float64        `json:"nbf"`
	Jti     string         `json:"jti"`
	Meeting string         `json:"meeting"`
	Name    string         `json:"name"`
	Email   string         `json:"email"`
	Role    string         `json:"role"`
}

// Verify returns what t says, if it was signed with key. Every error is a RefusalError.
func (t Token) Verify(key Key) (Claims, error) {
	if t.algorithm != key.Algorithm {
		return Claims{}, ErrWrongAlg
	}
	text, err := t.signed.Verify(key.public)
	if err != nil {
		return Claims{}, ErrSignature
	}
	var p payload
	if err := json.Unmarshal(text, &p); err != nil || p.Exp == nil || p.Iat == nil {
		return Claims{}, ErrClaim
	}
	c := Claims{
		ID: p.Jti, Meeting: p.Meeting, Name: p.Name, Email: p.Email, Role: p.Role,
		issued: *p.Iat, expires: *p.Exp, begin: p.Nbf,
	}
	var ok bool
	if c.audience, ok = only(p.Aud); !ok || !isID(c.ID) || !isNumber(c.Meeting) {
		return Claims{}, ErrClaim
	}
	return c, nil
}

// only returns the one audience that aud names: a token for several servers could
// be used at each of them.
func only(aud jsontext.Value) (string, bool) {
	var one string
	if json.Unmarshal(aud, &one) == nil {
		return one, one != ""
	}
	var several []string
	if json.Unmarshal(aud, &several) != nil || len(several) != 1 {
		return "", false
	}
	return several[0], several[0] != ""
}

func isID(id string) bool {
	odd := func(c rune) bool { return c < '!' || c > '~' }
	return len(id) >= minID && len(id) <= maxID && !strings.ContainsFunc(id, odd)
}

func isNumber(number string) bool {
	odd := func(c rune) bool { return c < '0' || c > '9' }
	return number != "" && len(number) <= maxID && !strings.ContainsFunc(number, odd)
}

// Check refuses c anywhere but at audience, and for longer than tokens may live.
func (c Claims) Check(audience string, now time.Time) error {
	at, leeway := float64(now.UnixMilli())/1000, Leeway.Seconds()
	switch {
	case c.audience != audience:
		return ErrAudience
	case c.expires <= c.issued, c.expires-c.issued > MaxLife.Seconds(), math.IsInf(c.expires, 0):
		return ErrLifetime
	case c.issued > at+leeway, c.begin > at+leeway:
		return ErrNotYet
	default:
		return nil
	}
}

// Fresh refuses c when it has expired.
func (c Claims) Fresh(now time.Time) error {
	if float64(now.UnixMilli())/1000 >= c.expires+Leeway.Seconds() {
		return ErrExpired
	}
	return nil
}
