package auth

import (
	"strings"
	"testing"
)

func TestPasswordFault(t *testing.T) {
	for _, tt := range []struct {
		name, password string
		fine           bool
	}{
		{"long enough", "12345678", true},
		{"too short", "1234567", false},
		{"empty", "", false},
		{"characters count, not bytes", "пароль77", true},
		{"seven of four bytes each", strings.Repeat("😀", 7), false},
		{"the longest", strings.Repeat("é", 256), true},
		{"too long", strings.Repeat("é", 257), false},
		{"spaces count", "a b c d e", true},
		{"no rules of composition", "aaaaaaaa", true},
		{"the name", "Ada LOVELACE", false},
		{"the address", "lovelace@EXAMPLE.org", false},
		{"the address's first part", "LoveLace", false},
		{"more than the name", "Ada Lovelace!", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := PasswordFault(tt.password, "Ada Lovelace", "lovelace@example.org")
			if (got == "") != tt.fine {
				t.Errorf("PasswordFault = %q", got)
			}
		})
	}
}
