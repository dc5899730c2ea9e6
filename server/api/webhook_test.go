package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/storage"
)

// fakeWebhooks sends nothing: server/webhook has tests of its own.
type fakeWebhooks struct {
	db      *storage.DB
	secrets int
}

// Fault implements Webhooks.
func (f *fakeWebhooks) Fault(address string) string {
	if !strings.HasPrefix(address, "https://") {
		return "The address begins with https://."
	}
	return ""
}

// NewSecret implements Webhooks.
func (f *fakeWebhooks) NewSecret() string {
	f.secrets++
	return fmt.Sprint("whsec_", f.secrets)
}

// Test implements Webhooks.
func (f *fakeWebhooks) Test(ctx context.Context, w storage.Webhook) (storage.Delivery, error) {
	d := storage.Delivery{EventID: "evt_test", Type: storage.TestEvent, At: time.Now(), Try: 1, Outcome: "timeout", Took: time.Second}
	return d, f.db.LogDelivery(ctx, storage.WebhookEvent{WebhookID: w.ID, SiteID: w.SiteID, ID: d.EventID, Type: d.Type}, d)
}

const hookBody = `{"url":" https://hooks.example/in?key=sesame ","events":["meetings.started","meetings.ended","meetings.started"]}`

func TestWebhooks(t *testing.T) {
	s := newServer(t, plainSite)
	admin := s.signedIn(t, "Ada", policy.SiteAdmin)
	made := admin.post(t, "/v1/webhooks", hookBody)
	expect(t, made, http.StatusCreated, "")
	path := "/v1/webhooks/" + made.text("id")
	if made.text("url") != "https://hooks.example/in?key=sesame" || made.text("secret") != "whsec_1" || made.Header().Get("ETag") != `"1"` {
		t.Errorf("%s", made.Body)
	}
	for _, p := range []string{"/v1/webhooks", path} {
		if shown := admin.get(t, p); shown.Code != http.StatusOK || strings.Contains(shown.Body.String(), "whsec") || strings.Count(shown.Body.String(), `"url"`) != 1 {
			t.Errorf("%s: %s", p, shown.Body)
		}
	}
	admin.headers["If-Match"] = `"7"`
	for _, method := range []string{http.MethodPatch, http.MethodDelete} {
		expect(t, admin.do(t, method, path, map[string]string{http.MethodPatch: `{}`}[method]), http.StatusPreconditionFailed, "stale")
	}
	expect(t, admin.post(t, path+"/secret", ""), http.StatusPreconditionFailed, "stale")
	admin.headers["If-Match"] = `"1"`
	paused := admin.do(t, http.MethodPatch, path, `{"enabled":false,"events":["meetingParticipants.left"]}`)
	expect(t, paused, http.StatusOK, "")
	if body := paused.Body.String(); !strings.Contains(body, `"enabled":false`) || !strings.Contains(body, `["meetingParticipants.left"]`) || paused.Header().Get("ETag") != `"2"` {
		t.Errorf("%s", body)
	}
	delete(admin.headers, "If-Match")
	rotated := admin.post(t, path+"/secret", "")
	expect(t, rotated, http.StatusOK, "")
	until, err := time.Parse(time.RFC3339, rotated.text("oldSecretUntil"))
	if err != nil || rotated.text("secret") != "whsec_2" || time.Until(until).Round(time.Hour) != keepOldSecret {
		t.Errorf("%s", rotated.Body)
	}
	expect(t, admin.do(t, http.MethodDelete, path, ""), http.StatusNoContent, "")
	for _, p := range []string{path, path + "/deliveries", path + "/deadLetters"} {
		expect(t, admin.get(t, p), http.StatusNotFound, "not_found")
	}
	log := admin.get(t, "/v1/adminAudit/events").Body.String()
	for _, action := range []string{"webhook.create", "webhook.update", "webhook.secret", "webhook.delete"} {
		if !strings.Contains(log, action) {
			t.Errorf("the audit log has no %s", action)
		}
	}
	if strings.Contains(log, "whsec") || strings.Contains(log, "sesame") {
		t.Error("the audit log has a secret")
	}
}

func TestBadWebhooks(t *testing.T) {
	s := newServer(t, plainSite)
	admin := s.signedIn(t, "Ada", policy.SiteAdmin)
	for _, body := range []string{
		`{"url":"http://hooks.example/","events":["meetings.started"]}`,
		`{"url":"https://hooks.example/","events":[]}`,
		`{"url":"https://hooks.example/"}`,
		`{"url":"https://hooks.example/","events":["meetings"]}`,
		`{"url":"https://hooks.example/","events":["meetings.started","webhooks.test"]}`,
	} {
		got := admin.post(t, "/v1/webhooks", body)
		expect(t, got, http.StatusUnprocessableEntity, "invalid")
	}
	expect(t, admin.post(t, "/v1/webhooks", `{"url":"https://hooks.example/","events":["meetings.started"],"secret":"x"}`), http.StatusBadRequest, "malformed")
	made := admin.post(t, "/v1/webhooks", hookBody)
	for _, body := range []string{`{"url":""}`, `{"events":[]}`, `{"events":["x"]}`} {
		expect(t, admin.do(t, http.MethodPatch, "/v1/webhooks/"+made.text("id"), body), http.StatusUnprocessableEntity, "invalid")
	}
	for range storage.MaxWebhooks - 1 {
		expect(t, admin.post(t, "/v1/webhooks", hookBody), http.StatusCreated, "")
	}
	expect(t, admin.post(t, "/v1/webhooks", hookBody), http.StatusConflict, "too_many")
}

