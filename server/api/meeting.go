package api

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/conclave-meet/conclave/server/auth"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/storage"
)

func (a *API) meetingRoutes() []route {
	return []route{
		get("/v1/meetings", a.listMeetings, "the meetings the caller hosts, by start", meetingsAnswer{}),
		get("/v1/meetings/listed", a.listPublic, "the meetings the site shows to everybody", list[listedAnswer]{}),
		post("/v1/meetings", a.scheduleMeeting, "schedule a meeting", meetingRequest{}, meetingAnswer{}, http.StatusCreated),
		get("/v1/meetings/:id", a.showMeeting, "one of the caller's meetings", meetingAnswer{}),
		patch("/v1/meetings/:id", a.editMeeting, "edit a meeting: what is absent stays", meetingRequest{}, meetingAnswer{}),
		remove("/v1/meetings/:id", a.deleteMeeting, "delete a meeting; its records stay"),
		post("/v1/meetings/:id/invitations", a.sendInvitations, "invite by mail", invitationsRequest{}, invitationsAnswer{}, http.StatusAccepted),
	}
}

// meetingAnswer is a meeting as who hosts it sees it.
type meetingAnswer struct {
	ID                   string           `json:"id"`
	Version              int64            `json:"version"` // as the ETag has it
	MeetingNumber        string           `json:"meetingNumber"`
	Title                string           `json:"title"`
	Agenda               string           `json:"agenda"`
	Start                time.Time        `json:"start"` // of the first occurrence
	End                  time.Time        `json:"end"`
	DurationMinutes      int              `json:"durationMinutes"`
	Timezone             string           `json:"timezone"`
	Recurrence           string           `json:"recurrence"`
	NextStart            time.Time        `json:"nextStart"` // of the occurrence that is not over, or the last
	Password             string           `json:"password"`
	ExcludePassword      bool             `json:"excludePassword"`
	PublicMeeting        bool             `json:"publicMeeting"`
	RequireAttendeeLogin bool             `json:"requireAttendeeLogin"`
	RequireEmail         bool             `json:"requireEmail"`
	Lobby                bool             `json:"lobby"`
	ServiceType          string           `json:"serviceType"`
	AttendeePrivileges   privileges[bool] `json:"attendeePrivileges"`
	AlternativeHosts     []string         `json:"alternativeHosts"`
	Invitees             []string         `json:"invitees"`
	State                string           `json:"state"`
	WebLink              string           `json:"webLink"` // without its secret, which the server does not have
	LinkProofHash        string           `json:"linkProofHash"`
	HostEmail            string           `json:"hostEmail"`
	HostDisplayName      string           `json:"hostDisplayName"`
	Access               string           `json:"access"` // owner, or host: who may start it for its owner
	Created              time.Time        `json:"created"`
}

func (a *API) showMeetingTo(c echo.Context, u storage.User, m storage.Meeting) meetingAnswer {
	access := "owner"
	if u.ID != m.OwnerID {
		access = "host"
	}
	return meetingAnswer{
		ID: m.ID, Version: m.Version, MeetingNumber: m.Number, Title: m.Title, Agenda: m.Agenda,
		Start: m.Start, End: m.Start.Add(length(m)), DurationMinutes: m.DurationMinutes, Timezone: m.Timezone,
		Recurrence: m.Recurrence, NextStart: nextStart(m, time.Now()),
		Password: m.Password, ExcludePassword: m.ExcludePassword, PublicMeeting: m.Public && !at(c).Rules.UnlistAllMeetings,
		RequireAttendeeLogin: m.RequireLogin, RequireEmail: m.RequireEmail, Lobby: m.Lobby,
		ServiceType: m.ServiceType, AttendeePrivileges: grantedBut(m.Withheld),
		AlternativeHosts: m.Hosts, Invitees: m.Invitees, State: a.state(m),
		WebLink: at(c).URL.String() + "/j/" + m.Number, LinkProofHash: formatHash(m.LinkProofHash),
		HostEmail: m.HostEmail, HostDisplayName: m.HostName, Access: access, Created: m.Created,
	}
}

// formatHash shows the hash of a link's proof: by it an owner's browser knows
// whether the secret it keeps is still the link's.
func formatHash(hash []byte) string { return base64.RawURLEncoding.EncodeToString(hash) }

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

