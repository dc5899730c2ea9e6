package operator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/conclave-meet/conclave/server/api"
	"github.com/conclave-meet/conclave/server/auth"
	"github.com/conclave-meet/conclave/server/config"
	"github.com/conclave-meet/conclave/storage"
)

func (o *operator) createUser(ctx context.Context, command *config.UserCreate, in io.Reader, out io.Writer) error {
	s, err := o.site(ctx, command.Site)
	if err != nil {
		return err
	}
	u := storage.User{SiteID: s.ID, Role: command.Role}
	if u.Email, err = api.EmailAddress(command.Email); err != nil {
		return fmt.Errorf("--email: %w", plain(err))
	}
	if u.Name, err = api.PersonName(command.Name); err != nil {
		return fmt.Errorf("--name: %w", plain(err))
	}
	if _, err := o.db.UserByEmail(ctx, s.ID, u.Email); err == nil { // before anybody types a password
		return taken(u, s)
	}
	if u.PasswordHash, err = newPassword(ctx, s, u, in, out); err != nil {
		return err
	}
	u, err = o.db.CreateUser(ctx, u, storage.Operator)
	if errors.Is(err, storage.ErrTaken) {
		return taken(u, s)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "Made %s (%s) a user of site %s in the role %s.\n", u.Name, u.Email, s.Name, u.Role)
	return err
}

func taken(u storage.User, s storage.Site) error {
	return fmt.Errorf("--email: site %s has a user %s already; `conclave user reset` gives them another password", s.Name, u.Email)
}

// newPassword reads a password for u at s and returns its hash.
func newPassword(ctx context.Context, s storage.Site, u storage.User, in io.Reader, out io.Writer) (string, error) {
	password, err := readPassword(in, out)
	if err != nil {
		return "", err
	}
	rules, err := rulesOf(s)
	if err != nil {
		return "", err
	}
	if fault := auth.AccountRules(rules, u.Name, u.Email, s.Name, s.Title, s.Host).Fault(password); fault != "" {
		return "", errors.New(fault)
	}
	return auth.NewHasher(auth.HashMemory).Hash(ctx, password)
}

func (o *operator) listUsers(ctx context.Context, command *config.UserList, out io.Writer) error {
	s, err := o.site(ctx, command.Site)
	if err != nil {
		return err
	}
	users, err := o.db.UsersOf(ctx, s.ID)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	_, _ = fmt.Fprintln(table, "EMAIL\tNAME\tROLE\tSIGN-IN")
	for _, u := range users {
		state := "yes"
		if !u.Disabled.IsZero() {
			state = "disabled"
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", u.Email, u.Name, u.Role, state)
	}
	return table.Flush()
}

func (o *operator) resetUser(ctx context.Context, command *config.UserReset, in io.Reader, out io.Writer) error {
	s, err := o.site(ctx, command.Site)
	if err != nil {
		return err
	}
	u, err := o.db.UserByEmail(ctx, s.ID, command.Email)
	if errors.Is(err, storage.ErrNotFound) {
		return fmt.Errorf("--email: site %s has no user %.80q; `conclave user list --site %s` shows who there is", s.Name, command.Email, s.Name)
	}
	if err != nil {
		return err
	}
	hash, err := newPassword(ctx, s, u, in, out)
	if err != nil {
		return err
	}
	ended, err := o.db.ResetPassword(ctx, u, hash, storage.Operator)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s has the new password. Ended logins: %d.\n", u.Email, ended)
	return err
}
