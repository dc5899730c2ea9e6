package api

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/conclave-meet/conclave/server/auth"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/storage"
)

const (
	adasLogin  = `{"email":"ada@example.org","password":"correct horse"}`
	wrongLogin = `{"email":"ada@example.org","password":"wrong horse"}`
)

// addPerson stores a user with Ada's address and password, in that role.
func (s *server) addPerson(t *testing.T, role policy.SiteRole) storage.User {
	t.Helper()
	hash, err := cheapHasher().Hash(t.Context(), adasPassword)
	if err != nil {
		t.Fatal(err)
	}
	u, err := s.db.InsertUser(t.Context(), storage.User{
		SiteID: s.site.ID, Email: "ada@example.org", Name: "Ada", Role: string(role), PasswordHash: hash,
	})
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// codeAt is what an app shows, some steps from now.
func codeAt(t *testing.T, secret string, steps int) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, time.Now().Add(time.Duration(steps)*30*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// enrol sets an app up in b, and returns its secret and the recovery codes. The
// code it shows is of the step before now, so that the next ones are unused.
func enrol(t *testing.T, b *browser) (secret string, codes []string) {
	t.Helper()
	begun := b.post(t, "/v1/me/totp/options", "")
	expect(t, begun, http.StatusOK, "")
	secret = begun.text("secret")
	made := b.post(t, "/v1/me/totp", `{"ceremony":"`+begun.text("ceremony")+`","code":"`+codeAt(t, secret, -1)+`"}`)
	expect(t, made, http.StatusCreated, "")
	for _, code := range made.json["recoveryCodes"].([]any) {
		codes = append(codes, code.(string))
	}
	return secret, codes
}

func challenged(t *testing.T, b *browser) string {
	t.Helper()
	got := b.post(t, "/v1/login", adasLogin)
	expect(t, got, http.StatusUnauthorized, "second_factor_required")
	if len(b.cookies) != 0 || got.text("challenge") == "" {
		t.Fatalf("cookies %v, %s", b.cookies, got.Body)
	}
	return got.text("challenge")
}

func withCode(challenge, code string) string {
	return `{"challenge":"` + challenge + `","code":"` + code + `"}`
}

func TestAnAppIsTheSecondFactor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // no step of the clock passes
		s := newServer(t, plainSite)
		s.addPerson(t, policy.SiteHost)
		b := s.browser()
		expect(t, b.post(t, "/v1/login", adasLogin), http.StatusOK, "")
		begun := b.post(t, "/v1/me/totp/options", "")
		if uri := begun.text("uri"); uri != "otpauth://totp/127.0.0.1:ada@example.org?secret="+begun.text("secret")+"&issuer=127.0.0.1&algorithm=SHA1&digits=6&period=30" {
			t.Errorf("uri %s", uri)
		}
		expect(t, b.post(t, "/v1/me/totp", `{"ceremony":"`+begun.text("ceremony")+`","code":"000000"}`), http.StatusUnauthorized, "code_refused")
		expect(t, s.browser().post(t, "/v1/login", adasLogin), http.StatusOK, "") // nothing was stored yet
		secret, codes := enrol(t, b)
		if len(codes) != 10 {
			t.Fatalf("%d recovery codes", len(codes))
		}
		if mine := b.get(t, "/v1/me/signin"); mine.json["totp"] != true || mine.json["recoveryCodes"] != 10.0 || mine.json["mayChange"] != true {
			t.Errorf("sign-in: %s", mine.Body)
		}

		alike(t, s.browser().post(t, "/v1/login", wrongLogin), s.browser().post(t, "/v1/login", `{"email":"eve@example.org","password":"x"}`))
		c := s.browser()
		challenge := challenged(t, c)
		expect(t, c.get(t, "/v1/me"), http.StatusUnauthorized, "login_required")
		expect(t, c.post(t, "/v1/login/totp", withCode(challenge, codeAt(t, secret, -1))), http.StatusUnauthorized, "code_refused") // it set the app up
		code := codeAt(t, secret, 0)
		expect(t, c.post(t, "/v1/login/totp", withCode(challenge, code[:3]+" "+code[3:])), http.StatusOK, "")
		expect(t, c.get(t, "/v1/me"), http.StatusOK, "")
		expect(t, c.post(t, "/v1/login/totp", withCode(challenge, codeAt(t, secret, 1))), http.StatusConflict, "expired") // once
		d := s.browser()
		again := challenged(t, d)
		expect(t, d.post(t, "/v1/login/totp", withCode(again, code)), http.StatusUnauthorized, "code_refused") // replayed
		expect(t, d.post(t, "/v1/login/totp", withCode(again, strings.ToLower(codes[3]))), http.StatusOK, "")
		e := s.browser()
		expect(t, e.post(t, "/v1/login/totp", withCode(challenged(t, e), codes[3])), http.StatusUnauthorized, "code_refused") // once
		if mine := d.get(t, "/v1/me/signin"); mine.json["recoveryCodes"] != 9.0 {
			t.Errorf("sign-in: %s", mine.Body)
		}
		if got := s.auditActions(t); got["totp.create"] != 1 || got["recoveryCode.use"] != 1 {
			t.Errorf("audited: %v", got)
		}

		renewed := d.post(t, "/v1/me/totp/recoveryCodes", "")
		expect(t, renewed, http.StatusCreated, "")
		f := s.browser()
		expect(t, f.post(t, "/v1/login/totp", withCode(challenged(t, f), codes[4])), http.StatusUnauthorized, "code_refused")
		expect(t, d.do(t, http.MethodDelete, "/v1/me/totp", ""), http.StatusNoContent, "")
		expect(t, s.browser().post(t, "/v1/login", adasLogin), http.StatusOK, "")
	})
}

func TestCodesAreSlowedDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // no step of the clock passes
		s := newServer(t, plainSite)
		s.addPerson(t, policy.SiteHost)
		b := s.browser()
		expect(t, b.post(t, "/v1/login", adasLogin), http.StatusOK, "")
		secret, _ := enrol(t, b)
		guesser := s.browser()
		guesser.ip = "192.0.2.66"
		challenge := challenged(t, guesser)
		for range 5 {
			expect(t, guesser.post(t, "/v1/login/totp", withCode(challenge, "000000")), http.StatusUnauthorized, "code_refused")
		}
		got := guesser.post(t, "/v1/login/totp", withCode(challenge, codeAt(t, secret, 0)))
		expect(t, got, http.StatusTooManyRequests, "too_many_attempts")
		if got.Header().Get("Retry-After") == "" {
			t.Error("without Retry-After")
		}
		owner := s.browser()
		expect(t, owner.post(t, "/v1/login/totp", withCode(challenged(t, owner), codeAt(t, secret, 0))), http.StatusOK, "")
	})
}

// setRules makes rules the default site's policy.
func (s *server) setRulesText(t *testing.T, rules string) {
	t.Helper()
	now, err := s.db.SiteByID(t.Context(), s.site.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.db.SetPolicy(t.Context(), s.site.ID, now.PolicyVersion, []byte(rules), storage.Operator); err != nil {
		t.Fatal(err)
	}
}

func TestASecondFactorIsNeeded(t *testing.T) {
	for role, wanted := range map[policy.SiteRole]bool{policy.SiteAdmin: true, policy.Auditor: true, policy.SiteHost: false, policy.CSR: false} {
		t.Run(string(role), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newServer(t, namedSite)
				s.addPerson(t, role)
				b := s.browser()
				expect(t, b.post(t, "/v1/login", adasLogin), http.StatusOK, "")
				expect(t, b.get(t, "/v1/me"), http.StatusOK, "")
				s.setRulesText(t, `{"requireSecondFactor":true}`)
				if !wanted {
					expect(t, b.get(t, "/v1/me"), http.StatusOK, "")
					return
				}
				// The login there is feels the policy at once, and so does a new one.
				for _, b := range []*browser{b, s.browser()} {
					if len(b.cookies) == 0 {
						expect(t, b.post(t, "/v1/login", adasLogin), http.StatusOK, "")
					}
					s.limited(t, b)
				}
				enrol(t, b)
				expect(t, b.get(t, "/v1/me"), http.StatusOK, "")
				expect(t, b.get(t, "/v1/sites/default/policy"), http.StatusOK, "")
			})
		})
	}
}

// limited checks that b may do what sets up a second factor, and nothing else.
func (s *server) limited(t *testing.T, b *browser) {
	t.Helper()
	may := map[string]bool{"/v1/login": true, "/v1/logout": true, "/v1/setup": true, "/v1/me/signin": true, "/v1/site": true, "/v1/registrations": true, "/v1/meetings/listed": true, "/v1/openapi.json": true} // a guest's too
	for _, r := range s.routes(nil) {
		if may[r.path] || strings.HasPrefix(r.path, "/v1/welcome") || r.method == http.MethodPost && r.path == "/v1/passwordRequests" || strings.HasPrefix(r.path, "/v1/login/") || strings.HasPrefix(r.path, "/v1/me/passkeys") ||
			strings.HasPrefix(r.path, "/v1/me/totp") || strings.HasPrefix(r.path, "/v1/me/identity") || r.path == "/v1/socket" ||
			strings.HasPrefix(r.path, "/v1/meetings/preview") || strings.HasPrefix(r.path, "/v1/meetings/join") { // a guest's
			continue
		}
		got := b.do(t, r.method, strings.ReplaceAll(r.path, ":id", "x"), "")
		if got.text("code") != "second_factor_needed" {
			t.Errorf("%s %s: %d %s", r.method, r.path, got.Code, got.Body)
		}
	}
	mine := b.get(t, "/v1/me/signin")
	expect(t, mine, http.StatusOK, "")
	if mine.json["needed"] != true || mine.json["mayChange"] != true {
		t.Errorf("sign-in: %s", mine.Body)
	}
}

