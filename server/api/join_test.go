package api

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/conclave-meet/conclave/server/auth"
	"github.com/conclave-meet/conclave/signaling/policy"
)

// proofOf returns what the pages send for a meeting's link.
func proofOf(t *testing.T, m reply) string {
	t.Helper()
	_, proof, err := readLink(m.text("webLink"))
	if err != nil {
		t.Fatal(err)
	}
	return proof
}

// byLink is a join with the meeting's link.
func byLink(t *testing.T, m reply) string {
	t.Helper()
	return fmt.Sprintf(`{"meetingNumber":%q,"linkProof":%q,"displayName":"Guest"}`, m.text("meetingNumber"), proofOf(t, m))
}

// byPassword is a join with a password.
func byPassword(number, password string) string {
	return fmt.Sprintf(`{"meetingNumber":%q,"password":%q,"displayName":"Guest"}`, number, password)
}

func TestWaysIntoAMeeting(t *testing.T) {
	s := newServer(t, plainSite)
	ada := s.signedIn(t, "Ada", policy.SiteHost)
	m := ada.schedule(t)
	number := m.text("meetingNumber")
	spaced := number[:4] + " " + number[4:7] + "-" + number[7:]
	for _, tt := range []struct {
		name, body, role string
		browser          *browser
	}{
		{"a guest with the link", byLink(t, m), "attendee", s.browser()},
		{"a guest with the password", byPassword(number, "open sesame"), "attendee", s.browser()},
		{"the number as it is shown", byPassword(spaced, "open sesame"), "attendee", s.browser()},
		{"a program with the whole link", fmt.Sprintf(`{"webLink":%q,"displayName":"Guest"}`, m.text("webLink")), "attendee", s.browser()},
		{"another user of the site", byLink(t, m), "attendee", s.signedIn(t, "Bob", policy.SiteHost)},
		{"an administrator is no host", byLink(t, m), "attendee", s.signedIn(t, "Cy", policy.SiteAdmin)},
		{"the owner with nothing but the login", fmt.Sprintf(`{"meetingNumber":%q,"displayName":"Guest"}`, number), "host", ada},
		{"a guest with an address", strings.Replace(byLink(t, m), "{", `{"email":"guest@example.org",`, 1), "attendee", s.browser()},
		{"a guest with a stale login", byLink(t, m), "attendee", &browser{server: s, ip: "192.0.2.1", cookies: map[string]string{loginCookie: "stale"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := tt.browser.post(t, "/v1/meetings/join", tt.body)
			expect(t, got, http.StatusOK, "")
			if got.text("role") != tt.role || got.text("title") != "Weekly" || got.text("displayName") != "Guest" ||
				got.json["waiting"] != true || got.text("meetingNumber") != number || len(got.json) != 9 {
				t.Errorf("stay = %s", got.Body)
			}
		})
	}
}

// keys are public keys as a browser shows them.
const keys = `"signatureKey":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE","sealingKey":"AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI"`

// Who shows keys gets the site's word for whose they are: of the name and the
// role that the room will show too, whatever else they typed.
func TestWhoShowsKeysGetsACredential(t *testing.T) {
	s := newServer(t, "https://meet.example.org")
	ada := s.signedIn(t, "Ada", policy.SiteHost)
	m := ada.schedule(t)
	for _, tt := range []struct {
		name    string
		browser *browser
		role    string
		guest   bool
	}{
		{"a guest", s.browser(), "attendee", true},
		{"another user", s.signedIn(t, "Bob", policy.SiteHost), "attendee", false},
		{"the owner", ada, "host", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := tt.browser.post(t, "/v1/meetings/join", strings.Replace(byLink(t, m), "{", "{"+keys+",", 1))
			expect(t, got, http.StatusOK, "")
			if got.text("siteName") != "meet.example.org" || len(got.json) != 10 {
				t.Errorf("stay = %s", got.Body)
			}
			claims := opened(t, got.text("credential"), got.text("siteKey"))
			for name, want := range map[string]any{
				"iss": "https://meet.example.org", "aud": m.text("meetingNumber"), "sub": got.text("participantId"),
				"name": "Guest", "org": "meet.example.org", "role": tt.role, "guest": tt.guest,
				"sig": "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE", "seal": "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI",
			} {
				if claims[name] != want {
					t.Errorf("%s = %v, want %v", name, claims[name], want)
				}
			}
		})
	}
}

