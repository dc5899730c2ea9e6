package config

import (
	"errors"

	"github.com/alecthomas/kong"
)

// SiteCreate asks for another site on the server.
type SiteCreate struct {
	Folder
	Name  string `required:"" placeholder:"NAME" help:"Its name, as it stands in its addresses: /s/NAME."`
	Title string `placeholder:"TEXT" help:"What people call it (default: its name)."`
	Host  string `placeholder:"HOST" help:"Its own host name, where it has one: it is then found by that."`
}

// SiteList asks which sites there are.
type SiteList struct{ Folder }

// SitePolicy asks for a site's policy, or for another one.
type SitePolicy struct {
	Folder
	Site string   `default:"default" placeholder:"NAME" help:"The site (${default})."`
	Set  []string `sep:"none" placeholder:"NAME=VALUE" help:"Set one option, as in disableChat=true or passwordCriteria.minLength=12; may be given more than once."`
	File string   `placeholder:"FILE" help:"Replace the whole policy by the one in this file, which has what this command prints."`
}

// UserCreate asks for another user. The password is not a flag: it would stay in
// the shell's history and be seen by everybody on the machine.
type UserCreate struct {
	Folder
	Site  string `default:"default" placeholder:"NAME" help:"The site (${default})."`
	Email string `required:"" placeholder:"ADDRESS" help:"The e-mail address they sign in with."`
	Name  string `required:"" placeholder:"TEXT" help:"Their name."`
	Role  string `required:"" enum:"host,csr,admin,auditor" help:"What they are at the site: ${enum}."`
}

// UserList asks who there is at a site.
type UserList struct {
	Folder
	Site string `default:"default" placeholder:"NAME" help:"The site (${default})."`
}

// UserReset asks for another password of a user.
type UserReset struct {
	Folder
	Site  string `default:"default" placeholder:"NAME" help:"The site (${default})."`
	Email string `required:"" placeholder:"ADDRESS" help:"The e-mail address they sign in with."`
}

// Folder is where the database is. The operator's commands use the one of the
// server, which may run meanwhile.
type Folder struct {
	Data string `default:"./data" placeholder:"DIR" help:"The server's --data folder (${default})."`
}

func (*SiteCreate) command() {}
func (*SiteList) command()   {}
func (*SitePolicy) command() {}
func (*UserCreate) command() {}
func (*UserList) command()   {}
func (*UserReset) command()  {}

type siteCommands struct {
	Create SiteCreate `cmd:"" help:"Make a site."`
	List   SiteList   `cmd:"" help:"List the sites."`
	Policy SitePolicy `cmd:"" help:"Print a site's policy, or change it."`
}

type userCommands struct {
	Create UserCreate `cmd:"" help:"Make a user; the password is read from standard input."`
	List   UserList   `cmd:"" help:"List the users of a site."`
	Reset  UserReset  `cmd:"" help:"Give a user another password, read from standard input, and sign them out everywhere."`
}

// selected returns what the command line asked for.
func (g *cli) selected(ctx *kong.Context) (Command, error) {
	switch ctx.Command() {
	case "version":
		return Version{}, nil
	case "site create":
		return &g.Site.Create, g.Site.Create.check()
	case "site list":
		return &g.Site.List, g.Site.List.check()
	case "site policy":
		return &g.Site.Policy, g.Site.Policy.check()
	case "user create":
		return &g.User.Create, g.User.Create.check()
	case "user list":
		return &g.User.List, g.User.List.check()
	case "user reset":
		return &g.User.Reset, g.User.Reset.check()
	case "edr export":
		return &g.Edr.Export, g.Edr.Export.check()
	case "audit verify":
		return &g.Audit.Verify, g.Audit.Verify.check()
	case "loadtest", "loadtest <link>":
		return &g.LoadTest, g.LoadTest.check()
	default:
		return g.Serve.check()
	}
}

func (f Folder) check() error {
	if f.Data == "" {
		return errors.New("--data: name the server's data folder")
	}
	return nil
}
