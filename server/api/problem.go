package api

import (
	"errors"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/labstack/echo/v4"

	"github.com/conclave-meet/conclave/server/auth"
	"github.com/conclave-meet/conclave/signaling/room"
	"github.com/conclave-meet/conclave/storage"
)

// What this package itself refuses.
var (
	errMalformed     = errors.New("malformed request")
	errMediaType     = errors.New("not JSON")
	errCrossOrigin   = errors.New("request from another origin")
	errForbidden     = errors.New("not allowed")
	errJoinRefused   = errors.New("join refused")
	errEmbedding     = errors.New("framed by a page that the site does not name")
	errMeetingEnded  = errors.New("meeting has ended")
	errInProgress    = errors.New("meeting is in progress")
	errUnconditional = errors.New("a change without If-Match")
	errMailForbidden = errors.New("no invitations by mail")
	errMailOff       = errors.New("no mail server")
	errNotReady      = errors.New("not ready")
	errScope         = errors.New("not what the API token is for")
	errNoMail        = errors.New("no mail can be sent")
	errNoRegister    = errors.New("nobody registers here")
	errEmailRequired = errors.New("no e-mail address where the meeting asks for one")
	errDisclaimer    = errors.New("not the disclaimer there is")
	errEnrol         = errors.New("a second factor has to be set up")
	errNotFresh      = errors.New("not signed in just now")
	errNoAccount     = errors.New("no account of that identity")
	errAccountExists = errors.New("an account of that address, not linked")
	errIdentityTaken = errors.New("the identity is linked already")
	errNoPasskeys    = errors.New("no passkeys at this address")
)

// invalidError says which input will not do, in a sentence for a person.
type invalidError struct{ sentence string }

func (e invalidError) Error() string { return "invalid input: " + e.sentence }

// problem is an error as RFC 9457 shows it.
type problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
	Code   string `json:"code"`
	// Of second_factor_required: what to answer with a code, and whether a
	// passkey will do.
	Challenge string `json:"challenge,omitzero"`
	Passkey   bool   `json:"passkey,omitzero"`
}

// problems is the one place where an error gets its status. What is not here is
// internal, and the caller learns no more than that.
var problems = []struct {
	err    error
	status int
	code   string
	detail string
}{
	{errMalformed, http.StatusBadRequest, "malformed", "The request is not what this call takes: check its names and types."},
	{errMediaType, http.StatusUnsupportedMediaType, "not_json", "Send the body as application/json."},
	{errCrossOrigin, http.StatusForbidden, "cross_origin", "The request comes from another site's page."},
	{errForbidden, http.StatusForbidden, "forbidden", "You may not do this."},
	{storage.ErrNotFound, http.StatusNotFound, "not_found", "There is nothing here for you."},
	{storage.ErrStale, http.StatusPreconditionFailed, "stale", "Somebody changed this since you read it. Read it again, and then change it."},
	{errUnconditional, http.StatusPreconditionRequired, "if_match_required", "Say in If-Match which version you change: the ETag you read."},
	{storage.ErrTaken, http.StatusConflict, "taken", "Somebody at this site has that e-mail address already."},
	{storage.ErrLastAdmin, http.StatusConflict, "last_admin", "This is the site's only administrator who can sign in. Make somebody else one first."},
	{storage.ErrOwns, http.StatusConflict, "owns_meetings", "There are meetings or records of this person, which would be nobody's. Disable the account instead: nobody can sign in with it then."},
	{storage.ErrTooMany, http.StatusConflict, "too_many", "There are as many as there may be. Delete one first."},
	{storage.ErrKeyKnown, http.StatusConflict, "key_known", "This key is, or was, registered at this site. Make a new pair, and register its public key."},
	{errScope, http.StatusForbidden, "scope", "This API token is not made for that. Use one with the scope, or sign in with a browser."},
	{errNoMail, http.StatusConflict, "no_mail", "This server cannot send mail. Ask an administrator of the site for an account."},
	{errNoRegister, http.StatusNotFound, "not_found", "There is nothing here for you."},
	{auth.ErrLink, http.StatusForbidden, "link_refused", "This link was used already, or it is too old. Ask for another one."},
	{storage.ErrCursor, http.StatusBadRequest, "malformed", "The cursor is not one that a page of this report gave."},

	{auth.ErrNoLogin, http.StatusUnauthorized, "login_required", "Sign in first."},
	{auth.ErrRefused, http.StatusUnauthorized, "login_refused", "The e-mail address or the password is wrong."},
	{errEnrol, http.StatusForbidden, "second_factor_needed", "This site wants a second factor of you. Set one up under Sign-in and security, or sign in with the one you have."},
	{errNotFresh, http.StatusForbidden, "fresh_login_needed", "This changes how you sign in. Sign in again first, with your second factor if you have one, and do it within 15 minutes."},
	{errNoPasskeys, http.StatusConflict, "passkeys_unavailable", "Passkeys do not work at this address. They need the site's own name with https; on the computer the server runs on, http://localhost does too."},
	{auth.ErrPasskey, http.StatusUnauthorized, "passkey_refused", "This passkey does not open an account here."},
	{auth.ErrCode, http.StatusUnauthorized, "code_refused", "The code is wrong, or was used already. Wait for the next one, and try again."},
	{auth.ErrCeremony, http.StatusConflict, "expired", "This took too long, or was done already. Begin anew."},
	{errNoAccount, http.StatusForbidden, "no_account", "Nobody has made an account here for you. Ask the site's administrator."},
	{errAccountExists, http.StatusConflict, "account_exists", "There is an account with your e-mail address. Sign in to it, and link it under Sign-in and security."},
	{errIdentityTaken, http.StatusConflict, "identity_taken", "Your account at the provider is linked with an account here already."},
	{auth.ErrFlow, http.StatusForbidden, "signin_not_begun", "This sign-in was not begun in this browser, or took too long. Begin anew."},
	{auth.ErrProvider, http.StatusBadGateway, "provider_failed", "The provider did not answer as it should. Try again, or sign in another way."},
	{auth.ErrDenied, http.StatusForbidden, "provider_refused", "The provider did not sign you in."},
	{auth.ErrUnverified, http.StatusForbidden, "email_unverified", "The provider does not vouch for your e-mail address. Confirm it there first."},
	{auth.ErrDomain, http.StatusForbidden, "email_not_allowed", "This site lets people in with other e-mail addresses than yours."},
	{storage.ErrLastWay, http.StatusConflict, "last_way_in", "Without this you could not sign in any more. Set up another way first."},
	{auth.ErrSetupClosed, http.StatusForbidden, "setup_closed", "This set-up link is used or wrong. A new one is printed when the server starts without an administrator."},
	{auth.ErrBusy, http.StatusServiceUnavailable, "busy", "The server has too much to do. Try again in a moment."},

	{errJoinRefused, http.StatusForbidden, "join_refused", "The meeting number, the password or the link is not right."},
	{errEmbedding, http.StatusForbidden, "embedding_refused", "This site does not allow the page around this one to show its meetings. An administrator can add that page's origin to the site's policy."},
	{errMeetingEnded, http.StatusGone, "meeting_ended", "The meeting has ended."},
	{errDisclaimer, http.StatusConflict, "disclaimer_changed", "The text that people agree to has changed. Read it, and then join again."},
	{errEmailRequired, http.StatusUnprocessableEntity, "email_required", "This meeting asks for your e-mail address."},
	{errInProgress, http.StatusConflict, "in_progress", "The meeting is in progress. End it first."},
	{errMailForbidden, http.StatusForbidden, "mail_forbidden", "This site sends no invitations. Copy the invitation, and give it to people yourself."},
	{errMailOff, http.StatusConflict, "mail_off", "This server sends no mail. Copy the invitation, and give it to people yourself."},
	{storage.ErrMailFull, http.StatusServiceUnavailable, "mail_full", "Too much mail waits to go out. Try again later."},
	{storage.ErrNoSuchHost, http.StatusUnprocessableEntity, "invalid", "Somebody who is to host the meeting has no account at this site."},
	{room.ErrNotFound, http.StatusConflict, "not_in_progress", "The meeting is not in progress."},
	{room.ErrEnded, http.StatusConflict, "not_in_progress", "The meeting has just ended."},
	{room.ErrForbidden, http.StatusForbidden, "forbidden", "You may not do this."},
	{room.ErrFull, http.StatusServiceUnavailable, "full", "The server holds no more meetings."},
	{room.ErrUnavailable, http.StatusServiceUnavailable, "unavailable", "The server cannot keep records now, so no meeting can start."},
	{errNotReady, http.StatusServiceUnavailable, "unavailable", "The database does not answer."},
}

