package room

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/conclave-meet/conclave/signaling/edr"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/signaling/wire"
)

func TestGuestsWaitForTheHost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		box, joined := &inbox{}, make(chan error, 1)
		go func() {
			_, err := h.Join(t.Context(), meeting, Visitor{ID: "guest", Role: policy.Attendee}, "offer", box)
			joined <- err
		}()
		synctest.Wait()
		if w, ok := last[wire.Waiting](box); !ok || w.For != wire.WaitingForStart || w.Title != meeting.Title {
			t.Fatalf("waiting guest was told %+v, %v", w, ok)
		}
		if h.media.has("negotiate guest") {
			t.Fatal("media of a waiting guest was negotiated")
		}
		if h.Running(meeting.ID) {
			t.Fatal("the meeting runs before the host has started it")
		}
		h.start(t)
		if err := <-joined; err != nil {
			t.Fatalf("Join = %v", err)
		}
		if w, ok := last[wire.Welcome](box); !ok || w.Self != "guest" || w.Answer != "answer to offer" || len(w.Participants) != 1 {
			t.Fatalf("welcome %+v, %v", w, ok)
		}
		if !h.Running(meeting.ID) {
			t.Fatal("the meeting does not run")
		}
	})
}

func TestSnapshotAndEventsFitTogether(t *testing.T) {
	h := newHouse(t)
	h.start(t)
	r, ada := h.join(t, "ada", policy.Host)
	if err := r.Publish(t.Context(), "ada", wire.Publish{Source: wire.Camera, Live: true}); err != nil {
		t.Fatal(err)
	}
	_, grace := h.join(t, "grace", policy.Attendee)
	w, _ := last[wire.Welcome](grace)
	if len(w.Participants) != 2 || w.Participants[0].ID != "ada" || len(w.Participants[0].Live) != 1 {
		t.Fatalf("grace's snapshot: %+v", w.Participants)
	}
	if j, ok := last[wire.ParticipantJoined](ada); !ok || j.Participant.ID != "grace" {
		t.Fatalf("ada was told %+v, %v", j, ok)
	}
	if _, ok := last[wire.ParticipantJoined](grace); ok {
		t.Error("grace was told of her own joining")
	}
	if err := r.Leave(t.Context(), "grace", wire.LeftByChoice); err != nil {
		t.Fatal(err)
	}
	if l, ok := last[wire.ParticipantLeft](ada); !ok || l != (wire.ParticipantLeft{Participant: "grace", Reason: wire.LeftByChoice}) {
		t.Fatalf("ada was told %+v, %v", l, ok)
	}
	if !h.media.has("remove grace") {
		t.Error("grace's media goes on")
	}
}

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

func TestEndTellsEverybodyOnceItIsOnRecord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.start(t)
		r, ada := h.join(t, "ada", policy.Host)
		_, grace := h.join(t, "grace", policy.Attendee)
		if err := r.End(t.Context(), "grace"); !errors.Is(err, ErrForbidden) {
			t.Fatalf("an attendee ended the meeting: %v", err)
		}
		time.Sleep(90 * time.Second)
		h.ledger.stop()
		ended := make(chan error, 1)
		go func() { ended <- r.End(t.Context(), "ada") }()
		synctest.Wait()
		if _, ok := last[wire.Ended](ada); ok {
			t.Fatal("the end was announced before it was on record")
		}
		if !h.media.has("remove grace") {
			t.Fatal("media goes on after the end")
		}
		h.ledger.goOn()
		if err := <-ended; err != nil {
			t.Fatalf("End = %v", err)
		}
		for _, box := range []*inbox{ada, grace} {
			if e, ok := last[wire.Ended](box); !ok || e != (wire.Ended{Reason: wire.EndedByHost, By: "ada"}) {
				t.Errorf("told %+v, %v", e, ok)
			}
		}
		want := []string{"started ", "joined ada", "joined grace", "left ada", "left grace", "ended "}
		if got := h.ledger.kinds(); !slices.Equal(got, want) {
			t.Errorf("records %v, want %v", got, want)
		}
		if got := fact[edr.Left](t, h.ledger, "grace"); got.Duration != 90*time.Second || got.Reason != "meeting_ended" {
			t.Errorf("grace's stay %+v", got)
		}
		if got := fact[edr.Ended](t, h.ledger, ""); got.Duration != 90*time.Second {
			t.Errorf("session %+v", got)
		}
		if err := r.Mute(t.Context(), "ada", "grace"); !errors.Is(err, ErrEnded) {
			t.Errorf("Mute after the end = %v", err)
		}
	})
}

