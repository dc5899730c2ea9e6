package mail

import (
	"database/sql"
	"io"
	"net"
	"net/mail"
	"net/url"
	"path/filepath"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"

	"github.com/conclave-meet/conclave/server/site"
	"github.com/conclave-meet/conclave/storage"
)

// postbox is a real SMTP server that keeps what it is given.
type postbox struct {
	server *smtp.Server
	addr   string

	mu       sync.Mutex // guards what follows
	got      []envelope
	sessions int
	refuse   func(to string) error
}

type envelope struct{ from, to, text string }

func openPostbox(t *testing.T, addr string) *postbox {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	p := &postbox{addr: listener.Addr().String()}
	p.server = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.sessions++
		return &session{box: p}, nil
	}))
	p.server.Domain = "mail.example.org"
	go func() { _ = p.server.Serve(listener) }()
	t.Cleanup(func() { _ = p.server.Close() })
	return p
}

func (p *postbox) mails() []envelope {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.got
}

type session struct {
	box  *postbox
	mail envelope
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.mail = envelope{from: from}
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.mail.to += to
	s.box.mu.Lock()
	defer s.box.mu.Unlock()
	if s.box.refuse != nil {
		return s.box.refuse(to)
	}
	return nil
}

func (s *session) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	s.mail.text = string(text)
	s.box.mu.Lock()
	defer s.box.mu.Unlock()
	s.box.got = append(s.box.got, s.mail)
	return err
}

func (s *session) Reset() { s.mail = envelope{} }

func (s *session) Logout() error { return nil }

// office is a queue, and who empties it.
type office struct {
	*Sender
	path string
	site *site.Site
}

func newOffice(t *testing.T, path, server string) *office {
	t.Helper()
	db, err := storage.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	sites := site.NewDirectory(db, &url.URL{Scheme: "https", Host: "meet.example.org"})
	first, err := sites.Named(t.Context(), storage.DefaultSite)
	if err != nil {
		t.Fatal(err)
	}
	to := ServerAt(&url.URL{Scheme: "smtp", Host: server})
	return &office{NewSender(db, sites, to, mail.Address{Name: "Conclave", Address: "meet@example.org"}), path, first}
}

func database(t *testing.T) string { t.Helper(); return filepath.Join(t.TempDir(), "conclave.db") }

func (o *office) put(t *testing.T, m storage.Mail) {
	t.Helper()
	m.SiteID = o.site.ID
	if m.Kind == "" {
		m.Kind = storage.InvitationMail
	}
	if err := o.db.InsertMail(t.Context(), m); err != nil {
		t.Fatal(err)
	}
}

func (o *office) work(t *testing.T) {
	t.Helper()
	if _, err := o.round(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (o *office) waiting(t *testing.T) int {
	t.Helper()
	n, err := o.db.WaitingMail(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// file is the database beside the program.
func (o *office) file(t *testing.T) *sql.DB {
	t.Helper()
	file, err := sql.Open("sqlite", o.path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	return file
}

// hurry makes every mail due now.
func (o *office) hurry(t *testing.T) {
	t.Helper()
	due, err := o.db.DueMail(t.Context(), 100)
	if err != nil || len(due) != 0 {
		t.Fatalf("due before their time: %v, %v", due, err)
	}
	if _, err := o.file(t).ExecContext(t.Context(), `UPDATE mails SET due_at = 0`); err != nil {
		t.Fatal(err)
	}
}

var plain = storage.Mail{To: "guest@example.com", Subject: "Hello", Text: "Come in."}
