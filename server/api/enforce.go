package api

import (
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/conclave-meet/conclave/server/auth"
	"github.com/conclave-meet/conclave/server/site"
	"github.com/conclave-meet/conclave/storage"
)

// againstPolicyError says which rule of the site a meeting does not keep that
// was made before the rule, in a sentence for a person.
type againstPolicyError struct{ sentence string }

func (e againstPolicyError) Error() string { return "against the site's policy: " + e.sentence }

// withinPolicy refuses a meeting that may not be scheduled like that at s.
func withinPolicy(s *site.Site, m storage.Meeting) error {
	if m.Public && s.Rules.UnlistAllMeetings {
		return invalidError{"This site lists no meetings. Leave the meeting unlisted."}
	}
	if fault := passwordFault(s, m); fault != "" {
		return invalidError{fault}
	}
	return nil
}

// stillWithinPolicy refuses to start a meeting, or to let anybody in, that was
// scheduled before the site asked for what it lacks. Only who may learn of the
// meeting is told. A listed one need not be edited: it is listed no more.
func stillWithinPolicy(s *site.Site, m storage.Meeting) error {
	if fault := passwordFault(s, m); fault != "" {
		return againstPolicyError{fault + " Its host has to change it first."}
	}
	return nil
}

// passwordFault says why the password of m will not do at s, or nothing.
func passwordFault(s *site.Site, m storage.Meeting) string {
	if m.Password == "" {
		if s.Rules.RequireMeetingPassword {
			return "Each meeting of this site needs a password."
		}
		return "" // only its link opens it
	}
	return auth.MeetingRules(s.Rules, m.Title, m.HostName, m.HostEmail, s.Title(), s.URL.Hostname()).Fault(m.Password)
}

// beforeLogin are the calls that answer people who are not signed in, whatever
// the site asks: they lead to a login, or tell that there has to be one.
var beforeLogin = []string{ //nolint:gochecknoglobals // a table
	http.MethodGet + " /v1/site",
	http.MethodPost + " /v1/setup",
	http.MethodPost + " /v1/login",
	http.MethodPost + " /v1/logout",
	http.MethodGet + " /v1/login",
	http.MethodPost + " /v1/login/totp",
	http.MethodPost + " /v1/login/passkey/options",
	http.MethodPost + " /v1/login/passkey",
	http.MethodGet + " /v1/login/oidc",
	http.MethodGet + " /v1/login/oidc/callback",
	http.MethodPost + " /v1/registrations",
	http.MethodPost + " /v1/passwordRequests",
	http.MethodPost + " /v1/welcome/preview",
	http.MethodPost + " /v1/welcome",
}

// signedInFirst refuses everything else to who is not signed in, at a site that
// asks for a login before access. It does not tell what there is: no page, no
// call and no meeting.
func (a *API) signedInFirst(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		s := at(c)
		if s == nil || !s.Rules.RequireLoginBeforeAccess || slices.Contains(beforeLogin, c.Request().Method+" "+c.Path()) {
			return next(c)
		}
		known := func() error { _, err := a.user(c); return err }
		if setsUpFactors(c.Path()) {
			known = func() error { _, err := a.login(c); return err }
		}
		if err := known(); err != nil {
			return err
		}
		return next(c)
	}
}

// setsUpFactors reports whether path is of a call that is open to who may do
// nothing else yet, because a second factor is missing.
func setsUpFactors(path string) bool {
	for _, prefix := range []string{"/v1/me/signin", "/v1/me/totp", "/v1/me/passkeys", "/v1/me/identity"} {
		if strings.HasPrefix(path, prefix) {
			return true
		}
	}
	return false
}
