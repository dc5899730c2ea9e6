package storage

import (
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/conclave-meet/conclave/signaling/edr"
)

func TestTheFirstOfAMeetingIsDue(t *testing.T) {
	db := open(t)
	ada := addUser(t, db, "ada@example.org")
	w := addWebhook(t, db, ada, WebhookEvents()...)
	a := addMeeting(t, db, ada, "23456789012", epoch)
	b := addMeeting(t, db, ada, "23456789013", epoch)
	insert(t, db, wholeSession("s-a", a))
	due := func() []WebhookEvent {
		t.Helper()
		events, err := db.DueWebhookEvents(t.Context(), 8, 100)
		if err != nil {
			t.Fatal(err)
		}
		return events
	}
	first := due()
	if len(first) != 2 || first[0].MeetingID != a.ID || first[1].MeetingID != b.ID || first[0].Type != "meetings.created" {
		t.Fatalf("%+v", first)
	}
	if first[0].URL != w.URL || !slices.Equal(first[0].Secrets, []string{"whsec_one"}) {
		t.Errorf("%+v", first[0])
	}
	d := Delivery{EventID: first[0].ID, Type: first[0].Type, At: now(), Try: 1, Outcome: "status", Status: 500}
	if err := db.SettleDelayed(t.Context(), first[0], d, now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if got := due(); len(got) != 1 || got[0].MeetingID != b.ID {
		t.Errorf("a meeting whose first event waits does not wait: %+v", got)
	}
	if err := db.SettleDead(t.Context(), first[0], d); err != nil {
		t.Fatal(err)
	}
	if got := due(); len(got) != 2 || got[1].Type != "meetings.started" {
		t.Errorf("a dead letter holds its meeting up: %+v", got)
	}
	if n, err := db.RetryDeadLetters(t.Context(), ada.SiteID, w.ID, first[0].ID, Operator); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	if got := due(); len(got) != 2 || got[1].ID != first[0].ID || got[1].Tries != 0 {
		t.Errorf("what is tried again does not go first: %+v", got)
	}
	if err := db.SettleDelivered(t.Context(), first[0], d); err != nil {
		t.Fatal(err)
	}
	if got := due(); len(got) != 2 || got[1].Type != "meetings.started" {
		t.Errorf("what was delivered is not gone: %+v", got)
	}
}

// No webhook has so much due that another has to wait for it.
func TestDueEventsAreShared(t *testing.T) {
	db := open(t)
	ada := addUser(t, db, "ada@example.org")
	addWebhook(t, db, ada, "meetings.created")
	for i := range 30 {
		addMeeting(t, db, ada, fmt.Sprint(23456789012+i), epoch)
	}
	late := addWebhook(t, db, ada, "meetings.created")
	addMeeting(t, db, ada, "34567890123", epoch)
	events, err := db.DueWebhookEvents(t.Context(), 8, 10)
	if err != nil || len(events) != 9 || events[8].WebhookID != late.ID {
		t.Errorf("%d are due, %v", len(events), err)
	}
}

// leading fails where others lead than the first of each meeting that waits.
func leading(t *testing.T, db *DB, when string) {
	t.Helper()
	wrong, err := list(t.Context(), db.read, func(row scanner) (s string, err error) { return s, row.Scan(&s) }, `
		SELECT e.type || ' ' || e.n FROM webhook_events e WHERE e.leads <> (e.dead_at IS NULL AND NOT EXISTS (
			SELECT 1 FROM webhook_events b
			WHERE b.webhook_id = e.webhook_id AND b.meeting_id = e.meeting_id AND b.dead_at IS NULL AND b.n < e.n))`)
	if err != nil || len(wrong) != 0 {
		t.Errorf("%s: %v, %v", when, wrong, err)
	}
}

// Who leads is right whatever happens to the queue.
func TestWhoLeads(t *testing.T) {
	db := open(t)
	ada := addUser(t, db, "ada@example.org")
	w := addWebhook(t, db, ada, WebhookEvents()...)
	addWebhook(t, db, ada, WebhookEvents()...)
	for i := range 3 {
		insert(t, db, wholeSession(fmt.Sprint("s-", i), addMeeting(t, db, ada, fmt.Sprint(23456789012+i), epoch)))
	}
	leading(t, db, "at first")
	d := Delivery{At: epoch, Outcome: "status", Status: 500}
	chance := rand.New(rand.NewPCG(1, 2))
	for range 40 {
		all := queued(t, db, w)
		e := all[chance.IntN(len(all))]
		var err error
		what := chance.IntN(5)
		switch what {
		case 0:
			err = db.SettleDelivered(t.Context(), e, d)
		case 1, 2:
			err = db.SettleDead(t.Context(), e, d)
		case 3:
			err = db.SettleDelayed(t.Context(), e, d, epoch)
		default:
			_, err = db.RetryDeadLetters(t.Context(), ada.SiteID, w.ID, "", Operator)
		}
		if err != nil {
			t.Fatal(err)
		}
		leading(t, db, fmt.Sprint("after ", what))
	}
	if _, err := db.Purge(t.Context(), ada.SiteID, epoch.Add(15*time.Minute)); err != nil {
		t.Fatal(err)
	}
	leading(t, db, "after a purge")
	if len(queued(t, db, w)) == 0 {
		t.Error("nothing is left: the purge proves nothing")
	}
}

// A look at the queue goes by the webhook and takes a few: it does not read what
// waits, nor sort it.
func TestALookAtTheQueueIsShort(t *testing.T) {
	db := open(t)
	steps := plan(t, db, query{dueWebhookEvents, []any{0, 8, 100}})
	if !slices.ContainsFunc(steps, func(step string) bool {
		return strings.Contains(step, "webhook_events_due (webhook_id=? AND due_at<?)")
	}) {
		t.Errorf("%q", steps)
	}
	for _, step := range steps {
		if strings.HasPrefix(step, "SCAN") && step != "SCAN w" {
			t.Errorf("%q in %q", step, steps)
		}
	}
	if n := strings.Count(strings.Join(steps, "\n"), "TEMP B-TREE"); n != 1 { // of what was taken
		t.Errorf("%d times something is sorted: %q", n, steps)
	}
}

// BenchmarkDueWebhookEvents looks at 20 webhooks for which 1000 events each wait.
func BenchmarkDueWebhookEvents(b *testing.B) {
	for _, meetings := range []int{5, MaxWaitingEvents} {
		b.Run(fmt.Sprint("meetings=", meetings), func(b *testing.B) {
			db, err := Open(b.Context(), filepath.Join(b.TempDir(), "conclave.db"))
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = db.Close() }()
			site, err := db.SiteByName(b.Context(), DefaultSite)
			if err != nil {
				b.Fatal(err)
			}
			for range MaxWebhooks {
				w, err := db.InsertWebhook(b.Context(), Webhook{SiteID: site.ID, URL: "https://hooks.example/", Enabled: true}, "whsec_one", Operator)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := db.write.ExecContext(b.Context(), `
					WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < ?)
					INSERT INTO webhook_events (id, webhook_id, site_id, meeting_id, type, at, payload, due_at)
					SELECT n, ?, ?, 'm-' || (n % ?), 'meetings.started', 0, printf('%600s', ''), 0 FROM i`,
					MaxWaitingEvents, w.ID, site.ID, meetings); err != nil {
					b.Fatal(err)
				}
			}
			for b.Loop() {
				if events, err := db.DueWebhookEvents(b.Context(), 8, 2000); err != nil || len(events) != min(meetings, 8)*MaxWebhooks {
					b.Fatal(len(events), err)
				}
			}
		})
	}
}

