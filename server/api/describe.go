package api

import (
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/conclave-meet/conclave/server/openapi"
)

func (a *API) describeRoutes() []route {
	return []route{get("/v1/openapi.json", a.describe, "this document", map[string]any{})}
}

// detail is what a route's own line does not say of it.
type detail struct {
	open  bool // to everybody: it needs no login
	query []openapi.Parameter
	also  []string // media types of its answer besides JSON
}

// details has the routes of which there is more to say, by method and path. The
// tests find a call that takes a name in its query, or answers somebody without
// a login, and is not here.
func details() map[string]detail {
	return map[string]detail{
		"POST /v1/setup":                 {open: true},
		"POST /v1/login":                 {open: true},
		"GET /v1/login":                  {open: true},
		"POST /v1/login/totp":            {open: true},
		"POST /v1/login/passkey/options": {open: true},
		"POST /v1/login/passkey":         {open: true},
		"GET /v1/login/oidc":             {open: true},
		"GET /v1/login/oidc/callback": {open: true, query: []openapi.Parameter{
			{Name: "state", Type: "string", About: "as the provider was given it"},
			{Name: "code", Type: "string", About: "what the provider gives for who signed in (RFC 6749, 4.1.2)"},
			{Name: "iss", Type: "string", About: "the provider (RFC 9207)"},
			{Name: "error", Type: "string", About: "why the provider let nobody in"},
			{Name: "error_description", Type: "string", About: "the same for developers; not read"},
			{Name: "error_uri", Type: "string", About: "the same; not read"},
			{Name: "session_state", Type: "string", About: "of the provider's own; not read"},
		}},
		"POST /v1/logout":                  {open: true},
		"POST /v1/meetings/preview":        {open: true},
		"POST /v1/meetings/join":           {open: true},
		"GET /v1/socket":                   {open: true},
		"GET /v1/openapi.json":             {open: true},
		"GET /v1/meetingReports/usage":     {query: rowQuery(), also: []string{"text/csv"}},
		"GET /v1/meetingReports/attendees": {query: rowQuery(), also: []string{"text/csv"}},
		"GET /v1/meetingReports/events":    {query: rowQuery(), also: []string{"text/csv"}},
		"GET /v1/meetingReports/days":      {query: dayQuery()},
		"GET /v1/adminAudit/events":        {query: auditQuery(), also: []string{"text/csv"}},
		"GET /v1/meetings/listed":          {open: true},
		"GET /v1/site":                     {open: true},
		"POST /v1/welcome/preview":         {open: true},
		"POST /v1/welcome":                 {open: true},
		"POST /v1/registrations":           {open: true},
		"POST /v1/passwordRequests":        {open: true},
		"GET /v1/users": {query: []openapi.Parameter{
			{Name: "search", Type: "string", About: "in the name or the e-mail address"},
			{Name: "max", Type: "integer", About: "people of a page: 1 to 200"},
			{Name: "cursor", Type: "string", About: "where the page begins: from the Link of the one before"},
		}},
	}
}

// document describes routes.
func document(routes []route) *openapi.Document {
	more := details()
	calls := make([]openapi.Call, len(routes))
	for i, r := range routes {
		d := more[r.method+" "+r.path]
		calls[i] = openapi.Call{
			Method: r.method, Path: braced(r.path), About: r.about, Takes: r.takes, Gives: r.gives, Status: r.status,
			Open: d.open, Query: d.query, Also: d.also,
		}
	}
	return openapi.Describe("Sites, people, meetings and their records. Errors are RFC 9457 problems; bodies are read strictly.",
		calls, openapi.Problem{Like: problem{}, Codes: codes()})
}

// braced writes a path of Echo's as OpenAPI has it: /v1/meetings/{id}.
func braced(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if name, found := strings.CutPrefix(part, ":"); found {
			parts[i] = "{" + name + "}"
		}
	}
	return strings.Join(parts, "/")
}

// codes are the words by which programs tell problems apart.
func codes() []string {
	all := []string{"invalid", "against_policy", "second_factor_required", "too_many_attempts", "method_not_allowed", "internal"}
	for _, known := range problems {
		all = append(all, known.code)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// describe answers with the description of the interface at this site.
func (a *API) describe(c echo.Context) error {
	return answer(c, http.StatusOK, a.described.At(at(c).URL.String(), cookiesOf(at(c)).name(loginCookie)))
}
