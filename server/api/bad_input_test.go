package api

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
)

// longestAnswer is more than any answer to a bad request needs, in bytes.
const longestAnswer = 128 << 10

// texts are what people put into fields to see what happens.
var texts = map[string]string{
	"nothing":           "",
	"10,000 characters": strings.Repeat("x", 10_000),
	"10,000 emoji":      strings.Repeat("👩‍🚀", 3_333),
	"a null byte":       "a\x00b",
	"control":           "a\x1b[31mb\x7f\u0085",
	"a header":          "a\r\nSet-Cookie: conclave-login=x",
	"a calendar line":   "a\r\nATTENDEE:mailto:evil@example.org",
	"right to left":     "\u202egnp.exe",
	"isolates":          "a\u2066b\u2069",
	"zero width":        "A\u200bda",
	"only joiners":      "\u200d\u200c",
	"a tag":             "\U000e0041\U000e0042",
	"a private letter":  "\ue000",
	"SQL":               `'); DROP TABLE users; --`,
	"more SQL":          `x' OR '1'='1`,
	"a wildcard":        `%_*?`,
	"a formula":         `=HYPERLINK("http://evil.example","x")`,
	"HTML":              `<script>alert(1)</script>`,
	"a template":        `{{.}}${7*7}%s%n`,
	"a path":            `../../../etc/passwd`,
	"a URL":             `http://169.254.169.254/latest/meta-data`,
	"a date":            "9999-12-31T23:59:59Z",
	"before time":       "-0001-01-01T00:00:00Z",
	"a long address":    strings.Repeat("a", 300) + "@example.org",
	"a header address":  "a@example.org\r\nBcc: b@example.org",
	"two addresses":     "a@example.org,b@example.org",
}

// others are what is not even a text.
func others() map[string]any {
	deep := any("x")
	for range 200 {
		deep = map[string]any{"a": []any{deep}}
	}
	return map[string]any{
		"null": nil, "true": true, "zero": 0, "minus one": -1, "a fraction": 0.5, "a great number": 1e300,
		"a number over 64 bits": json.Number("123456789012345678901234567890"), "an empty list": []any{}, "a list": []any{"x", 1, nil},
		"an empty object": map[string]any{}, "an object": map[string]any{"$ne": ""}, "deep": deep,
	}
}

// worst is who makes each call: of those it is answered for, the one with the
// most rights.
func worst(key string) string {
	wants := strings.Fields(permissions[key].want)
	for i, caller := range slices.Backward(callers[:len(callers)-1]) {
		if status, _ := strconv.Atoi(wants[i]); status < http.StatusMultipleChoices {
			return caller
		}
	}
	return "anonymous"
}

// trial makes bad requests, and looks at the answers.
type trial struct {
	*stage
	tenant *tenant
	before string // the tenant's rows
	tried  int
}

func newTrial(t *testing.T) *trial {
	t.Helper()
	s := newStage(t)
	x := &trial{stage: s, tenant: newTenant(t, s.server)}
	x.before = s.rows(t, x.tenant.site.ID)
	return x
}

// answerTo sends a request and returns the answer, which is never the server's
// own fault, never long, and has nothing in it that cannot be seen.
func (x *trial) answerTo(b *browser, what, method, path, body, match string) *httptest.ResponseRecorder {
	x.t.Helper()
	x.tried++
	r := httptest.NewRequestWithContext(x.t.Context(), method, "/", strings.NewReader(body))
	var err error
	if r.URL, err = url.Parse(path); err != nil {
		x.t.Fatal(err)
	}
	ip := netip.AddrFrom4([4]byte{10, byte(x.tried >> 16), byte(x.tried >> 8), byte(x.tried)}) // nobody waits for the others
	r.Host, r.RemoteAddr = x.site.URL.Host, netip.AddrPortFrom(ip, 50000).String()
	r.Header.Set("Content-Type", "application/json")
	if match != "" {
		r.Header.Set("If-Match", match)
	}
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w := httptest.NewRecorder()
	x.handler.ServeHTTP(w, r)
	call := fmt.Sprintf("%s %.80s with %s", method, path, what)
	switch {
	case w.Code >= http.StatusInternalServerError:
		x.t.Errorf("%s: %d %.300s", call, w.Code, w.Body)
	case w.Body.Len() > longestAnswer:
		x.t.Errorf("%s: an answer of %d bytes", call, w.Body.Len())
	case w.Code >= http.StatusBadRequest && w.Header().Get("Content-Type") != "application/problem+json":
		x.t.Errorf("%s: %d is no problem but %s", call, w.Code, w.Header().Get("Content-Type"))
	}
	if strings.Contains(w.Body.String(), "DROP TABLE") && w.Code >= http.StatusBadRequest {
		x.t.Errorf("%s: the refusal repeats what was sent: %.300s", call, w.Body)
	}
	x.visible(call, w)
	if w.Code != http.StatusTemporaryRedirect { // of a path with dots in it, before any route
		keepsTo(x.t, r, []byte(body), w)
	}
	return w
}

