package api

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/conclave-meet/conclave/server/auth"
	"github.com/conclave-meet/conclave/server/recurrence"
	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/storage"
)

// meetingRequest schedules a meeting or edits one; what is absent stays as it
// is, or is refused where nothing is there yet.
type meetingRequest struct {
	Title                *string            `json:"title"`
	Agenda               *string            `json:"agenda"`
	Start                *time.Time         `json:"start"`
	End                  *time.Time         `json:"end"`
	DurationMinutes      *int               `json:"durationMinutes"`
	Timezone             *string            `json:"timezone"`
	Recurrence           *string            `json:"recurrence"`
	Password             *string            `json:"password"`
	ExcludePassword      *bool              `json:"excludePassword"`
	PublicMeeting        *bool              `json:"publicMeeting"`
	RequireAttendeeLogin *bool              `json:"requireAttendeeLogin"`
	RequireEmail         *bool              `json:"requireEmail"`
	Lobby                *bool              `json:"lobby"`
	ServiceType          *string            `json:"serviceType"`
	AttendeePrivileges   *privileges[*bool] `json:"attendeePrivileges"`
	AlternativeHosts     *[]string          `json:"alternativeHosts"`
	Invitees             *[]string          `json:"invitees"`
	LinkProof            *string            `json:"linkProof"`
}

const (
	defaultMinutes = 60  // how long a meeting is planned for when nobody says
	maxHosts       = 20  // beside the owner
	maxInvitees    = 200 // of one meeting
)

// newMeeting is a meeting of u's of which nothing is said yet.
func newMeeting(u storage.User) (storage.Meeting, error) {
	defaults, err := defaultsOf(u)
	m := storage.Meeting{
		SiteID: u.SiteID, OwnerID: u.ID, HostName: u.Name, HostEmail: u.Email, DurationMinutes: defaults.DurationMinutes, Timezone: "UTC",
		ServiceType: string(policy.MeetingCenter), Withheld: usuallyWithheld(policy.MeetingCenter),
	}
	if u.TimeZone != "" {
		m.Timezone = u.TimeZone
	}
	return m, err
}

// checked applies check to what is there.
func checked[T any](value *T, check func(T) (T, error)) (*T, error) {
	if value == nil {
		return nil, nil //nolint:nilnil // absent is fine
	}
	fine, err := check(*value)
	return &fine, err
}

// wanted returns m as the request wants it, or what is wrong with that.
func (a *API) wanted(c echo.Context, u storage.User, m storage.Meeting, r meetingRequest) (storage.Meeting, error) {
	for _, step := range []func(*storage.Meeting) error{r.texts, r.options, r.times, r.invitees} {
		if err := step(&m); err != nil {
			return m, err
		}
	}
	if r.PublicMeeting == nil && at(c).Rules.UnlistAllMeetings {
		m.Public = false // it was listed before the site unlisted all
	}
	if err := withinPolicy(at(c), m); err != nil {
		return m, err
	}
	return m, a.alternativeHosts(c, u, &m, r.AlternativeHosts)
}

// set puts what is there into place, if check lets it.
func set[T any](place, value *T, check func(T) (T, error)) (err error) {
	if value != nil {
		*place, err = check(*value)
	}
	return err
}

func anything[T any](value T) (T, error) { return value, nil }

func (r meetingRequest) texts(m *storage.Meeting) error {
	if err := set(&m.Title, r.Title, func(text string) (string, error) { return oneLine("The title", text, maxTitle) }); err != nil {
		return err
	}
	if err := set(&m.Agenda, r.Agenda, func(text string) (string, error) { return paragraphs("The agenda", text, maxAgenda) }); err != nil {
		return err
	}
	if err := set(&m.Password, r.Password, meetingPassword); err != nil || r.LinkProof == nil {
		return err
	}
	if !auth.IsLinkProof(*r.LinkProof) {
		return invalidError{"A linkProof has 32 bytes, in base64url."}
	}
	m.LinkProofHash = auth.HashLinkProof(*r.LinkProof)
	return nil
}

// serviceTypes are what a meeting can be.
func serviceTypes() []string {
	return []string{"MeetingCenter", "TrainingCenter", "EventCenter", "SupportCenter"}
}

func (r meetingRequest) options(m *storage.Meeting) error {
	for place, value := range map[*bool]*bool{
		&m.ExcludePassword: r.ExcludePassword, &m.Public: r.PublicMeeting, &m.RequireLogin: r.RequireAttendeeLogin,
		&m.RequireEmail: r.RequireEmail, &m.Lobby: r.Lobby,
	} {
		if err := set(place, value, anything); err != nil {
			return err
		}
	}
	if err := r.kind(m); err != nil {
		return err
	}
	if r.AttendeePrivileges != nil {
		m.Withheld = r.AttendeePrivileges.withheld(m.Withheld)
	}
	return nil
}

