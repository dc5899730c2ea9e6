package api

import (
	"bytes"
	"fmt"
	"mime"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// contract is the published description, as something to hold exchanges against.
// Every request of this package's tests, and every answer, goes through it.
type contract struct {
	paths    map[string]any
	compiler *jsonschema.Compiler

	mu       sync.Mutex // guards compiled
	compiled map[string]*jsonschema.Schema
}

const contractURL = "https://conclave.example/v1/openapi.json"

// theContract reads the description once: it is the same of every server.
var theContract = sync.OnceValues(func() (*contract, error) {
	a := &API{}
	text, err := json.Marshal(document(a.routes(http.NotFoundHandler())).At("https://conclave.example", "conclave-login"))
	if err != nil {
		return nil, err
	}
	read, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource(contractURL, read); err != nil {
		return nil, err
	}
	paths, _ := read.(map[string]any)["paths"].(map[string]any)
	return &contract{paths: paths, compiler: compiler, compiled: map[string]*jsonschema.Schema{}}, nil
})

// operation returns the description of a request's call, where it stands, and
// whether there is one.
func (k *contract) operation(r *http.Request) (op map[string]any, pointer string, found bool) {
	method, parts := strings.ToLower(r.Method), strings.Split(r.URL.Path, "/")
	best := -1
	for path, item := range k.paths {
		fixed, fits := match(strings.Split(path, "/"), parts)
		described, has := item.(map[string]any)[method].(map[string]any)
		if fits && has && fixed > best {
			best, op, found = fixed, described, true
			pointer = "#/paths/" + strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D").Replace(path) + "/" + method
		}
	}
	return op, pointer, found
}

// match reports whether a path is like a template, and in how many parts it is
// the same.
func match(template, path []string) (fixed int, fits bool) {
	if len(template) != len(path) {
		return 0, false
	}
	for i, part := range template {
		switch {
		case part == path[i]:
			fixed++
		case !strings.HasPrefix(part, "{"), path[i] == "":
			return 0, false
		}
	}
	return fixed, true
}

// fits reports what is wrong with a JSON text by the schema at pointer.
func (k *contract) fits(pointer string, text []byte) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	schema := k.compiled[pointer]
	if schema == nil {
		var err error
		if schema, err = k.compiler.Compile(contractURL + pointer); err != nil {
			return err
		}
		k.compiled[pointer] = schema
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return err
	}
	return schema.Validate(value)
}

// exchanged says where a request and its answer are not what is published. What
// was refused may have been anything; what was not must be as described.
func (k *contract) exchanged(r *http.Request, sent []byte, w *httptest.ResponseRecorder) error {
	op, pointer, found := k.operation(r)
	switch {
	case !found && w.Code < 400:
		return fmt.Errorf("answered %d, but the call is in no route: add it to its routes()", w.Code)
	case !found:
		return nil
	case w.Code >= 400:
		return k.answered(pointer+"/responses/default", "application/problem+json", w)
	}
	if err := known(r, op); err != nil {
		return err
	}
	if _, takes := op["requestBody"]; takes {
		if err := k.fits(pointer+"/requestBody/content/application~1json/schema", sent); err != nil {
			return fmt.Errorf("was accepted, but its body is not as its route's takes has it: %w", err)
		}
	}
	responses, _ := op["responses"].(map[string]any)
	described, ok := responses[fmt.Sprint(w.Code)].(map[string]any)
	if !ok {
		return fmt.Errorf("answered %d, and its route says another status", w.Code)
	}
	content, _ := described["content"].(map[string]any)
	media, _, _ := mime.ParseMediaType(w.Header().Get("Content-Type"))
	if _, told := content[media]; content == nil && w.Body.Len() > 0 || content != nil && !told {
		return fmt.Errorf("answered with %q, which its route does not say: set its gives, or name the type in details()", media)
	}
	if media != "application/json" {
		return nil
	}
	return k.answered(pointer+"/responses/"+fmt.Sprint(w.Code), media, w)
}

// known wants every name of a query to be described.
func known(r *http.Request, op map[string]any) error {
	parameters, _ := op["parameters"].([]any)
	for name := range r.URL.Query() {
		described := false
		for _, p := range parameters {
			p, _ := p.(map[string]any)
			described = described || p["in"] == "query" && p["name"] == name
		}
		if !described {
			return fmt.Errorf("took ?%s=, which is not described: add it to the query of its route in details()", name)
		}
	}
	return nil
}

