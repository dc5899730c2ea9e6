package api

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/conclave-meet/conclave/signaling/policy"
)

// How much a policy may say.
const (
	maxFields        = 20
	maxLabel         = 200
	maxChoices       = 50
	maxChoice        = 100
	maxDisclaimer    = 10_000
	maxOrigins       = 50
	maxBlockedWords  = 200
	minBlockedWord   = 3
	maxBlockedWord   = 64
	maxRetentionDays = 100 * 365
	maxMinLength     = 64 // so that every meeting can have a password
)

var fieldName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,31}$`)

// CheckPolicy returns want as it is kept in place of before, or what is wrong
// with it. The version of the disclaimer is ours to count.
func CheckPolicy(before, want policy.Site) (policy.Site, error) {
	var err error
	if want.PasswordCriteria, err = checkCriteria(want.PasswordCriteria); err != nil {
		return want, err
	}
	if want.PreSessionFields, err = checkFields(want.PreSessionFields); err != nil {
		return want, err
	}
	if want.Disclaimer.Text, err = paragraphs("The disclaimer", want.Disclaimer.Text, maxDisclaimer); err != nil {
		return want, err
	}
	want.Disclaimer.Version = before.Disclaimer.Version
	if want.Disclaimer.Text != before.Disclaimer.Text {
		want.Disclaimer.Version++
	}
	if want.EmbedOrigins, err = checkOrigins(want.EmbedOrigins); err != nil {
		return want, err
	}
	switch {
	case want.EDRRetentionDays < 0 || want.EDRRetentionDays > maxRetentionDays:
		return want, invalidError{fmt.Sprintf("Records are kept for 1 to %d days, or 0 for ever.", maxRetentionDays)}
	case !slices.Contains([]policy.IPAddresses{policy.FullAddresses, policy.TruncatedAddresses, policy.NoAddresses}, want.IPAddresses):
		return want, invalidError{`ipAddresses is "", "truncated" or "none".`}
	}
	return want, nil
}

func checkCriteria(c policy.PasswordCriteria) (policy.PasswordCriteria, error) {
	switch {
	case c.MinLength < 0 || c.MinLength > maxMinLength:
		return c, invalidError{fmt.Sprintf("The least length of a password is 0 to %d characters.", maxMinLength)}
	case c.MinStrength < 0 || c.MinStrength > 4:
		return c, invalidError{"The least strength of a password is 0 to 4."}
	case len(c.BlockedWords) > maxBlockedWords:
		return c, invalidError{fmt.Sprintf("At most %d words can be blocked.", maxBlockedWords)}
	}
	words := make([]string, 0, len(c.BlockedWords))
	for _, word := range c.BlockedWords {
		word, err := oneLine("A blocked word", word, maxBlockedWord)
		if err != nil {
			return c, err
		}
		if len([]rune(word)) < minBlockedWord {
			return c, invalidError{fmt.Sprintf("A blocked word needs at least %d characters: “%s” is in too many passwords.", minBlockedWord, word)}
		}
		if !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	c.BlockedWords = words
	return c, nil
}

func checkFields(fields []policy.Field) ([]policy.Field, error) {
	if len(fields) > maxFields {
		return nil, invalidError{fmt.Sprintf("At most %d questions can be asked.", maxFields)}
	}
	checked, names := make([]policy.Field, 0, len(fields)), map[string]bool{}
	for _, f := range fields {
		f, err := checkField(f)
		if err != nil {
			return nil, err
		}
		if names[strings.ToLower(f.Name)] {
			return nil, invalidError{fmt.Sprintf("Two questions have the name “%s”. Give each its own.", f.Name)}
		}
		names[strings.ToLower(f.Name)] = true
		checked = append(checked, f)
	}
	return checked, nil
}

func checkField(f policy.Field) (policy.Field, error) {
	if !fieldName.MatchString(f.Name) {
		return f, invalidError{"The name of a question is a letter and up to 31 letters, digits and _ after it."}
	}
	var err error
	if f.Label, err = oneLine("A question", f.Label, maxLabel); err != nil {
		return f, err
	}
	if len(f.Choices) > maxChoices {
		return f, invalidError{fmt.Sprintf("A question can have at most %d choices.", maxChoices)}
	}
	choices := make([]string, 0, len(f.Choices))
	for _, choice := range f.Choices {
		choice, err := oneLine("A choice", choice, maxChoice)
		if err != nil {
			return f, err
		}
		if slices.Contains(choices, choice) {
			return f, invalidError{fmt.Sprintf("“%s” is there twice among the choices of “%s”.", choice, f.Label)}
		}
		choices = append(choices, choice)
	}
	f.Choices = choices
	return f, nil
}

func checkOrigins(origins []string) ([]string, error) {
	if len(origins) > maxOrigins {
		return nil, invalidError{fmt.Sprintf("At most %d pages' origins can be named.", maxOrigins)}
	}
	checked := make([]string, 0, len(origins))
	for _, origin := range origins {
		origin, ok := asOrigin(origin)
		if !ok {
			return nil, invalidError{"An origin is https:// and a host name, with a port if need be, and nothing behind that: https://www.example.org."}
		}
		if !slices.Contains(checked, origin) {
			checked = append(checked, origin)
		}
	}
	return checked, nil
}

var hostName = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?$`)

// asOrigin returns text as browsers write an origin (RFC 6454, 6.2): it becomes
// a part of a header, so it is a plain host name or nothing. Plain HTTP is for
// pages on the same machine.
func asOrigin(text string) (string, bool) {
	text = strings.ToLower(strings.TrimSuffix(strings.TrimSpace(text), "/"))
	u, err := url.Parse(text)
	if err != nil || len(u.Hostname()) > 253 || !hostName.MatchString(u.Hostname()) {
		return "", false
	}
	local := u.Hostname() == "localhost" || strings.HasSuffix(u.Hostname(), ".localhost") || u.Hostname() == "127.0.0.1"
	if u.Scheme != "https" && (u.Scheme != "http" || !local) {
		return "", false
	}
	if text != u.Scheme+"://"+u.Host {
		return "", false // more than an origin
	}
	defaultPort := map[string]string{"https": ":443", "http": ":80"}[u.Scheme]
	return strings.TrimSuffix(text, defaultPort), !strings.HasSuffix(text, ":")
}
