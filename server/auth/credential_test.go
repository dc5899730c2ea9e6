package auth

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
)

const siteAddress = "https://meet.example.org"

func issuer(t *testing.T) *Issuer {
	t.Helper()
	i, err := NewIssuer(bytes.Repeat([]byte{7}, 32), siteAddress, "default")
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// ada is an identity that has a credential.
func ada() Identity {
	return Identity{
		MeetingNumber: "23456789012", ParticipantID: "p-0123456789abcdef", Name: `Ada "A" <Löwe> 🦁`, Role: "host", Guest: true, Owner: true,
		SignatureKey: bytes.Repeat([]byte{1}, 32), SealingKey: bytes.Repeat([]byte{2}, 32),
	}
}

// open reads a compact JWS with nothing but the site's public key.
func open(t *testing.T, credential, siteKey string) (header, claims string, verified bool) {
	t.Helper()
	decode := func(text string) []byte {
		b, err := base64.RawURLEncoding.Strict().DecodeString(text)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		return b
	}
	parts := strings.Split(credential, ".")
	if len(parts) != 3 {
		t.Fatalf("%d parts in %s", len(parts), credential)
	}
	signed := []byte(parts[0] + "." + parts[1])
	return string(decode(parts[0])), string(decode(parts[1])), ed25519.Verify(decode(siteKey), signed, decode(parts[2]))
}

func TestACredentialSaysWhoSomebodyIs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // it is 2000-01-01T00:00:00Z
		i := issuer(t)
		credential, err := i.Sign(ada())
		if err != nil {
			t.Fatal(err)
		}
		header, claims, verified := open(t, credential, i.PublicKey())
		if header != `{"alg":"EdDSA","typ":"conclave-credential"}` {
			t.Errorf("header = %s", header)
		}
		want := `{"iss":"https://meet.example.org","aud":"23456789012","sub":"p-0123456789abcdef",` +
			`"name":"Ada \"A\" <Löwe> 🦁","org":"default","role":"host","guest":true,"owner":true,` +
			`"iat":946684800,"exp":946771200,` +
			`"sig":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE","seal":"AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI"}`
		if claims != want {
			t.Errorf("claims = %s\nwant     %s", claims, want)
		}
		if !verified {
			t.Error("the site's key does not verify it")
		}
	})
}

func TestACredentialCannotBeAltered(t *testing.T) {
	i := issuer(t)
	credential, err := i.Sign(ada())
	if err != nil {
		t.Fatal(err)
	}
	attendee := ada()
	attendee.Role = "attendee"
	other, err := i.Sign(attendee)
	if err != nil {
		t.Fatal(err)
	}
	parts, others := strings.Split(credential, "."), strings.Split(other, ".")
	if _, _, verified := open(t, parts[0]+"."+others[1]+"."+parts[2], i.PublicKey()); verified {
		t.Error("another's claims pass under this signature")
	}
	another, err := NewIssuer(bytes.Repeat([]byte{8}, 32), siteAddress, "default")
	if err != nil {
		t.Fatal(err)
	}
	if _, _, verified := open(t, credential, another.PublicKey()); verified {
		t.Error("another site's key verifies it")
	}
}

func TestWhoHasNoCredential(t *testing.T) {
	i := issuer(t)
	for _, tt := range []struct {
		name  string
		spoil func(*Identity)
	}{
		{"no meeting", func(who *Identity) { who.MeetingNumber = "" }},
		{"a long number", func(who *Identity) { who.MeetingNumber = strings.Repeat("2", 65) }},
		{"no participant", func(who *Identity) { who.ParticipantID = "" }},
		{"a long participant id", func(who *Identity) { who.ParticipantID = strings.Repeat("p", 65) }},
		{"no role", func(who *Identity) { who.Role = "" }},
		{"no name", func(who *Identity) { who.Name = "" }},
		{"a long name", func(who *Identity) { who.Name = strings.Repeat("é", 101) }},
		{"a name that is no text", func(who *Identity) { who.Name = "\xff" }},
		{"a name that JSON writes long", func(who *Identity) {
			long := strings.Repeat("\x00", 64)
			*who = Identity{long, long, long, long, false, false, who.SignatureKey, who.SealingKey}
		}},
		{"no signature key", func(who *Identity) { who.SignatureKey = nil }},
		{"a short signature key", func(who *Identity) { who.SignatureKey = who.SignatureKey[1:] }},
		{"a long sealing key", func(who *Identity) { who.SealingKey = append(who.SealingKey, 0) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			who := ada()
			tt.spoil(&who)
			if credential, err := i.Sign(who); !errors.Is(err, ErrCredential) {
				t.Errorf("Sign = %q, %v", credential, err)
			}
		})
	}
}

func TestTheLongestIdentityHasACredential(t *testing.T) {
	i, err := NewIssuer(make([]byte, 32), "https://"+strings.Repeat("x", 292), strings.Repeat("🦁", 100))
	if err != nil {
		t.Fatal(err)
	}
	who := ada()
	who.Name = strings.Repeat("🦁", 100)
	who.MeetingNumber, who.ParticipantID, who.Role = strings.Repeat("2", 64), strings.Repeat("p", 64), strings.Repeat("r", 64)
	if credential, err := i.Sign(who); err != nil {
		t.Errorf("Sign = %q, %v", credential, err)
	}
}

func TestBadIssuers(t *testing.T) {
	for _, tt := range []struct {
		name          string
		seed          []byte
		address, site string
	}{
		{"no seed", nil, siteAddress, "default"},
		{"a whole private key", make([]byte, 64), siteAddress, "default"},
		{"a long address", make([]byte, 32), "https://" + strings.Repeat("x", 293), "default"},
		{"a long name", make([]byte, 32), siteAddress, strings.Repeat("x", 101)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := NewIssuer(tt.seed, tt.address, tt.site); err == nil {
				t.Error("it signs")
			}
		})
	}
}

func TestPublicKeysAndProofsAreWrittenOneWay(t *testing.T) {
	good := strings.Repeat("A", 43)
	for _, tt := range []struct {
		name, text string
		want       bool
	}{
		{"32 bytes", good, true},
		{"nothing", "", false},
		{"31 bytes", strings.Repeat("A", 42), false},
		{"33 bytes", strings.Repeat("A", 44), false},
		{"padding", good + "=", false},
		{"the other alphabet", "+" + good[1:], false},
		{"bits left over", good[:42] + "B", false},
		{"a line break", good[:42] + "\n", false},
		{"long", strings.Repeat("A", 1<<16), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, ok := ParsePublicKey(tt.text); ok != tt.want {
				t.Errorf("ParsePublicKey = %v", ok)
			}
			if got := IsLinkProof(tt.text); got != tt.want {
				t.Errorf("IsLinkProof = %v", got)
			}
		})
	}
}
