// Command conclave is the conferencing service in one binary.
package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime"
	"syscall"

	"github.com/conclave-meet/conclave/server/app"
	"github.com/conclave-meet/conclave/server/config"
)

var version = "development" // set by the linker

func main() {
	if err := run(os.Args[1:], os.Environ(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "conclave:", err)
		os.Exit(1)
	}
}

func run(args, env []string, out io.Writer) error {
	command, err := config.Parse(args, env, out)
	if err != nil {
		return err
	}
	switch command := command.(type) {
	case *config.Serve:
		return serve(command, out)
	case config.Version:
		_, err = fmt.Fprintf(out, "conclave %s (%s %s/%s)\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
		return err
	default:
		return nil // help has been printed
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
