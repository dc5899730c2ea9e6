package sfu

import (
	"slices"

	"github.com/pion/webrtc/v4"

	"github.com/conclave-meet/conclave/sfu/internal/descriptor"
)

// videoCodecs are all that pictures come in, by their MIME types.
var videoCodecs = []string{webrtc.MimeTypeAV1, webrtc.MimeTypeVP9, webrtc.MimeTypeVP8}

// decodable returns the video codecs that everybody decodes who has a place for
// pictures. The caller holds the group's mu.
func (g *Group) decodable() []string {
	return slices.DeleteFunc(slices.Clone(videoCodecs), func(mime string) bool {
		codec := descriptor.ParseCodec(mime, "")
		for _, p := range g.peers {
			if !p.decodes(codec) {
				return true
			}
		}
		return false
	})
}

func (p *peer) decodes(codec descriptor.Codec) bool {
	video := slices.IndexFunc(p.slots, func(s *slot) bool { return !s.audio })
	if video < 0 {
		return true
	}
	_, ok := p.slots[video].types[codec]
	return ok
}

// announceCodecs tells of a change of what everybody decodes, without holding a
// lock. At first that is everything.
func (g *Group) announceCodecs() {
	g.mu.Lock()
	now := g.decodable()
	changed := !slices.Equal(now, g.codecs)
	g.codecs = now
	g.mu.Unlock()
	if changed {
		g.events.Codecs(now)
	}
}
