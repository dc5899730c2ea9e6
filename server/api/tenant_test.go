package api

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/conclave-meet/conclave/server/auth"
	"github.com/conclave-meet/conclave/server/site"
	"github.com/conclave-meet/conclave/signaling/edr"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/storage"
)

// canary is a text that is at one site only.
type canary struct {
	what string
	text string
	from string // the route that shows it to its own site; empty: none does, ever
}

// tenant is a site full of canaries: a text for each thing it has.
type tenant struct {
	*server
	site     *site.Site
	users    map[policy.SiteRole]storage.User
	tokens   map[policy.SiteRole]string
	canaries []canary
	values   map[string]string // what a path or body names in braces
	ids      []string          // by which something of it is known
}

// newTenant makes a site on s, as the operator and its people would.
func newTenant(t *testing.T, s *server) *tenant {
	t.Helper()
	made, err := s.db.InsertSite(t.Context(), storage.Site{Name: "canary-site", Title: "Canary-Title Ltd"}, storage.Operator)
	if err != nil {
		t.Fatal(err)
	}
	a := &tenant{server: s, users: map[policy.SiteRole]storage.User{}, tokens: map[policy.SiteRole]string{}}
	if a.site, err = s.sites.ByID(t.Context(), made.ID); err != nil {
		t.Fatal(err)
	}
	if a.site, err = s.sites.Named(t.Context(), made.Name); err != nil {
		t.Fatal(err)
	}
	a.note("the site's id", made.ID, "")
	a.note("the site's name", "/s/canary-site", "GET /v1/openapi.json")
	a.note("the site's title", "Canary-Title", "POST /v1/meetings/join")
	for _, role := range policy.SiteRoles() {
		a.addPerson(t, role)
	}
	a.hold(t)
	return a
}

func (a *tenant) note(what, text, from string) {
	a.canaries = append(a.canaries, canary{what, text, from})
}

func (a *tenant) addPerson(t *testing.T, role policy.SiteRole) {
	t.Helper()
	hash, err := cheapHasher().Hash(t.Context(), callersPassword)
	if err != nil {
		t.Fatal(err)
	}
	name := "Canary-Person-" + string(role)
	u, err := a.db.CreateUser(t.Context(), storage.User{
		SiteID: a.site.ID, Email: "canary-mail-" + string(role) + "@secret.example", Name: name, Role: string(role), PasswordHash: hash,
	}, storage.Actor{Name: "canary-actor-" + string(role), IP: "203.0.113.77"})
	if err != nil {
		t.Fatal(err)
	}
	a.users[role] = u
	if a.tokens[role], err = a.logins.Open(t.Context(), u, auth.ByPassword(), "192.0.2.1"); err != nil {
		t.Fatal(err)
	}
	a.note("a user's name", name, "GET /v1/users")
	a.note("a user's address", u.Email, "GET /v1/users")
	a.note("a user's id", u.ID, "GET /v1/users")
	a.note("a user's password", hash, "")
	a.note("who made them", "canary-actor-"+string(role), "GET /v1/adminAudit/events")
	a.ids = append(a.ids, u.ID, u.Email)
}

