package operator

import (
	"bytes"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/conclave-meet/conclave/signaling/edr"
)

func (d *desk) hold(session string, at time.Time) {
	d.t.Helper()
	site := d.site("default")
	err := d.db.Write(d.t.Context(), edr.Batch{Records: []edr.Record{
		{Session: session, Seq: 1, At: at, Fact: edr.Started{SiteID: site.ID, MeetingTitle: "=1+1", HostID: "ada"}},
		{Session: session, Seq: 2, At: at, Participant: "p-1", Fact: edr.Joined{DisplayName: "@Guest"}},
		{Session: session, Seq: 3, At: at.Add(time.Minute), Participant: "p-1", Fact: edr.Left{Reason: "left", Duration: time.Minute}},
		{Session: session, Seq: 4, At: at.Add(time.Minute), Fact: edr.Ended{Reason: "empty", Duration: time.Minute}},
	}})
	if err != nil {
		d.t.Fatal(err)
	}
}

func TestExportBesideAServer(t *testing.T) {
	d := newDesk(t)
	d.hold("first", time.Date(2027, 5, 4, 9, 0, 0, 0, time.UTC))
	d.hold("second", time.Date(2027, 5, 5, 9, 0, 0, 0, time.UTC))
	rows, err := csv.NewReader(strings.NewReader(d.must("", "edr", "export", "--from", "2027-05-05", "--to", "2027-05-06T00:00:00Z"))).ReadAll()
	if err != nil || len(rows) != 2 || rows[1][0] != "second" || rows[1][4] != "'=1+1" {
		t.Errorf("%q, %v", rows, err)
	}
	var file struct{ Items []map[string]any }
	if err := json.Unmarshal([]byte(d.must("", "edr", "export", "--report", "attendees", "--format", "json")), &file); err != nil ||
		len(file.Items) != 2 || file.Items[0]["displayName"] != "@Guest" {
		t.Errorf("%v, %v", file, err)
	}
	for want, args := range map[string][]string{
		"--site: there is no site": {"edr", "export", "--site", "nobody"},
		"--from: \"yesterday\"":    {"edr", "export", "--from", "yesterday"},
		"--to: name a time after":  {"edr", "export", "--from", "2027-05-05", "--to", "2027-05-05"},
		"--format":                 {"edr", "export", "--format", "xml"},
		"--head: say with --site":  {"audit", "verify", "--head", strings.Repeat("a", 64)},
		"--head: that is not":      {"audit", "verify", "--site", "default", "--head", "abc"},
	} {
		if _, err := d.run("", args...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", args, err, want)
		}
	}
}

func TestVerifyBesideAServer(t *testing.T) {
	d := newDesk(t)
	d.hold("first", time.Date(2027, 5, 4, 9, 0, 0, 0, time.UTC))
	out := d.must("", "audit", "verify")
	head := regexp.MustCompile(`head ([0-9a-f]{64})`).FindStringSubmatch(out)
	if head == nil {
		t.Fatalf("no head in %s", out)
	}
	d.hold("second", time.Date(2027, 5, 5, 9, 0, 0, 0, time.UTC))
	if out := d.must("", "audit", "verify", "--site", "default", "--head", head[1]); !strings.Contains(out, "nothing up to there has changed") {
		t.Error(out)
	}
	if out, err := d.run("", "audit", "verify", "--site", "default", "--head", strings.Repeat("a", 64)); err == nil || !strings.Contains(out, "not in the chain") {
		t.Errorf("%s, %v", out, err)
	}
	raw, err := sql.Open("sqlite", filepath.Join(d.folder, "conclave.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = raw.Close() }()
	for _, statement := range []string{
		`DROP TRIGGER edr_attendees_are_final`, `UPDATE edr_attendees SET duration_ms = 1 WHERE session_id = 'second'`,
	} {
		if _, err := raw.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	text, err := d.run("", "audit", "verify")
	if err == nil || !bytes.Contains([]byte(text), []byte("default: attendee second/2 of 2027-05-05T09:00:00.000Z was changed (link")) {
		t.Errorf("%s, %v", text, err)
	}
}
