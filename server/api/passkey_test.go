package api

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/storage"
)

const namedSite = "http://localhost:8080"

// device is an authenticator with one key, as browsers speak for it.
type device struct {
	key    *ecdsa.PrivateKey
	id     []byte
	handle string // the user's, as it was told when the key was made
	count  uint32
	origin string
	host   string
	flags  byte
}

// The flags of an authenticator's data (WebAuthn, 6.1).
const (
	present  = 0x01
	verified = 0x04
	withKey  = 0x40
)

func newDevice(t *testing.T) *device {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	id := make([]byte, 16)
	_, _ = rand.Read(id)
	return &device{key: key, id: id, count: 1, origin: namedSite, host: "localhost", flags: present | verified}
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func (d *device) data(flags byte) []byte {
	host := sha256.Sum256([]byte(d.host))
	return binary.BigEndian.AppendUint32(append(host[:], flags), d.count)
}

func (d *device) client(kind, challenge string) []byte {
	text, _ := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": d.origin, "crossOrigin": false})
	return text
}

// ceremony is what the server began.
type ceremony struct {
	Ceremony  string `json:"ceremony"`
	PublicKey struct {
		Challenge string `json:"challenge"`
		RPID      string `json:"rpId"`
		RP        struct {
			ID string `json:"id"`
		} `json:"rp"`
		User struct {
			ID   string `json:"id"`
			Name string `json:"name"`
		} `json:"user"`
		UserVerification       string `json:"userVerification"`
		AuthenticatorSelection struct {
			ResidentKey      string `json:"residentKey"`
			UserVerification string `json:"userVerification"`
		} `json:"authenticatorSelection"`
		ExcludeCredentials []any `json:"excludeCredentials"`
	} `json:"publicKey"`
}

func began(t *testing.T, got reply) ceremony {
	t.Helper()
	expect(t, got, http.StatusOK, "")
	var c ceremony
	if err := json.Unmarshal(got.Body.Bytes(), &c); err != nil {
		t.Fatal(err)
	}
	return c
}

// make answers a registration with a new key, as a browser does.
func (d *device) make(c ceremony, name string) string {
	d.handle = c.PublicKey.User.ID
	public := d.key.PublicKey.ECDH
	point, _ := public()
	xy := point.Bytes()[1:]
	data := d.data(d.flags | withKey)
	data = append(data, make([]byte, 16)...) // of no model
	data = binary.BigEndian.AppendUint16(data, uint16(len(d.id)))
	data = append(data, d.id...)
	data = append(data, 0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32) // COSE, ES256
	data = append(append(data, xy[:32]...), 0x22, 0x58, 32)
	data = append(data, xy[32:]...)
	object := append([]byte("\xa3cfmtdnonegattStmt\xa0hauthData\x58"), byte(len(data)))
	object = append(object, data...)
	return d.body(c.Ceremony, name, map[string]any{
		"clientDataJSON": b64(d.client("webauthn.create", c.PublicKey.Challenge)), "attestationObject": b64(object), "transports": []string{"internal"},
	})
}

// use answers a sign-in.
func (d *device) use(t *testing.T, c ceremony) string {
	t.Helper()
	d.count++
	client, data := d.client("webauthn.get", c.PublicKey.Challenge), d.data(d.flags)
	hash := sha256.Sum256(client)
	signed := sha256.Sum256(append(append([]byte{}, data...), hash[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, d.key, signed[:])
	if err != nil {
		t.Fatal(err)
	}
	return d.body(c.Ceremony, "", map[string]any{
		"clientDataJSON": b64(client), "authenticatorData": b64(data), "signature": b64(signature), "userHandle": d.handle,
	})
}

func (d *device) body(ceremony, name string, response map[string]any) string {
	body := map[string]any{"ceremony": ceremony, "credential": map[string]any{
		"id": b64(d.id), "rawId": b64(d.id), "type": "public-key", "response": response, "clientExtensionResults": map[string]any{},
		"authenticatorAttachment": "platform",
	}}
	if name != "" {
		body["name"] = name
	}
	text, _ := json.Marshal(body)
	return string(text)
}

// withPasskey is the browser of a new user, and their device.
func (s *server) withPasskey(t *testing.T, name string, role policy.SiteRole) (*browser, *device) {
	t.Helper()
	b, d := s.signedIn(t, name, role), newDevice(t)
	expect(t, b.post(t, "/v1/me/passkeys", d.make(began(t, b.post(t, "/v1/me/passkeys/options", "")), name+"'s telephone")), http.StatusCreated, "")
	return b, d
}

func TestAPasskeySignsIn(t *testing.T) {
	s := newServer(t, namedSite)
	b := s.signedIn(t, "Ada", policy.SiteHost)
	d := newDevice(t)
	c := began(t, b.post(t, "/v1/me/passkeys/options", ""))
	if key := c.PublicKey; key.RP.ID != "localhost" || key.AuthenticatorSelection.ResidentKey != "required" ||
		key.AuthenticatorSelection.UserVerification != "required" || len(key.ExcludeCredentials) != 0 {
		t.Errorf("options: %+v", key)
	}
	if handle, _ := base64.RawURLEncoding.DecodeString(c.PublicKey.User.ID); len(handle) != 64 {
		t.Errorf("a handle of %d bytes", len(handle))
	}
	made := b.post(t, "/v1/me/passkeys", d.make(c, " Telephone "))
	expect(t, made, http.StatusCreated, "")
	if made.text("name") != "Telephone" || made.text("host") != "localhost" || made.json["lastUsed"] != nil {
		t.Errorf("made: %s", made.Body)
	}
	again := began(t, b.post(t, "/v1/me/passkeys/options", ""))
	if again.PublicKey.User.ID != c.PublicKey.User.ID || len(again.PublicKey.ExcludeCredentials) != 1 {
		t.Errorf("the second time: %+v", again.PublicKey)
	}

	other := s.browser() // types nothing
	use := began(t, other.post(t, "/v1/login/passkey/options", ""))
	if use.PublicKey.RPID != "localhost" || use.PublicKey.UserVerification != "required" {
		t.Errorf("options: %+v", use.PublicKey)
	}
	in := other.post(t, "/v1/login/passkey", d.use(t, use))
	expect(t, in, http.StatusOK, "")
	if in.text("email") != "ada@example.org" {
		t.Errorf("signed in as %s", in.Body)
	}
	if mine := other.get(t, "/v1/me/passkeys").items(); len(mine) != 1 || mine[0]["lastUsed"] == nil {
		t.Errorf("passkeys: %v", mine)
	}
	if mine := other.get(t, "/v1/me/signin"); mine.json["mayChange"] != true || mine.json["password"] != false {
		t.Errorf("sign-in: %s", mine.Body)
	}
	expect(t, other.do(t, http.MethodDelete, "/v1/me/passkeys/"+made.text("id"), ""), http.StatusConflict, "last_way_in")
}

func TestPasskeysThatAreRefused(t *testing.T) {
	s := newServer(t, namedSite)
	_, d := s.withPasskey(t, "Ada", policy.SiteHost)
	beth, _ := s.withPasskey(t, "Beth", policy.SiteHost)
	options := func() ceremony { return began(t, s.browser().post(t, "/v1/login/passkey/options", "")) }
	good := d.use(t, options())
	expect(t, s.browser().post(t, "/v1/login/passkey", good), http.StatusOK, "")
	expect(t, s.browser().post(t, "/v1/login/passkey", good), http.StatusConflict, "expired") // once

	for name, change := range map[string]func(*device){
		"another site's page":       func(d *device) { d.origin = "http://localhost:9090" },
		"another site's key":        func(d *device) { d.host = "example.org" },
		"not verified":              func(d *device) { d.flags = present },
		"somebody else's handle":    func(d *device) { d.handle = b64(make([]byte, 64)) },
		"another key":               func(d *device) { d.key = newDevice(t).key },
		"a key nobody has":          func(d *device) { d.id = []byte("nobody has this") },
		"a count that went back":    func(d *device) { d.count = 0 },
		"the count it had":          func(d *device) { d.count-- },
		"a copy's lower count next": func(d *device) { d.count -= 2 },
	} {
		t.Run(name, func(t *testing.T) {
			copied := *d
			change(&copied)
			expect(t, s.browser().post(t, "/v1/login/passkey", copied.use(t, options())), http.StatusUnauthorized, "passkey_refused")
		})
	}
	t.Run("a challenge of another ceremony", func(t *testing.T) {
		one, two := options(), options()
		two.PublicKey.Challenge = one.PublicKey.Challenge
		copied := *d
		expect(t, s.browser().post(t, "/v1/login/passkey", copied.use(t, two)), http.StatusUnauthorized, "passkey_refused")
	})
	t.Run("a ceremony of another user's", func(t *testing.T) {
		ada := s.signedIn(t, "Eve", policy.SiteHost)
		c := began(t, beth.post(t, "/v1/me/passkeys/options", ""))
		expect(t, ada.post(t, "/v1/me/passkeys", newDevice(t).make(c, "Mine")), http.StatusConflict, "expired")
	})
	t.Run("not JSON of a browser", func(t *testing.T) {
		expect(t, s.browser().post(t, "/v1/login/passkey", `{"ceremony":"`+options().Ceremony+`","credential":[1]}`), http.StatusUnauthorized, "passkey_refused")
		expect(t, s.browser().post(t, "/v1/login/passkey", `{"ceremony":"x","credential":null}`), http.StatusConflict, "expired")
	})
	t.Run("the one it was", func(t *testing.T) { // nothing above has spoiled it
		expect(t, s.browser().post(t, "/v1/login/passkey", d.use(t, options())), http.StatusOK, "")
	})
	if events := s.auditActions(t); events["passkey.create"] != 2 || events["passkey.copy_suspected"] != 3 {
		t.Errorf("audited: %v", events)
	}
}

// auditActions counts what the default site's audit log has of each action.
func (s *server) auditActions(t *testing.T) map[string]int {
	t.Helper()
	counts := make(map[string]int)
	for _, action := range s.auditColumn(t, "action") {
		counts[action]++
	}
	return counts
}

// auditText is everything the log has of what was and is.
func (s *server) auditText(t *testing.T) string {
	t.Helper()
	return strings.Join(s.auditColumn(t, "before || after"), "\n")
}

func (s *server) auditColumn(t *testing.T, column string) (values []string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+s.file+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	rows, err := db.QueryContext(t.Context(), `SELECT `+column+` FROM audit_events WHERE site_id = ?`, s.site.ID)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var value string
		if err := rows.Scan(&value); err != nil {
			t.Fatal(err)
		}
		values = append(values, value)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return values
}

func TestPasskeysBelongToASite(t *testing.T) {
	s := newServer(t, namedSite)
	_, d := s.withPasskey(t, "Ada", policy.SiteHost)
	if _, err := s.db.InsertSite(t.Context(), storage.Site{Name: "acme"}, storage.Operator); err != nil {
		t.Fatal(err)
	}
	there := began(t, s.browser().post(t, "/s/acme/v1/login/passkey/options", ""))
	expect(t, s.browser().post(t, "/s/acme/v1/login/passkey", d.use(t, there)), http.StatusUnauthorized, "passkey_refused")
	here := began(t, s.browser().post(t, "/v1/login/passkey/options", ""))
	expect(t, s.browser().post(t, "/s/acme/v1/login/passkey", d.use(t, here)), http.StatusConflict, "expired")
}

func TestWherePasskeysWork(t *testing.T) {
	for _, tt := range []struct {
		site, asked string
		want        bool
	}{
		{"http://127.0.0.1:8080", "127.0.0.1:8080", false},
		{"http://127.0.0.1:8080", "localhost:8080", true},
		{"http://127.0.0.1:8080", "localhost:9090", false},
		{"http://127.0.0.1:8080", "evil.example:8080", false},
		{"https://meet.example.org", "meet.example.org", true},
		{"https://meet.example.org", "evil.example", true}, // at the site's own name, so no browser takes part
		{"http://meet.example.org", "meet.example.org", false},
		{"https://192.0.2.1", "192.0.2.1", false},
	} {
		s := newServer(t, tt.site)
		got := s.browser().getAt(t, tt.asked, "/v1/login")
		expect(t, got, http.StatusOK, "")
		if got.json["passkeys"] != tt.want || got.json["provider"] != nil {
			t.Errorf("%s asked as %s: %s", tt.site, tt.asked, got.Body)
		}
		begin := s.browser().postAt(t, tt.asked, "/v1/login/passkey/options")
		if !tt.want {
			expect(t, begin, http.StatusConflict, "passkeys_unavailable")
		} else if id := began(t, begin).PublicKey.RPID; strings.Contains(id, "evil") {
			t.Errorf("%s asked as %s: at %s", tt.site, tt.asked, id)
		}
	}
}
