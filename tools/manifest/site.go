package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/conclave-meet/conclave/server/web"
)

const patience = 30 * time.Second // for one file

var errRedirect = errors.New("it leads elsewhere")

// checkSite says, a line each, how what the site serves differs from the list:
// every file, and the document at the address of every page. A site can tell
// this program from a browser, so it proves what was served here and now.
func checkSite(ctx context.Context, site *url.URL, m manifest) (wrong []string, err error) {
	if site.Scheme != "https" && site.Scheme != "http" || site.Host == "" || strings.Trim(site.Path, "/") != "" || site.RawQuery != "" || site.User != nil {
		return nil, fmt.Errorf("%s is not the address of a site", site.Redacted())
	}
	client := &http.Client{
		Timeout:       patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return errRedirect },
	}
	for _, want := range m.Files {
		addresses := []string{want.Path}
		if want.Path == "/" {
			addresses = web.PagePaths()
		}
		for _, address := range addresses {
			line, err := checkFile(ctx, client, site, address, want)
			if err != nil {
				return nil, err
			}
			if line != "" {
				wrong = append(wrong, line)
			}
		}
	}
	return wrong, nil
}

// checkFile compares what is at an address with the file that should be there.
// Of a file that is too long no more is read than shows it.
func checkFile(ctx context.Context, client *http.Client, site *url.URL, address string, want file) (wrong string, err error) {
	where := site.ResolveReference(&url.URL{Path: address})
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, where.String(), nil)
	if err != nil {
		return "", err
	}
	response, err := client.Do(request)
	if errors.Is(err, errRedirect) {
		return address + " leads elsewhere", nil
	}
	if err != nil {
		return "", fmt.Errorf("fetch %s: %w", address, err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return fmt.Sprintf("%s is missing: status %d", address, response.StatusCode), nil
	}
	content, err := io.ReadAll(io.LimitReader(response.Body, int64(want.Size)+1))
	if err != nil {
		return "", fmt.Errorf("fetch %s: %w", address, err)
	}
	want.Path = address
	if len(content) > want.Size {
		return fmt.Sprintf("%s differs: more than the %d bytes that are signed", address, want.Size), nil
	}
	if got := fileOf(address, content); got != want {
		return differs(want, got), nil
	}
	return checkHeader(address, response.Header), nil
}

// checkHeader finds what a header can add to a page without changing its bytes:
// a stylesheet, another page, or the right to run more.
func checkHeader(address string, header http.Header) (wrong string) {
	for _, name := range []string{"Link", "Refresh"} {
		if header.Get(name) != "" {
			return fmt.Sprintf("%s has a %s header: %s", address, name, header.Get(name))
		}
	}
	policy := strings.Join(header.Values("Content-Security-Policy"), ", ")
	if !strings.HasPrefix(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
		return fmt.Sprintf("%s has another policy: %q", address, policy)
	}
	return ""
}
