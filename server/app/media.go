package app

import (
	"context"
	"errors"
	"fmt"

	"github.com/conclave-meet/conclave/sfu"
	"github.com/conclave-meet/conclave/signaling/room"
	"github.com/conclave-meet/conclave/signaling/wire"
)

// media makes a group of the SFU what a room asks for. The SFU knows no room and
// the room no SFU; this is all that joins them.
type media struct{ group *sfu.Group }

func (a *App) newMedia(r *room.Room) room.Media {
	return media{a.sfu.NewGroup(sfu.Events{Connected: r.Connected, Disconnected: r.Disconnected, Speaking: r.Speaking})}
}

// Negotiate implements room.Media.
func (m media) Negotiate(ctx context.Context, participant, offer string) (string, error) {
	answer, err := m.group.Negotiate(ctx, participant, offer)
	switch {
	case errors.Is(err, sfu.ErrBadOffer):
		return "", fmt.Errorf("%w: %w", room.ErrBadOffer, err)
	case errors.Is(err, sfu.ErrClosed):
		return "", room.ErrEnded
	}
	return answer, err
}

// SetLive implements room.Media.
func (m media) SetLive(participant string, source wire.Source, live bool) {
	m.group.SetLive(participant, sourceOf(source), live)
}

// Watch implements room.Media.
func (m media) Watch(participant string, slots []wire.SlotWish) {
	wishes := make([]sfu.Wish, 0, len(slots))
	for _, s := range slots {
		wishes = append(wishes, sfu.Wish{Mid: s.Mid, Peer: s.Participant, Source: sourceOf(s.Source), Height: s.Height})
	}
	m.group.Watch(participant, wishes)
}

// Refresh implements room.Media.
func (m media) Refresh(participant, mid string) { m.group.Refresh(participant, mid) }

// Remove implements room.Media.
func (m media) Remove(participant string) { m.group.Remove(participant) }

// Close implements room.Media.
func (m media) Close() { m.group.Close() }

func sourceOf(s wire.Source) sfu.Source {
	switch s {
	case wire.Microphone:
		return sfu.Microphone
	case wire.Camera:
		return sfu.Camera
	case wire.Screen:
		return sfu.Screen
	default:
		return sfu.ScreenAudio
	}
}
