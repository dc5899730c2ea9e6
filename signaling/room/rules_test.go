package room

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/conclave-meet/conclave/signaling/edr"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/signaling/wire"
)

// panel is a meeting with its owner, another host, a presenter, a panelist and
// two attendees.
func panel(t *testing.T) *house {
	t.Helper()
	h := newHouse(t)
	h.start(t)
	owner := visitor("owner", policy.Host)
	owner.Owner = true
	k := h.ask(t, owner, byLink("owner"))
	if err := <-k.done; err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"host", "presenter", "panelist", "ann", "bob"} {
		role := policy.Attendee
		if id == "host" {
			role = policy.Host
		}
		h.join(t, id, role)
	}
	h.change(t, "owner", giving("presenter", policy.Presenter), giving("panelist", policy.Panelist))
	return h
}

type change func(*wire.Rules)

// giving gives who comes as id a role, for the rules.
func giving(id string, role policy.Role) change {
	return func(r *wire.Rules) { r.People = with(r.People, wire.PersonRules{Key: keyOf(id), Role: role}) }
}

// rights gives all attendees these.
func rights(list ...policy.Right) change { return func(r *wire.Rules) { r.Rights = list } }

func with(people []wire.PersonRules, one wire.PersonRules) []wire.PersonRules {
	others := slices.DeleteFunc(slices.Clone(people), func(p wire.PersonRules) bool { return p.Key == one.Key })
	return append(others, one)
}

// try has somebody commit the rules after changes.
func (h *house) try(t *testing.T, by string, changes ...change) error {
	t.Helper()
	c := h.adding()
	rules := now(h.room(), func() wire.Rules { return h.room().rules })
	for _, change := range changes {
		change(&rules)
	}
	c.Rules = &rules
	return h.room().Commit(t.Context(), by, c)
}

func (h *house) change(t *testing.T, by string, changes ...change) {
	t.Helper()
	if err := h.try(t, by, changes...); err != nil {
		t.Fatalf("%s changes the rules: %v", by, err)
	}
}

func (h *house) roleOf(id string) policy.Role {
	return now(h.room(), func() policy.Role { return h.room().people[id].Role })
}

func locked(r *wire.Rules)  { r.Locked = true }
func nothing(r *wire.Rules) {}

func TestWhoMayChangeWhichRules(t *testing.T) {
	both := func(r *wire.Rules) { locked(r); giving("ann", policy.Presenter)(r) }
	for _, tt := range []struct {
		what string
		do   change
		may  []string
	}{
		{"the lock", locked, []string{"owner", "host"}},
		{"all attendees' rights", rights(policy.RightToSpeak), []string{"owner", "host", "presenter"}},
		{"one attendee's rights", func(r *wire.Rules) {
			r.People = with(r.People, wire.PersonRules{Key: keyOf("ann"), Deny: []policy.Right{policy.RightToSpeak}})
		}, []string{"owner", "host", "presenter"}},
		{"an attendee's role", giving("ann", policy.Host), []string{"owner", "host"}},
		{"one's own role, and the lock", both, []string{"owner", "host"}},
		{"a host's role", giving("host", policy.Attendee), []string{"owner", "host"}},
		{"the owner's role", giving("owner", policy.Attendee), []string{"owner"}},
		{"the role of who is not here", giving("eve", policy.Host), nil},
		{"nothing", nothing, []string{"owner", "host"}},
	} {
		for _, by := range []string{"owner", "host", "presenter", "panelist", "ann"} {
			t.Run(tt.what+" by "+by, func(t *testing.T) {
				h := panel(t)
				before := now(h.room(), func() wire.Rules { return h.room().rules })
				err := h.try(t, by, tt.do)
				if may := slices.Contains(tt.may, by); may != (err == nil) {
					t.Fatalf("Commit = %v, want it allowed: %v", err, may)
				}
				after := now(h.room(), func() wire.Rules { return h.room().rules })
				if err != nil && !after.Equal(before) {
					t.Errorf("refused, and the rules are %+v", after)
				}
			})
		}
	}
}

// The owner gives the meeting away, even their own role in it, and takes it back.
func TestTheOwnerReclaims(t *testing.T) {
	h := panel(t)
	h.change(t, "owner", giving("ann", policy.Host), giving("owner", policy.Attendee))
	if h.roleOf("owner") != policy.Attendee || h.roleOf("ann") != policy.Host {
		t.Fatalf("roles %s and %s", h.roleOf("owner"), h.roleOf("ann"))
	}
	if err := h.room().MuteAll(t.Context(), "owner"); !errors.Is(err, ErrForbidden) {
		t.Errorf("MuteAll of an owner who is attendee = %v", err)
	}
	if err := h.room().Expel(t.Context(), "ann", "owner"); !errors.Is(err, ErrForbidden) {
		t.Errorf("Expel of the owner = %v", err)
	}
	h.change(t, "owner", giving("owner", policy.Host), giving("ann", policy.Attendee))
	if h.roleOf("owner") != policy.Host || h.roleOf("ann") != policy.Attendee {
		t.Errorf("roles %s and %s", h.roleOf("owner"), h.roleOf("ann"))
	}
	if !slices.Contains(h.ledger.kinds(), "roleChanged ann") {
		t.Errorf("not on record: %v", h.ledger.kinds())
	}
	if !h.media.has("reseat {Participant:ann Leaf:4 Host:true Presenter:false}") || !h.media.has("reseat {Participant:ann Leaf:4 Host:false Presenter:false}") {
		t.Errorf("the media was not told: %v", h.media.calls)
	}
}