func TestNothingIsClaimedWhileRecordsCannotBeWritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.ledger.stop()
		if err := h.Start(t.Context(), meeting); !errors.Is(err, ErrUnavailable) {
			t.Fatalf("Start = %v", err)
		}
		if h.Running(meeting.ID) {
			t.Fatal("a session runs that is not on record")
		}
		h.ledger.goOn()
		h.start(t) // the same session, on record by now
		r, ada := h.join(t, "ada", policy.Host)

		h.ledger.stop()
		box := &inbox{}
		_, err := h.Join(t.Context(), meeting, Visitor{ID: "late", Role: policy.Attendee}, "offer", box)
		if _, welcomed := last[wire.Welcome](box); !errors.Is(err, ErrUnavailable) || welcomed {
			t.Fatalf("Join = %v, welcomed %v", err, welcomed)
		}
		if err := r.Mute(t.Context(), "ada", "ada"); err != nil {
			t.Fatalf("the running meeting does not go on: %v", err)
		}
		if err := r.End(t.Context(), "ada"); !errors.Is(err, ErrUnavailable) {
			t.Fatalf("End = %v", err)
		}
		if _, told := last[wire.Ended](ada); told {
			t.Error("the end was announced though it is not on record")
		}
		h.ledger.goOn()
	})
}

func TestEndedMeetingCanBeStartedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.start(t)
		h.join(t, "ada", policy.Host)
		h.ledger.stop()
		ended := make(chan error, 1)
		go func() { ended <- h.End(t.Context(), meeting.ID) }()
		synctest.Wait()
		again := make(chan error, 1)
		go func() { again <- h.Start(t.Context(), meeting) }()
		synctest.Wait()
		h.ledger.goOn()
		if err := <-ended; err != nil {
			t.Fatalf("End = %v", err)
		}
		if err := <-again; err != nil {
			t.Fatalf("second Start = %v", err)
		}
		if err := h.End(t.Context(), meeting.ID); err != nil {
			t.Fatalf("second End = %v", err)
		}
		synctest.Wait()
		if err := h.End(t.Context(), meeting.ID); !errors.Is(err, ErrNotFound) {
			t.Fatalf("End of an ended meeting = %v", err)
		}
	})
}

func TestEmptyRoomEndsWhenTheLastOneLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.start(t)
		r, _ := h.join(t, "ada", policy.Host)
		time.Sleep(10 * time.Minute)
		if err := r.Leave(t.Context(), "ada", wire.LeftConnection); err != nil {
			t.Fatal(err)
		}
		time.Sleep(emptyGrace / 2)
		h.join(t, "ada again", policy.Host) // a reload
		time.Sleep(time.Minute)
		if err := r.Leave(t.Context(), "ada again", wire.LeftByChoice); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * emptyGrace)
		synctest.Wait()
		if h.Running(meeting.ID) {
			t.Fatal("an empty meeting runs for ever")
		}
		want := 10*time.Minute + emptyGrace/2 + time.Minute
		if got := fact[edr.Ended](t, h.ledger, ""); got.Reason != "empty" || got.Duration != want {
			t.Errorf("session %+v, want %v", got, want)
		}
		if err := r.Mute(t.Context(), "ada", "ada"); !errors.Is(err, ErrEnded) {
			t.Errorf("Mute = %v", err)
		}
	})
}

func TestUnstartedRoomLeavesNoTrace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		ctx, leave := context.WithCancel(t.Context())
		joined := make(chan error, 1)
		var r *Room
		go func() {
			var err error
			r, err = h.Join(ctx, meeting, Visitor{ID: "guest"}, "offer", &inbox{})
			joined <- err
		}()
		synctest.Wait()
		leave()
		if err := <-joined; !errors.Is(err, context.Canceled) {
			t.Fatalf("Join = %v", err)
		}
		if err := r.Leave(t.Context(), "guest", wire.LeftConnection); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * emptyGrace)
		synctest.Wait()
		if h.find(meeting.ID) != nil || len(h.ledger.kinds()) > 0 {
			t.Errorf("room %v, records %v", h.find(meeting.ID), h.ledger.kinds())
		}
	})
}

