package webhook

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/conclave-meet/conclave/server/outbound"
	"github.com/conclave-meet/conclave/storage"
)

func TestAMessageIsSigned(t *testing.T) {
	in := openReceiver(t, answering(http.StatusNoContent))
	o := newOffice(t, database(t))
	w := o.tell(t, in.URL+"/in?key=sesame")
	o.hold(t, "m-1", 0)
	o.work(t)
	old, _ := o.db.WebhookSecrets(t.Context(), o.site, w.ID)
	if _, err := o.db.RotateWebhookSecret(t.Context(), o.site, w.ID, newSecret(), time.Now().Add(24*time.Hour), storage.Operator); err != nil {
		t.Fatal(err)
	}
	both, _ := o.db.WebhookSecrets(t.Context(), o.site, w.ID)
	o.hold(t, "m-2", 0)
	o.work(t)
	got := in.receipts()
	if waiting, dead := o.waiting(t); len(got) != 2 || waiting+dead != 0 || o.Stats() != (Stats{Delivered: 2}) {
		t.Fatalf("%d came, %d wait, %d are dead, %+v", len(got), waiting, dead, o.Stats())
	}
	if len(both) != 2 || !got[0].signedBy(old[0]) || got[0].signedBy(both[0]) || !got[1].signedBy(both[0]) || !got[1].signedBy(old[0]) {
		t.Error("a message is not signed by the secrets there are, or by another")
	}
	changed := got[0]
	changed.body += " "
	if changed.signedBy(old[0]) {
		t.Error("the signature is good for another body")
	}
	at, err := time.Parse(time.RFC3339, strings.Split(strings.SplitN(got[0].body, `"createdAt":"`, 2)[1], `"`)[0])
	if err != nil || time.Since(at) > time.Minute || got[0].kind != "meetings.started" || got[0].header.Get("Content-Type") != "application/json" {
		t.Errorf("%+v, %v", got[0], err)
	}
	log := o.log(t, w)
	if len(log) != 2 || log[1].Outcome != delivered || log[1].Status != http.StatusNoContent || log[1].EventID != got[0].id || log[1].Try != 1 {
		t.Errorf("%+v", log)
	}
}

// The vector is the one that libraries of Standard Webhooks are tested with.
func TestSign(t *testing.T) {
	const secret, id, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", `{"test": 2432232314}`
	got, err := sign([]string{secret}, id, time.Unix(1614265330, 0), []byte(body))
	if want := "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; err != nil || got != want {
		t.Errorf("%s, %v; want %s", got, err, want)
	}
	for _, bad := range []string{"", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_!"} {
		if _, err := sign([]string{bad}, id, time.Unix(0, 0), nil); err == nil {
			t.Errorf("%q signs", bad)
		}
	}
	if a, b := newSecret(), newSecret(); a == b || len(a) != len("whsec_")+44 {
		t.Errorf("%d characters", len(a))
	}
}

// What comes of a try by what the receiver does. Each receiver is a real one.
func TestOutcomes(t *testing.T) {
	var followed atomic.Int32
	inner := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { followed.Add(1) }))
	defer inner.Close()
	var written atomic.Int64
	o := newOffice(t, database(t))
	o.hasty(time.Second, nil)
	for _, tt := range []struct {
		name    string
		answer  func(http.ResponseWriter, *http.Request, receipt)
		outcome string
		status  int
	}{
		{"takes it", answering(http.StatusOK), delivered, 200},
		{"takes it without a word", answering(http.StatusAccepted), delivered, 202},
		{"breaks", answering(http.StatusInternalServerError), status, 500},
		{"refuses", answering(http.StatusForbidden), status, 403},
		{"has moved", func(w http.ResponseWriter, r *http.Request, _ receipt) {
			http.Redirect(w, r, inner.URL, http.StatusTemporaryRedirect)
		}, redirected, 307},
		{"wants no more", answering(http.StatusGone), gone, 410},
		{"says nothing", func(_ http.ResponseWriter, r *http.Request, _ receipt) { <-r.Context().Done() }, timeout, 0},
		{"hangs up", func(http.ResponseWriter, *http.Request, receipt) { panic(http.ErrAbortHandler) }, unconnected, 0},
		{"never ends", func(w http.ResponseWriter, r *http.Request, _ receipt) {
			for r.Context().Err() == nil {
				n, err := w.Write(make([]byte, 1<<10))
				written.Add(int64(n))
				if err != nil {
					return
				}
			}
		}, delivered, 200},
		{"dribbles", func(w http.ResponseWriter, r *http.Request, _ receipt) {
			_, _ = w.Write([]byte("a"))
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		}, delivered, 200},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := openReceiver(t, tt.answer)
			w := o.tell(t, in.URL)
			defer o.forget(t, w)
			o.hold(t, tt.name, 0)
			o.work(t)
			log := o.log(t, w)
			if len(log) != 1 || log[0].Outcome != tt.outcome || log[0].Status != tt.status {
				t.Fatalf("%+v", log)
			}
			waiting, dead := o.waiting(t)
			if (waiting == 0) != (tt.outcome == delivered) || dead != 0 {
				t.Errorf("%d wait, %d are dead", waiting, dead)
			}
			if now, err := o.db.WebhookByID(t.Context(), o.site, w.ID); err != nil || now.Gone != (tt.outcome == gone) || now.Enabled == now.Gone {
				t.Errorf("%+v, %v", now, err)
			}
		})
	}
	if followed.Load() != 0 {
		t.Error("a redirect was followed")
	}
	if n := written.Load(); n == 0 || n > 16<<20 { // what the kernels between us take, and no more
		t.Errorf("%d bytes of an endless answer were taken", n)
	}
}

