package api

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/storage"
)

// sent takes what is in the queue, by who it is to.
func (s *server) sent(t *testing.T) map[string]storage.Mail {
	t.Helper()
	due, err := s.db.DueMail(t.Context(), 1000)
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string]storage.Mail)
	for _, m := range due {
		if _, twice := all[m.To]; twice {
			t.Errorf("%s is written to twice", m.To)
		}
		all[m.To] = m
		if err := s.db.DeleteMail(t.Context(), m.ID); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// expectMail compares who got which method and sequence.
func (s *server) expectMail(t *testing.T, what string, want map[string]string) map[string]storage.Mail {
	t.Helper()
	got := s.sent(t)
	if len(got) != len(want) {
		t.Errorf("%s: %d mails, want %d", what, len(got), len(want))
	}
	for to, how := range want {
		method, sequence, _ := strings.Cut(how, " ")
		m := got[to]
		if m.Method != method || !strings.Contains(m.Calendar, "\r\nSEQUENCE:"+sequence+"\r\n") || m.Kind != storage.InvitationMail {
			t.Errorf("%s: %s got %q and %s, want %s", what, to, m.Method, m.Calendar, how)
		}
	}
	return got
}

// newPost returns a server that sends mail, with Ada and Bob, who host.
func newPost(t *testing.T) (s *server, ada, bob *browser) {
	t.Helper()
	s = newServer(t, "https://meet.example.org")
	s.mails = true
	return s, s.signedIn(t, "Ada", policy.SiteHost), s.signedIn(t, "Bob", policy.SiteHost)
}

const withGuests = `{"title":"Weekly","start":"2027-05-04T09:00:00Z","password":"open sesame","timezone":"Europe/Berlin",
	"recurrence":"FREQ=WEEKLY;COUNT=4","invitees":["grace@example.com","Heidi@example.com","GRACE@example.com"],"alternativeHosts":["bob@example.org"]}`

// Who is invited hears of it, of each change that is news to them, and of the end.
func TestTheInvitedAreTold(t *testing.T) {
	s, ada, _ := newPost(t)
	m := ada.post(t, "/v1/meetings", withGuests)
	expect(t, m, http.StatusCreated, "")
	path := "/v1/meetings/" + m.text("id")
	first := s.expectMail(t, "scheduled", map[string]string{
		"grace@example.com": "REQUEST 1", "Heidi@example.com": "REQUEST 1", "ada@example.org": "PUBLISH 1", "bob@example.org": "PUBLISH 1",
	})
	uid := "\r\nUID:" + m.text("id") + "\r\n"
	secret := strings.TrimPrefix(fragmentOf(m), "#")
	for to, mail := range first {
		all := mail.Subject + mail.Text + mail.HTML + strings.ReplaceAll(mail.Calendar, "\r\n ", "")
		if !strings.Contains(mail.Calendar, uid) || strings.Contains(all, secret) || strings.Contains(all, "/j/") || mail.ReplyTo != "ada@example.org" {
			t.Errorf("the mail to %s: %+v", to, mail)
		}
		host := strings.HasSuffix(to, "example.org")
		if strings.Contains(all, "https://meet.example.org/meetings") != host {
			t.Errorf("the host's address in the mail to %s: %v", to, !host)
		}
	}
	expect(t, ada.do(t, http.MethodPatch, path, `{"lobby":true,"requireEmail":true}`), http.StatusOK, "")
	s.expectMail(t, "what is no news", nil)
	expect(t, ada.do(t, http.MethodPatch, path, `{"title":"Monthly"}`), http.StatusOK, "")
	s.expectMail(t, "another title", map[string]string{
		"grace@example.com": "REQUEST 3", "Heidi@example.com": "REQUEST 3", "ada@example.org": "PUBLISH 3", "bob@example.org": "PUBLISH 3",
	})
	expect(t, ada.do(t, http.MethodPatch, path, `{"invitees":["heidi@example.com","ivan@example.com"]}`), http.StatusOK, "")
	s.expectMail(t, "one out, one in", map[string]string{
		"grace@example.com": "CANCEL 4", "ivan@example.com": "REQUEST 4", "ada@example.org": "PUBLISH 4",
	})
	expect(t, ada.do(t, http.MethodDelete, path, ""), http.StatusNoContent, "")
	gone := s.expectMail(t, "deleted", map[string]string{
		"heidi@example.com": "CANCEL 5", "ivan@example.com": "CANCEL 5", "ada@example.org": "CANCEL 5", "bob@example.org": "CANCEL 5",
	})
	if !strings.Contains(gone["ivan@example.com"].Calendar, uid) || !strings.Contains(gone["ivan@example.com"].Calendar, "\r\nSTATUS:CANCELLED\r\n") {
		t.Errorf("the cancellation: %s", gone["ivan@example.com"].Calendar)
	}
}

func TestSendInvitations(t *testing.T) {
	s, ada, bob := newPost(t)
	m := ada.schedule(t)
	path := "/v1/meetings/" + m.text("id") + "/invitations"
	expect(t, ada.post(t, path, `{}`), http.StatusUnprocessableEntity, "invalid")
	got := ada.post(t, path, `{"emails":["grace@example.com"," heidi@example.com "]}`)
	expect(t, got, http.StatusAccepted, "")
	if got.json["invited"] != 2.0 {
		t.Errorf("invited: %s", got.Body)
	}
	s.expectMail(t, "two", map[string]string{"grace@example.com": "REQUEST 2", "heidi@example.com": "REQUEST 2", "ada@example.org": "PUBLISH 2"})
	expect(t, ada.post(t, path, `{"emails":["GRACE@example.com"]}`), http.StatusAccepted, "")
	s.expectMail(t, "one again", map[string]string{"GRACE@example.com": "REQUEST 2", "ada@example.org": "PUBLISH 2"})
	expect(t, ada.post(t, path, `{}`), http.StatusAccepted, "")
	s.expectMail(t, "all again", map[string]string{"grace@example.com": "REQUEST 2", "heidi@example.com": "REQUEST 2", "ada@example.org": "PUBLISH 2"})
	for _, bad := range []string{
		`{"emails":["nobody"]}`, `{"emails":["a@example.com\r\nBcc: b@example.com"]}`, `{"emails":["a@example.com,b@example.com"]}`,
		`{"emails":["\u202ea@example.com"]}`, `{"emails":[` + strings.TrimSuffix(strings.Repeat(`"a@example.com",`, 201), ",") + `]}`,
	} {
		expect(t, ada.post(t, path, bad), http.StatusUnprocessableEntity, "invalid")
	}
	expect(t, ada.post(t, path, `{"emails":"a@example.com"}`), http.StatusBadRequest, "malformed")
	expect(t, bob.post(t, path, `{"emails":["a@example.com"]}`), http.StatusNotFound, "not_found")
	if n := len(s.sent(t)); n != 0 {
		t.Errorf("%d mails of what was refused", n)
	}
	if items := ada.get(t, "/v1/meetings/"+m.text("id")).json["invitees"]; len(items.([]any)) != 2 {
		t.Errorf("invitees %v", items)
	}
}

// Where the policy or the operator wants no mail there is none, and the page is
// told so.
func TestNoInvitationsByMail(t *testing.T) {
	s, ada, _ := newPost(t)
	m := ada.post(t, "/v1/meetings", withGuests)
	expect(t, m, http.StatusCreated, "")
	s.sent(t)
	path := "/v1/meetings/" + m.text("id")
	quiet := func(t *testing.T, code string, status int) {
		t.Helper()
		expect(t, ada.post(t, path+"/invitations", `{}`), status, code)
		expect(t, ada.do(t, http.MethodPatch, path, `{"title":"`+code+`"}`), http.StatusOK, "")
		another := ada.post(t, "/v1/meetings", withGuests)
		expect(t, another, http.StatusCreated, "")
		expect(t, ada.do(t, http.MethodDelete, "/v1/meetings/"+another.text("id"), ""), http.StatusNoContent, "")
		s.expectMail(t, code, nil)
		if list := ada.get(t, "/v1/meetings"); list.json["mailWorks"] != false {
			t.Errorf("the page is told %v", list.json["mailWorks"])
		}
	}
	if ada.get(t, "/v1/meetings").json["mailWorks"] != true {
		t.Error("the page is not told that mail works")
	}
	if err := s.db.SetPolicy(t.Context(), s.site.ID, 1, []byte(`{"disableEmailInvitations":true}`), storage.Operator); err != nil {
		t.Fatal(err)
	}
	quiet(t, "mail_forbidden", http.StatusForbidden)
	if err := s.db.SetPolicy(t.Context(), s.site.ID, 2, []byte(`{}`), storage.Operator); err != nil {
		t.Fatal(err)
	}
	s.mails = false
	quiet(t, "mail_off", http.StatusConflict)
}

// A mail has its host's language, and without a password where they want it so.
func TestWhatAMailSays(t *testing.T) {
	s, ada, _ := newPost(t)
	ada.headers["Accept-Language"] = "fr-FR, de-AT;q=0.9, en;q=0.8"
	expect(t, ada.post(t, "/v1/meetings", strings.Replace(withGuests, `"title"`, `"excludePassword":true,"title"`, 1)), http.StatusCreated, "")
	for to, mail := range s.sent(t) {
		if !strings.HasPrefix(mail.Subject, "Einladung") || strings.Contains(mail.Text+mail.HTML+mail.Calendar, "sesame") {
			t.Errorf("to %s: %s", to, mail.Text)
		}
	}
	expect(t, ada.do(t, http.MethodPatch, "/v1/me", `{"language":"en"}`), http.StatusOK, "")
	expect(t, ada.post(t, "/v1/meetings", withGuests), http.StatusCreated, "")
	if subject := s.sent(t)["grace@example.com"].Subject; subject != "Invitation: Weekly" {
		t.Errorf("whose language is English writes %q", subject)
	}
}

// What a title holds stays in its place, or is refused before anything is sent.
func TestNothingIsInjectedIntoInvitations(t *testing.T) {
	s, ada, _ := newPost(t)
	for _, evil := range []string{
		`A\r\nBcc: evil@example.com`, `A\nATTENDEE:mailto:evil@example.com`, `A\u2028B`, `A\u202eB`, `A\u200bB`, `A\u0000B`, strings.Repeat("é", 10_000),
	} {
		body := fmt.Sprintf(`{"title":"%s","start":"2027-05-04T09:00:00Z","password":"open sesame","invitees":["grace@example.com"]}`, evil)
		expect(t, ada.post(t, "/v1/meetings", body), http.StatusUnprocessableEntity, "invalid")
	}
	plain := `{"title":"A;B,C:\"D\"\\E <b>","agenda":"1\r\n2\nATTENDEE:mailto:evil@example.com","start":"2027-05-04T09:00:00Z","password":"a<b>&;","invitees":["grace@example.com"]}`
	expect(t, ada.post(t, "/v1/meetings", plain), http.StatusCreated, "")
	mail := s.sent(t)["grace@example.com"]
	if strings.Contains(mail.Calendar, "\nATTENDEE:mailto:evil") || strings.Contains(mail.HTML, "<b>") || !strings.Contains(mail.Calendar, `A\;B\,C:"D"\\E <b>`) {
		t.Errorf("calendar %s, HTML %s", mail.Calendar, mail.HTML)
	}
}

// One host cannot make the server write to everybody.
func TestInvitationsAreLimited(t *testing.T) {
	s, ada, bob := newPost(t)
	emails := make([]string, maxInvitees)
	for i := range emails {
		emails[i] = fmt.Sprintf(`"guest%d@example.com"`, i)
	}
	body := `{"title":"Weekly","start":"2027-05-04T09:00:00Z","password":"open sesame","invitees":[` + strings.Join(emails, ",") + `]}`
	for range 5 {
		expect(t, ada.post(t, "/v1/meetings", body), http.StatusCreated, "")
	}
	expect(t, ada.post(t, "/v1/meetings", body), http.StatusTooManyRequests, "too_many_attempts")
	expect(t, ada.schedule(t), http.StatusCreated, "")
	expect(t, bob.post(t, "/v1/meetings", body), http.StatusCreated, "")
	if n, err := s.db.WaitingMail(t.Context()); err != nil || n != 6*(maxInvitees+1) {
		t.Errorf("%d mails wait, %v", n, err)
	}
}
