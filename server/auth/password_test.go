package auth

import (
	"strings"
	"testing"
	"time"

	"github.com/conclave-meet/conclave/signaling/policy"
)

var known = []string{"Ada Lovelace", "lovelace@example.org", "Acme Ltd", "meet.acme.example"}

func TestAccountPasswords(t *testing.T) {
	for _, tt := range []struct {
		name, password string
		fine           bool
	}{
		{"long enough", "1234567c", true},
		{"too short", "1234567", false},
		{"empty", "", false},
		{"characters count, not bytes", "пароль77", true},
		{"seven of four bytes each", strings.Repeat("😀", 7), false},
		{"the longest", strings.Repeat("é", 256), true},
		{"too long", strings.Repeat("é", 257), false},
		{"spaces count", "a b c d e", true},
		{"no rules of composition", "aaaabaaaa", true},
		{"a common one", "baseball", false},
		{"a common one in capitals", "Baseball", false},
		{"a common one with digits for letters", "b4s3b4ll", false},
		{"the name", "Ada LOVELACE", false},
		{"the address", "lovelace@EXAMPLE.org", false},
		{"the address's first part", "LoveLace", false},
		{"the site", "ACME ltd", false},
		{"more than the name", "Ada Lovelace!", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := AccountRules(policy.Site{}, known...).Fault(tt.password); (got == "") != tt.fine {
				t.Errorf("Fault = %q", got)
			}
		})
	}
}

// Each criterion by itself refuses a password that is fine without it, says
// which it was, and holds for accounts and meetings alike.
func TestStrongPasswords(t *testing.T) {
	const fine = "tangled velvet orbit"
	for _, tt := range []struct {
		name, password string
		criteria       policy.PasswordCriteria
		says           string // empty: fine
	}{
		{"nothing more is asked", fine, policy.PasswordCriteria{}, ""},
		{"length", fine, policy.PasswordCriteria{MinLength: 21}, "21 characters"},
		{"length, just enough", fine, policy.PasswordCriteria{MinLength: 20}, ""},
		{"a blocked word", fine, policy.PasswordCriteria{BlockedWords: []string{"Velvet"}}, "“velvet”"},
		{"a blocked word, spelled otherwise", "tangled v3lv3t orbit", policy.PasswordCriteria{BlockedWords: []string{"velvet"}}, "“velvet”"},
		{"what others know", "orbit of LOVELACE velvet", policy.PasswordCriteria{}, "“lovelace”"},
		{"the site's host", "orbit around acme velvet", policy.PasswordCriteria{}, "“acme”"},
		{"mixed case", fine, policy.PasswordCriteria{RequireMixedCase: true}, "capital"},
		{"mixed case, there", "Tangled velvet orbit", policy.PasswordCriteria{RequireMixedCase: true}, ""},
		{"a digit", fine, policy.PasswordCriteria{RequireDigit: true}, "digit"},
		{"a digit, there", "tangled velvet orbit 7", policy.PasswordCriteria{RequireDigit: true}, ""},
		{"a symbol", fine, policy.PasswordCriteria{RequireSymbol: true}, "neither"},
		{"a symbol, there", "tangled, velvet orbit", policy.PasswordCriteria{RequireSymbol: true}, ""},
		{"easy to guess", "abcdefghijkl", policy.PasswordCriteria{}, "easy to guess"},
		{"easy to guess, spelled otherwise", "p4ssw0rdm0nk3y", policy.PasswordCriteria{MinStrength: 4}, "easy to guess"},
		{"too easy for this site", "velvet7orbit", policy.PasswordCriteria{MinStrength: 4}, "easy to guess"},
		{"a common one", "baseball", policy.PasswordCriteria{MinStrength: 1}, "most used"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := policy.Site{RequireStrongPassword: true, PasswordCriteria: tt.criteria}
			for what, rules := range map[string]PasswordRules{"account": AccountRules(p, known...), "meeting": MeetingRules(p, known...)} {
				got := rules.Fault(tt.password)
				if (got == "") != (tt.says == "") || !strings.Contains(got, tt.says) {
					t.Errorf("%s: Fault = %q, want %q", what, got, tt.says)
				}
			}
			p.RequireStrongPassword = false
			if got := MeetingRules(p, known...).Fault(tt.password); got != "" {
				t.Errorf("where nobody asks for it: %q", got)
			}
		})
	}
}

func TestMeetingPasswordRules(t *testing.T) {
	for _, tt := range []struct {
		password string
		fine     bool
	}{{"1234", true}, {"123", false}, {"password", true}, {strings.Repeat("x", 64), true}, {strings.Repeat("x", 65), false}} {
		if got := MeetingRules(policy.Site{}, "Weekly").Fault(tt.password); (got == "") != tt.fine {
			t.Errorf("%q: Fault = %q", tt.password, got)
		}
	}
}

// Whatever somebody types as a password, it is judged in a moment.
func TestStrengthIsBounded(t *testing.T) {
	p := policy.Site{RequireStrongPassword: true}
	words := make([]string, 1000)
	for i := range words {
		words[i] = strings.Repeat("word ", 50)
	}
	for _, password := range []string{
		strings.Repeat("4@8({[<369|!1i+7$50%2z", 11), strings.Repeat("a", 256), strings.Repeat("password", 32),
		strings.Repeat("1234567890", 25), strings.Repeat("😀é\x80", 85), strings.Repeat("01/02/1999", 25),
	} {
		began := time.Now()
		AccountRules(p, words...).Fault(password)
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("%.20q… took %v", password, took)
		}
	}
}

func FuzzFault(f *testing.F) {
	f.Add("tangled velvet orbit")
	f.Add("\x00\xff😀 1990-12-31")
	rules := AccountRules(policy.Site{RequireStrongPassword: true, PasswordCriteria: policy.PasswordCriteria{BlockedWords: []string{"é"}}}, known...)
	f.Fuzz(func(_ *testing.T, password string) { rules.Fault(password) })
}

func BenchmarkFault(b *testing.B) {
	rules := AccountRules(policy.Site{RequireStrongPassword: true}, known...)
	for b.Loop() {
		rules.Fault("tangled velvet orbit, and 64 characters of it, for what it is w")
	}
}
