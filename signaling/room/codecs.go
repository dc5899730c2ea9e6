package room

import "github.com/conclave-meet/conclave/signaling/wire"

// Codecs tells everybody which video codecs everybody decodes.
func (r *Room) Codecs(mimes []string) {
	r.tell(func() {
		r.codecs = mimes
		r.broadcast(wire.Codecs{Video: mimes})
	})
}

// tellCodecs tells p, who comes in, unless it is all.
func (r *Room) tellCodecs(p *person) {
	if r.codecs != nil {
		p.outbox.Send(wire.Codecs{Video: r.codecs})
	}
}
