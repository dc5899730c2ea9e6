package api

import (
	"bytes"
	stdjson "encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"github.com/conclave-meet/conclave/signaling/policy"
)

// withBody are the calls that take one, each with a body that is well formed.
var withBody = []struct{ method, path, body string }{
	{http.MethodPost, "/v1/setup", `{"token":"t","name":"n","email":"e","password":"p"}`},
	{http.MethodPost, "/v1/login", `{"email":"e","password":"p"}`},
	{http.MethodPost, "/v1/meetings", `{"title":"t"}`},
	{http.MethodPost, "/v1/meetings/preview", `{"meetingNumber":"1"}`},
	{http.MethodPost, "/v1/meetings/join", `{"meetingNumber":"1","displayName":"n"}`},
	{http.MethodPatch, "/v1/meetings/ID", `{"title":"t"}`},
	{http.MethodPost, "/v1/registrations", `{"name":"n","email":"e"}`},
	{http.MethodPost, "/v1/passwordRequests", `{"email":"e"}`},
	{http.MethodPost, "/v1/welcome", `{"token":"t","password":"p"}`},
	{http.MethodPost, "/v1/welcome/preview", `{"token":"t"}`},
	{http.MethodPatch, "/v1/me", `{"name":"n"}`},
	{http.MethodPost, "/v1/me/password", `{"currentPassword":"c","password":"p"}`},
	{http.MethodPost, "/v1/me/tokens", `{"name":"n","scopes":[]}`},
}

func TestBodiesAreReadStrictly(t *testing.T) {
	s := newServer(t, plainSite)
	s.mails = true
	s.setRules(t, policy.Site{AllowSelfRegistration: true})
	ada := s.signedIn(t, "Ada", policy.SiteHost)
	id := ada.schedule(t).text("id")
	for _, call := range withBody {
		path := strings.Replace(call.path, "ID", id, 1)
		if got := ada.do(t, call.method, path, call.body); got.Code == http.StatusBadRequest {
			t.Errorf("%s %s refuses %s", call.method, path, call.body)
		}
		name, _, _ := strings.Cut(call.body[2:], `"`) // the first name in it
		for what, body := range map[string]string{
			"unknown name":        strings.Replace(call.body, "{", `{"admin":true,`, 1),
			"duplicate name":      strings.Replace(call.body, "{", `{"`+name+`":"x",`, 1),
			"another case":        strings.Replace(call.body, `"`+name+`"`, `"`+strings.ToUpper(name)+`"`, 1),
			"number for text":     `{"` + name + `":1}`,
			"list for text":       `{"` + name + `":["x"]}`,
			"object for text":     `{"` + name + `":{}}`,
			"list for object":     `[` + call.body + `]`,
			"two objects":         call.body + call.body,
			"null":                " null",
			"text":                `"text"`,
			"cut short":           call.body[:len(call.body)-1],
			"invalid UTF-8":       `{"` + name + `":"` + "\xff" + `"}`,
			"lone surrogate":      `{"` + name + `":"\ud800"}`,
			"too long":            call.body[:len(call.body)-1] + strings.Repeat(" ", maxBody) + "}",
			"too deep":            strings.Repeat(`{"`+name+`":`, 5000),
			"prototype pollution": strings.Replace(call.body, "{", `{"__proto__":{},`, 1),
		} {
			got := ada.do(t, call.method, path, body)
			if got.Code != http.StatusBadRequest || got.text("code") != "malformed" {
				t.Errorf("%s %s, %s: status %d, code %s", call.method, path, what, got.Code, got.text("code"))
			}
		}
	}
}

func TestBodiesAreJSON(t *testing.T) {
	s := newServer(t, plainSite)
	s.mails = true
	s.setRules(t, policy.Site{AllowSelfRegistration: true})
	ada := s.signedIn(t, "Ada", policy.SiteHost)
	id := ada.schedule(t).text("id")
	for _, call := range withBody {
		path := strings.Replace(call.path, "ID", id, 1)
		for _, mediaType := range []string{"text/plain", "application/x-www-form-urlencoded", "application/jsonx", "multipart/form-data", "nonsense;", " "} {
			ada.headers["Content-Type"] = mediaType
			expect(t, ada.do(t, call.method, path, call.body), http.StatusUnsupportedMediaType, "not_json")
		}
		ada.headers["Content-Type"] = "application/json; charset=utf-8"
		if got := ada.do(t, call.method, path, call.body); got.Code == http.StatusUnsupportedMediaType {
			t.Errorf("%s %s refuses JSON with a charset", call.method, path)
		}
		delete(ada.headers, "Content-Type")
		expect(t, ada.do(t, call.method, path, ""), http.StatusUnsupportedMediaType, "not_json")
	}
}

