package api

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/storage"
)

func (a *API) auditRoutes() []route {
	return []route{
		get("/v1/adminAudit/events", a.listAudit, "who changed what at the site, newest first", list[storage.AuditRow]{}),
	}
}

// listAudit shows a page of the audit log, or has all of it as a file. There is
// no call that changes it.
func (a *API) listAudit(c echo.Context) error {
	if _, err := a.allowed(c, policy.ReadAudit); err != nil {
		return err
	}
	q, err := parseQuery(c)
	if err != nil {
		return err
	}
	f, err := readAuditFilter(q)
	if err != nil {
		return err
	}
	f.SiteID = at(c).ID
	format, file, err := fileFormat(c, q)
	if err != nil {
		return err
	}
	if file {
		return download(a, c, "audit", format, a.db.AuditParts(f))
	}
	page, err := a.db.AuditRows(c.Request().Context(), f)
	if err != nil {
		return err
	}
	if page.Next != (storage.Cursor{}) {
		c.Response().Header().Set("Link", nextLink(at(c).URL, c.Request().URL.Path, url.Values(q), page.Next.String()))
	}
	return answer(c, http.StatusOK, list[storage.AuditRow]{page.Items})
}

func readAuditFilter(q reportQuery) (f storage.AuditFilter, err error) {
	f.Max = defaultRows
	for name := range q {
		switch value := q.get(name); name {
		case "from":
			f.From, err = readTime(name, value)
		case "to":
			f.To, err = readTime(name, value)
		case "actor":
			f.Actor, err = oneLine("actor", value, maxEmail)
		case "action":
			f.Action, err = oneLine("action", value, maxName)
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
