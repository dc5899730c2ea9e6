package api

import (
	"fmt"
	"net/http"

	"github.com/go-json-experiment/json"
	"github.com/labstack/echo/v4"

	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/storage"
)

// policyBody is a site's policy, in a request and in an answer.
type policyBody struct {
	SecurityOptions policy.Site `json:"securityOptions"`
}

func (a *API) policyRoutes() []route {
	return []route{
		get("/v1/sites/:id/policy", a.showPolicy, "the site's policy", policyBody{}),
		put("/v1/sites/:id/policy", a.setPolicy, "replace the site's policy; needs If-Match", policyBody{}, policyBody{}),
	}
}

// ownSite refuses a path to another site than the request's own, which is known
// by its id and by its name.
func ownSite(c echo.Context) error {
	if id := c.Param("id"); id != at(c).ID && id != at(c).Name {
		return storage.ErrNotFound
	}
	return nil
}

func (a *API) showPolicy(c echo.Context) error {
	if _, err := a.allowed(c, policy.ReadPolicy); err != nil {
		return err
	}
	if err := ownSite(c); err != nil {
		return err
	}
	tag(c, at(c).PolicyVersion)
	return answer(c, http.StatusOK, policyBody{at(c).Rules})
}

func (a *API) setPolicy(c echo.Context) error {
	u, err := a.allowed(c, policy.SetPolicy)
	if err != nil {
		return err
	}
	if err := ownSite(c); err != nil {
		return err
	}
	request, err := decode[policyBody](c)
	if err != nil {
		return err
	}
	if err := matches(c, at(c).PolicyVersion, true); err != nil {
		return err
	}
	rules, err := CheckPolicy(at(c).Rules, request.SecurityOptions)
	if err != nil {
		return err
	}
	text, err := json.Marshal(rules)
	if err != nil {
		return fmt.Errorf("encode policy: %w", err)
	}
	if err := a.db.SetPolicy(c.Request().Context(), at(c).ID, at(c).PolicyVersion, text, actor(c, u)); err != nil {
		return err
	}
	a.rooms.SetPolicy(at(c).ID, at(c).PolicyVersion+1, rules)
	tag(c, at(c).PolicyVersion+1)
	return answer(c, http.StatusOK, policyBody{rules})
}

// actor is who makes a change, as the audit log names them.
func actor(c echo.Context, u storage.User) storage.Actor {
	return storage.Actor{UserID: u.ID, Name: u.Email, IP: c.RealIP()}
}
