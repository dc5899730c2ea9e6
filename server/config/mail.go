package config

import (
	"errors"
	"fmt"
	"net/mail"
	"net/url"
)

// checkMail quotes no address of a server: it may hold a password.
func (f *serveFlags) checkMail(s *Serve) error {
	if (f.SMTPURL == "") != (f.MailFrom == "") {
		return errors.New("--smtp-url and --mail-from: give both, or neither to send no mail")
	}
	if f.SMTPURL == "" {
		return nil
	}
	u, err := url.Parse(f.SMTPURL)
	if err != nil || u.Scheme != "smtp" && u.Scheme != "smtps" || u.Hostname() == "" {
		return errors.New("--smtp-url: that is not a mail server; write it like smtp://user:password@mail.example.org:587")
	}
	if u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "" {
		return errors.New("--smtp-url: leave out what comes after the port; write % and / in a password as %25 and %2F")
	}
	from, err := mail.ParseAddress(f.MailFrom)
	if err != nil {
		return fmt.Errorf("--mail-from: %q is not an address; write it like meet@example.org", f.MailFrom)
	}
	s.SMTPURL, s.MailFrom = u, from
	return nil
}