// hostedMeeting returns the meeting the path names and who is signed in, if they
// own it or may start it for its owner.
func (a *API) hostedMeeting(c echo.Context) (storage.User, storage.Meeting, error) {
	u, err := a.allowed(c, policy.ScheduleMeetings)
	if err != nil {
		return storage.User{}, storage.Meeting{}, err
	}
	m, err := a.db.HostedMeeting(c.Request().Context(), u.ID, c.Param("id"))
	return u, m, err
}

// meetingsAnswer is what one hosts, and what the site lets one do with it.
type meetingsAnswer struct {
	Items        []meetingAnswer `json:"items"`
	MailWorks    bool            `json:"mailWorks"`    // invitations can be sent by mail
	ListingWorks bool            `json:"listingWorks"` // meetings can be public
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
		items[i] = a.showMeetingTo(c, u, m)
	}
	return answer(c, http.StatusOK, meetingsAnswer{items, a.mayMail(c), !at(c).Rules.UnlistAllMeetings})
}

// list is how the interface sends several of something.
type list[T any] struct {
	Items []T `json:"items"`
}

func (a *API) showMeeting(c echo.Context) error {
	u, m, err := a.hostedMeeting(c)
	if err != nil {
		return err
	}
	tag(c, m.Version)
	return answer(c, http.StatusOK, a.showMeetingTo(c, u, m))
}

func (a *API) scheduleMeeting(c echo.Context) error {
	u, err := a.allowed(c, policy.ScheduleMeetings)
	if err != nil {
		return err
	}
	request, err := decode[meetingRequest](c)
	if err != nil {
		return err
	}
	if request.Title == nil || request.Start == nil {
		return invalidError{"A meeting needs a title and a start."}
	}
	blank, err := newMeeting(u)
	if err != nil {
		return err
	}
	m, err := a.wanted(c, u, blank, request)
	if err != nil {
		return err
	}
	fragment := ""
	if m.LinkProofHash == nil {
		if fragment, m.LinkProofHash, err = newLink(); err != nil {
			return err
		}
	}
	tell, err := a.notices(c, u, told(m))
	if err != nil {
		return err
	}
	if m, err = a.insertMeeting(c.Request().Context(), m, actor(c, u), tell.invited()); err != nil {
		return err
	}
	tag(c, m.Version)
	shown := a.showMeetingTo(c, u, m)
	shown.WebLink += fragment
	return answer(c, http.StatusCreated, shown)
}

// newLink makes a link for a program that brings no proof of one. The fragment
// is for the one answer to it; what is kept is the hash.
func newLink() (fragment string, hash []byte, err error) {
	secret := auth.NewLinkSecret()
	defer clear(secret)
	proof, err := auth.LinkProof(secret)
	return "#" + auth.FormatLinkSecret(secret), auth.HashLinkProof(proof), err
}

// maxNumberTries is how often a number may turn out to be in use.
const maxNumberTries = 10

// insertMeeting gives m a number and stores it.
func (a *API) insertMeeting(ctx context.Context, m storage.Meeting, by storage.Actor, tell func(storage.Meeting) []storage.Mail) (stored storage.Meeting, err error) {
	for range maxNumberTries {
		if m.Number, err = auth.NewMeetingNumber(); err != nil {
			return storage.Meeting{}, err
		}
		if stored, err = a.db.InsertMeeting(ctx, m, by, tell); !errors.Is(err, storage.ErrTaken) {
			break
		}
	}
	return stored, err
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
	if err := matches(c, m.Version, false); err != nil {
		return err
	}
	before := told(m)
	if m, err = a.wanted(c, u, m, request); err != nil {
		return err
	}
	tell, err := a.notices(c, u, max(before, told(m)))
	if err != nil {
		return err
	}
	if m, err = a.db.UpdateMeeting(c.Request().Context(), m, actor(c, u), tell.changed()); err != nil {
		return err
	}
	tag(c, m.Version)
	return answer(c, http.StatusOK, a.showMeetingTo(c, u, m))
}

func (a *API) deleteMeeting(c echo.Context) error {
	u, m, err := a.ownMeeting(c)
	if err != nil {
		return err
	}
	if err := matches(c, m.Version, false); err != nil {
		return err
	}
	if a.rooms.Running(m.ID) {
		return errInProgress
	}
	tell, err := a.notices(c, u, told(m))
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	if err := a.db.DeleteMeeting(ctx, u.ID, m.ID, actor(c, u), tell.cancelled()); err != nil {
		return err
	}
	if err := a.endOrphan(ctx, m); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
