package room

import (
	"errors"
	"slices"
	"testing"

	"github.com/conclave-meet/conclave/signaling/edr"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/signaling/wire"
)

func share(surface wire.Surface) wire.Publish {
	return wire.Publish{Source: wire.Screen, Live: true, Surface: surface}
}

// What the site forbids nobody may do, hosts included; the refusal is on record,
// once, however often a program asks.
func TestTheSiteForbids(t *testing.T) {
	for _, tt := range []struct {
		name      string
		site      policy.Site
		surface   wire.Surface
		forbidden bool
	}{
		{"the screen, where that is off", policy.Site{DisableShareDesktop: true}, wire.Monitor, true},
		{"a window, where the screen is off", policy.Site{DisableShareDesktop: true}, wire.Window, false},
		{"a window, where windows are off", policy.Site{DisableShareApplication: true}, wire.Window, true},
		{"a tab, where windows are off", policy.Site{DisableShareApplication: true}, wire.Browser, true},
		{"the screen, where windows are off", policy.Site{DisableShareApplication: true}, wire.Monitor, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			h.start(t)
			r, box := h.join(t, "ada", policy.Host)
			h.SetPolicy(meeting.SiteID, 2, tt.site)
			if e, ok := last[wire.PolicyChanged](box); !ok || !slices.Equal(e.Forbidden, tt.site.Forbidden()) {
				t.Errorf("told %+v, %v", e, ok)
			}
			for range 3 {
				if err := r.Publish(t.Context(), "ada", share(tt.surface)); errors.Is(err, ErrForbidden) != tt.forbidden {
					t.Fatalf("Publish = %v", err)
				}
			}
			refusals := 0
			for _, kind := range h.ledger.kinds() {
				if kind == "refused ada" {
					refusals++
				}
			}
			if want := map[bool]int{true: 1}[tt.forbidden]; refusals != want {
				t.Errorf("%d refusals on record", refusals)
			}
			_, grace := h.join(t, "grace", policy.Attendee)
			if w, _ := last[wire.Welcome](grace); !slices.Equal(w.Forbidden, tt.site.Forbidden()) {
				t.Errorf("a newcomer is told of %v", w.Forbidden)
			}
		})
	}
}

func TestWhatIsForbiddenStops(t *testing.T) {
	h := newHouse(t)
	h.start(t)
	r, box := h.join(t, "ada", policy.Host)
	h.join(t, "grace", policy.Attendee)
	for who, what := range map[string]wire.Surface{"ada": wire.Monitor, "grace": wire.Window} {
		for _, c := range []wire.Publish{share(what), {Source: wire.ScreenAudio, Live: true}} {
			if err := r.Publish(t.Context(), who, c); err != nil {
				t.Fatal(err)
			}
		}
	}
	h.SetPolicy(meeting.SiteID, 2, policy.Site{DisableShareDesktop: true})
	for _, call := range []string{"live ada screen false", "live ada screen_audio false"} {
		if !h.media.has(call) {
			t.Errorf("no %s", call)
		}
	}
	if h.media.has("live grace screen false") {
		t.Error("a window was stopped")
	}
	stopped := all[wire.SourceChanged](box)
	if e := stopped[len(stopped)-1]; e != (wire.SourceChanged{Participant: "ada", Source: wire.ScreenAudio, ByPolicy: true}) {
		t.Errorf("told %+v", e)
	}
	fact[edr.ShareStopped](t, h.ledger, "ada")
	if err := r.Publish(t.Context(), "grace", wire.Publish{Source: wire.ScreenAudio, Live: true}); err != nil {
		t.Errorf("a window's sound: %v", err)
	}
	h.SetPolicy(meeting.SiteID, 3, policy.Site{})
	if err := r.Publish(t.Context(), "ada", share(wire.Monitor)); err != nil {
		t.Errorf("allowed again: %v", err)
	}
}

