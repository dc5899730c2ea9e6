package api

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/conclave-meet/conclave/server/auth"
	"github.com/conclave-meet/conclave/server/jointoken"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/storage"
)

// signer is an embedder's server: it has a key, and signs people in with it.
type signer struct {
	t       *testing.T
	private crypto.Signer
	alg     string
	kid     string
}

func newSigner(t *testing.T) *signer {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &signer{t: t, private: private, alg: "EdDSA"}
}

func newRSASigner(t *testing.T) *signer {
	t.Helper()
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return &signer{t: t, private: private, alg: "RS256"}
}

func (g *signer) der() []byte {
	g.t.Helper()
	der, err := x509.MarshalPKIXPublicKey(g.private.Public())
	if err != nil {
		g.t.Fatal(err)
	}
	return der
}

func (g *signer) pem() string { return jointoken.PEM(g.der()) }

// register makes the key one of the site's.
func (g *signer) register(s *server, name string, most policy.Role) storage.JoinKey {
	return g.registerAt(s, s.site.ID, name, most)
}

func (g *signer) registerAt(s *server, siteID, name string, most policy.Role) storage.JoinKey {
	g.t.Helper()
	k, err := s.db.InsertJoinKey(g.t.Context(), storage.JoinKey{
		SiteID: siteID, Name: name, Algorithm: g.alg, PublicKey: g.der(), MaxRole: string(most),
	}, storage.Operator)
	if err != nil {
		g.t.Fatal(err)
	}
	g.kid = k.ID
	return k
}

// jsonOf returns text as it stands within the quotes of JSON.
func jsonOf(t *testing.T, text string) string {
	t.Helper()
	quoted, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Trim(string(quoted), `"`)
}

type said map[string]any

