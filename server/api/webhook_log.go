package api

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/conclave-meet/conclave/server/auth"
	"github.com/conclave-meet/conclave/storage"
)

const (
	maxDeadLetters = 200 // shown at once
	maxTests       = 8   // sent at once
)

// deliveryAnswer is one try. Its outcome is a word: docs/webhooks.md has them all.
type deliveryAnswer struct {
	EventID string    `json:"eventId"`
	Type    string    `json:"type"`
	Time    time.Time `json:"time"`
	Try     int       `json:"try"` // 1, 2, 3 …
	Outcome string    `json:"outcome"`
	Status  *int      `json:"status"` // of the answer; null for none
	TookMS  int64     `json:"tookMs"`
}

func showDelivery(d storage.Delivery) deliveryAnswer {
	return deliveryAnswer{d.EventID, d.Type, d.At.UTC().Truncate(time.Millisecond), d.Try, d.Outcome, statusOrNull(d.Status), d.Took.Milliseconds()}
}

func statusOrNull(status int) *int {
	if status == 0 {
		return nil
	}
	return &status
}

// deadLetterAnswer is an event that was given up.
type deadLetterAnswer struct {
	EventID   string    `json:"eventId"`
	Type      string    `json:"type"`
	MeetingID string    `json:"meetingId"`
	Time      time.Time `json:"time"`  // when it happened
	Died      time.Time `json:"died"`  // when it was given up
	Tries     int       `json:"tries"` // that failed
	Outcome   string    `json:"outcome"`
	Status    *int      `json:"status"` // of the last answer; null for none
}

// deadLettersAnswer is how many events something was done with.
type deadLettersAnswer struct {
	Events int64 `json:"events"`
}

func (a *API) testWebhook(c echo.Context) error {
	w, _, err := a.webhook(c)
	if err != nil {
		return err
	}
	select {
	case a.tests <- struct{}{}:
		defer func() { <-a.tests }()
	default:
		return auth.ErrBusy
	}
	d, err := a.webhooks.Test(c.Request().Context(), w)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, showDelivery(d))
}

func (a *API) listDeliveries(c echo.Context) error {
	w, _, err := a.webhook(c)
	if err != nil {
		return err
	}
	all, err := a.db.Deliveries(c.Request().Context(), w.SiteID, w.ID)
	if err != nil {
		return err
	}
	items := make([]deliveryAnswer, len(all))
	for i, d := range all {
		items[i] = showDelivery(d)
	}
	return answer(c, http.StatusOK, list[deliveryAnswer]{items})
}

func (a *API) listDeadLetters(c echo.Context) error {
	w, _, err := a.webhook(c)
	if err != nil {
		return err
	}
	all, err := a.db.DeadLetters(c.Request().Context(), w.SiteID, w.ID, maxDeadLetters)
	if err != nil {
		return err
	}
	items := make([]deadLetterAnswer, len(all))
	for i, e := range all {
		items[i] = deadLetterAnswer{e.ID, e.Type, e.MeetingID, e.At, e.Dead, e.Tries, e.Outcome, statusOrNull(e.Status)}
	}
	return answer(c, http.StatusOK, list[deadLetterAnswer]{items})
}

// retryDeadLetters is for one event or, where the path names none, all.
func (a *API) retryDeadLetters(c echo.Context) error {
	w, by, err := a.webhook(c)
	if err != nil {
		return err
	}
	n, err := a.db.RetryDeadLetters(c.Request().Context(), w.SiteID, w.ID, c.Param("event"), actor(c, by))
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, deadLettersAnswer{n})
}

// discardDeadLetters is for one event or, where the path names none, all.
func (a *API) discardDeadLetters(c echo.Context) error {
	w, by, err := a.webhook(c)
	if err != nil {
		return err
	}
	if _, err := a.db.DiscardDeadLetters(c.Request().Context(), w.SiteID, w.ID, c.Param("event"), actor(c, by)); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
