package webhook

import (
	"time"

	"github.com/conclave-meet/conclave/storage"
)

// How many events are on their way at once. Who answers slowly, or has yet to show
// that they do not, has one place and shares half of all with their like: who answers
// soon does not wait for them. What waits in the queue takes no place.
const (
	inAll      = 64
	forSlow    = inAll / 2
	perWebhook = 4
	slow       = 2 * time.Second
)

// lane is where events follow one another.
type lane struct{ webhook, meeting string }

func laneOf(e storage.WebhookEvent) lane { return lane{e.WebhookID, e.MeetingID} }

// places are what is on its way. Its owner is one goroutine.
type places struct {
	lanes    map[lane]bool  // those that have one; true for one of the slow
	webhooks map[string]int // how many each has
	quick    map[string]struct{}
	held     int
	heldSlow int
}

func newPlaces() *places {
	return &places{lanes: make(map[lane]bool), webhooks: make(map[string]int), quick: make(map[string]struct{})}
}

func (p *places) full() bool { return p.held >= inAll }

// take gives an event a place, if there is one and no other of its meeting has it.
func (p *places) take(e storage.WebhookEvent) bool {
	_, quick := p.quick[e.WebhookID]
	most := perWebhook
	if !quick {
		most = 1
	}
	_, taken := p.lanes[laneOf(e)]
	if taken || p.full() || p.webhooks[e.WebhookID] >= most || !quick && p.heldSlow >= forSlow {
		return false
	}
	p.lanes[laneOf(e)] = !quick
	p.webhooks[e.WebhookID]++
	p.held++
	if !quick {
		p.heldSlow++
	}
	return true
}

// give takes the place of an event back.
func (p *places) give(e storage.WebhookEvent, quick bool) {
	if p.lanes[laneOf(e)] {
		p.heldSlow--
	}
	delete(p.lanes, laneOf(e))
	p.held--
	if p.webhooks[e.WebhookID]--; p.webhooks[e.WebhookID] == 0 {
		delete(p.webhooks, e.WebhookID)
	}
	if quick {
		p.quick[e.WebhookID] = struct{}{}
	} else {
		delete(p.quick, e.WebhookID)
	}
}
