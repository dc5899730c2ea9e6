package operator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/conclave-meet/conclave/server/api"
	"github.com/conclave-meet/conclave/server/config"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/storage"
)

// document is a policy as it is printed and read, the same as in the REST
// interface.
type document struct {
	SecurityOptions policy.Site `json:"securityOptions"`
}

// maxPolicy is the longest file of a policy, in bytes: what the interface takes.
const maxPolicy = 64 << 10

// policy prints a site's policy, after it was changed if that is asked for.
func (o *operator) policy(ctx context.Context, command *config.SitePolicy, out io.Writer) error {
	s, err := o.site(ctx, command.Site)
	if err != nil {
		return err
	}
	rules, err := rulesOf(s)
	if err != nil {
		return err
	}
	if command.File != "" || len(command.Set) > 0 {
		want, err := changed(rules, command)
		if err != nil {
			return err
		}
		if rules, err = api.CheckPolicy(rules, want); err != nil {
			return err
		}
		if err := o.setPolicy(ctx, s, rules); err != nil {
			return err
		}
	}
	text, err := json.Marshal(document{rules}, jsontext.WithIndent("  "))
	if err != nil {
		return fmt.Errorf("encode policy: %w", err)
	}
	_, err = fmt.Fprintf(out, "%s\n", text)
	return err
}

// rulesOf reads the policy of s.
func rulesOf(s storage.Site) (rules policy.Site, err error) {
	if err := json.Unmarshal(s.Policy, &rules); err != nil {
		return rules, fmt.Errorf("read the policy of site %s: %w", s.Name, err)
	}
	return rules, nil
}

func (o *operator) setPolicy(ctx context.Context, s storage.Site, rules policy.Site) error {
	text, err := json.Marshal(rules)
	if err != nil {
		return fmt.Errorf("encode policy: %w", err)
	}
	err = o.db.SetPolicy(ctx, s.ID, s.PolicyVersion, text, storage.Operator)
	if errors.Is(err, storage.ErrStale) {
		return errors.New("somebody else changed the policy at the same moment; look at it again, and then change it")
	}
	return err
}

// changed returns rules as command wants them.
func changed(rules policy.Site, command *config.SitePolicy) (policy.Site, error) {
	var err error
	if command.File != "" {
		if rules, err = readPolicy(command.File); err != nil {
			return rules, err
		}
	}
	for _, setting := range command.Set {
		if rules, err = set(rules, setting); err != nil {
			return rules, err
		}
	}
	return rules, nil
}

// readPolicy reads the file at path, which has all that a policy has: what is
// absent is off.
func readPolicy(path string) (policy.Site, error) {
	file, err := os.Open(path) //nolint:gosec // the operator names the file
	if err != nil {
		return policy.Site{}, fmt.Errorf("--file: %w", err)
	}
	defer func() { _ = file.Close() }()
	text, err := io.ReadAll(io.LimitReader(file, maxPolicy+1))
	if err != nil {
		return policy.Site{}, fmt.Errorf("--file: %w", err)
	}
	var read struct {
		SecurityOptions *policy.Site `json:"securityOptions"`
	}
	err = json.Unmarshal(text, &read, json.RejectUnknownMembers(true))
	if err != nil || len(text) > maxPolicy || read.SecurityOptions == nil {
		return policy.Site{}, fmt.Errorf("--file: %s is not a policy; it has what `conclave site policy` prints (%s)", path, reason(err))
	}
	return *read.SecurityOptions, nil
}

// set returns rules with one option as setting, name=value, has it. Dots lead
// into an option that has several, as in passwordCriteria.minLength=12. A value
// is JSON, or else text.
func set(rules policy.Site, setting string) (policy.Site, error) {
	name, value, found := strings.Cut(setting, "=")
	if !found {
		return rules, fmt.Errorf("--set: %.80q sets nothing; write name=value, as in disableChat=true", setting)
	}
	before, err := json.Marshal(rules)
	if err != nil {
		return rules, fmt.Errorf("encode policy: %w", err)
	}
	var options map[string]any
	if err := json.Unmarshal(before, &options); err != nil {
		return rules, fmt.Errorf("read policy: %w", err)
	}
	at, path := options, strings.Split(name, ".")
	for i, step := range path {
		was, known := at[step]
		if !known {
			return rules, fmt.Errorf("--set: the policy has no %q; here it has %s", strings.Join(path[:i+1], "."), strings.Join(slices.Sorted(maps.Keys(at)), ", "))
		}
		if i == len(path)-1 {
			at[step] = valueOf(value)
			break
		}
		inner, ok := was.(map[string]any)
		if !ok {
			return rules, fmt.Errorf("--set: %s has nothing inside; leave .%s out", strings.Join(path[:i+1], "."), strings.Join(path[i+1:], "."))
		}
		at = inner
	}
	return typed(options, name, value)
}

// typed returns options as a policy, after name was set to value.
func typed(options map[string]any, name, value string) (rules policy.Site, err error) {
	after, err := json.Marshal(options)
	if err != nil {
		return rules, fmt.Errorf("encode policy: %w", err)
	}
	if err := json.Unmarshal(after, &rules, json.RejectUnknownMembers(true)); err != nil {
		return rules, fmt.Errorf("--set: %.80q will not do for %s (%s)", value, name, reason(err))
	}
	return rules, nil
}

// valueOf reads a value as JSON, or as the text it is.
func valueOf(text string) any {
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		return text
	}
	return value
}

// reason says what a JSON text was refused for, in few words.
func reason(err error) string {
	if wrong, ok := errors.AsType[*json.SemanticError](err); ok && wrong.GoType != nil {
		return fmt.Sprintf("%s takes no %s", wrong.JSONPointer, wrong.JSONKind)
	}
	if err != nil {
		return strings.TrimPrefix(err.Error(), "json: ")
	}
	return "securityOptions is not in it, or it is too long"
}
