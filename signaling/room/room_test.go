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
	h := newHouse(t)
	guest := h.ask(t, visitor("guest", policy.Attendee), byLink("guest"))
	waitsFor := func(what wire.WaitingFor) {
		t.Helper()
		if w, ok := last[wire.Waiting](guest.box); !ok || w.For != what || w.Title != meeting.Title {
			t.Fatalf("waiting guest was told %+v, %v; want %s", w, ok, what)
		}
		if h.media.has("negotiate guest") {
			t.Fatal("media of a waiting guest was negotiated")
		}
	}
	waitsFor(wire.WaitingForStart)
	if h.Running(meeting.ID) {
		t.Fatal("the meeting runs before the host has started it")
	}
	h.start(t)
	waitsFor(wire.WaitingForHost)
	if !h.Running(meeting.ID) {
		t.Fatal("the meeting does not run")
	}
	r, ada := h.join(t, "ada", policy.Host)
	waitsFor(wire.WaitingForAdmission)
	if k, ok := last[wire.Knock](ada); !ok || k != (wire.Knock{Participant: "guest", KeyPackage: "package-of-guest", Door: wire.DoorLink}) {
		t.Fatalf("the host was shown %+v, %v", k, ok)
	}
	if err := r.Commit(t.Context(), "ada", h.adding("guest")); err != nil {
		t.Fatal(err)
	}
	if err := <-guest.done; err != nil {
		t.Fatalf("Join = %v", err)
	}
	if w, ok := last[wire.Welcome](guest.box); !ok || w.Self != "guest" || w.Answer != "answer to offer" || len(w.Participants) != 2 {
		t.Fatalf("welcome %+v, %v", w, ok)
	}
	if !h.media.has("seat {Participant:ada Leaf:0 Host:true Presenter:false}") || !h.media.has("seat {Participant:guest Leaf:1 Host:false Presenter:false}") {
		t.Errorf("media was told %v", h.media.calls)
	}
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
		want := []string{"started ", "joined ada", "admitted grace", "joined grace", "refused grace", "left ada", "left grace", "ended "}
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
		late := h.ask(t, visitor("late", policy.Attendee), byLink("late"))
		if err := r.Commit(t.Context(), "ada", h.adding("late")); err != nil {
			t.Fatal(err)
		}
		err := <-late.done
		if _, welcomed := last[wire.Welcome](late.box); !errors.Is(err, ErrUnavailable) || welcomed {
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
			r, err = h.Join(ctx, meeting, visitor("guest", policy.Attendee), byLink("guest"), &inbox{})
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
	r, ada := h.join(t, "ada", policy.Host)
	join := byLink("eve")
	join.Offer = "bad"
	eve := h.ask(t, visitor("eve", policy.Attendee), join)
	if err := r.Commit(t.Context(), "ada", h.adding("eve")); err != nil {
		t.Fatal(err)
	}
	if err := <-eve.done; !errors.Is(err, ErrBadOffer) {
		t.Fatalf("Join = %v", err)
	}
	if err := r.Leave(t.Context(), "eve", wire.LeftConnection); err != nil {
		t.Fatal(err)
	}
	if l, told := last[wire.ParticipantLeft](ada); !told || l.Participant != "eve" {
		t.Error("nobody was told that a leaf is free")
	}
	if _, told := last[wire.ParticipantJoined](ada); told || slices.Contains(h.ledger.kinds(), "joined eve") {
		t.Error("a refused visitor was seen or recorded")
	}
}

func TestEndWhileSomebodyComesIn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.start(t)
		r, _ := h.join(t, "ada", policy.Host)
		h.media.slow = make(chan struct{})
		late := h.ask(t, visitor("late", policy.Attendee), byLink("late"))
		if err := r.Commit(t.Context(), "ada", h.adding("late")); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if err := h.End(t.Context(), meeting.ID); err != nil {
			t.Fatal(err)
		}
		close(h.media.slow)
		if err := <-late.done; !errors.Is(err, ErrEnded) {
			t.Fatalf("Join = %v", err)
		}
		if _, welcomed := last[wire.Welcome](late.box); welcomed || slices.Contains(h.ledger.kinds(), "joined late") {
			t.Error("somebody came into an ended meeting")
		}
	})
}

func TestFullRoomRefuses(t *testing.T) {
	h := newHouse(t)
	h.start(t)
	h.join(t, "ada", policy.Host)
	for i := range maxPeople - 1 {
		h.ask(t, visitor(strconv.Itoa(i), policy.Attendee), byLink("x"))
	}
	if _, err := h.Join(t.Context(), meeting, visitor("one too many", policy.Attendee), byLink("x"), &inbox{}); !errors.Is(err, ErrFull) {
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
	r, err := h.Join(b.Context(), meeting, visitor("a", policy.Host), byLink("a"), &inbox{})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		_ = r.Mute(b.Context(), "a", "nobody")
	}
}