func TestOtherSitesPagesAreRefused(t *testing.T) {
	s := newServer(t, plainSite)
	ada := s.signedIn(t, "Ada", policy.SiteHost)
	m := ada.schedule(t)
	calls := append([]struct{ method, path, body string }{
		{http.MethodPost, "/v1/logout", ""},
		{http.MethodPost, "/v1/meetings/ID/start", ""},
		{http.MethodPost, "/v1/meetings/ID/end", ""},
		{http.MethodDelete, "/v1/meetings/ID", ""},
	}, withBody...)
	for _, headers := range []map[string]string{
		{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
		{"Sec-Fetch-Site": "cross-site"},
		{"Sec-Fetch-Site": "same-site", "Origin": "http://other.127.0.0.1:8080"},
		{"Origin": "https://evil.example"},
		{"Origin": "http://127.0.0.1:8081"},
		{"Origin": "null"},
	} {
		ada.headers = headers
		for _, call := range calls {
			path := strings.Replace(call.path, "ID", m.text("id"), 1)
			expect(t, ada.do(t, call.method, path, call.body), http.StatusForbidden, "cross_origin")
		}
	}
	for _, headers := range []map[string]string{
		{"Sec-Fetch-Site": "same-origin", "Origin": plainSite},
		{"Sec-Fetch-Site": "none"},
		{"Origin": plainSite},
		{},
	} {
		ada.headers = headers
		expect(t, ada.do(t, http.MethodPatch, "/v1/meetings/"+m.text("id"), `{"title":"Own"}`), http.StatusOK, "")
	}
}

// Behind a proxy that asks by another host name, our own pages are still ours.
func TestTheSitesOwnOriginIsTrusted(t *testing.T) {
	s := newServer(t, "https://meet.example.org")
	b := s.browser()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/v1/logout", nil)
	r.Host = "backend:8080"
	r.Header.Set("Origin", "https://meet.example.org")
	expect(t, b.send(t, r), http.StatusNoContent, "")
}

func TestAPanicIsOneRequests(t *testing.T) {
	var log bytes.Buffer
	logTo(t, &log)
	s := newServer(t, plainSite)
	s.echo.GET("/panic", func(echo.Context) error { panic("boom") })
	s.echo.GET("/abort", func(echo.Context) error { panic(http.ErrAbortHandler) })
	b := s.browser()
	got := b.get(t, "/panic")
	expect(t, got, http.StatusInternalServerError, "internal")
	if strings.Contains(got.Body.String(), "boom") || !strings.Contains(log.String(), "boom") {
		t.Errorf("answer %s, log %s", got.Body, log.String())
	}
	expect(t, b.get(t, "/livez"), http.StatusOK, "")

	defer func() {
		if p := recover(); p == nil || !errors.Is(p.(error), http.ErrAbortHandler) {
			t.Errorf("aborting a handler panics with %v", p)
		}
	}()
	b.get(t, "/abort")
}

// logTo sends the log to w until the test ends.
func logTo(t *testing.T, w io.Writer) {
	t.Helper()
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelDebug})))
	t.Cleanup(func() { slog.SetDefault(before) })
}

func TestTheLogHoldsNoSecrets(t *testing.T) {
	var log bytes.Buffer
	logTo(t, &log)
	s := newServer(t, plainSite)
	s.addAda(t)
	b := s.browser()
	b.post(t, "/v1/setup", `{"token":"`+s.setupToken+`","name":"Root","email":"root@example.org","password":"secret-setup"}`)
	b.post(t, "/v1/login", `{"email":"ada@example.org","password":"secret-wrong"}`)
	expect(t, b.post(t, "/v1/login", `{"email":"ada@example.org","password":"correct horse"}`), http.StatusOK, "")
	m := b.schedule(t)
	join := b.post(t, "/v1/meetings/join", byLink(t, m))
	s.browser().post(t, "/v1/meetings/join", byPassword(m.text("meetingNumber"), "secret-guess"))
	b.get(t, "/v1/meetingReports/usage?sessionId=secret-query")
	b.get(t, "/v1/nothing/secret-path?secret-query#secret-fragment")
	_, fragment, _ := strings.Cut(m.text("webLink"), "#")
	secrets := []string{
		s.setupToken, "secret-", "correct horse", "open sesame", fragment, proofOf(t, m), join.text("ticket"),
		m.text("meetingNumber"), "ada@example.org",
	}
	for _, cookie := range b.cookies {
		secrets = append(secrets, cookie)
	}
	for _, secret := range secrets {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
	for _, want := range []string{"route=/v1/meetings/join", "status=200", "login refused", "join refused"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log does not say %q:\n%s", want, log.String())
		}
	}
}

// What the server reads is what a lenient reader of the same bytes would see:
// there is no second meaning in a body that is taken.
func FuzzJoinBody(f *testing.F) {
	f.Add([]byte(`{"meetingNumber":"23456789012","password":"p","displayName":"n","email":"a@b"}`))
	f.Add([]byte(`{"webLink":"http://127.0.0.1:8080/j/23456789012#x","displayName":"n"}`))
	f.Add([]byte(`{"meetingNumber":"23456789012","joinToken":"a.b.c"}`))
	f.Add([]byte(`{"meetingNumber":"1","meetingNumber":"2"}`))
	f.Add([]byte(`{"MEETINGNUMBER":"1"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		request, err := parse[joinRequest](body)
		if err != nil {
			return
		}
		var lenient map[string]any
		if err := stdjson.Unmarshal(body, &lenient); err != nil {
			t.Fatalf("taken, but no JSON: %q", body)
		}
		for name, got := range map[string]string{
			"meetingNumber": request.MeetingNumber, "webLink": request.WebLink, "linkProof": request.LinkProof,
			"password": request.Password, "displayName": request.DisplayName, "email": request.Email,
			"joinToken": request.JoinToken,
		} {
			if want, _ := lenient[name].(string); got != want {
				t.Errorf("%s = %q, a lenient reader sees %q", name, got, want)
			}
			delete(lenient, name)
		}
		if len(lenient) != 0 {
			t.Errorf("taken with unknown names: %q", body)
		}
		if checked, _, err := request.check(); err == nil && (checked.DisplayName == "" && checked.JoinToken == "" || len(checked.DisplayName) > 4*maxName) {
			t.Errorf("display name %q passes", checked.DisplayName)
		}
	})
}