// opened verifies a credential with the site's key and returns its claims.
func opened(t *testing.T, credential, siteKey string) (claims map[string]any) {
	t.Helper()
	decode := func(text string) []byte {
		b, err := base64.RawURLEncoding.DecodeString(text)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	parts := strings.Split(credential, ".")
	if len(parts) != 3 || !ed25519.Verify(decode(siteKey), []byte(parts[0]+"."+parts[1]), decode(parts[2])) {
		t.Fatalf("%q is not signed with %s", credential, siteKey)
	}
	if err := json.Unmarshal(decode(parts[1]), &claims); err != nil {
		t.Fatal(err)
	}
	return claims
}

func TestNobodyElseGetsACredential(t *testing.T) {
	s := newServer(t, plainSite)
	m := s.signedIn(t, "Ada", policy.SiteHost).schedule(t)
	without := s.browser().post(t, "/v1/meetings/join", byLink(t, m))
	expect(t, without, http.StatusOK, "")
	if _, found := without.json["credential"]; found || without.text("siteKey") == "" {
		t.Errorf("without keys: %s", without.Body)
	}
	refused := s.browser().post(t, "/v1/meetings/join", strings.Replace(byPassword(m.text("meetingNumber"), "wrong"), "{", "{"+keys+",", 1))
	expect(t, refused, http.StatusForbidden, "join_refused")
	if _, found := refused.json["credential"]; found {
		t.Errorf("who is refused: %s", refused.Body)
	}
}

func TestAStay(t *testing.T) {
	for _, site := range []string{plainSite, "https://meet.example.org"} {
		t.Run(site, func(t *testing.T) {
			s := newServer(t, site)
			ada := s.signedIn(t, "Ada", policy.SiteHost)
			m := ada.schedule(t)
			expect(t, ada.post(t, "/v1/meetings/"+m.text("id")+"/start", ""), http.StatusOK, "")
			redeem := func(b *browser, join reply) auth.Stay {
				t.Helper()
				expect(t, join, http.StatusOK, "")
				r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "/v1/socket", nil)
				if err != nil {
					t.Fatal(err)
				}
				for name, value := range b.cookies {
					r.AddCookie(&http.Cookie{Name: name, Value: value})
				}
				cookie := StayCookie(r, s.site, join.text("ticket"))
				stay, err := s.tickets.Redeem(join.text("ticket"), cookie)
				if err != nil {
					t.Fatal(err)
				}
				if stay.Secret != auth.StaySecretOf(cookie) {
					t.Error("the stay has another secret than its cookie")
				}
				stay.Secret = auth.StaySecret{}
				return stay
			}

			guest := s.browser()
			guest.headers["User-Agent"] = "Browser/1\t\x80" + strings.Repeat("é", 200)
			join := guest.post(t, "/v1/meetings/join", strings.Replace(byLink(t, m), "{", `{"email":"guest@example.org",`, 1))
			if join.json["waiting"] != false {
				t.Errorf("waits for a meeting that runs: %s", join.Body)
			}
			want := auth.Stay{
				ParticipantID: join.text("participantId"), SiteID: s.site.ID, MeetingID: m.text("id"), Name: "Guest",
				Email: "guest@example.org", Role: "attendee", Guest: true, IPAddress: "192.0.2.1",
				ClientAgent: "Browser/1" + strings.Repeat("é", 123),
			}
			if got := redeem(guest, join); got != want {
				t.Errorf("stay = %+v\nwant   %+v", got, want)
			}

			me := ada.get(t, "/v1/me")
			join = ada.post(t, "/v1/meetings/join", strings.Replace(byLink(t, m), "{", `{"email":"other@example.org",`, 1))
			want = auth.Stay{
				ParticipantID: join.text("participantId"), SiteID: s.site.ID, MeetingID: m.text("id"), UserID: me.text("id"),
				Name: "Guest", Email: "ada@example.org", Role: "host", Owner: true, IPAddress: "192.0.2.1",
			}
			if got := redeem(ada, join); got != want {
				t.Errorf("stay = %+v\nwant   %+v", got, want)
			}
		})
	}
}

