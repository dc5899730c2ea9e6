package sfu

import (
	"slices"
	"sync/atomic"

	"github.com/conclave-meet/conclave/sfu/internal/layer"
	"github.com/conclave-meet/conclave/sfu/internal/level"
	"github.com/conclave-meet/conclave/sfu/internal/pacer"
)

// publication is what a peer sends from one source. It exists from the peer's
// negotiation on; whether anything of it is forwarded is told by live.
type publication struct {
	peer   *peer
	source Source
	live   atomic.Bool // set by signalling, never by packets: Firefox goes on sending black
	meter  level.Meter // of a microphone

	// Guarded by the group's mu.
	encodings [layer.Count]*encoding // as they begin to arrive
	demand    demand
}

func (p *publication) audio() bool { return sourceKinds[p.source] == "audio" }

// class says in what order p's packets leave.
func (p *publication) class() pacer.Class {
	if p.audio() {
		return pacer.Audio
	}
	return pacer.Video
}

// choose returns the encoding for a picture height pixels high, none of a higher step than
// most, or nil when nothing arrives or nothing is so small. The caller holds the
// group's mu.
func (p *publication) choose(height, most int) *encoding {
	var available [layer.Count]bool
	for i := range p.encodings {
		available[i] = p.available(i) && layer.Thin(i) <= most
	}
	i := layer.Choose(available, height)
	if i < 0 {
		return nil
	}
	return p.encodings[i]
}

// add puts e in its place. The caller holds the group's mu.
func (p *publication) add(e *encoding) { p.encodings[e.index] = e }

// remove takes e out again if it is still there. The caller holds the group's mu.
func (p *publication) remove(e *encoding) {
	if i := slices.Index(p.encodings[:], e); i >= 0 {
		p.encodings[i] = nil
	}
}
