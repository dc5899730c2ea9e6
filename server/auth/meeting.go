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

// linkSecretLength is how many random bytes the fragment of a link holds.
const linkSecretLength = 32

// NewLinkSecret returns the secret of a new meeting's link.
func NewLinkSecret() []byte { return randomBytes(linkSecretLength) }

// FormatLinkSecret returns secret as the fragment of a link.
func FormatLinkSecret(secret []byte) string { return base64.RawURLEncoding.EncodeToString(secret) }

// ParseLinkSecret reads the fragment of a link.
func ParseLinkSecret(fragment string) (secret []byte, ok bool) {
	secret, err := base64.RawURLEncoding.Strict().DecodeString(fragment)
	return secret, err == nil && len(secret) == linkSecretLength
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

// MeetingPasswordMatches reports whether got is the meeting's password. A
// meeting's password is kept readable (docs/adr/0001-link-proof.md), so only
// the comparison is guarded.
func MeetingPasswordMatches(want, got string) bool {
	return same(digestOf(want), digestOf(got))
}
