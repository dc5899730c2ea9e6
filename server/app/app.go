// Package app puts the program together: it builds every part, gives each what
// it needs of the others, and starts and stops them in order. It decides
// nothing else.
package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/conclave-meet/conclave/server/api"
	"github.com/conclave-meet/conclave/server/auth"
	"github.com/conclave-meet/conclave/server/config"
	"github.com/conclave-meet/conclave/server/mail"
	"github.com/conclave-meet/conclave/server/site"
	"github.com/conclave-meet/conclave/server/web"
	"github.com/conclave-meet/conclave/server/webhook"
	"github.com/conclave-meet/conclave/sfu"
	"github.com/conclave-meet/conclave/signaling/edr"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/signaling/room"
	"github.com/conclave-meet/conclave/signaling/ws"
	"github.com/conclave-meet/conclave/storage"
)

// How long each step of an orderly end may take.
const (
	socketsGrace = 8 * time.Second
	httpGrace    = 5 * time.Second
)

// App is the running service.
type App struct {
	cfg     *config.Serve
	siteURL *url.URL

	lock    io.Closer
	db      *storage.DB
	sites   *site.Directory
	records *edr.Log
	sfu     *sfu.SFU
	rooms   *room.Registry
	sockets *ws.Handler
	mail    *mail.Sender // nil where no mail is sent
	hooks   *webhook.Sender
	pages   net.Listener
	admin   net.Listener
	public  *http.Server
	private *http.Server
	setup   string // the token of the set-up link; empty once there is an administrator
}

// New builds the service and takes its addresses. What it opened is closed again
// when it fails.
func New(ctx context.Context, cfg *config.Serve, version string) (*App, error) {
	a := &App{cfg: cfg}
	for _, step := range []func(context.Context) error{a.openData, a.listen, a.openMedia, a.buildPublic} {
		if err := step(ctx); err != nil {
			_ = a.release()
			return nil, err
		}
	}
	a.private = newServer(a.adminHandler(version))
	return a, nil
}

// SiteURL is the address under which people come.
func (a *App) SiteURL() *url.URL { return a.siteURL }

// SetupLink is the one-time link that makes the first administrator, or nothing
// when there is one.
func (a *App) SetupLink() string {
	if a.setup == "" {
		return ""
	}
	return a.siteURL.String() + "/setup#" + a.setup
}

// listen takes the TCP addresses.
func (a *App) listen(ctx context.Context) (err error) {
	var lc net.ListenConfig
	if a.pages, err = lc.Listen(ctx, "tcp", a.cfg.Listen); err != nil {
		return fmt.Errorf("listen for pages; is another server running? choose another --listen: %w", err)
	}
	a.siteURL = a.cfg.SiteURL
	if a.siteURL.Port() == "0" { // any free port, known only now
		_, port, _ := net.SplitHostPort(a.pages.Addr().String())
		a.siteURL = &url.URL{Scheme: a.siteURL.Scheme, Host: net.JoinHostPort(a.siteURL.Hostname(), port)}
	}
	a.admin, err = lc.Listen(ctx, "tcp", a.cfg.AdminListen)
	if err != nil && a.cfg.AdminListen == config.DefaultAdminListen {
		// Nobody asked for this very port: a second server takes another.
		a.admin, err = lc.Listen(ctx, "tcp", "127.0.0.1:0")
	}
	if err != nil {
		return fmt.Errorf("listen for the operator; choose another --admin-listen: %w", err)
	}
	return nil
}

func (a *App) openMedia(context.Context) (err error) {
	a.sfu, err = sfu.Listen(sfu.Config{Listen: a.cfg.UDP, PublicIPs: a.cfg.PublicIP})
	if err != nil {
		return fmt.Errorf("choose another --udp: %w", err)
	}
	return nil
}

// buildPublic makes what people and their browsers reach.
func (a *App) buildPublic(ctx context.Context) error {
	a.rooms = room.NewRegistry(a.records, a.newMedia)
	a.rooms.RestartGrace = a.cfg.RestartGrace
	a.sites = site.NewDirectory(a.db, a.siteURL)
	if err := a.resume(ctx); err != nil { //nolint:contextcheck // a room has its own
		return err
	}
	sites := a.sites
	first, err := sites.Named(ctx, storage.DefaultSite)
	if err != nil {
		return err
	}
	hasher := auth.NewHasher(auth.HashMemory)
	setup, token, err := auth.NewSetup(ctx, a.db, hasher, first.ID, string(policy.SiteAdmin))
	if err != nil {
		return err
	}
	a.setup = token
	if _, err := sites.Issuer(ctx, first); err != nil {
		return err // now, and not when the first person joins
	}
	if a.cfg.SMTPURL != nil {
		a.mail = mail.NewSender(a.db, sites, mail.ServerAt(a.cfg.SMTPURL), *a.cfg.MailFrom)
	}
	a.hooks = webhook.NewSender(a.db, a.cfg.WebhookPrivate)
	tickets := auth.NewTickets()
	door := &door{db: a.db, tickets: tickets}
	a.sockets = &ws.Handler{Rooms: a.rooms, Admit: door.admit, AllowOrigin: door.allowOrigin}
	rest, err := api.New(api.Options{ //nolint:contextcheck // handlers take the request's
		DB: a.db, Sites: sites, TrustedProxies: a.cfg.TrustedProxies,
		Logins: auth.NewLogins(a.db, hasher), Passkeys: auth.NewPasskeys(a.db), Apps: auth.NewApps(a.db),
		Providers: auth.NewProviders(isLoopback(a.siteURL.Hostname())), Setup: setup, Tickets: tickets,
		Rooms: a.rooms, Webhooks: a.hooks, Socket: a.sockets, MailWorks: a.cfg.SMTPURL != nil,
	})
	if err != nil {
		return err
	}
	dist, err := web.Dist()
	if err != nil {
		return err
	}
	pages, err := web.New(dist)
	if err != nil {
		return err
	}
	a.public = newServer(publicHandler(sites, pages, rest))
	return nil
}