func TestStayCookieOfAnotherTicket(t *testing.T) {
	s := newServer(t, plainSite)
	m := s.signedIn(t, "Ada", policy.SiteHost).schedule(t)
	b := s.browser()
	first, second := b.post(t, "/v1/meetings/join", byLink(t, m)), b.post(t, "/v1/meetings/join", byLink(t, m))
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "/v1/socket", nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	one, two := StayCookie(r, s.site, first.text("ticket")), StayCookie(r, s.site, second.text("ticket"))
	if one == "" || two == "" || one == two {
		t.Errorf("two tabs have the cookies %q and %q", one, two)
	}
	for _, ticket := range []string{"", ".", "p-0000000000000000.x", "nonsense", "; conclave-login"} {
		if got := StayCookie(r, s.site, ticket); got != "" {
			t.Errorf("StayCookie of %q = %q", ticket, got)
		}
	}
}

// Whoever does not know the meeting cannot tell why: byte for byte the same
// answer to a number that does not exist, a wrong password, a wrong link and
// none, before a meeting, in it and after it.
func TestRefusedJoinsAreAlike(t *testing.T) {
	s := newServer(t, plainSite)
	ada, bob := s.signedIn(t, "Ada", policy.SiteHost), s.signedIn(t, "Bob", policy.SiteHost)
	m, other := ada.schedule(t), bob.schedule(t)
	number := m.text("meetingNumber")
	path := "/v1/meetings/" + m.text("id")
	var first *reply
	check := func(call, body string) {
		t.Helper()
		got := s.browser().post(t, call, body)
		expect(t, got, http.StatusForbidden, "join_refused")
		if first == nil {
			first = &got
		}
		alike(t, *first, got)
	}
	for _, turn := range []string{"", "/start", "/end"} {
		if turn != "" {
			ada.post(t, path+turn, "")
		}
		check("/v1/meetings/join", byPassword("99999999999", "open sesame"))
		check("/v1/meetings/join", byPassword("1", "open sesame"))
		check("/v1/meetings/join", byPassword(number, "wrong"))
		check("/v1/meetings/join", byPassword(number, ""))
		check("/v1/meetings/join", strings.Replace(byLink(t, other), other.text("meetingNumber"), number, 1))
		check("/v1/meetings/join", strings.Replace(byLink(t, m), number, "99999999999", 1))
		check("/v1/meetings/preview", fmt.Sprintf(`{"meetingNumber":%q}`, number))
		check("/v1/meetings/preview", fmt.Sprintf(`{"meetingNumber":%q,"linkProof":%q}`, number, proofOf(t, other)))
	}
	got := bob.post(t, "/v1/meetings/join", byPassword(number, "wrong"))
	expect(t, got, http.StatusForbidden, "join_refused")
}

func TestOnlyTheInvitedLearnThatAMeetingHasEnded(t *testing.T) {
	s := newServer(t, plainSite)
	ada := s.signedIn(t, "Ada", policy.SiteHost)
	m := ada.schedule(t)
	ada.post(t, "/v1/meetings/"+m.text("id")+"/start", "")
	ada.post(t, "/v1/meetings/"+m.text("id")+"/end", "")
	number := m.text("meetingNumber")
	for _, tt := range []struct {
		browser *browser
		body    string
	}{
		{s.browser(), byLink(t, m)},
		{s.browser(), byPassword(number, "open sesame")},
		{ada, fmt.Sprintf(`{"meetingNumber":%q,"displayName":"Ada"}`, number)},
	} {
		expect(t, tt.browser.post(t, "/v1/meetings/join", tt.body), http.StatusGone, "meeting_ended")
	}
	expect(t, s.browser().post(t, "/v1/meetings/join", byPassword(number, "wrong")), http.StatusForbidden, "join_refused")

	ada.post(t, "/v1/meetings/"+m.text("id")+"/start", "")
	expect(t, s.browser().post(t, "/v1/meetings/join", byLink(t, m)), http.StatusOK, "")
}