func (g *signer) segment(v any) string {
	g.t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		g.t.Fatal(err)
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

func (g *signer) signed(header, claims said) string {
	g.t.Helper()
	text := g.segment(header) + "." + g.segment(claims)
	message, how := []byte(text), crypto.SignerOpts(crypto.Hash(0))
	if g.alg == "RS256" {
		sum := sha256.Sum256(message)
		message, how = sum[:], crypto.SHA256
	}
	signature, err := g.private.Sign(rand.Reader, message, how)
	if err != nil {
		g.t.Fatal(err)
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(signature)
}

// claims are good ones for meeting m, with more in place of theirs; nil leaves one out.
func (g *signer) claims(m reply, more said) said {
	now := time.Now().Unix()
	all := said{"aud": plainSite, "iat": now, "exp": now + 300, "jti": rand.Text(), "meeting": m.text("meetingNumber"), "name": "Grace Hopper"}
	maps.Copy(all, more)
	maps.DeleteFunc(all, func(_ string, v any) bool { return v == nil })
	return all
}

func (g *signer) header() said { return said{"alg": g.alg, "kid": g.kid, "typ": "JWT"} }

func (g *signer) token(m reply, more said) string { return g.signed(g.header(), g.claims(m, more)) }

// byToken is a join with a token, and more of the body.
func byToken(m reply, token, more string) string {
	return fmt.Sprintf(`{"meetingNumber":%q,"joinToken":%q%s}`, m.text("meetingNumber"), token, more)
}

func TestATokenLetsPeopleIn(t *testing.T) {
	s := newServer(t, plainSite)
	ada := s.signedIn(t, "Ada", policy.SiteHost)
	m := ada.schedule(t)
	for _, g := range []*signer{newSigner(t), newRSASigner(t)} {
		g.register(s, g.alg, policy.Host)
		for _, tt := range []struct {
			name    string
			claims  said
			more    string
			browser *browser
			want    auth.Stay
		}{
			{"as an attendee", nil, "", s.browser(), auth.Stay{Name: "Grace Hopper", Role: "attendee", Guest: true}},
			{"whatever they type", said{"email": "grace@navy.example"}, `,"displayName":"Ada","email":"a@example.org"`, s.browser(), auth.Stay{Name: "Grace Hopper", Email: "grace@navy.example", Role: "attendee", Guest: true}},
			{"without a name", said{"name": nil}, `,"displayName":"Typed","email":"a@example.org"`, s.browser(), auth.Stay{Name: "Typed", Email: "a@example.org", Role: "attendee", Guest: true}},
			{"as a panelist", said{"role": "panelist"}, "", s.browser(), auth.Stay{Name: "Grace Hopper", Role: "panelist", Guest: true}},
			{"as a host", said{"role": "host"}, "", s.browser(), auth.Stay{Name: "Grace Hopper", Role: "host", Guest: true}},
			{"as nobody else, signed in or not", nil, "", ada, auth.Stay{Name: "Grace Hopper", Role: "attendee", Guest: true}},
		} {
			t.Run(g.alg+" "+tt.name, func(t *testing.T) {
				got := tt.browser.post(t, "/v1/meetings/join", byToken(m, g.token(m, tt.claims), tt.more))
				expect(t, got, http.StatusOK, "")
				if got.text("role") != tt.want.Role || got.text("displayName") != tt.want.Name {
					t.Errorf("stay = %s", got.Body)
				}
				stay, err := s.tickets.Redeem(got.text("ticket"), tt.browser.cookies[stayCookie(got.text("participantId"))])
				if err != nil {
					t.Fatal(err)
				}
				kept := auth.Stay{Name: stay.Name, Email: stay.Email, Role: stay.Role, Guest: stay.Guest, Owner: stay.Owner, UserID: stay.UserID}
				if kept != tt.want {
					t.Errorf("stay = %+v, want %+v", kept, tt.want)
				}
			})
		}
		if k, err := s.db.JoinKeyByID(t.Context(), s.site.ID, g.kid); err != nil || k.LastUsed.IsZero() {
			t.Errorf("the key was never used: %v", err)
		}
	}
}

// The site's questions are for a host by a token as for anybody; the meeting's own
// host is asked nothing.
func TestATokenHostIsAskedToo(t *testing.T) {
	s := newServer(t, plainSite)
	admin, ada := s.signedIn(t, "Root", policy.SiteAdmin), s.signedIn(t, "Ada", policy.SiteHost)
	m := ada.schedule(t)
	s.sets(t, admin, `{"disclaimer":{"text":"Be kind."},"requireEmail":true,"preSessionFields":[{"name":"company","label":"Company","required":true}]}`)
	g := newSigner(t)
	g.register(s, "Portal", policy.Host)
	b, token := s.browser(), g.token(m, said{"role": "host"})
	if got := b.post(t, "/v1/meetings/preview", byToken(m, token, "")); got.json["askedNothing"] != false || got.text("role") != "host" {
		t.Errorf("preview = %s", got.Body)
	}
	if got := ada.post(t, "/v1/meetings/preview", fmt.Sprintf(`{"meetingNumber":%q}`, m.text("meetingNumber"))); got.json["askedNothing"] != true {
		t.Errorf("the owner's preview = %s", got.Body)
	}
	hash := policy.Disclaimer{Text: "Be kind."}.Hash()
	all := fmt.Sprintf(`,"email":"g@example.org","disclaimerHash":%q,"fields":{"company":"Navy"}`, hash)
	for _, tt := range []struct {
		without string
		status  int
		code    string
	}{
		{`,"email":"g@example.org"`, http.StatusUnprocessableEntity, "invalid"},
		{fmt.Sprintf(`,"disclaimerHash":%q`, hash), http.StatusConflict, "disclaimer_changed"},
		{`,"fields":{"company":"Navy"}`, http.StatusUnprocessableEntity, "invalid"},
		{"none of it", http.StatusOK, ""},
	} {
		expect(t, b.post(t, "/v1/meetings/join", byToken(m, token, strings.Replace(all, tt.without, "", 1))), tt.status, tt.code)
	}
	expect(t, ada.post(t, "/v1/meetings/join", byLink(t, m)), http.StatusOK, "")
}

// The site's word for who comes by a token says what is so: the role that the
// token gives, and that nobody signed in at the site.
func TestTheCredentialOfATokenHost(t *testing.T) {
	s := newServer(t, plainSite)
	m := s.signedIn(t, "Ada", policy.SiteHost).schedule(t)
	g := newSigner(t)
	g.register(s, "Portal", policy.Host)
	got := s.browser().post(t, "/v1/meetings/join", byToken(m, g.token(m, said{"role": "host"}), ","+keys))
	expect(t, got, http.StatusOK, "")
	claims := opened(t, got.text("credential"), got.text("siteKey"))
	if claims["role"] != "host" || claims["guest"] != true || claims["owner"] != false || claims["name"] != "Grace Hopper" {
		t.Errorf("credential = %v", claims)
	}
}

func TestPreviewByToken(t *testing.T) {
	s := newServer(t, plainSite)
	admin := s.signedIn(t, "Root", policy.SiteAdmin)
	m := s.signedIn(t, "Ada", policy.SiteHost).post(t, "/v1/meetings", `{"title":"Staff","start":"2027-05-04T09:00:00Z","requireAttendeeLogin":true,"requireEmail":true}`)
	expect(t, m, http.StatusCreated, "")
	g := newSigner(t)
	g.register(s, "Portal", policy.Host)
	b := s.browser()
	for _, tt := range []struct {
		claims       said
		name         string
		fixed, email bool
	}{
		{nil, "Grace Hopper", true, true},
		{said{"email": "grace@navy.example"}, "Grace Hopper", true, false},
		{said{"name": nil}, "", false, true},
	} {
		token := g.token(m, tt.claims)
		for range 2 { // a look uses nothing up
			got := b.post(t, "/v1/meetings/preview", byToken(m, token, ""))
			expect(t, got, http.StatusOK, "")
			if got.text("displayName") != tt.name || got.json["displayNameFixed"] != tt.fixed || got.json["requireEmail"] != tt.email || got.text("role") != "attendee" {
				t.Errorf("%v: %s", tt.claims, got.Body)
			}
		}
		more := `,"displayName":"Typed"`
		if tt.email {
			expect(t, b.post(t, "/v1/meetings/join", byToken(m, token, more)), http.StatusUnprocessableEntity, "email_required")
			more += `,"email":"typed@example.org"`
		}
		// What was asked for in between uses nothing up either.
		expect(t, b.post(t, "/v1/meetings/join", byToken(m, token, more)), http.StatusOK, "")
	}
	// The control: without a token the same meeting asks for a login.
	expect(t, b.post(t, "/v1/meetings/join", byLink(t, m)), http.StatusUnauthorized, "login_required")
	expect(t, b.post(t, "/v1/meetings/join", byToken(m, g.token(m, said{"name": nil, "email": "a@example.org"}), "")), http.StatusUnprocessableEntity, "invalid")
	// A site that asks for a login before access answers nobody else, token or not.
	s.sets(t, admin, `{"requireLoginBeforeAccess":true}`)
	expect(t, b.post(t, "/v1/meetings/join", byToken(m, g.token(m, nil), "")), http.StatusUnauthorized, "login_required")
}

// refusals are all the tokens that open nothing.
func refusals(t *testing.T, s *server, m, other reply) map[string]struct{ token, reason string } {
	t.Helper()
	g, rs, low, revoked, elsewhere, unknown := newSigner(t), newRSASigner(t), newSigner(t), newSigner(t), newSigner(t), newSigner(t)
	g.register(s, "Portal", policy.Host)
	rs.register(s, "RSA", policy.Host)
	low.register(s, "Low", policy.Panelist)
	revoked.register(s, "Old", policy.Host)
	if err := s.db.RevokeJoinKey(t.Context(), s.site.ID, revoked.kid, storage.Operator); err != nil {
		t.Fatal(err)
	}
	bolt, err := s.db.InsertSite(t.Context(), storage.Site{Name: "bolt"}, storage.Operator)
	if err != nil {
		t.Fatal(err)
	}
	elsewhere.registerAt(s, bolt.ID, "Elsewhere", policy.Host)
	unknown.kid = "unknown"
	used := g.token(m, nil)
	expect(t, s.browser().post(t, "/v1/meetings/join", byToken(m, used, "")), http.StatusOK, "")
	none := g.segment(said{"alg": "none", "kid": g.kid}) + "." + g.segment(g.claims(m, nil)) + "."
	hs := g.segment(said{"alg": "HS256", "kid": rs.kid}) + "." + g.segment(g.claims(m, nil))
	mac := hmac.New(sha256.New, []byte(rs.pem()))
	mac.Write([]byte(hs))
	forged := newSigner(t)
	forged.kid = g.kid
	now := time.Now().Unix()
	return map[string]struct{ token, reason string }{
		"alg none":                      {none, "algorithm"},
		"HS256 with the RSA public key": {hs + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil)), "algorithm"},
		"another's key":                 {forged.token(m, nil), "signature"},
		"wrong aud":                     {g.token(m, said{"aud": "https://elsewhere.example"}), "audience"},
		"another site's aud":            {g.token(m, said{"aud": plainSite + "/s/bolt"}), "audience"},
		"expired":                       {g.token(m, said{"iat": now - 400, "exp": now - 100}), "expired"},
		"from the future":               {g.token(m, said{"iat": now + 200, "exp": now + 400}), "not_yet"},
		"not before later":              {g.token(m, said{"nbf": now + 200}), "not_yet"},
		"for two hours":                 {g.token(m, said{"exp": now + 7200}), "lifetime"},
		"used":                          {used, "used"},
		"another site's key":            {elsewhere.token(m, nil), "unknown_key"},
		"an unknown key":                {unknown.token(m, nil), "unknown_key"},
		"a revoked key":                 {revoked.token(m, nil), "revoked_key"},
		"a role above the key's":        {low.token(m, said{"role": "presenter"}), "role"},
		"a host of a key for panelists": {low.token(m, said{"role": "host"}), "role"},
		"a role that is none":           {g.token(m, said{"role": "admin"}), "role"},
		"oversized":                     {g.token(m, said{"more": strings.Repeat("x", jointoken.MaxLength)}), "too_long"},
		"another meeting":               {g.token(other, nil), "meeting"},
		"no meeting":                    {g.token(m, said{"meeting": nil}), "claims"},
		"no aud":                        {g.token(m, said{"aud": nil}), "claims"},
		"no exp":                        {g.token(m, said{"exp": nil}), "claims"},
		"no iat":                        {g.token(m, said{"iat": nil}), "claims"},
		"no jti":                        {g.token(m, said{"jti": nil}), "claims"},
		"a name that turns round":       {g.token(m, said{"name": "A\u202eB"}), "name"},
		"an address that is none":       {g.token(m, said{"email": "nonsense"}), "email"},
		"a key in the header":           {g.signed(said{"alg": "EdDSA", "kid": g.kid, "jwk": said{"kty": "OKP"}}, g.claims(m, nil)), "header"},
		"garbage":                       {"x.y.z", "malformed"},
	}
}

