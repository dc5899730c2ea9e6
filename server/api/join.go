package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/conclave-meet/conclave/server/auth"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/storage"
)

func (a *API) joinRoutes(socket http.Handler) []route {
	return []route{
		post("/v1/meetings/preview", a.previewMeeting, "what somebody sees before they ask to join", previewRequest{}, previewAnswer{}, http.StatusOK),
		post("/v1/meetings/join", a.joinMeeting, "ask to join; the answer opens the socket once", joinRequest{}, stayAnswer{}, http.StatusOK),
		{http.MethodGet, "/v1/socket", echo.WrapHandler(socket), "the socket of a stay (docs/protocol.md)", nil, nil, http.StatusSwitchingProtocols},
	}
}

// invitation is what somebody shows to be let into a meeting.
type invitation struct {
	number, linkProof, password string
	framed                      bool   // in another site's page, where no login counts
	token                       string // a join token; where there is one, it counts alone
	previous                    string // the participant they say to have been before
}

// digitsOf returns a meeting number without what people put between its digits.
func digitsOf(number string) string {
	return strings.NewReplacer(" ", "", "-", "").Replace(number)
}

type previewRequest struct {
	MeetingNumber string `json:"meetingNumber"`
	LinkProof     string `json:"linkProof"`
	EmbeddedBy    string `json:"embeddedBy"`
	JoinToken     string `json:"joinToken"` // instead of a proof (docs/join-tokens.md)

	PreviousParticipantID string `json:"previousParticipantId"` // of who used the token before
}

type joinRequest struct {
	MeetingNumber string `json:"meetingNumber"`
	WebLink       string `json:"webLink"`
	LinkProof     string `json:"linkProof"`
	Password      string `json:"password"`
	JoinToken     string `json:"joinToken"`   // instead of a proof or a password (docs/join-tokens.md)
	DisplayName   string `json:"displayName"` // what a join token says, counts instead
	Email         string `json:"email"`
	SignatureKey  string `json:"signatureKey"`
	SealingKey    string `json:"sealingKey"`
	EmbeddedBy    string `json:"embeddedBy"` // the origin of the page around ours, where there is one

	PreviousParticipantID string `json:"previousParticipantId"` // of who was in before; their cookie proves it

	Fields         map[string]string `json:"fields"`         // answers to the site's questions, by name
	DisclaimerHash string            `json:"disclaimerHash"` // of what was agreed to
}

