package api

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/conclave-meet/conclave/server/site"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/storage"
)

// sets makes a policy the site's, as its administrator does.
func (s *server) sets(t *testing.T, admin *browser, options string) {
	t.Helper()
	now := admin.get(t, "/v1/sites/default/policy")
	expect(t, now, http.StatusOK, "")
	admin.headers["If-Match"] = now.Header().Get("ETag")
	defer delete(admin.headers, "If-Match")
	expect(t, admin.do(t, http.MethodPut, "/v1/sites/default/policy", `{"securityOptions":`+options+`}`), http.StatusOK, "")
}

const when = `"start":"2027-05-04T09:00:00Z"`

// Each switch that has to do with meetings and the way into them: what was fine
// before is refused after, also for a meeting made before, and the pages are told.
func TestSwitchesOfMeetings(t *testing.T) {
	s := newServer(t, plainSite)
	admin, ada := s.signedIn(t, "Root", policy.SiteAdmin), s.signedIn(t, "Ada", policy.SiteHost)
	plain := ada.schedule(t)
	open := ada.post(t, "/v1/meetings", `{"title":"Open",`+when+`}`)
	expect(t, open, http.StatusCreated, "")
	path := func(m reply, call string) string { return "/v1/meetings/" + m.text("id") + call }

	for _, tt := range []struct {
		name, options, told string // told is the name in the site's answer
		try                 func() reply
		status              int
		code, says          string
	}{
		{"no password, scheduled", `{"requireMeetingPassword":true}`, "requireMeetingPassword", func() reply {
			return ada.post(t, "/v1/meetings", `{"title":"A",`+when+`}`)
		}, 422, "invalid", "needs a password"},
		{"the password taken away", `{"requireMeetingPassword":true}`, "requireMeetingPassword", func() reply {
			return ada.do(t, http.MethodPatch, path(plain, ""), `{"password":""}`)
		}, 422, "invalid", "needs a password"},
		{"no password, started", `{"requireMeetingPassword":true}`, "requireMeetingPassword", func() reply {
			return ada.post(t, path(open, "/start"), "")
		}, 409, "against_policy", "needs a password"},
		{"no password, joined by link", `{"requireMeetingPassword":true}`, "requireMeetingPassword", func() reply {
			return s.browser().post(t, "/v1/meetings/join", byLink(t, open))
		}, 409, "against_policy", "needs a password"},
		{"a weak password, scheduled", `{"requireStrongPassword":true}`, "requireStrongPassword", func() reply {
			return ada.post(t, "/v1/meetings", `{"title":"A",`+when+`,"password":"baseball"}`)
		}, 422, "invalid", "most used"},
		{"the title as a password", `{"requireStrongPassword":true}`, "requireStrongPassword", func() reply {
			return ada.do(t, http.MethodPatch, path(plain, ""), `{"title":"Velvet orbit","password":"tangled velvet tree"}`)
		}, 422, "invalid", "“velvet”"},
		{"a short password, started", `{"requireStrongPassword":true,"passwordCriteria":{"minLength":20}}`, "requireStrongPassword", func() reply {
			return ada.post(t, path(plain, "/start"), "")
		}, 409, "against_policy", "20 characters"},
		{"a short password, joined with", `{"requireStrongPassword":true,"passwordCriteria":{"minLength":20}}`, "requireStrongPassword", func() reply {
			return s.browser().post(t, "/v1/meetings/join", byPassword(plain.text("meetingNumber"), "open sesame"))
		}, 409, "against_policy", "20 characters"},
		{"no address", `{"requireEmail":true}`, "requireEmail", func() reply {
			return s.browser().post(t, "/v1/meetings/join", byLink(t, plain))
		}, 422, "invalid", "email address"},
		{"an anonymous join", `{"requireLoginBeforeAccess":true}`, "requireLoginBeforeAccess", func() reply {
			return s.browser().post(t, "/v1/meetings/join", byLink(t, plain))
		}, 401, "login_required", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s.sets(t, admin, `{}`)
			if got := admin.get(t, "/v1/site"); got.json[tt.told] != false {
				t.Errorf("told before: %v", got.json[tt.told])
			}
			if !strings.Contains(tt.name, "schedul") && !strings.Contains(tt.name, "password t") && !strings.Contains(tt.name, "as a") {
				if got := tt.try(); got.Code >= 300 {
					t.Errorf("refused before: %s", got.Body)
				}
				s.rooms.running = map[string]string{}
			}
			s.sets(t, admin, tt.options)
			if got := s.browser().get(t, "/v1/site"); got.json[tt.told] != true {
				t.Errorf("not told: %v", got.Body)
			}
			got := tt.try()
			expect(t, got, tt.status, tt.code)
			if !strings.Contains(got.text("detail"), tt.says) {
				t.Errorf("detail = %s", got.text("detail"))
			}
		})
	}
}

