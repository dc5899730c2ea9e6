package api

import (
	"errors"
	"log/slog"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/conclave-meet/conclave/server/auth"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/storage"
)

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
	token := a.cookies.value(c.Request(), loginCookie)
	if token == "" {
		return storage.User{}, auth.ErrNoLogin
	}
	return a.logins.Check(c.Request().Context(), token)
}

// allowed returns who is signed in, if they may do action.
func (a *API) allowed(c echo.Context, action policy.SiteAction) (storage.User, error) {
	u, err := a.user(c)
	if err != nil {
		return storage.User{}, err
	}
	if !policy.AllowSite(policy.SiteRole(u.Role), action) {
		return storage.User{}, errForbidden
	}
	return u, nil
}

type setupRequest struct {
	Token    string `json:"token"`
	Name     string `json:"name"`
	Email    string `json:"email"`
	Password string `json:"password"`
}

// check returns the request as it is stored, or what is wrong with it.
func (r setupRequest) check() (setupRequest, error) {
	var err error
	if r.Name, err = oneLine("Your name", r.Name, maxName); err != nil {
		return r, err
	}
	if r.Email, err = emailAddress(r.Email); err != nil {
		return r, err
	}
	if fault := auth.PasswordFault(r.Password, r.Name, r.Email); fault != "" {
		return r, invalidError{fault}
	}
	return r, nil
}

// setUp makes the site's first administrator.
func (a *API) setUp(c echo.Context) error {
	request, err := decode[setupRequest](c)
	if err != nil {
		return err
	}
	if !a.setup.Holds(request.Token) {
		return auth.ErrSetupClosed
	}
	if request, err = request.check(); err != nil {
		return err
	}
	ctx := c.Request().Context()
	u, err := a.setup.Claim(ctx, request.Token, request.Name, request.Email, request.Password)
	if err != nil {
		return err
	}
	token, err := a.logins.Open(ctx, u)
	if err != nil {
		return err
	}
	slog.InfoContext(ctx, "administrator set up", "user", u.ID, "ip", c.RealIP())
	c.SetCookie(a.cookies.login(token))
	return answer(c, http.StatusCreated, showUser(u))
}

type loginRequest struct {
	Email    string `json:"email"`
	Password string `json:"password"`
}

// signIn makes a new login, in place of the one the browser may have.
func (a *API) signIn(c echo.Context) error {
	request, err := decode[loginRequest](c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	u, token, err := a.logins.SignIn(ctx, a.site.ID, request.Email, request.Password, c.RealIP())
	if errors.Is(err, auth.ErrRefused) {
		slog.InfoContext(ctx, "login refused", "ip", c.RealIP())
	}
	if err != nil {
		return err
	}
	if err := a.forget(c); err != nil {
		return err
	}
	c.SetCookie(a.cookies.login(token))
	return answer(c, http.StatusOK, showUser(u))
}

// signOut ends the browser's login.
func (a *API) signOut(c echo.Context) error {
	if err := a.forget(c); err != nil {
		return err
	}
	c.SetCookie(a.cookies.noLogin())
	return c.NoContent(http.StatusNoContent)
}

// forget deletes the login whose token came with the request, if any.
func (a *API) forget(c echo.Context) error {
	token := a.cookies.value(c.Request(), loginCookie)
	if token == "" {
		return nil
	}
	return a.logins.Close(c.Request().Context(), token)
}

// me tells the browser who is signed in.
func (a *API) me(c echo.Context) error {
	u, err := a.user(c)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, showUser(u))
}
