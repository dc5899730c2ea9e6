package operator

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/conclave-meet/conclave/server/config"
	"github.com/conclave-meet/conclave/server/report"
	"github.com/conclave-meet/conclave/storage"
)

// exportRecords prints one of a site's reports, a part at a time.
func (o *operator) exportRecords(ctx context.Context, c *config.EDRExport, out io.Writer) error {
	s, err := o.site(ctx, c.Site)
	if err != nil {
		return err
	}
	format, err := report.ParseFormat(c.Format)
	if err != nil {
		return err
	}
	f := storage.Filter{SiteID: s.ID, WholeSite: true, From: c.Since, To: c.Until, Sort: storage.ByStart}
	switch c.Report {
	case "attendees":
		return report.Write(ctx, out, format, storage.Parts(o.db.AttendeeRows, f))
	case "events":
		return report.Write(ctx, out, format, storage.Parts(o.db.EventRows, f))
	default:
		return report.Write(ctx, out, format, storage.Parts(o.db.UsageRows, f))
	}
}

// errFault says that a chain does not hold. What is wrong has been printed.
var errFault = errors.New("records or audit log are not as they were written")

// verifyChains compares every site's rows with its chain.
func (o *operator) verifyChains(ctx context.Context, c *config.AuditVerify, out io.Writer) error {
	sites, err := o.db.Sites(ctx)
	if c.Site != "" {
		var s storage.Site
		s, err = o.site(ctx, c.Site)
		sites = []storage.Site{s}
	}
	if err != nil {
		return err
	}
	var fault error
	for _, s := range sites {
		v, err := o.db.Verify(ctx, s.ID, c.Noted)
		if err != nil {
			return err
		}
		if v.Fault != nil || c.Noted != nil && v.NotedAt == 0 {
			fault = errFault
		}
		if err := printVerdict(out, s.Name, v, c.Noted != nil); err != nil {
			return err
		}
	}
	return fault
}

// printVerdict says in a line or two what a comparison came to.
func printVerdict(out io.Writer, site string, v storage.Verdict, noted bool) error {
	const when = "2006-01-02T15:04:05.000Z07:00"
	if f := v.Fault; f != nil {
		_, err := fmt.Fprintf(out, "%s: %s %s of %s was %s (link %d); the %d links before it are right\n",
			site, f.Kind, f.ID, f.Time.Format(when), f.What, f.Link, v.Head.Links)
		return err
	}
	_, err := fmt.Fprintf(out, "%s: %d rows are as they were written, %d of them purged since; head %x\n",
		site, v.Head.Links, v.Purged, v.Head.Hash)
	switch {
	case err != nil || !noted:
		return err
	case v.NotedAt == 0:
		_, err = fmt.Fprintf(out, "%s: the head you noted is not in the chain: what was there then has been replaced or cut off\n", site)
	default:
		_, err = fmt.Fprintf(out, "%s: the head you noted is link %d; nothing up to there has changed\n", site, v.NotedAt)
	}
	return err
}
