-- +goose Up

ALTER TABLE meetings ADD COLUMN agenda TEXT NOT NULL DEFAULT '';
ALTER TABLE meetings ADD COLUMN timezone TEXT NOT NULL DEFAULT 'UTC';  -- IANA: where its wall clock hangs
ALTER TABLE meetings ADD COLUMN recurrence TEXT NOT NULL DEFAULT '';   -- an RRULE's value; empty: it meets once
ALTER TABLE meetings ADD COLUMN last_starts_at INTEGER;                -- of the last occurrence
UPDATE meetings SET last_starts_at = starts_at;
ALTER TABLE meetings ADD COLUMN require_login INTEGER NOT NULL DEFAULT 0;
ALTER TABLE meetings ADD COLUMN require_email INTEGER NOT NULL DEFAULT 0;
ALTER TABLE meetings ADD COLUMN lobby INTEGER NOT NULL DEFAULT 0;
ALTER TABLE meetings ADD COLUMN exclude_password INTEGER NOT NULL DEFAULT 0; -- from mail
ALTER TABLE meetings ADD COLUMN privileges TEXT NOT NULL DEFAULT '{}'; -- JSON, what attendees may not
ALTER TABLE meetings ADD COLUMN version INTEGER NOT NULL DEFAULT 1;    -- counts the edits
CREATE INDEX meetings_listed ON meetings (site_id, starts_at) WHERE public = 1;

-- Who may start a meeting beside its owner.
CREATE TABLE meeting_hosts (
	meeting_id TEXT NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
	user_id    TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	PRIMARY KEY (meeting_id, user_id)
) STRICT;
CREATE INDEX meeting_hosts_user ON meeting_hosts (user_id);

-- Who is written to when a meeting is scheduled, edited or deleted.
CREATE TABLE meeting_invitees (
	meeting_id TEXT NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
	email      TEXT NOT NULL, -- as the host writes it
	folded     TEXT NOT NULL, -- as it is compared
	PRIMARY KEY (meeting_id, folded)
) STRICT;

CREATE INDEX mails_site ON mails (site_id, kind);
