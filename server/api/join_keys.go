package api

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/conclave-meet/conclave/server/jointoken"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/storage"
)

func (a *API) joinKeyRoutes() []route {
	return []route{
		get("/v1/sites/:id/joinKeys", a.listJoinKeys, "the keys of the site's join tokens, those that are good first", joinKeysAnswer{}),
		post("/v1/sites/:id/joinKeys", a.addJoinKey, "register a public key, as PEM or JWK", joinKeyRequest{}, joinKeyAnswer{}, http.StatusCreated),
		patch("/v1/sites/:id/joinKeys/:kid", a.renameJoinKey, "rename a key", joinKeyName{}, joinKeyAnswer{}),
		remove("/v1/sites/:id/joinKeys/:kid", a.revokeJoinKey, "revoke a key: its tokens open nothing from then on"),
	}
}

// joinKeyAnswer is a key as administrators see it.
type joinKeyAnswer struct {
	ID        string     `json:"id"` // the kid of its tokens
	Name      string     `json:"name"`
	Algorithm string     `json:"algorithm"`
	PublicKey string     `json:"publicKey"` // PEM
	MaxRole   string     `json:"maxRole"`
	Created   time.Time  `json:"created"`
	CreatedBy string     `json:"createdBy"`
	LastUsed  *time.Time `json:"lastUsed"` // to the minute; null for never
	Revoked   *time.Time `json:"revoked"`  // null while it is good
}

func showJoinKey(k storage.JoinKey) joinKeyAnswer {
	return joinKeyAnswer{
		ID: k.ID, Name: k.Name, Algorithm: k.Algorithm, PublicKey: jointoken.PEM(k.PublicKey), MaxRole: k.MaxRole,
		Created: k.Created, CreatedBy: k.CreatedBy, LastUsed: orNull(k.LastUsed), Revoked: orNull(k.Revoked),
	}
}

// orNull returns nil for the time that is none.
func orNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// joinKeysAnswer has all keys, and what their tokens say of the site.
type joinKeysAnswer struct {
	Items    []joinKeyAnswer `json:"items"`
	Audience string          `json:"audience"` // the aud of the site's tokens
}

func (a *API) listJoinKeys(c echo.Context) error {
	if _, err := a.allowed(c, policy.ReadJoinKeys); err != nil {
		return err
	}
	if err := ownSite(c); err != nil {
		return err
	}
	keys, err := a.db.JoinKeys(c.Request().Context(), at(c).ID)
	if err != nil {
		return err
	}
	items := make([]joinKeyAnswer, len(keys))
	for i, k := range keys {
		items[i] = showJoinKey(k)
	}
	return answer(c, http.StatusOK, joinKeysAnswer{items, at(c).URL.String()})
}

type joinKeyRequest struct {
	Name      string `json:"name"`
	PublicKey string `json:"publicKey"` // PEM or JWK
	MaxRole   string `json:"maxRole"`
}

// check returns the key that is to be registered, or what is wrong with it.
func (r joinKeyRequest) check() (k storage.JoinKey, err error) {
	if k.Name, err = oneLine("The name", r.Name, maxName); err != nil {
		return k, err
	}
	if !slices.Contains(policy.Roles(), policy.Role(r.MaxRole)) {
		return k, invalidError{"The highest role is one of host, presenter, panelist and attendee."}
	}
	k.MaxRole = r.MaxRole
	key, err := jointoken.ParseKey(r.PublicKey)
	if fault, ok := errors.AsType[jointoken.KeyError](err); ok {
		return k, invalidError{fault.Sentence}
	}
	if err != nil {
		return k, err
	}
	k.Algorithm = string(key.Algorithm)
	k.PublicKey, err = key.DER()
	return k, err
}

// mayManageJoinKeys returns who changes the keys of the site in the path.
func (a *API) mayManageJoinKeys(c echo.Context) (storage.User, error) {
	u, err := a.allowed(c, policy.ManageJoinKeys)
	if err != nil {
		return u, err
	}
	return u, ownSite(c)
}

func (a *API) addJoinKey(c echo.Context) error {
	u, err := a.mayManageJoinKeys(c)
	if err != nil {
		return err
	}
	request, err := decode[joinKeyRequest](c)
	if err != nil {
		return err
	}
	k, err := request.check()
	if err != nil {
		return err
	}
	k.SiteID = at(c).ID
	if k, err = a.db.InsertJoinKey(c.Request().Context(), k, actor(c, u)); err != nil {
		return err
	}
	return answer(c, http.StatusCreated, showJoinKey(k))
}

type joinKeyName struct {
	Name string `json:"name"`
}

func (a *API) renameJoinKey(c echo.Context) error {
	u, err := a.mayManageJoinKeys(c)
	if err != nil {
		return err
	}
	request, err := decode[joinKeyName](c)
	if err != nil {
		return err
	}
	name, err := oneLine("The name", request.Name, maxName)
	if err != nil {
		return err
	}
	k, err := a.db.RenameJoinKey(c.Request().Context(), at(c).ID, c.Param("kid"), name, actor(c, u))
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, showJoinKey(k))
}

func (a *API) revokeJoinKey(c echo.Context) error {
	u, err := a.mayManageJoinKeys(c)
	if err != nil {
		return err
	}
	if err := a.db.RevokeJoinKey(c.Request().Context(), at(c).ID, c.Param("kid"), actor(c, u)); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
