package api

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"github.com/conclave-meet/conclave/signaling/room"
	"github.com/conclave-meet/conclave/storage"
)

// startMeeting answers once the start is on record. The meeting is read again
// after that: it may have been deleted while it started.
func (a *API) startMeeting(c echo.Context) error {
	u, m, err := a.ownMeeting(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	if err := a.rooms.Start(ctx, RoomMeeting(m, a.siteURL)); err != nil {
		return err
	}
	started, err := a.db.OwnMeeting(ctx, u.ID, m.ID)
	if errors.Is(err, storage.ErrNotFound) {
		if err := a.endOrphan(ctx, m); err != nil {
			return err
		}
	}
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, a.showMeetingTo(started))
}

// RoomMeeting is what the room of m is told of it. Site is the address the site
// is served under.
func RoomMeeting(m storage.Meeting, site *url.URL) room.Meeting {
	return room.Meeting{
		ID: m.ID, SiteID: m.SiteID, SiteURL: site.String(), Number: m.Number, Title: m.Title,
		ServiceType: m.ServiceType, HostID: m.OwnerID, HostEmail: m.HostEmail, HostName: m.HostName,
	}
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
	_, m, err := a.ownMeeting(c)
	if err != nil {
		return err
	}
	if err := a.rooms.End(c.Request().Context(), m.ID); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
