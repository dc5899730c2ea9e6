package app

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/conclave-meet/conclave/sfu"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/signaling/room"
	"github.com/conclave-meet/conclave/signaling/wire"
)

// media makes a group of the SFU what a room asks for. The SFU knows no room and
// the room no SFU; this is all that joins them.
type media struct{ group *sfu.Group }

func (a *App) newMedia(r *room.Room) room.Media {
	return media{a.sfu.NewGroup(sfu.Events{
		Connected: r.Connected, Disconnected: r.Disconnected, Speaking: r.Speaking, Codecs: r.Codecs,
		Wanted:  func(peer string, source sfu.Source, rids []string) { r.Wanted(peer, wireSources[source], rids) },
		NoRoom:  r.NoRoom,
		MayChat: func(peer string, to sfu.Audience) bool { return r.MayChat(peer, audienceOf(to)) },
	})}
}

// Negotiate implements room.Media.
func (m media) Negotiate(ctx context.Context, seat room.Seat, offer string) (string, error) {
	answer, err := m.group.Negotiate(ctx, seatOf(seat), offer)
	switch {
	case errors.Is(err, sfu.ErrBadOffer):
		return "", fmt.Errorf("%w: %w", room.ErrBadOffer, err)
	case errors.Is(err, sfu.ErrClosed):
		return "", room.ErrEnded
	}
	return answer, err
}

// Reseat implements room.Media.
func (m media) Reseat(seat room.Seat) { m.group.Reseat(seatOf(seat)) }

func seatOf(s room.Seat) sfu.Seat {
	return sfu.Seat{ID: s.Participant, Leaf: s.Leaf, Host: s.Host, Presenter: s.Presenter}
}

func audienceOf(to sfu.Audience) room.Audience {
	switch {
	case to.Hosts:
		return room.Audience{Role: policy.Host}
	case to.Presenters:
		return room.Audience{Role: policy.Presenter}
	default:
		return room.Audience{Participant: to.Peer}
	}
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

// wireSources are the sources by their number in the SFU.
var wireSources = [...]wire.Source{
	sfu.Microphone: wire.Microphone, sfu.Camera: wire.Camera, sfu.Screen: wire.Screen, sfu.ScreenAudio: wire.ScreenAudio,
}

func sourceOf(s wire.Source) sfu.Source { return sfu.Source(slices.Index(wireSources[:], s)) }