func TestPreview(t *testing.T) {
	s := newServer(t, plainSite)
	ada := s.signedIn(t, "Ada", policy.SiteHost)
	m := ada.schedule(t)
	withLink := fmt.Sprintf(`{"meetingNumber":%q,"linkProof":%q}`, m.text("meetingNumber"), proofOf(t, m))
	for _, tt := range []struct {
		name, body, role, displayName string
		browser                       *browser
	}{
		{"a guest", withLink, "attendee", "", s.browser()},
		{"another user", withLink, "attendee", "Bob", s.signedIn(t, "Bob", policy.SiteHost)},
		{"the owner", fmt.Sprintf(`{"meetingNumber":%q}`, m.text("meetingNumber")), "host", "Ada", ada},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := tt.browser.post(t, "/v1/meetings/preview", tt.body)
			expect(t, got, http.StatusOK, "")
			for name, want := range map[string]string{
				"title": "Weekly", "hostDisplayName": "Ada", "start": "2027-05-04T09:00:00Z", "state": "scheduled",
				"role": tt.role, "displayName": tt.displayName, "linkProofHash": m.text("linkProofHash"),
			} {
				if got.json[name] != want {
					t.Errorf("%s = %v, want %s", name, got.json[name], want)
				}
			}
			if len(got.json) != 10 || got.json["displayNameFixed"] != false {
				t.Errorf("the preview tells more: %s", got.Body)
			}
		})
	}
}

func TestBadJoins(t *testing.T) {
	b := newServer(t, plainSite).browser()
	link := plainSite + "/j/23456789012#" + auth.FormatLinkSecret(auth.NewLinkSecret())
	for _, tt := range []struct{ name, body string }{
		{"no name", `{"meetingNumber":"23456789012","password":"open sesame"}`},
		{"a name that turns round", `{"meetingNumber":"23456789012","displayName":"A\u202eB"}`},
		{"a name of nothing", `{"meetingNumber":"23456789012","displayName":"\u200b"}`},
		{"no address", `{"meetingNumber":"23456789012","displayName":"A","email":"nonsense"}`},
		{"no meeting", `{"displayName":"A"}`},
		{"number and link", fmt.Sprintf(`{"meetingNumber":"23456789012","webLink":%q,"displayName":"A"}`, link)},
		{"link and proof", fmt.Sprintf(`{"webLink":%q,"linkProof":"x","displayName":"A"}`, link)},
		{"a link without a secret", `{"webLink":"http://127.0.0.1:8080/j/23456789012","displayName":"A"}`},
		{"a link to elsewhere", strings.Replace(fmt.Sprintf(`{"webLink":%q,"displayName":"A"}`, link), "/j/", "/k/", 1)},
		{"no link", `{"webLink":"http://[","displayName":"A"}`},
		{"one key", `{"meetingNumber":"23456789012","displayName":"A","signatureKey":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE"}`},
		{"the other key", `{"meetingNumber":"23456789012","displayName":"A","sealingKey":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE"}`},
		{"a short key", strings.Replace(`{"meetingNumber":"23456789012","displayName":"A",`+keys+`}`, "AgIC", "", 1)},
		{"a long key", strings.Replace(`{"meetingNumber":"23456789012","displayName":"A",`+keys+`}`, "AgIC", "AgICAgIC", 1)},
		{"a padded key", strings.Replace(`{"meetingNumber":"23456789012","displayName":"A",`+keys+`}`, `AgI"`, `AgI="`, 1)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			expect(t, b.post(t, "/v1/meetings/join", tt.body), http.StatusUnprocessableEntity, "invalid")
		})
	}
	expect(t, b.post(t, "/v1/meetings/join", fmt.Sprintf(`{"webLink":%q,"displayName":"A"}`, link)), http.StatusForbidden, "join_refused")
}

func FuzzReadLink(f *testing.F) {
	f.Add("http://127.0.0.1:8080/j/23456789012#" + auth.FormatLinkSecret(make([]byte, 32)))
	f.Add("/j/#")
	f.Fuzz(func(t *testing.T, link string) {
		number, proof, err := readLink(link)
		if err != nil {
			return
		}
		if u, err := url.Parse(link); err != nil || u.Path != "/j/"+number || len(proof) != 43 {
			t.Errorf("readLink(%q) = %q, %q", link, number, proof)
		}
	})
}
