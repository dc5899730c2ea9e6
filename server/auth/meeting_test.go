package auth

import (
	"bytes"
	"regexp"
	"testing"
)

func TestMeetingNumbers(t *testing.T) {
	form := regexp.MustCompile(`^[2-9][0-9]{10}$`)
	seen := make(map[string]bool)
	var digits [11][10]int
	const made = 100_000
	twice := 0
	for range made {
		number, err := NewMeetingNumber()
		if err != nil {
			t.Fatal(err)
		}
		if !form.MatchString(number) {
			t.Fatalf("number %q", number)
		}
		if seen[number] {
			twice++
		}
		seen[number] = true
		for place, digit := range number {
			digits[place][digit-'0']++
		}
	}
	if twice > 3 { // one in sixteen runs has one by chance
		t.Errorf("%d of %d numbers came twice", twice, made)
	}
	// Each digit's count has a standard deviation of about 100: ten of them
	// are far outside chance.
	for place, counts := range digits {
		for digit, n := range counts {
			want := made / 10
			if place == 0 {
				want = made / 8
				if digit < 2 {
					want = 0
				}
			}
			if n < want-1000 || n > want+1000 {
				t.Errorf("digit %d is %d times at place %d, want about %d", digit, n, place, want)
			}
		}
	}
}

func TestLinkProof(t *testing.T) {
	secret := make([]byte, 32)
	for i := range secret {
		secret[i] = byte(i)
	}
	proof, err := LinkProof(secret)
	if err != nil {
		t.Fatal(err)
	}
	// Computed with another implementation of RFC 5869.
	if want := "ajBQsNQR82BUpSVdSXC-NBbJL7LeSbr9Fd8JrkGxUG8"; proof != want {
		t.Errorf("LinkProof = %s, want %s", proof, want)
	}
	hash := HashLinkProof(proof)
	for _, tt := range []struct {
		name  string
		hash  []byte
		proof string
		want  bool
	}{
		{"right", hash, proof, true},
		{"wrong", hash, proof[:42] + "A", false},
		{"none", hash, "", false},
		{"the secret itself", hash, FormatLinkSecret(secret), false},
		{"of no meeting", nil, proof, false},
	} {
		if got := LinkProofMatches(tt.hash, tt.proof); got != tt.want {
			t.Errorf("%s: LinkProofMatches = %v", tt.name, got)
		}
	}
}

func TestLinkSecrets(t *testing.T) {
	secret := NewLinkSecret()
	if got, ok := ParseLinkSecret(FormatLinkSecret(secret)); !ok || !bytes.Equal(got, secret) {
		t.Errorf("ParseLinkSecret = %v, %v; want %v", got, ok, secret)
	}
	if bytes.Equal(secret, NewLinkSecret()) {
		t.Error("two meetings have the same secret")
	}
	for _, fragment := range []string{"", "short", FormatLinkSecret(secret) + "A", FormatLinkSecret(secret) + "=", "!" + FormatLinkSecret(secret)[1:]} {
		if _, ok := ParseLinkSecret(fragment); ok {
			t.Errorf("ParseLinkSecret(%q) is ok", fragment)
		}
	}
}

func TestMeetingPasswords(t *testing.T) {
	if !MeetingPasswordMatches("open sesame", "open sesame") {
		t.Error("the right password is refused")
	}
	for _, wrong := range []string{"", "open sesam", "open sesame ", "Open sesame"} {
		if MeetingPasswordMatches("open sesame", wrong) {
			t.Errorf("%q is taken", wrong)
		}
	}
	if MeetingPasswordMatches("", "") {
		t.Error("no password opens a meeting that has none")
	}
}
