package sfu

import (
	"github.com/conclave-meet/conclave/sfu/internal/descriptor"
	"github.com/conclave-meet/conclave/sfu/internal/pacer"
)

// mark is a place in the stream of a slot: the last number and the last picture.
type mark struct {
	seq      uint16
	pictures descriptor.Pictures
}

// cut ends what the slot shows. What of it waits in the viewer's queue is dropped, and
// what has been sent is not sent again. The numbers of what nobody was sent are given
// anew, for the viewer would take it for lost. The caller holds mu.
func (s *slot) cut() {
	s.current, s.feed.from = nil, nil
	s.thin.back = [descriptor.Temporals]back{} // nothing of it is sent again
	if s.numbers == nil {
		return // not bound yet
	}
	waited := make(map[uint16]bool)
	s.peer.queue.Drop(s, func(class pacer.Class, seq uint16, octets int) {
		if class == pacer.Audio || class == pacer.Video {
			waited[seq] = true
			s.sent--
			s.octets -= uint32(octets) //nolint:gosec // a packet is short
		}
	})
	last := s.numbers.Newest()
	for waited[last] {
		last--
	}
	s.takeBack(last)
	s.uncut = mark{seq: last, pictures: s.pictures}
}

// takeBack makes last the last number that was given. Pictures go on behind the one that
// it is of; should that not be known any more some are left out, which harms no decoder.
// The caller holds mu.
func (s *slot) takeBack(last uint16) {
	switch f, in, _, ok := s.numbers.In(last); {
	case last == s.numbers.Newest():
	case last == s.uncut.seq:
		s.pictures = s.uncut.pictures // nothing has left since
	case ok && f.from.history != nil:
		if kept, ok := f.from.history.Get(in, nil); ok {
			s.pictures.Sent(f.codec, s.rewrite(kept.Payload, f))
		}
	}
	s.numbers.Cut(int(s.numbers.Newest() - last))
}

// shown returns whose packets the slot sends, or may still have in its queue, or nil.
func (s *slot) shown() *publication {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.feed.from == nil {
		return nil
	}
	return s.feed.from.pub
}