// visible wants every text of an answer to be one that people can see.
func (x *trial) visible(call string, w *httptest.ResponseRecorder) {
	x.t.Helper()
	var answer any
	if json.Unmarshal(w.Body.Bytes(), &answer) != nil {
		return
	}
	each(answer, func(text string) {
		if strings.ContainsFunc(text, func(c rune) bool { return c != '\n' && (unicode.IsControl(c) || invisible(c)) }) {
			x.t.Errorf("%s: it was taken, and the answer has characters that cannot be seen: %q", call, text)
		}
	})
}

// each calls do for every text in a JSON value.
func each(value any, do func(string)) {
	switch value := value.(type) {
	case string:
		do(value)
	case []any:
		for _, one := range value {
			each(one, do)
		}
	case map[string]any:
		for _, one := range value {
			each(one, do)
		}
	}
}

// untouched wants the other site to be as it was.
func (x *trial) untouched(what string) {
	x.t.Helper()
	if x.rows(x.t, x.tenant.site.ID) != x.before {
		x.t.Errorf("%s has changed another site", what)
		x.before = x.rows(x.t, x.tenant.site.ID)
	}
}

// withBodies calls do for every row of the permissions whose call takes a body,
// with a good one.
func (x *trial) withBodies(do func(key string, r route)) {
	x.t.Helper()
	routes := x.routes(http.NotFoundHandler())
	for _, r := range routes {
		if r.takes == nil {
			continue
		}
		for key := range permissions {
			if bare(key) != r.method+" "+r.path {
				continue
			}
			if permissions[key].body == "" {
				x.t.Errorf("%s takes a body, and its row in permissions_test.go has none: give it a good one", key)
				continue
			}
			do(key, r)
			x.untouched(key)
		}
	}
}

// good returns what a row sends.
func (x *trial) good(key string) (method, path, body, match string) {
	x.t.Helper()
	row := permissions[key]
	method, path, _ = strings.Cut(bare(key), " ")
	if row.path != "" {
		path = row.path
	}
	parts := strings.SplitN(x.fill(path+"\n"+row.match+"\n"+row.body), "\n", 3)
	return method, parts[0], parts[2], parts[1]
}

// What is not well formed is refused before anything is done.
func TestMalformedBodies(t *testing.T) {
	slow(t)
	x := newTrial(t)
	x.withBodies(func(key string, r route) {
		method, path, body, match := x.good(key)
		name, _, _ := strings.Cut(body[2:], `"`)
		for what, bad := range map[string]string{
			"nothing": "", "null": "null", "a list": "[" + body + "]", "a text": `"text"`, "a number": "1", "two objects": body + body,
			"an unknown name":      strings.Replace(body, "{", `{"isAdmin":true,`, 1),
			"another id":           strings.Replace(body, "{", `{"id":"`+x.tenant.values["{meeting}"]+`",`, 1),
			"another site":         strings.Replace(body, "{", `{"siteId":"`+x.tenant.site.ID+`",`, 1),
			"another owner":        strings.Replace(body, "{", `{"ownerId":"`+x.tenant.values["{user}"]+`",`, 1),
			"a name twice":         strings.Replace(body, "{", `{"`+name+`":null,`, 1),
			"a name in capitals":   strings.Replace(body, `"`+name+`"`, `"`+strings.ToUpper(name)+`"`, 1),
			"a name with a space":  strings.Replace(body, `"`+name+`"`, `"`+name+` "`, 1),
			"the prototype":        strings.Replace(body, "{", `{"__proto__":{"admin":true},`, 1),
			"a cut":                body[:len(body)-1],
			"invalid UTF-8":        `{"` + name + `":"` + "\xff" + `"}`,
			"half a surrogate":     `{"` + name + `":"\ud800"}`,
			"a comma too many":     body[:len(body)-1] + ",}",
			"deep nesting":         strings.Repeat(`{"`+name+`":`, 20_000),
			"deep lists":           `{"` + name + `":` + strings.Repeat("[", 50_000),
			"one byte over 64 KiB": body[:len(body)-1] + strings.Repeat(" ", maxBody+1-len(body)) + "}",
		} {
			w := x.answerTo(x.as(worst(key)), what, method, path, bad, match)
			if w.Code < http.StatusBadRequest {
				t.Errorf("%s with %s: %d", key, what, w.Code)
			}
		}
	})
	t.Logf("%d requests", x.tried)
}

