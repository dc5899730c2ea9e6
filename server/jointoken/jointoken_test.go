package jointoken

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"
)

const here = "https://meet.example.org"

// pair is a key with the private half.
type pair struct {
	Key
	private crypto.Signer
}

func newEd25519(tb testing.TB) pair {
	tb.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	return newPair(tb, public, private)
}

func newRSA(tb testing.TB, bits int) pair {
	tb.Helper()
	private, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		tb.Fatal(err)
	}
	return newPair(tb, private.Public(), private)
}

func newPair(tb testing.TB, public crypto.PublicKey, private crypto.Signer) pair {
	tb.Helper()
	key, err := newKey(public)
	if err != nil {
		tb.Fatal(err)
	}
	return pair{key, private}
}

func (p pair) signature(tb testing.TB, signed string) []byte {
	tb.Helper()
	message, options := []byte(signed), crypto.SignerOpts(crypto.Hash(0))
	if p.Algorithm == RS256 {
		sum := sha256.Sum256(message)
		message, options = sum[:], crypto.SHA256
	}
	signature, err := p.private.Sign(rand.Reader, message, options)
	if err != nil {
		tb.Fatal(err)
	}
	return signature
}

func encoded(tb testing.TB, v any) string {
	tb.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		tb.Fatal(err)
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

func (p pair) token(tb testing.TB, header, claims any) string {
	tb.Helper()
	signed := encoded(tb, header) + "." + encoded(tb, claims)
	return signed + "." + base64.RawURLEncoding.EncodeToString(p.signature(tb, signed))
}

func (p pair) header(more map[string]any) map[string]any {
	h := map[string]any{"alg": p.Algorithm, "kid": "k1", "typ": "JWT"}
	maps.Copy(h, more)
	return h
}

var noon = time.Date(2027, 5, 4, 12, 0, 0, 0, time.UTC)

func goodClaims(more map[string]any) map[string]any {
	c := map[string]any{
		"aud": here, "iat": noon.Unix(), "exp": noon.Add(5 * time.Minute).Unix(), "jti": "0123456789abcdef",
		"meeting": "23456789012", "name": "Ada", "email": "ada@example.org", "role": "host", "iss": "ignored",
	}
	for name, value := range more {
		c[name] = value
		if value == nil {
			delete(c, name)
		}
	}
	return c
}

// verdict reads a token as a server does, at noon.
func verdict(token string, key Key) (Claims, error) {
	t, err := Parse(token)
	if err != nil {
		return Claims{}, err
	}
	c, err := t.Verify(key)
	if err != nil {
		return Claims{}, err
	}
	return c, errors.Join(c.Check(here, noon), c.Fresh(noon))
}

func TestGoodTokens(t *testing.T) {
	for _, p := range []pair{newEd25519(t), newRSA(t, 2048), newRSA(t, 4096)} {
		c, err := verdict(p.token(t, p.header(nil), goodClaims(nil)), p.Key)
		if err != nil || c.ID != "0123456789abcdef" || c.Meeting != "23456789012" || c.Name != "Ada" || c.Email != "ada@example.org" || c.Role != "host" {
			t.Errorf("%s: %+v, %v", p.Algorithm, c, err)
		}
	}
	p := newEd25519(t)
	for name, more := range map[string]map[string]any{
		"an audience in a list":        {"aud": []string{here}},
		"without name, email and role": {"name": nil, "email": nil, "role": nil},
		"a fraction of a second":       {"iat": float64(noon.Unix()) + 0.5},
		"a clock a minute ahead":       {"iat": noon.Unix() + 60, "nbf": noon.Unix() + 60},
		"expired a moment ago":         {"iat": noon.Unix() - 300, "exp": noon.Unix() - 59},
		"an hour":                      {"exp": noon.Unix() + 3600},
	} {
		if _, err := verdict(p.token(t, p.header(nil), goodClaims(more)), p.Key); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := verdict(p.token(t, map[string]any{"alg": "EdDSA", "kid": "k1"}, goodClaims(nil)), p.Key); err != nil {
		t.Errorf("without typ: %v", err)
	}
}

// tamper changes one part of a token.
func tamper(token string, part int, text string) string {
	parts := strings.Split(token, ".")
	parts[part] = text
	return strings.Join(parts, ".")
}

func TestBadTokens(t *testing.T) {
	ed, other, rs := newEd25519(t), newEd25519(t), newRSA(t, 2048)
	good := ed.token(t, ed.header(nil), goodClaims(nil))
	der, err := rs.DER()
	if err != nil {
		t.Fatal(err)
	}
	confused := encoded(t, map[string]any{"alg": "HS256", "kid": "k1"}) + "." + encoded(t, goodClaims(nil))
	mac := func(key []byte) string {
		h := hmac.New(sha256.New, key)
		h.Write([]byte(confused))
		return confused + "." + base64.RawURLEncoding.EncodeToString(h.Sum(nil))
	}
	type test struct {
		name, token string
		key         Key
		want        error
	}
	tests := []test{
		{"none", encoded(t, map[string]any{"alg": "none", "kid": "k1"}) + "." + encoded(t, goodClaims(nil)) + ".", ed.Key, ErrWrongAlg},
		{"None", encoded(t, map[string]any{"alg": "None", "kid": "k1"}) + "." + encoded(t, goodClaims(nil)) + ".", ed.Key, ErrWrongAlg},
		{"HS256 with the PEM of the RSA key", mac([]byte(PEM(der))), rs.Key, ErrWrongAlg},
		{"HS256 with the DER of the RSA key", mac(der), rs.Key, ErrWrongAlg},
		{"HS256 with the Ed25519 key", mac(ed.public.(ed25519.PublicKey)), ed.Key, ErrWrongAlg},
		{"EdDSA for an RSA key", good, rs.Key, ErrWrongAlg},
		{"RS256 for an Ed25519 key", rs.token(t, rs.header(nil), goodClaims(nil)), ed.Key, ErrWrongAlg},
		{"RS512", rs.token(t, rs.header(map[string]any{"alg": "RS512"}), goodClaims(nil)), rs.Key, ErrWrongAlg},
		{"PS256", rs.token(t, rs.header(map[string]any{"alg": "PS256"}), goodClaims(nil)), rs.Key, ErrWrongAlg},
		{"another key", other.token(t, other.header(nil), goodClaims(nil)), ed.Key, ErrSignature},
		{"other claims", tamper(good, 1, encoded(t, goodClaims(map[string]any{"role": "attendee"}))), ed.Key, ErrSignature},
		{"another header", tamper(good, 0, encoded(t, ed.header(map[string]any{"kid": "k2"}))), ed.Key, ErrSignature},
		{"no signature", tamper(good, 2, ""), ed.Key, ErrSignature},
		{"a signature of zeros", tamper(good, 2, strings.Repeat("A", 86)), ed.Key, ErrSignature},
		{"nothing", "", ed.Key, ErrMalformed},
		{"a word", "token", ed.Key, ErrMalformed},
		{"two parts", good[:strings.LastIndex(good, ".")], ed.Key, ErrMalformed},
		{"four parts", good + ".x", ed.Key, ErrMalformed},
		{"five parts", "e30.e30.e30.e30.e30", ed.Key, ErrHeader},
		{"JSON", `{"payload":"e30","protected":"e30","signature":""}`, ed.Key, ErrMalformed},
		{"padded", good + "=", ed.Key, ErrMalformed},
		{"oversized", ed.token(t, ed.header(nil), goodClaims(map[string]any{"more": strings.Repeat("x", MaxLength)})), ed.Key, ErrTooLong},
		{"a header twice", base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"EdDSA","kid":"k1","alg":"none"}`)) + good[strings.Index(good, "."):], ed.Key, ErrHeader},
		{"claims that are no object", ed.token(t, ed.header(nil), []any{goodClaims(nil)}), ed.Key, ErrClaim},
		{"another audience", ed.token(t, ed.header(nil), goodClaims(map[string]any{"aud": "https://meet.example.com"})), ed.Key, ErrAudience},
		{"an audience with a slash", ed.token(t, ed.header(nil), goodClaims(map[string]any{"aud": here + "/"})), ed.Key, ErrAudience},
		{"an audience of another site of the server", ed.token(t, ed.header(nil), goodClaims(map[string]any{"aud": here + "/s/acme"})), ed.Key, ErrAudience},
		{"expired", ed.token(t, ed.header(nil), goodClaims(map[string]any{"iat": noon.Unix() - 300, "exp": noon.Unix() - 60})), ed.Key, ErrExpired},
		{"from the future", ed.token(t, ed.header(nil), goodClaims(map[string]any{"iat": noon.Unix() + 61})), ed.Key, ErrNotYet},
		{"not yet", ed.token(t, ed.header(nil), goodClaims(map[string]any{"nbf": noon.Unix() + 61})), ed.Key, ErrNotYet},
		{"for too long", ed.token(t, ed.header(nil), goodClaims(map[string]any{"exp": noon.Unix() + 3601})), ed.Key, ErrLifetime},
		{"for ever", ed.token(t, ed.header(nil), goodClaims(map[string]any{"exp": 1e300})), ed.Key, ErrLifetime},
		{"expired before it was made", ed.token(t, ed.header(nil), goodClaims(map[string]any{"exp": noon.Unix() - 1})), ed.Key, ErrLifetime},
	}
	for name, more := range map[string]any{
		"a key": map[string]any{"jwk": map[string]any{"kty": "OKP"}}, "an address of one": map[string]any{"jku": "https://evil.example/"},
		"crit": map[string]any{"crit": []string{"exp"}}, "b64": map[string]any{"b64": false}, "a certificate": map[string]any{"x5c": []string{"x"}},
		"no kid": map[string]any{"kid": ""}, "another typ": map[string]any{"typ": "conclave-credential"}, "a long kid": map[string]any{"kid": strings.Repeat("k", 65)},
	} {
		tests = append(tests, test{"a header with " + name, ed.token(t, ed.header(more.(map[string]any)), goodClaims(nil)), ed.Key, ErrHeader})
	}
	for name, more := range map[string]any{
		"no aud": map[string]any{"aud": nil}, "two aud": map[string]any{"aud": []string{here, "https://evil.example"}}, "no exp": map[string]any{"exp": nil},
		"no iat": map[string]any{"iat": nil}, "exp as a text": map[string]any{"exp": "2027"}, "no jti": map[string]any{"jti": nil}, "a short jti": map[string]any{"jti": "1234567"},
		"a long jti": map[string]any{"jti": strings.Repeat("j", 65)}, "a jti that cannot be seen": map[string]any{"jti": "12345678\n"},
		"no meeting": map[string]any{"meeting": nil}, "a meeting with spaces": map[string]any{"meeting": "234 5678 9012"}, "a meeting as a number": map[string]any{"meeting": 23456789012},
		"a role in a list": map[string]any{"role": []string{"host"}},
	} {
		tests = append(tests, test{name, ed.token(t, ed.header(nil), goodClaims(more.(map[string]any))), ed.Key, ErrClaim})
	}
	for _, tt := range tests {
		if _, err := verdict(tt.token, tt.key); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
	twice := base64.RawURLEncoding.EncodeToString([]byte(`{"aud":"` + here + `","jti":"a","jti":"0123456789"}`))
	signed := encoded(t, ed.header(nil)) + "." + twice
	token := signed + "." + base64.RawURLEncoding.EncodeToString(ed.signature(t, signed))
	if _, err := verdict(token, ed.Key); !errors.Is(err, ErrClaim) {
		t.Errorf("a claim twice: %v", err)
	}
	if _, err := verdict(good, ed.Key); err != nil {
		t.Errorf("the control is refused: %v", err)
	}
}

func pemOf(t *testing.T, kind string, der []byte, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func TestKeys(t *testing.T) {
	ed, rs := newEd25519(t), newRSA(t, 2048)
	edDER, edErr := x509.MarshalPKIXPublicKey(ed.public)
	rsDER, rsErr := x509.MarshalPKIXPublicKey(rs.public)
	x := base64.RawURLEncoding.EncodeToString(ed.public.(ed25519.PublicKey))
	n := base64.RawURLEncoding.EncodeToString(rs.public.(*rsa.PublicKey).N.Bytes())
	for name, tt := range map[string]struct {
		text string
		want Key
	}{
		"Ed25519, PEM":      {pemOf(t, "PUBLIC KEY", edDER, edErr), ed.Key},
		"RSA, PEM":          {"\n " + pemOf(t, "PUBLIC KEY", rsDER, rsErr), rs.Key},
		"RSA, PEM, PKCS #1": {pemOf(t, "RSA PUBLIC KEY", x509.MarshalPKCS1PublicKey(rs.public.(*rsa.PublicKey)), nil), rs.Key},
		"Ed25519, JWK":      {fmt.Sprintf(`{"kty":"OKP","crv":"Ed25519","x":%q,"alg":"EdDSA","use":"sig"}`, x), ed.Key},
		"RSA, JWK":          {fmt.Sprintf(`{"kty":"RSA","n":%q,"e":"AQAB"}`, n), rs.Key},
	} {
		got, err := ParseKey(tt.text)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		der, err := got.DER()
		want, wantErr := tt.want.DER()
		if err != nil || wantErr != nil || !bytes.Equal(der, want) || got.Algorithm != tt.want.Algorithm {
			t.Errorf("%s: another key", name)
		}
		if again, err := ParseKey(PEM(der)); err != nil || again.Algorithm != got.Algorithm {
			t.Errorf("%s: its own PEM is not read again: %v", name, err)
		}
	}
}

func TestWhatIsNoKey(t *testing.T) {
	ed, rs := newEd25519(t), newRSA(t, 2048)
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ecDER, ecErr := x509.MarshalPKIXPublicKey(ec.Public())
	edDER, edErr := x509.MarshalPKIXPublicKey(ed.public)
	edPrivate, edPrivateErr := x509.MarshalPKCS8PrivateKey(ed.private)
	odd := *rs.public.(*rsa.PublicKey)
	odd.E = 3
	oddDER, oddErr := x509.MarshalPKIXPublicKey(&odd)
	small := base64.RawURLEncoding.EncodeToString(bytes.Repeat([]byte{0xff}, 128))
	large := base64.RawURLEncoding.EncodeToString(bytes.Repeat([]byte{0xff}, 1024))
	x := base64.RawURLEncoding.EncodeToString(ed.public.(ed25519.PublicKey))
	public := pemOf(t, "PUBLIC KEY", edDER, edErr)
	for _, tt := range []struct{ name, text, says string }{
		{"nothing", "", "BEGIN PUBLIC KEY"},
		{"a word", "hello", "BEGIN PUBLIC KEY"},
		{"a private key", pemOf(t, "PRIVATE KEY", edPrivate, edPrivateErr), "private key"},
		{"a private RSA key", pemOf(t, "RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(rs.private.(*rsa.PrivateKey)), nil), "private key"},
		{"a private JWK", fmt.Sprintf(`{"kty":"OKP","crv":"Ed25519","x":%q,"d":%q}`, x, base64.RawURLEncoding.EncodeToString(ed.private.(ed25519.PrivateKey).Seed())), "private key"},
		{"a secret", `{"kty":"oct","k":"c2VjcmV0"}`, "another kind"},
		{"a certificate", pemOf(t, "CERTIFICATE", edDER, edErr), "something else"},
		{"two keys", public + public, "one key"},
		{"half a key", public[:40], "damaged"},
		{"a key of the wrong curve", pemOf(t, "PUBLIC KEY", ecDER, ecErr), "Ed25519"},
		{"an exponent of 3", pemOf(t, "PUBLIC KEY", oddDER, oddErr), "exponent"},
		{"RSA of 1024 bits", fmt.Sprintf(`{"kty":"RSA","n":%q,"e":"AQAB"}`, small), "2048"},
		{"RSA of 8192 bits", fmt.Sprintf(`{"kty":"RSA","n":%q,"e":"AQAB"}`, large), "4096"},
		{"for encryption", fmt.Sprintf(`{"kty":"OKP","crv":"Ed25519","x":%q,"use":"enc"}`, x), "signatures"},
		{"for another algorithm", fmt.Sprintf(`{"kty":"OKP","crv":"Ed25519","x":%q,"alg":"HS256"}`, x), "HS256"},
		{"half a JWK", `{"kty":"OKP","crv":"Ed25519","x":"AQ"}`, "damaged"},
		{"too much", public + strings.Repeat("x", MaxKeyText), "too long"},
	} {
		_, err := ParseKey(tt.text)
		fault, ok := errors.AsType[KeyError](err)
		if !ok || !strings.Contains(fault.Sentence, tt.says) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.says)
		}
	}
}

// What is read without a signature is bounded, and never a panic.
func FuzzParse(f *testing.F) {
	p := newEd25519(f)
	f.Add(p.token(f, p.header(nil), goodClaims(nil)))
	f.Add("e30.e30.e30")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		token, err := Parse(text)
		if _, ok := errors.AsType[RefusalError](err); err != nil && !ok {
			t.Fatalf("%q: %v is no refusal", text, err)
		}
		if err == nil && (token.KeyID == "" || len(token.KeyID) > maxKeyID || len(text) > MaxLength) {
			t.Errorf("%q: kid %q", text, token.KeyID)
		}
		if err == nil {
			if _, err := token.Verify(p.Key); err == nil && text == "" {
				t.Error("nothing is verified")
			}
		}
	})
}

// Claims that were signed with the right key may still be anything.
func FuzzClaims(f *testing.F) {
	p := newEd25519(f)
	good, err := json.Marshal(goodClaims(nil))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte(`{"aud":[],"exp":1e999}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		signed := encoded(t, p.header(nil)) + "." + base64.RawURLEncoding.EncodeToString(text)
		c, err := verdict(signed+"."+base64.RawURLEncoding.EncodeToString(p.signature(t, signed)), p.Key)
		if err != nil {
			return
		}
		if !isID(c.ID) || !isNumber(c.Meeting) || c.audience != here || !(c.expires-c.issued <= MaxLife.Seconds()) {
			t.Errorf("%q passes as %+v", text, c)
		}
	})
}

func FuzzParseKey(f *testing.F) {
	p := newEd25519(f)
	der, err := p.DER()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(PEM(der))
	f.Add(`{"kty":"RSA","n":"AQAB","e":"AQAB"}`)
	f.Fuzz(func(t *testing.T, text string) {
		key, err := ParseKey(text)
		if err != nil {
			if _, ok := errors.AsType[KeyError](err); !ok {
				t.Fatalf("%q: %v says nothing to a person", text, err)
			}
			return
		}
		der, err := key.DER()
		if err != nil {
			t.Fatal(err)
		}
		if again, err := ParseDER(der); err != nil || again.Algorithm != key.Algorithm {
			t.Errorf("%q: not read again: %v", text, err)
		}
	})
}