// A token opens nothing for any of these reasons, and nobody who shows one learns
// which: the answer is that to a wrong password, byte for byte. The audit log has
// the reason. That the meeting, the key and the claims are otherwise good, is shown
// by the control.
func TestTokensThatOpenNothing(t *testing.T) {
	s := newServer(t, plainSite)
	admin, ada := s.signedIn(t, "Root", policy.SiteAdmin), s.signedIn(t, "Ada", policy.SiteHost)
	m, other := ada.schedule(t), ada.schedule(t)
	wrong := s.browser().post(t, "/v1/meetings/join", byPassword(m.text("meetingNumber"), "guess"))
	expect(t, wrong, http.StatusForbidden, "join_refused")
	calls := 0
	for name, tt := range refusals(t, s, m, other) {
		for _, call := range []string{"preview", "join"} {
			b := s.browser()
			calls++
			b.ip = fmt.Sprintf("198.51.100.%d", calls)
			s.limits = newJoinLimits() // or they are slowed down, see below
			got := b.post(t, "/v1/meetings/"+call, byToken(m, tt.token, ""))
			alike(t, wrong, got)
			if len(b.cookies) != 0 {
				t.Errorf("%s: cookies %v", name, b.cookies)
			}
			row := admin.get(t, "/v1/adminAudit/events?max=1").items()[0]
			after, _ := row["after"].(map[string]any)
			if row["action"] != "joinToken.refuse" || after["reason"] != tt.reason || after["meetingNumber"] != m.text("meetingNumber") || row["ipAddress"] != b.ip {
				t.Errorf("%s: on record is %v, want %s", name, row, tt.reason)
			}
			if row := fmt.Sprint(row); strings.Contains(row, tt.token) {
				t.Errorf("%s: the token is on record: %s", name, row)
			}
		}
	}
	g := newSigner(t)
	g.register(s, "Control", policy.Host)
	nowhere := strings.Replace(byToken(m, g.token(m, nil), ""), m.text("meetingNumber"), "99999999999", 1)
	alike(t, wrong, s.browser().post(t, "/v1/meetings/join", nowhere))
	// A good link does not help a bad token.
	alike(t, wrong, s.browser().post(t, "/v1/meetings/join", strings.Replace(byLink(t, m), "{", `{"joinToken":"x.y.z",`, 1)))
	expect(t, s.browser().post(t, "/v1/meetings/join", byToken(m, g.token(m, nil), "")), http.StatusOK, "")
	expect(t, s.browser().post(t, "/v1/meetings/join", byLink(t, m)), http.StatusOK, "")
}

