package room

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/conclave-meet/conclave/signaling/edr"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/signaling/wire"
)

const restartGrace = 2 * time.Minute

// newLastingHouse is a house whose sessions outlive the server.
func newLastingHouse(t *testing.T) *house {
	t.Helper()
	h := newHouse(t)
	h.RestartGrace = restartGrace
	return h
}

// onRecord is what the disk says of the one session when the server dies now.
func (l *ledger) onRecord() (s Session) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s.LastKnown, s.State = time.Now().Round(0), l.state
	for _, r := range l.records {
		s.ID, s.Seq = r.Session, r.Seq
		switch r.Fact.(type) {
		case edr.Started:
			s.Started = r.At
		case edr.Joined:
			s.Stays = append(s.Stays, Stay{ID: r.Participant, Joined: r.At})
		case edr.Left:
			s.Stays = slices.DeleteFunc(s.Stays, func(stay Stay) bool { return stay.ID == r.Participant })
		}
	}
	return s
}

// restarted is the house after a restart that took a while. It goes on with the
// same disk.
func (h *house) restarted(t *testing.T, grace time.Duration) *house {
	t.Helper()
	synctest.Wait() // the room has kept what it needs
	s := h.ledger.onRecord()
	time.Sleep(3 * time.Second)
	again := newLastingHouse(t)
	again.ledger = &ledger{records: slices.Clone(h.ledger.records), state: s.State}
	again.recorder = again.ledger
	if err := again.Resume(meeting, s, grace); err != nil {
		t.Fatal(err)
	}
	return again
}

// A server that dies, or is stopped in order, takes no meeting along: who was in
// comes back to their stay, under the rules that held.
func TestASessionGoesOnAfterARestart(t *testing.T) {
	for _, tt := range []struct {
		name   string
		stop   func(*house)
		reason string // of who does not come back
	}{
		{"killed", func(*house) {}, "lost"},
		{"stopped", func(h *house) { h.Close() }, "connection_lost"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				before := newLastingHouse(t)
				before.start(t)
				ada, grace, nils := guest("ada"), guest("grace"), guest("nils")
				ada.Role = policy.Host
				before.enter(t, ada)
				before.enter(t, grace)
				before.enter(t, nils)
				before.room().Connected("grace", "udp")
				rules := wire.Rules{Lobby: true, Rights: meeting.Rights, People: []wire.PersonRules{{Key: grace.Device, Role: policy.Presenter}}}
				change := before.adding()
				change.Rules = &rules
				if err := before.room().Commit(t.Context(), "ada", change); err != nil {
					t.Fatal(err)
				}
				time.Sleep(20 * time.Second)
				tt.stop(before)

				h := before.restarted(t, restartGrace)
				if !h.Running(meeting.ID) {
					t.Fatal("the meeting does not run any more")
				}
				waits := h.ask(t, back(grace, "grace.2"), byLink("grace.2"))
				if w, _ := last[wire.Waiting](waits.box); w.For != wire.WaitingForHost {
					t.Fatalf("the guest waits for %s", w.For)
				}
				founder := h.enter(t, back(ada, "ada.2"))
				if a, _ := last[wire.Admitted](founder); a.Rules == nil || !a.Rules.Equal(rules) {
					t.Fatalf("the group is founded with %+v", a.Rules)
				}
				h.letIn(t, "grace.2", waits)
				if w, _ := last[wire.Welcome](waits.box); w.Participants[0].Role != policy.Presenter {
					t.Errorf("the welcome %+v", w)
				}
				time.Sleep(restartGrace)
				if err := h.End(t.Context(), meeting.ID); err != nil {
					t.Fatal(err)
				}
				h.checkAfterRestart(t, tt.reason)
			})
		})
	}
}

// checkAfterRestart wants the records of ada and grace, who came back three seconds
// after a restart, and of nils, who did not.
func (h *house) checkAfterRestart(t *testing.T, reason string) {
	t.Helper()
	want := []string{
		"started ", "joined ada", "admitted grace", "joined grace", "admitted nils", "joined nils",
		"roleChanged grace",
		"returned ada", "admitted grace", "returned grace", "left nils", "left grace", "left ada", "ended ",
	}
	if got := h.ledger.kinds(); !slices.Equal(got, want) {
		t.Errorf("records %v, want %v", got, want)
	}
	whole := 23*time.Second + restartGrace
	if left := fact[edr.Left](t, h.ledger, "ada"); left.Duration != whole || left.Reason != "meeting_ended" {
		t.Errorf("ada's stay %+v", left)
	}
	if left := fact[edr.Left](t, h.ledger, "grace"); left.Duration != whole || left.Voice.Round(time.Second) != 20*time.Second || left.Transport != "udp" {
		t.Errorf("grace's stay %+v", left)
	}
	if left := fact[edr.Left](t, h.ledger, "nils"); left.Duration != 20*time.Second || left.Reason != reason {
		t.Errorf("nils' stay %+v", left)
	}
	if ended := fact[edr.Ended](t, h.ledger, ""); ended.Duration != whole {
		t.Errorf("session %+v", ended)
	}
}

