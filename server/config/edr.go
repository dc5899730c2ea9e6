package config

import (
	"encoding/hex"
	"errors"
	"fmt"
	"time"
)

// EDRExport asks for a site's event detail records as a file on standard output.
type EDRExport struct {
	Folder
	Site   string `default:"default" placeholder:"NAME" help:"The site (${default})."`
	Report string `default:"usage" enum:"usage,attendees,events" help:"Which records: ${enum} (${default})."`
	From   string `placeholder:"TIME" help:"From this time or day on, like 2027-05-04T09:00:00Z or 2027-05-04 (default: the first record)."`
	To     string `placeholder:"TIME" help:"Before this time or day (default: the last record)."`
	Format string `default:"csv" enum:"csv,json" help:"The file's format: ${enum} (${default})."`

	Since, Until time.Time `kong:"-"` // From and To, read
}

// AuditVerify asks whether records and audit log are what they were when they
// were written.
type AuditVerify struct {
	Folder
	Site string `placeholder:"NAME" help:"Only this site (default: all of them)."`
	Head string `placeholder:"HASH" help:"A head that this command printed before; it must still be in the chain. Needs --site."`

	Noted []byte `kong:"-"` // Head, read
}

func (*EDRExport) command()   {}
func (*AuditVerify) command() {}

type edrCommands struct {
	Export EDRExport `cmd:"" help:"Print a site's event detail records as CSV or JSON."`
}

type auditCommands struct {
	Verify AuditVerify `cmd:"" help:"Compare records and audit log with their hash chain; exit 1 at the first row that was changed, removed or added."`
}

func (e *EDRExport) check() (err error) {
	if err := e.Folder.check(); err != nil {
		return err
	}
	if e.Since, err = readMoment("--from", e.From); err != nil {
		return err
	}
	if e.Until, err = readMoment("--to", e.To); err != nil {
		return err
	}
	if !e.Since.IsZero() && !e.Until.IsZero() && !e.Since.Before(e.Until) {
		return errors.New("--to: name a time after --from")
	}
	return nil
}

// readMoment reads a time, or a day, which begins at midnight UTC.
func readMoment(flag, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%s: %q is not a time; write it like 2027-05-04T09:00:00Z or 2027-05-04", flag, text)
}

func (a *AuditVerify) check() (err error) {
	if err := a.Folder.check(); err != nil {
		return err
	}
	if a.Head == "" {
		return nil
	}
	if a.Site == "" {
		return errors.New("--head: say with --site whose head it is")
	}
	if a.Noted, err = hex.DecodeString(a.Head); err != nil || len(a.Noted) != 32 {
		return errors.New("--head: that is not a head; it has 64 digits and letters from a to f")
	}
	return nil
}
