package storage

import (
	"testing"

	"github.com/conclave-meet/conclave/signaling/edr"
)

// A refusal has a row in the site's audit log, once however often it is written,
// and a stay keeps what was agreed to and answered.
func TestARefusalIsAudited(t *testing.T) {
	db := open(t)
	site := theSite(t, db)
	records := []edr.Record{
		{Session: "s", Seq: 1, At: now(), Fact: edr.Started{SiteID: site.ID, MeetingID: "m"}},
		{Session: "s", Seq: 2, At: now(), Participant: "p", Fact: edr.Joined{
			DisplayName: "Grace", Email: "grace@example.org", IPAddress: "192.0.2.0", DisclaimerHash: "hash", Form: `{"team":"Red"}`,
		}},
		{Session: "s", Seq: 3, At: now(), Participant: "p", Fact: edr.Refused{Action: "send_chat"}},
		{Session: "s", Seq: 4, At: now(), Participant: "nobody", Fact: edr.Refused{Action: "send_chat"}},
	}
	for range 2 {
		if err := db.Write(t.Context(), edr.Batch{Records: records}); err != nil {
			t.Fatal(err)
		}
	}
	var n int
	var actor, ip, target, after string
	err := db.read.QueryRowContext(t.Context(),
		`SELECT count(*), actor, ip, target, after FROM audit_events WHERE action = 'meeting.refused' AND site_id = ?`, site.ID).
		Scan(&n, &actor, &ip, &target, &after)
	if err != nil || n != 1 || actor != "grace@example.org" || ip != "192.0.2.0" || target != "meeting:m" {
		t.Errorf("%d rows: %s at %s, %s %s, %v", n, actor, ip, target, after, err)
	}
	stays, err := db.AttendeeRows(t.Context(), Filter{SiteID: site.ID, WholeSite: true, Max: 10})
	if err != nil || len(stays.Items) != 1 || stays.Items[0].DisclaimerHash != "hash" || string(stays.Items[0].FormValues) != `{"team":"Red"}` {
		t.Errorf("stays: %+v, %v", stays.Items, err)
	}
}
