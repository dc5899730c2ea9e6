package room

import (
	"context"
	"time"

	"github.com/conclave-meet/conclave/signaling/edr"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/signaling/wire"
)

// rightTo is the right needed for a source to go live.
func rightTo(source wire.Source) policy.Action {
	switch source {
	case wire.Microphone:
		return policy.PublishMicrophone
	case wire.Camera:
		return policy.PublishCamera
	default:
		return policy.ShareScreen
	}
}

// Publish makes a source of actor live, or stops it.
func (r *Room) Publish(ctx context.Context, actor string, c wire.Publish) error {
	return r.do(ctx, func() error {
		if !c.Live {
			p, err := r.present(actor)
			if err != nil {
				return err
			}
			r.stop(p, c.Source, "")
			return nil
		}
		p, err := r.may(actor, rightTo(c.Source))
		if err != nil {
			return err
		}
		return r.goLive(p, c.Source, c.Surface)
	})
}

// goLive lets a source of p through and tells everybody.
func (r *Room) goLive(p *person, source wire.Source, surface wire.Surface) error {
	switch {
	case source == wire.ScreenAudio && !p.sends(wire.Screen):
		return ErrForbidden // sound of a screen that is not shared
	case source == wire.Screen && !p.sends(wire.Screen) && r.screens() >= maxScreens:
		return ErrFull
	}
	p.setLive(source, surface, true)
	r.media.SetLive(p.ID, source, true)
	if source == wire.Screen {
		r.record(p.ID, time.Now(), edr.ShareStarted{Surface: string(surface)})
	}
	r.broadcast(wire.SourceChanged{Participant: p.ID, Source: source, Live: true, Surface: surface})
	return nil
}

// stop shuts a source of p and tells everybody. A screen's sound stops with it.
func (r *Room) stop(p *person, source wire.Source, by string) {
	if !p.sends(source) {
		return
	}
	p.setLive(source, "", false)
	r.media.SetLive(p.ID, source, false)
	if source == wire.Screen {
		r.record(p.ID, time.Now(), edr.ShareStopped{})
	}
	r.broadcast(wire.SourceChanged{Participant: p.ID, Source: source, By: by})
	if source == wire.Screen {
		r.stop(p, wire.ScreenAudio, by)
	}
}

// screens counts the screens shared now.
func (r *Room) screens() (n int) {
	for _, p := range r.people {
		if p.state == inside && p.sends(wire.Screen) {
			n++
		}
	}
	return n
}

// Mute silences target's microphone on behalf of actor. Anyone may mute
// themselves.
func (r *Room) Mute(ctx context.Context, actor, target string) error {
	return r.do(ctx, func() error {
		by, err := r.present(actor)
		if actor != target && err == nil {
			by, err = r.may(actor, policy.MuteOthers)
		}
		if err != nil {
			return err
		}
		p, err := r.present(target)
		if err != nil {
			return err
		}
		if by != p && p.sends(wire.Microphone) {
			r.record(p.ID, time.Now(), edr.Muted{By: by.ID})
		}
		r.stop(p, wire.Microphone, by.ID)
		return nil
	})
}

// Watch replaces what actor wants to see.
func (r *Room) Watch(ctx context.Context, actor string, slots []wire.SlotWish) error {
	return r.do(ctx, func() error {
		if _, err := r.present(actor); err != nil {
			return err
		}
		r.media.Watch(actor, slots)
		return nil
	})
}

// Refresh asks for a key frame in a slot of actor.
func (r *Room) Refresh(ctx context.Context, actor, mid string) error {
	return r.do(ctx, func() error {
		if _, err := r.present(actor); err != nil {
			return err
		}
		r.media.Refresh(actor, mid)
		return nil
	})
}

// RestartICE answers a new offer of the same media lines.
func (r *Room) RestartICE(ctx context.Context, actor, offer string) (answer string, err error) {
	if err := r.do(ctx, func() error {
		_, err := r.present(actor)
		return err
	}); err != nil {
		return "", err
	}
	return r.media.Negotiate(ctx, actor, offer)
}

// Connected notes that the media of a participant flows.
func (r *Room) Connected(id, transport string) {
	r.tell(func() {
		if p := r.people[id]; p != nil {
			p.transport = transport
			p.mediaConnected(true, time.Now())
		}
	})
}

// Disconnected notes that the media of a participant has stopped.
func (r *Room) Disconnected(id string) {
	r.tell(func() {
		if p := r.people[id]; p != nil {
			p.mediaConnected(false, time.Now())
		}
	})
}

// Speaking tells everybody who is speaking.
func (r *Room) Speaking(ids []string) {
	r.tell(func() {
		r.speakers = ids
		r.broadcast(wire.Speakers{Participants: ids})
	})
}

// tell runs fn on the room's goroutine, or not at all when the room is over.
func (r *Room) tell(fn func()) {
	_ = r.do(context.Background(), func() error { // only ErrEnded is possible
		fn()
		return nil
	})
}
