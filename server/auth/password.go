package auth

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// How long an account's password may be, in characters.
const (
	minPassword = 8
	maxPassword = 256
)

// PasswordFault returns a sentence that says why password will not do for the
// account of name at email, or nothing when it will. There are no rules of
// composition: length is what counts.
func PasswordFault(password, name, email string) string {
	switch length := utf8.RuneCountInString(password); {
	case length < minPassword:
		return fmt.Sprintf("The password needs at least %d characters.", minPassword)
	case length > maxPassword:
		return fmt.Sprintf("The password may have at most %d characters.", maxPassword)
	}
	local, _, _ := strings.Cut(email, "@")
	for _, known := range []string{name, email, local} {
		if strings.EqualFold(password, known) {
			return "The password must not be the name or the e-mail address."
		}
	}
	return ""
}