func TestShutdownEndsSessionsInOrder(t *testing.T) {
	h := newHouse(t)
	h.start(t)
	_, ada := h.join(t, "ada", policy.Host)
	h.Close()
	if e, ok := last[wire.Ended](ada); !ok || e.Reason != wire.EndedByShutdown {
		t.Errorf("told %+v, %v", e, ok)
	}
	if !h.media.has("close") {
		t.Error("media is still open")
	}
	if err := h.Start(t.Context(), meeting); !errors.Is(err, ErrUnavailable) {
		t.Errorf("Start after Close = %v", err)
	}
}

func TestBadOfferLeavesNoTrace(t *testing.T) {
	h := newHouse(t)
	h.start(t)
	_, ada := h.join(t, "ada", policy.Host)
	r, err := h.Join(t.Context(), meeting, Visitor{ID: "eve"}, "bad", &inbox{})
	if !errors.Is(err, ErrBadOffer) {
		t.Fatalf("Join = %v", err)
	}
	if err := r.Leave(t.Context(), "eve", wire.LeftConnection); err != nil {
		t.Fatal(err)
	}
	if _, told := last[wire.ParticipantJoined](ada); told || slices.Contains(h.ledger.kinds(), "joined eve") {
		t.Error("a refused visitor was seen or recorded")
	}
}

func TestEndWhileSomebodyComesIn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.start(t)
		h.join(t, "ada", policy.Host)
		h.media.slow = make(chan struct{})
		box, joined := &inbox{}, make(chan error, 1)
		go func() {
			_, err := h.Join(t.Context(), meeting, Visitor{ID: "late"}, "offer", box)
			joined <- err
		}()
		synctest.Wait()
		if err := h.End(t.Context(), meeting.ID); err != nil {
			t.Fatal(err)
		}
		close(h.media.slow)
		if err := <-joined; !errors.Is(err, ErrEnded) {
			t.Fatalf("Join = %v", err)
		}
		if _, welcomed := last[wire.Welcome](box); welcomed || slices.Contains(h.ledger.kinds(), "joined late") {
			t.Error("somebody came into an ended meeting")
		}
	})
}

func TestFullRoomRefuses(t *testing.T) {
	h := newHouse(t)
	h.start(t)
	for i := range maxPeople {
		h.join(t, strconv.Itoa(i), policy.Attendee)
	}
	if _, err := h.Join(t.Context(), meeting, Visitor{ID: "one too many"}, "offer", &inbox{}); !errors.Is(err, ErrFull) {
		t.Fatalf("Join = %v", err)
	}
}

func TestVoiceTimeIsWhatMediaWasConnected(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.start(t)
		r, _ := h.join(t, "ada", policy.Host)
		for range 2 {
			r.Connected("ada", "udp")
			time.Sleep(30 * time.Second)
			r.Disconnected("ada")
			time.Sleep(10 * time.Second)
		}
		if err := r.Leave(t.Context(), "ada", wire.LeftByChoice); err != nil {
			t.Fatal(err)
		}
		got := fact[edr.Left](t, h.ledger, "ada")
		if got.Voice != time.Minute || got.Duration != 80*time.Second || got.Transport != "udp" {
			t.Errorf("stay %+v", got)
		}
	})
}

func BenchmarkMute(b *testing.B) {
	h := &house{media: &fakeMedia{}, ledger: &ledger{}}
	h.Registry = NewRegistry(h.ledger, func(*Room) Media { return h.media })
	defer h.Close()
	if err := h.Start(b.Context(), meeting); err != nil {
		b.Fatal(err)
	}
	r, err := h.Join(b.Context(), meeting, Visitor{ID: "a", Role: policy.Host}, "offer", &inbox{})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		_ = r.Mute(b.Context(), "a", "nobody")
	}
}
