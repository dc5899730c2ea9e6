package app

import (
	"bytes"
	"database/sql"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/conclave-meet/conclave/e2e/bot"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/signaling/wire"
	"github.com/conclave-meet/conclave/storage"
)

// soon is how long a running meeting may take to obey.
const soon = 2 * time.Second

// A stricter policy reaches a running meeting, by either way it can be changed:
// the share stops, a program that goes on asking is refused and audited, and what
// it says in the chat reaches nobody.
func TestARunningMeetingObeys(t *testing.T) {
	for _, way := range []struct {
		name string
		set  func(*testing.T, *service, *bot.Site)
	}{
		{"by the interface", setByInterface},
		{"beside it", setInDatabase},
	} {
		t.Run(way.name, func(t *testing.T) {
			s := start(t, t.TempDir())
			ada := s.host()
			m := s.meeting(ada)
			var messages atomic.Int32
			heard := s.listen(ada, m, "Ada", nil, func(bot.Class, []byte) { messages.Add(1) })
			changed, stopped := make(chan []policy.Action, 9), make(chan bool, 9)
			guest := s.join(s.visit(), m, "Grace", func(e wire.Event) {
				switch e := e.(type) {
				case *wire.PolicyChanged:
					changed <- e.Forbidden
				case *wire.SourceChanged:
					if !e.Live {
						stopped <- e.ByPolicy
					}
				}
			})
			share := &wire.Publish{Source: wire.Screen, Live: true, Surface: wire.Monitor}
			if err := guest.Must(t.Context(), share); err != nil {
				t.Fatal(err)
			}
			for _, p := range []*bot.Participant{heard, guest} {
				if err := p.AwaitChannels(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if err := guest.Say(bot.Chat, bot.ToEveryone, "before"); err != nil {
				t.Fatal(err)
			}
			eventually(t, "a message before", func() bool { return messages.Load() == 1 })

			way.set(t, s, ada)
			began := time.Now()
			limit := time.After(soon)
			select {
			case forbidden := <-changed:
				if !slices.Equal(forbidden, []policy.Action{policy.SendChat, policy.ChatEveryone, policy.ChatPresenters, policy.ChatHosts, policy.ShareDesktop}) {
					t.Errorf("forbidden: %v", forbidden)
				}
			case <-limit:
				t.Fatal("not told in time")
			}
			select {
			case byPolicy := <-stopped:
				if !byPolicy {
					t.Error("the share stopped without the reason")
				}
			case <-limit:
				t.Fatal("the share was not stopped in time")
			}
			t.Logf("obeyed after %v", time.Since(began))

			if code, err := guest.Do(t.Context(), share); err != nil || code != wire.Forbidden {
				t.Errorf("sharing again: %s, %v", code, err)
			}
			if err := guest.Say(bot.Chat, bot.ToEveryone, "after"); err != nil {
				t.Fatal(err)
			}
			eventually(t, "the audit of both refusals", func() bool {
				return s.refusals(t, "share_desktop") == 1 && s.refusals(t, "send_chat") == 1
			})
			// What is put on record as refused was not passed on before.
			if n := messages.Load(); n != 1 {
				t.Errorf("%d messages arrived, want the first", n)
			}
		})
	}
}

const chatAndDesktopOff = `{"disableChat":true,"disableShareDesktop":true}`

func setByInterface(t *testing.T, s *service, ada *bot.Site) {
	t.Helper()
	body := `{"securityOptions":` + chatAndDesktopOff + `}`
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPut, s.app.SiteURL().String()+"/v1/sites/default/policy", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("If-Match", `"1"`)
	answer, err := ada.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	if text, _ := io.ReadAll(answer.Body); answer.StatusCode != http.StatusOK {
		t.Fatalf("PUT = %d %s", answer.StatusCode, bytes.TrimSpace(text))
	}
}

// setInDatabase is what a command beside the running server does.
func setInDatabase(t *testing.T, s *service, _ *bot.Site) {
	t.Helper()
	site, err := s.app.db.SiteByName(t.Context(), storage.DefaultSite)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.app.db.SetPolicy(t.Context(), site.ID, site.PolicyVersion, []byte(chatAndDesktopOff), storage.Operator); err != nil {
		t.Fatal(err)
	}
}

// refusals counts the rows of the audit log that tell of a refused action.
func (s *service) refusals(t *testing.T, action string) (n int) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(s.app.cfg.Data, "conclave.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	err = db.QueryRowContext(t.Context(), `
		SELECT count(*) FROM audit_events
		WHERE action = 'meeting.refused' AND actor = 'Grace' AND ip <> '' AND after ->> 'action' = ?`, action).Scan(&n)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
