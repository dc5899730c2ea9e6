package room

import (
	"slices"

	"github.com/conclave-meet/conclave/signaling/policy"
)

// Audience is whom a message is for: everybody, unless it says whom.
type Audience struct {
	Role        policy.Role // all in this role
	Participant string      // one
}

// voices says of everybody who is in whom they may write to. It is made anew
// whenever that may have changed, and never changed itself: the goroutines of the
// media read it.
type voices map[string]voice

type voice struct {
	role policy.Role
	may  []policy.Action // of what there is in policy.ChatTable
}

// revoice makes the voices anew.
func (r *Room) revoice() {
	all := make(voices, len(r.people))
	for id, p := range r.people {
		if p.state == inside {
			all[id] = r.voiceOf(p)
		}
	}
	r.voices.Store(&all)
}

func (r *Room) voiceOf(p *person) voice {
	v := voice{role: p.Role}
	for _, action := range policy.ChatTable {
		if !slices.Contains(v.may, action) && r.allows(p, action) {
			v.may = append(v.may, action)
		}
	}
	return v
}

// needed returns the action that it takes to write to an audience, or false when
// that is one who is not in.
func (v voices) needed(to Audience) (policy.Action, bool) {
	switch {
	case to.Role != "":
		return policy.ChatTable[to.Role], true
	case to.Participant == "":
		return policy.ChatEveryone, true
	}
	reader, there := v[to.Participant]
	return policy.ChatTable[reader.role], there
}

// MayChat reports whether a message from a participant may go to an audience. It
// is asked for each of them, from the media's goroutines, and waits for nothing
// while the answer is yes.
func (r *Room) MayChat(id string, to Audience) bool {
	all := *r.voices.Load()
	from, in := all[id]
	action, there := all.needed(to)
	switch {
	case !in || !there:
		return false
	case slices.Contains(from.may, action):
		return true
	}
	r.tell(func() { r.refuseChat(id, action) })
	return false
}

// refuseChat puts on record that somebody wrote to whom they may not write to.
func (r *Room) refuseChat(id string, action policy.Action) {
	p := r.people[id]
	switch {
	case p == nil:
	case r.allows(p, policy.SendChat):
		r.refuse(p, action)
	default: // nobody writes to anybody
		r.refuse(p, policy.SendChat)
	}
}
