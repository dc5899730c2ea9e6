package room

import (
	"crypto/sha256"
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

// secretOf is what the browser holds that comes as id.
func secretOf(id string) Secret { return sha256.Sum256([]byte("cookie of " + id)) }

// guest is who comes as id and can come back.
func guest(id string) Visitor {
	v := visitor(id, policy.Attendee)
	v.Secret = secretOf(id)
	return v
}

// back is v, who comes as id again.
func back(v Visitor, id string) Visitor {
	v.Previous, v.PreviousSecret = v.ID, v.Secret
	v.ID, v.Secret = id, secretOf(id)
	return v
}

// enter brings v in: a host founds the group, others are added by one.
func (h *house) enter(t *testing.T, v Visitor) *inbox {
	t.Helper()
	k := h.ask(t, v, byLink(v.ID))
	h.letIn(t, v.ID, k)
	return k.box
}

// letIn lets k in, who asks to come in as id.
func (h *house) letIn(t *testing.T, id string, k *joining) {
	t.Helper()
	r := h.room()
	if _, founds := last[wire.Admitted](k.box); !founds {
		host := now(r, func() string { return someHost(r) })
		if err := r.Commit(t.Context(), host, h.adding(id)); err != nil {
			t.Fatalf("Commit = %v", err)
		}
	}
	if err := <-k.done; err != nil {
		t.Fatalf("Join(%s) = %v", id, err)
	}
}

// lose breaks the connection of a participant.
func (h *house) lose(t *testing.T, id string) {
	t.Helper()
	if err := h.room().Leave(t.Context(), id, wire.LeftConnection); err != nil {
		t.Fatal(err)
	}
}

func (h *house) joined(participant string) bool {
	return slices.Contains(h.ledger.kinds(), "joined "+participant)
}

func (h *house) left(participant string) bool {
	return slices.Contains(h.ledger.kinds(), "left "+participant)
}

func TestALostConnectionDoesNotEndAStay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.start(t)
		r, ada := h.join(t, "ada", policy.Host)
		grace := guest("grace")
		h.enter(t, grace)
		for _, id := range []string{"grace.2", "grace.3"} {
			r.Connected(grace.ID, "udp")
			time.Sleep(20 * time.Second)
			h.lose(t, grace.ID)
			if l, told := last[wire.ParticipantLeft](ada); !told || l.Participant != grace.ID || l.Reason != wire.LeftConnection {
				t.Fatalf("the others were told %+v, %v", l, told)
			}
			time.Sleep(emptyGrace / 2)
			grace = back(grace, id)
			h.enter(t, grace)
		}
		if err := r.Mute(t.Context(), "ada", "grace.3"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Second)
		if err := r.Leave(t.Context(), "grace.3", wire.LeftByChoice); err != nil {
			t.Fatal(err)
		}
		want := []string{
			"started ", "joined ada", "admitted grace", "joined grace",
			"admitted grace", "returned grace", "admitted grace", "returned grace", "left grace",
		}
		if got := h.ledger.kinds(); !slices.Equal(got, want) {
			t.Errorf("records %v, want %v", got, want)
		}
		got := fact[edr.Left](t, h.ledger, "grace")
		if got.Duration != 50*time.Second+emptyGrace || got.Voice != 40*time.Second || got.Transport != "udp" || got.Reason != "left" {
			t.Errorf("stay %+v", got)
		}
	})
}

func TestWhoDoesNotComeBackLeftWhenTheConnectionWasLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.start(t)
		h.join(t, "ada", policy.Host)
		h.enter(t, guest("grace"))
		time.Sleep(20 * time.Second)
		h.lose(t, "grace")
		time.Sleep(emptyGrace - time.Second)
		if h.left("grace") {
			t.Fatal("the stay was closed though there was time to come back")
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if got := fact[edr.Left](t, h.ledger, "grace"); got.Duration != 20*time.Second || got.Reason != "connection_lost" {
			t.Errorf("stay %+v", got)
		}
	})
}

func TestTheEndClosesTheStaysOfWhoIsAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.start(t)
		r, _ := h.join(t, "ada", policy.Host)
		grace := guest("grace")
		h.enter(t, grace)
		time.Sleep(20 * time.Second)
		h.lose(t, "grace")
		time.Sleep(time.Second)
		h.ask(t, back(grace, "grace.2"), byLink("grace.2")) // and is not let in
		if err := r.End(t.Context(), "ada"); err != nil {
			t.Fatal(err)
		}
		if got := fact[edr.Left](t, h.ledger, "grace"); got.Duration != 20*time.Second || got.Reason != "connection_lost" {
			t.Errorf("stay %+v", got)
		}
		if kinds := h.ledger.kinds(); kinds[len(kinds)-1] != "ended " {
			t.Errorf("records %v", kinds)
		}
	})
}

