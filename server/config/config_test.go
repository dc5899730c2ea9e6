package config

import (
	"io"
	"log/slog"
	"net/mail"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

// serve parses what must be the settings of serve.
func serve(t *testing.T, args, env []string) *Serve {
	t.Helper()
	command, err := Parse(args, env, io.Discard)
	if err != nil {
		t.Fatalf("Parse(%q, %q) = %v", args, env, err)
	}
	s, ok := command.(*Serve)
	if !ok {
		t.Fatalf("Parse(%q) = %T", args, command)
	}
	return s
}

// file writes a settings file.
func file(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "conclave.yaml")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestNoSettingsAtAll(t *testing.T) {
	want := &Serve{
		Listen: "127.0.0.1:8080", UDP: []netip.AddrPort{netip.MustParseAddrPort("[::]:8080")}, Data: "./data",
		SiteURL: &url.URL{Scheme: "http", Host: "127.0.0.1:8080"}, AdminListen: "127.0.0.1:8081", LogLevel: slog.LevelInfo,
		RestartGrace: 2 * time.Minute,
	}
	for _, args := range [][]string{nil, {"serve"}} {
		if got := serve(t, args, nil); !reflect.DeepEqual(got, want) {
			t.Errorf("Parse(%q) = %+v, want %+v", args, got, want)
		}
	}
}

// everySetting has a value of its own for each.
func everySetting() *Serve {
	return &Serve{
		Listen: "0.0.0.0:443",
		UDP:    []netip.AddrPort{netip.MustParseAddrPort("[::]:443"), netip.MustParseAddrPort("192.0.2.1:3478")},
		PublicIP: []netip.Addr{
			netip.MustParseAddr("203.0.113.7"), netip.MustParseAddr("2001:db8::7"),
		},
		Data: "/var/lib/conclave", SiteURL: &url.URL{Scheme: "https", Host: "meet.example.org"},
		TLSCert: "cert.pem", TLSKey: "key.pem",
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8::/32")},
		SMTPURL:        &url.URL{Scheme: "smtps", Host: "mail.example.org:465", User: url.UserPassword("meet", "p/w")},
		MailFrom:       &mail.Address{Name: "Conclave", Address: "meet@example.org"},
		RestartGrace:   30 * time.Second,
		AdminListen:    "127.0.0.1:9000", LogLevel: slog.LevelDebug, LogJSON: true,
	}
}

func TestEverySetting(t *testing.T) {
	want := everySetting()
	for _, tt := range []struct {
		name      string
		args, env []string
	}{
		{"by flags", []string{
			"serve", "--listen", "0.0.0.0:443", "--udp", ":443", "--udp=192.0.2.1:3478",
			"--public-ip", "203.0.113.7", "--public-ip=2001:db8::7", "--data=/var/lib/conclave",
			"--site-url=https://Meet.example.org:443/", "--tls-cert=cert.pem", "--tls-key=key.pem",
			"--trusted-proxies=10.1.2.3/8,2001:db8::/32", "--admin-listen=127.0.0.1:9000",
			"--smtp-url=smtps://meet:p%2Fw@mail.example.org:465", "--mail-from=Conclave <meet@example.org>",
			"--log-level=debug", "--log-format=json", "--restart-grace=30s",
		}, nil},
		{"by environment", nil, []string{
			"CONCLAVE_LISTEN=0.0.0.0:443", "CONCLAVE_UDP=:443,192.0.2.1:3478", "CONCLAVE_PUBLIC_IP=203.0.113.7,2001:db8::7",
			"CONCLAVE_DATA=/var/lib/conclave", "CONCLAVE_SITE_URL=https://meet.example.org", "CONCLAVE_TLS_CERT=cert.pem",
			"CONCLAVE_TLS_KEY=key.pem", "CONCLAVE_TRUSTED_PROXIES=10.0.0.0/8,2001:db8::/32",
			"CONCLAVE_ADMIN_LISTEN=127.0.0.1:9000", "CONCLAVE_LOG_LEVEL=debug", "CONCLAVE_LOG_FORMAT=json",
			"CONCLAVE_SMTP_URL=smtps://meet:p%2Fw@mail.example.org:465", "CONCLAVE_MAIL_FROM=Conclave <meet@example.org>",
			"CONCLAVE_RESTART_GRACE=30s", "CONCLAVE_PORT=tcp://10.0.0.1:8080", "CONCLAVE_NONSENSE=1", "HOME=/root",
		}},
		{"by file", []string{"--config", file(t, `
listen: 0.0.0.0:443
udp: [":443", "192.0.2.1:3478"]
public-ip:
  - 203.0.113.7
  - 2001:db8::7
data: /var/lib/conclave
site-url: https://meet.example.org
tls-cert: cert.pem
tls-key: key.pem
trusted-proxies: 10.0.0.0/8,2001:db8::/32
smtp-url: smtps://meet:p%2Fw@mail.example.org:465
mail-from: Conclave <meet@example.org>
admin-listen: 127.0.0.1:9000
log-level: debug
log-format: json
restart-grace: 30s
`)}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := serve(t, tt.args, tt.env); !reflect.DeepEqual(got, want) {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
		})
	}
}

func TestFlagsGoBeforeEnvironmentBeforeFileBeforeDefaults(t *testing.T) {
	path := file(t, "data: from-file\nlog-level: warn\nlog-format: json\n")
	for _, tt := range []struct {
		name, data string
		args, env  []string
	}{
		{"flag", "from-flag", []string{"--config", path, "--data", "from-flag"}, []string{"CONCLAVE_DATA=from-env"}},
		{"flag with the default's value", "./data", []string{"--config", path, "--data", "./data"}, []string{"CONCLAVE_DATA=from-env"}},
		{"environment", "from-env", []string{"serve", "--config", path}, []string{"CONCLAVE_DATA=from-env"}},
		{"file", "from-file", []string{"--config", path, "serve"}, nil},
		{"file named by the environment", "from-file", nil, []string{"CONCLAVE_CONFIG=" + path}},
		{"an empty value says nothing", "from-file", []string{"--config", path}, []string{"CONCLAVE_DATA="}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := serve(t, tt.args, tt.env)
			if got.Data != tt.data || got.LogLevel != slog.LevelWarn || !got.LogJSON {
				t.Errorf("data %q, want %q; level %v, JSON %v", got.Data, tt.data, got.LogLevel, got.LogJSON)
			}
		})
	}
}

