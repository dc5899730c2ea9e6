// Package openapi writes the OpenAPI 3.1 description of an interface from the
// table of its calls. It reads the Go types that bodies are decoded into and
// answers encoded from, so the description cannot fall behind them. It knows
// nothing of what the calls do.
package openapi

import (
	"maps"
	"net/http"
	"strconv"
	"strings"
)

// Call is one call of the interface.
type Call struct {
	Method string
	Path   string // with its parameters in braces, as /v1/meetings/{id}
	About  string // in a few words
	Takes  any    // a body like this one; nil for none
	Gives  any    // an answer like this one; nil for none
	Status int    // of success
	Open   bool   // to everybody: needs no login
	Query  []Parameter
	Also   []string // media types the answer has besides JSON
}

// Parameter is one name in a query.
type Parameter struct {
	Name  string
	Type  string // string, integer or boolean
	About string
}

// Problem is what every refusal is like.
type Problem struct {
	Like  any      // an answer like this one
	Codes []string // its field code is one of these
}

// Document is the description of an interface, for whatever address it is at.
type Document struct {
	paths   map[string]any
	schemas map[string]any
	about   string
}

// Describe returns the description of calls. About is a text for its reader.
func Describe(about string, calls []Call, problem Problem) *Document {
	s := &schemas{made: map[string]any{}, names: map[key]string{}}
	d := &Document{paths: map[string]any{}, schemas: s.made, about: about}
	refused := s.problem(problem)
	for _, c := range calls {
		path, _ := d.paths[c.Path].(map[string]any)
		if path == nil {
			path = map[string]any{}
			d.paths[c.Path] = path
		}
		path[strings.ToLower(c.Method)] = operation(s, c, refused)
	}
	return d
}

// At returns the document for the interface at url, whose login is in the
// cookie of that name. It is the caller's own.
func (d *Document) At(url, cookie string) map[string]any {
	return map[string]any{
		"openapi": "3.1.0",
		"info": map[string]any{
			"title": "Conclave", "version": "1", "description": d.about,
			"license": map[string]any{"name": "Apache-2.0", "identifier": "Apache-2.0"},
		},
		"servers": []any{map[string]any{"url": url}},
		"paths":   maps.Clone(d.paths),
		"components": map[string]any{
			"schemas": maps.Clone(d.schemas),
			"securitySchemes": map[string]any{
				"login": map[string]any{"type": "apiKey", "in": "cookie", "name": cookie, "description": "Of the pages: POST /v1/login sets it."},
				"token": map[string]any{"type": "http", "scheme": "bearer", "description": "Of programs: an API token of a user."},
			},
		},
		"security": []any{map[string]any{"login": []any{}}, map[string]any{"token": []any{}}},
	}
}

func operation(s *schemas, c Call, refused map[string]any) map[string]any {
	op := map[string]any{
		"summary":     c.About,
		"operationId": operationID(c),
		"responses":   map[string]any{strconv.Itoa(c.Status): success(s, c), "default": refused},
	}
	if c.Open {
		op["security"] = []any{}
	}
	if c.Takes != nil {
		op["requestBody"] = map[string]any{"required": true, "content": map[string]any{
			"application/json": map[string]any{"schema": s.of(typeOf(c.Takes), request)},
		}}
	}
	if parameters := parameters(c); len(parameters) > 0 {
		op["parameters"] = parameters
	}
	return op
}

func success(s *schemas, c Call) map[string]any {
	answer := map[string]any{"description": http.StatusText(c.Status)}
	if c.Gives == nil {
		return answer
	}
	content := map[string]any{"application/json": map[string]any{"schema": s.of(typeOf(c.Gives), answered)}}
	for _, media := range c.Also {
		content[media] = map[string]any{}
	}
	answer["content"] = content
	return answer
}

// operationID is a name for generated clients: getMeetingsId.
func operationID(c Call) string {
	var id strings.Builder
	id.WriteString(strings.ToLower(c.Method))
	for part := range strings.FieldsFuncSeq(c.Path, func(r rune) bool { return strings.ContainsRune("/{}-._", r) }) {
		if part != "v1" {
			id.WriteString(title(part))
		}
	}
	return id.String()
}

// parameters lists what is in the path, and then what may be in the query.
func parameters(c Call) []any {
	var all []any
	for part := range strings.SplitSeq(c.Path, "/") {
		if name, found := strings.CutPrefix(part, "{"); found {
			all = append(all, map[string]any{
				"name": strings.TrimSuffix(name, "}"), "in": "path", "required": true, "schema": map[string]any{"type": "string"},
			})
		}
	}
	for _, p := range c.Query {
		all = append(all, map[string]any{
			"name": p.Name, "in": "query", "description": p.About, "schema": map[string]any{"type": p.Type},
		})
	}
	return all
}

func title(text string) string { return strings.ToUpper(text[:1]) + text[1:] }
