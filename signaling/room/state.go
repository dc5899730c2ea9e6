package room

import (
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/conclave-meet/conclave/signaling/wire"
)

// endedLost is why a session ended that nobody came back to after the server died.
// Nobody is there to hear it.
const endedLost wire.EndReason = "lost"

// kept is what a room needs to go on after the server has stopped: who may come
// back, and what keeps others out. Times are milliseconds of the session. The
// group's keys are the members', and content there is none.
type kept struct {
	Rules     wire.Rules `json:"rules"`
	Expelled  []string   `json:"expelled,omitzero"` // marks
	Lowered   []string   `json:"lowered,omitzero"`  // hostMarks
	Stays     []keptStay `json:"stays,omitzero"`
	Emptied   int64      `json:"emptied,omitzero"`   // since when nobody is in; 0 while somebody is
	Suspended bool       `json:"suspended,omitzero"` // the server was stopped in order
}

// keptStay is one that is open on record.
type keptStay struct {
	Stay        string `json:"stay"`
	Participant string `json:"participant"`
	Proof       Secret `json:"proof"`
	Voice       int64  `json:"voice,omitzero"`
	Connected   int64  `json:"connected,omitzero"` // since when media is; 0 while it is not
	Transport   string `json:"transport,omitzero"`
	Hand        int64  `json:"hand,omitzero"`   // as person.hand, when this was kept
	Lost        int64  `json:"lost,omitzero"`   // when the connection was; 0 while it stands
	Unseen      bool   `json:"unseen,omitzero"` // the server did not see it lost
}

// Session is one that was open when the server stopped, as it is on record.
type Session struct {
	ID        string
	Started   time.Time
	LastKnown time.Time // the latest sign of it
	Seq       uint64    // of its last record
	Stays     []Stay    // that have no end
	State     []byte    // what its room kept last
}

// Stay is one that had no end when the server stopped.
type Stay struct {
	ID     string
	Joined time.Time
}