// Nobody but those the invitation opens the meeting for learns what it lacks.
func TestARuleTellsGuessersNothing(t *testing.T) {
	s := newServer(t, plainSite)
	admin, ada := s.signedIn(t, "Root", policy.SiteAdmin), s.signedIn(t, "Ada", policy.SiteHost)
	m, open := ada.schedule(t), ada.post(t, "/v1/meetings", `{"title":"Open",`+when+`}`)
	s.sets(t, admin, `{"requireMeetingPassword":true,"requireEmail":true,"disclaimer":{"text":"Be kind."},
		"preSessionFields":[{"name":"team","label":"Team","required":true}]}`)
	unknown := s.browser().post(t, "/v1/meetings/join", byPassword("99999999999", "guess"))
	expect(t, unknown, http.StatusForbidden, "join_refused")
	for _, body := range []string{byPassword(m.text("meetingNumber"), "guess"), byPassword(open.text("meetingNumber"), ""), byPassword(open.text("meetingNumber"), "guess")} {
		alike(t, unknown, s.browser().post(t, "/v1/meetings/join", body))
	}
}

func TestAListedMeetingIsListedNoMore(t *testing.T) {
	s := newServer(t, plainSite)
	admin, ada := s.signedIn(t, "Root", policy.SiteAdmin), s.signedIn(t, "Ada", policy.SiteHost)
	m := storage.Meeting{
		SiteID: s.site.ID, OwnerID: ada.get(t, "/v1/me").text("id"), Number: "23456789012", Title: "Open day", Start: time.Now(),
		DurationMinutes: 60, Public: true, ServiceType: "MeetingCenter", LinkProofHash: make([]byte, 32),
	}
	m, err := s.db.InsertMeeting(t.Context(), m, storage.Operator, func(storage.Meeting) []storage.Mail { return nil })
	if err != nil {
		t.Fatal(err)
	}
	if got := ada.get(t, "/v1/meetings/"+m.ID); got.json["publicMeeting"] != true {
		t.Fatalf("before: %s", got.Body)
	}
	s.sets(t, admin, `{"unlistAllMeetings":true}`)
	if got := ada.get(t, "/v1/meetings/"+m.ID); got.json["publicMeeting"] != false {
		t.Errorf("after: %s", got.Body)
	}
	if got := s.browser().get(t, "/v1/site"); got.json["unlistAllMeetings"] != true {
		t.Errorf("not told: %s", got.Body)
	}
	expect(t, ada.post(t, "/v1/meetings/"+m.ID+"/start", ""), http.StatusOK, "")
	if err := withinPolicy(s.siteNow(t), m); err == nil {
		t.Error("another one could be listed")
	}
}

