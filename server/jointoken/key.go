package jointoken

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

// Algorithm is how a key signs, as RFC 7518 and RFC 8037 name it.
type Algorithm string

// The algorithms. A key has one of them, so no token chooses (RFC 8725, 3.1).
const (
	EdDSA Algorithm = "EdDSA" // with Ed25519
	RS256 Algorithm = "RS256"
)

// How long the modulus of an RSA key may be, in bits: shorter ones are weak, and
// to verify with longer ones takes a server too long.
const (
	minRSA = 2048
	maxRSA = 4096
)

// leastExponent is the smallest public exponent of an RSA key.
const leastExponent = 65537

// MaxKeyText is the longest text of a key that is read, in bytes.
const MaxKeyText = 8 << 10

// KeyError says why a text is no key to register, in a sentence for a person.
type KeyError struct{ Sentence string }

func (e KeyError) Error() string { return "no key: " + e.Sentence }

// Key is a public key that verifies tokens.
type Key struct {
	Algorithm Algorithm
	public    crypto.PublicKey
}

// ParseKey reads a public key as administrators have it: PEM (RFC 7468, PKIX or
// PKCS #1), or a JWK (RFC 7517). Every error is a KeyError.
func ParseKey(text string) (Key, error) {
	text = strings.TrimSpace(text)
	switch {
	case len(text) > MaxKeyText:
		return Key{}, KeyError{"That is too long for a public key."}
	case strings.HasPrefix(text, "{"):
		return parseJWK(text)
	case strings.HasPrefix(text, "-----BEGIN "):
		return parsePEM(text)
	default:
		return Key{}, KeyError{"Paste the public key as PEM (it begins with “-----BEGIN PUBLIC KEY-----”) or as a JWK (it begins with “{”)."}
	}
}

// errPrivate tells who pasted their private key what that means.
var errPrivate = KeyError{"That is a private key, and this server has seen it now. Make a new pair, and paste its public key."} //nolint:gochecknoglobals // a value

func parsePEM(text string) (Key, error) {
	block, rest := pem.Decode([]byte(text))
	switch {
	case block == nil:
		return Key{}, KeyError{"The PEM text is damaged. Copy the file as it is, with its first and its last line."}
	case strings.HasSuffix(block.Type, "PRIVATE KEY"):
		return Key{}, errPrivate
	case strings.TrimSpace(string(rest)) != "":
		return Key{}, KeyError{"Paste one key at a time."}
	}
	switch block.Type {
	case "PUBLIC KEY":
		return ParseDER(block.Bytes)
	case "RSA PUBLIC KEY":
		public, err := x509.ParsePKCS1PublicKey(block.Bytes)
		if err != nil {
			return Key{}, KeyError{"The RSA key is damaged. Copy the file as it is."}
		}
		return newKey(public)
	default:
		return Key{}, KeyError{"Paste a public key. This PEM text holds something else."}
	}
}

// ParseDER reads a key as DER returns it (RFC 5280, SubjectPublicKeyInfo). Every
// error is a KeyError.
func ParseDER(der []byte) (Key, error) {
	public, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return Key{}, KeyError{"The public key is damaged, or of a kind that is not known here."}
	}
	return newKey(public)
}

func parseJWK(text string) (Key, error) {
	var jwk jose.JSONWebKey
	if err := jwk.UnmarshalJSON([]byte(text)); err != nil || !jwk.Valid() {
		return Key{}, KeyError{"The JWK is damaged, or of another kind than Ed25519 and RSA of 2048 to 4096 bits."}
	}
	if !jwk.IsPublic() {
		return Key{}, errPrivate
	}
	if jwk.Use != "" && jwk.Use != "sig" {
		return Key{}, KeyError{"The JWK is not for signatures: its “use” says so."}
	}
	key, err := newKey(jwk.Key)
	if err == nil && jwk.Algorithm != "" && jwk.Algorithm != string(key.Algorithm) {
		return Key{}, KeyError{"The JWK is for " + printable(jwk.Algorithm) + ". Join tokens are signed with EdDSA (Ed25519) or RS256."}
	}
	return key, err
}

// printable is text that a JWK gave, if it can be shown.
func printable(text string) string {
	if len(text) > 16 || strings.ContainsFunc(text, func(c rune) bool { return c < '!' || c > '~' }) {
		return "another algorithm"
	}
	return text
}

// newKey holds a key to what join tokens are signed with.
func newKey(public crypto.PublicKey) (Key, error) {
	switch public := public.(type) {
	case ed25519.PublicKey:
		if len(public) != ed25519.PublicKeySize {
			return Key{}, KeyError{"The Ed25519 key is damaged."}
		}
		return Key{EdDSA, public}, nil
	case *rsa.PublicKey:
		if bits := public.N.BitLen(); bits < minRSA || bits > maxRSA {
			return Key{}, KeyError{"An RSA key needs 2048 to 4096 bits. Make a new pair, or one of Ed25519."}
		}
		if public.E < leastExponent || public.E%2 == 0 || public.N.Bit(0) == 0 {
			return Key{}, KeyError{"The RSA key has an unsafe exponent or modulus. Make a new pair, with the exponent 65537."}
		}
		return Key{RS256, public}, nil
	default:
		return Key{}, KeyError{"Join tokens are signed with Ed25519 or with RSA of 2048 to 4096 bits. Make a pair of one of these."}
	}
}

// DER is the key as ParseDER reads it.
func (k Key) DER() ([]byte, error) { return x509.MarshalPKIXPublicKey(k.public) }

// PEM is the key of that DER as people see it.
func PEM(der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}
