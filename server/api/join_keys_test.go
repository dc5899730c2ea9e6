package api

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/conclave-meet/conclave/signaling/policy"
)

const joinKeysPath = "/v1/sites/default/joinKeys"

func TestJoinKeysAreRegisteredRotatedAndRevoked(t *testing.T) {
	s := newServer(t, plainSite)
	admin := s.signedIn(t, "Root", policy.SiteAdmin)
	m := s.signedIn(t, "Ada", policy.SiteHost).schedule(t)
	register := func(g *signer, name, most string) reply {
		t.Helper()
		got := admin.post(t, joinKeysPath, fmt.Sprintf(`{"name":%q,"publicKey":"%s","maxRole":%q}`, name, jsonOf(t, g.pem()), most))
		expect(t, got, http.StatusCreated, "")
		g.kid = got.text("id")
		return got
	}
	comesIn := func(g *signer, status int, code string) {
		t.Helper()
		expect(t, s.browser().post(t, "/v1/meetings/join", byToken(m, g.token(m, nil), "")), status, code)
	}
	first, second := newSigner(t), newRSASigner(t)
	made := register(first, "Portal", "host")
	if made.text("algorithm") != "EdDSA" || made.text("publicKey") != first.pem() || made.text("maxRole") != "host" || made.text("createdBy") != "root@example.org" || made.json["revoked"] != nil || made.json["lastUsed"] != nil {
		t.Errorf("made %s", made.Body)
	}
	comesIn(first, http.StatusOK, "")
	if got := register(second, "Portal, next", "panelist"); got.text("algorithm") != "RS256" {
		t.Errorf("made %s", got.Body)
	}
	comesIn(first, http.StatusOK, "") // both, while they are exchanged
	comesIn(second, http.StatusOK, "")
	got := admin.do(t, http.MethodPatch, joinKeysPath+"/"+first.kid, `{"name":"Portal, old"}`)
	expect(t, got, http.StatusOK, "")
	if got.text("name") != "Portal, old" {
		t.Errorf("renamed to %s", got.Body)
	}
	expect(t, admin.do(t, http.MethodDelete, joinKeysPath+"/"+first.kid, ""), http.StatusNoContent, "")
	comesIn(first, http.StatusForbidden, "join_refused")
	comesIn(second, http.StatusOK, "")
	expect(t, admin.do(t, http.MethodDelete, joinKeysPath+"/"+first.kid, ""), http.StatusNotFound, "not_found")
	again := fmt.Sprintf(`{"name":"Again","publicKey":"%s","maxRole":"host"}`, jsonOf(t, first.pem()))
	expect(t, admin.post(t, joinKeysPath, again), http.StatusConflict, "key_known")

	all := admin.get(t, joinKeysPath)
	expect(t, all, http.StatusOK, "")
	if items := all.items(); all.text("audience") != plainSite || len(items) != 2 || items[0]["id"] != second.kid || items[0]["lastUsed"] == nil || items[1]["revoked"] == nil {
		t.Errorf("keys %s", all.Body)
	}
	for _, action := range []string{"joinKey.create", "joinKey.rename", "joinKey.revoke"} {
		if rows := admin.get(t, "/v1/adminAudit/events?action="+action).items(); len(rows) == 0 || rows[len(rows)-1]["target"] != "joinKey:"+first.kid || rows[0]["actor"] != "root@example.org" {
			t.Errorf("%s: on record is %v", action, rows)
		}
	}
}

func TestBadJoinKeys(t *testing.T) {
	s := newServer(t, plainSite)
	admin := s.signedIn(t, "Root", policy.SiteAdmin)
	key := jsonOf(t, newSigner(t).pem())
	for _, tt := range []struct{ name, body, says string }{
		{"no name", `{"publicKey":"` + key + `","maxRole":"host"}`, "name"},
		{"no role", `{"name":"A","publicKey":"` + key + `"}`, "highest role"},
		{"a site's role", `{"name":"A","publicKey":"` + key + `","maxRole":"admin"}`, "highest role"},
		{"no key", `{"name":"A","maxRole":"host"}`, "BEGIN PUBLIC KEY"},
		{"a private key", `{"name":"A","maxRole":"host","publicKey":"` + strings.ReplaceAll(key, "PUBLIC", "PRIVATE") + `"}`, "private key"},
	} {
		got := admin.post(t, joinKeysPath, tt.body)
		expect(t, got, http.StatusUnprocessableEntity, "invalid")
		if !strings.Contains(got.text("detail"), tt.says) {
			t.Errorf("%s: %s", tt.name, got.text("detail"))
		}
	}
	for i := range 20 {
		expect(t, admin.post(t, joinKeysPath, fmt.Sprintf(`{"name":"%d","publicKey":"%s","maxRole":"host"}`, i, jsonOf(t, newSigner(t).pem()))), http.StatusCreated, "")
	}
	expect(t, admin.post(t, joinKeysPath, `{"name":"A","publicKey":"`+key+`","maxRole":"host"}`), http.StatusConflict, "too_many")
	expect(t, admin.get(t, "/v1/sites/other/joinKeys"), http.StatusNotFound, "not_found")
}

// A program rotates keys with a token of that scope, and with no other.
func TestAPITokensForJoinKeys(t *testing.T) {
	s := newServer(t, plainSite)
	admin := s.signedIn(t, "Root", policy.SiteAdmin)
	program := func(scope string) *browser {
		t.Helper()
		made := admin.post(t, "/v1/me/tokens", fmt.Sprintf(`{"name":%q,"scopes":[%q]}`, scope, scope))
		expect(t, made, http.StatusCreated, "")
		b := s.browser()
		b.headers["Authorization"] = "Bearer " + made.text("token")
		return b
	}
	body := func() string {
		return fmt.Sprintf(`{"name":"A","publicKey":"%s","maxRole":"host"}`, jsonOf(t, newSigner(t).pem()))
	}
	expect(t, program("joinKeys").post(t, joinKeysPath, body()), http.StatusCreated, "")
	expect(t, program("joinKeys").get(t, joinKeysPath), http.StatusOK, "")
	expect(t, program("read").get(t, joinKeysPath), http.StatusOK, "")
	for _, scope := range []string{"read", "meetings", "users"} {
		expect(t, program(scope).post(t, joinKeysPath, body()), http.StatusForbidden, "scope")
	}
	expect(t, program("joinKeys").get(t, "/v1/users"), http.StatusForbidden, "scope")
}
