package api

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/conclave-meet/conclave/signaling/policy"
	"github.com/conclave-meet/conclave/storage"
)

// keepOldSecret is how long a webhook's secret signs once there is another.
const keepOldSecret = 24 * time.Hour

func (a *API) webhookRoutes() []route {
	return []route{
		get("/v1/webhooks", a.listWebhooks, "the addresses that are told what happens at the site", webhooksAnswer{}),
		post("/v1/webhooks", a.makeWebhook, "make a webhook: its secret is shown in this answer only", webhookRequest{}, newWebhookAnswer{}, http.StatusCreated),
		get("/v1/webhooks/:id", a.showWebhook, "one of the site's webhooks", webhookAnswer{}),
		patch("/v1/webhooks/:id", a.editWebhook, "edit, pause or resume a webhook: what is absent stays", webhookChange{}, webhookAnswer{}),
		remove("/v1/webhooks/:id", a.deleteWebhook, "delete a webhook, and all that waits for it"),
		post("/v1/webhooks/:id/secret", a.rotateSecret, "give a webhook another secret: it is shown in this answer only, and the one before signs too for 24 hours", nil, newWebhookAnswer{}, http.StatusOK),
		post("/v1/webhooks/:id/test", a.testWebhook, "send an event that tells of nothing now, and say what came of it", nil, deliveryAnswer{}, http.StatusOK),
		get("/v1/webhooks/:id/deliveries", a.listDeliveries, "what came of the newest 200 tries, the newest first", list[deliveryAnswer]{}),
		get("/v1/webhooks/:id/deadLetters", a.listDeadLetters, "the oldest 200 events that were given up", list[deadLetterAnswer]{}),
		post("/v1/webhooks/:id/deadLetters/retry", a.retryDeadLetters, "try all again that were given up", nil, deadLettersAnswer{}, http.StatusOK),
		remove("/v1/webhooks/:id/deadLetters", a.discardDeadLetters, "discard all that were given up"),
		post("/v1/webhooks/:id/deadLetters/:event/retry", a.retryDeadLetters, "try one again that was given up", nil, deadLettersAnswer{}, http.StatusOK),
		remove("/v1/webhooks/:id/deadLetters/:event", a.discardDeadLetters, "discard one that was given up"),
	}
}

// webhookAnswer is a webhook as an administrator sees it.
type webhookAnswer struct {
	ID             string     `json:"id"`
	URL            string     `json:"url"`
	Events         []string   `json:"events"`
	Enabled        bool       `json:"enabled"`
	Gone           bool       `json:"gone"` // it answered 410, and was disabled for that
	Created        time.Time  `json:"created"`
	OldSecretUntil *time.Time `json:"oldSecretUntil"` // null when one secret signs
	Waiting        int64      `json:"waiting"`        // events that are to go out
	Dead           int64      `json:"dead"`           // events that were given up
	Dropped        int64      `json:"dropped"`        // of those, how many had to make room for others, ever
	Version        int64      `json:"version"`        // what If-Match takes
}

func showHook(w storage.Webhook) webhookAnswer {
	shown := webhookAnswer{
		ID: w.ID, URL: w.URL, Events: append([]string{}, w.Events...), Enabled: w.Enabled, Gone: w.Gone, Created: w.Created,
		Waiting: w.Waiting, Dead: w.Dead, Dropped: w.Dropped, Version: w.Version,
	}
	if !w.OldSecretUntil.IsZero() {
		shown.OldSecretUntil = &w.OldSecretUntil
	}
	return shown
}

// newWebhookAnswer has the secret, which nobody can show again.
type newWebhookAnswer struct {
	webhookAnswer

	Secret string `json:"secret"`
}

// webhooksAnswer is a site's webhooks, and what they can be told of.
type webhooksAnswer struct {
	Items  []webhookAnswer `json:"items"`
	Events []string        `json:"events"`
}

func (a *API) listWebhooks(c echo.Context) error {
	if _, err := a.allowed(c, policy.ManageWebhooks); err != nil {
		return err
	}
	all, err := a.db.Webhooks(c.Request().Context(), at(c).ID)
	if err != nil {
		return err
	}
	items := make([]webhookAnswer, len(all))
	for i, w := range all {
		items[i] = showHook(w)
	}
	return answer(c, http.StatusOK, webhooksAnswer{items, storage.WebhookEvents()})
}

