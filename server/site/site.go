// Package site finds the site that a request is for: by its own host name, by
// the path prefix /s/<name>, or else the default one. It knows a site's address,
// policy and signing key; who may do what there it leaves to others.
package site

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/conclave-meet/conclave/server/auth"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/storage"
)

// Site is a tenant as one request finds it.
type Site struct {
	storage.Site
	Rules policy.Site
	// URL is the address its links are made with: without a slash at the end,
	// with the prefix where the site has no host name of its own.
	URL *url.URL
	// Cookie tells its cookies from those of other sites at the same host. It
	// is empty where there are no others.
	Cookie string
}

// Title is what people call the site.
func (s *Site) Title() string {
	switch {
	case s.Site.Title != "":
		return s.Site.Title
	case s.Name == storage.DefaultSite:
		return s.URL.Hostname() // nobody has named it
	default:
		return s.Name
	}
}

// Directory finds sites.
type Directory struct {
	db   *storage.DB
	base *url.URL
}

// NewDirectory returns the sites of db on the server at base: scheme and host
// only.
func NewDirectory(db *storage.DB, base *url.URL) *Directory {
	return &Directory{db: db, base: base}
}

// Base is the server's own address.
func (d *Directory) Base() *url.URL { return d.base }

// prefix is where the names of sites are in a path.
const prefix = "/s/"

// Find returns the site r is for, and r's path within it. ErrNotFound says that
// there is no such site.
func (d *Directory) Find(r *http.Request) (*Site, string, error) {
	ctx, path := r.Context(), r.URL.Path
	if host := hostname(r.Host); host != d.base.Hostname() {
		found, err := d.db.SiteByHost(ctx, host)
		if err == nil {
			s, err := d.site(found, "")
			return s, path, err
		}
		if !errors.Is(err, storage.ErrNotFound) {
			return nil, "", err
		}
	}
	name, rest, prefixed := cutPrefix(path)
	if !prefixed {
		name = storage.DefaultSite
	}
	s, err := d.Named(ctx, name)
	return s, rest, err
}

// Named returns the site called name, as one finds it by its path.
func (d *Directory) Named(ctx context.Context, name string) (*Site, error) {
	found, err := d.db.SiteByName(ctx, name)
	if err != nil {
		return nil, err
	}
	cookie := found.Name
	if found.Name == storage.DefaultSite {
		cookie = ""
	}
	return d.site(found, cookie)
}

// ByID returns the site with that id.
func (d *Directory) ByID(ctx context.Context, id string) (*Site, error) {
	found, err := d.db.SiteByID(ctx, id)
	if err != nil {
		return nil, err
	}
	return d.site(found, "")
}

func (d *Directory) site(found storage.Site, cookie string) (*Site, error) {
	s := &Site{Site: found, Cookie: cookie, URL: &url.URL{Scheme: d.base.Scheme, Host: d.base.Host}}
	switch {
	case found.Host != "" && found.Host != d.base.Hostname(): // that one is the default site's
		s.URL.Host = found.Host
		if port := d.base.Port(); port != "" {
			s.URL.Host += ":" + port
		}
	case found.Name != storage.DefaultSite:
		s.URL.Path = prefix + found.Name
	}
	if err := json.Unmarshal(found.Policy, &s.Rules); err != nil {
		return nil, fmt.Errorf("read the policy of site %s: %w", found.Name, err)
	}
	return s, nil
}

// Issuer returns who signs the site's credentials.
func (d *Directory) Issuer(ctx context.Context, s *Site) (*auth.Issuer, error) {
	seed, err := d.db.SigningKey(ctx, s.ID)
	if err != nil {
		return nil, err
	}
	defer clear(seed)
	return auth.NewIssuer(seed, s.URL.String(), s.Title())
}

// cutPrefix splits a path into the name of a site and the path within it.
func cutPrefix(path string) (name, rest string, found bool) {
	after, found := strings.CutPrefix(path, prefix)
	if !found {
		return "", path, false
	}
	name, rest, _ = strings.Cut(after, "/")
	return name, "/" + rest, true
}

// hostname is a Host header without its port.
func hostname(host string) string {
	return (&url.URL{Host: strings.ToLower(host)}).Hostname()
}