// check returns the request with its texts as they are kept, and the invitation
// it shows.
func (r joinRequest) check() (joinRequest, invitation, error) {
	var err error
	if r.JoinToken == "" || r.DisplayName != "" { // a token may have one
		if r.DisplayName, err = oneLine("Your name", r.DisplayName, maxName); err != nil {
			return r, invitation{}, err
		}
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
	shown := invitation{
		number: digitsOf(r.MeetingNumber), linkProof: r.LinkProof, password: r.Password, framed: r.EmbeddedBy != "",
		token: r.JoinToken, previous: r.PreviousParticipantID,
	}
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

// linkPath is the path of a meeting's link, at a site that has a prefix or none.
var linkPath = regexp.MustCompile(`^(?:/s/[a-z0-9-]+)?/j/([^/]+)$`)

// readLink returns the number and the proof that a meeting's link stands for.
func readLink(link string) (number, proof string, err error) {
	notOne := invalidError{"That is not a meeting's link."}
	u, err := url.Parse(link)
	if err != nil {
		return "", "", notOne
	}
	path := linkPath.FindStringSubmatch(u.Path)
	secret, ok := auth.ParseLinkSecret(u.Fragment)
	if path == nil || !ok {
		return "", "", notOne
	}
	number = path[1]
	proof, err = auth.LinkProof(secret)
	clear(secret)
	return number, proof, err
}

// nobodysMeeting returns what an invitation to no meeting is compared with, so
// that it takes the same work as one with a wrong password.
func nobodysMeeting() (storage.Meeting, error) {
	secret := auth.NewLinkSecret()
	proof, err := auth.LinkProof(secret)
	return storage.Meeting{LinkProofHash: auth.HashLinkProof(proof), Password: auth.FormatLinkSecret(secret)}, err
}

// mayEmbed refuses who asks from within a page that the site does not name now,
// even where its frame was loaded before; origin is empty outside of frames.
func mayEmbed(rules policy.Site, origin string) error {
	if origin != "" && !slices.Contains(rules.EmbedOrigins, origin) {
		return errEmbedding
	}
	return nil
}

// admission is who may come into which meeting.
type admission struct {
	meeting storage.Meeting
	user    storage.User // the zero value for who is not signed in
	hosts   bool         // user owns the meeting, or may start it for its owner
	grant   *grant       // of who shows a join token; nil for everybody else
}

func (ad admission) guest() bool { return ad.user.ID == "" }

// owns reports whether the meeting is the user's, who may start meetings still.
func (ad admission) owns() bool { return ad.hosts && ad.user.ID == ad.meeting.OwnerID }

func (ad admission) role() policy.Role {
	if ad.grant != nil {
		return ad.grant.role
	}
	if ad.hosts {
		return policy.Host
	}
	return policy.Attendee
}

// refusalTime is what every refusal takes, so that how long one takes tells
// nothing: to find a meeting takes longer than to find none, by less than this.
const refusalTime = 20 * time.Millisecond

// admit says whether the invitation opens a meeting for who asks. Whether there
// is such a meeting only those learn whom it admits.
func (a *API) admit(c echo.Context, shown invitation) (admission, error) {
	var ad admission
	err := a.refuseLate(c, func() (err error) {
		ad, err = a.compare(c, shown)
		return err
	})
	return ad, err
}

// refuseLate does what may refuse, and returns a refusal not before refusalTime.
func (a *API) refuseLate(c echo.Context, what func() error) error {
	refused := time.NewTimer(a.refusal)
	defer refused.Stop()
	err := what()
	if err != nil {
		select {
		case <-refused.C:
		case <-c.Request().Context().Done():
		}
	}
	return err
}

// compare is admit, as soon as the answer is known.
func (a *API) compare(c echo.Context, shown invitation) (admission, error) {
	ctx, network := c.Request().Context(), auth.Network(c.RealIP())
	if err := a.limits.requests.Take(network); err != nil {
		return admission{}, err
	}
	m, err := a.db.MeetingByNumber(ctx, at(c).ID, shown.number)
	if errors.Is(err, storage.ErrNotFound) {
		m, err = a.nobody, nil
	}
	if err != nil {
		return admission{}, err
	}
	if shown.token != "" {
		return a.byToken(c, shown, m)
	}
	var u storage.User
	if !shown.framed {
		if u, err = a.visitor(c); err != nil && !errors.Is(err, auth.ErrNoLogin) {
			return admission{}, err
		}
	}
	ad := admission{meeting: m, user: u}
	if ad.hosts, err = a.hosts(ctx, u, m); err != nil {
		return admission{}, err
	}
	if byLink := auth.LinkProofMatches(m.LinkProofHash, shown.linkProof); byLink || ad.role() == policy.Host {
		return ad, ad.mayKnow()
	}
	if err := a.limits.guess(network, shown.number); err != nil {
		return admission{}, err
	}
	if !auth.MeetingPasswordMatches(m.Password, shown.password) {
		slog.InfoContext(ctx, "join refused", "ip", c.RealIP())
		return admission{}, errJoinRefused
	}
	a.limits.right(network, shown.number)
	return ad, ad.mayKnow()
}

// hosts reports whether u is a host of m.
func (a *API) hosts(ctx context.Context, u storage.User, m storage.Meeting) (bool, error) {
	switch {
	case u.ID == "" || m.ID == "" || !policy.AllowSite(policy.SiteRole(u.Role), policy.ScheduleMeetings):
		return false, nil
	case u.ID == m.OwnerID:
		return true, nil
	default:
		return a.db.Hosts(ctx, u.ID, m.ID)
	}
}

// mayKnow refuses who has shown the right link or password of a meeting for
// people with an account, and has not signed in. A join token stands for a login:
// somebody whom the site trusts has signed its holder in.
func (ad admission) mayKnow() error {
	if ad.meeting.RequireLogin && ad.guest() && ad.grant == nil {
		return auth.ErrNoLogin
	}
	return nil
}

// previewAnswer is what somebody sees before they ask to join.
type previewAnswer struct {
	Title           string    `json:"title"`
	HostDisplayName string    `json:"hostDisplayName"`
	Start           time.Time `json:"start"`
	State           string    `json:"state"`
	Role            string    `json:"role"`
	DisplayName     string    `json:"displayName"`
	LinkProofHash   string    `json:"linkProofHash"`
	RequireEmail    bool      `json:"requireEmail"`
	NameIsFixed     bool      `json:"displayNameFixed"` // a join token says it
	AskedNothing    bool      `json:"askedNothing"`     // the site's questions are not for them
}

func (a *API) previewMeeting(c echo.Context) error {
	request, err := decode[previewRequest](c)
	if err != nil {
		return err
	}
	if err := mayEmbed(at(c).Rules, request.EmbeddedBy); err != nil {
		return err
	}
	ad, err := a.admit(c, invitation{
		number: digitsOf(request.MeetingNumber), linkProof: request.LinkProof, framed: request.EmbeddedBy != "",
		token: request.JoinToken, previous: request.PreviousParticipantID,
	})
	if err != nil {
		return err
	}
	shown := previewAnswer{
		Title: ad.meeting.Title, HostDisplayName: ad.meeting.HostName, Start: nextStart(ad.meeting, time.Now()),
		State: a.state(ad.meeting), Role: string(ad.role()), DisplayName: ad.user.Name,
		LinkProofHash: formatHash(ad.meeting.LinkProofHash), RequireEmail: ad.meeting.RequireEmail && ad.guest(),
		AskedNothing: ad.hosts,
	}
	if g := ad.grant; g != nil {
		shown.DisplayName, shown.NameIsFixed = g.name, g.name != ""
		shown.RequireEmail = shown.RequireEmail && g.email == ""
	}
	return answer(c, http.StatusOK, shown)
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
	if err := mayEmbed(at(c).Rules, request.EmbeddedBy); err != nil {
		return err
	}
	keys, err := request.keys()
	if err != nil {
		return err
	}
	ad, err := a.admit(c, shown)
	if err != nil {
		return err
	}
	request, filled, err := a.mayEnter(c, ad, request)
	if err != nil {
		return err
	}
	stay := a.stay(c, ad, request, filled)
	issuer, err := a.sites.Issuer(c.Request().Context(), at(c))
	if err != nil {
		return err
	}
	credential, err := credentialOf(issuer, ad, stay, keys)
	if err != nil {
		return err
	}
	ticket, cookie, err := a.tickets.Issue(stay)
	if err != nil {
		return err
	}
	if err := a.useGrant(c, ad, stay, cookie); err != nil {
		return err
	}
	jar := cookiesOf(at(c)).inFrame(shown.framed)
	c.SetCookie(jar.stay(stay.ParticipantID, cookie))
	for _, old := range jar.noOldStays(c.Request(), stay.Previous) {
		c.SetCookie(old)
	}
	return answer(c, http.StatusOK, stayAnswer{
		ParticipantID: stay.ParticipantID, Ticket: ticket, MeetingNumber: ad.meeting.Number, Title: ad.meeting.Title,
		Role: stay.Role, DisplayName: stay.Name, Waiting: a.state(ad.meeting) != inProgress,
		SiteName: issuer.Site(), SiteKey: issuer.PublicKey(), Credential: credential,
	})
}

// mayEnter refuses who may know of the meeting, but cannot come in like that or
// now. It returns the request as it counts, and what of it the records keep.
func (a *API) mayEnter(c echo.Context, ad admission, request joinRequest) (joinRequest, entrance, error) {
	request, err := ad.grant.named(request)
	if err != nil {
		return request, entrance{}, err
	}
	if err := stillWithinPolicy(at(c), ad.meeting); err != nil {
		return request, entrance{}, err
	}
	if ad.meeting.RequireEmail && ad.guest() && request.Email == "" {
		return request, entrance{}, errEmailRequired
	}
	if a.state(ad.meeting) == ended && !ad.starts() {
		return request, entrance{}, errMeetingEnded
	}
	filled, err := request.checkEntrance(at(c).Rules, ad)
	return request, filled, err
}
