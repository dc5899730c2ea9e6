package api

import "errors"

// PersonName returns text as a user's name is kept, or what is wrong with it.
// With the next two, the operator's command line is held to what this interface
// is.
func PersonName(text string) (string, error) { return oneLine("The name", text, maxName) }

// SiteTitle returns text as a site's title is kept, or what is wrong with it.
func SiteTitle(text string) (string, error) { return oneLine("The title", text, maxName) }

// EmailAddress returns text as an e-mail address is kept, or what is wrong with
// it.
func EmailAddress(text string) (string, error) { return emailAddress(text) }

// Sentence says what is wrong with an input, for a person, if err is about one.
func Sentence(err error) (sentence string, ok bool) {
	invalid, ok := errors.AsType[invalidError](err)
	return invalid.sentence, ok
}
