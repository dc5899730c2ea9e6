package auth

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"math/big"
	"strconv"
)

// Meeting numbers have 11 digits, of which the first is none that a telephone
// or a spreadsheet would swallow.
const (
	firstNumber = 20_000_000_000
	numbers     = 80_000_000_000
)

// NewMeetingNumber returns a number that cannot be told from any before it. It
// is not a secret: it can be guessed, so it opens nothing by itself.
func NewMeetingNumber() (string, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(numbers))
	if err != nil {
		return "", fmt.Errorf("make meeting number: %w", err)
	}
	return strconv.FormatInt(firstNumber+n.Int64(), 10), nil
}

// NewLinkSecret returns the secret of a new meeting's link. Browsers make their
// own; this is for programs that let the server do it. Who asked for it clears
// it after use.
func NewLinkSecret() []byte { return randomBytes(32) }

// FormatLinkSecret returns secret as the fragment of a link.
func FormatLinkSecret(secret []byte) string { return base64.RawURLEncoding.EncodeToString(secret) }

// ParseLinkSecret reads the fragment of a link.
func ParseLinkSecret(fragment string) (secret []byte, ok bool) { return parse32(fragment) }

// IsLinkProof reports whether text is a proof, of whatever secret.
func IsLinkProof(text string) bool {
	_, ok := parse32(text)
	return ok
}

// parse32 reads 32 bytes of base64url, written the one way there is.
func parse32(text string) ([]byte, bool) {
	if len(text) != base64.RawURLEncoding.EncodedLen(32) {
		return nil, false
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	return b, err == nil && len(b) == 32 // fewer when it skipped line breaks
}

// LinkProof returns what the holder of a link shows instead of its secret.
func LinkProof(secret []byte) (string, error) {
	proof, err := hkdf.Key(sha256.New, secret, nil, "conclave link proof v1", 32)
	if err != nil {
		return "", fmt.Errorf("derive link proof: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(proof), nil
}

// HashLinkProof returns what is stored to know proof again.
func HashLinkProof(proof string) []byte {
	hash := digestOf(proof)
	return hash[:]
}

// LinkProofMatches reports whether hash was made of proof.
func LinkProofMatches(hash []byte, proof string) bool {
	return len(hash) == sha256.Size && same(digest(hash), digestOf(proof))
}

// MeetingPasswordMatches reports whether got is the meeting's password; where
// there is none nothing is. A meeting's password is kept readable
// (docs/adr/0001-link-proof.md), so only the comparison is guarded.
func MeetingPasswordMatches(want, got string) bool {
	equal := same(digestOf(want), digestOf(got))
	return equal && want != ""
}