// What is kept is bounded, and begins with the oldest to go.
func TestAFullQueue(t *testing.T) {
	db := open(t)
	ada := addUser(t, db, "ada@example.org")
	m := addMeeting(t, db, ada, "23456789012", epoch)
	w := addWebhook(t, db, ada, "meetingParticipants.joined")
	insert(t, db, wholeSession("s-1", m)[:1])
	put := func(from, to int) {
		t.Helper()
		s := &script{session: "s-1"}
		for i := from; i <= to; i++ {
			s.add(time.Second, "p", edr.Joined{})
			s.records[len(s.records)-1].Seq = uint64(i)
		}
		insert(t, db, s.records)
	}
	read := func() Webhook {
		t.Helper()
		w, err := db.WebhookByID(t.Context(), ada.SiteID, w.ID)
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	put(2, MaxWaitingEvents+1)
	if got := read(); got.Waiting != MaxWaitingEvents || got.Dead != 0 {
		t.Errorf("%+v", got)
	}
	first := queued(t, db, w)[0]
	put(MaxWaitingEvents+2, MaxWaitingEvents+11)
	if got := read(); got.Waiting != MaxWaitingEvents || got.Dead != 10 || got.Dropped != 0 {
		t.Errorf("%+v", got)
	}
	dead, err := db.DeadLetters(t.Context(), ada.SiteID, w.ID, 100)
	if err != nil || len(dead) != 10 || dead[0].ID != first.ID || dead[0].Outcome != OutcomeFull {
		t.Errorf("%d dead letters, %v", len(dead), err)
	}
	for from := MaxWaitingEvents + 12; from < 2*MaxWaitingEvents+12; from += 500 {
		put(from, from+499)
	}
	if got := read(); got.Waiting != MaxWaitingEvents || got.Dead != MaxDeadEvents || got.Dropped != 10 {
		t.Errorf("%+v", got)
	}
	retryInAFullQueue(t, db, w, read)
	if n, err := db.DiscardDeadLetters(t.Context(), ada.SiteID, w.ID, "", Operator); err != nil || n != MaxDeadEvents-3 {
		t.Error(n, err)
	}
	if waiting, dead, err := db.WaitingWebhookEvents(t.Context()); err != nil || waiting != MaxWaitingEvents || dead != 0 {
		t.Error(waiting, dead, err)
	}
}

// What was tried before it had to make room, or meanwhile, says what came of that.
func TestAFullQueueHidesNoFailure(t *testing.T) {
	db := open(t)
	ada := addUser(t, db, "ada@example.org")
	w := addWebhook(t, db, ada, "meetings.created")
	for i := range 4 {
		addMeeting(t, db, ada, fmt.Sprint(23456789012+i), epoch)
	}
	all := queued(t, db, w)
	failed := Delivery{At: epoch, Outcome: "status", Status: 503}
	if err := db.SettleDelayed(t.Context(), all[0], failed, epoch); err != nil {
		t.Fatal(err)
	}
	if _, err := db.write.ExecContext(t.Context(), `
		WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < ?)
		INSERT INTO webhook_events (id, webhook_id, site_id, meeting_id, type, at, payload, due_at)
		SELECT n, ?, ?, n, 'meetings.started', 0, '', 0 FROM i`, MaxWaitingEvents, w.ID, w.SiteID); err != nil {
		t.Fatal(err)
	}
	if err := db.update(t.Context(), func(tx *sql.Tx) error { return trimEvents(t.Context(), tx, w.ID) }); err != nil {
		t.Fatal(err)
	}
	if err := db.SettleDelayed(t.Context(), all[1], failed, epoch); err != nil { // they were on their way
		t.Fatal(err)
	}
	if err := db.SettleDead(t.Context(), all[2], failed); err != nil {
		t.Fatal(err)
	}
	dead, err := db.DeadLetters(t.Context(), w.SiteID, w.ID, 10)
	if err != nil || len(dead) != 4 {
		t.Fatal(dead, err)
	}
	for i, want := range []WebhookEvent{{Outcome: "status", Status: 503, Tries: 1}, {Outcome: "status", Status: 503, Tries: 1}, {Outcome: "status", Status: 503, Tries: 1}, {Outcome: OutcomeFull}} {
		if got := dead[i]; got.Outcome != want.Outcome || got.Status != want.Status || got.Tries != want.Tries {
			t.Errorf("%d: %s, %d after %d tries, want %+v", i, got.Outcome, got.Status, got.Tries, want)
		}
	}
	leading(t, db, "in a full queue")
}

// retryInAFullQueue puts back what there is room for, and the oldest first.
func retryInAFullQueue(t *testing.T, db *DB, w Webhook, read func() Webhook) {
	t.Helper()
	dead, err := db.DeadLetters(t.Context(), w.SiteID, w.ID, 4)
	if err != nil {
		t.Fatal(err)
	}
	for _, event := range []string{"", dead[0].ID} {
		if n, err := db.RetryDeadLetters(t.Context(), w.SiteID, w.ID, event, Operator); err != nil || n != 0 {
			t.Errorf("retry of %q without room: %d, %v", event, n, err)
		}
	}
	if _, err := db.RetryDeadLetters(t.Context(), w.SiteID, w.ID, "none", Operator); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
	waiting := queued(t, db, w)
	for _, e := range waiting[len(waiting)-3:] {
		if err := db.SettleDelivered(t.Context(), e, Delivery{}); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := db.RetryDeadLetters(t.Context(), w.SiteID, w.ID, "", Operator); err != nil || n != 3 {
		t.Errorf("retry of all, with room for 3: %d, %v", n, err)
	}
	if got := read(); got.Waiting != MaxWaitingEvents || got.Dead != MaxDeadEvents-3 || got.Dropped != 10 {
		t.Errorf("after a retry of all: %+v", got)
	}
	if left, err := db.DeadLetters(t.Context(), w.SiteID, w.ID, 1); err != nil || left[0].ID != dead[3].ID {
		t.Errorf("the oldest did not go first: %v", err)
	}
}

func TestTheDeliveryLogIsBounded(t *testing.T) {
	db := open(t)
	ada := addUser(t, db, "ada@example.org")
	w := addWebhook(t, db, ada)
	e := WebhookEvent{ID: "evt_test", WebhookID: w.ID, SiteID: w.SiteID, Type: "webhooks.test"}
	for i := range MaxDeliveries + 5 {
		if err := db.LogDelivery(t.Context(), e, Delivery{EventID: e.ID, Type: e.Type, At: epoch, Try: i + 1, Outcome: "delivered", Status: 204, Took: time.Second}); err != nil {
			t.Fatal(err)
		}
	}
	all, err := db.Deliveries(t.Context(), ada.SiteID, w.ID)
	if err != nil || len(all) != MaxDeliveries || all[0].Try != MaxDeliveries+5 || all[0].Took != time.Second {
		t.Errorf("%d deliveries, %v", len(all), err)
	}
	if all, err := db.Deliveries(t.Context(), "another site", w.ID); err != nil || len(all) != 0 {
		t.Errorf("another site sees %d deliveries, %v", len(all), err)
	}
}

// What a site's records are kept no longer, its webhooks are not told any more.
func TestRetentionOfWebhooks(t *testing.T) {
	db := open(t)
	ada := addUser(t, db, "ada@example.org")
	m := addMeeting(t, db, ada, "23456789012", epoch)
	w := addWebhook(t, db, ada, WebhookEvents()...)
	records := wholeSession("s-1", m)
	insert(t, db, records)
	before := queued(t, db, w)
	dead := Delivery{EventID: before[0].ID, At: epoch, Outcome: "status", Status: 500}
	if err := db.SettleDead(t.Context(), before[0], dead); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Purge(t.Context(), "another site", epoch.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if got := queued(t, db, w); len(got) != len(before) {
		t.Errorf("the retention of another site leaves %d of %d", len(got), len(before))
	}
	if _, err := db.Purge(t.Context(), ada.SiteID, epoch.Add(15*time.Minute)); err != nil {
		t.Fatal(err)
	}
	if got := typesOf(queued(t, db, w)); !slices.Equal(got, []string{"admitted", "joined", "left", "left", "ended"}) {
		t.Errorf("%v are left", got)
	}
	if log, err := db.Deliveries(t.Context(), ada.SiteID, w.ID); err != nil || len(log) != 0 {
		t.Errorf("%d deliveries are left, %v", len(log), err)
	}
}
