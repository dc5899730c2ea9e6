// Package provider is an OpenID provider for tests: zitadel's, with its example
// storage and login page, and people of our own. It is no part of the program.
package provider

import (
	"net/http"
	"sync"

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
)

// Password is everybody's.
const Password = "verysecure"

// What the site is registered as.
const (
	ClientID     = "conclave"
	ClientSecret = "a secret: of/the client" // of characters that have to be escaped
)

// People have accounts at the provider, by the name they sign in with.
type People struct {
	mu   sync.Mutex // guards byID
	byID map[string]storage.User
}

// NewPeople returns nobody.
func NewPeople() *People { return &People{byID: make(map[string]storage.User)} }

// Add makes an account, or changes the one with that name.
func (p *People) Add(name, email string, verified bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.byID["id-"+name] = storage.User{
		ID: "id-" + name, Username: name, Password: Password, FirstName: name, LastName: "Provided",
		Email: email, EmailVerified: verified,
	}
}

// GetUserByID implements storage.UserStore.
func (p *People) GetUserByID(id string) *storage.User {
	p.mu.Lock()
	defer p.mu.Unlock()
	u, ok := p.byID[id]
	if !ok {
		return nil
	}
	return &u
}

// GetUserByUsername implements storage.UserStore.
func (p *People) GetUserByUsername(name string) *storage.User { return p.GetUserByID("id-" + name) }

// ExampleClientID implements storage.UserStore.
func (p *People) ExampleClientID() string { return "service" }

// Handler is the provider at issuer, for a site whose people come back to redirects.
func Handler(issuer string, people *People, redirects ...string) http.Handler {
	client := storage.WebClient(ClientID, ClientSecret, redirects...)
	kept := storage.NewStorageWithClients(people, map[string]*storage.Client{ClientID: client})
	return exampleop.SetupServer(issuer, kept, nil, false)
}
