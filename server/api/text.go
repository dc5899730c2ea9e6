package api

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/conclave-meet/conclave/server/auth"
)

// How long texts may be, in characters.
const (
	maxTitle  = 200
	maxAgenda = 2000
	maxName   = 100
	maxEmail  = 254 // RFC 5321, 4.5.3.1
)

// oneLine returns text without the space around it, if it is one line of
// visible text that is neither empty nor longer than most. What names it in the
// refusal.
func oneLine(what, text string, most int) (string, error) {
	text = strings.TrimSpace(text)
	if n := utf8.RuneCountInString(text); n == 0 || n > most {
		return "", invalidError{fmt.Sprintf("%s needs 1 to %d characters.", what, most)}
	}
	if strings.ContainsFunc(text, invisible) || strings.Trim(text, joiners) == "" {
		return "", invalidError{what + " has characters that cannot be seen. Type it anew."}
	}
	return text, nil
}

// paragraphs returns text without the space around it, if it is visible text of
// any number of lines and no longer than most. It may be empty.
func paragraphs(what, text string, most int) (string, error) {
	text = strings.TrimSpace(strings.NewReplacer("\r\n", "\n", "\t", " ").Replace(text))
	if utf8.RuneCountInString(text) > most {
		return "", invalidError{fmt.Sprintf("%s has at most %d characters.", what, most)}
	}
	if strings.ContainsFunc(strings.ReplaceAll(text, "\n", " "), invisible) {
		return "", invalidError{what + " has characters that cannot be seen. Type it anew."}
	}
	return text, nil
}

// joiners are invisible too, but scripts and emoji are written with them.
const joiners = "\u200c\u200d"

// invisible reports whether c shows nothing, or changes how what is around it
// is shown: with such characters one name passes for another.
func invisible(c rune) bool {
	switch {
	case strings.ContainsRune(joiners, c), unicode.Is(unicode.Prepended_Concatenation_Mark, c):
		return false
	case unicode.Is(unicode.Other_Default_Ignorable_Code_Point, c):
		return true
	default:
		return unicode.In(c, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Zl, unicode.Zp)
	}
}

// emailAddress returns text without the space around it, if it could be an
// e-mail address. Whether it is one only mail can tell.
func emailAddress(text string) (string, error) {
	text = strings.TrimSpace(text)
	local, domain, found := strings.Cut(text, "@")
	odd := func(c rune) bool {
		return unicode.IsSpace(c) || invisible(c) || strings.ContainsRune(`@<>()[],;:\"`+joiners, c)
	}
	if !found || local == "" || domain == "" || utf8.RuneCountInString(text) > maxEmail ||
		strings.ContainsFunc(local+domain, odd) || strings.HasPrefix(domain, ".") || strings.HasSuffix(domain, ".") {
		return "", invalidError{"That is not an e-mail address."}
	}
	return text, nil
}

// meetingPassword returns text if it can be a meeting's password, or is empty
// for none. What else it has to be the site decides: see withinPolicy.
func meetingPassword(text string) (string, error) {
	if n := utf8.RuneCountInString(text); n != 0 && (n < auth.MinMeetingPassword || n > auth.MaxMeetingPassword) {
		return "", invalidError{fmt.Sprintf("The meeting password needs %d to %d characters.", auth.MinMeetingPassword, auth.MaxMeetingPassword)}
	}
	if strings.ContainsFunc(text, invisible) {
		return "", invalidError{"The meeting password has characters that cannot be seen. Type it anew."}
	}
	return text, nil
}

// meetingStart returns start if a meeting may start then.
func meetingStart(start time.Time) (time.Time, error) {
	start = start.UTC()
	if start.Year() < 1900 || start.Year() > 2200 {
		return time.Time{}, invalidError{"The start needs a date from 1900 to 2200."}
	}
	return start, nil
}

// meetingLength refuses minutes if a meeting may not be planned for so long.
func meetingLength(minutes int) error {
	if minutes < 1 || minutes > 24*60 {
		return invalidError{"A meeting is planned for 1 to 1440 minutes."}
	}
	return nil
}
