// Package operator does what who runs the server asks for at its command line:
// sites, their policies, and their first users. It works on the data folder of a
// server that may run meanwhile, tells people what it did in a sentence, and
// notes it in the audit log. It has no say in what a meeting does.
package operator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"

	"github.com/conclave-meet/conclave/server/api"
	"github.com/conclave-meet/conclave/server/config"
	"github.com/conclave-meet/conclave/storage"
)

// Run does what command asks for. It reads passwords from in, and says what it
// did on out. ErrOther says that the command is none of the operator's.
func Run(ctx context.Context, command config.Command, in io.Reader, out io.Writer) error {
	switch command := command.(type) {
	case *config.SiteCreate:
		return with(ctx, command.Data, mayCreate, func(o *operator) error { return o.createSite(ctx, command, out) })
	case *config.SiteList:
		return with(ctx, command.Data, mustExist, func(o *operator) error { return o.listSites(ctx, out) })
	case *config.SitePolicy:
		return with(ctx, command.Data, mustExist, func(o *operator) error { return o.policy(ctx, command, out) })
	case *config.UserCreate:
		return with(ctx, command.Data, mayCreate, func(o *operator) error { return o.createUser(ctx, command, in, out) })
	case *config.UserList:
		return with(ctx, command.Data, mustExist, func(o *operator) error { return o.listUsers(ctx, command, out) })
	case *config.UserReset:
		return with(ctx, command.Data, mustExist, func(o *operator) error { return o.resetUser(ctx, command, in, out) })
	case *config.EDRExport:
		return with(ctx, command.Data, mustExist, func(o *operator) error { return o.exportRecords(ctx, command, out) })
	case *config.AuditVerify:
		return with(ctx, command.Data, mustExist, func(o *operator) error { return o.verifyChains(ctx, command, out) })
	default:
		return ErrOther
	}
}

// ErrOther says that a command is not the operator's.
var ErrOther = errors.New("not a command of the operator")

// operator works on one database.
type operator struct{ db *storage.DB }

// Whether a command makes the database that is not there yet.
const (
	mustExist = false
	mayCreate = true
)

// with opens the database in folder for do.
func with(ctx context.Context, folder string, create bool, do func(*operator) error) error {
	path := filepath.Join(folder, "conclave.db")
	db, err := storage.OpenBeside(ctx, path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && create:
		db, err = storage.Open(ctx, path)
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("--data: there is no database in %s; name the folder that the server uses, or start the server once", folder)
	}
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	return plain(do(&operator{db}))
}

// plain makes a refusal of the interface a sentence of its own.
func plain(err error) error {
	if sentence, ok := api.Sentence(err); ok {
		return errors.New(sentence)
	}
	return err
}

// site returns the site called name.
func (o *operator) site(ctx context.Context, name string) (storage.Site, error) {
	s, err := o.db.SiteByName(ctx, name)
	if errors.Is(err, storage.ErrNotFound) {
		return s, fmt.Errorf("--site: there is no site %q; `conclave site list` shows which there are", name)
	}
	return s, err
}
