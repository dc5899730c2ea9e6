package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/conclave-meet/conclave/server/auth"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/storage"
)

// meetingAnswer is a meeting as its owner sees it.
type meetingAnswer struct {
	ID              string    `json:"id"`
	MeetingNumber   string    `json:"meetingNumber"`
	Title           string    `json:"title"`
	Start           time.Time `json:"start"`
	DurationMinutes int       `json:"durationMinutes"`
	Password        string    `json:"password"`
	PublicMeeting   bool      `json:"publicMeeting"`
	ServiceType     string    `json:"serviceType"`
	State           string    `json:"state"`
	WebLink         string    `json:"webLink"`
	HostEmail       string    `json:"hostEmail"`
	HostDisplayName string    `json:"hostDisplayName"`
	Created         time.Time `json:"created"`
}

func (a *API) showMeetingTo(m storage.Meeting) meetingAnswer {
	return meetingAnswer{
		ID: m.ID, MeetingNumber: m.Number, Title: m.Title, Start: m.Start, DurationMinutes: m.DurationMinutes,
		Password: m.Password, PublicMeeting: m.Public, ServiceType: m.ServiceType, State: a.state(m),
		WebLink:   a.siteURL.String() + "/j/" + m.Number + "#" + auth.FormatLinkSecret(m.LinkSecret),
		HostEmail: m.HostEmail, HostDisplayName: m.HostName, Created: m.Created,
	}
}

// The states of a meeting.
const (
	scheduled  = "scheduled"
	inProgress = "inProgress"
	ended      = "ended"
)

// early is how long before its time people come to a meeting.
const early = time.Hour

func (a *API) state(m storage.Meeting) string {
	switch {
	case a.rooms.Running(m.ID):
		return inProgress
	case m.Ended.IsZero() || rehearsed(m, time.Now()):
		return scheduled
	default:
		return ended
	}
}

// rehearsed reports whether what has ended of m was a rehearsal: it was over
// before people would come to the meeting, and now they do. They wait for the
// host then, as if it had not been.
func rehearsed(m storage.Meeting, now time.Time) bool {
	doors := m.Start.Add(-early)
	return m.Ended.Before(doors) && !now.Before(doors)
}

// ownMeeting returns the meeting the path names and its owner, if that is who
// is signed in.
func (a *API) ownMeeting(c echo.Context) (storage.User, storage.Meeting, error) {
	u, err := a.allowed(c, policy.ScheduleMeetings)
	if err != nil {
		return storage.User{}, storage.Meeting{}, err
	}
	m, err := a.db.OwnMeeting(c.Request().Context(), u.ID, c.Param("id"))
	return u, m, err
}

func (a *API) listMeetings(c echo.Context) error {
	u, err := a.allowed(c, policy.ScheduleMeetings)
	if err != nil {
		return err
	}
	meetings, err := a.db.MeetingsOf(c.Request().Context(), u.ID)
	if err != nil {
		return err
	}
	items := make([]meetingAnswer, len(meetings))
	for i, m := range meetings {
		items[i] = a.showMeetingTo(m)
	}
	return answer(c, http.StatusOK, list[meetingAnswer]{items})
}

// list is how the interface sends several of something.
type list[T any] struct {
	Items []T `json:"items"`
}

func (a *API) showMeeting(c echo.Context) error {
	_, m, err := a.ownMeeting(c)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, a.showMeetingTo(m))
}

// meetingRequest schedules a meeting or edits one; what is absent stays as it
// is, or is refused where nothing is there yet.
type meetingRequest struct {
	Title           *string    `json:"title"`
	Start           *time.Time `json:"start"`
	DurationMinutes *int       `json:"durationMinutes"`
	Password        *string    `json:"password"`
}

// change returns what the request asks for as it is stored, or what is wrong
// with it.
func (r meetingRequest) change() (change storage.MeetingChange, err error) {
	title := func(text string) (string, error) { return oneLine("The title", text, maxTitle) }
	if change.Title, err = checked(r.Title, title); err != nil {
		return change, err
	}
	if change.Start, err = checked(r.Start, meetingStart); err != nil {
		return change, err
	}
	if change.DurationMinutes, err = checked(r.DurationMinutes, meetingLength); err != nil {
		return change, err
	}
	change.Password, err = checked(r.Password, meetingPassword)
	return change, err
}

// checked applies check to what is there.
func checked[T any](value *T, check func(T) (T, error)) (*T, error) {
	if value == nil {
		return nil, nil //nolint:nilnil // absent is fine
	}
	fine, err := check(*value)
	return &fine, err
}

// defaultMinutes is how long a meeting is planned for when nobody says.
const defaultMinutes = 60

func (a *API) scheduleMeeting(c echo.Context) error {
	u, err := a.allowed(c, policy.ScheduleMeetings)
	if err != nil {
		return err
	}
	request, err := decode[meetingRequest](c)
	if err != nil {
		return err
	}
	want, err := request.change()
	if err != nil {
		return err
	}
	if want.Title == nil || want.Start == nil || want.Password == nil {
		return invalidError{"A meeting needs a title, a start and a password."}
	}
	m := storage.Meeting{
		SiteID: u.SiteID, OwnerID: u.ID, Title: *want.Title, Start: *want.Start, DurationMinutes: defaultMinutes,
		Password: *want.Password, ServiceType: "MeetingCenter",
	}
	if want.DurationMinutes != nil {
		m.DurationMinutes = *want.DurationMinutes
	}
	if m, err = a.insertMeeting(c.Request().Context(), m); err != nil {
		return err
	}
	return answer(c, http.StatusCreated, a.showMeetingTo(m))
}

// maxNumberTries is how often a number may turn out to be in use.
const maxNumberTries = 10

// insertMeeting gives m a number and a link, stores it and reads it back.
func (a *API) insertMeeting(ctx context.Context, m storage.Meeting) (storage.Meeting, error) {
	m.LinkSecret = auth.NewLinkSecret()
	proof, err := auth.LinkProof(m.LinkSecret)
	if err != nil {
		return storage.Meeting{}, err
	}
	m.LinkProofHash = auth.HashLinkProof(proof)
	var id string
	for range maxNumberTries {
		if m.Number, err = auth.NewMeetingNumber(); err != nil {
			return storage.Meeting{}, err
		}
		if id, err = a.db.InsertMeeting(ctx, m); !errors.Is(err, storage.ErrTaken) {
			break
		}
	}
	if err != nil {
		return storage.Meeting{}, err
	}
	return a.db.OwnMeeting(ctx, m.OwnerID, id)
}

func (a *API) editMeeting(c echo.Context) error {
	u, m, err := a.ownMeeting(c)
	if err != nil {
		return err
	}
	request, err := decode[meetingRequest](c)
	if err != nil {
		return err
	}
	change, err := request.change()
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	if err := a.db.UpdateMeeting(ctx, u.ID, m.ID, change); err != nil {
		return err
	}
	if m, err = a.db.OwnMeeting(ctx, u.ID, m.ID); err != nil {
		return err
	}
	return answer(c, http.StatusOK, a.showMeetingTo(m))
}

func (a *API) deleteMeeting(c echo.Context) error {
	u, m, err := a.ownMeeting(c)
	if err != nil {
		return err
	}
	if a.rooms.Running(m.ID) {
		return errInProgress
	}
	ctx := c.Request().Context()
	if err := a.db.DeleteMeeting(ctx, u.ID, m.ID); err != nil {
		return err
	}
	if err := a.endOrphan(ctx, m); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
