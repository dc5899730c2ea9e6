package auth

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/conclave-meet/conclave/storage"
)

// FlowLife is how long somebody may take at a provider.
const FlowLife = 10 * time.Minute

// What comes of a sign-in at a provider. ErrFlow covers whatever looks like
// somebody's else, of another site, used before or too late.
var (
	ErrFlow       = errors.New("not a sign-in that this browser began")
	ErrProvider   = errors.New("the provider does not answer as it should")
	ErrDenied     = errors.New("the provider refused")
	ErrUnverified = errors.New("no verified e-mail address")
	ErrDomain     = errors.New("not of a domain that may come")
)

// Providers let people in who have an account elsewhere (OpenID Connect, by
// authorization code with PKCE).
type Providers struct {
	flows    *pending[flow]
	begun    *Throttle // by network
	client   *http.Client
	loopback bool

	mu    sync.Mutex // guards known
	known map[string]discovered
}

// discovered is what a provider says of itself.
type discovered struct {
	*oidc.Provider
	basic bool // how we show our secret
	at    time.Time
}

// How long, and of how many, that is kept.
const (
	discoveryLife = time.Hour
	maxDiscovered = 100
)

// flow is a browser that is at the provider.
type flow struct {
	siteID, userID         string // userID: whom to link; empty for signing in
	issuer, clientID       string
	state, nonce, verifier string
	redirect               string
}

// NewProviders returns the way to all. Loopback says that providers on this
// machine count, as they do where the site itself is served there.
func NewProviders(loopback bool) *Providers {
	return &Providers{
		flows: newPending[flow](FlowLife), begun: NewThrottle(60, 2*time.Second),
		client: newOutbound(loopback), loopback: loopback, known: make(map[string]discovered),
	}
}

// IssuerFault says what is wrong with the address of a provider, or nothing.
func (p *Providers) IssuerFault(issuer string) string {
	u, err := url.Parse(issuer)
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || len(issuer) > 500:
		return "The issuer is an address like https://login.example.org, without ? or #."
	case !p.safe(u):
		return "The issuer's address begins with https://."
	}
	return ""
}

// safe reports whether what is sent there is not read on the way.
func (p *Providers) safe(u *url.URL) bool {
	return u.Scheme == "https" || u.Scheme == "http" && p.loopback && (u.Hostname() == "localhost" || u.Hostname() == "127.0.0.1")
}

// Discover asks the provider what it is, unless that is known.
func (p *Providers) Discover(ctx context.Context, issuer string) error {
	_, err := p.discover(ctx, issuer)
	return err
}

func (p *Providers) discover(ctx context.Context, issuer string) (discovered, error) {
	p.mu.Lock()
	d, ok := p.known[issuer]
	p.mu.Unlock()
	if ok && time.Since(d.at) < discoveryLife {
		return d, nil
	}
	// The provider's keys are fetched later with this context, so it does not end
	// with the request; the client bounds how long anything takes.
	found, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), p.client), issuer)
	if err != nil {
		return discovered{}, provider(ctx, "discovery", err)
	}
	var says struct {
		Methods  []string `json:"token_endpoint_auth_methods_supported"`
		Keys     string   `json:"jwks_uri"`
		UserInfo string   `json:"userinfo_endpoint"`
	}
	if err := found.Claims(&says); err != nil {
		return discovered{}, provider(ctx, "discovery", err)
	}
	for _, endpoint := range []string{found.Endpoint().AuthURL, found.Endpoint().TokenURL, says.Keys, says.UserInfo} {
		if endpoint == says.UserInfo && endpoint == "" {
			continue // not every provider has one
		}
		if u, err := url.Parse(endpoint); err != nil || !p.safe(u) {
			return discovered{}, provider(ctx, "discovery", errors.New("an endpoint without https"))
		}
	}
	d = discovered{Provider: found, at: time.Now(), basic: len(says.Methods) == 0 || slices.Contains(says.Methods, "client_secret_basic")}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.known) >= maxDiscovered {
		clear(p.known)
	}
	p.known[issuer] = d
	return d, nil
}

// provider tells the log what a provider did, and the caller that it did.
func provider(ctx context.Context, step string, err error) error {
	slog.WarnContext(ctx, "sign-in provider failed", "step", step, "err", err)
	return ErrProvider
}

func (d discovered) config(at storage.Provider, redirect string) *oauth2.Config {
	endpoint := d.Endpoint()
	endpoint.AuthStyle = oauth2.AuthStyleInParams
	if d.basic {
		endpoint.AuthStyle = oauth2.AuthStyleInHeader
	}
	return &oauth2.Config{
		ClientID: at.ClientID, ClientSecret: at.ClientSecret, Endpoint: endpoint, RedirectURL: redirect,
		Scopes: []string{oidc.ScopeOpenID, "email", "profile"},
	}
}