// kind makes m a meeting of the kind that is wanted, with its usual privileges.
func (r meetingRequest) kind(m *storage.Meeting) error {
	if r.ServiceType == nil || *r.ServiceType == m.ServiceType {
		return nil
	}
	if !slices.Contains(serviceTypes(), *r.ServiceType) {
		return invalidError{"The serviceType is one of " + strings.Join(serviceTypes(), ", ") + "."}
	}
	m.ServiceType = *r.ServiceType
	m.Withheld = usuallyWithheld(policy.ServiceType(m.ServiceType))
	return nil
}

// times checks them together: each of them may make the others wrong.
func (r meetingRequest) times(m *storage.Meeting) error {
	if err := set(&m.Start, r.Start, meetingStart); err != nil {
		return err
	}
	if r.End != nil {
		minutes := r.End.Sub(m.Start)
		if minutes%time.Minute != 0 || r.DurationMinutes != nil && *r.DurationMinutes != int(minutes/time.Minute) {
			return invalidError{"The end is a whole number of minutes after the start, as many as durationMinutes says where both are given."}
		}
		m.DurationMinutes = int(minutes / time.Minute)
	}
	if err := set(&m.DurationMinutes, r.DurationMinutes, anything); err != nil {
		return err
	}
	if err := meetingLength(m.DurationMinutes); err != nil {
		return err
	}
	if err := set(&m.Timezone, r.Timezone, timezone); err != nil {
		return err
	}
	_ = set(&m.Recurrence, r.Recurrence, anything)
	if len(m.Recurrence) > maxRule {
		return invalidError{"The recurrence is too long."}
	}
	starts, fault := recurrence.Occurrences(m.Recurrence, m.Start, zoneOf(*m))
	if fault != "" {
		return invalidError{fault}
	}
	m.LastStart = starts[len(starts)-1].UTC()
	return nil
}

const maxRule = 200 // characters of a recurrence

// zoneName is how the names of zones are written; posix/ and right/ are other
// clocks.
var zoneName = regexp.MustCompile(`^[A-Z][A-Za-z0-9_+-]*(/[A-Z][A-Za-z0-9_+-]*){0,2}$`)

// timezone returns name if it is a zone's (IANA).
func timezone(name string) (string, error) {
	if _, err := time.LoadLocation(name); err != nil || name == "Local" || len(name) > 50 || !zoneName.MatchString(name) {
		return "", invalidError{"The timezone is one of the IANA names, like Europe/Berlin or UTC."}
	}
	return name, nil
}

func (r meetingRequest) invitees(m *storage.Meeting) error {
	return set(&m.Invitees, r.Invitees, func(emails []string) ([]string, error) {
		return addresses("A meeting has", emails, maxInvitees)
	})
}

// addresses returns each e-mail address once, if all are ones.
func addresses(what string, emails []string, most int) ([]string, error) {
	if len(emails) > most {
		return nil, invalidError{fmt.Sprintf("%s at most %d people.", what, most)}
	}
	var all []string
	for _, email := range emails {
		address, err := emailAddress(email)
		if err != nil {
			return nil, invalidError{fmt.Sprintf("%s one who has no e-mail address: check the list.", what)}
		}
		same := func(other string) bool { return storage.FoldEmail(other) == storage.FoldEmail(address) }
		if !slices.ContainsFunc(all, same) {
			all = append(all, address)
		}
	}
	return all, nil
}

// alternativeHosts takes users of the site who may host meetings. Whether
// somebody is one they tell to who hosts here already, and to nobody else.
func (a *API) alternativeHosts(c echo.Context, owner storage.User, m *storage.Meeting, emails *[]string) error {
	if emails == nil {
		return nil
	}
	all, err := addresses("Beside its owner, a meeting has", *emails, maxHosts)
	if err != nil {
		return err
	}
	m.Hosts = nil
	for _, email := range all {
		u, err := a.db.UserByEmail(c.Request().Context(), at(c).ID, email)
		if err != nil || !u.Disabled.IsZero() || !policy.AllowSite(policy.SiteRole(u.Role), policy.ScheduleMeetings) {
			return invalidError{email + " does not host meetings at this site. Choose somebody who does."}
		}
		if u.ID != owner.ID {
			m.Hosts = append(m.Hosts, u.Email)
		}
	}
	return nil
}
