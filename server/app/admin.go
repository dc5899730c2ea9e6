package app

import (
	"context"
	"net/http"
	"net/http/pprof"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// adminHandler is what the operator sees: numbers, and profiles of the process.
// It has no login; the address it is served at must be out of others' reach.
func (a *App) adminHandler(version string) http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "conclave_build_info", Help: "Always 1; the version is a label.", ConstLabels: prometheus.Labels{"version": version},
		}, func() float64 { return 1 }),
		gauge("conclave_rooms", "Meetings in memory: running, or waited for.", func() float64 { return float64(a.rooms.Len()) }),
		newMediaNumbers(a.sfu),
		gauge("conclave_edr_pending_records", "Records that are not on disk yet.", func() float64 { return float64(a.records.Pending()) }),
	)
	a.registerMail(registry)
	a.registerWebhooks(registry)
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	mux.Handle("GET /livez", a.public.Handler)
	mux.Handle("GET /readyz", a.public.Handler)
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	return mux
}

// registerMail adds the numbers of the mail, where there is any.
func (a *App) registerMail(registry *prometheus.Registry) {
	if a.mail == nil {
		return
	}
	registry.MustRegister(
		counter("conclave_mail_sent_total", "Mails the mail server took.", func() float64 { return float64(a.mail.Stats().Sent) }),
		counter("conclave_mail_retries_total", "Tries after which a mail waits for another.", func() float64 { return float64(a.mail.Stats().Retried) }),
		counter("conclave_mail_failed_total", "Mails given up.", func() float64 { return float64(a.mail.Stats().Failed) }),
		counter("conclave_mail_withheld_total", "Mails that a site's policy did not let out.", func() float64 { return float64(a.mail.Stats().Withheld) }),
		gauge("conclave_mail_waiting", "Mails that are to go out.", a.waitingMail),
	)
}

// waitingMail is -1 when the database does not say.
func (a *App) waitingMail() float64 {
	n, err := a.db.WaitingMail(context.Background())
	if err != nil {
		return -1
	}
	return float64(n)
}

// registerWebhooks adds the numbers of the webhooks.
func (a *App) registerWebhooks(registry *prometheus.Registry) {
	registry.MustRegister(
		counter("conclave_webhook_delivered_total", "Events that a webhook's receiver took.", func() float64 { return float64(a.hooks.Stats().Delivered) }),
		counter("conclave_webhook_failed_total", "Tries after which an event was not taken.", func() float64 { return float64(a.hooks.Stats().Failed) }),
		counter("conclave_webhook_dead_total", "Events given up after their last try.", func() float64 { return float64(a.hooks.Stats().Dead) }),
		gauge("conclave_webhook_waiting", "Events that are to go out.", a.waitingEvents),
		gauge("conclave_webhook_dead_letters", "Events that were given up, and are kept.", a.deadLetters),
	)
}

// waitingEvents is -1 when the database does not say.
func (a *App) waitingEvents() float64 {
	waiting, _, err := a.db.WaitingWebhookEvents(context.Background())
	if err != nil {
		return -1
	}
	return float64(waiting)
}

// deadLetters is -1 when the database does not say.
func (a *App) deadLetters() float64 {
	_, dead, err := a.db.WaitingWebhookEvents(context.Background())
	if err != nil {
		return -1
	}
	return float64(dead)
}

func gauge(name, help string, value func() float64) prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value)
}

func counter(name, help string, value func() float64) prometheus.Collector {
	return prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, value)
}
