package sfu

import (
	"time"

	"github.com/conclave-meet/conclave/sfu/internal/descriptor"
	"github.com/conclave-meet/conclave/sfu/internal/pacer"
)

// A slot that shows nothing begins with the packets that have come since the last key
// frame, when they are few and new: the viewer sees the picture at once, and nobody is
// sent another key frame for it. Who turns a page while others do shares theirs.
const (
	replayAge = 2 * time.Second // since the key frame
	replayMax = 128 << 10       // bytes

	// What is replayed to a viewer in all its slots, in any half a second: what the line
	// takes in that time, and no more than replayAll bytes: of long packets, less than half of what
	// the viewer's queue has room for.
	replayFor = time.Second / 2
	replayAll = 512 << 10
)

// replay sends what has come since e's last key frame, and returns false when a key
// frame must be asked for instead. That is so when frames in it may be older than the
// viewer's place in the group, for which it has no keys; and when the slot has shown
// something else meanwhile, for its time must not run backwards. The packets are those
// that the viewer would have got, but for their numbers. The caller holds the group's mu.
func (s *slot) replay(e *encoding, now time.Time) bool {
	if e.history == nil || !s.peer.connected.Load() {
		return false
	}
	all := replayAll
	if rate, known := s.peer.downlink.target(); known {
		all = min(all, int(float64(rate)/8*replayFor.Seconds()))
	}
	most := min(replayMax, s.peer.replays.left(all, replayFor, now))
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pending != e || s.current != nil || s.barred {
		return false
	}
	since := s.peer.joined
	if _, shown := s.numbers.Last(); shown.After(since) {
		since = shown
	}
	if oldest := now.Add(-replayAge); oldest.After(since) {
		since = oldest
	}
	kept := e.history.Picture(since, most)
	for i, k := range kept {
		s.peer.replays.use(len(k.Payload))
		body := s.peer.group.sfu.pacer.NewBody(pacer.Video, k.Payload)
		s.pass(e, &packet{
			codec: descriptor.Codec(k.Kind), seq: k.Seq, ts: k.Timestamp, marker: k.Marker,
			keyFrame: i == 0, temporal: descriptor.TemporalOf(descriptor.Codec(k.Kind), k.Payload),
			payload: k.Payload, body: body, at: k.At,
		})
		body.Done()
	}
	if s.current != e {
		return false
	}
	s.replayed, s.from, s.to = true, kept[0].Seq, kept[len(kept)-1].Seq
	return true
}

// repeats reports whether the packet seq has just been sent by replay. Of all that
// replay has sent only one can come again: the one that its encoding's goroutine had put
// into the history, and not yet shown. To send a number twice would be to encrypt
// twice under one nonce. The caller holds mu.
func (s *slot) repeats(seq uint16) bool {
	again := s.replayed && seq-s.from <= s.to-s.from
	s.replayed = false
	return again
}