// A stay goes on for nobody but who was in it.
func TestAStayIsResumedByItsCookieOnly(t *testing.T) {
	leaves := func(t *testing.T, h *house) {
		t.Helper()
		if err := h.room().Leave(t.Context(), "grace", wire.LeftByChoice); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		name   string
		goes   func(*testing.T, *house) // nil: the connection is lost
		change func(*Visitor)
		want   bool
	}{
		{"who was in it", nil, func(*Visitor) {}, true},
		{"without a cookie", nil, func(v *Visitor) { v.PreviousSecret = Secret{} }, false},
		{"with the key alone", nil, func(v *Visitor) { v.Previous, v.PreviousSecret = "", Secret{} }, false},
		{"with another's cookie", nil, func(v *Visitor) { v.PreviousSecret = secretOf("ada") }, false},
		{"as another", nil, func(v *Visitor) { v.Previous = "ada" }, false},
		{"under another name", nil, func(v *Visitor) { v.Name = "Mallory" }, false},
		{"from another account", nil, func(v *Visitor) { v.User = "u-mallory" }, false},
		{"with another address", nil, func(v *Visitor) { v.Email = "mallory@example.org" }, false},
		{"after leaving", leaves, func(*Visitor) {}, false},
		{"after leaving the connection for too long", func(t *testing.T, h *house) {
			t.Helper()
			h.lose(t, "grace")
			time.Sleep(emptyGrace + time.Second)
			synctest.Wait()
		}, func(*Visitor) {}, false},
		{"after they were expelled, with a new key", func(t *testing.T, h *house) {
			t.Helper()
			if err := h.room().Expel(t.Context(), "ada", "grace"); err != nil {
				t.Fatal(err)
			}
		}, func(v *Visitor) { v.Device = keyOf("new") }, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHouse(t)
				h.start(t)
				h.join(t, "ada", policy.Host)
				grace := guest("grace")
				h.enter(t, grace)
				if tt.goes != nil {
					tt.goes(t, h)
				} else {
					h.lose(t, "grace")
				}
				v := back(grace, "back")
				tt.change(&v)
				h.enter(t, v)
				if goesOn := !h.joined("back"); goesOn != tt.want {
					t.Errorf("the stay goes on: %v, want %v; records %v", goesOn, tt.want, h.ledger.kinds())
				}
			})
		})
	}
}

// Who was denied on the way back has left, and tries in vain to be who they were.
func TestWhoIsDeniedOnTheWayBackHasLeft(t *testing.T) {
	h := newHouse(t)
	h.start(t)
	r, _ := h.join(t, "ada", policy.Host)
	grace := guest("grace")
	h.enter(t, grace)
	h.lose(t, "grace")
	h.ask(t, back(grace, "try 1"), byLink("try 1"))
	if err := r.Deny(t.Context(), "ada", "try 1"); err != nil {
		t.Fatal(err)
	}
	if !h.left("grace") {
		t.Errorf("records %v", h.ledger.kinds())
	}
	h.enter(t, back(grace, "try 2"))
	if !h.joined("try 2") {
		t.Errorf("records %v", h.ledger.kinds())
	}
}

func TestWhoWasExpelledDoesNotComeBackByTheirCookie(t *testing.T) {
	h := newHouse(t)
	h.start(t)
	r, _ := h.join(t, "ada", policy.Host)
	grace := guest("grace")
	h.enter(t, grace)
	if err := r.Expel(t.Context(), "ada", "grace"); err != nil {
		t.Fatal(err)
	}
	k := h.ask(t, back(grace, "grace.2"), byLink("grace.2"))
	if err := <-k.done; !errors.Is(err, ErrExpelled) {
		t.Fatalf("Join = %v", err)
	}
}

// A cookie is good once: who is back has another.
func TestACookieIsUsedUp(t *testing.T) {
	h := newHouse(t)
	h.start(t)
	h.join(t, "ada", policy.Host)
	grace := guest("grace")
	h.enter(t, grace)
	h.lose(t, "grace")
	h.enter(t, back(grace, "grace.2"))
	h.lose(t, "grace.2")
	h.enter(t, back(grace, "thief"))
	if !h.joined("thief") {
		t.Errorf("records %v", h.ledger.kinds())
	}
}

