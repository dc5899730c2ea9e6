package app

import (
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
		gauge("conclave_peers", "Participants whose media is negotiated.", func() float64 { return float64(a.sfu.Stats().Peers) }),
		counter("conclave_negotiations_total", "Offers answered for a join.", func() float64 { return float64(a.sfu.Stats().Joins) }),
		counter("conclave_ice_restarts_total", "Offers answered after a change of network.", func() float64 { return float64(a.sfu.Stats().Restarts) }),
		gauge("conclave_edr_pending_records", "Records that are not on disk yet.", func() float64 { return float64(a.records.Pending()) }),
	)
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	mux.Handle("GET /livez", a.public.Handler)
	mux.Handle("GET /readyz", a.public.Handler)
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	return mux
}

func gauge(name, help string, value func() float64) prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value)
}

func counter(name, help string, value func() float64) prometheus.Collector {
	return prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, value)
}
