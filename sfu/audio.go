package sfu

import (
	"slices"

	"github.com/conclave-meet/conclave/sfu/internal/level"
)

// mix fills every peer's audio slots: with the sound of screens first, then
// with whoever speaks, as far as the slots go. The caller holds mu.
func (g *Group) mix() {
	var voices []level.Voice
	var screens []*publication
	most := 0
	for id, p := range g.peers {
		if p.publications[Microphone].live.Load() {
			voices = append(voices, level.Voice{ID: id, Loudness: p.publications[Microphone].meter.Loudness()})
		}
		if p.publications[ScreenAudio].live.Load() {
			screens = append(screens, p.publications[ScreenAudio])
		}
		most = max(most, p.audioSlots())
	}
	// One more than fits, for those who are heard do not hear themselves.
	speakers, heard := g.floor.Tick(voices, most+1)
	g.speakers = speakers
	for _, p := range g.peers {
		p.hear(append(slices.Clone(screens), g.microphones(heard)...))
	}
}

func (g *Group) microphones(ids []string) (list []*publication) {
	for _, id := range ids {
		list = append(list, g.peers[id].publications[Microphone])
	}
	return list
}

func (p *peer) audioSlots() (n int) {
	for _, s := range p.slots {
		if s.audio {
			n++
		}
	}
	return n
}

// hear makes the peer's audio slots carry the first of pubs that are not its
// own. A publication that is heard already keeps its slot. The caller holds the
// group's mu.
func (p *peer) hear(pubs []*publication) {
	pubs = slices.DeleteFunc(pubs, func(pub *publication) bool { return pub.peer == p })
	pubs = pubs[:min(len(pubs), p.audioSlots())]
	var free []*slot
	for _, s := range p.slots {
		switch i := slices.Index(pubs, s.want); {
		case !s.audio:
		case s.want != nil && i >= 0:
			pubs = slices.Delete(pubs, i, i+1)
			p.group.aim(s) // its first packet may have come since
		default:
			free = append(free, s)
		}
	}
	for i, s := range free {
		s.want = nil
		if i < len(pubs) {
			s.want = pubs[i]
		}
		p.group.aim(s)
	}
}

// announceSpeakers tells of a change of speakers, without holding a lock.
func (g *Group) announceSpeakers() {
	g.mu.Lock()
	now, was := g.speakers, g.announced
	g.announced = now
	g.mu.Unlock()
	if !slices.Equal(now, was) {
		g.events.Speaking(now)
	}
}
