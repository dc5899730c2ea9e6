package api

import (
	"fmt"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/conclave-meet/conclave/server/auth"
	"github.com/conclave-meet/conclave/server/site"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/storage"
)

func (a *API) passwordRoutes() []route {
	return []route{
		post("/v1/registrations", a.register, "ask for an account: a mail brings the link that makes it", registration{}, nil, http.StatusAccepted),
		post("/v1/passwordRequests", a.forgot, "ask for a new password", forgotRequest{}, nil, http.StatusAccepted),
		get("/v1/passwordRequests", a.listForgetful, "who waits for a new password", list[forgetfulAnswer]{}),
		post("/v1/passwordRequests/:id/approve", a.approveForgetful, "give them a link to choose one", nil, handedLink{}, http.StatusOK),
		post("/v1/passwordRequests/:id/deny", a.denyForgetful, "give them none", nil, nil, http.StatusNoContent),
	}
}

// askLimits slow down who asks for accounts and passwords: each asking may send a
// mail to somebody who did not. Addresses count alike whether they are known here
// or not. Who is denied a mail because a stranger asked for too many of them has
// the stranger's in their mailbox, and each of those works.
type askLimits struct {
	network *auth.Throttle
	address *auth.Throttle // and site
}

func newAskLimits() *askLimits {
	return &askLimits{
		network: auth.NewThrottle(20, 30*time.Second),
		address: auth.NewThrottle(3, 3*time.Minute),
	}
}

func (l *askLimits) take(s *site.Site, email, ip string) error {
	network := auth.Network(ip)
	if err := l.network.Take(network); err != nil {
		return err
	}
	return l.address.Take(s.ID, storage.FoldEmail(email))
}

// registers reports whether people register at s by themselves. That takes a mail,
// which shows that the address is theirs.
func (a *API) registers(s *site.Site) bool { return s.Rules.AllowSelfRegistration && a.mails }

type registration struct {
	Name  string `json:"name"`
	Email string `json:"email"`
}

// register answers and does the same for an address that has an account here and
// for one that has none. The password is chosen by who opens the link: not before
// somebody has shown that the address is theirs.
func (a *API) register(c echo.Context) error {
	if !at(c).Rules.AllowSelfRegistration {
		return errNoRegister
	}
	if !a.mails {
		return errNoMail
	}
	request, err := decode[registration](c)
	if err != nil {
		return err
	}
	link, token := auth.NewLink(at(c).ID, storage.RegisterLink)
	if link.Name, err = oneLine("Your name", request.Name, maxName); err != nil {
		return err
	}
	if link.Email, err = emailAddress(request.Email); err != nil {
		return err
	}
	if err := a.asks.take(at(c), link.Email, c.RealIP()); err != nil {
		return err
	}
	welcome := linkMail(at(c), storage.RegisterLink, welcomeAddress(at(c), token))
	welcome.To = link.Email // and no name: it is a stranger's, who may write what they like there
	if err := a.db.AskToRegister(c.Request().Context(), link, welcome, knownMail(at(c)), c.RealIP()); err != nil {
		return err
	}
	return c.NoContent(http.StatusAccepted)
}

// knownMail tells somebody that they have an account already.
func knownMail(s *site.Site) storage.Mail {
	text := "Somebody, probably you, asked for an account at %[1]s with this address. You have one already.\n\n" +
		"Sign in: %[2]s/signin\nForgot your password: %[2]s/forgot\n\nIf it was not you, do nothing: nothing changes then.\n"
	return storage.Mail{
		SiteID: s.ID, Kind: storage.AccountMail, Subject: "Your account at " + s.Title(),
		Text: fmt.Sprintf(text, s.Title(), s.URL),
	}
}

type forgotRequest struct {
	Email string `json:"email"`
}

// forgot answers and does the same whatever the address. The link leaves at once,
// or, where the site wants that or no mail can leave, when an administrator says so.
func (a *API) forgot(c echo.Context) error {
	request, err := decode[forgotRequest](c)
	if err != nil {
		return err
	}
	email, err := emailAddress(request.Email)
	if err != nil {
		return err
	}
	if err := a.asks.take(at(c), email, c.RealIP()); err != nil {
		return err
	}
	ctx := c.Request().Context()
	if at(c).Rules.ApproveForgotPassword || !a.mails {
		err = a.db.WaitForPassword(ctx, at(c).ID, email, c.RealIP())
	} else {
		link, token := auth.NewLink(at(c).ID, storage.ResetLink)
		link.Email = email
		mail := linkMail(at(c), storage.ResetLink, welcomeAddress(at(c), token))
		err = a.db.AskForPassword(ctx, link, mail, c.RealIP())
	}
	if err != nil {
		return err
	}
	return c.NoContent(http.StatusAccepted)
}

// forgetfulAnswer is somebody who waits for an administrator.
type forgetfulAnswer struct {
	ID      string     `json:"id"`
	User    userAnswer `json:"user"`
	Created time.Time  `json:"created"`
}

func (a *API) listForgetful(c echo.Context) error {
	if _, err := a.allowed(c, policy.ReadUsers); err != nil {
		return err
	}
	requests, err := a.db.PasswordRequests(c.Request().Context(), at(c).ID)
	if err != nil {
		return err
	}
	items := make([]forgetfulAnswer, len(requests))
	for i, r := range requests {
		items[i] = forgetfulAnswer{r.ID, showUser(r.User), r.Created}
	}
	return answer(c, http.StatusOK, list[forgetfulAnswer]{items})
}

// forgetful returns the request the path names, and who decides it.
func (a *API) forgetful(c echo.Context) (storage.PasswordRequest, storage.User, error) {
	by, err := a.allowed(c, policy.ManageUsers)
	if err != nil {
		return storage.PasswordRequest{}, by, err
	}
	r, err := a.db.PasswordRequestByID(c.Request().Context(), at(c).ID, c.Param("id"))
	return r, by, err
}

func (a *API) approveForgetful(c echo.Context) error {
	r, by, err := a.forgetful(c)
	if err != nil {
		return err
	}
	link, mail, handed := a.linkFor(c, r.User, storage.ResetLink)
	if err := a.db.DecidePasswordRequest(c.Request().Context(), r, &link, mail, actor(c, by)); err != nil {
		return err
	}
	return answer(c, http.StatusOK, handed)
}

func (a *API) denyForgetful(c echo.Context) error {
	r, by, err := a.forgetful(c)
	if err != nil {
		return err
	}
	if err := a.db.DecidePasswordRequest(c.Request().Context(), r, nil, nil, actor(c, by)); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