// answered holds an answer against the schema of its media type.
func (k *contract) answered(pointer, media string, w *httptest.ResponseRecorder) error {
	if got, _, _ := mime.ParseMediaType(w.Header().Get("Content-Type")); got != media {
		return fmt.Errorf("answered %d with %q, not %s", w.Code, got, media)
	}
	pointer += "/content/" + strings.ReplaceAll(media, "/", "~1") + "/schema"
	if err := k.fits(pointer, w.Body.Bytes()); err != nil {
		return fmt.Errorf("its answer is not as its route's gives has it: %w", err)
	}
	return nil
}

// keepsTo fails the test where an exchange is not as published.
func keepsTo(t *testing.T, r *http.Request, sent []byte, w *httptest.ResponseRecorder) {
	t.Helper()
	k, err := theContract()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(r.URL.Path, "/v1/") {
		return
	}
	if err := k.exchanged(r, sent, w); err != nil {
		t.Errorf("%s %s: %v", r.Method, r.URL.Path, err)
	}
}

func TestTheDescriptionIsOpenAPI(t *testing.T) {
	s := newServer(t, plainSite)
	got := s.browser().get(t, "/v1/openapi.json")
	expect(t, got, http.StatusOK, "")
	text, err := os.ReadFile("testdata/openapi-3.1-schema.json")
	if err != nil {
		t.Fatal(err)
	}
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("https://spec.openapis.org/oas/3.1/schema/2022-10-07", schema); err != nil {
		t.Fatal(err)
	}
	openapi, err := compiler.Compile("https://spec.openapis.org/oas/3.1/schema/2022-10-07")
	if err != nil {
		t.Fatal(err)
	}
	read, err := jsonschema.UnmarshalJSON(got.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := openapi.Validate(read); err != nil {
		t.Error(err)
	}
	described, _ := read.(map[string]any)
	schemas, _ := described["components"].(map[string]any)["schemas"].(map[string]any)
	k, err := theContract()
	if err != nil {
		t.Fatal(err)
	}
	for name := range schemas {
		if _, err := k.compiler.Compile(contractURL + "#/components/schemas/" + name); err != nil {
			t.Errorf("schema %s: %v", name, err)
		}
	}
	delete(described, "paths")
	described["info"] = "nothing"
	if openapi.Validate(described) == nil {
		t.Error("a document that is not OpenAPI passes")
	}
}

// The hook must see what is wrong, or all the others see nothing.
func TestTheContractCanBeBroken(t *testing.T) {
	k, err := theContract()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, method, path, sent string
		status                   int
		media, answer, says      string
	}{
		{"fine", "GET", "/v1/me", "", 200, "application/json", `{"id":"1","name":"n","email":"e","role":"host","hasPassword":true,"timeZone":"","language":"","meetingDefaults":{}}`, ""},
		{"a name too many", "GET", "/v1/me", "", 200, "application/json", `{"id":"1","name":"n","email":"e","role":"host","hasPassword":true,"timeZone":"","language":"","meetingDefaults":{},"passwordHash":"x"}`, "gives"},
		{"a name too few", "GET", "/v1/me", "", 200, "application/json", `{"id":"1"}`, "gives"},
		{"another type", "GET", "/v1/me", "", 200, "application/json", `{"id":1,"name":"n","email":"e","role":"host"}`, "gives"},
		{"another status", "GET", "/v1/me", "", 202, "application/json", `{}`, "another status"},
		{"another media type", "GET", "/v1/me", "", 200, "text/csv", `a,b`, "text/csv"},
		{"an unknown path", "GET", "/v1/secret", "", 200, "application/json", `{}`, "no route"},
		{"an unknown method", "PUT", "/v1/me", "", 200, "application/json", `{}`, "no route"},
		{"an unknown path, refused", "GET", "/v1/secret", "", 404, "application/problem+json", `{}`, ""},
		{"an unknown query", "GET", "/v1/me?debug=1", "", 200, "application/json", `{}`, "?debug="},
		{"a body that was taken", "POST", "/v1/login", `{"email":"e","admin":true}`, 200, "application/json", `{}`, "takes"},
		{"a refusal that is no problem", "GET", "/v1/me", "", 401, "application/json", `{}`, "problem+json"},
		{"a problem without a known code", "GET", "/v1/me", "", 401, "application/problem+json", `{"type":"about:blank","title":"t","status":401,"detail":"d","code":"new"}`, "must be one of"},
	} {
		r := httptest.NewRequestWithContext(t.Context(), tt.method, tt.path, strings.NewReader(tt.sent))
		w := httptest.NewRecorder()
		w.Header().Set("Content-Type", tt.media)
		w.WriteHeader(tt.status)
		_, _ = w.WriteString(tt.answer)
		err := k.exchanged(r, []byte(tt.sent), w)
		if tt.says == "" && err != nil || tt.says != "" && (err == nil || !strings.Contains(fmt.Sprint(err), tt.says)) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.says)
		}
	}
}