// Begin returns the address of the provider to go to, and what the browser keeps
// in a cookie until it is back at redirect. UserID is whom to link with who comes
// back; without one they sign in.
func (p *Providers) Begin(ctx context.Context, siteID, userID string, at storage.Provider, redirect, ip string) (address, cookie string, err error) {
	if err := p.begun.Take(Network(ip)); err != nil {
		return "", "", err
	}
	d, err := p.discover(ctx, at.Issuer)
	if err != nil {
		return "", "", err
	}
	f := flow{
		siteID: siteID, userID: userID, issuer: at.Issuer, clientID: at.ClientID,
		state: newSecret(), nonce: newSecret(), verifier: oauth2.GenerateVerifier(), redirect: redirect,
	}
	address = d.config(at, redirect).AuthCodeURL(f.state, oidc.Nonce(f.nonce), oauth2.S256ChallengeOption(f.verifier))
	return address, p.flows.begin(f), nil
}

// Return is what a browser brings back.
type Return struct {
	Cookie string
	State  string
	Code   string
	Issuer string // RFC 9207; empty where the provider does not say
	Error  string
}

// Vouched is whom a provider says somebody is.
type Vouched struct {
	storage.Identity
	Name       string
	TwoFactors bool   // the provider asked for two, it says
	UserID     string // whom to link with them
}

// Finish returns who is back. A cookie is good for one return, whatever comes of it.
func (p *Providers) Finish(ctx context.Context, siteID string, at storage.Provider, r Return) (Vouched, error) {
	f, ok := p.flows.finish(r.Cookie)
	if !ok || f.siteID != siteID || f.issuer != at.Issuer || f.clientID != at.ClientID || !same(digestOf(f.state), digestOf(r.State)) {
		return Vouched{}, ErrFlow
	}
	v := Vouched{UserID: f.userID}
	if r.Issuer != "" && r.Issuer != f.issuer {
		return v, ErrFlow
	}
	if r.Error != "" || r.Code == "" {
		return v, ErrDenied
	}
	d, err := p.discover(ctx, at.Issuer)
	if err != nil {
		return v, err
	}
	ctx = oidc.ClientContext(ctx, p.client)
	token, err := d.config(at, f.redirect).Exchange(ctx, r.Code, oauth2.VerifierOption(f.verifier))
	if err != nil {
		return v, provider(ctx, "token", errors.New(tokenFault(err)))
	}
	c, err := p.verify(ctx, d, f, token)
	if err != nil {
		return v, err
	}
	v.Identity = storage.Identity{Issuer: f.issuer, Subject: c.Subject, Email: c.Email}
	v.Name, v.TwoFactors = c.Name, slices.Contains(c.AMR, "mfa") // RFC 8176
	return v, allowedIn(at, c)
}

// tokenFault is what is logged of a refused code: never what came with it.
func tokenFault(err error) string {
	if refused, ok := errors.AsType[*oauth2.RetrieveError](err); ok {
		return fmt.Sprintf("status %d, %.50q", refused.Response.StatusCode, refused.ErrorCode)
	}
	return "no answer that can be read"
}

// idClaims are what we read of an ID token (OpenID Connect Core, 2 and 5.1).
type idClaims struct {
	Subject  string   `json:"sub"`
	Email    string   `json:"email"`
	Verified truth    `json:"email_verified"`
	Name     string   `json:"name"`
	AMR      []string `json:"amr"`
	AZP      string   `json:"azp"`
}

// truth is a bool that some providers write as a text.
type truth bool

// UnmarshalJSON implements json.Unmarshaler.
func (t *truth) UnmarshalJSON(text []byte) error {
	*t = string(text) == "true" || string(text) == `"true"`
	return nil
}

func (p *Providers) verify(ctx context.Context, d discovered, f flow, token *oauth2.Token) (idClaims, error) {
	var c idClaims
	raw, _ := token.Extra("id_token").(string)
	id, err := d.Verifier(&oidc.Config{ClientID: f.clientID}).Verify(ctx, raw)
	if err != nil {
		return c, provider(ctx, "id token", err)
	}
	if !same(digestOf(id.Nonce), digestOf(f.nonce)) {
		return c, ErrFlow
	}
	if err := id.Claims(&c); err != nil {
		return c, provider(ctx, "id token", err)
	}
	if c.Subject == "" || len(c.Subject) > 255 || len(id.Audience) > 1 && c.AZP != f.clientID {
		return c, provider(ctx, "id token", errors.New("subject or authorized party"))
	}
	if c.Email != "" {
		return c, nil
	}
	// Some tell the address only to who asks again.
	info, err := d.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil || info.Subject != c.Subject {
		return c, nil //nolint:nilerr // without an address, that is
	}
	var more idClaims
	if err := info.Claims(&more); err != nil {
		return c, provider(ctx, "user info", err)
	}
	c.Email, c.Verified = more.Email, more.Verified
	if c.Name == "" {
		c.Name = more.Name
	}
	return c, nil
}

// allowedIn refuses who may not come.
func allowedIn(at storage.Provider, c idClaims) error {
	_, domain, found := strings.Cut(c.Email, "@")
	if !bool(c.Verified) || !found {
		return ErrUnverified
	}
	if len(at.EmailDomains) > 0 && !slices.Contains(at.EmailDomains, strings.ToLower(domain)) {
		return ErrDomain
	}
	return nil
}
