package api

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/storage"
)

func (a *API) peopleRoutes() []route {
	return []route{
		get("/v1/users", a.listPeople, "the site's people, by e-mail address", list[personAnswer]{}),
		post("/v1/users", a.addPerson, "make an account: its owner gets a link to choose a password", personRequest{}, invitedAnswer{}, http.StatusCreated),
		get("/v1/users/:id", a.showPerson, "one of the site's people", personAnswer{}),
		patch("/v1/users/:id", a.editPerson, "edit or disable an account: what is absent stays", personChange{}, personAnswer{}),
		remove("/v1/users/:id", a.deletePerson, "delete an account of whom no meeting and no record tells"),
		post("/v1/users/:id/link", a.linkPerson, "give somebody a link to choose a password", nil, handedLink{}, http.StatusOK),
	}
}

// personAnswer is a user as an administrator sees them.
type personAnswer struct {
	userAnswer
	Disabled    bool       `json:"disabled"`
	HasPassword bool       `json:"hasPassword"`
	Created     time.Time  `json:"created"`
	LastSignIn  *time.Time `json:"lastSignIn"` // null for never
}

func showPerson(u storage.Person) personAnswer {
	shown := personAnswer{
		userAnswer: showUser(u.User), Disabled: !u.Disabled.IsZero(), HasPassword: u.PasswordHash != "", Created: u.Created,
	}
	if !u.Seen.IsZero() {
		shown.LastSignIn = &u.Seen
	}
	return shown
}

func (a *API) listPeople(c echo.Context) error {
	if _, err := a.allowed(c, policy.ReadUsers); err != nil {
		return err
	}
	query, err := url.ParseQuery(c.Request().URL.RawQuery)
	if err != nil {
		return errMalformed
	}
	filter, err := readUserFilter(query)
	if err != nil {
		return err
	}
	filter.SiteID = at(c).ID
	users, next, err := a.db.Users(c.Request().Context(), filter)
	if err != nil {
		return err
	}
	if next != "" {
		query.Set("cursor", base64.RawURLEncoding.EncodeToString([]byte(next)))
		link := *at(c).URL
		link.Path, link.RawQuery = link.Path+"/v1/users", query.Encode()
		c.Response().Header().Set("Link", fmt.Sprintf(`<%s>; rel="next"`, link.String()))
	}
	items := make([]personAnswer, len(users))
	for i, u := range users {
		items[i] = showPerson(u)
	}
	return answer(c, http.StatusOK, list[personAnswer]{items})
}

// readUserFilter reads the query of a list of people: known names only, each once.
func readUserFilter(query url.Values) (f storage.UserFilter, err error) {
	f.Max = defaultRows
	for name, values := range query {
		if len(values) != 1 {
			return f, errMalformed
		}
		switch value := values[0]; name {
		case "search":
			f.Search, err = oneLine("search", value, maxEmail)
		case "max":
			f.Max, err = readMax(value)
		case "cursor":
			var text []byte
			if text, err = base64.RawURLEncoding.DecodeString(value); err != nil || len(text) == 0 {
				err = storage.ErrCursor
			}
			f.After = string(text)
		default:
			err = errMalformed
		}
		if err != nil {
			return f, err
		}
	}
	return f, nil
}

// person returns the user the path names, for whom may do action, and who that is.
func (a *API) person(c echo.Context, action policy.SiteAction) (u storage.Person, by storage.User, err error) {
	if by, err = a.allowed(c, action); err != nil {
		return u, by, err
	}
	u, err = a.db.UserByID(c.Request().Context(), at(c).ID, c.Param("id"))
	return u, by, err
}

func (a *API) showPerson(c echo.Context) error {
	u, _, err := a.person(c, policy.ReadUsers)
	if err != nil {
		return err
	}
	tag(c, u.Version)
	return answer(c, http.StatusOK, showPerson(u))
}

type personRequest struct {
	Name  string `json:"name"`
	Email string `json:"email"`
	Role  string `json:"role"`
}

// siteRole returns text if there is such a role.
func siteRole(text string) (string, error) {
	if !slices.Contains(policy.SiteRoles(), policy.SiteRole(text)) {
		return "", invalidError{"The role is one of admin, host, csr and auditor."}
	}
	return text, nil
}

