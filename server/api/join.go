package api

import (
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/conclave-meet/conclave/server/auth"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/storage"
)

// invitation is what somebody shows to be let into a meeting.
type invitation struct{ number, linkProof, password string }

// digitsOf returns a meeting number without what people put between its digits.
func digitsOf(number string) string {
	return strings.NewReplacer(" ", "", "-", "").Replace(number)
}

type previewRequest struct {
	MeetingNumber string `json:"meetingNumber"`
	LinkProof     string `json:"linkProof"`
}

type joinRequest struct {
	MeetingNumber string `json:"meetingNumber"`
	WebLink       string `json:"webLink"`
	LinkProof     string `json:"linkProof"`
	Password      string `json:"password"`
	DisplayName   string `json:"displayName"`
	Email         string `json:"email"`
}

// check returns the request with its texts as they are kept, and the invitation
// it shows.
func (r joinRequest) check() (joinRequest, invitation, error) {
	var err error
	if r.DisplayName, err = oneLine("Your name", r.DisplayName, maxName); err != nil {
		return r, invitation{}, err
	}
	if r.Email != "" {
		if r.Email, err = emailAddress(r.Email); err != nil {
			return r, invitation{}, err
		}
	}
	shown, err := r.invitation()
	return r, shown, err
}

func (r joinRequest) invitation() (invitation, error) {
	if (r.MeetingNumber == "") == (r.WebLink == "") {
		return invitation{}, invalidError{"Give the meeting number or the link, and not both."}
	}
	shown := invitation{number: digitsOf(r.MeetingNumber), linkProof: r.LinkProof, password: r.Password}
	if r.WebLink == "" {
		return shown, nil
	}
	if r.LinkProof != "" {
		return invitation{}, invalidError{"The link proves itself: leave linkProof out."}
	}
	var err error
	shown.number, shown.linkProof, err = readLink(r.WebLink)
	return shown, err
}

// readLink returns the number and the proof that a meeting's link stands for.
func readLink(link string) (number, proof string, err error) {
	notOne := invalidError{"That is not a meeting's link."}
	u, err := url.Parse(link)
	if err != nil {
		return "", "", notOne
	}
	number, found := strings.CutPrefix(u.Path, "/j/")
	secret, ok := auth.ParseLinkSecret(u.Fragment)
	if !found || !ok {
		return "", "", notOne
	}
	proof, err = auth.LinkProof(secret)
	return number, proof, err
}

// nobodysMeeting returns what an invitation to no meeting is compared with, so
// that it takes the same work as one with a wrong password.
func nobodysMeeting() (storage.Meeting, error) {
	secret := auth.NewLinkSecret()
	proof, err := auth.LinkProof(secret)
	return storage.Meeting{LinkProofHash: auth.HashLinkProof(proof), Password: auth.FormatLinkSecret(secret)}, err
}

// admission is who may come into which meeting.
type admission struct {
	meeting storage.Meeting
	user    storage.User // the zero value for who is not signed in
}

func (ad admission) guest() bool { return ad.user.ID == "" }

func (ad admission) role() policy.Role {
	if !ad.guest() && ad.user.ID == ad.meeting.OwnerID {
		return policy.Host
	}
	return policy.Attendee
}

// admit says whether the invitation opens a meeting for who asks. Whether there
// is such a meeting only those learn whom it admits.
func (a *API) admit(c echo.Context, shown invitation) (admission, error) {
	ctx, network := c.Request().Context(), auth.Network(c.RealIP())
	if err := a.limits.requests.Take(network); err != nil {
		return admission{}, err
	}
	m, err := a.db.MeetingByNumber(ctx, a.site.ID, shown.number)
	if errors.Is(err, storage.ErrNotFound) {
		m, err = a.nobody, nil
	}
	if err != nil {
		return admission{}, err
	}
	u, err := a.user(c)
	if err != nil && !errors.Is(err, auth.ErrNoLogin) {
		return admission{}, err
	}
	ad := admission{meeting: m, user: u}
	if byLink := auth.LinkProofMatches(m.LinkProofHash, shown.linkProof); byLink || ad.role() == policy.Host {
		return ad, nil
	}
	if err := a.limits.guess(network, shown.number); err != nil {
		return admission{}, err
	}
	if !auth.MeetingPasswordMatches(m.Password, shown.password) {
		slog.InfoContext(ctx, "join refused", "ip", c.RealIP())
		return admission{}, errJoinRefused
	}
	a.limits.right(network, shown.number)
	return ad, nil
}

// previewAnswer is what somebody sees before they ask to join.
type previewAnswer struct {
	Title           string    `json:"title"`
	HostDisplayName string    `json:"hostDisplayName"`
	Start           time.Time `json:"start"`
	State           string    `json:"state"`
	Role            string    `json:"role"`
	DisplayName     string    `json:"displayName"`
}

func (a *API) previewMeeting(c echo.Context) error {
	request, err := decode[previewRequest](c)
	if err != nil {
		return err
	}
	ad, err := a.admit(c, invitation{number: digitsOf(request.MeetingNumber), linkProof: request.LinkProof})
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, previewAnswer{
		Title: ad.meeting.Title, HostDisplayName: ad.meeting.HostName, Start: ad.meeting.Start,
		State: a.state(ad.meeting), Role: string(ad.role()), DisplayName: ad.user.Name,
	})
}

// stayAnswer is what a browser needs to open the socket.
type stayAnswer struct {
	ParticipantID string `json:"participantId"`
	Ticket        string `json:"ticket"`
	Title         string `json:"title"`
	Role          string `json:"role"`
	DisplayName   string `json:"displayName"`
	Waiting       bool   `json:"waiting"`
}

func (a *API) joinMeeting(c echo.Context) error {
	request, err := decode[joinRequest](c)
	if err != nil {
		return err
	}
	request, shown, err := request.check()
	if err != nil {
		return err
	}
	ad, err := a.admit(c, shown)
	if err != nil {
		return err
	}
	state := a.state(ad.meeting)
	if state == ended {
		return errMeetingEnded
	}
	stay := a.stay(c, ad, request)
	ticket, cookie, err := a.tickets.Issue(stay)
	if err != nil {
		return err
	}
	c.SetCookie(a.cookies.stay(stay.ParticipantID, cookie))
	return answer(c, http.StatusOK, stayAnswer{
		ParticipantID: stay.ParticipantID, Ticket: ticket, Title: ad.meeting.Title, Role: stay.Role,
		DisplayName: stay.Name, Waiting: state != inProgress,
	})
}

// stay returns the stay that ad allows. The address of who is signed in is the
// account's, whatever they typed.
func (a *API) stay(c echo.Context, ad admission, request joinRequest) auth.Stay {
	email := request.Email
	if !ad.guest() {
		email = ad.user.Email
	}
	return auth.Stay{
		ParticipantID: auth.NewParticipantID(), SiteID: a.site.ID, MeetingID: ad.meeting.ID, UserID: ad.user.ID,
		Name: request.DisplayName, Email: email, Role: string(ad.role()), Guest: ad.guest(),
		ClientAgent: clientAgent(c.Request()), IPAddress: c.RealIP(),
	}
}
