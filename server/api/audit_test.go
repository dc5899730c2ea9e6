package api

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/storage"
)

func TestTheAuditLog(t *testing.T) {
	s := newServer(t, plainSite)
	ada, cy, dan := s.signedIn(t, "Ada", policy.SiteHost), s.signedIn(t, "Cy", policy.SiteAdmin), s.signedIn(t, "Dan", policy.Auditor)
	for i, by := range []storage.Actor{{UserID: "1", Name: "cy@example.org", IP: "192.0.2.1"}, storage.Operator, {Name: `=cmd|'/c calc'!A0`}} {
		err := s.db.Audit(t.Context(), s.site.ID, by, storage.Change{
			Action: fmt.Sprintf("test.%d", i), Target: "user:1", Before: map[string]bool{"chat": false}, After: map[string]bool{"chat": true},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	other, err := s.db.InsertSite(t.Context(), storage.Site{Name: "acme"}, storage.Operator)
	if err != nil || other.ID == s.site.ID {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		query string
		want  string // the actions, newest first
	}{
		{"action=test.0", "test.0"},
		{"actor=CY@example.org&action=test.0", "test.0"},
		{"actor=operator", "test.1"},
		{"actor=nobody@example.org", ""},
		{"from=2100-01-01T00:00:00Z", ""},
		{"max=3", "test.2 test.1 test.0"},
	} {
		for _, reader := range []*browser{cy, dan} {
			got := reader.get(t, "/v1/adminAudit/events?"+tt.query)
			expect(t, got, http.StatusOK, "")
			var actions []string
			for _, row := range got.items() {
				actions = append(actions, fmt.Sprint(row["action"]))
			}
			if strings.Join(actions, " ") != tt.want {
				t.Errorf("%s: %q, want %q", tt.query, actions, tt.want)
			}
		}
	}
	row := cy.get(t, "/v1/adminAudit/events?action=test.0").items()[0]
	if row["ipAddress"] != "192.0.2.1" || row["target"] != "user:1" || fmt.Sprint(row["before"], row["after"]) != "map[chat:false] map[chat:true]" {
		t.Errorf("row %v", row)
	}
	page := cy.get(t, "/v1/adminAudit/events?max=1")
	if page.Header().Get("Link") == "" {
		t.Error("the first of several pages names no next one")
	}
	file := dan.get(t, "/v1/adminAudit/events?format=csv")
	expectStatus(t, file, http.StatusOK)
	if body := file.Body.String(); !strings.HasPrefix(body, "id,time,actorId,actor,ipAddress,action,target,before,after\r\n") || !strings.Contains(body, ",'=cmd|") || strings.Contains(body, "site.create") {
		t.Errorf("file:\n%s", body)
	}
	expect(t, ada.get(t, "/v1/adminAudit/events"), http.StatusForbidden, "forbidden")
	expect(t, cy.get(t, "/v1/adminAudit/events?siteId=x"), http.StatusBadRequest, "malformed")
	for _, method := range []string{http.MethodDelete, http.MethodPost, http.MethodPut, http.MethodPatch} {
		expect(t, cy.do(t, method, "/v1/adminAudit/events", "{}"), http.StatusMethodNotAllowed, "method_not_allowed")
	}
}
