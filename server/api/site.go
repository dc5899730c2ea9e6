package api

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/conclave-meet/conclave/server/auth"
	"github.com/conclave-meet/conclave/signaling/policy"
)

func (a *API) siteRoutes() []route {
	return []route{
		get("/v1/site", a.showSite, "what the site asks of everybody, signed in or not", siteAnswer{}),
	}
}

// siteAnswer is what anybody may know of a site: what its pages ask and offer.
type siteAnswer struct {
	Name                     string           `json:"name"` // in the paths of its calls
	Title                    string           `json:"title"`
	RequireLoginBeforeAccess bool             `json:"requireLoginBeforeAccess"`
	AllowSelfRegistration    bool             `json:"allowSelfRegistration"`
	ApproveForgotPassword    bool             `json:"approveForgotPassword"` // also where no mail can be sent
	UnlistAllMeetings        bool             `json:"unlistAllMeetings"`
	RequireMeetingPassword   bool             `json:"requireMeetingPassword"`
	RequireStrongPassword    bool             `json:"requireStrongPassword"`
	DisableEmailInvitations  bool             `json:"disableEmailInvitations"`
	RequireEmail             bool             `json:"requireEmail"`
	PreSessionFields         []policy.Field   `json:"preSessionFields"`
	Disclaimer               disclaimerAnswer `json:"disclaimer"`
}

// disclaimerAnswer is what people agree to; both are empty where there is nothing.
type disclaimerAnswer struct {
	Text string `json:"text"`
	Hash string `json:"hash"` // what a join says was agreed to
}

// showSite tells what the site asks. Where it asks for a login first, it tells
// others no more than that.
func (a *API) showSite(c echo.Context) error {
	rules := at(c).Rules
	shown := siteAnswer{
		Name: at(c).Name, Title: at(c).Title(), RequireLoginBeforeAccess: rules.RequireLoginBeforeAccess,
		AllowSelfRegistration: a.registers(at(c)), ApproveForgotPassword: rules.ApproveForgotPassword || !a.mails,
	}
	if _, err := a.user(c); errors.Is(err, auth.ErrNoLogin) && rules.RequireLoginBeforeAccess {
		return answer(c, http.StatusOK, shown)
	} else if err != nil && !errors.Is(err, auth.ErrNoLogin) {
		return err
	}
	shown.UnlistAllMeetings, shown.DisableEmailInvitations = rules.UnlistAllMeetings, rules.DisableEmailInvitations
	shown.RequireMeetingPassword, shown.RequireStrongPassword = rules.RequireMeetingPassword, rules.RequireStrongPassword
	shown.RequireEmail, shown.PreSessionFields = rules.RequireEmail, rules.PreSessionFields
	shown.Disclaimer = disclaimerAnswer{rules.Disclaimer.Text, rules.Disclaimer.Hash()}
	return answer(c, http.StatusOK, shown)
}
