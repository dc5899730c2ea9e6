package room

import (
	"errors"
	"strings"
	"testing"

	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/signaling/wire"
)

// Who was expelled comes in again by no door: not with the same device, account or
// browser. Somebody else does, with whatever of it they only claim.
func TestTheExpelledStayOut(t *testing.T) {
	stays := func(n byte) Secret { return Secret{n} }
	eve := Visitor{ID: "eve", Name: "Eve", Role: policy.Attendee, Device: "eve's key", User: "u-eve", Secret: stays(1)}
	for _, tt := range []struct {
		name string
		v    Visitor
		out  bool
	}{
		{"the same device", Visitor{Device: "eve's key"}, true},
		{"the same account in another browser", Visitor{Device: "new", User: "u-eve", Secret: stays(2)}, true},
		{"another tab of the browser", Visitor{Device: "new", Secret: stays(2), Browser: []Secret{stays(2), stays(1)}}, true},
		{"another person", Visitor{Device: "new", User: "u-ann", Secret: stays(2), Browser: []Secret{stays(3)}}, false},
		{"another guest without anything", Visitor{}, false},
		{"one who says to have been Eve, and proves nothing", Visitor{Previous: "eve"}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			h.start(t)
			r, _ := h.join(t, "ada", policy.Host)
			k := h.ask(t, eve, byLink("eve"))
			if err := r.Commit(t.Context(), "ada", h.adding("eve")); err != nil {
				t.Fatal(err)
			}
			if err := <-k.done; err != nil {
				t.Fatal(err)
			}
			if err := r.Expel(t.Context(), "ada", "eve"); err != nil {
				t.Fatal(err)
			}
			tt.v.ID, tt.v.Role = "again", policy.Attendee
			again := h.ask(t, tt.v, byLink("again"))
			select {
			case err := <-again.done:
				if !tt.out || !errors.Is(err, ErrExpelled) {
					t.Errorf("Join = %v", err)
				}
			default:
				if tt.out {
					t.Error("they knock")
				}
			}
		})
	}
}

// Whoever is here as the one who is expelled goes, too, wherever they stand.
func TestTheExpelledAreNotHereTwice(t *testing.T) {
	h := newHouse(t)
	h.start(t)
	r, _ := h.join(t, "ada", policy.Host)
	in := func(v Visitor) {
		k := h.ask(t, v, byLink(v.ID))
		if err := r.Commit(t.Context(), "ada", h.adding(v.ID)); err != nil {
			t.Fatal(err)
		}
		if err := <-k.done; err != nil {
			t.Fatal(err)
		}
	}
	in(Visitor{ID: "eve", Role: policy.Attendee, Device: "one", User: "u-eve", Secret: Secret{1}})
	in(Visitor{ID: "eve in another tab", Role: policy.Attendee, Device: "two", User: "u-eve", Secret: Secret{2}})
	in(Visitor{ID: "bob", Role: policy.Attendee, Device: "three", User: "u-bob", Secret: Secret{3}})
	door := h.ask(t, Visitor{ID: "eve at the door", Role: policy.Attendee, Device: "four", Browser: []Secret{{1}}}, byLink("eve at the door"))
	if err := r.Expel(t.Context(), "ada", "eve"); err != nil {
		t.Fatal(err)
	}
	if err := <-door.done; !errors.Is(err, ErrExpelled) {
		t.Errorf("at the door: %v", err)
	}
	for id, want := range map[string]bool{"eve": false, "eve in another tab": false, "bob": true} {
		if got := now(r, func() bool { return r.people[id].present() }); got != want {
			t.Errorf("%s is in: %v", id, got)
		}
	}
}

