package api

import (
	"database/sql"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/conclave-meet/conclave/server/auth"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/storage"
)

// callers are those whose rights differ, in the order of the permissions.
var callers = []string{"anonymous", "guest", "other host", "owner", "CSR", "auditor", "admin", "other site's admin"}

// stage is a server with one site's people on it, and another site's
// administrator, from which every call is tried.
type stage struct {
	*server
	t     *testing.T
	other storage.Site
	users map[string]storage.User // by caller
	made  int
}

const callersPassword = "a quiet room with a good door"

func newStage(t *testing.T) *stage {
	t.Helper()
	s := &stage{server: newServer(t, plainSite), t: t, users: map[string]storage.User{}}
	var err error
	if s.other, err = s.db.InsertSite(t.Context(), storage.Site{Name: "bolt"}, storage.Operator); err != nil {
		t.Fatal(err)
	}
	hash, err := cheapHasher().Hash(t.Context(), callersPassword)
	if err != nil {
		t.Fatal(err)
	}
	for caller, role := range map[string]policy.SiteRole{
		"other host": policy.SiteHost, "owner": policy.SiteHost, "CSR": policy.CSR,
		"auditor": policy.Auditor, "admin": policy.SiteAdmin, "other site's admin": policy.SiteAdmin,
	} {
		u := storage.User{
			SiteID: s.site.ID, Name: caller, Role: string(role), PasswordHash: hash,
			Email: strings.NewReplacer(" ", "-", "'", "").Replace(caller) + "@example.org",
		}
		if caller == "other site's admin" {
			u.SiteID = s.other.ID
		}
		if s.users[caller], err = s.db.InsertUser(t.Context(), u); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// as returns a new browser of a caller, at an address of their own. The other
// site's administrator shows their login by the name of this site's cookie, as
// only a made-up client would.
func (s *stage) as(caller string) *browser {
	s.t.Helper()
	b := s.browser()
	s.made++
	b.ip = fmt.Sprintf("198.51.%d.%d", s.made/250, s.made%250+1)
	if u, ok := s.users[caller]; ok {
		u, err := s.db.ActiveUser(s.t.Context(), u.SiteID, u.ID) // other calls have changed them
		if err != nil {
			s.t.Fatal(err)
		}
		token, err := s.logins.Open(s.t.Context(), u, auth.ByPassword(), "192.0.2.1")
		if err != nil {
			s.t.Fatal(err)
		}
		b.cookies[cookiesOf(s.site).name(loginCookie)] = token
	}
	if caller == "guest" {
		expect(s.t, b.post(s.t, "/v1/meetings/join", byLink(s.t, s.as("owner").schedule(s.t))), http.StatusOK, "")
	}
	return b
}

// makers make what a path or body names in braces, with a name of its own. A row
// that needs something else adds it here.
var makers = map[string]func(s *stage, name string) string{
	"{fresh}": func(_ *stage, name string) string { return name + "@new.example" },
	"{user}":  func(s *stage, name string) string { return s.addUser(s.t, name, policy.SiteHost).ID },
	"{request}": func(s *stage, name string) string {
		u := s.addUser(s.t, name, policy.SiteHost)
		if err := s.db.WaitForPassword(s.t.Context(), s.site.ID, u.Email, "192.0.2.1"); err != nil {
			s.t.Fatal(err)
		}
		return s.newest("password_requests")
	},
	"{publicKey}": func(s *stage, _ string) string { return jsonOf(s.t, newSigner(s.t).pem()) },
	"{kid}": func(s *stage, name string) string {
		return newSigner(s.t).register(s.server, name, policy.Host).ID
	},
	"{login}": func(s *stage, name string) string {
		s.signedIn(s.t, name, policy.SiteHost)
		return s.newest("logins")
	},
	"{webhook}": func(s *stage, _ string) string { // in place of the one before: a site has room for a few
		all, err := s.db.Webhooks(s.t.Context(), s.site.ID)
		if err != nil {
			s.t.Fatal(err)
		}
		for _, w := range all {
			if err := s.db.DeleteWebhook(s.t.Context(), s.site.ID, w.ID, storage.Operator); err != nil {
				s.t.Fatal(err)
			}
		}
		w, err := s.db.InsertWebhook(s.t.Context(), storage.Webhook{SiteID: s.site.ID, URL: "https://hooks.example/", Enabled: true}, "whsec_", storage.Operator)
		if err != nil {
			s.t.Fatal(err)
		}
		return w.ID
	},
	"{token}": func(s *stage, name string) string {
		u := s.addUser(s.t, name, policy.SiteHost)
		t, err := s.db.InsertToken(s.t.Context(), u, storage.Token{Name: name, Scopes: "read", TokenHash: []byte(name), Expires: time.Now().Add(time.Hour)}, storage.Operator)
		if err != nil {
			s.t.Fatal(err)
		}
		return t.ID
	},
}

// newest is the id of the row that a table got last: ids count up.
func (s *stage) newest(table string) string {
	s.t.Helper()
	db, err := sql.Open("sqlite", "file:"+s.file+"?mode=ro")
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	rows := query(s.t, db, `SELECT MAX(id) FROM `+table)
	return strings.Trim(rows[0], "[]")
}

// fill puts what a path or body names in braces in its place; what is made for
// it is new each time.
func (s *stage) fill(text string) string {
	s.t.Helper()
	if strings.Contains(text, "{meeting}") || strings.Contains(text, "{running}") || strings.Contains(text, "{number}") || strings.Contains(text, "{proof}") {
		m := s.as("owner").schedule(s.t)
		if strings.Contains(text, "{running}") {
			expect(s.t, s.as("owner").post(s.t, "/v1/meetings/"+m.text("id")+"/start", ""), http.StatusOK, "")
		}
		text = strings.NewReplacer("{meeting}", m.text("id"), "{running}", m.text("id"),
			"{number}", m.text("meetingNumber"), "{proof}", proofOf(s.t, m)).Replace(text)
	}
	for _, place := range slices.Sorted(maps.Keys(makers)) {
		if strings.Contains(text, place) {
			s.made++
			text = strings.ReplaceAll(text, place, makers[place](s, fmt.Sprint("made", s.made)))
		}
	}
	return strings.NewReplacer("{site}", s.site.Name, "{version}", s.version(), "{email}", s.users["owner"].Email, "{password}", callersPassword).Replace(text)
}

// version is what If-Match takes for the site's policy now.
func (s *stage) version() string {
	s.t.Helper()
	now, err := s.db.SiteByID(s.t.Context(), s.site.ID)
	if err != nil {
		s.t.Fatal(err)
	}
	return etag(now.PolicyVersion)
}