// hold gives the site a policy, a meeting, and the record of one.
func (a *tenant) hold(t *testing.T) {
	t.Helper()
	const rules = `{"securityOptions":{"preSessionFields":[{"name":"canary_field","label":"Canary-Question"}],` +
		`"disclaimer":{"text":"Canary-Disclaimer","version":1},"embedOrigins":["https://canary-origin.example"],` +
		`"passwordCriteria":{"blockedWords":["canaryword"]}}}`
	admin := a.as(policy.SiteAdmin)
	admin.headers["If-Match"] = `"1"`
	expect(t, admin.do(t, http.MethodPut, "/s/canary-site/v1/sites/canary-site/policy", rules), http.StatusOK, "")
	for _, text := range []string{"canary_field", "Canary-Question", "Canary-Disclaimer", "canary-origin", "canaryword"} {
		a.note("the policy", text, "GET /v1/sites/:id/policy")
	}
	host := a.as(policy.SiteHost)
	m := host.post(t, "/s/canary-site/v1/meetings", `{"title":"Canary-Meeting","start":"2027-05-04T09:00:00Z","password":"canary sesame 7"}`)
	expect(t, m, http.StatusCreated, "")
	for _, name := range []string{"id", "meetingNumber", "title", "password", "linkProofHash"} {
		a.note("a meeting's "+name, m.text(name), "GET /v1/meetings")
	}
	owner, at := a.users[policy.SiteHost], time.Date(2027, 5, 4, 9, 0, 0, 0, time.UTC)
	err := a.db.Write(t.Context(), edr.Batch{Records: []edr.Record{
		{Session: "canary-session", Seq: 1, At: at, Fact: edr.Started{
			SiteID: a.site.ID, SiteURL: a.site.URL.String(), MeetingID: m.text("id"), MeetingNumber: m.text("meetingNumber"),
			MeetingTitle: "Canary-Held", ServiceType: "MeetingCenter", HostID: owner.ID, HostEmail: owner.Email, HostName: owner.Name,
		}},
		{Session: "canary-session", Seq: 2, At: at, Participant: "p-canary", Fact: edr.Joined{
			DisplayName: "Canary-Guest", Email: "canary-guest@secret.example", IPAddress: "203.0.113.99", ClientAgent: "Canary-Browser/1",
		}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"Canary-Held", "canary-session"} {
		a.note("a session", text, "GET /v1/meetingReports/usage")
	}
	for _, text := range []string{"Canary-Guest", "canary-guest@secret.example", "203.0.113.99", "Canary-Browser/1"} {
		a.note("a stay", text, "GET /v1/meetingReports/attendees")
	}
	a.note("a participant", "p-canary", "GET /v1/meetingReports/events")
	hook := admin.post(t, "/s/canary-site/v1/webhooks", `{"url":"https://canary-hook.example/","events":["meetings.started"]}`)
	expect(t, hook, http.StatusCreated, "")
	a.note("a webhook's address", "canary-hook", "GET /v1/webhooks")
	a.note("a webhook's id", hook.text("id"), "GET /v1/webhooks")
	a.note("a webhook's secret", hook.text("secret"), "")
	a.ids = append(a.ids, hook.text("id"), m.text("id"), m.text("meetingNumber"), "canary-session", "p-canary", a.site.ID, "canary-site")
	a.values = map[string]string{
		"{meeting}": m.text("id"), "{running}": m.text("id"), "{number}": m.text("meetingNumber"), "{proof}": proofOf(t, m),
		"{webhook}": hook.text("id"),
		"{site}":    "canary-site", "{user}": owner.ID, "{email}": owner.Email, "{password}": callersPassword, "{version}": `"2"`,
	}
}

// as is the browser of one of the site's people.
func (a *tenant) as(role policy.SiteRole) *browser {
	b := a.browser()
	b.cookies[cookiesOf(a.site).name(loginCookie)] = a.tokens[role]
	return b
}

// rows is a digest of every row that belongs to a site, of whatever table.
func (s *server) rows(t *testing.T, siteID string) string {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+s.file+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	names := query(t, db, `SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name = 'site_id' ORDER BY 1`)
	if len(names) < 7 {
		t.Fatalf("only %d tables belong to sites", len(names))
	}
	digest := sha256.New()
	_, _ = fmt.Fprintln(digest, query(t, db, `SELECT * FROM sites WHERE id = ?`, siteID))
	for _, name := range names {
		_, _ = fmt.Fprintln(digest, name, query(t, db, `SELECT * FROM `+strings.Trim(name, "[]")+` WHERE site_id = ?`, siteID))
	}
	return hex.EncodeToString(digest.Sum(nil))
}

// query returns each row of an answer as a text.
func query(t *testing.T, db *sql.DB, text string, args ...any) (all []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), text, args...)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		values := make([]any, len(columns))
		into := make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		all = append(all, fmt.Sprint(values))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}
