package bot

import (
	"bytes"
	"context"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"time"
)

// Site is a server as one person's browser sees it: it keeps their cookies.
type Site struct {
	URL         string // scheme, host and port, and the prefix of a site that has one
	LeaveKnocks bool   // a host who joins does not answer those who knock
	Previous    string // the participant that who joins was before; empty for nobody
	http        *http.Client
}

// NewSite returns the site at url for a person without cookies.
func NewSite(url string) *Site {
	jar, _ := cookiejar.New(nil) // it has no error to return
	return &Site{URL: url, http: &http.Client{Jar: jar, Timeout: 30 * time.Second}}
}

// At is the same person's site when it has moved to another port.
func (s *Site) At(url string) *Site {
	return &Site{URL: url, LeaveKnocks: s.LeaveKnocks, Previous: s.Previous, http: s.http}
}

// Meeting is a scheduled meeting, as its owner sees it.
type Meeting struct {
	ID       string `json:"id"`
	Number   string `json:"meetingNumber"`
	Title    string `json:"title"`
	Password string `json:"password"`
	WebLink  string `json:"webLink"`
	State    string `json:"state"`
}

// Usage is a session's record.
type Usage struct {
	SessionID         string `json:"sessionId"`
	SiteURL           string `json:"siteUrl"`
	MeetingID         string `json:"meetingId"`
	Start             string `json:"start"`
	End               string `json:"end"`
	DurationSeconds   int    `json:"durationSeconds"`
	TotalParticipants int    `json:"totalParticipants"`
	PeakAttendee      int    `json:"peakAttendee"`
	EndReason         string `json:"endReason"`
}

// Attendee is the record of a stay.
type Attendee struct {
	SessionID       string `json:"sessionId"`
	ParticipantID   string `json:"participantId"`
	DisplayName     string `json:"displayName"`
	LeftTime        string `json:"leftTime"`
	DurationSeconds int    `json:"durationSeconds"`
	LeaveReason     string `json:"leaveReason"`
	Transport       string `json:"transport"`
}

// StatusError is an answer that is not a success.
type StatusError struct {
	Status int
	Body   string
}

func (e StatusError) Error() string { return fmt.Sprintf("status %d: %s", e.Status, e.Body) }

// SetUp makes the site's first administrator and signs them in.
func (s *Site) SetUp(ctx context.Context, token, email, password string) error {
	return s.call(ctx, http.MethodPost, "/v1/setup", map[string]string{"token": token, "name": "Ada Host", "email": email, "password": password}, nil)
}

// Login signs a user in.
func (s *Site) Login(ctx context.Context, email, password string) error {
	return s.call(ctx, http.MethodPost, "/v1/login", map[string]string{"email": email, "password": password}, nil)
}

// Schedule makes a meeting that may start now. Like a browser it makes the
// link's secret itself, and shows the server a proof.
func (s *Site) Schedule(ctx context.Context, title string) (m Meeting, err error) {
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // it never fails: the program stops instead
	proof, err := proofOf(secret)
	if err != nil {
		return m, err
	}
	err = s.call(ctx, http.MethodPost, "/v1/meetings", map[string]any{
		"title": title, "start": time.Now().UTC().Format(time.RFC3339), "password": "open sesame", "linkProof": proof,
	}, &m)
	m.WebLink += "#" + base64.RawURLEncoding.EncodeToString(secret)
	return m, err
}

// Meetings lists the user's meetings.
func (s *Site) Meetings(ctx context.Context) ([]Meeting, error) {
	var page struct{ Items []Meeting }
	err := s.call(ctx, http.MethodGet, "/v1/meetings", nil, &page)
	return page.Items, err
}

// Start begins a session.
func (s *Site) Start(ctx context.Context, meetingID string) error {
	return s.call(ctx, http.MethodPost, "/v1/meetings/"+meetingID+"/start", nil, nil)
}

// End ends a session; it is on record when End returns nil.
func (s *Site) End(ctx context.Context, meetingID string) error {
	return s.call(ctx, http.MethodPost, "/v1/meetings/"+meetingID+"/end", nil, nil)
}

// Remove deletes a meeting that does not run; its records stay.
func (s *Site) Remove(ctx context.Context, meetingID string) error {
	return s.call(ctx, http.MethodDelete, "/v1/meetings/"+meetingID, nil, nil)
}

// Usage lists the newest sessions.
func (s *Site) Usage(ctx context.Context) ([]Usage, error) {
	var page struct{ Items []Usage }
	err := s.call(ctx, http.MethodGet, "/v1/meetingReports/usage?max=200", nil, &page)
	return page.Items, err
}

// Attendees lists the stays of a session.
func (s *Site) Attendees(ctx context.Context, sessionID string) ([]Attendee, error) {
	var page struct{ Items []Attendee }
	err := s.call(ctx, http.MethodGet, "/v1/meetingReports/attendees?max=200&sessionId="+sessionID, nil, &page)
	return page.Items, err
}

// call does one request; in and out may be nil.
func (s *Site) call(ctx context.Context, method, path string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	if in == nil {
		body = []byte("{}")
	}
	req, err := http.NewRequestWithContext(ctx, method, s.URL+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := s.http.Do(req)
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	if resp.StatusCode >= http.StatusMultipleChoices {
		return fmt.Errorf("%s %s: %w", method, path, StatusError{resp.StatusCode, string(answer)})
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(answer, out)
}

// linkProof is what a link's holder shows; see docs/api.md.
func linkProof(webLink string) (string, error) {
	_, fragment, _ := strings.Cut(webLink, "#")
	secret, err := base64.RawURLEncoding.DecodeString(fragment)
	if err != nil {
		return "", fmt.Errorf("link secret: %w", err)
	}
	return proofOf(secret)
}

func proofOf(secret []byte) (string, error) {
	proof, err := hkdf.Key(sha256.New, secret, nil, "conclave link proof v1", 32)
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(proof), nil
}

// MeetingOf returns what an invite link tells of its meeting.
func MeetingOf(webLink string) (Meeting, error) {
	path, _, ok := strings.Cut(webLink, "#")
	i := strings.LastIndex(path, "/j/")
	if !ok || i < 0 {
		return Meeting{}, errors.New("bot: not an invite link")
	}
	return Meeting{Number: path[i+len("/j/"):], WebLink: webLink}, nil
}

// Do sends a request with the person's cookies, for calls that no method here is
// for. The caller closes the answer's body.
func (s *Site) Do(r *http.Request) (*http.Response, error) { return s.http.Do(r) } //nolint:gosec // a test's own server
