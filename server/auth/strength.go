package auth

import (
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/ccojocar/zxcvbn-go"
	"github.com/ccojocar/zxcvbn-go/frequency"
	"github.com/ccojocar/zxcvbn-go/matching"
)

// What is looked at, at most: the time an estimate takes grows with the square
// of the length, and words after the first make little difference.
const (
	maxEstimated = 64 // characters
	maxWords     = 100
	shortestWord = 4 // characters: shorter ones are in every other password
)

// common are the most used passwords, some seven thousand, as zxcvbn has them
// (MIT licence): the top of what leaks have in common.
var common = sync.OnceValue(func() map[string]bool { //nolint:gochecknoglobals // made once, never changed
	list := frequency.Lists["Passwords"].List
	set := make(map[string]bool, len(list))
	for _, password := range list {
		set[password] = true
	}
	return set
})

// isCommon reports whether password is one of the most used ones, whatever its
// case and with digits for letters or not.
func isCommon(password string) bool {
	lower := strings.ToLower(password)
	return common()[lower] || common()[plain(lower)]
}

// plain writes the letters that people write as digits and signs.
func plain(lower string) string {
	return strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i").Replace(lower)
}

// strength estimates from 0 to 4 how well password stands against somebody who
// guesses and knows words. It counts what is worse of password and its plain
// spelling; zxcvbn's own search for such spellings can take for ever.
func strength(password string, words []string) int {
	text := firstRunes(password, maxEstimated)
	worst := 4
	for _, one := range []string{text, plain(strings.ToLower(text))} {
		worst = min(worst, zxcvbn.PasswordStrength(one, words, matching.FilterL33tMatcher).Score)
	}
	return worst
}

// firstRunes returns the beginning of text.
func firstRunes(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most])
}

// wordsOf returns the words of texts, folded, that are long enough to matter.
func wordsOf(texts []string) (words []string) {
	for _, text := range texts {
		for _, word := range strings.FieldsFunc(strings.ToLower(text), func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) }) {
			if utf8.RuneCountInString(word) >= shortestWord && len(words) < maxWords && !slices.Contains(words, word) {
				words = append(words, word)
			}
		}
	}
	return words
}

func folded(words []string) []string {
	lower := make([]string, len(words))
	for i, word := range words {
		lower[i] = strings.ToLower(word)
	}
	return lower
}

// containing returns the first of words, which are folded, that password has in
// it, spelled plainly or not.
func containing(password string, words []string) string {
	lower := strings.ToLower(password)
	for _, word := range words {
		if strings.Contains(lower, word) || strings.Contains(plain(lower), plain(word)) {
			return word
		}
	}
	return ""
}
