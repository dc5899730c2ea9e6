package storage

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/conclave-meet/conclave/signaling/edr"
)

// addWebhook stores a webhook of ada's site that wants to be told of these events.
func addWebhook(t *testing.T, db *DB, ada User, events ...string) Webhook {
	t.Helper()
	w, err := db.InsertWebhook(t.Context(), Webhook{
		SiteID: ada.SiteID, OwnerID: ada.ID, URL: "https://hooks.example/in?key=sesame", Events: events, Enabled: true,
	}, "whsec_one", Actor{Name: ada.Email})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// queued returns what waits for a webhook, or is dead, in its order.
func queued(t *testing.T, db *DB, w Webhook) []WebhookEvent {
	t.Helper()
	all, err := list(t.Context(), db.read, func(row scanner) (e WebhookEvent, err error) {
		var at int64
		err = row.Scan(e.into(&at)...)
		e.At = fromMillis(at)
		return e, err
	}, `SELECT `+eventColumns+` FROM webhook_events e WHERE e.webhook_id = ? ORDER BY e.n`, w.ID)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func typesOf(events []WebhookEvent) (types []string) {
	for _, e := range events {
		types = append(types, strings.TrimPrefix(strings.TrimPrefix(e.Type, "meetings."), "meetingParticipants."))
	}
	return types
}

// What webhooks are told is written with what it tells of, once, in its order, and
// nothing else is written.
func TestWebhooksAreToldOfASession(t *testing.T) {
	db := open(t)
	ada := addUser(t, db, "ada@example.org")
	m := addMeeting(t, db, ada, "23456789012", epoch)
	all, some := addWebhook(t, db, ada, WebhookEvents()...), addWebhook(t, db, ada, "meetings.ended")
	none := addWebhook(t, db, ada)
	paused := addWebhook(t, db, ada, WebhookEvents()...)
	paused.Enabled = false
	if _, err := db.UpdateWebhook(t.Context(), paused, Operator); err != nil {
		t.Fatal(err)
	}
	records := wholeSession("s-1", m)
	insert(t, db, records)
	insert(t, db, records) // a batch in doubt is written again
	insert(t, db, wholeSession("s-2", m)[1:])
	want := []string{
		"started", "joined", "joined", "denied", "expelled", "left", "admitted", "joined", "left", "left", "ended",
	}
	got := queued(t, db, all)
	if !slices.Equal(typesOf(got), want) {
		t.Errorf("told of %v, want %v", typesOf(got), want)
	}
	if !slices.Equal(typesOf(queued(t, db, some)), []string{"ended"}) || len(queued(t, db, none))+len(queued(t, db, paused)) != 0 {
		t.Error("somebody was told what they do not want to hear, or was not told")
	}
	ids := map[string]bool{}
	for _, e := range got {
		ids[e.ID] = true
		if e.MeetingID != m.ID || strings.Contains(string(e.Payload), "@") || strings.Contains(string(e.Payload), "192.0.2") {
			t.Errorf("%s", e.Payload)
		}
	}
	if len(ids) != len(got) {
		t.Errorf("%d ids for %d events", len(ids), len(got))
	}
	var last struct {
		ID, Type  string
		CreatedAt time.Time
		Data      struct {
			MeetingID, MeetingNumber, Title, SessionID, Reason string
			DurationSeconds, TotalParticipants                 int
		}
	}
	end := got[len(got)-1]
	if err := json.Unmarshal(end.Payload, &last, json.MatchCaseInsensitiveNames(true)); err != nil {
		t.Fatal(err)
	}
	if last.ID != end.ID || last.Type != "meetings.ended" || !last.CreatedAt.Equal(epoch.Add(30*time.Minute)) ||
		last.Data.MeetingID != m.ID || last.Data.MeetingNumber != m.Number || last.Data.Title != "Weekly" ||
		last.Data.SessionID != "s-1" || last.Data.DurationSeconds != 1800 || last.Data.TotalParticipants != 3 ||
		last.Data.Reason != "ended_by_host" {
		t.Errorf("%s", end.Payload)
	}
}

// What did not come to be is not told: the two are one transaction.
func TestNothingIsToldThatIsNotWritten(t *testing.T) {
	db := open(t)
	ada := addUser(t, db, "ada@example.org")
	m := addMeeting(t, db, ada, "23456789012", epoch)
	w := addWebhook(t, db, ada, WebhookEvents()...)
	records := wholeSession("s-1", m)
	bad := slices.Clone(records)
	bad[len(bad)-1].Seq = 1 << 63 // more than a row can hold
	if err := db.Write(t.Context(), edr.Batch{Records: bad}); err == nil {
		t.Fatal("a record that cannot be written was")
	}
	if got := queued(t, db, w); len(got) != 0 {
		t.Errorf("told of %v that never was", typesOf(got))
	}
	insert(t, db, records)
	if got := queued(t, db, w); len(got) != 11 { // the control
		t.Errorf("told of %v", typesOf(got))
	}
}

func TestWebhooksAreToldOfMeetings(t *testing.T) {
	db := open(t)
	ada := addUser(t, db, "ada@example.org")
	w := addWebhook(t, db, ada, "meetings.created", "meetings.updated", "meetings.deleted")
	m := addMeeting(t, db, ada, "23456789012", epoch)
	for _, title := range []string{"Monthly", "Yearly"} {
		m.Title = title
		var err error
		if m, err = db.UpdateMeeting(t.Context(), m, Operator, nil); err != nil {
			t.Fatal(err)
		}
	}
	stale := m
	stale.Version--
	if _, err := db.UpdateMeeting(t.Context(), stale, Operator, nil); !errors.Is(err, ErrStale) {
		t.Fatal(err)
	}
	if err := db.DeleteMeeting(t.Context(), ada.ID, m.ID, Operator, nil); err != nil {
		t.Fatal(err)
	}
	got := queued(t, db, w)
	if want := []string{"created", "updated", "updated", "deleted"}; !slices.Equal(typesOf(got), want) {
		t.Fatalf("told of %v, want %v", typesOf(got), want)
	}
	for i, text := range []string{"Weekly", "Monthly", "Yearly", "Yearly"} {
		if !strings.Contains(string(got[i].Payload), `"title":"`+text+`"`) {
			t.Errorf("%d: %s", i, got[i].Payload)
		}
		if strings.Contains(string(got[i].Payload), "sesame") || strings.Contains(string(got[i].Payload), "@") {
			t.Errorf("%d tells too much: %s", i, got[i].Payload)
		}
	}
}

func TestAWebhookThatIsGoneIsDisabled(t *testing.T) {
	db := open(t)
	ada := addUser(t, db, "ada@example.org")
	w := addWebhook(t, db, ada, WebhookEvents()...)
	m := addMeeting(t, db, ada, "23456789012", epoch)
	events, err := db.DueWebhookEvents(t.Context(), 8, 8)
	if err != nil || len(events) != 1 {
		t.Fatal(events, err)
	}
	for range 2 { // as when two were on their way
		if err := db.SettleGone(t.Context(), events[0], Delivery{At: now(), Outcome: "gone", Status: 410}, now()); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.DeleteMeeting(t.Context(), ada.ID, m.ID, Operator, nil); err != nil {
		t.Fatal(err)
	}
	got, err := db.WebhookByID(t.Context(), ada.SiteID, w.ID)
	if err != nil || got.Enabled || !got.Gone || got.Waiting != 1 {
		t.Errorf("%+v, %v", got, err)
	}
	if n := len(actions(t, db, ada.SiteID, "webhook.disable")); n != 1 {
		t.Errorf("%d rows of the audit log", n)
	}
	got.Enabled = true
	if got, err = db.UpdateWebhook(t.Context(), got, Operator); err != nil || got.Gone || !got.Enabled {
		t.Errorf("%+v, %v", got, err)
	}
}

// actions are what the audit log has after an action.
func actions(t *testing.T, db *DB, site, action string) []string {
	t.Helper()
	all, err := list(t.Context(), db.read, func(row scanner) (text string, err error) { return text, row.Scan(&text) },
		`SELECT before || after FROM audit_events WHERE site_id = ? AND action = ?`, site, action)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestSecretsOfAWebhook(t *testing.T) {
	db := open(t)
	ada := addUser(t, db, "ada@example.org")
	w := addWebhook(t, db, ada)
	sign := func() []string {
		t.Helper()
		all, err := db.WebhookSecrets(t.Context(), ada.SiteID, w.ID)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	for _, tt := range []struct {
		secret string
		until  time.Duration
		want   []string
	}{
		{"whsec_two", time.Hour, []string{"whsec_two", "whsec_one"}},
		{"whsec_three", time.Hour, []string{"whsec_three", "whsec_two"}},
		{"whsec_four", -time.Second, []string{"whsec_four"}},
	} {
		if _, err := db.RotateWebhookSecret(t.Context(), ada.SiteID, w.ID, tt.secret, now().Add(tt.until), Operator); err != nil {
			t.Fatal(err)
		}
		if got := sign(); !slices.Equal(got, tt.want) {
			t.Errorf("%v sign, want %v", got, tt.want)
		}
	}
	for _, action := range []string{"webhook.create", "webhook.secret"} {
		for _, text := range actions(t, db, ada.SiteID, action) {
			if strings.Contains(text, "whsec") || strings.Contains(text, "sesame") {
				t.Errorf("the audit log has a secret: %s", text)
			}
		}
	}
	if len(actions(t, db, ada.SiteID, "webhook.create")) != 1 || len(actions(t, db, ada.SiteID, "webhook.secret")) != 3 {
		t.Error("somebody did something that the audit log has not")
	}
}

func TestWebhooksAreTheirSites(t *testing.T) {
	db := open(t)
	ada := addUser(t, db, "ada@example.org")
	w := addWebhook(t, db, ada, "meetings.created")
	addMeeting(t, db, ada, "23456789012", epoch)
	const other = "another site"
	for name, call := range map[string]func(context.Context) error{
		"read":    func(ctx context.Context) error { _, err := db.WebhookByID(ctx, other, w.ID); return err },
		"secrets": func(ctx context.Context) error { _, err := db.WebhookSecrets(ctx, other, w.ID); return err },
		"delete":  func(ctx context.Context) error { return db.DeleteWebhook(ctx, other, w.ID, Operator) },
		"rotate": func(ctx context.Context) error {
			_, err := db.RotateWebhookSecret(ctx, other, w.ID, "x", now(), Operator)
			return err
		},
		"retry": func(ctx context.Context) error {
			_, err := db.RetryDeadLetters(ctx, other, w.ID, "", Operator)
			return err
		},
		"discard": func(ctx context.Context) error {
			_, err := db.DiscardDeadLetters(ctx, other, w.ID, "", Operator)
			return err
		},
		"update": func(ctx context.Context) error {
			theirs := w
			theirs.SiteID = other
			_, err := db.UpdateWebhook(ctx, theirs, Operator)
			return err
		},
	} {
		if err := call(t.Context()); !errors.Is(err, ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got, err := db.WebhookByID(t.Context(), ada.SiteID, w.ID); err != nil || got.Version != 1 || got.Waiting != 1 {
		t.Errorf("%+v, %v", got, err)
	}
	for range MaxWebhooks - 1 {
		addWebhook(t, db, ada)
	}
	if _, err := db.InsertWebhook(t.Context(), w, "x", Operator); !errors.Is(err, ErrTooMany) {
		t.Errorf("one too many: %v", err)
	}
	if err := db.DeleteWebhook(t.Context(), ada.SiteID, w.ID, Operator); err != nil || len(queued(t, db, w)) != 0 {
		t.Errorf("%v, and %v wait", err, queued(t, db, w))
	}
}
