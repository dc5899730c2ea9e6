package app

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"github.com/conclave-meet/conclave/e2e/bot"
	"github.com/conclave-meet/conclave/server/config"
	"github.com/conclave-meet/conclave/server/operator"
	"github.com/conclave-meet/conclave/signaling/wire"
)

// operate does what the command line says, on the data folder of a server that
// runs.
func operate(t *testing.T, dir, input string, args ...string) {
	t.Helper()
	command, err := config.Parse(append(args, "--data", dir), nil, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if err := operator.Run(t.Context(), command, strings.NewReader(input), io.Discard); err != nil {
		t.Fatalf("%q: %v", args, err)
	}
}

// at is an account at the site under address.
func at(t *testing.T, address, mail string) *bot.Site {
	t.Helper()
	s := bot.NewSite(address)
	if err := s.Login(t.Context(), mail, password); err != nil {
		t.Fatal(err)
	}
	return s
}

// refused wants an answer of that status.
func refused(t *testing.T, what string, err error, status int) {
	t.Helper()
	answer, ok := errors.AsType[bot.StatusError](err)
	if !ok || answer.Status != status {
		t.Errorf("%s: %v, want %d", what, err, status)
	}
}

// Two sites beside the first one, made while the server runs: one under its
// prefix, one at a host name of its own. People meet at each, and nothing of one
// is worth anything at another.
func TestSitesAreApart(t *testing.T) {
	dir := t.TempDir()
	s := start(t, dir)
	s.host()
	here := s.app.SiteURL().String()
	_, port, err := net.SplitHostPort(s.app.SiteURL().Host)
	if err != nil {
		t.Fatal(err)
	}
	// A name that is loopback wherever the test runs.
	const host = "localhost"
	operate(t, dir, "", "site", "create", "--name", "acme", "--title", "Acme Ltd")
	operate(t, dir, "", "site", "create", "--name", "bolt", "--host", host)
	addresses := map[string]string{"acme": here + "/s/acme", "bolt": "http://" + host + ":" + port}
	held := map[string]bot.Meeting{}
	owners := map[string]*bot.Site{}
	for name, address := range addresses {
		operate(t, dir, password+"\n", "user", "create", "--site", name, "--email", name+"@example.org", "--name", "Ada "+name, "--role", "host")
		owners[name] = at(t, address, name+"@example.org")
		held[name] = meetAt(t, s, address, owners[name])
	}
	for name, address := range addresses {
		for other, elsewhere := range map[string]string{"acme": addresses["acme"], "bolt": addresses["bolt"], "default": here} {
			if other == name {
				continue
			}
			apart(t, name, address, elsewhere, held[name])
		}
	}
}

// meetAt holds a meeting at one site, from its schedule to its record.
func meetAt(t *testing.T, s *service, address string, owner *bot.Site) bot.Meeting {
	t.Helper()
	m := s.meeting(owner)
	if !strings.HasPrefix(m.WebLink, address+"/j/") {
		t.Errorf("a link of the site at %s is %s", address, m.WebLink)
	}
	ended := make(chan struct{}, 1)
	host := s.join(owner, m, "Ada", nil)
	s.join(bot.NewSite(address), m, "Grace", func(e wire.Event) {
		if _, ok := e.(*wire.Ended); ok {
			ended <- struct{}{}
		}
	})
	if err := host.Must(t.Context(), &wire.EndMeeting{}); err != nil && !errors.Is(err, bot.ErrSocketClosed) {
		t.Fatal(err)
	}
	<-ended
	rows, err := owner.Usage(t.Context())
	if err != nil || len(rows) != 1 || rows[0].MeetingID != m.ID || rows[0].SiteURL != address {
		t.Fatalf("the record at %s: %+v, %v", address, rows, err)
	}
	if err := owner.Start(t.Context(), m.ID); err != nil { // for who tries it from elsewhere
		t.Fatal(err)
	}
	return m
}

// apart tries what is good at one site at another.
func apart(t *testing.T, name, address, elsewhere string, m bot.Meeting) {
	t.Helper()
	mail := name + "@example.org"
	refused(t, "a password of "+name+" at "+elsewhere, bot.NewSite(elsewhere).Login(t.Context(), mail, password), http.StatusUnauthorized)
	_, err := tryJoin(t.Context(), bot.NewSite(elsewhere), m, "Grace", nil)
	refused(t, "a link of "+name+" at "+elsewhere, err, http.StatusForbidden)
	cookies := cookiesAt(t, address, mail)
	if got := whoami(t, address, cookies); got != http.StatusOK {
		t.Fatalf("a login of %s at its own site: %d", name, got)
	}
	for _, cookie := range cookies {
		for _, as := range []string{"conclave-login", "conclave-login.acme", "conclave-login.bolt"} {
			if got := whoami(t, elsewhere, []*http.Cookie{{Name: as, Value: cookie.Value}}); got != http.StatusUnauthorized {
				t.Errorf("a login of %s at %s, in the cookie %s: %d", name, elsewhere, as, got)
			}
		}
	}
	if got := openSocket(t, address, address, m); got != http.StatusSwitchingProtocols {
		t.Errorf("a ticket of %s at its own socket: %d", name, got)
	}
	if got := openSocket(t, address, elsewhere, m); got != http.StatusForbidden {
		t.Errorf("a ticket of %s at the socket of %s: %d", name, elsewhere, got)
	}
}

// cookiesAt signs in and returns the cookies of that.
func cookiesAt(t *testing.T, address, mail string) []*http.Cookie {
	t.Helper()
	body := fmt.Sprintf(`{"email":%q,"password":%q}`, mail, password)
	answer, err := http.Post(address+"/v1/login", "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	return answer.Cookies()
}

// whoami is the status of GET /v1/me with those cookies.
func whoami(t *testing.T, address string, cookies []*http.Cookie) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address+"/v1/me", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, cookie := range cookies {
		r.AddCookie(cookie)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	return answer.StatusCode
}

// openSocket gets a ticket at one site, and shows it with its cookie, under every
// name there is, at the socket of another. It returns the status.
func openSocket(t *testing.T, from, to string, m bot.Meeting) int {
	t.Helper()
	ticket, cookie := askIn(t, from, m)
	name, value, _ := strings.Cut(cookie, "=")
	name = strings.TrimSuffix(strings.TrimSuffix(name, ".acme"), ".bolt")
	var cookies []string
	for _, suffix := range []string{"", ".acme", ".bolt"} {
		cookies = append(cookies, name+suffix+"="+value)
	}
	header := http.Header{"Origin": {strings.TrimSuffix(to, "/s/acme")}, "Cookie": {strings.Join(cookies, "; ")}}
	dialer := websocket.Dialer{Subprotocols: []string{"conclave.v1", "ticket." + ticket}}
	socket, answer, err := dialer.DialContext(t.Context(), "ws"+strings.TrimPrefix(to, "http")+"/v1/socket", header)
	if err == nil {
		_ = socket.Close()
	}
	if answer == nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	return answer.StatusCode
}
