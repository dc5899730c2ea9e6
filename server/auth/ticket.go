package auth

import (
	"container/list"
	"sync"
	"time"
)

// TicketLife is how soon a ticket must be used.
const TicketLife = time.Minute

// StayLife is how long the cookie of a stay is kept, which proves to whom it
// belongs when they come back.
const StayLife = CredentialLife

const maxTickets = 10_000 // that wait to be used

// Stay is one participant's time in a meeting, as it was allowed when they
// asked to join.
type Stay struct {
	ParticipantID string
	SiteID        string
	MeetingID     string
	UserID        string // empty for who is not signed in
	Name          string
	Email         string
	Role          string // a policy.Role
	Guest         bool   // not signed in at the site
	Owner         bool   // the meeting is theirs
	SignatureKey  string // base64url; empty for who showed none
	ClientAgent   string
	IPAddress     string

	Secret         StaySecret // of this stay; Redeem sets it
	Previous       string     // the participant they say to have been before; empty for nobody
	PreviousSecret StaySecret // of the cookie they prove it with

	DisclaimerHash string // of what they agreed to; empty for nothing
	Form           string // JSON, what they answered to the site's questions; empty for nothing
}

// StaySecret is what is kept of the cookie of a stay.
type StaySecret = digest

// StaySecretOf returns what is kept of a cookie that holds value.
func StaySecretOf(value string) StaySecret { return digestOf(value) }

// Tickets are the rights to open one socket each, soon. A ticket counts only
// together with the cookie that was set with it, and only once: it is gone when
// it is shown, with the right cookie or without.
type Tickets struct {
	mu    sync.Mutex // guards byKey and order
	byKey map[digest]*list.Element
	order *list.List // of *issued, the oldest in front
}

// issued is a ticket as it is kept.
type issued struct {
	key     digest
	cookie  digest
	stay    Stay
	expires time.Time
}

// NewTickets returns no tickets.
func NewTickets() *Tickets {
	return &Tickets{byKey: make(map[digest]*list.Element), order: list.New()}
}

// Issue returns a ticket for stay, and what the cookie that goes with it holds.
// ErrBusy says that too many tickets wait to be used.
func (t *Tickets) Issue(stay Stay) (ticket, cookie string, err error) {
	ticket, cookie = stay.ParticipantID+"."+newSecret(), newSecret()
	now := time.Now()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sweep(now)
	if t.order.Len() >= maxTickets {
		return "", "", ErrBusy
	}
	i := &issued{key: digestOf(ticket), cookie: digestOf(cookie), stay: stay, expires: now.Add(TicketLife)}
	t.byKey[i.key] = t.order.PushBack(i)
	return ticket, cookie, nil
}

// Redeem returns the stay that ticket is for, if cookie is the one that was set
// with it, and ErrTicket otherwise.
func (t *Tickets) Redeem(ticket, cookie string) (Stay, error) {
	key := digestOf(ticket)
	t.mu.Lock()
	defer t.mu.Unlock()
	found := t.byKey[key] // by digest: how long this takes tells nothing of a ticket
	if found == nil {
		return Stay{}, ErrTicket
	}
	i := t.remove(found)
	if !same(i.key, key) || !same(i.cookie, digestOf(cookie)) || !time.Now().Before(i.expires) {
		return Stay{}, ErrTicket
	}
	i.stay.Secret = i.cookie
	return i.stay, nil
}

// sweep drops the tickets that are too old. The caller holds t.mu.
func (t *Tickets) sweep(now time.Time) {
	for oldest := t.order.Front(); oldest != nil; oldest = t.order.Front() {
		if now.Before(oldest.Value.(*issued).expires) {
			return
		}
		t.remove(oldest)
	}
}

// remove drops one ticket and returns it. The caller holds t.mu.
func (t *Tickets) remove(e *list.Element) *issued {
	i := t.order.Remove(e).(*issued)
	delete(t.byKey, i.key)
	return i
}