func TestSiteURLFromListen(t *testing.T) {
	tls := []string{"--tls-cert=c", "--tls-key=k"}
	for _, tt := range []struct {
		listen, want string
		more         []string
	}{
		{"127.0.0.1:8080", "http://127.0.0.1:8080", nil},
		{":9000", "http://localhost:9000", nil},
		{"0.0.0.0:80", "http://localhost", nil},
		{"[::]:9000", "http://localhost:9000", nil},
		{"[::1]:9000", "http://[::1]:9000", nil},
		{"meet.example.org:443", "https://meet.example.org", tls},
		{"meet.example.org:8443", "https://meet.example.org:8443", tls},
	} {
		if got := serve(t, append([]string{"--listen", tt.listen}, tt.more...), nil).SiteURL.String(); got != tt.want {
			t.Errorf("--listen %s gives %s, want %s", tt.listen, got, tt.want)
		}
	}
}

// Every error names the setting and says what to write.
func TestBadSettings(t *testing.T) {
	for _, tt := range []struct {
		name string
		args []string
		want string
	}{
		{"unknown flag", []string{"--lisen=:1"}, "--listen"},
		{"unknown command", []string{"server"}, "--help"},
		{"no port", []string{"--listen=localhost"}, "host:port"},
		{"port 0", []string{"--listen=localhost:0"}, "1 to 65535"},
		{"port by name", []string{"--listen=localhost:http"}, "1 to 65535"},
		{"port too high", []string{"--admin-listen=localhost:65536"}, "--admin-listen"},
		{"two listeners on one port", []string{"--admin-listen=127.0.0.1:8080"}, "another port"},
		{"UDP by name", []string{"--udp=localhost:8080"}, "IP address"},
		{"no UDP port", []string{"--udp=192.0.2.1"}, "host:port"},
		{"public name", []string{"--public-ip=meet.example.org"}, "203.0.113.7"},
		{"public nowhere", []string{"--public-ip=0.0.0.0"}, "203.0.113.7"},
		{"auto and more", []string{"--public-ip=auto,203.0.113.7"}, "auto alone"},
		{"no data", []string{"--data="}, "directory"},
		{"certificate without key", []string{"--tls-cert=c"}, "both"},
		{"key without certificate", []string{"--tls-key=k"}, "both"},
		{"certificate for no name", []string{"--listen=:443", "--tls-cert=c", "--tls-key=k"}, "--site-url"},
		{"site without scheme", []string{"--site-url=meet.example.org"}, "https://"},
		{"site of another scheme", []string{"--site-url=ftp://meet.example.org"}, "https://"},
		{"site with a path", []string{"--site-url=https://example.org/meet"}, "leave the rest out"},
		{"site with a query", []string{"--site-url=https://example.org/?a"}, "leave the rest out"},
		{"site with a user", []string{"--site-url=https://a:b@example.org"}, "leave the rest out"},
		{"bad proxy", []string{"--trusted-proxies=10.0.0.0/8,10.0.0.300/32"}, "10.0.0.300/32"},
		{"proxy without length", []string{"--trusted-proxies=10.0.0.1"}, "10.0.0.1/32"},
		{"everybody a proxy", []string{"--trusted-proxies=0.0.0.0/0"}, "everybody"},
		{"mail from nobody", []string{"--smtp-url=smtp://mail.example.org"}, "--mail-from"},
		{"mail by nobody", []string{"--mail-from=meet@example.org"}, "--smtp-url"},
		{"mail by the web", []string{"--smtp-url=https://mail.example.org", "--mail-from=a@example.org"}, "smtp://"},
		{"a bare / in the password", []string{"--smtp-url=smtp://a:b/c@mail.example.org", "--mail-from=a@example.org"}, "--smtp-url"},
		{"mail from no address", []string{"--smtp-url=smtp://mail.example.org", "--mail-from=meet"}, "meet@example.org"},
		{"waiting for nobody", []string{"--restart-grace=-1s"}, "--restart-grace"},
		{"waiting for ever", []string{"--restart-grace=61m"}, "1h0m0s"},
		{"unknown level", []string{"--log-level=loud"}, "debug"},
		{"unknown format", []string{"--log-format=xml"}, "json"},
		{"no file", []string{"--config=/nonexistent/conclave.yaml"}, "/nonexistent/conclave.yaml"},
		{"file is no YAML", []string{"--config", file(t, "listen: [")}, "not YAML"},
		{"misspelt in the file", []string{"--config", file(t, "lisen: :8080")}, `"lisen"`},
		{"a file names a file", []string{"--config", file(t, "config: other.yaml")}, `"config"`},
		{"number for text", []string{"--config", file(t, "listen: 8080")}, "--listen"},
		{"map for text", []string{"--config", file(t, "listen: {host: a}")}, "--listen"},
		{"bad proxy in the file", []string{"--config", file(t, "trusted-proxies: [nonsense]")}, "--trusted-proxies"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			command, err := Parse(tt.args, nil, io.Discard)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Parse = %+v, %v; want an error with %q", command, err, tt.want)
			}
		})
	}
}

