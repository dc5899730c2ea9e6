package api

import (
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/labstack/echo/v4"

	"github.com/conclave-meet/conclave/server/auth"
	"github.com/conclave-meet/conclave/storage"
)

func (a *API) passkeyRoutes() []route {
	return []route{
		post("/v1/login/passkey/options", a.beginPasskey, "begin to sign in with a passkey", nil, ceremonyAnswer{}, http.StatusOK),
		post("/v1/login/passkey", a.finishPasskey, "sign in with a passkey", passkeyUse{}, userAnswer{}, http.StatusOK),
		get("/v1/me/passkeys", a.listPasskeys, "one's passkeys", itemsOf[passkeyAnswer]{}),
		post("/v1/me/passkeys/options", a.beginNewPasskey, "begin to make a passkey", nil, ceremonyAnswer{}, http.StatusOK),
		post("/v1/me/passkeys", a.finishNewPasskey, "keep a passkey that was made", newPasskey{}, passkeyAnswer{}, http.StatusCreated),
		remove("/v1/me/passkeys/:id", a.deletePasskey, "delete a passkey"),
	}
}

// itemsOf is a list as the interface shows it.
type itemsOf[T any] struct {
	Items []T `json:"items"`
}

// passkeyAnswer is a passkey as its user sees it.
type passkeyAnswer struct {
	ID       string     `json:"id"`
	Name     string     `json:"name"`
	Host     string     `json:"host"` // where it works
	Created  time.Time  `json:"created"`
	LastUsed *time.Time `json:"lastUsed"` // null until it was
}

func showPasskey(p storage.Passkey) passkeyAnswer {
	shown := passkeyAnswer{ID: p.ID, Name: p.Name, Host: p.Host, Created: p.Created}
	if !p.Used.IsZero() {
		shown.LastUsed = &p.Used
	}
	return shown
}

func showPasskeys(all []storage.Passkey) []passkeyAnswer {
	shown := make([]passkeyAnswer, len(all))
	for i, p := range all {
		shown[i] = showPasskey(p)
	}
	return shown
}

// relyingParty is the site of a request as passkeys know it. They are bound to a
// name, so at an address in numbers there are none, nor without TLS, but for
// localhost (WebAuthn, 5.1.2 and 13.4.9).
func relyingParty(c echo.Context) (auth.RelyingParty, error) {
	here := address(c)
	host := here.Hostname()
	if net.ParseIP(host) != nil || here.Scheme != "https" && host != "localhost" {
		return auth.RelyingParty{}, errNoPasskeys
	}
	origin := url.URL{Scheme: here.Scheme, Host: here.Host}
	return auth.RelyingParty{SiteID: at(c).ID, Host: host, Origin: origin.String(), Title: at(c).Title()}, nil
}

// ceremonyAnswer is what a browser needs to make or use a passkey, and what it
// answers with.
type ceremonyAnswer struct {
	Ceremony  string         `json:"ceremony"`
	PublicKey jsontext.Value `json:"publicKey"`
}

func (a *API) beginPasskey(c echo.Context) error {
	rp, err := relyingParty(c)
	if err != nil {
		return err
	}
	ceremony, options, err := a.keys.BeginSignIn(rp, c.RealIP())
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, ceremonyAnswer{ceremony, options})
}

type passkeyUse struct {
	Ceremony   string         `json:"ceremony"`
	Credential jsontext.Value `json:"credential"` // as PublicKeyCredential.toJSON makes it
}

func (a *API) finishPasskey(c echo.Context) error {
	request, err := decode[passkeyUse](c)
	if err != nil {
		return err
	}
	rp, err := relyingParty(c)
	if err != nil {
		return err
	}
	u, err := a.keys.FinishSignIn(c.Request().Context(), rp, request.Ceremony, request.Credential, c.RealIP())
	if err != nil {
		return err
	}
	return a.enter(c, u, auth.ByPasskey())
}

func (a *API) listPasskeys(c echo.Context) error {
	login, err := a.login(c)
	if err != nil {
		return err
	}
	all, err := a.db.Passkeys(c.Request().Context(), at(c).ID, login.User.ID)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, itemsOf[passkeyAnswer]{showPasskeys(all)})
}

func (a *API) beginNewPasskey(c echo.Context) error {
	login, err := a.changing(c)
	if err != nil {
		return err
	}
	rp, err := relyingParty(c)
	if err != nil {
		return err
	}
	ceremony, options, err := a.keys.BeginRegistration(c.Request().Context(), rp, login.User)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, ceremonyAnswer{ceremony, options})
}

type newPasskey struct {
	Ceremony   string         `json:"ceremony"`
	Name       string         `json:"name"`
	Credential jsontext.Value `json:"credential"`
}

func (a *API) finishNewPasskey(c echo.Context) error {
	request, err := decode[newPasskey](c)
	if err != nil {
		return err
	}
	login, err := a.changing(c)
	if err != nil {
		return err
	}
	rp, err := relyingParty(c)
	if err != nil {
		return err
	}
	if request.Name, err = oneLine("The name", request.Name, maxName); err != nil {
		return err
	}
	made, err := a.keys.FinishRegistration(c.Request().Context(), rp, login, request.Ceremony, request.Name, request.Credential, actor(c, login.User))
	if err != nil {
		return err
	}
	return answer(c, http.StatusCreated, showPasskey(made))
}

func (a *API) deletePasskey(c echo.Context) error {
	login, err := a.changing(c)
	if err != nil {
		return err
	}
	if err := a.db.DeletePasskey(c.Request().Context(), login.User, c.Param("id"), actor(c, login.User)); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
