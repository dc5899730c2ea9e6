package auth

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/conclave-meet/conclave/signaling/policy"
)

// How long passwords may be, in characters. A meeting's is read out and typed
// by many, so one that nobody asks to be strong may be short: its guesses are
// counted for each meeting.
const (
	minPassword        = 8
	maxPassword        = 256
	MinMeetingPassword = 4
	MaxMeetingPassword = 64
)

// PasswordRules are what one password has to be. Accounts and meetings have the
// same rules; only what holds at every site differs.
type PasswordRules struct {
	what      string // what a sentence calls the password
	min, max  int    // characters
	anyCommon bool   // the most used passwords will do
	strong    bool   // criteria hold
	criteria  policy.PasswordCriteria
	known     []string // what anybody who guesses knows, whole
}

// AccountRules are those of an account at a site with that policy. Known is what
// others know: the name, the address, the site's title and host.
func AccountRules(p policy.Site, known ...string) PasswordRules {
	return PasswordRules{
		what: "The password", min: minPassword, max: maxPassword,
		strong: p.RequireStrongPassword, criteria: p.PasswordCriteria, known: known,
	}
}

// MeetingRules are those of a meeting at a site with that policy. Known is what
// others know: its title, its host's name and address, the site's title and
// host.
func MeetingRules(p policy.Site, known ...string) PasswordRules {
	return PasswordRules{
		what: "The meeting password", min: MinMeetingPassword, max: MaxMeetingPassword, anyCommon: !p.RequireStrongPassword,
		strong: p.RequireStrongPassword, criteria: p.PasswordCriteria, known: known,
	}
}

// Fault returns a sentence that says why password will not do and what would,
// or nothing when it does.
func (r PasswordRules) Fault(password string) string {
	least := r.min
	if r.strong {
		least = max(least, minPassword, r.criteria.MinLength)
	}
	switch length := utf8.RuneCountInString(password); {
	case length < least:
		return fmt.Sprintf("%s needs at least %d characters.", r.what, least)
	case length > r.max:
		return fmt.Sprintf("%s may have at most %d characters.", r.what, r.max)
	case !r.anyCommon && isCommon(password):
		return r.what + " is one of the most used ones, which are guessed first. Choose another."
	}
	if !r.anyCommon && slices.ContainsFunc(withLocals(r.known), func(text string) bool { return strings.EqualFold(password, text) }) {
		return r.what + " must not be a name or an address that others know."
	}
	if !r.strong {
		return ""
	}
	return r.weakness(password)
}

// weakness returns why password is not as strong as the site asks.
func (r PasswordRules) weakness(password string) string {
	words := wordsOf(r.known)
	blocked := folded(r.criteria.BlockedWords)
	has := func(kind func(rune) bool) bool { return strings.ContainsFunc(password, kind) }
	switch {
	case containing(password, blocked) != "":
		return fmt.Sprintf("%s must not contain “%s” at this site.", r.what, containing(password, blocked))
	case containing(password, words) != "":
		return fmt.Sprintf("%s must not contain “%s”, which others know too.", r.what, containing(password, words))
	case r.criteria.RequireMixedCase && (!has(unicode.IsUpper) || !has(unicode.IsLower)):
		return r.what + " needs small and capital letters."
	case r.criteria.RequireDigit && !has(unicode.IsDigit):
		return r.what + " needs a digit."
	case r.criteria.RequireSymbol && !has(isSymbol):
		return r.what + " needs a character that is neither a letter nor a digit."
	case strength(password, append(words, blocked...)) < r.leastStrength():
		return r.what + " is too easy to guess. Make it longer, best of words that do not belong together."
	}
	return ""
}

// usualStrength is what is asked where a site asks for strong passwords and does
// not say how strong: some 10^8 guesses.
const usualStrength = 3

func (r PasswordRules) leastStrength() int {
	if r.criteria.MinStrength == 0 {
		return usualStrength
	}
	return r.criteria.MinStrength
}

func isSymbol(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) && !unicode.IsSpace(c) }

// withLocals returns texts, and of addresses among them also what is before the @.
func withLocals(texts []string) []string {
	all := slices.Clone(texts)
	for _, text := range texts {
		if local, _, found := strings.Cut(text, "@"); found {
			all = append(all, local)
		}
	}
	return slices.DeleteFunc(all, func(text string) bool { return text == "" })
}