func TestTokensAreLimitedLikePasswords(t *testing.T) {
	s := newServer(t, plainSite)
	admin := s.signedIn(t, "Root", policy.SiteAdmin)
	m := s.signedIn(t, "Ada", policy.SiteHost).schedule(t)
	g := newSigner(t)
	g.register(s, "Portal", policy.Host)
	for i := range 20 {
		b := s.browser()
		b.ip = fmt.Sprintf("198.51.100.%d", i)
		expect(t, b.post(t, "/v1/meetings/join", byToken(m, "x.y.z", "")), http.StatusForbidden, "join_refused")
	}
	expect(t, s.browser().post(t, "/v1/meetings/join", byToken(m, "x.y.z", "")), http.StatusTooManyRequests, "too_many_attempts")
	expect(t, s.browser().post(t, "/v1/meetings/join", byPassword(m.text("meetingNumber"), "open sesame")), http.StatusTooManyRequests, "too_many_attempts")
	// What the site's own key has signed is on record beyond that, and what it has not is not.
	for _, tt := range []struct {
		token string
		rows  int
	}{{"x.y.z", 0}, {g.token(m, said{"role": "admin"}), 1}} {
		before := len(admin.get(t, "/v1/adminAudit/events?action=joinToken.refuse").items())
		expect(t, s.browser().post(t, "/v1/meetings/join", byToken(m, tt.token, "")), http.StatusTooManyRequests, "too_many_attempts")
		if rows := admin.get(t, "/v1/adminAudit/events?action=joinToken.refuse").items(); len(rows)-before != tt.rows {
			t.Errorf("%d rows more, want %d", len(rows)-before, tt.rows)
		}
	}
	// Who has a good one guesses nothing.
	expect(t, s.browser().post(t, "/v1/meetings/join", byToken(m, g.token(m, nil), "")), http.StatusOK, "")
}

