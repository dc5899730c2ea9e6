package api

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

func (a *API) totpRoutes() []route {
	return []route{
		post("/v1/login/totp", a.finishCode, "sign in with a code, after the password", codeRequest{}, userAnswer{}, http.StatusOK),
		post("/v1/me/totp/options", a.beginApp, "begin to set up an authenticator app", nil, appAnswer{}, http.StatusOK),
		post("/v1/me/totp", a.finishApp, "keep an authenticator app that shows a code", newApp{}, codesAnswer{}, http.StatusCreated),
		remove("/v1/me/totp", a.deleteApp, "delete the authenticator app and its recovery codes"),
		post("/v1/me/totp/recoveryCodes", a.newCodes, "make new recovery codes", nil, codesAnswer{}, http.StatusCreated),
	}
}

type codeRequest struct {
	Challenge string `json:"challenge"`
	Code      string `json:"code"` // of the app, or a recovery code
}

func (a *API) finishCode(c echo.Context) error {
	request, err := decode[codeRequest](c)
	if err != nil {
		return err
	}
	u, way, err := a.logins.SignInByCode(c.Request().Context(), at(c).ID, request.Challenge, request.Code, c.RealIP())
	if err != nil {
		return err
	}
	return a.enter(c, u, way)
}

// appAnswer is what an authenticator app is told.
type appAnswer struct {
	Ceremony string `json:"ceremony"`
	Secret   string `json:"secret"` // base32, to type
	URI      string `json:"uri"`    // otpauth, to draw
}

func (a *API) beginApp(c echo.Context) error {
	login, err := a.changing(c)
	if err != nil {
		return err
	}
	ceremony, secret, uri := a.apps.Begin(login.User, at(c).Title())
	return answer(c, http.StatusOK, appAnswer{ceremony, secret, uri})
}

type newApp struct {
	Ceremony string `json:"ceremony"`
	Code     string `json:"code"`
}

// codesAnswer shows recovery codes, this once.
type codesAnswer struct {
	RecoveryCodes []string `json:"recoveryCodes"`
}

func (a *API) finishApp(c echo.Context) error {
	request, err := decode[newApp](c)
	if err != nil {
		return err
	}
	login, err := a.changing(c)
	if err != nil {
		return err
	}
	codes, err := a.apps.Finish(c.Request().Context(), login, request.Ceremony, request.Code, actor(c, login.User))
	if err != nil {
		return err
	}
	return answer(c, http.StatusCreated, codesAnswer{codes})
}

func (a *API) deleteApp(c echo.Context) error {
	login, err := a.changing(c)
	if err != nil {
		return err
	}
	if err := a.db.DeleteTOTP(c.Request().Context(), login.User, actor(c, login.User)); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

func (a *API) newCodes(c echo.Context) error {
	login, err := a.changing(c)
	if err != nil {
		return err
	}
	codes, err := a.apps.NewCodes(c.Request().Context(), login.User, actor(c, login.User))
	if err != nil {
		return err
	}
	return answer(c, http.StatusCreated, codesAnswer{codes})
}
