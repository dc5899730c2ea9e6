package api

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/conclave-meet/conclave/server/auth"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/storage"
)

// How long an API token may live, in days.
const (
	defaultTokenDays = 90
	maxTokenDays     = 366
)

func (a *API) tokenRoutes() []route {
	return []route{
		get("/v1/me/tokens", a.listTokens, "one's API tokens", list[tokenAnswer]{}),
		post("/v1/me/tokens", a.makeToken, "make an API token: it is shown in this answer only", tokenRequest{}, newTokenAnswer{}, http.StatusCreated),
		remove("/v1/me/tokens/:id", a.deleteToken, "delete an API token: it stops working at once"),
	}
}

// tokenAnswer is an API token as its user sees it.
type tokenAnswer struct {
	ID       string     `json:"id"`
	Name     string     `json:"name"`
	Scopes   []string   `json:"scopes"`
	Created  time.Time  `json:"created"`
	Expires  time.Time  `json:"expires"`
	LastUsed *time.Time `json:"lastUsed"` // to the minute; null for never
}

func showToken(t storage.Token) tokenAnswer {
	shown := tokenAnswer{ID: t.ID, Name: t.Name, Scopes: strings.Fields(t.Scopes), Created: t.Created, Expires: t.Expires.UTC()}
	if !t.LastUsed.IsZero() {
		shown.LastUsed = &t.LastUsed
	}
	return shown
}

// newTokenAnswer has the token itself, which nobody can show again.
type newTokenAnswer struct {
	tokenAnswer
	Token string `json:"token"`
}

func (a *API) listTokens(c echo.Context) error {
	who, err := a.inPerson(c)
	if err != nil {
		return err
	}
	tokens, err := a.db.TokensOf(c.Request().Context(), who.ID)
	if err != nil {
		return err
	}
	items := make([]tokenAnswer, len(tokens))
	for i, t := range tokens {
		items[i] = showToken(t)
	}
	return answer(c, http.StatusOK, list[tokenAnswer]{items})
}

type tokenRequest struct {
	Name   string   `json:"name"`
	Scopes []string `json:"scopes"`
	Days   int      `json:"days"` // until it expires; 90 when absent
}

// check returns the token that is asked for, or what is wrong with the request.
func (r tokenRequest) check() (t storage.Token, err error) {
	if t.Name, err = oneLine("The name", r.Name, maxName); err != nil {
		return t, err
	}
	slices.Sort(r.Scopes)
	r.Scopes = slices.Compact(r.Scopes)
	unknown := func(name string) bool { return !slices.Contains(policy.Scopes(), policy.Scope(name)) }
	if len(r.Scopes) == 0 || slices.ContainsFunc(r.Scopes, unknown) {
		return t, invalidError{"A token needs one or more of the scopes read, meetings, users and joinKeys."}
	}
	t.Scopes = strings.Join(r.Scopes, " ")
	if r.Days == 0 {
		r.Days = defaultTokenDays
	}
	if r.Days < 1 || r.Days > maxTokenDays {
		return t, invalidError{"A token lives 1 to 366 days."}
	}
	t.Expires = time.Now().Add(time.Duration(r.Days) * 24 * time.Hour).Truncate(time.Second)
	return t, nil
}

// makeToken wants a fresh login: a token outlives the one it was made with.
func (a *API) makeToken(c echo.Context) error {
	who, err := a.inPerson(c)
	if err != nil {
		return err
	}
	if _, err := a.changing(c); err != nil {
		return err
	}
	request, err := decode[tokenRequest](c)
	if err != nil {
		return err
	}
	t, err := request.check()
	if err != nil {
		return err
	}
	secret, hash := auth.NewAPIToken()
	t.TokenHash = hash
	if t, err = a.db.InsertToken(c.Request().Context(), who.User, t, actor(c, who.User)); err != nil {
		return err
	}
	return answer(c, http.StatusCreated, newTokenAnswer{showToken(t), secret})
}

func (a *API) deleteToken(c echo.Context) error {
	who, err := a.inPerson(c)
	if err != nil {
		return err
	}
	if err := a.db.DeleteToken(c.Request().Context(), who.User, c.Param("id"), actor(c, who.User)); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
