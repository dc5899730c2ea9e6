package api

import (
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/conclave-meet/conclave/server/auth"
	"github.com/conclave-meet/conclave/server/site"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/storage"
)

func (a *API) welcomeRoutes() []route {
	return []route{
		post("/v1/welcome/preview", a.previewWelcome, "whose password a link is for", welcomePreview{}, welcomeAnswer{}, http.StatusOK),
		post("/v1/welcome", a.welcome, "choose a password by a link, and sign in", welcomeRequest{}, userAnswer{}, http.StatusOK),
	}
}

// handedLink is what an administrator is told of a link they gave. The link itself
// is there only where no mail brings it: they hand it over then.
type handedLink struct {
	Link        string    `json:"link,omitzero"`
	LinkExpires time.Time `json:"linkExpires"`
}

// linkFor makes u a link for purpose, and the mail that brings it where mail can be
// sent.
func (a *API) linkFor(c echo.Context, u storage.User, purpose string) (storage.Link, *storage.Mail, handedLink) {
	link, token := auth.NewLink(at(c).ID, purpose)
	handed := handedLink{LinkExpires: link.Expires.UTC().Truncate(time.Second)}
	address := welcomeAddress(at(c), token)
	if !a.mails {
		handed.Link = address
		return link, nil, handed
	}
	mail := linkMail(at(c), purpose, address)
	mail.To, mail.ToName = u.Email, u.Name
	return link, &mail, handed
}

func welcomeAddress(s *site.Site, token string) string { return s.URL.String() + "/welcome#" + token }

// linkMail is the mail that brings a link for purpose.
func linkMail(s *site.Site, purpose, address string) storage.Mail {
	words := map[string]struct{ subject, why, life string }{
		storage.InviteLink:   {"Your account at %s", "There is an account for you at %s. Open this link to choose your password:", "7 days"},
		storage.RegisterLink: {"Confirm your account at %s", "You asked for an account at %s. Open this link to choose your password, and it is yours:", "10 minutes"},
		storage.ResetLink:    {"A new password for %s", "You asked for a new password for %s. Open this link to choose one:", "10 minutes"},
	}[purpose]
	text := fmt.Sprintf(words.why, s.Title()) + "\n\n" + address + "\n\n" +
		"It works once, and for " + words.life + ". If you do not expect this mail, do nothing: nothing changes then.\n"
	return storage.Mail{
		SiteID: s.ID, Kind: storage.AccountMail, Subject: fmt.Sprintf(words.subject, s.Title()), Text: text,
	}
}

type welcomePreview struct {
	Token string `json:"token"`
}

// welcomeAnswer is whose password is chosen.
type welcomeAnswer struct {
	Purpose string `json:"purpose"` // invite, reset or register
	Name    string `json:"name"`
	Email   string `json:"email"`
}

// link returns the link that token is for, if it is good for anything here now.
func (a *API) link(c echo.Context, token string) (storage.Link, error) {
	link, err := a.logins.Link(c.Request().Context(), at(c).ID, token)
	if err == nil && link.Purpose == storage.RegisterLink && !at(c).Rules.AllowSelfRegistration {
		err = auth.ErrLink // not any more
	}
	return link, err
}

func (a *API) previewWelcome(c echo.Context) error {
	request, err := decode[welcomePreview](c)
	if err != nil {
		return err
	}
	link, err := a.link(c, request.Token)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, welcomeAnswer{link.Purpose, link.Name, link.Email})
}

type welcomeRequest struct {
	Token    string `json:"token"`
	Password string `json:"password"`
}

// welcome takes the password that the holder of a link chooses. A password that
// will not do uses up no link.
func (a *API) welcome(c echo.Context) error {
	request, err := decode[welcomeRequest](c)
	if err != nil {
		return err
	}
	link, err := a.link(c, request.Token)
	if err != nil {
		return err
	}
	if err := accountPassword(at(c), request.Password, link.Name, link.Email); err != nil {
		return err
	}
	ctx := c.Request().Context()
	u, err := a.logins.UseLink(ctx, link, request.Password, string(policy.SiteHost), c.RealIP())
	if err != nil {
		return err
	}
	slog.InfoContext(ctx, "password chosen by link", "user", u.ID, "purpose", link.Purpose, "ip", c.RealIP())
	return a.enter(c, u, auth.ByPassword()) // the mail is no second factor
}