// Where a login is asked for first, nothing else answers: no call that is, and
// none that is not.
func TestLoginBeforeAccess(t *testing.T) {
	s := newServer(t, plainSite)
	admin, ada := s.signedIn(t, "Root", policy.SiteAdmin), s.signedIn(t, "Ada", policy.SiteHost)
	m := ada.schedule(t)
	s.sets(t, admin, `{"requireLoginBeforeAccess":true,"disclaimer":{"text":"Secret terms."},"requireEmail":true}`)
	open := map[string]bool{}
	for _, call := range beforeLogin {
		open[call] = true
	}
	for _, r := range s.routes(http.NotFoundHandler()) {
		if open[r.method+" "+r.path] {
			continue
		}
		got := s.browser().do(t, r.method, strings.ReplaceAll(r.path, ":id", m.text("id")), `{}`)
		expect(t, got, http.StatusUnauthorized, "login_required")
	}
	expect(t, s.browser().get(t, "/v1/nothing"), http.StatusUnauthorized, "login_required")
	told := s.browser().get(t, "/v1/site")
	expect(t, told, http.StatusOK, "")
	if strings.Contains(told.Body.String(), "Secret") || told.json["requireEmail"] != false {
		t.Errorf("strangers are told %s", told.Body)
	}
	if got := ada.get(t, "/v1/site"); !strings.Contains(got.Body.String(), "Secret terms.") {
		t.Errorf("Ada is told %s", got.Body)
	}
	expect(t, s.browser().post(t, "/v1/login", `{"email":"eve@example.org","password":"guess"}`), http.StatusUnauthorized, "login_refused")
	hash := ada.get(t, "/v1/site").json["disclaimer"].(map[string]any)["hash"]
	bob := s.signedIn(t, "Bob", policy.SiteHost)
	expect(t, bob.post(t, "/v1/meetings/join", strings.Replace(byLink(t, m), "{", fmt.Sprintf(`{"disclaimerHash":%q,`, hash), 1)), http.StatusOK, "")
}

func TestTheEntranceForm(t *testing.T) {
	s := newServer(t, plainSite)
	admin, ada := s.signedIn(t, "Root", policy.SiteAdmin), s.signedIn(t, "Ada", policy.SiteHost)
	m := ada.schedule(t)
	s.sets(t, admin, `{"disclaimer":{"text":"Be kind."},"requireEmail":true,"preSessionFields":[
		{"name":"company","label":"Company","required":true},{"name":"team","label":"Team","choices":["Red","Blue"]}]}`)
	told := s.browser().get(t, "/v1/site")
	hash := policy.Disclaimer{Text: "Be kind."}.Hash()
	if !strings.Contains(told.Body.String(), `"disclaimer":{"text":"Be kind.","hash":"`+hash+`"}`) || !strings.Contains(told.Body.String(), `"choices":["Red","Blue"]`) {
		t.Errorf("told %s", told.Body)
	}
	join := func(b *browser, fields, hash, email string) reply {
		t.Helper()
		return b.post(t, "/v1/meetings/join", strings.Replace(byLink(t, m), "{",
			fmt.Sprintf(`{"fields":%s,"disclaimerHash":%q,"email":%q,`, fields, hash, email), 1))
	}
	for _, tt := range []struct {
		name, fields, hash, email string
		status                    int
		code, says                string
	}{
		{"all of it", `{"company":" Acme ","team":"Red"}`, hash, "g@example.org", 200, "", ""},
		{"what has to be", `{"company":"=1+1"}`, hash, "g@example.org", 200, "", ""},
		{"no answers", `{}`, hash, "g@example.org", 422, "invalid", "Company"},
		{"an answer of space", `{"company":"  "}`, hash, "g@example.org", 422, "invalid", "Company"},
		{"an answer that turns round", `{"company":"A\u202eB"}`, hash, "g@example.org", 422, "invalid", "cannot be seen"},
		{"a long answer", `{"company":"` + strings.Repeat("a", 501) + `"}`, hash, "g@example.org", 422, "invalid", "500"},
		{"no such choice", `{"company":"Acme","team":"red"}`, hash, "g@example.org", 422, "invalid", "Team"},
		{"no such question", `{"company":"Acme","size":"9"}`, hash, "g@example.org", 422, "invalid", "does not ask"},
		{"a number", `{"company":7}`, hash, "g@example.org", 400, "malformed", ""},
		{"not agreed", `{"company":"Acme"}`, "", "g@example.org", 409, "disclaimer_changed", "changed"},
		{"agreed to something else", `{"company":"Acme"}`, policy.Disclaimer{Text: "Be"}.Hash(), "g@example.org", 409, "disclaimer_changed", ""},
		{"no address", `{"company":"Acme"}`, hash, "", 422, "invalid", "email"},
		{"nonsense for an address", `{"company":"Acme"}`, hash, "g", 422, "invalid", "e-mail"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := join(s.browser(), tt.fields, tt.hash, tt.email)
			expect(t, got, tt.status, tt.code)
			if !strings.Contains(got.text("detail"), tt.says) {
				t.Errorf("detail = %s", got.text("detail"))
			}
		})
	}

	guest := s.browser()
	got := join(guest, `{"company":" Acme ","team":"Red"}`, hash, "g@example.org")
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "/v1/socket", nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range guest.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	stay, err := s.tickets.Redeem(got.text("ticket"), StayCookie(r, s.site, got.text("ticket")))
	if err != nil || stay.Form != `{"company":"Acme","team":"Red"}` || stay.DisclaimerHash != hash || stay.Email != "g@example.org" {
		t.Errorf("stay = %+v, %v", stay, err)
	}
	expect(t, ada.post(t, "/v1/meetings/join", byLink(t, m)), http.StatusOK, "") // her own meeting
	expect(t, s.signedIn(t, "Bob", policy.SiteHost).post(t, "/v1/meetings/join", byLink(t, m)), http.StatusConflict, "disclaimer_changed")
}

