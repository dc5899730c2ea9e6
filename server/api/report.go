package api

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/storage"
)

// defaultRows is how many rows a page of a report has when nobody says.
const defaultRows = 100

// report returns the call that shows a page of the rows read reads.
func report[T any](a *API, read func(context.Context, storage.Filter) (storage.Page[T], error)) echo.HandlerFunc {
	return func(c echo.Context) error {
		u, err := a.allowed(c, policy.ReadOwnRecords)
		if err != nil {
			return err
		}
		query, err := url.ParseQuery(c.Request().URL.RawQuery)
		if err != nil {
			return errMalformed
		}
		filter, err := readFilter(query)
		if err != nil {
			return err
		}
		filter.SiteID, filter.OwnerID = u.SiteID, u.ID
		filter.WholeSite = policy.AllowSite(policy.SiteRole(u.Role), policy.ReadSiteRecords)
		page, err := read(c.Request().Context(), filter)
		if err != nil {
			return err
		}
		if page.Next != (storage.Cursor{}) {
			c.Response().Header().Set("Link", a.nextLink(c.Request().URL.Path, query, page.Next))
		}
		return answer(c, http.StatusOK, list[T]{page.Items})
	}
}

// nextLink returns the Link header to the page that begins at next (RFC 8288).
func (a *API) nextLink(path string, query url.Values, next storage.Cursor) string {
	query.Set("cursor", next.String())
	link := *a.siteURL
	link.Path, link.RawQuery = path, query.Encode()
	return fmt.Sprintf(`<%s>; rel="next"`, link.String())
}

// readFilter reads a report's query: known names only, each once.
func readFilter(query url.Values) (f storage.Filter, err error) {
	f.Max = defaultRows
	for name, values := range query {
		if len(values) != 1 {
			return f, errMalformed
		}
		switch value := values[0]; name {
		case "sessionId":
			f.SessionID = value
		case "from":
			f.From, err = readTime(name, value)
		case "to":
			f.To, err = readTime(name, value)
		case "max":
			f.Max, err = readMax(value)
		case "cursor":
			f.After, err = storage.ParseCursor(value)
		default:
			err = errMalformed
		}
		if err != nil {
			return f, err
		}
	}
	return f, nil
}

func readTime(name, value string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, value)
	if err != nil {
		return time.Time{}, invalidError{fmt.Sprintf("%s needs a time like 2027-05-04T09:00:00Z.", name)}
	}
	return t, nil
}

func readMax(value string) (int, error) {
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 || n > storage.MaxRows {
		return 0, invalidError{fmt.Sprintf("max needs a number from 1 to %d.", storage.MaxRows)}
	}
	return n, nil
}