// What somebody may not do any more is stopped at once, and refused from then on;
// nobody else is touched.
func TestLosingARightStopsWhatItWasFor(t *testing.T) {
	for _, tt := range []struct {
		name string
		do   change
		off  []string // of ann: microphone, camera, screen
	}{
		{"all lose the right to share", rights(policy.RightToSpeak, policy.RightToCamera), []string{"screen", "screen_audio"}},
		{"all lose all", rights(), []string{"microphone", "camera", "screen", "screen_audio"}},
		{"she alone may not speak", func(r *wire.Rules) {
			r.People = with(r.People, wire.PersonRules{Key: keyOf("ann"), Deny: []policy.Right{policy.RightToSpeak}})
		}, []string{"microphone"}},
		{"she alone keeps it", func(r *wire.Rules) {
			r.Rights = nil
			r.People = with(r.People, wire.PersonRules{Key: keyOf("ann"), Grant: []policy.Right{policy.RightToSpeak, policy.RightToCamera, policy.RightToShare}})
		}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := panel(t)
			all := map[string]wire.Publish{
				"microphone": {Source: wire.Microphone, Live: true}, "camera": {Source: wire.Camera, Live: true},
				"screen": share(wire.Window), "screen_audio": {Source: wire.ScreenAudio, Live: true},
			}
			for _, name := range []string{"microphone", "camera", "screen", "screen_audio"} {
				for _, id := range []string{"ann", "panelist"} {
					if err := h.room().Publish(t.Context(), id, all[name]); err != nil {
						t.Fatal(err)
					}
				}
			}
			h.change(t, "presenter", tt.do)
			for name, again := range all {
				off := slices.Contains(tt.off, name)
				if h.media.has("live ann "+name+" false") != off {
					t.Errorf("%s of ann stopped = %v", name, !off)
				}
				if h.media.has("live panelist " + name + " false") {
					t.Errorf("%s of the panelist stopped", name)
				}
				if err := h.room().Publish(t.Context(), "ann", again); errors.Is(err, ErrForbidden) != off {
					t.Errorf("%s of ann again = %v", name, err)
				}
			}
		})
	}
}

// A presenter who is one no more has to stop sharing, where attendees may not.
func TestDemotionStopsShares(t *testing.T) {
	h := panel(t)
	h.change(t, "owner", rights(policy.RightToSpeak))
	if err := h.room().Publish(t.Context(), "presenter", share(wire.Monitor)); err != nil {
		t.Fatal(err)
	}
	h.change(t, "host", giving("presenter", policy.Attendee))
	if !h.media.has("live presenter screen false") || fact[edr.ShareStopped](t, h.ledger, "presenter").By != "host" {
		t.Errorf("the share goes on: %v", h.ledger.kinds())
	}
}

// Roles and rights are the device's: they hold when its owner comes again, also
// into a new group.
func TestRolesOutliveAStay(t *testing.T) {
	h := panel(t)
	for _, id := range []string{"presenter", "owner", "host", "panelist", "ann", "bob"} {
		h.leave(t, id)
	}
	owner := visitor("owner.2", policy.Host)
	owner.Owner = true
	k := h.ask(t, owner, byLink("owner.2"))
	if err := <-k.done; err != nil {
		t.Fatal(err)
	}
	if a, _ := last[wire.Admitted](k.box); a.Rules == nil || len(a.Rules.People) != 2 {
		t.Errorf("the new group begins with %+v", a.Rules)
	}
	h.join(t, "presenter.2", policy.Attendee)
	if role := h.roleOf("presenter.2"); role != policy.Presenter {
		t.Errorf("the presenter comes back as %s", role)
	}
}

