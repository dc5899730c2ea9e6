package api

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/labstack/echo/v4"
)

// logged writes a line for each request, of the route and never of the address:
// an address may hold what only its sender should know.
func logged(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		began := time.Now()
		if err := next(c); err != nil {
			c.Error(err) // now, so that the status is known
		}
		slog.DebugContext(c.Request().Context(), "request", "method", c.Request().Method, "route", c.Path(),
			"status", c.Response().Status, "took", time.Since(began), "ip", c.RealIP())
		return nil
	}
}

// recovered turns a panic into an error: one request's, nobody else's.
func recovered(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			switch p := recover(); p {
			case nil:
			case http.ErrAbortHandler:
				panic(p)
			default:
				err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
			}
		}()
		return next(c)
	}
}

// unstored keeps every answer out of every cache.
func unstored(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Set("Cache-Control", "no-store")
		return next(c)
	}
}

// sameOrigin refuses what another site's page makes a browser send. No browser
// adds an API token by itself, and with one no cookie counts.
func (a *API) sameOrigin(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if _, shown := bearerOf(c.Request()); shown {
			return next(c)
		}
		if err := a.origins.Check(c.Request()); err != nil {
			return errors.Join(errCrossOrigin, err)
		}
		return next(c)
	}
}