// A host whom the owner made less is none again by coming with another device, and
// founds nothing in the owner's stead. Another host does come in.
func TestAHostMadeLessStaysLess(t *testing.T) {
	for _, tt := range []struct {
		name                string
		first, again, other Visitor
	}{
		{"by an account", Visitor{User: "u-alt"}, Visitor{User: "u-alt"}, Visitor{User: "u-another"}},
		{
			"by a join token",
			Visitor{Guest: true, Secret: Secret{1}},
			Visitor{Guest: true, Secret: Secret{2}, Browser: []Secret{{2}, {1}}},
			Visitor{Guest: true, Secret: Secret{3}},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			as := func(v Visitor, id, key string) Visitor {
				v.ID, v.Role, v.Device = id, policy.Host, key
				return v
			}
			h := newHouse(t)
			h.start(t)
			owner := visitor("owner", policy.Host)
			owner.Owner = true
			if err := <-h.ask(t, owner, byLink("owner")).done; err != nil {
				t.Fatal(err)
			}
			r := h.room()
			k := h.ask(t, as(tt.first, "alt", keyOf("alt")), byLink("alt"))
			if err := r.Commit(t.Context(), "owner", h.adding("alt")); err != nil {
				t.Fatal(err)
			}
			if err := <-k.done; err != nil {
				t.Fatal(err)
			}
			h.change(t, "owner", giving("alt", policy.Attendee))
			select {
			case err := <-h.ask(t, as(tt.again, "alt 2", "a new key"), byLink("alt 2")).done:
				if !errors.Is(err, ErrForbidden) {
					t.Errorf("with another device: %v", err)
				}
			default:
				t.Fatal("with another device they knock")
			}
			another := h.ask(t, as(tt.other, "another", "another key"), byLink("another"))
			select {
			case err := <-another.done:
				t.Errorf("another host: %v", err)
			default: // knocks
				if err := r.Deny(t.Context(), "owner", "another"); err != nil {
					t.Errorf("Deny = %v", err)
				}
			}
			h.leave(t, "owner")
			h.leave(t, "alt")
			back := h.ask(t, as(tt.again, "alt 3", keyOf("alt")), byLink("alt 3"))
			if _, founds := last[wire.Admitted](back.box); founds {
				t.Error("founded a group")
			}
			owner.ID = "owner.2"
			again := h.ask(t, owner, byLink("owner.2"))
			if err := <-again.done; err != nil {
				t.Errorf("the owner: %v", err)
			}
			if err := r.Deny(t.Context(), "owner.2", "alt 3"); err != nil {
				t.Errorf("Deny = %v", err)
			}
		})
	}
}

func TestTheOwnerIsNotDenied(t *testing.T) {
	h := panel(t)
	owner := visitor("owner.2", policy.Host)
	owner.Owner, owner.Device = true, "another device"
	h.ask(t, owner, byLink("owner.2"))
	if err := h.room().Deny(t.Context(), "host", "owner.2"); !errors.Is(err, ErrForbidden) {
		t.Errorf("Deny = %v", err)
	}
}

// Who lost their account while they waited for the start does not come in with it.
func TestTheDismissedDoNotWait(t *testing.T) {
	h := newHouse(t)
	v := visitor("alt", policy.Host)
	v.User = "u-alt"
	k := h.ask(t, v, byLink("alt"))
	h.Dismiss(meeting.SiteID, "u-alt")
	if err := <-k.done; !errors.Is(err, ErrDenied) {
		t.Errorf("Join = %v", err)
	}
}

// A role that changes while somebody is coming in reaches their media all the same.
func TestAComerGetsTheNewestSeat(t *testing.T) {
	h := panel(t)
	h.media.slow = make(chan struct{})
	k := h.ask(t, visitor("cy", policy.Attendee), byLink("cy"))
	if err := h.room().Commit(t.Context(), "owner", h.adding("cy")); err != nil {
		t.Fatal(err)
	}
	h.change(t, "owner", giving("cy", policy.Host))
	close(h.media.slow)
	if err := <-k.done; err != nil {
		t.Fatal(err)
	}
	h.media.mu.Lock()
	defer h.media.mu.Unlock()
	// Once as the role changed, when the media may not know them yet, and once as they came in.
	if n := strings.Count(strings.Join(h.media.calls, "\n"), "reseat {Participant:cy Leaf:6 Host:true Presenter:false}"); n != 2 {
		t.Errorf("the media was told %d times: %v", n, h.media.calls)
	}
}
