package operator

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/conclave-meet/conclave/server/auth"
	"github.com/conclave-meet/conclave/server/config"
	"github.com/conclave-meet/conclave/storage"
)

const password = "a quiet room with a good door"

// desk is an operator at the command line, on a folder of their own. The
// database is open meanwhile, as by a server.
type desk struct {
	t      *testing.T
	folder string
	db     *storage.DB
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t, folder: t.TempDir()}
	db, err := storage.Open(t.Context(), filepath.Join(d.folder, "conclave.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	d.db = db
	return d
}

// run does what the command line says, and returns what it prints.
func (d *desk) run(input string, args ...string) (string, error) {
	d.t.Helper()
	var out bytes.Buffer
	command, err := config.Parse(append(args, "--data", d.folder), nil, &out)
	if err != nil {
		return "", err
	}
	err = Run(d.t.Context(), command, strings.NewReader(input), &out)
	return out.String(), err
}

func (d *desk) must(input string, args ...string) string {
	d.t.Helper()
	out, err := d.run(input, args...)
	if err != nil {
		d.t.Fatalf("%q: %v", args, err)
	}
	return out
}

func (d *desk) site(name string) storage.Site {
	d.t.Helper()
	s, err := d.db.SiteByName(d.t.Context(), name)
	if err != nil {
		d.t.Fatal(err)
	}
	return s
}

func TestSitesAndUsersBesideAServer(t *testing.T) {
	d := newDesk(t)
	d.must("", "site", "create", "--name", "acme", "--title", "Acme Ltd")
	d.must("", "site", "create", "--name", "bolt", "--host", "Meet.Bolt.example")
	list := d.must("", "site", "list")
	for _, want := range []string{"default", "acme", "/s/acme", "Acme Ltd", "meet.bolt.example"} {
		if !strings.Contains(list, want) {
			t.Errorf("site list has no %s:\n%s", want, list)
		}
	}
	d.must(password+"\n", "user", "create", "--site", "acme", "--email", "ada@example.org", "--name", "Ada", "--role", "host")
	logins := auth.NewLogins(d.db, auth.NewHasher(auth.HashMemory))
	ada, err := logins.Verify(t.Context(), d.site("acme").ID, "ADA@example.org", password, "192.0.2.1")
	if err != nil {
		t.Fatal(err)
	}
	token, err := logins.Open(t.Context(), ada, auth.ByPassword(), "192.0.2.1")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := logins.Verify(t.Context(), d.site("bolt").ID, "ada@example.org", password, "192.0.2.1"); !errors.Is(err, auth.ErrRefused) {
		t.Errorf("at the other site: %v", err)
	}
	if list := d.must("", "user", "list", "--site", "acme"); !strings.Contains(list, "ada@example.org") {
		t.Errorf("user list:\n%s", list)
	}
	if list := d.must("", "user", "list", "--site", "bolt"); strings.Contains(list, "ada") {
		t.Errorf("user list of another site:\n%s", list)
	}
	d.must("another quiet room\r\n", "user", "reset", "--site", "acme", "--email", "Ada@example.org")
	if _, err := logins.Check(t.Context(), d.site("acme").ID, token, auth.Device{}); !errors.Is(err, auth.ErrNoLogin) {
		t.Errorf("a login from before the reset: %v", err)
	}
	if _, err := logins.Verify(t.Context(), d.site("acme").ID, "ada@example.org", "another quiet room", "192.0.2.1"); err != nil {
		t.Errorf("with the new password: %v", err)
	}
}

func TestPolicy(t *testing.T) {
	d := newDesk(t)
	before := d.must("", "site", "policy")
	if !strings.Contains(before, `"disableChat": false`) {
		t.Errorf("a new site's policy:\n%s", before)
	}
	after := d.must("", "site", "policy", "--set", "disableChat=true", "--set", "passwordCriteria.minLength=12",
		"--set", "disclaimer.text=Be kind, please", "--set", `embedOrigins=["https://a.example"]`)
	for _, want := range []string{`"disableChat": true`, `"minLength": 12`, `"Be kind, please"`, `"https://a.example"`} {
		if !strings.Contains(after, want) {
			t.Errorf("no %s in\n%s", want, after)
		}
	}
	if v := d.site("default").PolicyVersion; v != 2 {
		t.Errorf("version %d", v)
	}
	if again := d.must("", "site", "policy"); again != after {
		t.Errorf("what was printed is not what is kept:\n%s", again)
	}
	file := filepath.Join(t.TempDir(), "policy.json")
	if err := os.WriteFile(file, []byte(before), 0o600); err != nil {
		t.Fatal(err)
	}
	// How many texts of the disclaimer there were is not the file's to say.
	counted := regexp.MustCompile(`"version": \d+`)
	back := d.must("", "site", "policy", "--file", file)
	if counted.ReplaceAllString(back, "") != counted.ReplaceAllString(before, "") {
		t.Errorf("the printed policy put back:\n%s", back)
	}
}

func TestMistakesGetASentence(t *testing.T) {
	d := newDesk(t)
	d.must("", "site", "create", "--name", "acme", "--host", "acme.example")
	d.must(password, "user", "create", "--email", "ada@example.org", "--name", "Ada", "--role", "host")
	bad := filepath.Join(t.TempDir(), "policy.json")
	if err := os.WriteFile(bad, []byte(`{"securityOptions":{"disableEverything":true}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	user := []string{"user", "create", "--email", "bob@example.org", "--name", "Bob", "--role", "host"}
	for _, tt := range []struct {
		input string
		args  []string
		says  string
	}{
		{"", []string{"site", "create", "--name", "acme"}, "already; choose another name"},
		{"", []string{"site", "create", "--name", "default"}, "already; choose another name"},
		{"", []string{"site", "create", "--name", "other", "--host", "ACME.example"}, "choose another host name"},
		{"", []string{"site", "create", "--name", "Acme"}, "lower-case letters"},
		{"", []string{"site", "create", "--name=-acme"}, "lower-case letters"},
		{"", []string{"site", "create", "--name", "a/b"}, "lower-case letters"},
		{"", []string{"site", "create", "--name", strings.Repeat("a", 33)}, "lower-case letters"},
		{"", []string{"site", "create", "--name", "b", "--host", "https://b.example"}, "without a scheme"},
		{"", []string{"site", "create", "--name", "b", "--host", "192.0.2.1"}, "is not a host name"},
		{"", []string{"site", "create", "--name", "b", "--title", "\u202eevil"}, "cannot be seen"},
		{"", []string{"site", "create"}, "--name"},
		{"", []string{"site", "policy", "--site", "nobody"}, `no site "nobody"`},
		{"", []string{"site", "policy", "--set", "disableEverything=true"}, `no "disableEverything"; here it has`},
		{"", []string{"site", "policy", "--set", "disableChat"}, "write name=value"},
		{"", []string{"site", "policy", "--set", "disableChat=perhaps"}, "will not do for disableChat"},
		{"", []string{"site", "policy", "--set", "disableChat.x=true"}, "nothing inside"},
		{"", []string{"site", "policy", "--file", bad}, "is not a policy"},
		{"", []string{"site", "policy", "--file", bad + "x"}, "no such file"},
		{password, append(user, "--site", "nobody"), `no site "nobody"`},
		{password, append(user, "--role", "owner"), "must be one of"},
		{password, append(user, "--email", "bob"), "not an e-mail address"},
		{password, append(user, "--email", "ADA@example.org"), "has a user"},
		{password, append(user, "--name", " "), "The name needs"},
		{password, append(user, "--password", password), "unknown flag"},
		{"", user, "on standard input, as one line"},
		{"short\n", user, "at least"},
		{"two lines\nof password\n", user, "one line of text"},
		{strings.Repeat("x", 1<<16), user, "one line of text"},
		{password, []string{"user", "reset", "--email", "bob@example.org"}, "has no user"},
		{"", []string{"user", "list", "--site", "nobody"}, "site list"},
	} {
		out, err := d.run(tt.input, tt.args...)
		if err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%q: %v, %q; want %q", tt.args, err, out, tt.says)
		}
	}
	if sites, err := d.db.Sites(t.Context()); err != nil || len(sites) != 2 {
		t.Errorf("a refused command made a site: %v, %v", sites, err)
	}
	if users, err := d.db.UsersOf(t.Context(), d.site("default").ID); err != nil || len(users) != 1 {
		t.Errorf("a refused command made a user: %v, %v", users, err)
	}
}

func TestWithoutADatabase(t *testing.T) {
	d := &desk{t: t, folder: filepath.Join(t.TempDir(), "new")}
	if _, err := d.run("", "site", "list"); err == nil || !strings.Contains(err.Error(), "no database in") {
		t.Errorf("site list: %v", err)
	}
	if _, err := os.Stat(d.folder); err == nil {
		t.Error("looking made the folder")
	}
	d.must(password, "user", "create", "--email", "ada@example.org", "--name", "Ada", "--role", "admin")
	if list := d.must("", "user", "list"); !strings.Contains(list, "ada@example.org") {
		t.Errorf("user list:\n%s", list)
	}
}
