package room

import "github.com/conclave-meet/conclave/signaling/wire"

// Wanted tells a participant which encodings of a source of theirs somebody takes.
func (r *Room) Wanted(participant string, source wire.Source, encodings []string) {
	r.toldOf(participant, wire.EncodingsWanted{Source: source, Encodings: encodings})
}

// NoRoom tells a participant in which of their slots a picture stands still, as their
// line has no room for it.
func (r *Room) NoRoom(participant string, slots []string) {
	r.toldOf(participant, wire.NoRoom{Slots: append([]string{}, slots...)})
}

// toldOf tells a participant something of their own media, if they are in.
func (r *Room) toldOf(participant string, e wire.Event) {
	r.tell(func() {
		if p, err := r.present(participant); err == nil {
			p.outbox.Send(e)
		}
	})
}
