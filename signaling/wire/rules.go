package wire

import (
	"errors"
	"slices"

	"github.com/conclave-meet/conclave/signaling/policy"
)

// Rules are what hosts and presenters have set for the group. Each member holds
// the commit that sets them against the rules before (docs/e2ee.md).
type Rules struct {
	Locked     bool           `json:"locked"`          // nobody is added who was not in
	Lobby      bool           `json:"lobby"`           // hosts are asked before somebody is added
	MembersAdd bool           `json:"membersAdd"`      // members may add too
	Rights     []policy.Right `json:"rights,omitzero"` // what attendees may do
	People     []PersonRules  `json:"people,omitzero"` // for whom something else holds
}

// PersonRules are what holds for one person, by their signature key: it is the
// same however often they come back.
type PersonRules struct {
	Key   string         `json:"key"`            // base64url
	Role  policy.Role    `json:"role,omitzero"`  // when it is not the one they came with
	Grant []policy.Right `json:"grant,omitzero"` // beyond what all attendees may do
	Deny  []policy.Right `json:"deny,omitzero"`  // of what all attendees may do
}

const maxRuled = 250 // people for whom something else holds

var errRules = errors.New("rules name what nobody knows, or something twice, or too many people")

// Of returns what holds for the person with this key.
func (r Rules) Of(key string) PersonRules {
	if i := slices.IndexFunc(r.People, func(p PersonRules) bool { return p.Key == key }); i >= 0 && key != "" {
		return r.People[i]
	}
	return PersonRules{Key: key}
}

// RoleOf returns the role of the person with this key who came in another one.
func (r Rules) RoleOf(key string, came policy.Role) policy.Role {
	if role := r.Of(key).Role; role != "" {
		return role
	}
	return came
}

// RightsOf returns the rights that the person with this key has as an attendee.
func (r Rules) RightsOf(key string) []policy.Right {
	own := r.Of(key)
	return slices.DeleteFunc(slices.Concat(r.Rights, own.Grant), func(right policy.Right) bool {
		return slices.Contains(own.Deny, right)
	})
}

// SameDoor reports whether who comes in, and how, is the same in both.
func (r Rules) SameDoor(other Rules) bool {
	return r.Locked == other.Locked && r.Lobby == other.Lobby && r.MembersAdd == other.MembersAdd
}

// SameRights reports whether attendees have the same rights in both.
func (r Rules) SameRights(other Rules) bool {
	same := func(a, b PersonRules) bool {
		b.Role = a.Role
		return a.equal(b)
	}
	return slices.Equal(r.Rights, other.Rights) && r.each(other, same)
}

// Rerolled lists the keys of those whose role is not the same in both.
func (r Rules) Rerolled(other Rules) (keys []string) {
	for _, key := range r.keys(other) {
		if r.Of(key).Role != other.Of(key).Role {
			keys = append(keys, key)
		}
	}
	return keys
}

// Equal reports whether the same holds by both.
func (r Rules) Equal(other Rules) bool {
	return r.SameDoor(other) && slices.Equal(r.Rights, other.Rights) && r.each(other, PersonRules.equal)
}

// each reports whether same is true of what both say of each person.
func (r Rules) each(other Rules, same func(a, b PersonRules) bool) bool {
	return !slices.ContainsFunc(r.keys(other), func(key string) bool { return !same(r.Of(key), other.Of(key)) })
}

// keys lists everybody whom r or other names.
func (r Rules) keys(other Rules) (keys []string) {
	for _, p := range slices.Concat(r.People, other.People) {
		if !slices.Contains(keys, p.Key) {
			keys = append(keys, p.Key)
		}
	}
	return keys
}

func (p PersonRules) equal(other PersonRules) bool {
	return p.Key == other.Key && p.Role == other.Role && slices.Equal(p.Grant, other.Grant) && slices.Equal(p.Deny, other.Deny)
}

func (r Rules) check() error {
	seen := make(map[string]bool, len(r.People))
	if len(r.People) > maxRuled || !areRights(r.Rights) {
		return errRules
	}
	for _, p := range r.People {
		known := p.Role == "" || slices.Contains(policy.Roles(), p.Role)
		if !isKey(p.Key) || seen[p.Key] || !known || !areRights(p.Grant) || !areRights(p.Deny) {
			return errRules
		}
		seen[p.Key] = true
	}
	return nil
}

// areRights reports whether all are known, in the order they are declared in, and
// none is there twice: so that the same rights are always written alike.
func areRights(list []policy.Right) bool {
	at := -1
	for _, right := range list {
		i := slices.Index(policy.Rights(), right)
		if i <= at {
			return false
		}
		at = i
	}
	return true
}

// keyLength is that of 32 bytes in base64url.
const keyLength = 43

func isKey(s string) bool { return len(s) == keyLength && isBase64url(s) }