// The audit log is for ever, and strangers do not fill it.
func TestRefusedTokensDoNotFillTheAuditLog(t *testing.T) {
	s := newServer(t, plainSite)
	admin := s.signedIn(t, "Root", policy.SiteAdmin)
	m := s.signedIn(t, "Ada", policy.SiteHost).schedule(t)
	free := func() *auth.Throttle { return auth.NewThrottle(1_000_000, time.Second) }
	s.limits = &joinLimits{requests: free(), network: free(), number: free(), total: free(), noted: auth.NewThrottle(3, time.Hour), logged: free()}
	for range 5 {
		expect(t, s.browser().post(t, "/v1/meetings/join", byToken(m, "x.y.z", "")), http.StatusForbidden, "join_refused")
	}
	if rows := admin.get(t, "/v1/adminAudit/events?action=joinToken.refuse").items(); len(rows) != 3 {
		t.Errorf("%d rows, want 3", len(rows))
	}
}

// Of many who show one token at once, one comes in.
func TestATokenIsUsedOnce(t *testing.T) {
	s := newServer(t, plainSite)
	m := s.signedIn(t, "Ada", policy.SiteHost).schedule(t)
	g := newSigner(t)
	g.register(s, "Portal", policy.Host)
	token := g.token(m, nil)
	const many = 12
	var all sync.WaitGroup
	answers := make([]reply, many)
	for i := range many {
		all.Go(func() { answers[i] = s.browser().post(t, "/v1/meetings/join", byToken(m, token, "")) })
	}
	all.Wait()
	in := 0
	for _, got := range answers {
		if got.Code == http.StatusOK {
			in++
			continue
		}
		expect(t, got, http.StatusForbidden, "join_refused")
		if got.Header().Get("Set-Cookie") != "" || strings.Contains(got.Body.String(), "ticket") {
			t.Errorf("who is refused gets %s", got.Body)
		}
	}
	if in != 1 {
		t.Errorf("%d of %d came in", in, many)
	}
	// The control: with a token each, all of them do.
	for range 3 {
		expect(t, s.browser().post(t, "/v1/meetings/join", byToken(m, g.token(m, nil), "")), http.StatusOK, "")
	}
}

