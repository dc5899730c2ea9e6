package api

import (
	"fmt"
	"slices"

	"github.com/go-json-experiment/json"

	"github.com/conclave-meet/conclave/signaling/policy"
)

// maxAnswer is how long an answer to one of a site's questions may be, in
// characters.
const maxAnswer = 500

// entrance is what somebody filled in to come in, as the records keep it.
type entrance struct {
	email      string
	disclaimer string // the hash of what they agreed to
	form       string // their answers, JSON; empty for none
}

// checkEntrance returns what r says to the questions that a site with that
// policy asks before people come in. The meeting's own hosts are asked nothing, and
// those by a join token, whom the site does not know, are.
func (r joinRequest) checkEntrance(rules policy.Site, ad admission) (entrance, error) {
	e := entrance{email: r.Email}
	if !ad.guest() {
		e.email = ad.user.Email // whatever they typed
	}
	if ad.hosts {
		return e, nil
	}
	if rules.RequireEmail && e.email == "" {
		return e, invalidError{"Type your email address: this site asks for it."}
	}
	if r.DisclaimerHash != rules.Disclaimer.Hash() {
		return e, errDisclaimer
	}
	e.disclaimer = r.DisclaimerHash
	form, err := answers(rules.PreSessionFields, r.Fields)
	if err != nil || len(form) == 0 {
		return e, err
	}
	text, err := json.Marshal(form, json.Deterministic(true))
	e.form = string(text)
	return e, err
}

// answers returns what was answered to fields, or what is wrong with it.
func answers(fields []policy.Field, given map[string]string) (map[string]string, error) {
	form := make(map[string]string, len(fields))
	for _, f := range fields {
		text := given[f.Name]
		if text == "" {
			if f.Required {
				return nil, invalidError{fmt.Sprintf("Answer “%s”.", f.Label)}
			}
			continue
		}
		text, err := oneLine("The answer to “"+f.Label+"”", text, maxAnswer)
		if err != nil {
			return nil, err
		}
		if len(f.Choices) > 0 && !slices.Contains(f.Choices, text) {
			return nil, invalidError{fmt.Sprintf("Choose one of the answers to “%s”.", f.Label)}
		}
		form[f.Name] = text
	}
	for name := range given {
		if !slices.ContainsFunc(fields, func(f policy.Field) bool { return f.Name == name }) {
			return nil, invalidError{"An answer is to a question that this site does not ask. Load the page again."}
		}
	}
	return form, nil
}
