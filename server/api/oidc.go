package api

import (
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"github.com/conclave-meet/conclave/server/auth"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/storage"
)

func (a *API) oidcRoutes() []route {
	return []route{
		{http.MethodGet, "/v1/login/oidc", a.beginOIDC, "go to the site's provider to sign in", nil, nil, http.StatusSeeOther},
		{http.MethodGet, callbackPath, a.finishOIDC, "come back from the provider", nil, nil, http.StatusSeeOther},
		post("/v1/me/identity", a.beginLink, "begin to link the account with the provider's", nil, linkAnswer{}, http.StatusOK),
		remove("/v1/me/identity", a.unlink, "unlink the account from the provider's"),
		get("/v1/sites/:id/signin", a.showSignIn, "how the site lets people in", signInBody{}),
		put("/v1/sites/:id/signin", a.setSignIn, "replace how the site lets people in; needs If-Match", signInBody{}, signInBody{}),
	}
}

const callbackPath = "/v1/login/oidc/callback"

// provider returns the site's, or storage.ErrNotFound.
func (a *API) provider(c echo.Context) (storage.Provider, error) {
	s, err := a.db.SignIn(c.Request().Context(), at(c).ID)
	if err != nil {
		return storage.Provider{}, err
	}
	if s.Provider == nil {
		return storage.Provider{}, storage.ErrNotFound
	}
	return *s.Provider, nil
}

// leave returns the address of the provider, and gives the browser the cookie
// that it comes back with.
func (a *API) leave(c echo.Context, userID string) (string, error) {
	p, err := a.provider(c)
	if err != nil {
		return "", err
	}
	there, flow, err := a.providers.Begin(c.Request().Context(), at(c).ID, userID, p, address(c).String()+callbackPath, c.RealIP())
	if err != nil {
		return "", err
	}
	c.SetCookie(cookiesOf(at(c)).flow(flow))
	return there, nil
}

func (a *API) beginOIDC(c echo.Context) error {
	there, err := a.leave(c, "")
	if errors.Is(err, storage.ErrNotFound) {
		return err
	}
	if err != nil {
		return a.page(c, "/signin", err)
	}
	return c.Redirect(http.StatusSeeOther, there)
}

// linkAnswer is where to go to link an account.
type linkAnswer struct {
	URL string `json:"url"`
}

// beginLink is no address to follow: another site's page could make a browser do
// that, and link an account with one that its owner does not know of.
func (a *API) beginLink(c echo.Context) error {
	login, err := a.changing(c)
	if err != nil {
		return err
	}
	there, err := a.leave(c, login.User.ID)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, linkAnswer{there})
}

func (a *API) unlink(c echo.Context) error {
	login, err := a.changing(c)
	if err != nil {
		return err
	}
	if err := a.db.DeleteIdentities(c.Request().Context(), login.User, actor(c, login.User)); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// finishOIDC answers a browser, not a program: with a page that goes on.
func (a *API) finishOIDC(c echo.Context) error {
	k := cookiesOf(at(c))
	query := c.Request().URL.Query()
	back := auth.Return{
		Cookie: k.value(c.Request(), flowCookie), State: query.Get("state"), Code: query.Get("code"),
		Issuer: query.Get("iss"), Error: query.Get("error"),
	}
	c.SetCookie(k.noFlow())
	p, err := a.provider(c)
	if err != nil {
		return a.page(c, "/signin", err)
	}
	who, err := a.providers.Finish(c.Request().Context(), at(c).ID, p, back)
	if who.UserID != "" {
		if err == nil {
			err = a.linkVouched(c, who)
		}
		return a.page(c, "/profile/signin", err)
	}
	if err == nil {
		err = a.enterVouched(c, p, who)
	}
	if err != nil {
		return a.page(c, "/signin", err)
	}
	return a.page(c, "/meetings", nil)
}

// page sends the browser to a page of the site, with what went wrong behind the
// #: there no server reads it and no log has it.
func (a *API) page(c echo.Context, path string, err error) error {
	there := address(c).String() + path
	if second, ok := errors.AsType[auth.SecondFactorError](err); ok && second.Challenge != "" {
		there += "#challenge." + second.Challenge
	} else if err != nil {
		p := problemOf(err)
		if p.Status >= http.StatusInternalServerError {
			slog.ErrorContext(c.Request().Context(), "sign-in by provider failed", "code", p.Code, "err", err)
		}
		there += "#problem." + p.Code
	}
	return c.Redirect(http.StatusSeeOther, there)
}

// linkVouched is for who was signed in when they left, and still is.
func (a *API) linkVouched(c echo.Context, who auth.Vouched) error {
	login, err := a.changing(c)
	if err != nil {
		return err
	}
	if login.User.ID != who.UserID {
		return auth.ErrFlow
	}
	err = a.db.InsertIdentity(c.Request().Context(), login.User, who.Identity, actor(c, login.User))
	if errors.Is(err, storage.ErrTaken) {
		return errIdentityTaken
	}
	return err
}

// enterVouched signs in who is linked with an account, or makes one where the
// site wants that. An e-mail address alone opens no account that is there.
func (a *API) enterVouched(c echo.Context, p storage.Provider, who auth.Vouched) error {
	ctx := c.Request().Context()
	u, err := a.db.UserByIdentity(ctx, at(c).ID, who.Identity)
	if errors.Is(err, storage.ErrNotFound) {
		if !p.CreateAccounts {
			return errNoAccount
		}
		u, err = a.newVouched(c, who)
	}
	if err != nil {
		return err
	}
	if !u.Disabled.IsZero() {
		return errNoAccount
	}
	way := auth.Way{Method: "oidc", Factors: 1}
	if who.TwoFactors {
		way.Factors = 2
	}
	return a.open(c, u, way)
}

func (a *API) newVouched(c echo.Context, who auth.Vouched) (storage.User, error) {
	email, err := emailAddress(who.Email)
	if err != nil {
		return storage.User{}, auth.ErrUnverified
	}
	name, err := oneLine("The name", who.Name, maxName)
	if err != nil {
		name, _, _ = strings.Cut(email, "@")
		name = firstOf(name, maxName)
	}
	u, err := a.db.InsertUserWithIdentity(c.Request().Context(), storage.User{
		SiteID: at(c).ID, Email: email, Name: name, Role: string(policy.SiteHost),
	}, who.Identity, storage.Actor{Name: email, IP: c.RealIP()})
	if errors.Is(err, storage.ErrTaken) {
		return u, errAccountExists
	}
	return u, err
}

// firstOf returns text, or its first characters where it has more than most.
func firstOf(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most])
}

