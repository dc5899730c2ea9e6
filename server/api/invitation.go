package api

import (
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/conclave-meet/conclave/server/auth"
	"github.com/conclave-meet/conclave/server/invite"
	"github.com/conclave-meet/conclave/server/site"
	"github.com/conclave-meet/conclave/storage"
)

// newMailLimit bounds how many people one host writes to: a thousand at once,
// and some hundreds an hour.
func newMailLimit() *auth.Throttle { return auth.NewThrottle(1000, 10*time.Second) }

// mayMail reports whether invitations leave: there is a mail server, and the
// site's policy lets them.
func (a *API) mayMail(c echo.Context) bool { return a.mails && !at(c).Rules.DisableEmailInvitations }

// notices returns what writes to the invited when u changes a meeting, of whom
// there are at most so many. It writes nothing where no invitation may leave.
func (a *API) notices(c echo.Context, u storage.User, most int) (*notices, error) {
	if !a.mayMail(c) || most == 0 {
		return nil, nil //nolint:nilnil // nothing is written
	}
	for range most {
		if err := a.mailed.Take(u.ID); err != nil {
			return nil, err
		}
	}
	return &notices{site: at(c), language: languageOf(c, u), now: time.Now(), told: make(map[int64]invite.Meeting)}, nil
}

// told is how many people hear of what becomes of m.
func told(m storage.Meeting) int { return len(m.Invitees) + len(m.Hosts) }

// languageOf returns the one its host reads, as far as there are words in it.
func languageOf(c echo.Context, u storage.User) string {
	for wish := range strings.SplitSeq(u.Language+","+c.Request().Header.Get("Accept-Language"), ",") {
		wish, _, _ = strings.Cut(strings.TrimSpace(wish), ";")
		primary, _, _ := strings.Cut(strings.ToLower(wish), "-")
		if slices.Contains(invite.Languages(), primary) {
			return primary
		}
	}
	return invite.Languages()[0]
}

// notices writes to those who are invited to a meeting. The nil one does not.
type notices struct {
	site     *site.Site
	language string
	now      time.Time
	told     map[int64]invite.Meeting // by version: the same for all it is told to
}

// invited writes to everybody of a new meeting.
func (n *notices) invited() func(storage.Meeting) []storage.Mail {
	if n == nil {
		return nil
	}
	return func(m storage.Meeting) []storage.Mail { return n.invite(m, m.Invitees, m.Hosts) }
}

// invite writes to guests, to its owner, and to others who may start it.
func (n *notices) invite(m storage.Meeting, guests, hosts []string) (mails []storage.Mail) {
	if over(m, n.now) {
		return nil
	}
	for _, guest := range guests {
		mails = n.guest(mails, m, guest, invite.Invited)
	}
	if len(guests) > 0 {
		mails = n.host(mails, m, m.HostEmail, invite.Invited)
	}
	for _, host := range hosts {
		mails = n.host(mails, m, host, invite.Invited)
	}
	return mails
}

// changed writes to those a change is news to.
func (n *notices) changed() func(before, after storage.Meeting) []storage.Mail {
	if n == nil {
		return nil
	}
	return func(before, after storage.Meeting) (mails []storage.Mail) {
		if over(before, n.now) && over(after, n.now) {
			return nil
		}
		for _, gone := range without(before.Invitees, after.Invitees) {
			mails = n.guest(mails, after, gone, invite.Cancelled)
		}
		for _, gone := range without(before.Hosts, after.Hosts) {
			mails = n.host(mails, after, gone, invite.Cancelled)
		}
		fresh, freshHosts := without(after.Invitees, before.Invitees), without(after.Hosts, before.Hosts)
		mails = append(mails, n.invite(after, fresh, freshHosts)...)
		if !newsTo(before, after) {
			return mails
		}
		for _, guest := range without(after.Invitees, fresh) {
			mails = n.guest(mails, after, guest, invite.Updated)
		}
		for _, host := range without(after.Hosts, freshHosts) {
			mails = n.host(mails, after, host, invite.Updated)
		}
		if len(fresh) == 0 {
			mails = n.host(mails, after, after.HostEmail, invite.Updated)
		}
		return mails
	}
}

// newsTo reports whether an edit changes what the invited were told.
func newsTo(before, after storage.Meeting) bool {
	told := func(m storage.Meeting) storage.Meeting {
		password := m.Password
		if m.ExcludePassword {
			password = ""
		}
		return storage.Meeting{
			Title: m.Title, Agenda: m.Agenda, Timezone: m.Timezone, Recurrence: m.Recurrence,
			DurationMinutes: m.DurationMinutes, Password: password,
		}
	}
	a, b := told(before), told(after)
	return !before.Start.Equal(after.Start) || a.Title != b.Title || a.Agenda != b.Agenda || a.Timezone != b.Timezone ||
		a.Recurrence != b.Recurrence || a.DurationMinutes != b.DurationMinutes || a.Password != b.Password
}

// without returns those of all who are not among others.
func without(all, others []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(email string) bool {
		return slices.ContainsFunc(others, func(other string) bool { return storage.FoldEmail(other) == storage.FoldEmail(email) })
	})
}

