package app

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/conclave-meet/conclave/e2e/bot"
)

// A program without a page of ours writes in each direction, in both classes, from
// which its rights differ by meeting: what it may is passed on, what it may not is
// dropped and audited.
func TestRightsToWriteHoldForPrograms(t *testing.T) {
	all := []string{"chat_everyone", "chat_presenters", "chat_hosts"}
	for _, tt := range []struct{ withheld, action string }{
		{"", ""},
		{"enabledChatOtherParticipants", "chat_everyone"},
		{"enabledChatPresenter", "chat_presenters"},
		{"enabledChatHost", "chat_hosts"},
	} {
		t.Run("without "+tt.withheld, func(t *testing.T) {
			s := start(t, t.TempDir())
			ada := s.host()
			m := s.withholding(ada, tt.withheld)
			var mu sync.Mutex
			var heard []string
			host := s.listen(ada, m, "Ada", nil, func(_ bot.Class, message []byte) {
				mu.Lock()
				defer mu.Unlock()
				heard = append(heard, strings.TrimRight(string(bot.Body(message)), "\x00"))
			})
			guest := s.join(s.visit(), m, "Grace", nil)
			for _, p := range []*bot.Participant{host, guest} {
				if err := p.AwaitChannels(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			hears := func(body string) bool {
				mu.Lock()
				defer mu.Unlock()
				return slices.Contains(heard, body)
			}
			for _, way := range []struct {
				action string
				to     bot.Recipients
				name   string
			}{
				{"chat_everyone", bot.ToEveryone, "to everyone"},
				{"chat_hosts", bot.ToHosts, "to the hosts"},
				{"chat_hosts", bot.ToLeaf(0), "to ada"},
			} {
				for _, class := range []bot.Class{bot.Chat, bot.Hint} {
					if err := guest.Say(class, way.to, way.name); err != nil {
						t.Fatal(err)
					}
				}
				if way.action != tt.action {
					eventually(t, way.name, func() bool { return hears(way.name) })
				}
			}
			if err := guest.Say(bot.Chat, bot.ToPresenters, "to the presenters"); err != nil {
				t.Fatal(err)
			}
			for _, action := range all {
				want := map[bool]int{true: 1}[action == tt.action]
				eventually(t, "the audit of "+action, func() bool { return s.refusals(t, action) >= want })
				if n := s.refusals(t, action); n != want {
					t.Errorf("%s was refused %d times, want %d", action, n, want)
				}
			}
			if hears("to everyone") != (tt.action != "chat_everyone") || hears("to ada") != (tt.action != "chat_hosts") {
				t.Errorf("the host heard %q", heard)
			}
		})
	}
}

// withholding starts a meeting whose attendees do not have a privilege.
func (s *service) withholding(ada *bot.Site, privilege string) bot.Meeting {
	s.t.Helper()
	m, err := ada.Schedule(s.t.Context(), "Quarterly numbers")
	if err != nil {
		s.t.Fatal(err)
	}
	if privilege != "" {
		s.patch(ada, m, `{"attendeePrivileges":{"`+privilege+`":false}}`)
	}
	if err := ada.Start(s.t.Context(), m.ID); err != nil {
		s.t.Fatal(err)
	}
	return m
}

func (s *service) patch(ada *bot.Site, m bot.Meeting, body string) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodPatch, s.app.SiteURL().String()+"/v1/meetings/"+m.ID, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	answer, err := ada.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		s.t.Fatalf("PATCH = %d", answer.StatusCode)
	}
}