// What the address before says when a webhook was just moved, is not said by the
// address now.
func TestTheOldAddressIsGone(t *testing.T) {
	now := openReceiver(t, answering(http.StatusOK))
	o := newOffice(t, database(t))
	var w storage.Webhook
	before := openReceiver(t, func(answer http.ResponseWriter, _ *http.Request, _ receipt) {
		moved := w
		moved.URL = now.URL
		if _, err := o.db.UpdateWebhook(context.Background(), moved, storage.Operator); err != nil {
			t.Error(err)
		}
		answer.WriteHeader(http.StatusGone)
	})
	w = o.tell(t, before.URL)
	o.hold(t, "m-1", 0)
	o.work(t)
	got, err := o.db.WebhookByID(t.Context(), o.site, w.ID)
	if err != nil || !got.Enabled || got.Gone || got.Waiting != 1 {
		t.Errorf("%+v, %v", got, err)
	}
	o.hurry(t)
	o.work(t)
	if log := o.log(t, w); len(now.receipts()) != 1 || len(log) != 2 || log[0].Outcome != delivered || log[0].Try != 2 || log[1].Outcome != gone {
		t.Errorf("%+v", log)
	}
}

func TestWhereNothingIsSent(t *testing.T) {
	plain := openReceiver(t, answering(http.StatusOK))
	secure := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("an untrusted certificate was taken") }))
	defer secure.Close()
	o := newOffice(t, database(t))
	for name, tt := range map[string]struct {
		url     string
		reach   outbound.Reach
		outcome string
	}{
		"the server's own machine": {plain.URL, outbound.Reach{}, badAddress},
		"a private network":        {"http://10.255.255.1/", outbound.Reach{Loopback: true}, badAddress},
		"the cloud's own":          {"http://169.254.169.254/", outbound.Reach{Loopback: true, Private: true}, badAddress},
		"no trusted certificate":   {secure.URL, outbound.Reach{Loopback: true}, badTLS},
		"no TLS":                   {strings.Replace(plain.URL, "http:", "https:", 1), outbound.Reach{Loopback: true}, badTLS},
		"nobody there":             {"http://127.0.0.1:1/", outbound.Reach{Loopback: true}, unconnected},
		"the control":              {plain.URL, outbound.Reach{Loopback: true}, delivered},
	} {
		o.hasty(5*time.Second, func(options *outbound.Options) { options.Reach = tt.reach })
		w := o.tell(t, tt.url)
		o.hold(t, name, 0)
		o.work(t)
		if log := o.log(t, w); len(log) != 1 || log[0].Outcome != tt.outcome {
			t.Errorf("%s: %+v", name, log)
		}
		o.forget(t, w)
	}
	if len(plain.receipts()) != 1 {
		t.Errorf("%d messages came", len(plain.receipts()))
	}
}

// Receivers that do not answer keep nobody waiting who does, however many they are.
func TestTheSlowDelayNobodyElse(t *testing.T) {
	release := make(chan struct{})
	hanging := openReceiver(t, func(_ http.ResponseWriter, r *http.Request, _ receipt) {
		select {
		case <-release:
		case <-r.Context().Done():
		}
	})
	quick := openReceiver(t, answering(http.StatusOK))
	o := newOffice(t, database(t))
	o.hasty(5*time.Minute, nil) // far longer than the test waits
	for range storage.MaxWebhooks - 1 {
		o.tell(t, hanging.URL)
	}
	o.tell(t, quick.URL)
	for _, meeting := range []string{"m-1", "m-2", "m-3"} {
		o.hold(t, meeting, 4)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { o.Run(ctx); close(ended) }()
	until(t, "the quick one has all of its events", func() bool { return len(quick.receipts()) == 15 })
	until(t, "its answers", func() bool { return o.Stats().Delivered == 15 }) // what is cut off before is sent again
	if n := len(hanging.receipts()); n != storage.MaxWebhooks-1 {
		t.Errorf("%d messages are on their way to those that do not answer", n)
	}
	stop()
	<-ended
	close(release)
	if waiting, _ := o.waiting(t); waiting != 15*(storage.MaxWebhooks-1) || o.Stats().Failed != 0 {
		t.Errorf("%d wait, %+v: what was cut off by the end is nobody's fault", waiting, o.Stats())
	}
}

// transport answers without a network.
type transport func(*http.Request) (int, error)

// RoundTrip implements http.RoundTripper.
func (f transport) RoundTrip(r *http.Request) (*http.Response, error) {
	code, err := f(r)
	if err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: code, Body: io.NopCloser(strings.NewReader("")), Request: r}, nil
}

