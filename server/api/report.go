package api

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/storage"
)

// defaultRows is how many rows a page of a report has when nobody says.
const defaultRows = 100

func (a *API) reportRoutes() []route {
	inTime := []storage.Sort{storage.ByStart, storage.ByStart.Desc()}
	inAnyOrder := append(slices.Clone(inTime),
		storage.ByDuration, storage.ByDuration.Desc(), storage.ByPeople, storage.ByPeople.Desc())
	return []route{
		get("/v1/meetingReports/usage", records(a, "usage", inAnyOrder, a.db.UsageRows), "sessions", list[storage.UsageRow]{}),
		get("/v1/meetingReports/attendees", records(a, "attendees", inTime, a.db.AttendeeRows), "stays", list[storage.AttendeeRow]{}),
		get("/v1/meetingReports/events", records(a, "events", inTime, a.db.EventRows), "facts", list[storage.EventRow]{}),
		get("/v1/meetingReports/days", a.reportDays, "what was held on each day", list[storage.Day]{}),
	}
}

// records returns the call that shows a page of the rows read reads, or has all
// of them as a file.
func records[T any](a *API, name string, sorts []storage.Sort, read func(context.Context, storage.Filter) (storage.Page[T], error)) echo.HandlerFunc {
	return func(c echo.Context) error {
		scope, err := a.recordsOf(c)
		if err != nil {
			return err
		}
		q, err := parseQuery(c)
		if err != nil {
			return err
		}
		filter, err := readFilter(q, scope, sorts)
		if err != nil {
			return err
		}
		format, file, err := fileFormat(c, q)
		if err != nil {
			return err
		}
		if file {
			return download(a, c, name, format, storage.Parts(read, filter))
		}
		page, err := read(c.Request().Context(), filter)
		if err != nil {
			return err
		}
		if page.Next != (storage.Cursor{}) {
			c.Response().Header().Set("Link", nextLink(at(c).URL, c.Request().URL.Path, url.Values(q), page.Next.String()))
		}
		return answer(c, http.StatusOK, list[T]{page.Items})
	}
}

// recordsOf asks for the records that the caller may see: their own meetings'
// or the site's.
func (a *API) recordsOf(c echo.Context) (storage.Filter, error) {
	u, err := a.allowed(c, policy.ReadOwnRecords)
	if err != nil {
		return storage.Filter{}, err
	}
	return storage.Filter{
		SiteID: at(c).ID, OwnerID: u.ID, Max: defaultRows,
		WholeSite: policy.AllowSite(policy.SiteRole(u.Role), policy.ReadSiteRecords),
	}, nil
}

// The days of reportDays: at most so many, and so many when nobody says.
const (
	maxDays     = 400
	defaultDays = 90
)

// reportDays adds sessions up by the day they started.
func (a *API) reportDays(c echo.Context) error {
	scope, err := a.recordsOf(c)
	if err != nil {
		return err
	}
	q, err := parseQuery(c)
	if err != nil {
		return err
	}
	place, err := time.LoadLocation(q.get("timezone"))
	if err != nil || q.get("timezone") == "Local" {
		return invalidError{"timezone needs a name like Europe/Berlin."}
	}
	delete(q, "timezone")
	f, err := readFilter(q, scope, nil)
	if err != nil {
		return err
	}
	if f.To.IsZero() {
		f.To = time.Now()
	}
	if f.From.IsZero() {
		f.From = f.To.AddDate(0, 0, -defaultDays)
	}
	if f.To.Sub(f.From) > maxDays*24*time.Hour {
		return invalidError{fmt.Sprintf("from and to need to be at most %d days apart.", maxDays)}
	}
	days, err := a.db.Days(c.Request().Context(), f, place)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, list[storage.Day]{days})
}

// nextLink returns the Link header to the page that begins at next (RFC 8288).
func nextLink(site *url.URL, path string, query url.Values, next string) string {
	query.Set("cursor", next)
	link := *site
	link.Path, link.RawQuery = site.Path+path, query.Encode()
	return fmt.Sprintf(`<%s>; rel="next"`, link.String())
}

// reportQuery is what stands behind the ?, each name once.
type reportQuery url.Values

func (q reportQuery) get(name string) string { return url.Values(q).Get(name) }

func parseQuery(c echo.Context) (reportQuery, error) {
	query, err := url.ParseQuery(c.Request().URL.RawQuery)
	if err != nil {
		return nil, errMalformed
	}
	for _, values := range query {
		if len(values) != 1 {
			return nil, errMalformed
		}
	}
	return reportQuery(query), nil
}

// readFilter reads what q asks of the records in f: known names only.
func readFilter(q reportQuery, f storage.Filter, sorts []storage.Sort) (_ storage.Filter, err error) {
	for name := range q {
		switch value := q.get(name); name {
		case "sessionId":
			f.SessionID = value
		case "meetingNumber":
			f.MeetingNumber, err = readNumber(value)
		case "hostEmail":
			f.HostEmail, err = emailAddress(value)
		case "title":
			f.Title, err = oneLine("title", value, maxTitle)
		case "from":
			f.From, err = readTime(name, value)
		case "to":
			f.To, err = readTime(name, value)
		case "sort":
			f.Sort, err = readSort(value, sorts)
		case "max":
			f.Max, err = readMax(value)
		case "cursor":
			f.After, err = storage.ParseCursor(value)
		case "format": // read by fileFormat
		default:
			err = errMalformed
		}
		if err != nil {
			return f, err
		}
	}
	if !f.From.IsZero() && !f.To.IsZero() && !f.From.Before(f.To) {
		return f, invalidError{"to needs a time after from."}
	}
	return f, nil
}

// readNumber reads a meeting number. A text without digits would ask for
// everything.
func readNumber(value string) (string, error) {
	number := digitsOf(value)
	if strings.Trim(number, "0123456789") != "" || number == "" || len(number) > 20 {
		return "", invalidError{"meetingNumber needs the digits of a meeting number."}
	}
	return number, nil
}

func readSort(value string, sorts []storage.Sort) (storage.Sort, error) {
	if !slices.Contains(sorts, storage.Sort(value)) {
		names := make([]string, len(sorts))
		for i, sort := range sorts {
			names[i] = string(sort)
		}
		return "", invalidError{"sort needs one of: " + strings.Join(names, ", ") + "."}
	}
	return storage.Sort(value), nil
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