// Who used a token comes back with it in the same browser; nobody else does, and
// nobody once its key is revoked.
func TestReturningWithAUsedToken(t *testing.T) {
	s := newServer(t, plainSite)
	m := s.signedIn(t, "Ada", policy.SiteHost).schedule(t)
	g := newSigner(t)
	g.register(s, "Portal", policy.Host)
	b, token := s.browser(), g.token(m, nil)
	as := func(id string) string { return byToken(m, token, fmt.Sprintf(`,"previousParticipantId":%q`, id)) }
	first := b.post(t, "/v1/meetings/join", byToken(m, token, ""))
	expect(t, first, http.StatusOK, "")
	id := first.text("participantId")
	thief := s.browser()
	expect(t, thief.post(t, "/v1/meetings/join", as(id)), http.StatusForbidden, "join_refused")
	thief.cookies[stayCookie(id)] = "guessed"
	expect(t, thief.post(t, "/v1/meetings/join", as(id)), http.StatusForbidden, "join_refused")
	expect(t, b.post(t, "/v1/meetings/join", byToken(m, token, "")), http.StatusForbidden, "join_refused")
	expect(t, b.post(t, "/v1/meetings/join", as("p-0000000000000000")), http.StatusForbidden, "join_refused")
	stranger := s.browser().post(t, "/v1/meetings/join", byLink(t, m))
	expect(t, b.post(t, "/v1/meetings/join", as(stranger.text("participantId"))), http.StatusForbidden, "join_refused")

	s.limits = newJoinLimits()
	expect(t, b.post(t, "/v1/meetings/preview", as(id)), http.StatusOK, "")
	second := b.post(t, "/v1/meetings/join", as(id))
	expect(t, second, http.StatusOK, "")
	// That answer was lost: what the browser has is the cookie before.
	third := b.post(t, "/v1/meetings/join", as(id))
	expect(t, third, http.StatusOK, "")
	fourth := b.post(t, "/v1/meetings/join", as(third.text("participantId")))
	expect(t, fourth, http.StatusOK, "")
	expect(t, b.post(t, "/v1/meetings/join", as(second.text("participantId"))), http.StatusForbidden, "join_refused")

	if err := s.db.RevokeJoinKey(t.Context(), s.site.ID, g.kid, storage.Operator); err != nil {
		t.Fatal(err)
	}
	expect(t, b.post(t, "/v1/meetings/join", as(fourth.text("participantId"))), http.StatusForbidden, "join_refused")
}