// Every field takes every text and every other thing without harm.
func TestBadFields(t *testing.T) {
	slow(t)
	x := newTrial(t)
	started := time.Now()
	x.withBodies(func(key string, r route) {
		method, _, body, _ := x.good(key)
		var sent map[string]any
		if err := json.Unmarshal([]byte(body), &sent); err != nil {
			t.Fatalf("%s: the body of its row is not JSON: %v", key, err)
		}
		values := others()
		for what, text := range texts {
			values[what] = text
		}
		for i, id := range x.tenant.ids {
			values[fmt.Sprint("an id of another site ", i)] = id
		}
		b := x.as(worst(key))
		for _, field := range fields(reflect.TypeOf(r.takes), nil) {
			_, path, _, _ := x.good(key)
			for what, value := range values {
				bad, err := json.Marshal(insertAt(sent, field, value))
				if err != nil {
					t.Fatal(err)
				}
				match := x.fill(permissions[key].match)
				w := x.answerTo(b, what+" in "+strings.Join(field, "."), method, path, string(bad), match)
				if w.Code == http.StatusUnauthorized || w.Header().Get("Set-Cookie") != "" {
					b = x.as(worst(key)) // it has signed them out
				}
			}
		}
	})
	t.Logf("%d requests in %s", x.tried, time.Since(started).Round(time.Second))
}

// fields lists where a value goes in a body like t: the names on the way.
func fields(t reflect.Type, at []string) (all [][]string) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		if t.Kind() == reflect.Slice {
			if len(at) > 0 {
				all = append(all, at)
			}
			at = append(slices.Clone(at), "0")
		}
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || t == reflect.TypeFor[time.Time]() {
		return append(all, at)
	}
	if len(at) > 0 {
		all = append(all, at)
	}
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous && name == "" {
			all = append(all, fields(f.Type, at)...)
		} else if f.IsExported() && name != "-" && name != "" {
			all = append(all, fields(f.Type, append(slices.Clone(at), name))...)
		}
	}
	return all
}

// insertAt returns body with value where field leads; "0" is the only one of a list.
func insertAt(body any, field []string, value any) any {
	if len(field) == 0 {
		return value
	}
	if field[0] == "0" {
		var first any
		if list, ok := body.([]any); ok && len(list) > 0 {
			first = list[0]
		}
		return []any{insertAt(first, field[1:], value)}
	}
	object, _ := body.(map[string]any)
	object = maps.Clone(object)
	if object == nil {
		object = map[string]any{}
	}
	object[field[0]] = insertAt(object[field[0]], field[1:], value)
	return object
}

// Whatever stands in a path or a query, the answer is a refusal or an empty one.
func TestBadPathsAndQueries(t *testing.T) {
	slow(t)
	x := newTrial(t)
	more := details()
	bad := slices.Concat(slices.Sorted(maps.Values(texts)), x.tenant.ids, []string{".", "..", "%", "%00", "a/b", "\xff", "null", "0", "-1"})
	for _, r := range x.routes(http.NotFoundHandler()) {
		key := r.method + " " + r.path
		for _, value := range bad {
			if parameter.MatchString(r.path) && value != "" {
				path := parameter.ReplaceAllLiteralString(r.path, url.PathEscape(value))
				w := x.answerTo(x.as("admin"), "that path", r.method, path, permissions[key].body, `"1"`)
				if w.Code < http.StatusBadRequest && value != "." && value != ".." {
					t.Errorf("%s with %.40q in its path: %d", key, value, w.Code)
				}
			}
			for _, p := range more[key].query {
				x.answerTo(x.as("admin"), "that query", r.method, r.path+"?"+p.Name+"="+url.QueryEscape(value), "", "")
			}
		}
		x.untouched(key)
	}
	t.Logf("%d requests", x.tried)
}

// A change of what somebody else has changed since is refused.
func TestStaleChanges(t *testing.T) {
	x := newTrial(t)
	for _, key := range slices.Sorted(maps.Keys(permissions)) {
		if permissions[key].match == "" {
			continue
		}
		method, path, body, _ := x.good(key)
		for match, want := range map[string]int{
			"": http.StatusPreconditionRequired, `"999"`: http.StatusPreconditionFailed, `"0"`: http.StatusPreconditionFailed,
			"1": http.StatusPreconditionFailed, `W/"1"`: http.StatusPreconditionFailed, `"1", "2"`: http.StatusPreconditionFailed,
			"*": http.StatusPreconditionFailed, "nonsense": http.StatusPreconditionFailed,
		} {
			if w := x.answerTo(x.as(worst(key)), "If-Match "+match, method, path, body, match); w.Code != want {
				t.Errorf("%s, If-Match %s: %d, want %d", key, match, w.Code, want)
			}
		}
	}
}
