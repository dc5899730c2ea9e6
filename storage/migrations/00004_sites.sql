-- +goose Up

ALTER TABLE sites ADD COLUMN title TEXT NOT NULL DEFAULT ''; -- what people call it; empty: its host's name
ALTER TABLE sites ADD COLUMN host TEXT;                      -- its own host name, lower case; null: it is under /s/<name>
ALTER TABLE sites ADD COLUMN policy TEXT NOT NULL DEFAULT '{}'; -- JSON, a policy.Site
ALTER TABLE sites ADD COLUMN policy_version INTEGER NOT NULL DEFAULT 1;
CREATE UNIQUE INDEX sites_host ON sites (host) WHERE host IS NOT NULL;

-- A user who is disabled keeps their row: meetings and records tell of them.
ALTER TABLE users ADD COLUMN disabled_at INTEGER;
ALTER TABLE users ADD COLUMN version INTEGER NOT NULL DEFAULT 1; -- counts the edits

-- Who changed what. Rows are only ever added.
CREATE TABLE audit_events (
	site_id  TEXT NOT NULL,
	seq      INTEGER NOT NULL, -- 1, 2, 3 … at its site
	at       INTEGER NOT NULL,
	actor_id TEXT NOT NULL, -- a user; empty for the operator and for who is not signed in
	actor    TEXT NOT NULL, -- their e-mail address, or who they are in a word
	ip       TEXT NOT NULL, -- empty for the operator
	action   TEXT NOT NULL, -- what was done, like user.create
	target   TEXT NOT NULL, -- to what, like user:<id>
	before   TEXT NOT NULL, -- JSON, null where nothing was
	after    TEXT NOT NULL, -- JSON, null where nothing is
	PRIMARY KEY (site_id, seq)
) STRICT;

-- +goose StatementBegin
CREATE TRIGGER audit_events_stay BEFORE DELETE ON audit_events
BEGIN SELECT RAISE(ABORT, 'the audit log is only ever added to'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_events_are_final BEFORE UPDATE ON audit_events
BEGIN SELECT RAISE(ABORT, 'the audit log is only ever added to'); END;
-- +goose StatementEnd

-- Mail that is to go out. A row is deleted when the mail was handed over, so
-- what is here was not, and is tried again after a restart.
CREATE TABLE mails (
	id         TEXT NOT NULL PRIMARY KEY,
	site_id    TEXT NOT NULL REFERENCES sites (id),
	kind       TEXT NOT NULL, -- which policy may forbid it: invitation or account
	message    TEXT NOT NULL, -- JSON, a storage.Mail
	created_at INTEGER NOT NULL,
	due_at     INTEGER NOT NULL, -- not before
	tries      INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX mails_due ON mails (due_at);