// A restart opens nothing that was closed.
func TestARestartFailsClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		before := newLastingHouse(t)
		before.start(t)
		ada, grace, mal := guest("ada"), guest("grace"), guest("mal")
		ada.Role = policy.Host
		before.enter(t, ada)
		before.enter(t, grace)
		before.enter(t, mal)
		r := before.room()
		if err := r.Expel(t.Context(), "ada", "mal"); err != nil {
			t.Fatal(err)
		}
		lock := before.adding()
		lock.Rules = &wire.Rules{Locked: true}
		if err := r.Commit(t.Context(), "ada", lock); err != nil {
			t.Fatal(err)
		}

		h := before.restarted(t, restartGrace)
		refused := func(v Visitor, want error) {
			t.Helper()
			if err := <-h.ask(t, v, byLink(v.ID)).done; !errors.Is(err, want) {
				t.Errorf("Join of %s = %v, want %v", v.ID, err, want)
			}
		}
		refused(back(mal, "mal.2"), ErrExpelled)
		refused(guest("eve"), ErrLocked)
		waits := h.ask(t, back(grace, "grace.2"), byLink("grace.2"))
		founder := h.enter(t, back(ada, "ada.2"))
		if a, _ := last[wire.Admitted](founder); a.Rules == nil || !a.Rules.Locked {
			t.Errorf("the group is founded with %+v", a.Rules)
		}
		if _, in := last[wire.Admitted](waits.box); in {
			t.Error("somebody is in the locked group")
		}
		refused(back(mal, "mal.3"), ErrExpelled)
		refused(guest("eve.2"), ErrLocked)
		if err := h.room().Commit(t.Context(), "ada.2", h.adding("grace.2")); !errors.Is(err, ErrLocked) {
			t.Errorf("somebody was added while locked: %v", err)
		}
	})
}

func TestASessionThatNobodyComesBackToEndsWhenTheServerDid(t *testing.T) {
	for _, tt := range []struct {
		name        string
		stop        func(*testing.T, *house)
		grace       time.Duration
		reason, why string // of the session, of the stay
	}{
		{"killed", func(*testing.T, *house) {}, restartGrace, "lost", "lost"},
		{"killed, and started much later", func(*testing.T, *house) {}, 0, "lost", "lost"},
		{"stopped", func(_ *testing.T, h *house) { h.Close() }, restartGrace, "shutdown", "connection_lost"},
		{"killed when nobody was in any more", func(t *testing.T, h *house) {
			t.Helper()
			h.lose(t, "ada")
			time.Sleep(emptyGrace / 2)
		}, restartGrace, "lost", "connection_lost"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				before := newLastingHouse(t)
				before.start(t)
				ada := guest("ada")
				ada.Role = policy.Host
				before.enter(t, ada)
				time.Sleep(20 * time.Second)
				tt.stop(t, before)
				h := before.restarted(t, tt.grace)
				time.Sleep(restartGrace + time.Second)
				synctest.Wait()
				if h.Running(meeting.ID) || h.Len() > 0 {
					t.Fatal("the session goes on for nobody")
				}
				if e := fact[edr.Ended](t, h.ledger, ""); e.Reason != tt.reason || e.Duration != 20*time.Second {
					t.Errorf("session %+v", e)
				}
				if l := fact[edr.Left](t, h.ledger, "ada"); l.Reason != tt.why || l.Duration != 20*time.Second {
					t.Errorf("stay %+v", l)
				}
			})
		})
	}
}

// Who waits when the server stops is not told that the meeting is over.
func TestAServerThatStopsTellsNobodyThatTheMeetingIsOver(t *testing.T) {
	for _, started := range []bool{true, false} {
		h := newLastingHouse(t)
		if started {
			h.start(t)
		}
		k := h.ask(t, guest("grace"), byLink("grace"))
		r := h.room()
		h.Close()
		if err := <-k.done; !errors.Is(err, ErrEnded) {
			t.Errorf("Join = %v", err)
		}
		if _, told := last[wire.Ended](k.box); told || !r.Suspended() {
			t.Errorf("told of the end: %v, suspended: %v", told, r.Suspended())
		}
	}
}

func TestResumeWantsAState(t *testing.T) {
	h := newLastingHouse(t)
	if err := h.Resume(meeting, Session{ID: "s", State: []byte("nonsense")}, restartGrace); err == nil || h.Len() > 0 {
		t.Errorf("Resume = %v, %d rooms", err, h.Len())
	}
}
