package room

import (
	"slices"
	"sync"
	"testing"

	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/signaling/wire"
)

// directions are all there are to write in, by the right that an attendee needs.
var directions = map[policy.Right][]Audience{
	policy.RightToChatEveryone:   {{}, {Participant: "bob"}},
	policy.RightToChatPresenters: {{Role: policy.Presenter}, {Participant: "presenter"}, {Participant: "panelist"}},
	policy.RightToChatHosts:      {{Role: policy.Host}, {Participant: "host"}, {Participant: "owner"}},
}

// Each right opens its own direction and no other, for attendees; whoever else may
// write to everybody.
func TestEachRightIsADirection(t *testing.T) {
	for _, given := range [][]policy.Right{nil, {policy.RightToChatEveryone}, {policy.RightToChatPresenters}, {policy.RightToChatHosts}} {
		h := panel(t)
		h.change(t, "owner", rights(given...))
		r := h.room()
		for right, audiences := range directions {
			for _, to := range audiences {
				if got := r.MayChat("ann", to); got != slices.Contains(given, right) {
					t.Errorf("with %v an attendee to %+v: %v", given, to, got)
				}
				for _, id := range []string{"owner", "host", "presenter", "panelist"} {
					if !r.MayChat(id, to) {
						t.Errorf("with %v %s may not write to %+v", given, id, to)
					}
				}
			}
		}
		for _, action := range []policy.Action{policy.ChatEveryone, policy.ChatPresenters, policy.ChatHosts} {
			on := slices.ContainsFunc(h.refusals("ann"), func(refused string) bool { return refused == string(action) })
			if allowed := slices.Contains(given, policy.RightTable[action]); on == allowed {
				t.Errorf("with %v the refusal of %s is on record: %v", given, action, on)
			}
		}
	}
}

// What somebody may write changes with their role, their own rights, and the role of
// whom they write to; and it ends when either of them goes.
func TestWhoMayWriteChanges(t *testing.T) {
	h := panel(t)
	r := h.room()
	toBob, toHosts := Audience{Participant: "bob"}, Audience{Role: policy.Host}
	steps := []struct {
		name       string
		do         func()
		bob, hosts bool
	}{
		{"as usual", func() {}, true, true},
		{"to hosts alone", func() { h.change(t, "owner", rights(policy.RightToChatHosts)) }, false, true},
		{"to a new host", func() { h.change(t, "owner", giving("bob", policy.Host)) }, true, true},
		{"to nobody", func() { h.change(t, "owner", rights()) }, false, false},
		{"as a panelist", func() { h.change(t, "owner", giving("ann", policy.Panelist)) }, true, true},
		{"where the site has no chat", func() { h.SetPolicy(meeting.SiteID, 2, policy.Site{DisableChat: true}) }, false, false},
		{"where it has one again", func() { h.SetPolicy(meeting.SiteID, 3, policy.Site{}) }, true, true},
		{"to one who has gone", func() { _ = r.Leave(t.Context(), "bob", wire.LeftByChoice) }, false, true},
		{"from outside", func() { _ = r.Expel(t.Context(), "owner", "ann") }, false, false},
	}
	for _, step := range steps {
		step.do()
		if bob, hosts := r.MayChat("ann", toBob), r.MayChat("ann", toHosts); bob != step.bob || hosts != step.hosts {
			t.Errorf("%s: to bob %v, to hosts %v", step.name, bob, hosts)
		}
	}
	if refused := h.refusals("ann"); slices.Contains(refused, string(policy.PublishMicrophone)) || len(refused) != 3 {
		t.Errorf("on record: %q", refused)
	}
}

// The media asks from goroutines of its own while the room changes.
func TestMayChatIsAskedMeanwhile(t *testing.T) {
	h := panel(t)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 200 {
				h.room().MayChat("ann", Audience{Participant: "bob"})
			}
		})
	}
	for i := range 20 {
		list := []policy.Right{policy.RightToChatEveryone}
		h.change(t, "owner", rights(list[:i%2]...))
	}
	wg.Wait()
}
