package policy

import "slices"

// Scope is what an API token is good for, of what its user may do.
type Scope string

// The scopes.
const (
	ScopeRead     Scope = "read"     // to see whatever its user may see, the passwords of their own meetings too
	ScopeMeetings Scope = "meetings" // to schedule, start and end their meetings
	ScopeUsers    Scope = "users"    // to manage the site's people
	ScopeJoinKeys Scope = "joinKeys" // to register and revoke keys of join tokens
)

// Scopes lists every scope.
func Scopes() []Scope { return []Scope{ScopeRead, ScopeMeetings, ScopeUsers, ScopeJoinKeys} }

// ScopeTable lists, for every scope but ScopeRead, the actions it is good for.
// What is in none of them wants a person with a browser.
var ScopeTable = map[Scope][]SiteAction{
	ScopeMeetings: {ScheduleMeetings},
	ScopeUsers:    {ReadUsers, ManageUsers},
	ScopeJoinKeys: {ReadJoinKeys, ManageJoinKeys},
}

// AllowScope reports whether a token with these scopes is good for action.
// Reading says that nothing is changed by it.
func AllowScope(scopes []Scope, action SiteAction, reading bool) bool {
	return slices.ContainsFunc(scopes, func(s Scope) bool {
		return s == ScopeRead && reading || slices.Contains(ScopeTable[s], action)
	})
}