// cancelled writes to everybody of a meeting that is deleted, and not over.
func (n *notices) cancelled() func(storage.Meeting) []storage.Mail {
	if n == nil {
		return nil
	}
	return func(m storage.Meeting) (mails []storage.Mail) {
		if over(m, n.now) {
			return nil
		}
		m.Version++ // one more than what was told before
		for _, guest := range m.Invitees {
			mails = n.guest(mails, m, guest, invite.Cancelled)
		}
		for _, host := range append(slices.Clone(m.Hosts), m.HostEmail) {
			mails = n.host(mails, m, host, invite.Cancelled)
		}
		return mails
	}
}

func (n *notices) guest(mails []storage.Mail, m storage.Meeting, guest string, news invite.News) []storage.Mail {
	message, err := n.meeting(m).To(guest, news, n.language)
	return n.add(mails, m, guest, message, err)
}

func (n *notices) host(mails []storage.Mail, m storage.Meeting, host string, news invite.News) []storage.Mail {
	message, err := n.meeting(m).ToHost(news, n.language)
	return n.add(mails, m, host, message, err)
}

func (n *notices) add(mails []storage.Mail, m storage.Meeting, to string, message invite.Message, err error) []storage.Mail {
	if err != nil { // of a template: a programmer's mistake, and no reason to refuse an edit
		slog.Error("invitation not written", "meeting", m.ID, "err", err)
		return mails
	}
	return append(mails, storage.Mail{
		SiteID: m.SiteID, Kind: storage.InvitationMail, To: to, ReplyTo: m.HostEmail, Subject: message.Subject,
		Text: message.Text, HTML: message.HTML, Calendar: message.Calendar, Method: message.Method,
	})
}

// meeting is m as mail tells of it: by number, since nobody here has the secret
// of its link.
func (n *notices) meeting(m storage.Meeting) invite.Meeting {
	if told, known := n.told[m.Version]; known {
		return told
	}
	told := invite.Meeting{
		UID: m.ID, Sequence: m.Version, Stamp: n.now, Title: m.Title, Agenda: m.Agenda, Starts: startsOf(m), Length: length(m),
		Zone: zoneOf(m), Rule: m.Recurrence, Number: m.Number,
		JoinURL: n.site.URL.String() + "/join?number=" + m.Number, HostURL: n.site.URL.String() + "/meetings",
		HostName: m.HostName, Host: m.HostEmail, LinkOnly: m.Password == "",
	}
	if !m.ExcludePassword {
		told.Password = m.Password
	}
	n.told[m.Version] = told
	return told
}

// invitationsRequest names whom to write to; nobody stands for all who are
// invited already.
type invitationsRequest struct {
	Emails []string `json:"emails"`
}

// invitationsAnswer says to how many mail goes out.
type invitationsAnswer struct {
	Invited int `json:"invited"`
}

// sendInvitations writes to people, and takes those who are new among the
// invited: they hear of changes from then on.
func (a *API) sendInvitations(c echo.Context) error {
	u, m, err := a.ownMeeting(c)
	if err != nil {
		return err
	}
	request, err := decode[invitationsRequest](c)
	if err != nil {
		return err
	}
	if err := a.mailFault(c); err != nil {
		return err
	}
	guests, err := addresses("An invitation goes to", request.Emails, maxInvitees)
	if err != nil {
		return err
	}
	if len(guests) == 0 {
		guests = m.Invitees
	}
	fresh := without(guests, m.Invitees)
	switch {
	case len(guests) == 0:
		return invalidError{"Say whom to invite: nobody is yet."}
	case len(fresh)+len(m.Invitees) > maxInvitees:
		return invalidError{"A meeting has at most 200 people who are invited by mail."}
	case over(m, time.Now()):
		return invalidError{"The meeting is over. Give it another start first."}
	}
	tell, err := a.notices(c, u, len(guests))
	if err != nil {
		return err
	}
	m.Invitees = append(m.Invitees, fresh...)
	if err := a.queueInvitations(c, u, m, tell, guests, len(fresh) > 0); err != nil {
		return err
	}
	return answer(c, http.StatusAccepted, invitationsAnswer{len(guests)})
}

func (a *API) queueInvitations(c echo.Context, u storage.User, m storage.Meeting, tell *notices, guests []string, edit bool) error {
	ctx := c.Request().Context()
	if edit {
		_, err := a.db.UpdateMeeting(ctx, m, actor(c, u), func(_, after storage.Meeting) []storage.Mail { return tell.invite(after, guests, nil) })
		return err
	}
	return a.db.InsertInvitations(ctx, m.SiteID, actor(c, u),
		storage.Change{Action: "meeting.invite", Target: "meeting:" + m.ID, After: map[string][]string{"emails": guests}},
		tell.invite(m, guests, nil))
}

// mailFault says why no invitation leaves.
func (a *API) mailFault(c echo.Context) error {
	switch {
	case at(c).Rules.DisableEmailInvitations:
		return errMailForbidden
	case !a.mails:
		return errMailOff
	default:
		return nil
	}
}
