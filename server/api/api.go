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
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/conclave-meet/conclave/server/auth"
	"github.com/conclave-meet/conclave/server/openapi"
	"github.com/conclave-meet/conclave/server/site"
	"github.com/conclave-meet/conclave/signaling/policy"
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
	// SetPolicy tells every room of the site what its policy is now. Versions
	// count up.
	SetPolicy(siteID string, version int64, p policy.Site)
	// Dismiss takes a user who lost their account out of the site's meetings.
	Dismiss(siteID, userID string)
}

// Webhooks are how a site's events leave the server.
type Webhooks interface {
	// Fault says, for a person, why address cannot be a webhook's, or is empty.
	Fault(address string) string
	// NewSecret returns what a webhook's messages are signed with.
	NewSecret() string
	// Test sends an event that tells of nothing, and returns what came of it.
	Test(ctx context.Context, w storage.Webhook) (storage.Delivery, error)
}

// Options are what the interface stands on.
type Options struct {
	DB             *storage.DB
	Sites          *site.Directory
	TrustedProxies []netip.Prefix
	Logins         *auth.Logins
	Passkeys       *auth.Passkeys
	Apps           *auth.Apps
	Providers      *auth.Providers
	Setup          *auth.Setup
	Tickets        *auth.Tickets
	Rooms          Rooms
	Webhooks       Webhooks
	Socket         http.Handler // of GET /v1/socket
	// MailWorks says that mail leaves this server. Without it administrators hand
	// links over themselves.
	MailWorks bool
}

// API answers under /v1 for the site of each request (site.Of), and at /livez
// and /readyz for the server.
type API struct {
	db        *storage.DB
	sites     *site.Directory
	logins    *auth.Logins
	keys      *auth.Passkeys
	apps      *auth.Apps
	providers *auth.Providers
	setup     *auth.Setup // of the default site
	tickets   *auth.Tickets
	rooms     Rooms
	webhooks  Webhooks
	mails     bool // leave this server
	limits    *joinLimits
	asks      *askLimits
	mailed    *auth.Throttle  // invitations, by who sends them
	files     chan struct{}   // a place for each download at once
	tests     chan struct{}   // a place for each test of a webhook at once
	nobody    storage.Meeting // what is compared where there is no meeting
	refusal   time.Duration   // what every refused join takes
	origins   *http.CrossOriginProtection
	echo      *echo.Echo

	described *openapi.Document
}

// New returns the interface to the sites in o.
func New(o Options) (*API, error) {
	nobody, err := nobodysMeeting()
	if err != nil {
		return nil, err
	}
	origins := http.NewCrossOriginProtection()
	if err := origins.AddTrustedOrigin(o.Sites.Base().String()); err != nil {
		return nil, fmt.Errorf("trust the server's own origin: %w", err)
	}
	a := &API{
		db: o.DB, sites: o.Sites, logins: o.Logins, keys: o.Passkeys, apps: o.Apps, providers: o.Providers, setup: o.Setup, tickets: o.Tickets,
		rooms: o.Rooms, webhooks: o.Webhooks, mails: o.MailWorks, limits: newJoinLimits(), asks: newAskLimits(), mailed: newMailLimit(),
		files: make(chan struct{}, maxDownloads), tests: make(chan struct{}, maxTests), nobody: nobody, refusal: refusalTime, origins: origins, echo: echo.New(),
	}
	a.echo.IPExtractor = clientIP(o.TrustedProxies)
	a.echo.HTTPErrorHandler = answerError
	a.echo.Use(logged, recovered, unstored, a.sameOrigin, a.signedInFirst)
	a.route(o.Socket)
	return a, nil
}

// routes is the whole of docs/api.md, a line a call.
func (a *API) routes(socket http.Handler) []route {
	return slices.Concat(
		a.accountRoutes(), a.meetingRoutes(), a.sessionRoutes(), a.joinRoutes(socket), a.reportRoutes(), a.auditRoutes(),
		a.policyRoutes(),
		a.peopleRoutes(), a.welcomeRoutes(), a.passwordRoutes(), a.profileRoutes(), a.tokenRoutes(), a.siteRoutes(),
		a.joinKeyRoutes(), a.factorRoutes(), a.passkeyRoutes(), a.totpRoutes(), a.oidcRoutes(),
		a.webhookRoutes(),
		a.describeRoutes(),
	)
}

func (a *API) route(socket http.Handler) {
	a.echo.GET("/livez", a.live)
	a.echo.GET("/readyz", a.ready)
	routes := a.routes(socket)
	a.described = document(routes)
	for _, r := range routes {
		a.echo.Add(r.method, r.path, r.handle)
	}
}

// at returns the site of a request.
func at(c echo.Context) *site.Site { return site.Of(c.Request().Context()) }

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
