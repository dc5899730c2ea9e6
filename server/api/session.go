package api

import (
	"context"
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/conclave-meet/conclave/server/site"
	"github.com/conclave-meet/conclave/signaling/room"
	"github.com/conclave-meet/conclave/storage"
)

func (a *API) sessionRoutes() []route {
	return []route{
		post("/v1/meetings/:id/start", a.startMeeting, "start the meeting", nil, meetingAnswer{}, http.StatusOK),
		post("/v1/meetings/:id/end", a.endMeeting, "end the session for everyone", nil, nil, http.StatusNoContent),
	}
}

// startMeeting answers once the start is on record. The meeting is read again
// after that: it may have been deleted while it started.
func (a *API) startMeeting(c echo.Context) error {
	u, m, err := a.hostedMeeting(c)
	if err != nil {
		return err
	}
	if err := stillWithinPolicy(at(c), m); err != nil {
		return err
	}
	ctx := c.Request().Context()
	if err := a.rooms.Start(ctx, RoomMeeting(m, at(c))); err != nil {
		return err
	}
	started, err := a.db.HostedMeeting(ctx, u.ID, m.ID)
	if errors.Is(err, storage.ErrNotFound) {
		if err := a.endDeleted(ctx, m); err != nil {
			return err
		}
	}
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, a.showMeetingTo(c, u, started))
}

// RoomMeeting is what the room of m, a meeting of s, is told of it.
func RoomMeeting(m storage.Meeting, s *site.Site) room.Meeting {
	return room.Meeting{
		ID: m.ID, SiteID: m.SiteID, SiteURL: s.URL.String(), Number: m.Number, Title: m.Title,
		ServiceType: m.ServiceType, HostID: m.OwnerID, HostEmail: m.HostEmail, HostName: m.HostName, Lobby: m.Lobby,
		Rights: rightsOf(m),
		Policy: s.Rules, PolicyVersion: s.PolicyVersion,
	}
}

// endDeleted ends what runs of m if that is deleted, and not if only its host is
// another by now.
func (a *API) endDeleted(ctx context.Context, m storage.Meeting) error {
	_, err := a.db.MeetingByID(ctx, m.SiteID, m.ID)
	if errors.Is(err, storage.ErrNotFound) {
		return a.endOrphan(ctx, m)
	}
	return err
}

// endOrphan ends what runs of a meeting that has been deleted. A start and a
// delete that cross each other both call it, so whichever comes last sees what
// the other did.
func (a *API) endOrphan(ctx context.Context, m storage.Meeting) error {
	if err := a.rooms.End(ctx, m.ID); !errors.Is(err, room.ErrNotFound) && !errors.Is(err, room.ErrEnded) {
		return err
	}
	return nil
}

func (a *API) endMeeting(c echo.Context) error {
	_, m, err := a.hostedMeeting(c)
	if err != nil {
		return err
	}
	if err := a.rooms.End(c.Request().Context(), m.ID); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