// Resume lets a session of m go on that was open when the server stopped. Whoever
// was in may come back within grace; a session that nobody comes back to ends when
// it was last known to run. It is called before anybody joins.
func (g *Registry) Resume(m Meeting, s Session, grace time.Duration) error {
	var k kept
	if err := json.Unmarshal(s.State, &k); err != nil {
		return fmt.Errorf("read the state of session %s: %w", s.ID, err)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.rooms[m.ID] != nil || g.closed {
		return fmt.Errorf("session %s: %w", s.ID, ErrUnavailable)
	}
	r := newRoom(m, g.recorder, g.RestartGrace)
	r.revive(s, k, time.Now(), grace)
	g.serve(r)
	return nil
}

// revive makes r the room of a session that goes on at now.
func (r *Room) revive(s Session, k kept, now time.Time, grace time.Duration) {
	// What Add returns has a monotonic clock, like everything a room counts by.
	r.started = now.Add(-max(0, now.Sub(s.Started)))
	at := func(wall time.Time) time.Time { return r.started.Add(min(wall.Sub(s.Started), now.Sub(r.started))) }
	r.session, r.seq, r.open = s.ID, s.Seq, true
	done := make(chan struct{})
	close(done)
	r.recorded = done
	r.rules = k.Rules
	for _, mark := range k.Expelled {
		r.expelled[mark] = true
	}
	for _, mark := range k.Lowered {
		r.lowered[mark] = true
	}
	stays := make(map[string]keptStay, len(k.Stays))
	for _, stay := range k.Stays {
		stays[stay.Stay] = stay
	}
	last := at(s.LastKnown)
	for _, stay := range s.Stays {
		lost := stays[stay.ID].lost(stay.ID, last, r.started)
		lost.joined, lost.until, lost.handUntil = at(stay.Joined), now.Add(grace), now.Add(grace)
		r.lost[lost.participant] = lost
	}
	r.emptied, r.vacant, r.vacantReason = last, now.Add(grace), endedLost
	if k.Emptied > 0 {
		r.emptied = r.started.Add(millis(k.Emptied))
	}
	if k.Suspended {
		r.vacantReason = wire.EndedByShutdown
	}
	r.changed = true
}

// lost is the stay as one whose person is waited for. A server that died did not
// see the connection end: it was last, then. Who has nothing kept cannot prove that
// they are back, and is waited for in vain.
func (k keptStay) lost(id string, last, started time.Time) *lostStay {
	l := &lostStay{
		participant: k.Participant, stay: id, proof: k.Proof, voice: millis(k.Voice), transport: k.Transport,
		hand: k.Hand, at: last, reason: leftLost,
	}
	if l.participant == "" {
		l.participant = id
	}
	if k.Connected > 0 {
		l.voice += max(0, last.Sub(started.Add(millis(k.Connected))))
	}
	if k.Lost > 0 {
		l.at = started.Add(millis(k.Lost))
		if !k.Unseen {
			l.reason = wire.LeftConnection
		}
	}
	return l
}

// keep sends on its way to the disk what the room needs to go on after a restart,
// if that has changed.
func (r *Room) keep() {
	if !r.changed || r.restartGrace == 0 || r.session == "" || r.ending != nil {
		return
	}
	r.changed = false
	data, err := json.Marshal(r.toKeep())
	if err != nil {
		slog.Error("state of a room not encoded", "session", r.session, "err", err)
		return
	}
	r.recorder.Keep(r.session, data)
}

// toKeep is the room as it stands.
func (r *Room) toKeep() kept {
	k := kept{Rules: r.rules, Expelled: slices.Sorted(maps.Keys(r.expelled)), Lowered: slices.Sorted(maps.Keys(r.lowered))}
	vacant := !r.anybody()
	k.Suspended = r.suspended || vacant && r.vacantReason == wire.EndedByShutdown
	if vacant || r.suspended {
		k.Emptied = r.since(r.emptied)
	}
	for _, id := range r.order {
		if p := r.people[id]; !p.joined.IsZero() {
			k.Stays = append(k.Stays, keptStay{
				Stay: p.stay, Participant: id, Proof: p.proof,
				Voice: p.voice.Milliseconds(), Connected: r.since(p.connected), Transport: p.transport, Hand: p.hand,
			})
		}
		if lost := r.people[id].returns; lost != nil {
			k.Stays = append(k.Stays, r.keptLost(lost))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(r.lost)) {
		k.Stays = append(k.Stays, r.keptLost(r.lost[id]))
	}
	return k
}

func (r *Room) keptLost(lost *lostStay) keptStay {
	return keptStay{
		Stay: lost.stay, Participant: lost.participant, Proof: lost.proof,
		Voice: lost.voice.Milliseconds(), Transport: lost.transport, Hand: lost.hand, Lost: r.since(lost.at), Unseen: lost.reason == leftLost,
	}
}

// since is how far into the session at is; 0 for no time.
func (r *Room) since(at time.Time) int64 {
	if at.IsZero() {
		return 0
	}
	return max(1, at.Sub(r.started).Milliseconds())
}

func millis(n int64) time.Duration { return time.Duration(n) * time.Millisecond }

// suspend leaves the session to the next start of the server, if it may go on
// then. Everybody's connection ends now, also of those who wait for the meeting to
// start, and they are told to come back.
func (r *Room) suspend() bool {
	if r.restartGrace == 0 || r.ending != nil {
		return false
	}
	r.suspended = true
	if r.session == "" {
		return true
	}
	now := time.Now()
	for _, id := range r.order {
		p := r.people[id]
		if !p.joined.IsZero() {
			r.recordPause(p, now)
			r.hold(p, now)
		}
		r.giveBack(p, now)
	}
	if r.anybody() {
		r.emptied = now
	}
	r.changed = true
	r.keep()
	return true
}

// Suspended reports whether the room is done because the server stops, and its
// session goes on when that has started again.
func (r *Room) Suspended() bool { return r.gone() && r.suspended }
