package api

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
)

// listedAnswer is a public meeting as the site's home page shows it: nothing of
// it opens it.
type listedAnswer struct {
	MeetingNumber   string    `json:"meetingNumber"`
	Title           string    `json:"title"`
	Start           time.Time `json:"start"`
	DurationMinutes int       `json:"durationMinutes"`
	Timezone        string    `json:"timezone"`
	State           string    `json:"state"`
	HostDisplayName string    `json:"hostDisplayName"`
}

// listPublic shows what is public and not over, where the site lists meetings
// and who asks may see its pages. Of all other meetings it says nothing.
func (a *API) listPublic(c echo.Context) error {
	if at(c).Rules.RequireLoginBeforeAccess {
		if _, err := a.user(c); err != nil {
			return err
		}
	}
	items := []listedAnswer{}
	if at(c).Rules.UnlistAllMeetings {
		return answer(c, http.StatusOK, list[listedAnswer]{items})
	}
	now := time.Now()
	meetings, err := a.db.ListedMeetings(c.Request().Context(), at(c).ID, now.Add(-24*time.Hour))
	if err != nil {
		return err
	}
	for _, m := range meetings {
		state := a.state(m)
		if state == ended || over(m, now) && state != inProgress {
			continue
		}
		items = append(items, listedAnswer{
			MeetingNumber: m.Number, Title: m.Title, Start: nextStart(m, now), DurationMinutes: m.DurationMinutes,
			Timezone: m.Timezone, State: state, HostDisplayName: m.HostName,
		})
	}
	return answer(c, http.StatusOK, list[listedAnswer]{items})
}
