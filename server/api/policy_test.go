package api

import (
	"net/http"
	"testing"

	"github.com/conclave-meet/conclave/signaling/policy"
)

func TestSetPolicy(t *testing.T) {
	s := newServer(t, plainSite)
	admin := s.signedIn(t, "Ada", policy.SiteAdmin)
	got := admin.get(t, "/v1/sites/default/policy")
	expect(t, got, http.StatusOK, "")
	if got.Header().Get("ETag") != `"1"` {
		t.Fatalf("ETag = %s", got.Header().Get("ETag"))
	}
	const chatOff = `{"securityOptions":{"disableChat":true}}`
	expect(t, admin.do(t, http.MethodPut, "/v1/sites/default/policy", chatOff), http.StatusPreconditionRequired, "if_match_required")
	admin.headers["If-Match"] = `"1"`
	set := admin.do(t, http.MethodPut, "/v1/sites/default/policy", chatOff)
	expect(t, set, http.StatusOK, "")
	if set.Header().Get("ETag") != `"2"` {
		t.Errorf("ETag = %s", set.Header().Get("ETag"))
	}
	expect(t, admin.do(t, http.MethodPut, "/v1/sites/default/policy", chatOff), http.StatusPreconditionFailed, "stale")
	expect(t, admin.do(t, http.MethodPut, "/v1/sites/"+s.site.ID+"/policy", `{"securityOptions":{"disableEverything":true}}`), http.StatusBadRequest, "malformed")
	expect(t, admin.get(t, "/v1/sites/another/policy"), http.StatusNotFound, "not_found")
	expect(t, s.signedIn(t, "Hal", policy.SiteHost).get(t, "/v1/sites/default/policy"), http.StatusForbidden, "forbidden")
	expect(t, s.signedIn(t, "Ana", policy.Auditor).get(t, "/v1/sites/default/policy"), http.StatusOK, "")
}
