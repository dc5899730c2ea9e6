// Command manifest signs a list of the files that the pages are made of, and
// compares a built front end, or what a running site serves, with such a list.
// The signature is detached: FILE.sig over the bytes of FILE, so that other
// programs can check it too. It knows nothing of meetings.
package main

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/signal"

	"github.com/alecthomas/kong"

	"github.com/conclave-meet/conclave/server/web"
)

type commands struct {
	Key    keyCommand    `cmd:"" help:"Make a key to sign with: FILE, and FILE.pub for everyone."`
	Sign   signCommand   `cmd:"" help:"Write the signed list of the files of this build: FILE and FILE.sig."`
	Verify verifyCommand `cmd:"" help:"Compare this build, or a running site, with a signed list."`
}

type keyCommand struct {
	Out string `required:"" placeholder:"FILE" help:"Where the key goes. It is never written over."`
}

type signCommand struct {
	Key     string `required:"" placeholder:"FILE" help:"The key to sign with."`
	Out     string `required:"" placeholder:"FILE" help:"Where the list goes."`
	Version string `default:"unknown" help:"The version that was built."`
	Commit  string `default:"unknown" help:"The commit it was built from."`
}

type verifyCommand struct {
	Manifest string   `required:"" placeholder:"FILE" help:"The list. Its signature is in FILE.sig."`
	Key      string   `required:"" placeholder:"FILE" help:"The public key it was signed with."`
	URL      *url.URL `placeholder:"https://SITE" help:"The site to compare. Without it, the files of this build."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "manifest:", err)
		os.Exit(1)
	}
}

// run does what args say.
func run(ctx context.Context, args []string, out io.Writer) error {
	var c commands
	parser, err := kong.New(&c, kong.Name("manifest"), kong.Writers(out, out))
	if err != nil {
		return err
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		return err
	}
	switch parsed.Command() {
	case "key":
		return c.Key.run()
	case "sign":
		return c.Sign.run(out)
	default:
		return c.Verify.run(ctx, out)
	}
}

func (c keyCommand) run() error {
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		return fmt.Errorf("make key: %w", err)
	}
	return writeKeys(c.Out, public, private)
}

func (c signCommand) run(out io.Writer) error {
	key, err := readPrivate(c.Key)
	if err != nil {
		return err
	}
	served, err := built()
	if err != nil {
		return err
	}
	text, err := describe(c.Version, c.Commit, served).encode()
	if err != nil {
		return err
	}
	if err := os.WriteFile(c.Out, text, 0o644); err != nil { //nolint:gosec // for everyone to read
		return fmt.Errorf("write manifest: %w", err)
	}
	if err := os.WriteFile(c.Out+".sig", ed25519.Sign(key, text), 0o644); err != nil { //nolint:gosec // for everyone to read
		return fmt.Errorf("write signature: %w", err)
	}
	_, err = fmt.Fprintf(out, "%s: %d files of version %s, commit %s\n", c.Out, len(served), c.Version, c.Commit)
	return err
}

func (c verifyCommand) run(ctx context.Context, out io.Writer) error {
	m, err := readSigned(c.Manifest, c.Key)
	if err != nil {
		return err
	}
	var wrong []string
	what := "this build"
	if c.URL != nil {
		what = c.URL.String()
		wrong, err = checkSite(ctx, c.URL, m)
	} else {
		var served map[string][]byte
		if served, err = built(); err == nil {
			wrong = m.compare(served)
		}
	}
	if err != nil {
		return err
	}
	for _, line := range wrong {
		_, _ = fmt.Fprintln(out, line) // the answer is the error
	}
	if len(wrong) > 0 {
		return fmt.Errorf("%s is not version %s: %d differences", what, m.Version, len(wrong))
	}
	_, err = fmt.Fprintf(out, "%s is version %s, commit %s: all %d files are those that were signed\n", what, m.Version, m.Commit, len(m.Files))
	return err
}

// built returns what the front end of this very program serves.
func built() (map[string][]byte, error) {
	dist, err := web.Dist()
	if err != nil {
		return nil, err
	}
	pages, err := web.New(dist)
	if err != nil {
		return nil, err
	}
	served := pages.Served()
	if served["/"] == nil {
		return nil, errors.New("there are no pages in this build: run `make build` first")
	}
	return served, nil
}