// Both rules at once lock nobody out: who lacks a second factor sets it up first.
func TestALoginFirstAndASecondFactor(t *testing.T) {
	s := newServer(t, namedSite)
	s.addPerson(t, policy.SiteAdmin)
	s.setRulesText(t, `{"requireSecondFactor":true,"requireLoginBeforeAccess":true}`)
	b := s.browser()
	expect(t, b.get(t, "/v1/me/signin"), http.StatusUnauthorized, "login_required")
	expect(t, b.post(t, "/v1/login", adasLogin), http.StatusOK, "")
	expect(t, b.get(t, "/v1/me"), http.StatusForbidden, "second_factor_needed")
	expect(t, b.get(t, "/v1/me/signin"), http.StatusOK, "")
	enrol(t, b)
	expect(t, b.get(t, "/v1/me"), http.StatusOK, "")
	// Without a second one again, the login is one of a password alone.
	expect(t, b.do(t, http.MethodDelete, "/v1/me/totp", ""), http.StatusNoContent, "")
	expect(t, b.get(t, "/v1/me"), http.StatusForbidden, "second_factor_needed")
}

// Who knows the password alone cannot set up a factor of their own beside one
// that is there.
func TestAPasswordDoesNotReplaceTheSecondFactor(t *testing.T) {
	s := newServer(t, namedSite)
	s.addPerson(t, policy.SiteAdmin)
	early := s.browser()
	expect(t, early.post(t, "/v1/login", adasLogin), http.StatusOK, "")
	b, d := s.browser(), newDevice(t)
	expect(t, b.post(t, "/v1/login", adasLogin), http.StatusOK, "")
	expect(t, b.post(t, "/v1/me/passkeys", d.make(began(t, b.post(t, "/v1/me/passkeys/options", "")), "Telephone")), http.StatusCreated, "")
	for _, path := range []string{"/v1/me/passkeys/options", "/v1/me/totp/options"} {
		expect(t, early.post(t, path, ""), http.StatusForbidden, "fresh_login_needed")
		expect(t, b.post(t, path, ""), http.StatusOK, "")
	}

	s.setRulesText(t, `{"requireSecondFactor":true}`)
	expect(t, early.get(t, "/v1/me"), http.StatusForbidden, "second_factor_needed")
	got := s.browser().post(t, "/v1/login", adasLogin)
	expect(t, got, http.StatusUnauthorized, "second_factor_required")
	if got.text("challenge") != "" || got.json["passkey"] != true {
		t.Errorf("answer: %s", got.Body)
	}
	c := s.browser()
	expect(t, c.post(t, "/v1/login/passkey", d.use(t, began(t, c.post(t, "/v1/login/passkey/options", "")))), http.StatusOK, "")
	expect(t, c.get(t, "/v1/me"), http.StatusOK, "")
}

func TestAnOldLoginChangesNothing(t *testing.T) {
	login := storage.Login{Factors: 2, Created: time.Now().Add(-auth.FreshLogin - time.Second)}
	if mayChange(login, storage.Factors{}) {
		t.Error("an old login may change how one signs in")
	}
	if login.Created = time.Now(); !mayChange(login, storage.Factors{TOTP: true}) {
		t.Error("a fresh one may not")
	}
}

func TestAnAdministratorHelpsWhoLostTheirDevice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // no step of the clock passes
		s := newServer(t, namedSite)
		ada := s.addPerson(t, policy.SiteHost)
		b := s.browser()
		expect(t, b.post(t, "/v1/login", adasLogin), http.StatusOK, "")
		enrol(t, b)
		admin, host := s.signedIn(t, "Root", policy.SiteAdmin), s.signedIn(t, "Eve", policy.SiteHost)
		path := "/v1/users/" + ada.ID + "/secondFactors"
		expect(t, host.do(t, http.MethodDelete, path, ""), http.StatusForbidden, "forbidden")
		expect(t, admin.do(t, http.MethodDelete, "/v1/users/nobody/secondFactors", ""), http.StatusNotFound, "not_found")
		expect(t, admin.do(t, http.MethodDelete, path, ""), http.StatusNoContent, "")
		expect(t, b.get(t, "/v1/me"), http.StatusUnauthorized, "login_required")
		expect(t, s.browser().post(t, "/v1/login", adasLogin), http.StatusOK, "")
	})
}
