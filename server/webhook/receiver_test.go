package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/conclave-meet/conclave/server/outbound"
	"github.com/conclave-meet/conclave/signaling/edr"
	"github.com/conclave-meet/conclave/storage"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}

// office is a queue, and who empties it.
type office struct {
	*Sender

	path string
	site string
}

func database(t *testing.T) string { t.Helper(); return filepath.Join(t.TempDir(), "conclave.db") }

// newOffice opens the queue at path. Its sender connects to this machine.
func newOffice(t *testing.T, path string) *office {
	t.Helper()
	db, err := storage.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	site, err := db.SiteByName(t.Context(), storage.DefaultSite)
	if err != nil {
		t.Fatal(err)
	}
	o := &office{NewSender(db, true), path, site.ID}
	o.every = 20 * time.Millisecond
	return o
}

// hasty makes the sender wait for so long only, and connect as it is told.
func (o *office) hasty(patience time.Duration, more func(*outbound.Options)) {
	options := outbound.Options{Reach: reach(true), Patience: patience, MaxBytes: maxRead}
	if more != nil {
		more(&options)
	}
	o.client = outbound.NewClient(options)
}

// tell makes a webhook that is told everything.
func (o *office) tell(t *testing.T, url string) storage.Webhook {
	t.Helper()
	w, err := o.db.InsertWebhook(t.Context(), storage.Webhook{SiteID: o.site, URL: url, Events: storage.WebhookEvents(), Enabled: true},
		newSecret(), storage.Operator)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// forget deletes a webhook.
func (o *office) forget(t *testing.T, w storage.Webhook) {
	t.Helper()
	if err := o.db.DeleteWebhook(t.Context(), o.site, w.ID, storage.Operator); err != nil {
		t.Fatal(err)
	}
}

// hold has a meeting with so many people, which makes as many events and one.
func (o *office) hold(t *testing.T, meeting string, people int) {
	t.Helper()
	at := time.Now()
	records := []edr.Record{{Session: "s-" + meeting, Seq: 1, At: at, Fact: edr.Started{SiteID: o.site, MeetingID: meeting, MeetingTitle: meeting}}}
	for i := range people {
		records = append(records, edr.Record{
			Session: "s-" + meeting, Seq: uint64(i + 2), At: at, Participant: fmt.Sprint("p-", i+1), Fact: edr.Joined{DisplayName: "Ada"},
		})
	}
	if err := o.db.Write(t.Context(), edr.Batch{Records: records}); err != nil {
		t.Fatal(err)
	}
}

// work sends what is due until nothing is.
func (o *office) work(t *testing.T) {
	t.Helper()
	for {
		if err := o.fill(t.Context()); err != nil {
			t.Fatal(err)
		}
		if o.places.held == 0 {
			return
		}
		f := <-o.done
		o.places.give(f.event, f.quick)
	}
}

// hurry makes every event due now.
func (o *office) hurry(t *testing.T) {
	t.Helper()
	file, err := sql.Open("sqlite", o.path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	if _, err := file.ExecContext(t.Context(), `PRAGMA busy_timeout = 5000`); err != nil {
		t.Fatal(err)
	}
	if _, err := file.ExecContext(t.Context(), `UPDATE webhook_events SET due_at = 0`); err != nil {
		t.Fatal(err)
	}
}

func (o *office) waiting(t *testing.T) (waiting, dead int) {
	t.Helper()
	waiting, dead, err := o.db.WaitingWebhookEvents(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return waiting, dead
}

func (o *office) log(t *testing.T, w storage.Webhook) []storage.Delivery {
	t.Helper()
	all, err := o.db.Deliveries(t.Context(), o.site, w.ID)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// receipt is a message as it came.
type receipt struct {
	id, kind, meeting, participant, body string
	header                               http.Header
}

// receiver is a real server that keeps what it is sent, and answers as it is told.
type receiver struct {
	*httptest.Server

	mu     sync.Mutex // guards what follows
	got    []receipt
	answer func(w http.ResponseWriter, r *http.Request, got receipt)
}

func openReceiver(t *testing.T, answer func(w http.ResponseWriter, r *http.Request, got receipt)) *receiver {
	t.Helper()
	in := &receiver{answer: answer}
	in.Server = httptest.NewServer(in)
	t.Cleanup(in.Close)
	return in
}

// answering answers everything with a status.
func answering(status int) func(http.ResponseWriter, *http.Request, receipt) {
	return func(w http.ResponseWriter, _ *http.Request, _ receipt) { w.WriteHeader(status) }
}

// ServeHTTP implements http.Handler.
func (in *receiver) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	got := receipt{id: r.Header.Get("Webhook-Id"), body: string(body), header: r.Header}
	var event struct {
		ID, Type string
		Data     struct{ MeetingID, ParticipantID string }
	}
	if json.Unmarshal(body, &event) == nil && event.ID == got.id {
		got.kind, got.meeting, got.participant = event.Type, event.Data.MeetingID, event.Data.ParticipantID
	}
	in.mu.Lock()
	in.got = append(in.got, got)
	answer := in.answer
	in.mu.Unlock()
	answer(w, r, got)
}

func (in *receiver) receipts() []receipt {
	in.mu.Lock()
	defer in.mu.Unlock()
	return append([]receipt{}, in.got...)
}

// signedBy reports whether one of a message's signatures is by secret. It is written
// anew from the specification, and not with sign.
func (r receipt) signedBy(secret string) bool {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		return false
	}
	mac := hmac.New(sha256.New, key)
	_, _ = fmt.Fprintf(mac, "%s.%s.%s", r.id, r.header.Get("webhook-timestamp"), r.body)
	for signature := range strings.FieldsSeq(r.header.Get("webhook-signature")) {
		got, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(signature, "v1,"))
		if err == nil && hmac.Equal(got, mac.Sum(nil)) {
			return true
		}
	}
	return false
}

// until waits for something to be so.
func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	deadline := time.After(60 * time.Second)
	for !is() {
		select {
		case <-deadline:
			t.Fatalf("%s: not within a minute", what)
		case <-time.After(20 * time.Millisecond):
		}
	}
}