// invitedAnswer is a new account, and the link where no mail brings it.
type invitedAnswer struct {
	personAnswer
	handedLink
}

// addPerson makes an account without a password: only its owner chooses one.
func (a *API) addPerson(c echo.Context) error {
	by, err := a.allowed(c, policy.ManageUsers)
	if err != nil {
		return err
	}
	request, err := decode[personRequest](c)
	if err != nil {
		return err
	}
	u := storage.User{SiteID: at(c).ID}
	if u.Name, err = oneLine("The name", request.Name, maxName); err != nil {
		return err
	}
	if u.Email, err = emailAddress(request.Email); err != nil {
		return err
	}
	if u.Role, err = siteRole(request.Role); err != nil {
		return err
	}
	if err := spareAdmins(c, u.Role); err != nil {
		return err
	}
	link, mail, handed := a.linkFor(c, u, storage.InviteLink)
	if u, err = a.db.InviteUser(c.Request().Context(), u, link, mail, actor(c, by)); err != nil {
		return err
	}
	tag(c, u.Version)
	return answer(c, http.StatusCreated, invitedAnswer{showPerson(storage.Person{User: u}), handed})
}

// linkPerson gives somebody another link: the first one is too old, or the
// password is lost.
func (a *API) linkPerson(c echo.Context) error {
	u, by, err := a.person(c, policy.ManageUsers)
	if err != nil {
		return err
	}
	if u.ID == by.ID {
		return errForbidden // one's own password is changed by who knows it
	}
	if err := spareAdmins(c, u.Role); err != nil {
		return err
	}
	if !u.Disabled.IsZero() {
		return invalidError{"The account is disabled. Enable it first."}
	}
	purpose := storage.ResetLink
	if u.PasswordHash == "" {
		purpose = storage.InviteLink
	}
	link, mail, handed := a.linkFor(c, u.User, purpose)
	if err := a.db.GiveLink(c.Request().Context(), u.User, link, mail, actor(c, by)); err != nil {
		return err
	}
	return answer(c, http.StatusOK, handed)
}

// spareAdmins keeps programs away from administrators: an API token, however it
// was lost, makes nobody one and takes nobody's account over.
func spareAdmins(c echo.Context, roles ...string) error {
	if _, program := bearerOf(c.Request()); program && slices.Contains(roles, string(policy.SiteAdmin)) {
		return errScope
	}
	return nil
}

func valueOf(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

type personChange struct {
	Name     *string `json:"name"`
	Role     *string `json:"role"`
	Disabled *bool   `json:"disabled"`
}

func (a *API) editPerson(c echo.Context) error {
	u, by, err := a.person(c, policy.ManageUsers)
	if err != nil {
		return err
	}
	request, err := decode[personChange](c)
	if err != nil {
		return err
	}
	if err := matches(c, u.Version, false); err != nil {
		return err
	}
	change := storage.UserChange{Disabled: request.Disabled}
	name := func(text string) (string, error) { return oneLine("The name", text, maxName) }
	if change.Name, err = checked(request.Name, name); err != nil {
		return err
	}
	if change.Role, err = checked(request.Role, siteRole); err != nil {
		return err
	}
	if err := spareAdmins(c, u.Role, valueOf(change.Role)); err != nil {
		return err
	}
	if u, err = a.db.UpdateUser(c.Request().Context(), u.User, change, string(policy.SiteAdmin), actor(c, by)); err != nil {
		return err
	}
	if !u.Disabled.IsZero() {
		a.rooms.Dismiss(at(c).ID, u.ID)
	}
	tag(c, u.Version)
	return answer(c, http.StatusOK, showPerson(u))
}

func (a *API) deletePerson(c echo.Context) error {
	u, by, err := a.person(c, policy.ManageUsers)
	if err != nil {
		return err
	}
	if err := matches(c, u.Version, false); err != nil {
		return err
	}
	if err := spareAdmins(c, u.Role); err != nil {
		return err
	}
	if err := a.db.DeleteUser(c.Request().Context(), u.User, string(policy.SiteAdmin), actor(c, by)); err != nil {
		return err
	}
	a.rooms.Dismiss(at(c).ID, u.ID)
	return c.NoContent(http.StatusNoContent)
}
