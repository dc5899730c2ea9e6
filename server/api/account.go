package api

import (
	"errors"
	"log/slog"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/conclave-meet/conclave/server/auth"
	"github.com/conclave-meet/conclave/server/site"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/storage"
)

func (a *API) accountRoutes() []route {
	return []route{
		post("/v1/setup", a.setUp, "make the first administrator, by the set-up link", setupRequest{}, userAnswer{}, http.StatusCreated),
		post("/v1/login", a.signIn, "sign in", loginRequest{}, userAnswer{}, http.StatusOK),
		post("/v1/logout", a.signOut, "sign out", nil, nil, http.StatusNoContent),
	}
}

// userAnswer is a user as the interface shows them.
type userAnswer struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"`
	Role  string `json:"role"`
}

func showUser(u storage.User) userAnswer {
	return userAnswer{ID: u.ID, Name: u.Name, Email: u.Email, Role: u.Role}
}

// user returns who is signed in, or auth.ErrNoLogin.
func (a *API) user(c echo.Context) (storage.User, error) {
	who, err := a.caller(c)
	return who.User, err
}

// allowed returns who is signed in, if they may do action.
func (a *API) allowed(c echo.Context, action policy.SiteAction) (storage.User, error) {
	who, err := a.caller(c)
	if err != nil {
		return storage.User{}, err
	}
	if err := who.may(action, c.Request().Method); err != nil {
		return storage.User{}, err
	}
	return who.User, nil
}

type setupRequest struct {
	Token    string `json:"token"`
	Name     string `json:"name"`
	Email    string `json:"email"`
	Password string `json:"password"`
}

// check returns the request as it is stored, or what is wrong with it at s.
func (r setupRequest) check(s *site.Site) (setupRequest, error) {
	var err error
	if r.Name, err = oneLine("Your name", r.Name, maxName); err != nil {
		return r, err
	}
	if r.Email, err = emailAddress(r.Email); err != nil {
		return r, err
	}
	return r, accountPassword(s, r.Password, r.Name, r.Email)
}

// accountPassword refuses a password that will not do at s for the account of
// who is called name.
func accountPassword(s *site.Site, password, name, email string) error {
	if fault := auth.AccountRules(s.Rules, name, email, s.Title(), s.URL.Hostname()).Fault(password); fault != "" {
		return invalidError{fault}
	}
	return nil
}

// setUp makes the site's first administrator.
func (a *API) setUp(c echo.Context) error {
	request, err := decode[setupRequest](c)
	if err != nil {
		return err
	}
	if at(c).Name != storage.DefaultSite || !a.setup.Holds(request.Token) {
		return auth.ErrSetupClosed
	}
	if request, err = request.check(at(c)); err != nil {
		return err
	}
	ctx := c.Request().Context()
	u, err := a.setup.Claim(ctx, request.Token, request.Name, request.Email, request.Password)
	if err != nil {
		return err
	}
	slog.InfoContext(ctx, "administrator set up", "user", u.ID, "ip", c.RealIP())
	if err := a.open(c, u, auth.ByPassword()); err != nil {
		return err
	}
	return answer(c, http.StatusCreated, showUser(u))
}

type loginRequest struct {
	Email    string `json:"email"`
	Password string `json:"password"`
}

// signIn makes a new login for who knows a password.
func (a *API) signIn(c echo.Context) error {
	request, err := decode[loginRequest](c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	u, err := a.logins.Verify(ctx, at(c).ID, request.Email, request.Password, c.RealIP())
	if errors.Is(err, auth.ErrRefused) {
		slog.InfoContext(ctx, "login refused", "ip", c.RealIP())
	}
	if err != nil {
		return err
	}
	return a.enter(c, u, auth.ByPassword())
}

// signOut ends the browser's login.
func (a *API) signOut(c echo.Context) error {
	if err := a.forget(c); err != nil {
		return err
	}
	return signedOut(c)
}

// signedOut tells the browser to forget the login, and every page that it keeps to
// come back to. What the device keeps for the person stays: docs/adr/0015.
func signedOut(c echo.Context) error {
	c.SetCookie(cookiesOf(at(c)).noLogin())
	c.Response().Header().Set("Clear-Site-Data", `"cache"`)
	return c.NoContent(http.StatusNoContent)
}

// forget deletes the login whose token came with the request, if any.
func (a *API) forget(c echo.Context) error {
	token := cookiesOf(at(c)).value(c.Request(), loginCookie)
	if token == "" {
		return nil
	}
	return a.logins.Close(c.Request().Context(), token)
}
