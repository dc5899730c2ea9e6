package app

import (
	"context"
	"log/slog"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/conclave-meet/conclave/e2e/bot"
	"github.com/conclave-meet/conclave/server/config"
	"github.com/conclave-meet/conclave/signaling/wire"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}

// service is the whole program, running in this process.
type service struct {
	t    *testing.T
	app  *App
	stop func() error // and wait
}

func settings(dir string) *config.Serve {
	return &config.Serve{
		Listen: "127.0.0.1:0", AdminListen: "127.0.0.1:0", Data: dir,
		UDP:     []netip.AddrPort{netip.MustParseAddrPort("127.0.0.1:0")},
		SiteURL: &url.URL{Scheme: "http", Host: "127.0.0.1:0"},
	}
}

// start runs a server whose meetings end with it.
func start(t *testing.T, dir string) *service {
	t.Helper()
	return startWaiting(t, dir, 0)
}

// startWaiting runs a server that waits for people to come back after a restart.
func startWaiting(t *testing.T, dir string, grace time.Duration) *service {
	t.Helper()
	cfg := settings(dir)
	cfg.RestartGrace = grace
	return startWith(t, cfg)
}

// startWith runs a server with these settings.
func startWith(t *testing.T, cfg *config.Serve) *service {
	t.Helper()
	a, err := New(t.Context(), cfg, "test")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx) }()
	s := &service{t: t, app: a}
	stopped := false
	s.stop = func() error {
		if stopped {
			return nil
		}
		stopped = true
		cancel()
		return <-done
	}
	t.Cleanup(func() {
		if err := s.stop(); err != nil {
			t.Errorf("Run = %v", err)
		}
	})
	return s
}

// visit returns the site for a person without cookies.
func (s *service) visit() *bot.Site { return bot.NewSite(s.app.SiteURL().String()) }

const (
	email    = "ada@example.org"
	password = "a quiet room with a good door"
)

// host sets the first administrator up, or signs them in.
func (s *service) host() *bot.Site {
	s.t.Helper()
	ada := s.visit()
	var err error
	if link := s.app.SetupLink(); link != "" {
		err = ada.SetUp(s.t.Context(), link[strings.Index(link, "#")+1:], email, password)
	} else {
		err = ada.Login(s.t.Context(), email, password)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return ada
}

// meeting schedules and starts one.
func (s *service) meeting(ada *bot.Site) bot.Meeting {
	s.t.Helper()
	m, err := ada.Schedule(s.t.Context(), "Quarterly numbers")
	if err != nil {
		s.t.Fatal(err)
	}
	if err := ada.Start(s.t.Context(), m.ID); err != nil {
		s.t.Fatal(err)
	}
	return m
}

var shape = bot.Shape{Audio: 2, Video: 2}

// join brings a bot in.
func (s *service) join(site *bot.Site, m bot.Meeting, name string, events func(wire.Event)) *bot.Participant {
	s.t.Helper()
	return s.listen(site, m, name, events, nil)
}

// listen is join for who hears messages.
func (s *service) listen(site *bot.Site, m bot.Meeting, name string, events func(wire.Event), message func(bot.Class, []byte)) *bot.Participant {
	s.t.Helper()
	p, err := tryListen(s.t.Context(), site, m, name, events, message)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(p.Close)
	return p
}

func tryJoin(ctx context.Context, site *bot.Site, m bot.Meeting, name string, events func(wire.Event)) (*bot.Participant, error) {
	return tryListen(ctx, site, m, name, events, nil)
}

func tryListen(
	ctx context.Context, site *bot.Site, m bot.Meeting, name string, events func(wire.Event), message func(bot.Class, []byte),
) (*bot.Participant, error) {
	media, err := bot.NewMedia(shape, nil)
	if err != nil {
		return nil, err
	}
	media.OnMessage = message
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	p, err := site.Join(ctx, m, name, media, events)
	if err != nil {
		media.Close()
	}
	return p, err
}
