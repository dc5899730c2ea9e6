package api

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/conclave-meet/conclave/server/auth"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/storage"
)

// caller is who asks: a user with a browser, or with a program that has one of
// their API tokens.
type caller struct {
	storage.User
	login   string         // the browser's token; empty for a program
	program bool           // it has an API token
	scopes  []policy.Scope // of the API token
}

// caller returns who is signed in, or auth.ErrNoLogin. Who shows an API token is
// that token's user and nobody else, whatever cookies came with it.
func (a *API) caller(c echo.Context) (caller, error) {
	ctx := c.Request().Context()
	if bearer, shown := bearerOf(c.Request()); shown {
		t, err := a.logins.CheckAPIToken(ctx, at(c).ID, bearer)
		if err != nil {
			return caller{}, err
		}
		return caller{User: t.User, program: true, scopes: scopesOf(t.Scopes)}, nil
	}
	login, err := a.login(c)
	if err != nil {
		return caller{}, err
	}
	if limited(at(c), login) {
		return caller{}, errEnrol
	}
	return caller{User: login.User, login: cookiesOf(at(c)).value(c.Request(), loginCookie)}, nil
}

// bearerOf returns the API token of r. Shown is true for whatever stands in its
// Authorization header: nobody is two people at once.
func bearerOf(r *http.Request) (token string, shown bool) {
	header := r.Header.Get("Authorization")
	scheme, token, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		token = ""
	}
	return strings.TrimSpace(token), header != ""
}

func scopesOf(text string) []policy.Scope {
	var scopes []policy.Scope
	for name := range strings.FieldsSeq(text) {
		scopes = append(scopes, policy.Scope(name))
	}
	return scopes
}

// may refuses what the caller's role does not hold, or their API token is not for.
func (who caller) may(action policy.SiteAction, method string) error {
	if !policy.AllowSite(policy.SiteRole(who.Role), action) {
		return errForbidden
	}
	reading := method == http.MethodGet || method == http.MethodHead
	if who.program && !policy.AllowScope(who.scopes, action, reading) {
		return errScope
	}
	return nil
}

// inPerson returns who is signed in with a browser: nobody's program changes
// their password or makes itself another token.
func (a *API) inPerson(c echo.Context) (caller, error) {
	who, err := a.caller(c)
	if err == nil && who.program {
		err = errScope
	}
	return who, err
}

// visitor returns who is signed in, as far as that helps them into a meeting. A
// program that is not for meetings comes in as a guest does.
func (a *API) visitor(c echo.Context) (storage.User, error) {
	who, err := a.caller(c)
	if err == nil && who.program && !policy.AllowScope(who.scopes, policy.ScheduleMeetings, false) {
		err = auth.ErrNoLogin
	}
	if err != nil {
		return storage.User{}, err
	}
	return who.User, nil
}
