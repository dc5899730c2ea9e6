package room

import (
	"context"
	"time"

	"github.com/conclave-meet/conclave/signaling/edr"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/signaling/wire"
)

// rightTo is the right needed for a source to go live. That to the sound of a
// screen is the right to the screen, of what is on record as its surface.
func rightTo(source wire.Source, surface wire.Surface) policy.Action {
	switch {
	case source == wire.Microphone:
		return policy.PublishMicrophone
	case source == wire.Camera:
		return policy.PublishCamera
	case surface == wire.Monitor:
		return policy.ShareDesktop
	default:
		return policy.ShareApplication
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
			r.stop(p, c.Source, wire.SourceChanged{})
			return nil
		}
		p, err := r.present(actor)
		if err != nil {
			return err
		}
		surface := c.Surface
		if c.Source == wire.ScreenAudio {
			surface = p.surface()
		}
		if _, err := r.may(actor, rightTo(c.Source, surface)); err != nil {
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
	case source == wire.Screen && !p.shares.AllowN(time.Now(), 1):
		return ErrTooOften
	}
	paused := source == wire.Screen && p.paused() // something else is shared, as still as what was before
	p.setLive(source, surface, true)
	r.media.SetLive(p.ID, source, true)
	if source == wire.Screen {
		p.share().Paused = paused
		r.record(p.ID, time.Now(), edr.ShareStarted{Surface: string(surface)})
	}
	r.broadcast(wire.SourceChanged{Participant: p.ID, Source: source, Live: true, Surface: surface, Paused: paused})
	return nil
}

// stop shuts a source of p and tells everybody, also why, where that says so. A
// screen's sound stops with it.
func (r *Room) stop(p *person, source wire.Source, why wire.SourceChanged) {
	if !p.sends(source) {
		return
	}
	if source == wire.Screen {
		r.recordPause(p, time.Now())
		p.pauses.recorded = false
	}
	p.setLive(source, "", false)
	r.media.SetLive(p.ID, source, false)
	if source == wire.Screen {
		r.record(p.ID, time.Now(), edr.ShareStopped{By: r.stayOf(why.By)})
	}
	why.Participant, why.Source = p.ID, source
	r.broadcast(why)
	if source == wire.Screen {
		r.stop(p, wire.ScreenAudio, why)
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
		r.mute(by, p)
		return nil
	})
}

// mute silences p on behalf of by.
func (r *Room) mute(by, p *person) {
	if by != p && p.sends(wire.Microphone) {
		r.record(p.ID, time.Now(), edr.Muted{By: by.stay})
	}
	r.stop(p, wire.Microphone, wire.SourceChanged{By: by.ID})
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
	var seat Seat
	if err := r.do(ctx, func() error {
		p, err := r.present(actor)
		if err == nil {
			seat = p.seat()
		}
		return err
	}); err != nil {
		return "", err
	}
	answer, err = r.media.Negotiate(ctx, seat, offer)
	if err != nil {
		return "", err
	}
	return answer, r.do(ctx, func() error {
		_, err := r.present(actor)
		if err != nil {
			r.media.Remove(actor) // whoever was taken out meanwhile
		}
		return err
	})
}

// Connected notes that the media of a participant flows.
func (r *Room) Connected(id, transport string) {
	r.tell(func() {
		if p := r.people[id]; p != nil {
			p.transport = transport
			r.changed = true
			p.mediaConnected(true, time.Now())
		}
	})
}

// Disconnected notes that the media of a participant has stopped.
func (r *Room) Disconnected(id string) {
	r.tell(func() {
		if p := r.people[id]; p != nil {
			p.mediaConnected(false, time.Now())
			r.changed = true
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
