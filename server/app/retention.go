package app

import (
	"context"
	"log/slog"
	"time"
)

// purgeDaily deletes the records that their site's policy keeps no longer, now
// and every day, until ctx ends.
func (a *App) purgeDaily(ctx context.Context) {
	ticker := time.NewTicker(24 * time.Hour)
	defer ticker.Stop()
	for {
		a.purge(ctx)
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// purge deletes the records of every site that are too old, and what is known of
// join tokens that are good for nothing more. What goes wrong at
// one site is no reason to leave those of another.
func (a *App) purge(ctx context.Context) {
	if _, err := a.db.ForgetJoinTokens(ctx); err != nil && ctx.Err() == nil {
		slog.ErrorContext(ctx, "join tokens not forgotten", "err", err)
	}
	sites, err := a.db.Sites(ctx)
	if err != nil && ctx.Err() == nil {
		slog.ErrorContext(ctx, "records not purged", "err", err)
	}
	for _, one := range sites {
		s, err := a.sites.ByID(ctx, one.ID)
		if err == nil && s.Rules.EDRRetentionDays > 0 {
			before := time.Now().AddDate(0, 0, -s.Rules.EDRRetentionDays)
			purged, purgeErr := a.db.Purge(ctx, s.ID, before)
			err = purgeErr
			if purged.Sessions > 0 {
				slog.InfoContext(ctx, "records purged", "site", s.Name, "sessions", purged.Sessions, "ended_before", before)
			}
		}
		if err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "records not purged", "site", one.Name, "err", err)
		}
	}
}