// Tokens expire within minutes, and meetings last for hours: who came in with one
// comes back with it for a day.
func TestReturningWithAnExpiredToken(t *testing.T) {
	s := newServer(t, plainSite)
	m := s.signedIn(t, "Ada", policy.SiteHost).schedule(t)
	g := newSigner(t)
	g.register(s, "Portal", policy.Host)
	now, id := time.Now().Unix(), auth.NewParticipantID()
	old := said{"iat": now - 4000, "exp": now - 3700}
	claims := g.claims(m, old)
	secret := auth.StaySecretOf("cookie")
	err := s.db.UseJoinToken(t.Context(), storage.UsedToken{
		SiteID: s.site.ID, KeyID: g.kid, ID: fmt.Sprint(claims["jti"]), Last: storage.StayProof{ParticipantID: id, CookieHash: secret[:]},
	}, storage.StayProof{})
	if err != nil {
		t.Fatal(err)
	}
	b := s.browser()
	b.cookies[stayCookie(id)] = "cookie"
	more := fmt.Sprintf(`,"previousParticipantId":%q`, id)
	expect(t, b.post(t, "/v1/meetings/join", byToken(m, g.token(m, old), more)), http.StatusForbidden, "join_refused") // one that was not used
	expect(t, b.post(t, "/v1/meetings/join", byToken(m, g.signed(g.header(), claims), more)), http.StatusOK, "")
}

// A host with a token starts the meeting by coming in; who comes back does not
// start again what was ended, and nobody who is no host starts anything.
func TestATokenHostStartsTheMeeting(t *testing.T) {
	s := newServer(t, plainSite)
	ada := s.signedIn(t, "Ada", policy.SiteHost)
	m := ada.schedule(t)
	g := newSigner(t)
	g.register(s, "Portal", policy.Host)
	attendee := s.browser().post(t, "/v1/meetings/join", byToken(m, g.token(m, nil), ""))
	expect(t, attendee, http.StatusOK, "")
	if attendee.json["waiting"] != true || s.rooms.Running(m.text("id")) {
		t.Errorf("an attendee has started the meeting: %s", attendee.Body)
	}
	b, token := s.browser(), g.token(m, said{"role": "host"})
	expect(t, b.post(t, "/v1/meetings/preview", byToken(m, token, "")), http.StatusOK, "")
	if s.rooms.Running(m.text("id")) {
		t.Error("a look has started the meeting")
	}
	host := b.post(t, "/v1/meetings/join", byToken(m, token, ""))
	expect(t, host, http.StatusOK, "")
	if host.json["waiting"] != false || !s.rooms.Running(m.text("id")) {
		t.Errorf("the host waits: %s", host.Body)
	}
	expect(t, ada.post(t, "/v1/meetings/"+m.text("id")+"/end", ""), http.StatusNoContent, "")
	back := byToken(m, token, fmt.Sprintf(`,"previousParticipantId":%q`, host.text("participantId")))
	expect(t, b.post(t, "/v1/meetings/join", back), http.StatusGone, "meeting_ended")
	if s.rooms.Running(m.text("id")) {
		t.Error("who came back has started the meeting again")
	}
	expect(t, s.browser().post(t, "/v1/meetings/join", byToken(m, g.token(m, nil), "")), http.StatusGone, "meeting_ended")
	expect(t, s.browser().post(t, "/v1/meetings/join", byToken(m, g.token(m, said{"role": "host"}), "")), http.StatusOK, "")
	if !s.rooms.Running(m.text("id")) {
		t.Error("a host with a new token has not started it again")
	}
	// A server that cannot start it uses up no token.
	expect(t, ada.post(t, "/v1/meetings/"+m.text("id")+"/end", ""), http.StatusNoContent, "")
	s.rooms.startErr = errNotReady
	token = g.token(m, said{"role": "host"})
	expect(t, b.post(t, "/v1/meetings/join", byToken(m, token, "")), http.StatusServiceUnavailable, "unavailable")
	s.rooms.startErr = nil
	expect(t, b.post(t, "/v1/meetings/join", byToken(m, token, "")), http.StatusOK, "")
	// It is this meeting alone that they host.
	other := ada.schedule(t)
	expect(t, b.post(t, "/v1/meetings/join", byPassword(other.text("meetingNumber"), "")), http.StatusForbidden, "join_refused")
	expect(t, b.get(t, "/v1/meetings/"+m.text("id")), http.StatusUnauthorized, "login_required")
}