func TestDeliveriesAndDeadLetters(t *testing.T) {
	s := newServer(t, plainSite)
	admin := s.signedIn(t, "Ada", policy.SiteAdmin)
	path := "/v1/webhooks/" + admin.post(t, "/v1/webhooks", strings.Replace(hookBody, "meetings.started", "meetings.created", 1)).text("id")
	for range 3 {
		admin.schedule(t)
	}
	due, err := s.db.DueWebhookEvents(t.Context(), 8, 8)
	if err != nil || len(due) != 3 {
		t.Fatal(due, err)
	}
	for _, e := range due {
		d := storage.Delivery{EventID: e.ID, Type: e.Type, At: time.Now(), Try: 11, Outcome: "status", Status: 503, Took: time.Second}
		if err := s.db.SettleDead(t.Context(), e, d); err != nil {
			t.Fatal(err)
		}
	}
	tested := admin.post(t, path+"/test", "")
	expect(t, tested, http.StatusOK, "")
	if body := tested.Body.String(); tested.text("outcome") != "timeout" || !strings.Contains(body, `"status":null`) || !strings.Contains(body, `"tookMs":1000`) {
		t.Errorf("%s", body)
	}
	if log := admin.get(t, path+"/deliveries").Body.String(); strings.Count(log, `"outcome"`) != 4 || strings.Count(log, `"status":503`) != 3 {
		t.Errorf("%s", log)
	}
	count := func(want int) {
		t.Helper()
		if got := strings.Count(admin.get(t, path+"/deadLetters").Body.String(), `"eventId"`); got != want {
			t.Errorf("%d dead letters, want %d", got, want)
		}
	}
	count(3)
	one := path + "/deadLetters/" + due[0].ID
	if got := admin.post(t, one+"/retry", ""); got.Code != http.StatusOK || !strings.Contains(got.Body.String(), `"events":1`) {
		t.Errorf("%s", got.Body)
	}
	expect(t, admin.post(t, one+"/retry", ""), http.StatusNotFound, "not_found")
	expect(t, admin.do(t, http.MethodDelete, one, ""), http.StatusNotFound, "not_found")
	count(2)
	expect(t, admin.do(t, http.MethodDelete, path+"/deadLetters/"+due[1].ID, ""), http.StatusNoContent, "")
	count(1)
	if got := admin.post(t, path+"/deadLetters/retry", ""); got.Code != http.StatusOK || !strings.Contains(got.Body.String(), `"events":1`) {
		t.Errorf("%s", got.Body)
	}
	expect(t, admin.do(t, http.MethodDelete, path+"/deadLetters", ""), http.StatusNoContent, "")
	count(0)
	if shown := admin.get(t, path).Body.String(); !strings.Contains(shown, `"waiting":2`) {
		t.Errorf("%s", shown)
	}
}

// No API token changes where a site's events go: it would outlive its discovery.
func TestNoProgramMakesWebhooks(t *testing.T) {
	s := newServer(t, plainSite)
	admin := s.signedIn(t, "Ada", policy.SiteAdmin)
	var scopes []string
	for _, scope := range policy.Scopes() {
		scopes = append(scopes, `"`+string(scope)+`"`)
	}
	made := admin.post(t, "/v1/me/tokens", `{"name":"Script","scopes":[`+strings.Join(scopes, ",")+`]}`)
	expect(t, made, http.StatusCreated, "")
	program := s.browser()
	program.headers["Authorization"] = "Bearer " + made.text("token")
	expect(t, program.post(t, "/v1/webhooks", hookBody), http.StatusForbidden, "scope")
	expect(t, program.get(t, "/v1/webhooks"), http.StatusOK, "")
	if slices.Contains(policy.SiteTable[policy.ManageWebhooks], policy.Auditor) {
		t.Error("auditors may")
	}
}

func TestTestsAreBounded(t *testing.T) {
	s := newServer(t, plainSite)
	admin := s.signedIn(t, "Ada", policy.SiteAdmin)
	path := "/v1/webhooks/" + admin.post(t, "/v1/webhooks", hookBody).text("id")
	for range maxTests {
		s.tests <- struct{}{}
	}
	expect(t, admin.post(t, path+"/test", ""), http.StatusServiceUnavailable, "busy")
	<-s.tests
	expect(t, admin.post(t, path+"/test", ""), http.StatusOK, "")
}
