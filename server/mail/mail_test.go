package mail

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"log/slog"
	"maps"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/emersion/go-smtp"

	"github.com/conclave-meet/conclave/storage"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}

func TestAMailIsMIME(t *testing.T) {
	box := openPostbox(t, "127.0.0.1:0")
	o := newOffice(t, database(t), box.addr)
	const calendar = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20270102T030405Z\r\nSUMMARY:Gr\u00fc\u00dfe\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
	o.put(t, storage.Mail{
		To: "guest@example.com", ReplyTo: "ada@example.org", Subject: "Einladung: Größe – 10 €", Text: "Komm.\n",
		HTML: "<p>Komm.</p>", Calendar: calendar, Method: "REQUEST",
	})
	o.work(t)
	got := box.mails()
	if len(got) != 1 || got[0].from != "meet@example.org" || got[0].to != "guest@example.com" || o.waiting(t) != 0 {
		t.Fatalf("got %v, %d wait", got, o.waiting(t))
	}
	parsed, err := mail.ReadMessage(strings.NewReader(got[0].text))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(parsed.Header.Get("Subject"))
	if err != nil || subject != "Einladung: Größe – 10 €" {
		t.Errorf("subject %q, %v", subject, err)
	}
	for name, want := range map[string]string{
		"From": `"Conclave" <meet@example.org>`, "Reply-To": "<ada@example.org>", "Auto-Submitted": "auto-generated", "MIME-Version": "1.0",
	} {
		if got := parsed.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if id := parsed.Header.Get("Message-ID"); !strings.HasSuffix(id, "@example.org>") {
		t.Errorf("Message-ID %s", id)
	}
	parts := partsOf(t, parsed.Header.Get("Content-Type"), parsed.Body)
	if len(parts) != 4 || parts["text/plain"] != "Komm.\r\n" || parts["text/html"] != "<p>Komm.</p>" {
		t.Errorf("parts: %q", parts)
	}
	for _, kind := range []string{"text/calendar", "application/ics"} {
		if parts[kind] != calendar {
			t.Errorf("%s is %q", kind, parts[kind])
		}
		if _, err := ics.ParseCalendar(strings.NewReader(parts[kind])); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
	}
	if !strings.Contains(got[0].text, "text/calendar; method=REQUEST") || !strings.Contains(got[0].text, "multipart/alternative") {
		t.Error("no calendar that a mail program acts on")
	}
}

// partsOf returns the leaves of a MIME tree by their type, decoded.
func partsOf(t *testing.T, contentType string, body io.Reader) map[string]string {
	t.Helper()
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(kind, "multipart/") {
		content, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		return map[string]string{kind: string(content)}
	}
	all := make(map[string]string)
	reader := multipart.NewReader(body, params["boundary"])
	for {
		part, err := reader.NextRawPart()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		var decoded io.Reader = part
		if part.Header.Get("Content-Transfer-Encoding") == "quoted-printable" {
			decoded = quotedprintable.NewReader(part)
		} else if part.Header.Get("Content-Transfer-Encoding") == "base64" {
			decoded = base64.NewDecoder(base64.StdEncoding, part)
		}
		maps.Copy(all, partsOf(t, part.Header.Get("Content-Type"), decoded))
	}
}

// Whatever a title or a name is made of, it stays in its header.
func TestNoHeaderIsInjected(t *testing.T) {
	box := openPostbox(t, "127.0.0.1:0")
	o := newOffice(t, database(t), box.addr)
	for _, evil := range []string{
		"A\r\nBcc: evil@example.com", "A\nBcc: evil@example.com", "A\rBcc: evil@example.com", "A\r\n\r\nBcc: evil@example.com\r\n.\r\nMAIL FROM:<evil@example.com>",
		"\u2028Bcc: evil@example.com", "A\u0085Bcc: evil@example.com", "=?utf-8?q?A=0D=0ABcc:_evil@example.com?=", "A\x00B", strings.Repeat("é", 10_000),
	} {
		o.put(t, storage.Mail{To: "guest@example.com", Subject: evil, Text: evil})
		o.put(t, storage.Mail{To: "guest@example.com", ToName: evil, Subject: "A", Text: "B"}) // may be refused as a whole
		o.work(t)
	}
	for _, got := range box.mails() {
		parsed, err := mail.ReadMessage(strings.NewReader(got.text))
		if err != nil {
			t.Errorf("%.200q: %v", got.text, err)
			continue
		}
		if got.to != "guest@example.com" || parsed.Header.Get("Bcc") != "" || len(parsed.Header["To"]) != 1 || len(parsed.Header["Subject"]) != 1 {
			t.Errorf("to %q, headers %v", got.to, parsed.Header)
		}
		to, err := parsed.Header.AddressList("To")
		if err != nil || len(to) != 1 || to[0].Address != "guest@example.com" {
			t.Errorf("To %v, %v", to, err)
		}
	}
	if len(box.mails()) < 9 { // each subject
		t.Errorf("%d mails only: the test proves little", len(box.mails()))
	}
	for _, to := range []string{"a@example.com\r\nBcc: evil@example.com", "a@example.com, evil@example.com", "a@example.com> <evil@example.com", ""} {
		before := len(box.mails())
		o.put(t, storage.Mail{To: to, Subject: "A", Text: "B"})
		o.work(t)
		if len(box.mails()) != before || o.waiting(t) != 0 {
			t.Errorf("a mail to %q left, or waits for ever", to)
		}
	}
}

func TestMailWaitsForTheServerToComeBack(t *testing.T) {
	path := database(t)
	down, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := down.Addr().String()
	if err := down.Close(); err != nil {
		t.Fatal(err)
	}
	o := newOffice(t, path, addr)
	o.put(t, plain)
	o.put(t, plain)
	o.work(t)
	if o.waiting(t) != 2 || o.Stats().Retried != 2 {
		t.Fatalf("%d wait, %+v", o.waiting(t), o.Stats())
	}
	o.hurry(t)
	if err := o.db.Close(); err != nil { // and the program is started again
		t.Fatal(err)
	}
	back := openPostbox(t, addr)
	o = newOffice(t, path, addr)
	o.work(t)
	if len(back.mails()) != 2 || o.waiting(t) != 0 {
		t.Errorf("%d came, %d wait", len(back.mails()), o.waiting(t))
	}
	if back.sessions != 1 {
		t.Errorf("%d connections for two mails", back.sessions)
	}
}

func TestAMailIsGivenUp(t *testing.T) {
	for _, tt := range []struct {
		name  string
		code  int
		tries int
	}{
		{"at once when there is no such recipient", 550, 1},
		{"after a while when the server says later", 450, maxTries},
	} {
		t.Run(tt.name, func(t *testing.T) {
			box := openPostbox(t, "127.0.0.1:0")
			box.refuse = func(string) error {
				return &smtp.SMTPError{Code: tt.code, EnhancedCode: smtp.EnhancedCode{tt.code / 100, 1, 1}, Message: "no <guest@example.com>"}
			}
			o := newOffice(t, database(t), box.addr)
			o.put(t, plain)
			for range tt.tries - 1 {
				o.work(t)
				o.hurry(t)
			}
			if o.waiting(t) != 1 {
				t.Fatal("given up too early")
			}
			if o.work(t); o.waiting(t) != 0 {
				t.Error("not given up")
			}
			if o.Stats().Failed != 1 || len(box.mails()) != 0 {
				t.Errorf("%+v, %d came", o.Stats(), len(box.mails()))
			}
			expectAudit(t, o, "mail.failed")
		})
	}
}

func expectAudit(t *testing.T, o *office, action string) {
	t.Helper()
	var n int
	row := o.file(t).QueryRowContext(t.Context(), `SELECT COUNT(*) FROM audit_events WHERE site_id = ? AND action = ?`, o.site.ID, action)
	if err := row.Scan(&n); err != nil || n != 1 {
		t.Errorf("%d rows of %s, %v", n, action, err)
	}
}

// A policy that is set while invitations wait holds for them.
func TestNothingLeavesThatThePolicyForbids(t *testing.T) {
	box := openPostbox(t, "127.0.0.1:0")
	o := newOffice(t, database(t), box.addr)
	o.put(t, plain)
	account := plain
	account.Kind = storage.AccountMail
	o.put(t, account)
	if err := o.db.SetPolicy(t.Context(), o.site.ID, 1, []byte(`{"disableEmailInvitations":true}`), storage.Operator); err != nil {
		t.Fatal(err)
	}
	o.work(t)
	if len(box.mails()) != 1 || o.waiting(t) != 0 || o.Stats().Withheld != 1 || o.Stats().Sent != 1 {
		t.Errorf("%d came, %d wait, %+v", len(box.mails()), o.waiting(t), o.Stats())
	}
	expectAudit(t, o, "mail.withheld")
}

// To a server on another machine nothing is said in the clear.
func TestTLS(t *testing.T) {
	for address, want := range map[string]Server{
		"smtp://127.0.0.1:25":                 {Host: "127.0.0.1", Port: 25, Clear: true},
		"smtp://localhost":                    {Host: "localhost", Port: 587, Clear: true},
		"smtp://[::1]:25":                     {Host: "::1", Port: 25, Clear: true},
		"smtp://u:p%2Fw@mail.example.org":     {Host: "mail.example.org", Port: 587, User: "u", Password: "p/w"},
		"smtps://mail.example.org":            {Host: "mail.example.org", Port: 465, TLS: true},
		"smtps://127.0.0.1:4650":              {Host: "127.0.0.1", Port: 4650, TLS: true},
		"smtp://localhost.example.org:25":     {Host: "localhost.example.org", Port: 25},
		"smtp://127.0.0.1.example.org:587":    {Host: "127.0.0.1.example.org", Port: 587},
		"smtp://user@mail.example.org:10587/": {Host: "mail.example.org", Port: 10587, User: "user"},
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if got := ServerAt(u); got != want {
			t.Errorf("%s: %+v, want %+v", address, got, want)
		}
	}
	box := openPostbox(t, "127.0.0.1:0") // offers no STARTTLS
	o := newOffice(t, database(t), box.addr)
	o.server.Clear = false
	o.put(t, plain)
	o.work(t)
	if len(box.mails()) != 0 || o.waiting(t) != 1 {
		t.Errorf("%d left without TLS", len(box.mails()))
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	box := openPostbox(t, "127.0.0.1:0")
	o := newOffice(t, database(t), box.addr)
	for range batch + 1 {
		o.put(t, plain)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { o.Run(ctx); close(done) }()
	deadline := time.After(20 * time.Second)
	for len(box.mails()) < batch+1 {
		select {
		case <-deadline:
			t.Fatalf("%d came", len(box.mails()))
		case <-time.After(5 * time.Millisecond):
		}
	}
	cancel()
	select {
	case <-done:
	case <-deadline:
		t.Fatal("it runs on")
	}
}

func TestWaitsGrow(t *testing.T) {
	for tries := range maxTries {
		got := wait(tries)
		if got < firstWait*3/4 || got > longWait*5/4 {
			t.Errorf("wait(%d) = %v", tries, got)
		}
	}
	if wait(0) >= wait(3) {
		t.Error("waits do not grow")
	}
}