// webhook returns the webhook that the path names, and who may see and change it.
func (a *API) webhook(c echo.Context) (w storage.Webhook, by storage.User, err error) {
	if by, err = a.allowed(c, policy.ManageWebhooks); err != nil {
		return w, by, err
	}
	w, err = a.db.WebhookByID(c.Request().Context(), at(c).ID, c.Param("id"))
	return w, by, err
}

func (a *API) showWebhook(c echo.Context) error {
	w, _, err := a.webhook(c)
	if err != nil {
		return err
	}
	tag(c, w.Version)
	return answer(c, http.StatusOK, showHook(w))
}

type webhookRequest struct {
	URL    string   `json:"url"`
	Events []string `json:"events"`
}

type webhookChange struct {
	URL     *string   `json:"url"`
	Events  *[]string `json:"events"`
	Enabled *bool     `json:"enabled"`
}

// webhookURL returns address without the space around it, if it can be a webhook's.
func (a *API) webhookURL(address string) (string, error) {
	address = strings.TrimSpace(address)
	if fault := a.webhooks.Fault(address); fault != "" {
		return "", invalidError{fault}
	}
	return address, nil
}

// webhookEvents returns names in their order, each once, if there are such events.
func webhookEvents(names []string) ([]string, error) {
	known := storage.WebhookEvents()
	names = slices.Compact(slices.Sorted(slices.Values(names)))
	unknown := func(name string) bool { return !slices.Contains(known, name) }
	if len(names) == 0 || slices.ContainsFunc(names, unknown) {
		return nil, invalidError{fmt.Sprintf("A webhook needs one or more of the events %s.", strings.Join(known, ", "))}
	}
	return names, nil
}

func (a *API) makeWebhook(c echo.Context) error {
	by, err := a.allowed(c, policy.ManageWebhooks)
	if err != nil {
		return err
	}
	request, err := decode[webhookRequest](c)
	if err != nil {
		return err
	}
	w := storage.Webhook{SiteID: at(c).ID, OwnerID: by.ID, Enabled: true}
	if w.URL, err = a.webhookURL(request.URL); err != nil {
		return err
	}
	if w.Events, err = webhookEvents(request.Events); err != nil {
		return err
	}
	secret := a.webhooks.NewSecret()
	if w, err = a.db.InsertWebhook(c.Request().Context(), w, secret, actor(c, by)); err != nil {
		return err
	}
	tag(c, w.Version)
	return answer(c, http.StatusCreated, newWebhookAnswer{showHook(w), secret})
}

func (a *API) editWebhook(c echo.Context) error {
	w, by, err := a.webhook(c)
	if err != nil {
		return err
	}
	request, err := decode[webhookChange](c)
	if err != nil {
		return err
	}
	if err := matches(c, w.Version, false); err != nil {
		return err
	}
	if request.URL != nil {
		if w.URL, err = a.webhookURL(*request.URL); err != nil {
			return err
		}
	}
	if request.Events != nil {
		if w.Events, err = webhookEvents(*request.Events); err != nil {
			return err
		}
	}
	if request.Enabled != nil {
		w.Enabled = *request.Enabled
	}
	if w, err = a.db.UpdateWebhook(c.Request().Context(), w, actor(c, by)); err != nil {
		return err
	}
	tag(c, w.Version)
	return answer(c, http.StatusOK, showHook(w))
}

func (a *API) deleteWebhook(c echo.Context) error {
	w, by, err := a.webhook(c)
	if err != nil {
		return err
	}
	if err := matches(c, w.Version, false); err != nil {
		return err
	}
	if err := a.db.DeleteWebhook(c.Request().Context(), w.SiteID, w.ID, actor(c, by)); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

func (a *API) rotateSecret(c echo.Context) error {
	w, by, err := a.webhook(c)
	if err != nil {
		return err
	}
	if err := matches(c, w.Version, false); err != nil {
		return err
	}
	secret, until := a.webhooks.NewSecret(), time.Now().Add(keepOldSecret)
	if w, err = a.db.RotateWebhookSecret(c.Request().Context(), w.SiteID, w.ID, secret, until, actor(c, by)); err != nil {
		return err
	}
	tag(c, w.Version)
	return answer(c, http.StatusOK, newWebhookAnswer{showHook(w), secret})
}