// A host with a token who comes back starts a meeting that the server lost, and that
// nobody ended. Who is refused starts nothing.
func TestATokenHostStartsALostMeeting(t *testing.T) {
	s := newServer(t, plainSite)
	m := s.signedIn(t, "Ada", policy.SiteHost).schedule(t)
	g := newSigner(t)
	g.register(s, "Portal", policy.Host)
	b, token := s.browser(), g.token(m, said{"role": "host"})
	host := b.post(t, "/v1/meetings/join", byToken(m, token, ""))
	expect(t, host, http.StatusOK, "")
	lose := func() {
		s.rooms.mu.Lock()
		defer s.rooms.mu.Unlock()
		delete(s.rooms.running, m.text("id"))
	}
	lose()
	expect(t, s.browser().post(t, "/v1/meetings/join", byToken(m, token, "")), http.StatusForbidden, "join_refused")
	if s.rooms.Running(m.text("id")) {
		t.Error("who is refused has started the meeting")
	}
	s.rooms.startErr = errNotReady
	back := byToken(m, token, fmt.Sprintf(`,"previousParticipantId":%q`, host.text("participantId")))
	expect(t, b.post(t, "/v1/meetings/join", back), http.StatusServiceUnavailable, "unavailable")
	s.rooms.startErr = nil
	if got := b.post(t, "/v1/meetings/join", back); got.Code != http.StatusOK || got.json["waiting"] != false {
		t.Errorf("who came back: %s", got.Body)
	}
}

// How long it takes to refuse a token says as little as the answer. The log is full
// here: writing a row into it takes its time, but the same for each.
func TestRefusedTokensTakeTheSameTime(t *testing.T) {
	slow(t)
	s := newServer(t, plainSite)
	ada := s.signedIn(t, "Ada", policy.SiteHost)
	m, other := ada.schedule(t), ada.schedule(t)
	bad := refusals(t, s, m, other)
	free := func() *auth.Throttle { return auth.NewThrottle(1_000_000, time.Second) }
	s.limits = &joinLimits{requests: free(), network: free(), number: free(), total: free(), noted: auth.NewThrottle(1, time.Hour), logged: free()}
	s.refusal = 4 * time.Millisecond
	kinds := []string{"garbage", "another's key", "expired", "used", "a revoked key", "another meeting"}
	b := s.browser()
	times, answers := measure(t, kinds, func(kind string) []byte { return s.quick(t, b, byToken(m, bad[kind].token, "")) })
	for _, kind := range kinds[1:] {
		if !bytes.Equal(answers[kind], answers["garbage"]) {
			t.Errorf("%s: %s", kind, answers[kind])
		}
		mean, _ := times[kind].moments()
		got := welch(times[kind], times["garbage"])
		t.Logf("%-15s n = %d, mean %.3f ms, t = %+.2f against garbage", kind, len(times[kind]), mean*1e3, got)
		if math.Abs(got) > gross {
			t.Errorf("%s can be told from garbage by its time: t = %.2f", kind, got)
		}
	}
	slower, _ := measure(t, []string{"garbage", "used"}, func(kind string) []byte {
		answer := s.quick(t, b, byToken(m, bad[kind].token, ""))
		if kind == "used" {
			<-time.After(control)
		}
		return answer
	})
	if got := welch(slower["used"], slower["garbage"]); got < gross {
		t.Errorf("the control was not noticed: t = %.2f", got)
	}
}

// The clock of the records counts in milliseconds: a meeting that ended in the one in
// which the token was first used, which started it, ended after that.
func TestWhoComesBackStartsNoneThatEndedAtOnce(t *testing.T) {
	used := time.UnixMilli(1_900_000_000_000)
	for _, c := range []struct {
		ended time.Time
		want  bool
	}{{time.Time{}, true}, {used.Add(-time.Millisecond), true}, {used, false}, {used.Add(time.Millisecond), false}} {
		g := &grant{role: policy.Host, used: used, previous: storage.StayProof{ParticipantID: "p"}}
		if got := (admission{grant: g, meeting: storage.Meeting{Ended: c.ended}}).starts(); got != c.want {
			t.Errorf("ended %v, token used %v: starts is %v", c.ended, used, got)
		}
	}
}
