// Package mail hands the mail in the queue to an SMTP server, one by one, and
// tries again what that did not take. It does not write mail. What a site's
// policy forbids does not leave, whenever it was put into the queue.
package mail

import (
	"context"
	"errors"
	"log/slog"
	"net/mail"
	"sync/atomic"
	"time"

	"github.com/conclave-meet/conclave/server/site"
	"github.com/conclave-meet/conclave/storage"
)

const (
	every = 2 * time.Second // the queue is looked at
	batch = 20              // mails on one connection
)

// Sender empties the queue. There is one: the data folder belongs to one server.
type Sender struct {
	db     *storage.DB
	sites  *site.Directory
	server Server
	from   mail.Address

	sent, retried, failed, withheld atomic.Uint64
}

// NewSender returns the sender of db's mail, which comes from that address. The
// caller must call Run.
func NewSender(db *storage.DB, sites *site.Directory, server Server, from mail.Address) *Sender {
	return &Sender{db: db, sites: sites, server: server, from: from}
}

// Stats counts what became of mails.
type Stats struct{ Sent, Retried, Failed, Withheld uint64 }

// Stats returns the counts since the start.
func (s *Sender) Stats() Stats {
	return Stats{s.sent.Load(), s.retried.Load(), s.failed.Load(), s.withheld.Load()}
}

// Run sends until ctx ends. A mail that was handed over just before the program
// dies is sent again, under the same Message-ID.
func (s *Sender) Run(ctx context.Context) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		more, err := s.round(ctx)
		if err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "mail queue not worked", "err", err)
		}
		if more && ctx.Err() == nil {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// round sends what is due, and reports whether there may be more.
func (s *Sender) round(ctx context.Context) (more bool, err error) {
	due, err := s.db.DueMail(ctx, batch)
	if err != nil || len(due) == 0 {
		return false, err
	}
	wire := s.server.connection(s.from)
	defer wire.close()
	for _, m := range due {
		if err := s.one(ctx, wire, m); err != nil {
			return false, err
		}
	}
	return len(due) == batch, nil
}

// one sends a mail and settles what becomes of it.
func (s *Sender) one(ctx context.Context, wire *connection, m storage.Mail) error {
	forbidden, err := s.forbidden(ctx, m)
	if err != nil {
		return err
	}
	if forbidden {
		s.withheld.Add(1)
		return s.db.DropMail(ctx, m, told("mail.withheld", m, "the site's policy allows no invitations by mail"))
	}
	err = wire.send(ctx, m)
	switch {
	case err == nil:
		s.sent.Add(1)
		return s.db.DeleteMail(context.WithoutCancel(ctx), m.ID) // it is out, whatever ends meanwhile
	case ctx.Err() != nil:
		return ctx.Err() // nobody's fault: it stays in the queue as it is
	case final(err) || m.Tries+1 >= maxTries:
		s.failed.Add(1)
		slog.WarnContext(ctx, "mail given up", "mail", m.ID, "kind", m.Kind, "tries", m.Tries+1, "err", err)
		return s.db.DropMail(ctx, m, told("mail.failed", m, reason(err)))
	default:
		s.retried.Add(1)
		slog.InfoContext(ctx, "mail not taken", "mail", m.ID, "kind", m.Kind, "tries", m.Tries+1, "err", err)
		return s.db.DelayMail(ctx, m.ID, time.Now().Add(wait(m.Tries)))
	}
}

// forbidden asks the site's policy as it is now, and not as it was when the mail
// was put into the queue.
func (s *Sender) forbidden(ctx context.Context, m storage.Mail) (bool, error) {
	if m.Kind != storage.InvitationMail {
		return false, nil
	}
	from, err := s.sites.ByID(ctx, m.SiteID)
	if errors.Is(err, storage.ErrNotFound) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	return from.Rules.DisableEmailInvitations, nil
}

// told is what the audit log says of a mail that nobody gets.
func told(action string, m storage.Mail, why string) storage.Change {
	return storage.Change{Action: action, Target: "mail:" + m.ID, After: map[string]string{"kind": m.Kind, "to": m.To, "why": why}}
}
