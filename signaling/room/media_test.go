package room

import (
	"errors"
	"slices"
	"testing"

	"github.com/conclave-meet/conclave/signaling/edr"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/signaling/wire"
)

func TestNewcomersLearnWhoSpeaks(t *testing.T) {
	h := newHouse(t)
	h.start(t)
	r, ada := h.join(t, "ada", policy.Host)
	r.Speaking([]string{"ada"})
	if s, ok := last[wire.Speakers](ada); !ok || !slices.Equal(s.Participants, []string{"ada"}) {
		t.Errorf("ada was told %+v, %v", s, ok)
	}
	_, grace := h.join(t, "grace", policy.Attendee)
	if s, ok := last[wire.Speakers](grace); !ok || !slices.Equal(s.Participants, []string{"ada"}) {
		t.Errorf("grace was told %+v, %v", s, ok)
	}
}

func TestMute(t *testing.T) {
	for _, tt := range []struct {
		name          string
		role          policy.Role
		actor, target string
		want          error
	}{
		{"host mutes attendee", policy.Host, "a", "b", nil},
		{"attendee mutes attendee", policy.Attendee, "a", "b", ErrForbidden},
		{"anyone mutes themselves", policy.Attendee, "b", "b", nil},
		{"unknown target", policy.Host, "a", "zz", ErrNotFound},
		{"unknown actor", policy.Host, "zz", "b", ErrNotFound},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			h.start(t)
			h.join(t, "host", policy.Host)
			r, _ := h.join(t, "a", tt.role)
			_, box := h.join(t, "b", policy.Attendee)
			if err := r.Publish(t.Context(), "b", wire.Publish{Source: wire.Microphone, Live: true}); err != nil {
				t.Fatal(err)
			}
			if err := r.Mute(t.Context(), tt.actor, tt.target); !errors.Is(err, tt.want) {
				t.Fatalf("Mute = %v, want %v", err, tt.want)
			}
			if got, want := h.media.has("live b microphone false"), tt.want == nil; got != want {
				t.Errorf("media muted = %v, want %v", got, want)
			}
			if c, _ := last[wire.SourceChanged](box); tt.want == nil && (c.Live || c.By != tt.actor) {
				t.Errorf("b was told %+v", c)
			}
			if got, want := slices.Contains(h.ledger.kinds(), "muted b"), tt.want == nil && tt.actor != tt.target; got != want {
				t.Errorf("on record = %v, want %v", got, want)
			}
		})
	}
}

func TestShares(t *testing.T) {
	h := newHouse(t)
	h.start(t)
	share := wire.Publish{Source: wire.Screen, Live: true, Surface: wire.Window}
	sound := wire.Publish{Source: wire.ScreenAudio, Live: true}
	r, _ := h.join(t, "a", policy.Host)
	for _, id := range []string{"b", "c"} {
		h.join(t, id, policy.Attendee)
	}
	for _, step := range []struct {
		name string
		who  string
		what wire.Publish
		want error
	}{
		{"sound without a screen", "a", sound, ErrForbidden},
		{"first screen", "a", share, nil},
		{"its sound", "a", sound, nil},
		{"second screen", "b", share, nil},
		{"third screen", "c", share, ErrFull},
		{"same screen again", "a", share, nil},
		{"first screen stops", "a", wire.Publish{Source: wire.Screen}, nil},
		{"now there is room", "c", share, nil},
	} {
		if err := r.Publish(t.Context(), step.who, step.what); !errors.Is(err, step.want) {
			t.Fatalf("%s: Publish = %v, want %v", step.name, err, step.want)
		}
	}
	if !h.media.has("live a screen_audio false") {
		t.Error("a screen's sound goes on without it")
	}
	if got := fact[edr.ShareStarted](t, h.ledger, "a").Surface; got != "window" {
		t.Errorf("recorded surface %q", got)
	}
	fact[edr.ShareStopped](t, h.ledger, "a")
}
