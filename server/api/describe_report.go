package api

import (
	"slices"

	"github.com/conclave-meet/conclave/server/openapi"
)

// spanQuery is what every report and the audit log take.
func spanQuery() []openapi.Parameter {
	return []openapi.Parameter{
		{Name: "from", Type: "string", About: "at that time or later (RFC 3339)"},
		{Name: "to", Type: "string", About: "before that time (RFC 3339)"},
	}
}

// pageQuery is what reports take that have pages, and can be had as a file.
func pageQuery() []openapi.Parameter {
	return []openapi.Parameter{
		{Name: "max", Type: "integer", About: "rows of a page: 1 to 200, 100 when absent"},
		{Name: "cursor", Type: "string", About: "where the page begins: from the Link of the one before"},
		{Name: "format", Type: "string", About: "csv or json: all rows, as a file"},
	}
}

// sessionQuery picks sessions out.
func sessionQuery() []openapi.Parameter {
	return []openapi.Parameter{
		{Name: "sessionId", Type: "string", About: "of this session only"},
		{Name: "meetingNumber", Type: "string", About: "of this meeting's sessions only"},
		{Name: "hostEmail", Type: "string", About: "of this host's sessions only"},
		{Name: "title", Type: "string", About: "of sessions with this in their title, in any case"},
	}
}

func rowQuery() []openapi.Parameter {
	sort := openapi.Parameter{Name: "sort", Type: "string", About: "start, or with usage also duration or people; with a - before it the other way round"}
	return slices.Concat(sessionQuery(), spanQuery(), []openapi.Parameter{sort}, pageQuery())
}

func dayQuery() []openapi.Parameter {
	zone := openapi.Parameter{Name: "timezone", Type: "string", About: "whose days: an IANA name, UTC when absent"}
	return slices.Concat(sessionQuery(), spanQuery(), []openapi.Parameter{zone})
}

func auditQuery() []openapi.Parameter {
	return slices.Concat([]openapi.Parameter{
		{Name: "actor", Type: "string", About: "what this e-mail address did, or who it is in a word"},
		{Name: "action", Type: "string", About: "this kind of change only, like policy.update"},
	}, spanQuery(), pageQuery())
}
