package storage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/conclave-meet/conclave/signaling/edr"
)

// What webhooks are told of meetings that are scheduled. The rest is in toldOf.
const (
	meetingCreated = "meetings.created"
	meetingUpdated = "meetings.updated"
	meetingDeleted = "meetings.deleted"
)

// toldOf are the facts that webhooks are told of, by their kind.
var toldOf = map[string]string{ //nolint:gochecknoglobals // a table
	edr.Started{}.Kind():     "meetings.started",
	edr.Ended{}.Kind():       "meetings.ended",
	edr.Joined{}.Kind():      "meetingParticipants.joined",
	edr.Left{}.Kind():        "meetingParticipants.left",
	edr.Admitted{}.Kind():    "meetingParticipants.admitted",
	edr.Denied{}.Kind():      "meetingParticipants.denied",
	edr.Expelled{}.Kind():    "meetingParticipants.expelled",
	edr.RoleChanged{}.Kind(): "meetingParticipants.roleChanged",
}

// WebhookEvents lists everything a webhook can be told of. What stands before the
// dot is the resource.
func WebhookEvents() []string {
	all := []string{meetingCreated, meetingUpdated, meetingDeleted}
	for _, name := range toldOf {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// eventBody is what a receiver gets.
type eventBody struct {
	ID        string    `json:"id"`
	Type      string    `json:"type"`
	CreatedAt time.Time `json:"createdAt"`
	Data      eventData `json:"data"`
}

// eventData is what an event tells. It has no e-mail address and no password: who
// receives it need not be of the site.
type eventData struct {
	MeetingID       string     `json:"meetingId,omitzero"`
	MeetingNumber   string     `json:"meetingNumber,omitzero"`
	Title           string     `json:"title,omitzero"`
	ServiceType     string     `json:"serviceType,omitzero"`
	HostDisplayName string     `json:"hostDisplayName,omitzero"`
	Start           *time.Time `json:"start,omitzero"` // of a meeting that is scheduled
	DurationMinutes int        `json:"durationMinutes,omitzero"`
	Timezone        string     `json:"timezone,omitzero"`
	Recurrence      string     `json:"recurrence,omitzero"`

	SessionID         string `json:"sessionId,omitzero"`
	DurationSeconds   *int64 `json:"durationSeconds,omitzero"` // of the session or the stay that is over
	TotalParticipants *int64 `json:"totalParticipants,omitzero"`
	Reason            string `json:"reason,omitzero"`

	ParticipantID   string `json:"participantId,omitzero"`
	DisplayName     string `json:"displayName,omitzero"`
	ParticipantType string `json:"participantType,omitzero"`
	By              string `json:"by,omitzero"` // the participant who did it
}

// event is one thing that webhooks are told of.
type event struct {
	site string
	key  string // what tells it from any other; the same for the same thing
	kind string
	at   time.Time
	data eventData
}

// id is made from what the event tells of, so that one thing is one event,
// however often it is written.
func (e event) id() string {
	sum := sha256.Sum256([]byte(e.key))
	return "evt_" + hex.EncodeToString(sum[:16])
}

// payload is the event as its receiver gets it.
func (e event) payload() ([]byte, error) {
	body, err := json.Marshal(eventBody{ID: e.id(), Type: e.kind, CreatedAt: fromMillis(e.at.UnixMilli()), Data: e.data}, json.Deterministic(true))
	if err != nil {
		return nil, fmt.Errorf("encode event: %w", err)
	}
	return body, nil
}

// outbox queues events in the transaction of what they tell of: there is no one
// without the other.
type outbox struct {
	tx       executor
	webhooks map[string][]listener // by site
	sessions map[string]*eventData // by session; nil where none is on record
	touched  map[string]struct{}   // webhooks that something was queued for
}

// listener is a webhook, and what it wants to be told of.
type listener struct {
	id     string
	events []string
}

func newOutbox(tx executor) *outbox {
	return &outbox{
		tx: tx, webhooks: make(map[string][]listener), sessions: make(map[string]*eventData), touched: make(map[string]struct{}),
	}
}

// listeners returns the webhooks of a site that want to be told of kind.
func (o *outbox) listeners(ctx context.Context, site, kind string) (ids []string, err error) {
	all, known := o.webhooks[site]
	if !known {
		all, err = list(ctx, o.tx, func(row scanner) (l listener, err error) {
			var events []byte
			if err := row.Scan(&l.id, &events); err != nil {
				return l, err
			}
			return l, json.Unmarshal(events, &l.events)
		}, `SELECT id, events FROM webhooks WHERE site_id = ? AND enabled = 1`, site)
		if err != nil {
			return nil, fmt.Errorf("list webhooks: %w", err)
		}
		o.webhooks[site] = all
	}
	for _, l := range all {
		if slices.Contains(l.events, kind) {
			ids = append(ids, l.id)
		}
	}
	return ids, nil
}

// put queues an event for those webhooks.
func (o *outbox) put(ctx context.Context, e event, webhooks []string) error {
	id := e.id()
	payload, err := e.payload()
	if err != nil {
		return err
	}
	for _, webhook := range webhooks {
		_, err := o.tx.ExecContext(ctx, `
			INSERT INTO webhook_events (id, webhook_id, site_id, meeting_id, type, at, payload, due_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (webhook_id, id) DO NOTHING`,
			id, webhook, e.site, e.data.MeetingID, e.kind, e.at.UnixMilli(), string(payload), now().UnixMilli())
		if err != nil {
			return fmt.Errorf("queue event: %w", err)
		}
		o.touched[webhook] = struct{}{}
	}
	return nil
}

// record queues what webhooks are told of a fact that is on record now.
func (o *outbox) record(ctx context.Context, r edr.Record, site string) error {
	kind, told := toldOf[r.Fact.Kind()]
	if !told || site == "" {
		return nil
	}
	webhooks, err := o.listeners(ctx, site, kind)
	if err != nil || len(webhooks) == 0 {
		return err
	}
	session, err := o.session(ctx, r.Session)
	if err != nil || session == nil {
		return err
	}
	data := *session
	data.ParticipantID = r.Participant
	switch f := r.Fact.(type) {
	case edr.Joined:
		data.DisplayName, data.ParticipantType = f.DisplayName, f.ParticipantType
	case edr.Left:
		data.Reason, data.DurationSeconds = f.Reason, wholeSeconds(f.Duration)
	case edr.Ended:
		data.Reason, data.DurationSeconds = f.Reason, wholeSeconds(f.Duration)
		if data.TotalParticipants, err = o.participants(ctx, r.Session); err != nil {
			return err
		}
	case edr.RoleChanged:
		data.ParticipantType, data.By = f.Role, f.By
	default:
		data.By = detailOf(f).By
	}
	return o.put(ctx, event{
		site: site, key: r.Session + "\x00" + strconv.FormatUint(r.Seq, 10), kind: kind, at: r.At, data: data,
	}, webhooks)
}

// session returns what every event of a session tells, or nil where none is on
// record.
func (o *outbox) session(ctx context.Context, id string) (*eventData, error) {
	if known, ok := o.sessions[id]; ok {
		return known, nil
	}
	found, err := list(ctx, o.tx, func(row scanner) (d eventData, err error) {
		d.SessionID = id
		return d, row.Scan(&d.MeetingID, &d.MeetingNumber, &d.Title, &d.ServiceType, &d.HostDisplayName)
	}, `SELECT meeting_id, meeting_number, meeting_title, service_type, host_name FROM edr_sessions WHERE id = ?`, id)
	if err != nil {
		return nil, fmt.Errorf("session of an event: %w", err)
	}
	o.sessions[id] = nil
	if len(found) > 0 {
		o.sessions[id] = &found[0]
	}
	return o.sessions[id], nil
}

func (o *outbox) participants(ctx context.Context, session string) (*int64, error) {
	found, err := list(ctx, o.tx, func(row scanner) (n int64, err error) { return n, row.Scan(&n) },
		`SELECT total_participants FROM edr_sessions WHERE id = ?`, session)
	if err != nil || len(found) == 0 {
		return nil, errors.Join(err, ErrNotFound)
	}
	return &found[0], nil
}

func wholeSeconds(d time.Duration) *int64 {
	n := seconds(d.Milliseconds())
	return &n
}

// close keeps what waits within bounds.
func (o *outbox) close(ctx context.Context) error {
	for webhook := range o.touched {
		if err := trimEvents(ctx, o.tx, webhook); err != nil {
			return err
		}
	}
	return nil
}

// tellMeeting queues what webhooks are told of a change of a meeting.
func tellMeeting(ctx context.Context, tx executor, kind string, m Meeting) error {
	o := newOutbox(tx)
	webhooks, err := o.listeners(ctx, m.SiteID, kind)
	if err != nil || len(webhooks) == 0 {
		return err
	}
	data := eventData{
		MeetingID: m.ID, MeetingNumber: m.Number, Title: m.Title, ServiceType: m.ServiceType, HostDisplayName: m.HostName,
		Start: &m.Start, DurationMinutes: m.DurationMinutes, Timezone: m.Timezone, Recurrence: m.Recurrence,
	}
	key := m.ID + "\x00" + kind + "\x00" + strconv.FormatInt(m.Version, 10)
	if err := o.put(ctx, event{site: m.SiteID, key: key, kind: kind, at: now(), data: data}, webhooks); err != nil {
		return err
	}
	return o.close(ctx)
}