// publicHandler gives each request its site, and each answer its headers. Whether
// the server lives is no question of a site.
func publicHandler(sites *site.Directory, pages *web.Pages, rest http.Handler) http.Handler {
	siteOf := func(r *http.Request) web.Site {
		if s := site.Of(r.Context()); s != nil {
			return web.Site{URL: s.URL, EmbedOrigins: s.Rules.EmbedOrigins}
		}
		return web.Site{URL: sites.Base()}
	}
	inner := http.NewServeMux()
	inner.Handle("/", pages)
	inner.Handle(web.DemoPath, pages.Demo(siteOf))
	inner.Handle("/v1/", rest)
	mux := http.NewServeMux()
	mux.Handle("/", sites.Handler(web.Headers(siteOf, pages, inner), web.Headers(siteOf, pages, pages)))
	for _, path := range []string{"/livez", "/readyz"} {
		mux.Handle(path, web.Headers(siteOf, pages, rest))
	}
	return mux
}

// newServer returns a server that no slow or silent client can hold for long.
func newServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(slog.Default().Handler(), slog.LevelDebug),
	}
}

// Run serves until ctx ends, then ends every session in order, or leaves it to the
// next start, and returns when all records are written.
func (a *App) Run(ctx context.Context) error {
	logCtx, stopLog := context.WithCancel(context.WithoutCancel(ctx))
	logged := make(chan error, 1)
	go func() { logged <- a.records.Run(logCtx) }()

	serveCtx, stopServing := context.WithCancelCause(ctx)
	defer stopServing(nil)
	go func() { stopServing(a.servePages()) }()
	go func() { stopServing(a.private.Serve(a.admin)) }()
	var sending sync.WaitGroup
	sending.Go(func() { a.sendMail(serveCtx) })
	sending.Go(func() { a.hooks.Run(serveCtx) })
	slog.InfoContext(ctx, "serving", "site", a.siteURL.String(), "media", a.sfu.Addrs(), "admin", a.admin.Addr().String())
	purged := make(chan struct{})
	go func() {
		defer close(purged)
		a.purgeDaily(serveCtx)
	}()
	var obeying sync.WaitGroup
	obeying.Go(func() { a.obey(serveCtx) })
	a.beat(serveCtx)
	obeying.Wait()

	err := context.Cause(serveCtx)
	if errors.Is(err, context.Canceled) {
		err = nil // asked to stop
	}
	a.stopServing(context.WithoutCancel(ctx))
	sending.Wait()
	<-purged
	stopLog()
	return errors.Join(err, <-logged, a.release())
}

func (a *App) servePages() error {
	if a.cfg.TLSCert == "" {
		return a.public.Serve(a.pages)
	}
	return a.public.ServeTLS(a.pages, a.cfg.TLSCert, a.cfg.TLSKey)
}

// sendMail empties the queue of mail until ctx ends.
func (a *App) sendMail(ctx context.Context) {
	if a.mail != nil {
		a.mail.Run(ctx)
	}
}

// beat notes every few seconds that the open sessions still run, until ctx ends.
func (a *App) beat(ctx context.Context) {
	const every = 5 * time.Second
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-ticker.C:
			if err := a.db.Beat(ctx, now); err != nil && ctx.Err() == nil {
				slog.ErrorContext(ctx, "sessions not noted as running", "err", err)
			}
		}
	}
}

// stopServing tells everybody in a meeting, and answers nobody any more: who tries
// to come back finds the next start, and not this one once more.
func (a *App) stopServing(ctx context.Context) {
	a.rooms.Close()
	closed := make(chan struct{})
	go func() {
		a.sockets.Wait()
		close(closed)
	}()
	requests, cancel := context.WithTimeout(ctx, httpGrace)
	defer cancel()
	if err := errors.Join(a.public.Shutdown(requests), a.private.Shutdown(requests)); err != nil {
		slog.WarnContext(ctx, "requests still open at the end", "err", err)
	}
	select {
	case <-closed:
	case <-time.After(socketsGrace):
		slog.WarnContext(ctx, "sockets still open at the end")
	}
}

// release closes whatever is open.
func (a *App) release() (err error) {
	if a.rooms != nil {
		a.rooms.Close()
	}
	for _, l := range []net.Listener{a.pages, a.admin} {
		if l != nil {
			_ = l.Close() // closed already when it was served
		}
	}
	if a.sfu != nil {
		err = errors.Join(err, a.sfu.Close())
	}
	if a.db != nil {
		err = errors.Join(err, a.db.Close())
	}
	if a.lock != nil {
		err = errors.Join(err, a.lock.Close())
	}
	return err
}
