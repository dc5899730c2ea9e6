package api

import (
	"errors"
	"fmt"
	"net/http"
	"time"
	_ "time/tzdata" // the machine may have no time zones

	"github.com/go-json-experiment/json"
	"github.com/labstack/echo/v4"
	"golang.org/x/text/language"

	"github.com/conclave-meet/conclave/server/auth"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/storage"
)

func (a *API) profileRoutes() []route {
	return []route{
		get("/v1/me", a.me, "who is signed in", profileAnswer{}),
		patch("/v1/me", a.editProfile, "edit one's own profile: what is absent stays", profileChange{}, profileAnswer{}),
		post("/v1/me/password", a.changePassword, "choose another password; all other logins end", passwordChange{}, nil, http.StatusNoContent),
		get("/v1/me/logins", a.listLogins, "where one is signed in", list[loginAnswer]{}),
		remove("/v1/me/logins", a.endLogins, "sign out everywhere, here too"),
		remove("/v1/me/logins/:id", a.endLogin, "sign out one browser"),
	}
}

// profileAnswer is a user as they see themselves.
type profileAnswer struct {
	userAnswer
	HasPassword     bool            `json:"hasPassword"`
	TimeZone        string          `json:"timeZone"` // empty: the browser's
	Language        string          `json:"language"` // empty: the browser's
	MeetingDefaults meetingDefaults `json:"meetingDefaults"`
}

// meetingDefaults are what a new meeting of a user begins with, unless they say
// otherwise.
type meetingDefaults struct {
	DurationMinutes int `json:"durationMinutes,omitzero"`
}

// defaultsOf returns what new meetings of u begin with.
func defaultsOf(u storage.User) (defaults meetingDefaults, err error) {
	if err := json.Unmarshal([]byte(u.MeetingDefaults), &defaults); err != nil {
		return defaults, fmt.Errorf("read the meeting defaults of user %s: %w", u.ID, err)
	}
	if defaults.DurationMinutes == 0 {
		defaults.DurationMinutes = defaultMinutes
	}
	return defaults, nil
}

func (a *API) answerProfile(c echo.Context, u storage.User) error {
	defaults, err := defaultsOf(u)
	if err != nil {
		return err
	}
	tag(c, u.Version)
	return answer(c, http.StatusOK, profileAnswer{showUser(u), u.PasswordHash != "", u.TimeZone, u.Language, defaults})
}

// me tells the browser who is signed in.
func (a *API) me(c echo.Context) error {
	u, err := a.user(c)
	if err != nil {
		return err
	}
	return a.answerProfile(c, u)
}

type profileChange struct {
	Name            *string          `json:"name"`
	TimeZone        *string          `json:"timeZone"`
	Language        *string          `json:"language"`
	MeetingDefaults *meetingDefaults `json:"meetingDefaults"`
}

// change returns what the request asks for as it is stored, or what is wrong with
// it.
func (r profileChange) change() (change storage.UserChange, err error) {
	name := func(text string) (string, error) { return oneLine("Your name", text, maxName) }
	if change.Name, err = checked(r.Name, name); err != nil {
		return change, err
	}
	if change.TimeZone, err = checked(r.TimeZone, timeZone); err != nil {
		return change, err
	}
	if change.Language, err = checked(r.Language, languageTag); err != nil || r.MeetingDefaults == nil {
		return change, err
	}
	if err = meetingLength(r.MeetingDefaults.DurationMinutes); err != nil {
		return change, err
	}
	text, err := json.Marshal(r.MeetingDefaults)
	defaults := string(text)
	change.MeetingDefaults = &defaults
	return change, err
}

// timeZone returns name if there is such a zone. An empty one is the browser's.
func timeZone(name string) (string, error) {
	if name == "" {
		return "", nil
	}
	if _, err := time.LoadLocation(name); err != nil || name == "Local" || len(name) > maxName {
		return "", invalidError{"The time zone needs a name like Europe/Zurich."}
	}
	return name, nil
}

// languageTag returns tag as it is written in BCP 47. An empty one is the browser's.
func languageTag(tag string) (string, error) {
	if tag == "" {
		return "", nil
	}
	parsed, err := language.Parse(tag)
	if err != nil || len(tag) > 35 {
		return "", invalidError{"The language needs a tag like en or de-CH."}
	}
	return parsed.String(), nil
}

func (a *API) editProfile(c echo.Context) error {
	who, err := a.inPerson(c)
	if err != nil {
		return err
	}
	request, err := decode[profileChange](c)
	if err != nil {
		return err
	}
	if err := matches(c, who.Version, false); err != nil {
		return err
	}
	change, err := request.change()
	if err != nil {
		return err
	}
	u, err := a.db.UpdateUser(c.Request().Context(), who.User, change, string(policy.SiteAdmin), actor(c, who.User))
	if err != nil {
		return err
	}
	return a.answerProfile(c, u.User)
}

type passwordChange struct {
	CurrentPassword string `json:"currentPassword"`
	Password        string `json:"password"`
}

func (a *API) changePassword(c echo.Context) error {
	who, err := a.inPerson(c)
	if err != nil {
		return err
	}
	request, err := decode[passwordChange](c)
	if err != nil {
		return err
	}
	if err := accountPassword(at(c), request.Password, who.Name, who.Email); err != nil {
		return err
	}
	ctx := c.Request().Context()
	if err := a.logins.ChangePassword(ctx, who.User, who.login, request.CurrentPassword, request.Password, actor(c, who.User)); err != nil {
		return orWrongPassword(err)
	}
	return c.NoContent(http.StatusNoContent)
}

// loginAnswer is a browser in which somebody is signed in.
type loginAnswer struct {
	ID        string    `json:"id"`
	Agent     string    `json:"agent"`
	IPAddress string    `json:"ipAddress"`
	Created   time.Time `json:"created"`
	LastSeen  time.Time `json:"lastSeen"`
	Current   bool      `json:"current"` // the one that asks
}

func (a *API) listLogins(c echo.Context) error {
	who, err := a.inPerson(c)
	if err != nil {
		return err
	}
	logins, current, err := a.logins.List(c.Request().Context(), who.User, who.login)
	if err != nil {
		return err
	}
	items := make([]loginAnswer, len(logins))
	for i, l := range logins {
		items[i] = loginAnswer{l.ID, l.Agent, l.IP, l.Created, l.LastSeen, l.ID == current}
	}
	return answer(c, http.StatusOK, list[loginAnswer]{items})
}

func (a *API) endLogins(c echo.Context) error {
	who, err := a.inPerson(c)
	if err != nil {
		return err
	}
	if err := a.db.EndLogins(c.Request().Context(), who.User, "", actor(c, who.User)); err != nil {
		return err
	}
	return signedOut(c)
}

func (a *API) endLogin(c echo.Context) error {
	who, err := a.inPerson(c)
	if err != nil {
		return err
	}
	if err := a.db.EndLogins(c.Request().Context(), who.User, c.Param("id"), actor(c, who.User)); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// orWrongPassword tells somebody who is signed in what was wrong.
func orWrongPassword(err error) error {
	if errors.Is(err, auth.ErrRefused) {
		return invalidError{"That is not your current password."}
	}
	return err
}