func TestWithoutAPasswordOnlyTheLinkOpens(t *testing.T) {
	s := newServer(t, plainSite)
	ada := s.signedIn(t, "Ada", policy.SiteHost)
	m := ada.post(t, "/v1/meetings", `{"title":"Open",`+when+`,"password":""}`)
	expect(t, m, http.StatusCreated, "")
	for _, password := range []string{"", "guess", " "} {
		expect(t, s.browser().post(t, "/v1/meetings/join", byPassword(m.text("meetingNumber"), password)), http.StatusForbidden, "join_refused")
	}
	expect(t, s.browser().post(t, "/v1/meetings/join", byLink(t, m)), http.StatusOK, "")
}

// siteNow is the site as the next request finds it.
func (s *server) siteNow(t *testing.T) *site.Site {
	t.Helper()
	now, err := s.sites.Named(t.Context(), storage.DefaultSite)
	if err != nil {
		t.Fatal(err)
	}
	return now
}

// A weak account password is refused by the same rules.
func TestSetUpAsksForAStrongPassword(t *testing.T) {
	s := newServer(t, plainSite)
	if err := s.db.SetPolicy(t.Context(), s.site.ID, s.site.PolicyVersion, []byte(`{"requireStrongPassword":true}`), storage.Operator); err != nil {
		t.Fatal(err)
	}
	setUp := func(password string) reply {
		return s.browser().post(t, "/v1/setup", fmt.Sprintf(`{"token":%q,"name":"Ada Lovelace","email":"ada@example.org","password":%q}`, s.setupToken, password))
	}
	for password, says := range map[string]string{"baseball": "most used", "lovelace and orbit": "“lovelace”", "abcdefghijkl": "easy to guess"} {
		got := setUp(password)
		expect(t, got, http.StatusUnprocessableEntity, "invalid")
		if !strings.Contains(got.text("detail"), says) {
			t.Errorf("%s: %s", password, got.text("detail"))
		}
	}
	expect(t, setUp("tangled velvet orbit"), http.StatusCreated, "")
}

func TestRoomsAreToldOfAPolicy(t *testing.T) {
	s := newServer(t, plainSite)
	admin := s.signedIn(t, "Root", policy.SiteAdmin)
	s.sets(t, admin, `{"disableChat":true}`)
	if got, want := fmt.Sprint(s.rooms.policies), "["+s.site.ID+" 2 [send_chat chat_everyone chat_presenters chat_hosts]]"; got != want {
		t.Errorf("told %s, want %s", got, want)
	}
}