// signInBody is how a site lets people in, in a request and in an answer.
type signInBody struct {
	Provider *providerBody `json:"provider"` // null for none
}

type providerBody struct {
	Issuer         string   `json:"issuer"`
	ClientID       string   `json:"clientId"`
	ClientSecret   string   `json:"clientSecret,omitzero"` // never shown; empty keeps the one there is
	Label          string   `json:"label"`
	EmailDomains   []string `json:"emailDomains"` // empty: anybody the provider knows
	CreateAccounts bool     `json:"createAccounts"`
	RedirectURI    string   `json:"redirectUri,omitzero"` // shown, to tell the provider; not taken
}

func (a *API) showProvider(c echo.Context, p *storage.Provider) signInBody {
	if p == nil {
		return signInBody{}
	}
	return signInBody{&providerBody{
		Issuer: p.Issuer, ClientID: p.ClientID, Label: p.Label, EmailDomains: append([]string{}, p.EmailDomains...),
		CreateAccounts: p.CreateAccounts, RedirectURI: at(c).URL.String() + callbackPath,
	}}
}

func (a *API) showSignIn(c echo.Context) error {
	if _, err := a.allowed(c, policy.ReadPolicy); err != nil {
		return err
	}
	if err := ownSite(c); err != nil {
		return err
	}
	s, err := a.db.SignIn(c.Request().Context(), at(c).ID)
	if err != nil {
		return err
	}
	tag(c, s.Version)
	return answer(c, http.StatusOK, a.showProvider(c, s.Provider))
}

func (a *API) setSignIn(c echo.Context) error {
	u, err := a.allowed(c, policy.SetPolicy)
	if err != nil {
		return err
	}
	if err := ownSite(c); err != nil {
		return err
	}
	request, err := decode[signInBody](c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	now, err := a.db.SignIn(ctx, at(c).ID)
	if err != nil {
		return err
	}
	if err := matches(c, now.Version, true); err != nil {
		return err
	}
	p, err := a.checkProvider(request.Provider, now.Provider)
	if err != nil {
		return err
	}
	if p != nil {
		if err := a.providers.Discover(ctx, p.Issuer); err != nil {
			return invalidError{"There is no provider at that issuer: nothing useful answers at /.well-known/openid-configuration below it."}
		}
	}
	if err := a.db.SetSignIn(ctx, at(c).ID, now.Version, p, actor(c, u)); err != nil {
		return err
	}
	tag(c, now.Version+1)
	return answer(c, http.StatusOK, a.showProvider(c, p))
}

// maxDomains is how many a site may name.
const maxDomains = 50

// checkProvider returns the provider as it is stored. The secret there is goes
// only to the issuer it was given for.
func (a *API) checkProvider(r *providerBody, now *storage.Provider) (*storage.Provider, error) {
	if r == nil {
		return nil, nil //nolint:nilnil // none is what was asked for
	}
	p := storage.Provider{Issuer: strings.TrimSpace(r.Issuer), ClientSecret: r.ClientSecret, CreateAccounts: r.CreateAccounts, EmailDomains: []string{}}
	if fault := a.providers.IssuerFault(p.Issuer); fault != "" {
		return nil, invalidError{fault}
	}
	var err error
	if p.ClientID, err = oneLine("The client's id", r.ClientID, 200); err != nil {
		return nil, err
	}
	if p.Label, err = oneLine("The label", r.Label, 50); err != nil {
		return nil, err
	}
	if p.ClientSecret == "" && now != nil && now.Issuer == p.Issuer && now.ClientID == p.ClientID {
		p.ClientSecret = now.ClientSecret
	}
	if n := len(p.ClientSecret); n == 0 || n > 500 {
		return nil, invalidError{"Give the client's secret: for another issuer or client the one there is does not count."}
	}
	if len(r.EmailDomains) > maxDomains {
		return nil, invalidError{"Name at most 50 domains."}
	}
	for _, domain := range r.EmailDomains {
		address, err := emailAddress("a@" + strings.TrimSpace(domain))
		if err != nil || !strings.Contains(domain, ".") {
			return nil, invalidError{"A domain is written like example.org."}
		}
		if domain = strings.ToLower(address[2:]); !slices.Contains(p.EmailDomains, domain) {
			p.EmailDomains = append(p.EmailDomains, domain)
		}
	}
	return &p, nil
}