func TestChatIsForbidden(t *testing.T) {
	h := newHouse(t)
	h.start(t)
	r, _ := h.join(t, "ada", policy.Host)
	if !r.MayChat("ada", Audience{}) || r.MayChat("nobody", Audience{}) {
		t.Error("chat is off at a new site, or open to who is not in")
	}
	h.SetPolicy(meeting.SiteID, 2, policy.Site{DisableChat: true})
	for _, id := range []string{"ada", "ada", "nobody"} {
		if r.MayChat(id, Audience{}) {
			t.Errorf("%s may chat", id)
		}
	}
	if got := fact[edr.Refused](t, h.ledger, "ada"); got.Action != string(policy.SendChat) {
		t.Errorf("on record: %+v", got)
	}
}

// Policies come by two ways. Whichever is later, the newest one holds.
func TestAnOlderPolicyChangesNothing(t *testing.T) {
	h := newHouse(t)
	h.start(t)
	r, box := h.join(t, "ada", policy.Host)
	h.SetPolicy(meeting.SiteID, 3, policy.Site{DisableChat: true})
	h.SetPolicy(meeting.SiteID, 2, policy.Site{})
	h.SetPolicy(meeting.SiteID, 3, policy.Site{})
	h.SetPolicy("another site", 4, policy.Site{})
	if r.MayChat("ada", Audience{}) || len(all[wire.PolicyChanged](box)) != 1 {
		t.Errorf("told %v", all[wire.PolicyChanged](box))
	}
	if sites := h.Sites(); !slices.Equal(sites, []string{meeting.SiteID}) {
		t.Errorf("Sites = %q", sites)
	}
}

// Somebody waits while the policy changes, and the meeting starts with the new one
// before the room was told of it; or the start carries the old one.
func TestAMeetingObeysThePolicyItStartsWith(t *testing.T) {
	for _, tt := range []struct {
		name          string
		told, started int64 // versions; an odd one has the chat off
		silent        bool
	}{
		{"the start brings the newer one", 2, 3, true},
		{"the start brings the older one", 3, 2, true},
		{"the chat is on again", 1, 2, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rules := func(version int64) policy.Site { return policy.Site{DisableChat: version%2 == 1} }
			h := newHouse(t)
			h.ask(t, visitor("early", policy.Attendee), byLink("early"))
			h.SetPolicy(meeting.SiteID, tt.told, rules(tt.told))
			m := meeting
			m.Policy, m.PolicyVersion = rules(tt.started), tt.started
			if err := h.Start(t.Context(), m); err != nil {
				t.Fatal(err)
			}
			r, _ := h.join(t, "ada", policy.Host)
			if r.MayChat("ada", Audience{}) == tt.silent {
				t.Errorf("MayChat = %v", !tt.silent)
			}
		})
	}
}

// What a role may not do is on record too, and what the records keep of a stay is
// what the site says.
func TestRecordsOfAStay(t *testing.T) {
	h := newHouse(t)
	h.start(t)
	r, _ := h.join(t, "ada", policy.Host)
	h.SetPolicy(meeting.SiteID, 2, policy.Site{IPAddresses: policy.TruncatedAddresses})
	v := visitor("grace", policy.Attendee)
	v.IPAddress, v.DisclaimerHash, v.Form = "192.0.2.77", "hash", `{"a":"b"}`
	k := h.ask(t, v, byLink("grace"))
	if err := r.Commit(t.Context(), "ada", h.adding("grace")); err != nil {
		t.Fatal(err)
	}
	if err := <-k.done; err != nil {
		t.Fatal(err)
	}
	got := fact[edr.Joined](t, h.ledger, "grace")
	if got.IPAddress != "192.0.2.0" || got.DisclaimerHash != "hash" || got.Form != `{"a":"b"}` {
		t.Errorf("on record: %+v", got)
	}
	if err := r.End(t.Context(), "grace"); !errors.Is(err, ErrForbidden) {
		t.Fatalf("End = %v", err)
	}
	if got := fact[edr.Refused](t, h.ledger, "grace"); got.Action != string(policy.EndMeeting) {
		t.Errorf("on record: %+v", got)
	}
}
