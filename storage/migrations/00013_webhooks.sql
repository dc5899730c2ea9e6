-- +goose Up
-- Addresses that are told what happens at a site.
CREATE TABLE webhooks (
	id               TEXT NOT NULL PRIMARY KEY,
	site_id          TEXT NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
	owner_id         TEXT REFERENCES users (id) ON DELETE SET NULL, -- who made it
	url              TEXT NOT NULL,
	events           TEXT NOT NULL,             -- JSON, an array of what it is told of
	secret           TEXT NOT NULL,             -- as it is: messages are signed with it
	old_secret       TEXT NOT NULL DEFAULT '',  -- signs too, until then
	old_secret_until INTEGER NOT NULL DEFAULT 0,
	enabled          INTEGER NOT NULL DEFAULT 1,
	gone             INTEGER NOT NULL DEFAULT 0, -- it said so itself (410), and was disabled for it
	dropped          INTEGER NOT NULL DEFAULT 0, -- dead letters that had to make room for others
	version          INTEGER NOT NULL DEFAULT 1, -- counts the edits
	created_at       INTEGER NOT NULL
) STRICT;
CREATE INDEX webhooks_site ON webhooks (site_id, id);

-- What they are to be told: a row for each webhook and event, in the order of n.
CREATE TABLE webhook_events (
	n          INTEGER PRIMARY KEY AUTOINCREMENT,
	id         TEXT NOT NULL, -- of the event, made from what it tells of
	webhook_id TEXT NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
	site_id    TEXT NOT NULL,
	meeting_id TEXT NOT NULL, -- the order is kept within it
	type       TEXT NOT NULL,
	at         INTEGER NOT NULL, -- when it happened
	payload    TEXT NOT NULL,
	tries      INTEGER NOT NULL DEFAULT 0, -- that failed
	due_at     INTEGER NOT NULL,
	dead_at    INTEGER, -- when it was given up
	leads      INTEGER NOT NULL DEFAULT 0, -- 1 for the first of its meeting that waits: triggers see to it
	outcome    TEXT NOT NULL DEFAULT '', -- of the last try
	status     INTEGER NOT NULL DEFAULT 0,
	UNIQUE (webhook_id, id)
) STRICT;
CREATE INDEX webhook_events_order ON webhook_events (webhook_id, meeting_id, n) WHERE dead_at IS NULL;
CREATE INDEX webhook_events_waiting ON webhook_events (webhook_id, n) WHERE dead_at IS NULL;
CREATE INDEX webhook_events_dead ON webhook_events (webhook_id, n) WHERE dead_at IS NOT NULL;
CREATE INDEX webhook_events_due ON webhook_events (webhook_id, due_at, n) WHERE leads = 1;
CREATE INDEX webhook_events_leads ON webhook_events (webhook_id, meeting_id) WHERE leads = 1;
CREATE INDEX webhook_events_age ON webhook_events (site_id, at);

-- Who leads is kept, not looked for: a look at the queue costs what it finds, and
-- not what waits behind that.
-- +goose StatementBegin
CREATE TRIGGER webhook_events_come AFTER INSERT ON webhook_events WHEN NEW.dead_at IS NULL BEGIN
	UPDATE webhook_events SET leads = 1 WHERE n = NEW.n AND NOT EXISTS (
		SELECT 1 FROM webhook_events b
		WHERE b.webhook_id = NEW.webhook_id AND b.meeting_id = NEW.meeting_id AND b.dead_at IS NULL AND b.n < NEW.n);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER webhook_events_go AFTER DELETE ON webhook_events WHEN OLD.leads = 1 BEGIN
	UPDATE webhook_events SET leads = 1 WHERE n = (
		SELECT min(n) FROM webhook_events WHERE webhook_id = OLD.webhook_id AND meeting_id = OLD.meeting_id AND dead_at IS NULL);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER webhook_events_turn AFTER UPDATE OF dead_at ON webhook_events
WHEN (OLD.dead_at IS NULL) <> (NEW.dead_at IS NULL) BEGIN
	UPDATE webhook_events SET leads = 0 WHERE webhook_id = NEW.webhook_id AND meeting_id = NEW.meeting_id AND leads = 1;
	UPDATE webhook_events SET leads = 1 WHERE n = (
		SELECT min(n) FROM webhook_events WHERE webhook_id = NEW.webhook_id AND meeting_id = NEW.meeting_id AND dead_at IS NULL);
END;
-- +goose StatementEnd

-- What came of the newest tries.
CREATE TABLE webhook_deliveries (
	n          INTEGER PRIMARY KEY AUTOINCREMENT,
	webhook_id TEXT NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
	site_id    TEXT NOT NULL,
	event_id   TEXT NOT NULL,
	type       TEXT NOT NULL,
	at         INTEGER NOT NULL,
	try        INTEGER NOT NULL, -- 1, 2, 3 …
	outcome    TEXT NOT NULL,
	status     INTEGER NOT NULL, -- of the answer; 0 for none
	took_ms    INTEGER NOT NULL
) STRICT;
CREATE INDEX webhook_deliveries_webhook ON webhook_deliveries (webhook_id, n);
CREATE INDEX webhook_deliveries_age ON webhook_deliveries (site_id, at);