// What the rules say of who has gone is not forgotten: going and coming again would
// take back what a host has decided.
func TestRulesOfWhoIsAwayStay(t *testing.T) {
	h := panel(t)
	h.change(t, "owner", giving("host", policy.Attendee))
	h.leave(t, "host")
	forgotten := now(h.room(), func() wire.Rules { return h.room().rules })
	forgotten.Locked = true
	people := forgotten.People
	forgotten.People = slices.DeleteFunc(slices.Clone(people), func(p wire.PersonRules) bool { return p.Key == keyOf("host") })
	c := h.adding()
	c.Rules = &forgotten
	if err := h.room().Commit(t.Context(), "owner", c); !errors.Is(err, ErrNotFound) {
		t.Errorf("rules without the role of who is away: %v", err)
	}
	c.Rules.People = people
	if err := h.room().Commit(t.Context(), "owner", c); err != nil {
		t.Errorf("the same with it: %v", err)
	}
	c = h.adding()
	c.Rules = &wire.Rules{Rights: forgotten.Rights, People: people}
	if err := h.room().Commit(t.Context(), "owner", c); err != nil {
		t.Fatal(err)
	}
	h.join(t, "host.2", policy.Host)
	if role := h.roleOf("host.2"); role != policy.Attendee {
		t.Errorf("who was made less comes back as %s", role)
	}
}

// Who was made a host founds no group: the server has not seen that the device is
// theirs, and there is nobody else to see it.
func TestAGrantedHostFoundsNothing(t *testing.T) {
	h := panel(t)
	h.change(t, "owner", giving("ann", policy.Host))
	for _, id := range []string{"presenter", "owner", "host", "panelist", "ann", "bob"} {
		h.leave(t, id)
	}
	k := h.ask(t, visitor("ann.2", policy.Attendee), byLink("ann.2"))
	if _, in := last[wire.Admitted](k.box); in {
		t.Error("she founded a group")
	}
	if w := k.waits(); !slices.Equal(w, []wire.WaitingFor{wire.WaitingForHost}) {
		t.Errorf("she waits for %v", w)
	}
}

func TestModeration(t *testing.T) {
	mic := wire.Publish{Source: wire.Microphone, Live: true}
	for _, tt := range []struct {
		name string
		do   func(ctx context.Context, r *Room, by string) error
		may  []string
		want []string // calls of the media
	}{
		{
			"mute all", func(ctx context.Context, r *Room, by string) error { return r.MuteAll(ctx, by) },
			[]string{"owner", "host"},
			[]string{"live presenter microphone false", "live panelist microphone false", "live ann microphone false"},
		},
		{
			"stop one share", func(ctx context.Context, r *Room, by string) error { return r.StopShares(ctx, by, "bob") },
			[]string{"owner", "host", "bob"},
			[]string{"live bob screen false"},
		},
		{
			"stop all shares", func(ctx context.Context, r *Room, by string) error { return r.StopShares(ctx, by, "") },
			[]string{"owner", "host"},
			[]string{"live bob screen false", "live panelist screen false"},
		},
		{
			"ask to unmute", func(ctx context.Context, r *Room, by string) error { return r.AskToUnmute(ctx, by, "ann") },
			[]string{"owner", "host"},
			nil,
		},
	} {
		for _, by := range []string{"owner", "host", "presenter", "panelist", "ann", "bob"} {
			t.Run(tt.name+" by "+by, func(t *testing.T) {
				h := panel(t)
				for _, id := range []string{"owner", "host", "presenter", "panelist", "ann"} {
					if err := h.room().Publish(t.Context(), id, mic); err != nil {
						t.Fatal(err)
					}
				}
				for _, id := range []string{"bob", "panelist"} {
					if err := h.room().Publish(t.Context(), id, share(wire.Window)); err != nil {
						t.Fatal(err)
					}
				}
				err := tt.do(t.Context(), h.room(), by)
				may := slices.Contains(tt.may, by)
				if may != (err == nil) || err != nil && !errors.Is(err, ErrForbidden) {
					t.Fatalf("%v, want it allowed: %v", err, may)
				}
				for _, call := range tt.want {
					if h.media.has(call) != may {
						t.Errorf("%s: %v", call, !may)
					}
				}
				for _, call := range []string{"live owner microphone false", "live host microphone false"} {
					if h.media.has(call) {
						t.Error(call)
					}
				}
				if !may && !slices.Contains(h.ledger.kinds(), "refused "+by) {
					t.Error("the refusal is not on record")
				}
			})
		}
	}
}

// Nobody's microphone is opened from afar: they are asked, and do it themselves.
func TestAskingToUnmuteOpensNothing(t *testing.T) {
	h := panel(t)
	_, box := h.join(t, "cy", policy.Attendee)
	if err := h.room().AskToUnmute(t.Context(), "host", "cy"); err != nil {
		t.Fatal(err)
	}
	if e, ok := last[wire.UnmuteAsked](box); !ok || e.By != "host" {
		t.Errorf("cy was told %+v, %v", e, ok)
	}
	if h.media.has("live cy microphone true") {
		t.Error("the microphone was opened")
	}
	h.change(t, "owner", rights())
	if err := h.room().AskToUnmute(t.Context(), "host", "cy"); !errors.Is(err, ErrForbidden) {
		t.Errorf("asked to do what they may not: %v", err)
	}
}
