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
	errMalformed    = errors.New("malformed request")
	errMediaType    = errors.New("not JSON")
	errCrossOrigin  = errors.New("request from another origin")
	errForbidden    = errors.New("not allowed")
	errJoinRefused  = errors.New("join refused")
	errMeetingEnded = errors.New("meeting has ended")
	errInProgress   = errors.New("meeting is in progress")
	errNotReady     = errors.New("not ready")
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
	{storage.ErrCursor, http.StatusBadRequest, "malformed", "The cursor is not one that a page of this report gave."},

	{auth.ErrNoLogin, http.StatusUnauthorized, "login_required", "Sign in first."},
	{auth.ErrRefused, http.StatusUnauthorized, "login_refused", "The e-mail address or the password is wrong."},
	{auth.ErrSetupClosed, http.StatusForbidden, "setup_closed", "This set-up link is used or wrong. A new one is printed when the server starts without an administrator."},
	{auth.ErrBusy, http.StatusServiceUnavailable, "busy", "The server has too much to do. Try again in a moment."},

	{errJoinRefused, http.StatusForbidden, "join_refused", "The meeting number, the password or the link is not right."},
	{errMeetingEnded, http.StatusGone, "meeting_ended", "The meeting has ended."},
	{errInProgress, http.StatusConflict, "in_progress", "The meeting is in progress. End it first."},
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
	if _, ok := errors.AsType[auth.TooManyError](err); ok {
		return newProblem(http.StatusTooManyRequests, "too_many_attempts", "Too many attempts. Wait a little and try again.")
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
