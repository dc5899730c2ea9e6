package app

import (
	"context"
	"log/slog"
	"time"
)

// obeyEvery is how often the rooms are told what their sites' policies are, in
// case somebody changed one beside the interface: at the command line.
const obeyEvery = time.Second

// obey keeps the rooms to their sites' policies until ctx ends.
func (a *App) obey(ctx context.Context) {
	ticker := time.NewTicker(obeyEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			for _, id := range a.rooms.Sites() {
				s, err := a.sites.ByID(ctx, id)
				if err != nil {
					if ctx.Err() == nil {
						slog.ErrorContext(ctx, "policy of a site not read", "site", id, "err", err)
					}
					continue
				}
				a.rooms.SetPolicy(id, s.PolicyVersion, s.Rules) //nolint:contextcheck // a room has its own
			}
		}
	}
}
