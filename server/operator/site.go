package operator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"regexp"
	"strings"
	"text/tabwriter"

	"github.com/conclave-meet/conclave/server/api"
	"github.com/conclave-meet/conclave/server/config"
	"github.com/conclave-meet/conclave/storage"
)

var (
	siteName = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$`)
	hostName = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)
)

const maxHost = 253 // RFC 1035, 2.3.4

func (o *operator) createSite(ctx context.Context, command *config.SiteCreate, out io.Writer) error {
	s, err := newSite(command)
	if err != nil {
		return err
	}
	s, err = o.db.InsertSite(ctx, s, storage.Operator)
	if errors.Is(err, storage.ErrTaken) {
		return o.taken(ctx, command)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "Made the site %s, %s. It has no users yet: `conclave user create --site %s` makes one.\n", s.Name, whereOf(s), s.Name)
	return err
}

// newSite returns the site that command wants, or what is wrong with it.
func newSite(command *config.SiteCreate) (s storage.Site, err error) {
	if !siteName.MatchString(command.Name) {
		return s, fmt.Errorf("--name: %.40q is not a name for a site; use 1 to 32 lower-case letters, digits and dashes, and no dash at either end", command.Name)
	}
	s.Name = command.Name
	if command.Title != "" {
		if s.Title, err = api.SiteTitle(command.Title); err != nil {
			return s, fmt.Errorf("--title: %w", plain(err))
		}
	}
	s.Host = strings.ToLower(command.Host)
	_, notName := netip.ParseAddr(s.Host)
	if s.Host != "" && (len(s.Host) > maxHost || !hostName.MatchString(s.Host) || notName == nil) {
		return s, fmt.Errorf("--host: %.80q is not a host name; write it like acme.meet.example, without a scheme or a port", command.Host)
	}
	return s, nil
}

// taken says which of a site's names another one has.
func (o *operator) taken(ctx context.Context, command *config.SiteCreate) error {
	if _, err := o.db.SiteByName(ctx, command.Name); err == nil {
		return fmt.Errorf("--name: there is a site %s already; choose another name", command.Name)
	}
	return fmt.Errorf("--host: another site is at %s already; choose another host name", command.Host)
}

// whereOf says how a site is found.
func whereOf(s storage.Site) string {
	switch {
	case s.Host != "":
		return "at the host " + s.Host
	case s.Name == storage.DefaultSite:
		return "at /"
	default:
		return "at /s/" + s.Name
	}
}

func (o *operator) listSites(ctx context.Context, out io.Writer) error {
	sites, err := o.db.Sites(ctx)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	_, _ = fmt.Fprintln(table, "NAME\tWHERE\tTITLE")
	for _, s := range sites {
		where := strings.TrimPrefix(strings.TrimPrefix(whereOf(s), "at "), "the host ")
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\n", s.Name, where, s.Title)
	}
	return table.Flush()
}
