package webhook

import (
	"bufio"
	"bytes"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/conclave-meet/conclave/storage"
)

// block returns what docs/webhooks.md has between ```language and ```.
func block(t *testing.T, language string) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/webhooks.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, found := strings.Cut(string(text), "\n```"+language+"\n")
	code, _, closed := strings.Cut(after, "\n```\n")
	if !found || !closed {
		t.Fatalf("docs/webhooks.md has no %s", language)
	}
	return code + "\n"
}

// The examples in docs/webhooks.md are run as they stand there: they take what the
// sender sends, and nothing that somebody changed, forged or kept.
func TestTheExamplesVerify(t *testing.T) {
	for language, build := range map[string]func(t *testing.T, dir, code string) *exec.Cmd{"go": goProgram, "js": nodeProgram} {
		t.Run(language, func(t *testing.T) {
			o := newOffice(t, database(t))
			at := freeAddress(t)
			w := o.tell(t, "http://"+at+"/")
			secrets, err := o.db.WebhookSecrets(t.Context(), o.site, w.ID)
			if err != nil {
				t.Fatal(err)
			}
			lines := runExample(t, build(t, t.TempDir(), block(t, language)), at, secrets[0])
			o.hold(t, "m-1", 1)
			o.work(t)
			log := o.log(t, w)
			if len(log) != 2 || log[0].Outcome != delivered || log[1].Outcome != delivered {
				t.Fatalf("%+v", log)
			}
			if line := <-lines; !strings.HasPrefix(line, log[1].EventID+" {") || !strings.Contains(line, `"meetings.started"`) {
				t.Errorf("it printed %q", line)
			}
			forged(t, storage.WebhookEvent{ID: "evt_1", URL: w.URL, Secrets: secrets, Payload: []byte(`{}`)})
		})
	}
}

// forged sends what a receiver must refuse, and what it must not.
func forged(t *testing.T, e storage.WebhookEvent) {
	t.Helper()
	other := e
	other.Secrets = []string{newSecret()}
	both := e
	both.Secrets = []string{newSecret(), e.Secrets[0]}
	for name, tt := range map[string]struct {
		event storage.WebhookEvent
		at    time.Time
		body  string
		want  int
	}{
		"the control":    {e, time.Now(), "{}", http.StatusNoContent},
		"two signatures": {both, time.Now(), "{}", http.StatusNoContent},
		"another body":   {e, time.Now(), "[]", http.StatusForbidden},
		"another secret": {other, time.Now(), "{}", http.StatusForbidden},
		"an old one":     {e, time.Now().Add(-time.Hour), "{}", http.StatusForbidden},
		"one to come":    {e, time.Now().Add(time.Hour), "{}", http.StatusForbidden},
	} {
		r, err := request(t.Context(), tt.event, tt.at)
		if err != nil {
			t.Fatal(err)
		}
		changed, _ := http.NewRequestWithContext(t.Context(), r.Method, r.URL.String(), bytes.NewReader([]byte(tt.body)))
		changed.Header = r.Header
		response, err := http.DefaultClient.Do(changed)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != tt.want {
			t.Errorf("%s: %d, want %d", name, response.StatusCode, tt.want)
		}
	}
}

func goProgram(t *testing.T, dir, code string) *exec.Cmd {
	t.Helper()
	source, binary := filepath.Join(dir, "main.go"), filepath.Join(dir, "receiver")
	if err := os.WriteFile(source, []byte(code), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, source).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return exec.CommandContext(t.Context(), binary)
}

func nodeProgram(t *testing.T, dir, code string) *exec.Cmd {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("there is no node")
	}
	source := filepath.Join(dir, "receiver.mjs")
	if err := os.WriteFile(source, []byte(code), 0o600); err != nil {
		t.Fatal(err)
	}
	return exec.CommandContext(t.Context(), node, source)
}

// runExample runs a program until the test is over, and returns what it prints,
// once it listens.
func runExample(t *testing.T, cmd *exec.Cmd, at, secret string) <-chan string {
	t.Helper()
	cmd.Env = append(os.Environ(), "LISTEN="+at, "WEBHOOK_SECRET="+secret)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines, ended := make(chan string, 100), make(chan struct{})
	go func() {
		defer close(ended)
		for scan := bufio.NewScanner(out); scan.Scan(); {
			lines <- scan.Text()
		}
	}()
	t.Cleanup(func() { _ = cmd.Process.Kill(); <-ended; _ = cmd.Wait() })
	until(t, "the example listens", func() bool {
		conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", at)
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	})
	return lines
}

func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	port := listener.Addr().(*net.TCPAddr).Port
	return net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
}
