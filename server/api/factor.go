package api

import (
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/conclave-meet/conclave/server/auth"
	"github.com/conclave-meet/conclave/server/site"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/storage"
)

func (a *API) factorRoutes() []route {
	return []route{
		get("/v1/login", a.waysIn, "how one can sign in here", waysAnswer{}),
		get("/v1/me/signin", a.mySignIn, "what one signs in with", mySignInAnswer{}),
		remove("/v1/users/:id/secondFactors", a.resetFactors, "take the second factors from a user who has lost them"),
	}
}

// login returns the login of who is signed in, or auth.ErrNoLogin. It may be one
// that is good for nothing but to set up a second factor.
func (a *API) login(c echo.Context) (storage.Login, error) {
	if _, shown := bearerOf(c.Request()); shown {
		return storage.Login{}, errScope // nobody's program changes how they sign in
	}
	token := cookiesOf(at(c)).value(c.Request(), loginCookie)
	if token == "" {
		return storage.Login{}, auth.ErrNoLogin
	}
	from := auth.Device{Agent: clientAgent(c.Request()), IP: c.RealIP()}
	return a.logins.Check(c.Request().Context(), at(c).ID, token, from)
}

// limited reports whether login is of one factor where the site wants two.
func limited(s *site.Site, login storage.Login) bool {
	return login.Factors < 2 && s.Rules.NeedsSecondFactor(policy.SiteRole(login.User.Role))
}

// changing returns the login of who may change how they sign in: they have just
// signed in, and with the second factor if there is one. Else who finds a browser
// open, or knows a password alone, could make the account theirs.
func (a *API) changing(c echo.Context) (storage.Login, error) {
	login, err := a.login(c)
	if err != nil {
		return storage.Login{}, err
	}
	factors, err := a.db.Factors(c.Request().Context(), at(c).ID, login.User.ID)
	if err != nil {
		return storage.Login{}, err
	}
	if !mayChange(login, factors) {
		return storage.Login{}, errNotFresh
	}
	return login, nil
}

func mayChange(login storage.Login, factors storage.Factors) bool {
	return time.Since(login.Created) < auth.FreshLogin && (login.Factors >= 2 || !factors.Second())
}

// enter makes a login for u, in place of the one the browser may have.
func (a *API) enter(c echo.Context, u storage.User, way auth.Way) error {
	if err := a.open(c, u, way); err != nil {
		return err
	}
	return answer(c, http.StatusOK, showUser(u))
}

func (a *API) open(c echo.Context, u storage.User, way auth.Way) error {
	required := at(c).Rules.NeedsSecondFactor(policy.SiteRole(u.Role))
	token, err := a.logins.Enter(c.Request().Context(), u, way, required, c.RealIP())
	if err != nil {
		return err
	}
	if err := a.forget(c); err != nil {
		return err
	}
	c.SetCookie(cookiesOf(at(c)).login(token))
	return nil
}

// waysAnswer is what a sign-in page shows.
type waysAnswer struct {
	Passkeys bool    `json:"passkeys"` // whether they work at the address of this request
	Provider *string `json:"provider"` // what the site's provider is called; null for none
}

func (a *API) waysIn(c echo.Context) error {
	signIn, err := a.db.SignIn(c.Request().Context(), at(c).ID)
	if err != nil {
		return err
	}
	_, err = relyingParty(c)
	return answer(c, http.StatusOK, waysAnswer{Passkeys: err == nil, Provider: labelOf(signIn)})
}

func labelOf(s storage.SignIn) *string {
	if s.Provider == nil {
		return nil
	}
	return &s.Provider.Label
}

// mySignInAnswer is what the page about it shows.
type mySignInAnswer struct {
	User          userAnswer      `json:"user"`
	Needed        bool            `json:"needed"`    // nothing else works until there is a second factor
	MayChange     bool            `json:"mayChange"` // else: sign in again first
	Password      bool            `json:"password"`
	Passkeys      []passkeyAnswer `json:"passkeys"`
	PasskeysWork  bool            `json:"passkeysWork"` // at the address of this request
	TOTP          bool            `json:"totp"`
	RecoveryCodes int             `json:"recoveryCodes"` // that are left
	Provider      *string         `json:"provider"`      // null for none
	Identity      *string         `json:"identity"`      // the e-mail address there; null for not linked
}

func (a *API) mySignIn(c echo.Context) error {
	login, err := a.login(c)
	if err != nil {
		return err
	}
	ctx, u := c.Request().Context(), login.User
	factors, err := a.db.Factors(ctx, u.SiteID, u.ID)
	if err != nil {
		return err
	}
	keys, err := a.db.Passkeys(ctx, u.SiteID, u.ID)
	if err != nil {
		return err
	}
	signIn, err := a.db.SignIn(ctx, u.SiteID)
	if err != nil {
		return err
	}
	identities, err := a.db.Identities(ctx, u.SiteID, u.ID)
	if err != nil {
		return err
	}
	_, fault := relyingParty(c)
	shown := mySignInAnswer{
		User: showUser(u), Needed: limited(at(c), login), MayChange: mayChange(login, factors),
		Password: factors.Password, Passkeys: showPasskeys(keys), PasskeysWork: fault == nil,
		TOTP: factors.TOTP, RecoveryCodes: factors.RecoveryCodes, Provider: labelOf(signIn),
	}
	if len(identities) > 0 {
		shown.Identity = &identities[0].Email
	}
	return answer(c, http.StatusOK, shown)
}

// resetFactors helps a user who has lost their device.
func (a *API) resetFactors(c echo.Context) error {
	u, err := a.inPerson(c) // no program weakens how somebody signs in
	if err == nil {
		err = u.may(policy.ManageUsers, c.Request().Method)
	}
	if err != nil {
		return err
	}
	if c.Param("id") == u.ID {
		return errForbidden // their own they change with a fresh login
	}
	if err := a.db.DeleteSecondFactors(c.Request().Context(), at(c).ID, c.Param("id"), actor(c, u.User)); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// address is the site's own, as the browser has it: at a loopback address the
// site's other names count as well, because people type localhost.
func address(c echo.Context) *url.URL {
	here := *at(c).URL
	asked := (&url.URL{Host: strings.ToLower(c.Request().Host)})
	if asked.Port() == here.Port() && isLoopback(asked.Hostname()) && isLoopback(here.Hostname()) {
		here.Host = asked.Host
	}
	return &here
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
