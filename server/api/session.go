package api

import (
	"context"
	"errors"
	"net/http"

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
	err = a.rooms.Start(ctx, room.Meeting{
		ID: m.ID, SiteID: m.SiteID, SiteURL: a.siteURL.String(), Number: m.Number, Title: m.Title,
		ServiceType: m.ServiceType, HostID: m.OwnerID, HostEmail: m.HostEmail, HostName: m.HostName,
	})
	if err != nil {
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