// problemOf returns what the caller is told of err.
func problemOf(err error) problem {
	for _, known := range problems {
		if errors.Is(err, known.err) {
			return newProblem(known.status, known.code, known.detail)
		}
	}
	if invalid, ok := errors.AsType[invalidError](err); ok {
		return newProblem(http.StatusUnprocessableEntity, "invalid", invalid.sentence)
	}
	if old, ok := errors.AsType[againstPolicyError](err); ok {
		return newProblem(http.StatusConflict, "against_policy", old.sentence)
	}
	if _, ok := errors.AsType[auth.TooManyError](err); ok {
		return newProblem(http.StatusTooManyRequests, "too_many_attempts", "Too many attempts. Wait a little and try again.")
	}
	if second, ok := errors.AsType[auth.SecondFactorError](err); ok {
		p := newProblem(http.StatusUnauthorized, "second_factor_required", "The password is right. Now show your second factor.")
		p.Challenge, p.Passkey = second.Challenge, second.Passkey
		return p
	}
	if routing, ok := errors.AsType[*echo.HTTPError](err); ok {
		switch routing.Code {
		case http.StatusNotFound:
			return newProblem(routing.Code, "not_found", "There is nothing here for you.")
		case http.StatusMethodNotAllowed:
			return newProblem(routing.Code, "method_not_allowed", "This address does not take that method.")
		}
	}
	return newProblem(http.StatusInternalServerError, "internal", "Something went wrong on the server.")
}

func newProblem(status int, code, detail string) problem {
	return problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: detail, Code: code}
}

// answerError tells the caller of err, and the log of what is our own fault.
func answerError(err error, c echo.Context) {
	ctx := c.Request().Context()
	p := problemOf(err)
	if p.Status >= http.StatusInternalServerError && ctx.Err() == nil {
		slog.ErrorContext(ctx, "request failed", "method", c.Request().Method, "route", c.Path(), "code", p.Code, "err", err)
	}
	if c.Response().Committed {
		return
	}
	if tooMany, ok := errors.AsType[auth.TooManyError](err); ok {
		c.Response().Header().Set("Retry-After", retryAfter(tooMany.Wait))
	}
	body, err := json.Marshal(p)
	if err == nil {
		err = c.Blob(p.Status, "application/problem+json", body)
	}
	if err != nil {
		slog.DebugContext(ctx, "problem not sent", "err", err)
	}
}

// retryAfter writes a wait in whole seconds, never too few.
func retryAfter(wait time.Duration) string {
	return strconv.Itoa(max(1, int(math.Ceil(wait.Seconds()))))
}
