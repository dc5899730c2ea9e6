package api

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/conclave-meet/conclave/server/auth"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/storage"
)

// tokenBody is what the page at link sends.
func tokenBody(link, password string) string {
	_, token, _ := strings.Cut(link, "#")
	return fmt.Sprintf(`{"token":%q,"password":%q}`, token, password)
}

const goodPassword = "a good long password"

// setRules changes the policy of the default site.
func (s *server) setRules(t *testing.T, rules policy.Site) {
	t.Helper()
	text, err := json.Marshal(rules)
	if err != nil {
		t.Fatal(err)
	}
	now, err := s.sites.Named(t.Context(), storage.DefaultSite)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.db.SetPolicy(t.Context(), now.ID, now.PolicyVersion, text, storage.Operator); err != nil {
		t.Fatal(err)
	}
}

// mail returns what waits to be sent, and takes it out of the queue.
func (s *server) mail(t *testing.T) []storage.Mail {
	t.Helper()
	mails, err := s.db.DueMail(t.Context(), 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range mails {
		if err := s.db.DeleteMail(t.Context(), m.ID); err != nil {
			t.Fatal(err)
		}
	}
	return mails
}

// linkIn returns the link in a mail.
func linkIn(t *testing.T, m storage.Mail) string {
	t.Helper()
	for word := range strings.FieldsSeq(m.Text) {
		if strings.Contains(word, "/welcome#") {
			return word
		}
	}
	t.Fatalf("no link in %q", m.Text)
	return ""
}

// A new account's owner chooses a password by the link, once, and is signed in.
func TestWelcome(t *testing.T) {
	s := newServer(t, plainSite)
	admin := s.signedIn(t, "Ada", policy.SiteAdmin)
	link := admin.post(t, "/v1/users", hal).text("link")
	expect(t, s.browser().post(t, "/v1/login", `{"email":"hal@example.org","password":""}`), http.StatusUnauthorized, "login_refused")
	b := s.browser()
	_, token, _ := strings.Cut(link, "#")
	shown := b.post(t, "/v1/welcome/preview", `{"token":"`+token+`"}`)
	expect(t, shown, http.StatusOK, "")
	if shown.text("name") != "Hal" || shown.text("email") != "hal@example.org" || shown.text("purpose") != "invite" {
		t.Errorf("preview: %s", shown.Body)
	}
	for _, bad := range []string{"short", "hal@example.org"} { // uses up nothing
		expect(t, b.post(t, "/v1/welcome", tokenBody(link, bad)), http.StatusUnprocessableEntity, "invalid")
	}
	expect(t, b.post(t, "/v1/welcome", tokenBody(link, goodPassword)), http.StatusOK, "")
	if me := b.get(t, "/v1/me"); me.text("email") != "hal@example.org" || me.text("role") != "host" {
		t.Errorf("signed in as %s", me.Body)
	}
	for _, path := range []string{"/v1/welcome", "/v1/welcome/preview"} {
		body := tokenBody(link, "another good password")
		if strings.HasSuffix(path, "preview") {
			body = `{"token":"` + token + `"}`
		}
		expect(t, s.browser().post(t, path, body), http.StatusForbidden, "link_refused")
	}
	expect(t, s.browser().post(t, "/v1/login", `{"email":"hal@example.org","password":"a good long password"}`), http.StatusOK, "")
	if got := s.audited(t); !slices.Equal(got, []string{"login.create", "user.create", "user.password", "login.create", "login.create"}) {
		t.Errorf("audited: %v", got)
	}
}

func TestALinkWorksOnceHoweverManyUseIt(t *testing.T) {
	s := newServer(t, plainSite)
	link := s.signedIn(t, "Ada", policy.SiteAdmin).post(t, "/v1/users", hal).text("link")
	var in, out atomic.Int32
	var race sync.WaitGroup
	for i := range 20 {
		race.Go(func() {
			switch got := s.browser().post(t, "/v1/welcome", tokenBody(link, fmt.Sprintf("password number %d", i))); got.Code {
			case http.StatusOK:
				in.Add(1)
			case http.StatusForbidden:
				out.Add(1)
			default:
				t.Errorf("%d: %s", got.Code, got.Body)
			}
		})
	}
	race.Wait()
	if in.Load() != 1 || out.Load() != 19 {
		t.Errorf("%d in, %d out", in.Load(), out.Load())
	}
}

// A link is of one site, works for its time, and is kept as a hash.
func TestLinksAreNarrow(t *testing.T) {
	s := newServer(t, plainSite)
	s.another(t)
	admin := s.signedIn(t, "Ada", policy.SiteAdmin)
	made := admin.post(t, "/v1/users", hal)
	link := made.text("link")
	expect(t, s.browser().post(t, "/s/acme/v1/welcome", tokenBody(link, goodPassword)), http.StatusForbidden, "link_refused")
	for _, wrong := range []string{"", "#", "#x", link + "x"} {
		expect(t, s.browser().post(t, "/v1/welcome", tokenBody(wrong, goodPassword)), http.StatusForbidden, "link_refused")
	}
	expires, err := time.Parse(time.RFC3339, made.text("linkExpires"))
	if life := time.Until(expires); err != nil || life > auth.InviteLife || life < auth.InviteLife-time.Minute {
		t.Errorf("an invitation lives %v, %v", life, err)
	}
	old, token := auth.NewLink(s.site.ID, storage.ResetLink)
	if life := time.Until(old.Expires); life > 10*time.Minute {
		t.Errorf("a reset lives %v", life)
	}
	old.Expires = time.Now().Add(-time.Millisecond)
	u, err := s.db.UserByEmail(t.Context(), s.site.ID, "hal@example.org")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.db.GiveLink(t.Context(), u, old, nil, storage.Operator); err != nil {
		t.Fatal(err)
	}
	expect(t, s.browser().post(t, "/v1/welcome", tokenBody("#"+token, goodPassword)), http.StatusForbidden, "link_refused")
	expect(t, s.browser().post(t, "/v1/welcome", tokenBody(link, goodPassword)), http.StatusOK, "")
}

// Where mail works the link goes to its owner, and no administrator sees it.
func TestMailBringsTheLink(t *testing.T) {
	s := newServer(t, plainSite)
	s.mails = true
	admin := s.signedIn(t, "Ada", policy.SiteAdmin)
	made := admin.post(t, "/v1/users", hal)
	expect(t, made, http.StatusCreated, "")
	mails := s.mail(t)
	if len(mails) != 1 || mails[0].To != "hal@example.org" || mails[0].Kind != storage.AccountMail || made.text("link") != "" {
		t.Fatalf("mails %+v, answer %s", mails, made.Body)
	}
	if strings.Contains(made.Body.String(), "welcome#") {
		t.Errorf("the answer has the link: %s", made.Body)
	}
	expect(t, s.browser().post(t, "/v1/welcome", tokenBody(linkIn(t, mails[0]), goodPassword)), http.StatusOK, "")
}

func TestRegister(t *testing.T) {
	s := newServer(t, plainSite)
	const grace = `{"name":"Grace","email":"grace@example.org"}`
	expect(t, s.browser().post(t, "/v1/registrations", grace), http.StatusNotFound, "not_found")
	s.setRules(t, policy.Site{AllowSelfRegistration: true})
	expect(t, s.browser().post(t, "/v1/registrations", grace), http.StatusConflict, "no_mail")
	s.mails = true
	if got := s.browser().get(t, "/v1/site"); got.json["allowSelfRegistration"] != true {
		t.Errorf("site: %s", got.Body)
	}
	expect(t, s.browser().post(t, "/v1/registrations", grace), http.StatusAccepted, "")
	if _, err := s.db.UserByEmail(t.Context(), s.site.ID, "grace@example.org"); err == nil {
		t.Error("there is an account before the address was confirmed")
	}
	link := linkIn(t, s.mail(t)[0])
	s.setRules(t, policy.Site{})
	expect(t, s.browser().post(t, "/v1/welcome", tokenBody(link, goodPassword)), http.StatusForbidden, "link_refused")
	s.setRules(t, policy.Site{AllowSelfRegistration: true})
	b := s.browser()
	expect(t, b.post(t, "/v1/welcome", tokenBody(link, goodPassword)), http.StatusOK, "")
	if me := b.get(t, "/v1/me"); me.text("role") != "host" || me.text("name") != "Grace" {
		t.Errorf("registered: %s", me.Body)
	}
	expect(t, s.browser().post(t, "/v1/welcome", tokenBody(link, goodPassword)), http.StatusForbidden, "link_refused")
}

// Whether an address has an account here shows in no byte of the answer, in the
// number of mails and rows that are written, nor in the hashes that are made.
func TestAskingTellsNothing(t *testing.T) {
	for _, approve := range []bool{false, true} {
		for _, path := range []string{"/v1/registrations", "/v1/passwordRequests"} {
			t.Run(fmt.Sprintf("%s, approve %v", path, approve), func(t *testing.T) {
				s := newServer(t, plainSite)
				s.mails = true
				s.setRules(t, policy.Site{AllowSelfRegistration: true, ApproveForgotPassword: approve})
				s.addAda(t)
				ask := func(email string) reply {
					body := `{"email":"` + email + `"}`
					if path == "/v1/registrations" {
						body = `{"name":"Ada","email":"` + email + `"}`
					}
					got := s.browser().post(t, path, body)
					expect(t, got, http.StatusAccepted, "")
					return got
				}
				before := len(s.audited(t))
				alike(t, ask("ADA@example.org"), ask("nobody@example.org"))
				if rows := s.audited(t)[before:]; len(rows) != 2 || rows[0] != rows[1] {
					t.Errorf("audited %v", rows)
				}
				mails := s.mail(t)
				for _, m := range mails {
					if m.To != "ada@example.org" && path != "/v1/registrations" {
						t.Errorf("mail to %s", m.To)
					}
					if m.To == "ada@example.org" && path == "/v1/registrations" && strings.Contains(m.Text, "welcome#") {
						t.Errorf("who has an account gets a link to make one: %s", m.Text)
					}
				}
				want := map[string]int{"/v1/registrations": 2, "/v1/passwordRequests": 1}[path]
				if path == "/v1/passwordRequests" && approve {
					want = 0
				}
				if len(mails) != want {
					t.Errorf("%d mails, want %d", len(mails), want)
				}
			})
		}
	}
}

func TestAskingIsSlowedDown(t *testing.T) {
	s := newServer(t, plainSite)
	s.mails = true
	s.addAda(t)
	for _, email := range []string{"ada@example.org", "nobody@example.org"} {
		b := s.browser()
		for i := range 3 {
			b.ip = fmt.Sprintf("198.51.100.%d", i)
			expect(t, b.post(t, "/v1/passwordRequests", `{"email":"`+email+`"}`), http.StatusAccepted, "")
		}
		b.ip = "198.51.100.9"
		expect(t, b.post(t, "/v1/passwordRequests", `{"email":"`+strings.ToUpper(email)+`"}`), http.StatusTooManyRequests, "too_many_attempts")
	}
	// Who is kept waiting by a stranger's asking has mails, and each link works.
	mails := s.mail(t)
	if len(mails) != 3 {
		t.Fatalf("%d mails", len(mails))
	}
	expect(t, s.browser().post(t, "/v1/welcome", tokenBody(linkIn(t, mails[0]), goodPassword)), http.StatusOK, "")
	expect(t, s.browser().post(t, "/v1/welcome", tokenBody(linkIn(t, mails[1]), goodPassword)), http.StatusForbidden, "link_refused")
	b := s.browser()
	for i := range 20 {
		b.post(t, "/v1/passwordRequests", fmt.Sprintf(`{"email":"x%d@example.org"}`, i))
	}
	expect(t, b.post(t, "/v1/passwordRequests", `{"email":"y@example.org"}`), http.StatusTooManyRequests, "too_many_attempts")
}

func TestForgotAtOnce(t *testing.T) {
	s := newServer(t, plainSite)
	s.mails = true
	s.addAda(t)
	ada := s.browser()
	expect(t, ada.post(t, "/v1/login", `{"email":"ada@example.org","password":"correct horse"}`), http.StatusOK, "")
	expect(t, s.browser().post(t, "/v1/passwordRequests", `{"email":"ada@example.org"}`), http.StatusAccepted, "")
	b := s.browser()
	expect(t, b.post(t, "/v1/welcome", tokenBody(linkIn(t, s.mail(t)[0]), goodPassword)), http.StatusOK, "")
	expect(t, ada.get(t, "/v1/me"), http.StatusUnauthorized, "login_required")
	expect(t, b.get(t, "/v1/me"), http.StatusOK, "")
	expect(t, s.browser().post(t, "/v1/login", `{"email":"ada@example.org","password":"correct horse"}`), http.StatusUnauthorized, "login_refused")
}

// No link leaves before an administrator says so, and each decides once.
func TestForgotWaitsForApproval(t *testing.T) {
	s := newServer(t, plainSite)
	s.mails = true
	s.setRules(t, policy.Site{ApproveForgotPassword: true})
	s.addAda(t)
	admin := s.signedIn(t, "Bob", policy.SiteAdmin)
	for range 2 { // asking twice is waiting once
		s.browser().post(t, "/v1/passwordRequests", `{"email":"ada@example.org"}`)
	}
	waiting := admin.get(t, "/v1/passwordRequests").items()
	if len(waiting) != 1 || len(s.mail(t)) != 0 {
		t.Fatalf("waiting: %v", waiting)
	}
	path := "/v1/passwordRequests/" + waiting[0]["id"].(string)
	stranger := s.another(t)
	expect(t, stranger.post(t, "/s/acme"+path+"/approve", ""), http.StatusNotFound, "not_found")
	expect(t, admin.post(t, path+"/deny", ""), http.StatusNoContent, "")
	expect(t, admin.post(t, path+"/approve", ""), http.StatusNotFound, "not_found")
	if mails := s.mail(t); len(mails) != 0 {
		t.Fatalf("denied, and mailed: %v", mails)
	}
	s.browser().post(t, "/v1/passwordRequests", `{"email":"ada@example.org"}`)
	path = "/v1/passwordRequests/" + admin.get(t, "/v1/passwordRequests").items()[0]["id"].(string)
	expect(t, admin.post(t, path+"/approve", ""), http.StatusOK, "")
	mails := s.mail(t)
	if len(mails) != 1 {
		t.Fatalf("%d mails", len(mails))
	}
	expect(t, s.browser().post(t, "/v1/welcome", tokenBody(linkIn(t, mails[0]), goodPassword)), http.StatusOK, "")
	if got := s.audited(t); !slices.Contains(got, "password.deny") || !slices.Contains(got, "password.approve") {
		t.Errorf("audited: %v", got)
	}
}

// A link goes to the address that the account has, not to one that looks alike to
// the comparison: the Kelvin sign folds to a k.
func TestResetGoesToTheAccountsAddress(t *testing.T) {
	s := newServer(t, plainSite)
	s.mails = true
	_, err := s.db.InsertUser(t.Context(), storage.User{SiteID: s.site.ID, Email: "k@kent.example", Name: "K", Role: "host"})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, s.browser().post(t, "/v1/passwordRequests", `{"email":"k@\u212aent.example"}`), http.StatusAccepted, "")
	for _, m := range s.mail(t) {
		if m.To != "k@kent.example" {
			t.Errorf("mail to %s", m.To)
		}
	}
}