// An event is tried for about a day, less and less often, and then given up; the
// next of its meeting goes ahead, and the one before goes first when it is retried.
func TestADayOfTries(t *testing.T) {
	path := database(t)
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t, path)
		o.every = 15 * time.Minute
		var broken atomic.Bool
		broken.Store(true)
		var mu sync.Mutex // guards what follows
		var tries []time.Time
		var order []string
		seen := func() ([]time.Time, []string) {
			mu.Lock()
			defer mu.Unlock()
			return slices.Clone(tries), slices.Clone(order)
		}
		o.client = &http.Client{Transport: transport(func(r *http.Request) (int, error) {
			body, _ := io.ReadAll(r.Body)
			first := strings.Contains(string(body), "meetings.started")
			mu.Lock()
			defer mu.Unlock()
			if first && broken.Load() {
				tries = append(tries, time.Now())
				return http.StatusServiceUnavailable, nil
			}
			order = append(order, strings.Split(strings.SplitN(string(body), `"type":"`, 2)[1], `"`)[0])
			return http.StatusOK, nil
		})}
		w := o.tell(t, "https://hooks.example/")
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { o.Run(ctx); close(ended) }()
		o.hold(t, "m-1", 1)
		time.Sleep(12 * time.Hour)
		synctest.Wait()
		_, came := seen()
		if waiting, dead := o.waiting(t); waiting != 2 || dead != 0 || len(came) != 0 {
			t.Errorf("after half a day: %d wait, %d are dead, %v came", waiting, dead, came)
		}
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		tried, _ := seen()
		if waiting, dead := o.waiting(t); waiting != 0 || dead != 1 || len(tried) != maxTries || o.Stats().Dead != 1 {
			t.Errorf("after a day and a half: %d wait, %d are dead, %d tries", waiting, dead, len(tried))
		}
		if took := tried[len(tried)-1].Sub(tried[0]); took < 18*time.Hour || took > 32*time.Hour {
			t.Errorf("tried for %v", took)
		}
		broken.Store(false)
		if n, err := o.db.RetryDeadLetters(t.Context(), o.site, w.ID, "", storage.Operator); err != nil || n != 1 {
			t.Error(n, err)
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		_, came = seen()
		if want := "meetingParticipants.joined meetings.started"; strings.Join(came, " ") != want {
			t.Errorf("came %v", came)
		}
		stop()
		<-ended
		_ = o.db.Close()
	})
}

func TestWaitsGrow(t *testing.T) {
	if maxTries != len(waits)+1 {
		t.Errorf("%d tries and %d waits between them", maxTries, len(waits))
	}
	for tries, want := range waits {
		if got := wait(tries); got < want*3/4 || got > want*5/4 {
			t.Errorf("wait(%d) = %v", tries, got)
		}
	}
}

func TestPlaces(t *testing.T) {
	event := func(webhook, meeting string) storage.WebhookEvent {
		return storage.WebhookEvent{WebhookID: webhook, MeetingID: meeting}
	}
	p := newPlaces()
	if !p.take(event("a", "1")) || p.take(event("a", "1")) || p.take(event("a", "2")) {
		t.Error("one place for who has yet to show that they are quick")
	}
	p.give(event("a", "1"), true)
	for i := range perWebhook + 1 {
		if p.take(event("a", string(rune('1'+i)))) != (i < perWebhook) {
			t.Errorf("place %d of the quick", i)
		}
	}
	for i := range 2 * inAll {
		if p.take(event("slow"+string(rune('A'+i)), "1")) != (i < forSlow) {
			t.Errorf("place %d of the slow", i)
		}
	}
	for i := range perWebhook {
		p.give(event("a", string(rune('1'+i))), i > 0)
	}
	if !p.take(event("a", "1")) || p.held != forSlow+1 {
		t.Error("a place that was given back is not free")
	}
}
