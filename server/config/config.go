// Package config turns the command line, the environment and the settings file
// into checked values. It owns the names of the settings, their defaults and
// the sentences that say what is wrong with one. It opens nothing but the
// settings file, and starts nothing.
package config

import (
	"fmt"
	"io"

	"github.com/alecthomas/kong"
)

// Command is what the program was asked to do: a *Serve, one of the operator's
// commands, a *LoadTest, Version or Help.
type Command interface{ command() }

// Version asks for the program's version.
type Version struct{}

// Help says that the help was asked for and has been printed.
type Help struct{}

func (*Serve) command()  {}
func (Version) command() {}
func (Help) command()    {}

// cli is the grammar of the command line. A flag's name is the setting's name
// in the file, and its name in the environment with CONCLAVE_ in front.
type cli struct {
	Config  string        `help:"Read settings from this YAML file: a flag's name, a colon, its value." placeholder:"FILE"`
	Serve   serveFlags    `cmd:"" default:"withargs" help:"Run the service (the default)."`
	Site    siteCommands  `cmd:"" help:"Make sites and set their policies."`
	User    userCommands  `cmd:"" help:"Make users and reset their passwords."`
	Edr     edrCommands   `cmd:"" help:"Export the records."`
	Audit   auditCommands `cmd:"" help:"Check records and audit log."`
	Version struct{}      `cmd:"" help:"Print the version, and what it is built from."`

	LoadTest LoadTest `cmd:"" name:"loadtest" help:"Fill a meeting of a running server with made-up people, and measure."`
}

// Parse reads args, without the program's name, and env, as os.Environ gives
// it. A flag goes before the environment, that before the settings file, and
// that before the default. Help is printed to out.
func Parse(args, env []string, out io.Writer) (Command, error) {
	var (
		grammar cli
		helped  bool
	)
	parser, err := kong.New(&grammar,
		kong.Name("conclave"),
		kong.Description("A conferencing service that runs in a plain browser.\n\n"+
			"Every setting is also read from the environment, as CONCLAVE_ and its name in capitals "+
			"(CONCLAVE_SITE_URL), and from the file that --config names."),
		kong.Writers(out, out),
		kong.Exit(func(int) { helped = true }),
		kong.WithBeforeResolve(func(ctx *kong.Context) error { return addSources(ctx, env) }),
	)
	if err != nil {
		return nil, fmt.Errorf("read the grammar of the command line: %w", err)
	}
	ctx, err := parser.Parse(args)
	if helped {
		return Help{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%w (see conclave --help)", err)
	}
	return grammar.selected(ctx)
}
