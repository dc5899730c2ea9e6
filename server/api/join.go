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
	framed                      bool // in another site's page, where no login counts
}

// digitsOf returns a meeting number without what people put between its digits.
func digitsOf(number string) string {
	return strings.NewReplacer(" ", "", "-", "").Replace(number)
}

type previewRequest struct {
	MeetingNumber string `json:"meetingNumber"`
	LinkProof     string `json:"linkProof"`
	EmbeddedBy    string `json:"embeddedBy"`
}

type joinRequest struct {
	MeetingNumber string `json:"meetingNumber"`
	WebLink       string `json:"webLink"`
	LinkProof     string `json:"linkProof"`
	Password      string `json:"password"`
	DisplayName   string `json:"displayName"`
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
	shown := invitation{number: digitsOf(r.MeetingNumber), linkProof: r.LinkProof, password: r.Password, framed: r.EmbeddedBy != ""}
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

// publicKeys are what somebody who joins is known by to the others; both nil
// where a program comes without.
type publicKeys struct{ signature, sealing []byte }

func (r joinRequest) keys() (publicKeys, error) {
	if r.SignatureKey == "" && r.SealingKey == "" {
		return publicKeys{}, nil
	}
	signature, signatureOK := auth.ParsePublicKey(r.SignatureKey)
	sealing, sealingOK := auth.ParsePublicKey(r.SealingKey)
	if !signatureOK || !sealingOK {
		return publicKeys{}, invalidError{"Give both signatureKey and sealingKey, each 32 bytes in base64url, or neither."}
	}
	return publicKeys{signature, sealing}, nil
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
}

func (ad admission) guest() bool { return ad.user.ID == "" }

// owns reports whether the meeting is the user's, who may start meetings still.
func (ad admission) owns() bool { return ad.hosts && ad.user.ID == ad.meeting.OwnerID }

func (ad admission) role() policy.Role {
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
	refused := time.NewTimer(a.refusal)
	defer refused.Stop()
	ad, err := a.compare(c, shown)
	if err != nil {
		select {
		case <-refused.C:
		case <-c.Request().Context().Done():
		}
	}
	return ad, err
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
// people with an account, and has not signed in.
func (ad admission) mayKnow() error {
	if ad.meeting.RequireLogin && ad.guest() {
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
	})
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, previewAnswer{
		Title: ad.meeting.Title, HostDisplayName: ad.meeting.HostName, Start: nextStart(ad.meeting, time.Now()),
		State: a.state(ad.meeting), Role: string(ad.role()), DisplayName: ad.user.Name,
		LinkProofHash: formatHash(ad.meeting.LinkProofHash), RequireEmail: ad.meeting.RequireEmail && ad.guest(),
	})
}

// stayAnswer is what a browser needs to open the socket, and to be known by the
// others in the meeting.
type stayAnswer struct {
	ParticipantID string `json:"participantId"`
	Ticket        string `json:"ticket"`
	MeetingNumber string `json:"meetingNumber"`
	Title         string `json:"title"`
	Role          string `json:"role"`
	DisplayName   string `json:"displayName"`
	Waiting       bool   `json:"waiting"`
	SiteName      string `json:"siteName"`
	SiteKey       string `json:"siteKey"`
	Credential    string `json:"credential,omitempty"` // for who showed keys
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
	if err := stillWithinPolicy(at(c), ad.meeting); err != nil {
		return err
	}
	if ad.meeting.RequireEmail && ad.guest() && request.Email == "" {
		return errEmailRequired
	}
	state := a.state(ad.meeting)
	if state == ended {
		return errMeetingEnded
	}
	filled, err := request.checkEntrance(at(c).Rules, ad)
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
	jar := cookiesOf(at(c)).inFrame(shown.framed)
	c.SetCookie(jar.stay(stay.ParticipantID, cookie))
	for _, old := range jar.noOldStays(c.Request(), stay.Previous) {
		c.SetCookie(old)
	}
	return answer(c, http.StatusOK, stayAnswer{
		ParticipantID: stay.ParticipantID, Ticket: ticket, MeetingNumber: ad.meeting.Number, Title: ad.meeting.Title,
		Role: stay.Role, DisplayName: stay.Name, Waiting: state != inProgress,
		SiteName: issuer.Site(), SiteKey: issuer.PublicKey(), Credential: credential,
	})
}

// credentialOf returns what the site says of who stays, or nothing where they
// showed no keys to say it of.
func credentialOf(issuer *auth.Issuer, ad admission, stay auth.Stay, keys publicKeys) (string, error) {
	if keys.signature == nil {
		return "", nil
	}
	return issuer.Sign(auth.Identity{
		MeetingNumber: ad.meeting.Number, ParticipantID: stay.ParticipantID, Name: stay.Name, Role: stay.Role,
		Guest: stay.Guest, Owner: stay.Owner, SignatureKey: keys.signature, SealingKey: keys.sealing,
	})
}

// stay returns the stay that ad allows.
func (a *API) stay(c echo.Context, ad admission, request joinRequest, filled entrance) auth.Stay {
	previous, secret := previousStay(c, request)
	return auth.Stay{
		Previous: previous, PreviousSecret: secret,
		ParticipantID: auth.NewParticipantID(), SiteID: at(c).ID, MeetingID: ad.meeting.ID, UserID: ad.user.ID,
		Name: request.DisplayName, Email: filled.email, Role: string(ad.role()), Guest: ad.guest(), Owner: ad.owns(),
		SignatureKey: request.SignatureKey, ClientAgent: clientAgent(c.Request()), IPAddress: c.RealIP(),
		DisclaimerHash: filled.disclaimer, Form: filled.form,
	}
}

// previousStay returns as whom the sender of the request says to have been in the
// meeting before, and the secret that proves it; nobody where no cookie came along.
// Whether it does, the meeting's room knows.
func previousStay(c echo.Context, request joinRequest) (participantID string, secret auth.StaySecret) {
	id := request.PreviousParticipantID
	if !auth.IsParticipantID(id) {
		return "", secret
	}
	value := cookiesOf(at(c)).value(c.Request(), stayCookie(id))
	if value == "" {
		return "", secret
	}
	return id, auth.StaySecretOf(value)
}