func TestVersionAndHelp(t *testing.T) {
	if command, err := Parse([]string{"version"}, nil, io.Discard); err != nil || command != (Version{}) {
		t.Errorf("version = %+v, %v", command, err)
	}
	for _, args := range [][]string{{"--help"}, {"serve", "--help"}, {"version", "--help"}, {"--help", "--listen=nonsense"}} {
		var out strings.Builder
		command, err := Parse(args, nil, &out)
		if err != nil || command != (Help{}) || !strings.Contains(out.String(), "Usage: conclave") {
			t.Errorf("%q = %+v, %v, printed %q", args, command, err, out.String())
		}
	}
}

// An operator finds every setting in the help.
func TestHelpNamesEverySetting(t *testing.T) {
	var out strings.Builder
	if _, err := Parse([]string{"serve", "--help"}, nil, &out); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{
		"config", "listen", "udp", "public-ip", "data", "site-url", "tls-cert", "tls-key",
		"trusted-proxies", "admin-listen", "log-level", "log-format", "restart-grace",
	} {
		if !strings.Contains(out.String(), "--"+name) {
			t.Errorf("the help does not name --%s", name)
		}
	}
}

func TestLoadTest(t *testing.T) {
	for _, tt := range []struct {
		args string
		want LoadTest
	}{
		{"http://x/j/1#a", LoadTest{Link: "http://x/j/1#a", People: 10, Senders: 10, Rate: 600, For: 20 * time.Second, AtOnce: 8}},
		{
			"--url http://x/ --email a@x.org --people 200 --senders 1 --rate 2000 --for 1m --at-once 4 --pid 7",
			LoadTest{URL: "http://x", Email: "a@x.org", People: 200, Senders: 1, Rate: 2000, For: time.Minute, AtOnce: 4, PID: 7},
		},
		{"- --people 4", LoadTest{Link: FromInput, People: 4, Senders: 4, Rate: 600, For: 20 * time.Second, AtOnce: 4}},
		{
			"http://x/j/1#a --people 4 --at-once 1000000000", // no more than there are people
			LoadTest{Link: "http://x/j/1#a", People: 4, Senders: 4, Rate: 600, For: 20 * time.Second, AtOnce: 4},
		},
	} {
		got, err := Parse(append([]string{"loadtest"}, strings.Fields(tt.args)...), nil, io.Discard)
		if err != nil || !reflect.DeepEqual(got, &tt.want) {
			t.Errorf("%s: %+v, %v", tt.args, got, err)
		}
	}
	for args, want := range map[string]string{
		"":                              "give the meeting's link",
		"http://x/j/1#a --url http://x": "give the meeting's link",
		"--url http://x":                "--email",
		"http://x/j/1#a --people 1":     "--people",
		"http://x/j/1#a --people 1001":  "--people",
		"http://x/j/1#a --senders 11":   "--senders",
		"http://x/j/1#a --senders -1":   "--senders",
		"http://x/j/1#a --rate 0":       "--rate",
		"http://x/j/1#a --rate 20001":   "--rate",
		"http://x/j/1#a --at-once 0":    "--at-once",
		"http://x/j/1#a --for 0s":       "--for",
		"http://x/j/1#a --pid -1":       "--pid",
	} {
		if got, err := Parse(append([]string{"loadtest"}, strings.Fields(args)...), nil, io.Discard); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %+v, %v; want something about %s", args, got, err, want)
		}
	}
}
