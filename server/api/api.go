// Package api is the REST interface that docs/api.md describes. A handler
// decodes, authorises, calls and encodes, and one table turns errors into
// statuses. The package decides nothing that policy, auth or a room decides, and
// it serves neither the pages nor the socket, only the way to the latter.
package api

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"

	"github.com/labstack/echo/v4"

	"github.com/conclave-meet/conclave/server/auth"
	"github.com/conclave-meet/conclave/signaling/room"
	"github.com/conclave-meet/conclave/storage"
)

// Rooms starts and ends what is live.
type Rooms interface {
	// Start returns once the session's first record is durable, or
	// room.ErrUnavailable. To start what runs already is no error.
	Start(ctx context.Context, m room.Meeting) error
	// End returns once the session's last record is durable, or
	// room.ErrNotFound when the meeting does not run.
	End(ctx context.Context, meetingID string) error
	Running(meetingID string) bool
}

// Options are what the interface stands on.
type Options struct {
	DB             *storage.DB
	Site           storage.Site
	SiteURL        *url.URL // scheme and host only
	TrustedProxies []netip.Prefix
	Logins         *auth.Logins
	Setup          *auth.Setup
	Tickets        *auth.Tickets
	Rooms          Rooms
	Socket         http.Handler // of GET /v1/socket
}

// API answers under /v1, and at /livez and /readyz.
type API struct {
	db      *storage.DB
	site    storage.Site
	siteURL *url.URL
	logins  *auth.Logins
	setup   *auth.Setup
	tickets *auth.Tickets
	rooms   Rooms
	cookies cookies
	limits  *joinLimits
	nobody  storage.Meeting // what is compared where there is no meeting
	origins *http.CrossOriginProtection
	echo    *echo.Echo
}

// New returns the interface to the site in o.
func New(o Options) (*API, error) {
	nobody, err := nobodysMeeting()
	if err != nil {
		return nil, err
	}
	origins := http.NewCrossOriginProtection()
	if err := origins.AddTrustedOrigin(o.SiteURL.Scheme + "://" + o.SiteURL.Host); err != nil {
		return nil, fmt.Errorf("trust the site's own origin: %w", err)
	}
	a := &API{
		db: o.DB, site: o.Site, siteURL: o.SiteURL, logins: o.Logins, setup: o.Setup, tickets: o.Tickets,
		rooms: o.Rooms, cookies: cookiesOf(o.SiteURL), limits: newJoinLimits(), nobody: nobody, origins: origins,
		echo: echo.New(),
	}
	a.echo.IPExtractor = clientIP(o.TrustedProxies)
	a.echo.HTTPErrorHandler = answerError
	a.echo.Use(logged, recovered, unstored, a.sameOrigin)
	a.route(o.Socket)
	return a, nil
}

// route is the whole of docs/api.md, a line a call.
func (a *API) route(socket http.Handler) {
	e := a.echo
	e.GET("/livez", a.live)
	e.GET("/readyz", a.ready)

	v1 := e.Group("/v1")
	v1.POST("/setup", a.setUp)
	v1.POST("/login", a.signIn)
	v1.POST("/logout", a.signOut)
	v1.GET("/me", a.me)

	v1.GET("/meetings", a.listMeetings)
	v1.POST("/meetings", a.scheduleMeeting)
	v1.POST("/meetings/preview", a.previewMeeting)
	v1.POST("/meetings/join", a.joinMeeting)
	v1.GET("/meetings/:id", a.showMeeting)
	v1.PATCH("/meetings/:id", a.editMeeting)
	v1.DELETE("/meetings/:id", a.deleteMeeting)
	v1.POST("/meetings/:id/start", a.startMeeting)
	v1.POST("/meetings/:id/end", a.endMeeting)

	v1.GET("/meetingReports/usage", report(a, a.db.UsageRows))
	v1.GET("/meetingReports/attendees", report(a, a.db.AttendeeRows))
	v1.GET("/meetingReports/events", report(a, a.db.EventRows))

	v1.GET("/socket", echo.WrapHandler(socket))
}

// ServeHTTP implements http.Handler.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.echo.ServeHTTP(w, r) }

// live answers while the process does.
func (a *API) live(c echo.Context) error { return c.String(http.StatusOK, "ok\n") }

// ready answers while the database does too.
func (a *API) ready(c echo.Context) error {
	if err := a.db.Ping(c.Request().Context()); err != nil {
		return fmt.Errorf("%w: %w", errNotReady, err)
	}
	return c.String(http.StatusOK, "ok\n")
}