// However often people come and lose their connection, no more of them are waited
// for than fit in.
func TestNoMoreAreWaitedForThanFitIn(t *testing.T) {
	h := newHouse(t)
	h.start(t)
	r, _ := h.join(t, "ada", policy.Host)
	h.enter(t, guest("first"))
	h.lose(t, "first")
	r.tell(func() {
		for i := range maxPeople - 1 {
			id := strconv.Itoa(i)
			r.lost[id] = &lostStay{participant: id, stay: id, at: time.Now(), until: time.Now().Add(emptyGrace)}
		}
	})
	h.enter(t, guest("last"))
	h.lose(t, "last")
	if n := now(r, func() int { return len(r.lost) }); n != maxPeople || !h.left("first") || h.left("last") {
		t.Errorf("%d are waited for; first gone: %v, last gone: %v", n, h.left("first"), h.left("last"))
	}
}

// The server may notice late that a connection is lost. Who proves that it was
// theirs is not kept waiting by what it left behind; another tab ends nothing.
func TestWhoComesBackFreesTheirPlace(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*Visitor)
		want   bool
	}{
		{"the browser", func(*Visitor) {}, true},
		{"a copy of the tab, which has another key", func(v *Visitor) { v.Device = keyOf("copy") }, false},
		{"somebody with the key alone", func(v *Visitor) { v.PreviousSecret = Secret{} }, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			h.start(t)
			_, ada := h.join(t, "ada", policy.Host)
			grace := guest("grace")
			before := h.enter(t, grace)
			v := back(grace, "back")
			tt.change(&v)
			k := h.ask(t, v, byLink("back"))
			_, gone := last[wire.ParticipantLeft](before)
			if gone != tt.want || h.media.has("remove grace") != tt.want {
				t.Fatalf("the place is free: %v", gone)
			}
			h.letIn(t, "back", k)
			if h.joined("back") == tt.want {
				t.Errorf("records %v", h.ledger.kinds())
			}
			if l, told := last[wire.ParticipantLeft](ada); told != tt.want || tt.want && l.Reason != wire.LeftConnection {
				t.Errorf("the others were told %+v", l)
			}
		})
	}
}

// A try to come back that fails does not use the stay up, however it fails and
// whether the server has noticed or not.
func TestWhoComesBackMayTryAgain(t *testing.T) {
	for _, noticed := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			h := newHouse(t)
			h.start(t)
			h.join(t, "ada", policy.Host)
			grace := guest("grace")
			h.enter(t, grace)
			h.lose(t, "grace")
			h.ask(t, back(grace, "try 1"), byLink("try 1"))
			time.Sleep(2 * emptyGrace) // they are waited for while they knock
			if h.left("grace") {
				t.Fatal("the stay was closed while its person waited to be let in")
			}
			if noticed {
				h.lose(t, "try 1")
			}
			h.enter(t, back(grace, "try 2"))
			if h.joined("try 2") {
				t.Errorf("records %v", h.ledger.kinds())
			}
		})
	}
}

func TestALockedMeetingLetsWhoWasInKnock(t *testing.T) {
	h := newHouse(t)
	h.start(t)
	r, _ := h.join(t, "ada", policy.Host)
	grace := guest("grace")
	h.enter(t, grace)
	lock := h.adding()
	lock.Rules = &wire.Rules{Locked: true}
	if err := r.Commit(t.Context(), "ada", lock); err != nil {
		t.Fatal(err)
	}
	h.lose(t, "grace")
	stranger := h.ask(t, guest("eve"), byLink("eve"))
	if err := <-stranger.done; !errors.Is(err, ErrLocked) {
		t.Errorf("a stranger's Join = %v", err)
	}
	k := h.ask(t, back(grace, "grace.2"), byLink("grace.2"))
	if err := r.Commit(t.Context(), "ada", h.adding("grace.2")); !errors.Is(err, ErrLocked) {
		t.Fatalf("somebody was added while locked: %v", err)
	}
	open := h.adding()
	open.Rules = &wire.Rules{}
	if err := r.Commit(t.Context(), "ada", open); err != nil {
		t.Fatal(err)
	}
	h.letIn(t, "grace.2", k)
	if h.joined("grace.2") {
		t.Errorf("records %v", h.ledger.kinds())
	}
}
