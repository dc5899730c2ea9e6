package app

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/conclave-meet/conclave/server/api"
	"github.com/conclave-meet/conclave/signaling/room"
	"github.com/conclave-meet/conclave/storage"
)

// resume lets the sessions go on that the server before left open, and closes
// those as lost that cannot.
func (a *App) resume(ctx context.Context) error {
	open, err := a.db.OpenSessions(ctx)
	if err != nil {
		return err
	}
	var goOn []string
	for _, s := range open {
		if a.cfg.RestartGrace == 0 || len(s.State) == 0 {
			continue
		}
		if err := a.resumeOne(ctx, s); err != nil {
			slog.WarnContext(ctx, "a session does not go on", "session", s.ID, "err", err)
			continue
		}
		goOn = append(goOn, s.ID)
	}
	lost, err := a.db.CloseLost(ctx, goOn...)
	if err != nil {
		return err
	}
	if lost > 0 {
		slog.WarnContext(ctx, "sessions were lost when the server stopped last", "sessions", lost)
	}
	return nil
}

// resumeOne makes the room of s again. When the server was away for too long, it is
// a room for nobody, which closes s as it was left.
func (a *App) resumeOne(ctx context.Context, s *storage.OpenSession) error {
	site, err := a.sites.ByID(ctx, s.SiteID)
	if err != nil {
		return fmt.Errorf("its site: %w", err)
	}
	m, err := a.db.MeetingByID(ctx, s.SiteID, s.MeetingID)
	if err != nil {
		return fmt.Errorf("its meeting: %w", err)
	}
	grace := a.cfg.RestartGrace
	if time.Since(s.LastKnown) > grace {
		grace = 0
	}
	left := room.Session{ID: s.ID, Started: s.Started, LastKnown: s.LastKnown, Seq: s.LastSeq, State: s.State}
	for _, stay := range s.Stays {
		left.Stays = append(left.Stays, room.Stay{ID: stay.ParticipantID, Joined: stay.Joined})
	}
	return a.rooms.Resume(api.RoomMeeting(m, site), left, grace)
}
