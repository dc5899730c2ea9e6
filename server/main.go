// Command conclave is the conferencing service in one binary.
package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/conclave-meet/conclave/server/app"
	"github.com/conclave-meet/conclave/server/config"
	"github.com/conclave-meet/conclave/server/loadtest"
	"github.com/conclave-meet/conclave/server/operator"
)

// Set by the linker.
var (
	version = "development"
	commit  string
)

func main() {
	if err := run(os.Args[1:], os.Environ(), os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "conclave:", err)
		os.Exit(1)
	}
}

func run(args, env []string, in io.Reader, out io.Writer) error {
	command, err := config.Parse(args, env, out)
	if err != nil {
		return err
	}
	switch command := command.(type) {
	case *config.Serve:
		return serve(command, out)
	case *config.LoadTest:
		ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
		defer stop()
		return loadtest.Run(ctx, command, in, out)
	case config.Version:
		return printVersion(out)
	case config.Help:
		return nil // it has been printed
	default:
		return operator.Run(context.Background(), command, in, out)
	}
}

// serve runs the service until it is told to stop. A second signal stops it at
// once.
func serve(cfg *config.Serve, out io.Writer) error {
	slog.SetDefault(slog.New(logHandler(cfg)))
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	a, err := app.New(ctx, cfg, version)
	if err != nil {
		return err
	}
	if link := a.SetupLink(); link != "" {
		_, _ = fmt.Fprintf(out, "\nThere is no administrator yet. Set up the first account here; the link works once:\n\n    %s\n\n", link)
	} else {
		_, _ = fmt.Fprintf(out, "\nConclave is at %s\n\n", a.SiteURL())
	}
	context.AfterFunc(ctx, stop)
	return a.Run(ctx)
}

func logHandler(cfg *config.Serve) slog.Handler {
	options := &slog.HandlerOptions{Level: cfg.LogLevel}
	if cfg.LogJSON {
		return slog.NewJSONHandler(os.Stderr, options)
	}
	return slog.NewTextHandler(os.Stderr, options)
}
