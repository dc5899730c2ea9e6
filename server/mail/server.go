package mail

import (
	"context"
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"github.com/conclave-meet/conclave/storage"
)

// patience is how long the server may take for each step.
const patience = 20 * time.Second

// Server is where mail is handed to.
type Server struct {
	Host           string
	Port           int
	TLS            bool // from the first byte, and not by STARTTLS
	Clear          bool // without STARTTLS where the server does not offer it
	User, Password string
}

// ServerAt reads the address of a server: smtp:// is asked for STARTTLS, without
// which nothing is said to a server on another machine, and smtps:// is TLS from
// the start.
func ServerAt(u *url.URL) Server {
	s := Server{Host: u.Hostname(), TLS: u.Scheme == "smtps", User: u.User.Username()}
	s.Password, _ = u.User.Password()
	ip := net.ParseIP(s.Host)
	s.Clear = !s.TLS && (s.Host == "localhost" || ip != nil && ip.IsLoopback())
	if port, err := strconv.Atoi(u.Port()); err == nil {
		s.Port = port
	} else if s.Port = gomail.DefaultPortTLS; s.TLS {
		s.Port = gomail.DefaultPortSSL
	}
	return s
}

func (s Server) client(helo string) (*gomail.Client, error) {
	options := []gomail.Option{
		gomail.WithPort(s.Port), gomail.WithTimeout(patience), gomail.WithHELO(helo), gomail.WithTLSPolicy(gomail.TLSMandatory),
	}
	switch {
	case s.TLS:
		options = append(options, gomail.WithSSL())
	case s.Clear:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSOpportunistic))
	}
	if s.User != "" {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(s.User), gomail.WithPassword(s.Password))
	}
	return gomail.NewClient(s.Host, options...)
}

// connection is one with the server, opened by the first mail.
type connection struct {
	server Server
	from   mail.Address
	client *gomail.Client
	failed error // it could not be opened, and no mail of this round waits for it again
}

func (s Server) connection(from mail.Address) *connection { return &connection{server: s, from: from} }

// send hands one mail over.
func (c *connection) send(ctx context.Context, m storage.Mail) error {
	message, err := c.message(m)
	if err != nil {
		return fmt.Errorf("%w: %w", errUnsendable, err)
	}
	if err := c.open(ctx); err != nil {
		return err
	}
	if err := c.client.Send(message); err != nil {
		c.close() // the next one gets a connection that nothing went wrong on
		return fmt.Errorf("send mail: %w", err)
	}
	return nil
}

func (c *connection) open(ctx context.Context) error {
	if c.client != nil || c.failed != nil {
		return c.failed
	}
	client, err := c.server.client(domain(c.from.Address))
	if err == nil {
		err = client.DialWithContext(ctx)
	}
	if err != nil {
		c.failed = fmt.Errorf("reach the mail server: %w", err)
		return c.failed
	}
	c.client = client
	return nil
}

func (c *connection) close() {
	if c.client != nil {
		_ = c.client.Close() // what was taken was taken
		c.client = nil
	}
}

// message writes m. Its headers are encoded by go-mail, so that no text in them
// begins another.
func (c *connection) message(m storage.Mail) (*gomail.Msg, error) {
	message := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	message.FromMailAddress(&c.from)
	message.Subject(m.Subject)
	message.SetDate()
	message.SetMessageIDWithValue(m.ID + "@" + domain(c.from.Address))
	message.SetGenHeader("Auto-Submitted", "auto-generated")
	if err := message.AddToFormat(m.ToName, m.To); err != nil {
		return nil, err
	}
	if m.ReplyTo != "" {
		if err := message.ReplyTo(m.ReplyTo); err != nil {
			return nil, err
		}
	}
	message.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		message.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	if m.Calendar == "" {
		return message, nil
	}
	message.AddAlternativeString(gomail.ContentType("text/calendar; method="+m.Method), m.Calendar)
	return message, message.AttachReader("invite.ics", strings.NewReader(m.Calendar), gomail.WithFileContentType("application/ics"))
}

func domain(address string) string { return address[strings.LastIndex(address, "@")+1:] }
