-- +goose Up

-- What a report finds its rows by stands in the row itself, and so do a
-- session's totals: a page of a report is one walk along one index.
ALTER TABLE edr_sessions ADD COLUMN title_folded TEXT NOT NULL DEFAULT ''; -- as it is searched
ALTER TABLE edr_sessions ADD COLUMN present INTEGER NOT NULL DEFAULT 0;    -- stays that are open now
ALTER TABLE edr_sessions ADD COLUMN people_minutes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE edr_sessions ADD COLUMN voip_minutes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE edr_attendees ADD COLUMN host_id TEXT NOT NULL DEFAULT ''; -- of the session
ALTER TABLE edr_events ADD COLUMN host_id TEXT NOT NULL DEFAULT '';    -- of the session

-- A finished row's place in its site's chain (chain_links.n). Null: not finished
-- yet. 0: finished before there was a chain; the program links those, once.
ALTER TABLE edr_sessions ADD COLUMN link INTEGER;
ALTER TABLE edr_attendees ADD COLUMN link INTEGER;
ALTER TABLE edr_events ADD COLUMN link INTEGER NOT NULL DEFAULT 0;
ALTER TABLE audit_events ADD COLUMN link INTEGER NOT NULL DEFAULT 0;

UPDATE edr_attendees SET
	host_id = COALESCE((SELECT host_id FROM edr_sessions s WHERE s.id = session_id), ''),
	link = CASE WHEN left_at IS NULL THEN NULL ELSE 0 END;
UPDATE edr_events SET host_id = COALESCE((SELECT host_id FROM edr_sessions s WHERE s.id = session_id), '');
UPDATE edr_sessions SET
	title_folded = lower(meeting_title),
	link = CASE WHEN ended_at IS NULL THEN NULL ELSE 0 END,
	present = (SELECT count(*) FROM edr_attendees WHERE session_id = edr_sessions.id AND left_at IS NULL),
	people_minutes = (SELECT COALESCE(sum(((duration_ms + 500) / 1000 + 59) / 60), 0) FROM edr_attendees WHERE session_id = edr_sessions.id),
	voip_minutes = (SELECT COALESCE(sum(((voice_ms + 500) / 1000 + 59) / 60), 0) FROM edr_attendees WHERE session_id = edr_sessions.id);

DROP INDEX edr_sessions_site;
DROP INDEX edr_sessions_host;
DROP INDEX edr_sessions_number;
-- They are unique because an id is; said aloud, so that SQLite need not sort what it joins.
CREATE UNIQUE INDEX edr_sessions_site ON edr_sessions (site_id, started_at, id);
CREATE INDEX edr_sessions_site_duration ON edr_sessions (site_id, duration_ms, id);
CREATE INDEX edr_sessions_site_people ON edr_sessions (site_id, total_participants, id);
CREATE UNIQUE INDEX edr_sessions_host ON edr_sessions (site_id, host_id, started_at, id);
CREATE INDEX edr_sessions_host_duration ON edr_sessions (site_id, host_id, duration_ms, id);
CREATE INDEX edr_sessions_host_people ON edr_sessions (site_id, host_id, total_participants, id);
CREATE UNIQUE INDEX edr_sessions_number ON edr_sessions (site_id, meeting_number, started_at, id);
CREATE UNIQUE INDEX edr_sessions_email ON edr_sessions (site_id, host_email COLLATE NOCASE, started_at, id);
CREATE INDEX edr_sessions_ended ON edr_sessions (site_id, ended_at, id) WHERE ended_at IS NOT NULL;
CREATE INDEX edr_attendees_host ON edr_attendees (site_id, host_id, joined_at, session_id, seq);
CREATE INDEX edr_events_host ON edr_events (site_id, host_id, at, session_id, seq);
CREATE INDEX audit_events_time ON audit_events (site_id, at, seq);
CREATE INDEX audit_events_actor ON audit_events (site_id, actor COLLATE NOCASE, at, seq);
CREATE INDEX audit_events_action ON audit_events (site_id, action, at, seq);

-- The chain of a site: a link for every finished row of its records, its audit
-- log and its purges, in the order they were finished. docs/records.md says how
-- the hashes are made.
CREATE TABLE chain_links (
	site_id    TEXT NOT NULL,
	n          INTEGER NOT NULL, -- 1, 2, 3 …
	kind       TEXT NOT NULL,    -- usage, attendee, event, audit or purge
	session_id TEXT NOT NULL,    -- of the row; empty for audit and purge, and when the row was purged
	seq        INTEGER NOT NULL, -- of the row; 0 for usage, and when the row was purged
	at         INTEGER NOT NULL, -- when what the row tells of happened
	row_hash   BLOB NOT NULL,    -- SHA-256 of the row
	hash       BLOB NOT NULL,    -- SHA-256 of the link before, the kind and row_hash
	purge      INTEGER,          -- the purge that deleted the row
	PRIMARY KEY (site_id, n)
) STRICT, WITHOUT ROWID;

-- A batch of records that were deleted because they were too old. While a row
-- here is not done, rows of its site from before its time can be deleted; that
-- is the only way.
CREATE TABLE edr_purges (
	site_id   TEXT NOT NULL,
	n         INTEGER NOT NULL, -- 1, 2, 3 …
	at        INTEGER NOT NULL,
	before    INTEGER NOT NULL, -- what ended before this was deleted
	sessions  INTEGER NOT NULL DEFAULT 0, -- how many rows were
	attendees INTEGER NOT NULL DEFAULT 0,
	events    INTEGER NOT NULL DEFAULT 0,
	done      INTEGER NOT NULL DEFAULT 0,
	link      INTEGER,
	PRIMARY KEY (site_id, n)
) STRICT;
CREATE INDEX edr_purges_open ON edr_purges (site_id, before) WHERE done = 0;

-- +goose StatementBegin
CREATE TRIGGER edr_events_are_final BEFORE UPDATE OF session_id, seq, site_id, host_id, kind, participant_id, at, detail ON edr_events
BEGIN SELECT RAISE(ABORT, 'a record is final'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER edr_events_stay BEFORE DELETE ON edr_events
WHEN NOT EXISTS (SELECT 1 FROM edr_purges WHERE site_id = OLD.site_id AND before > OLD.at AND done = 0)
BEGIN SELECT RAISE(ABORT, 'a record is deleted by a purge only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER edr_events_keep_their_link BEFORE UPDATE OF link ON edr_events WHEN OLD.link <> 0
BEGIN SELECT RAISE(ABORT, 'a record is final'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER edr_attendees_are_final BEFORE UPDATE ON edr_attendees
WHEN OLD.left_at IS NOT NULL AND (OLD.link IS NOT 0 OR NEW.left_at IS NOT OLD.left_at OR NEW.duration_ms <> OLD.duration_ms)
BEGIN SELECT RAISE(ABORT, 'a record is final'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER edr_attendees_stay BEFORE DELETE ON edr_attendees
WHEN NOT EXISTS (SELECT 1 FROM edr_purges WHERE site_id = OLD.site_id AND before > OLD.joined_at AND done = 0)
BEGIN SELECT RAISE(ABORT, 'a record is deleted by a purge only'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER edr_sessions_are_final BEFORE UPDATE ON edr_sessions
WHEN OLD.ended_at IS NOT NULL AND (OLD.link IS NOT 0 OR NEW.ended_at IS NOT OLD.ended_at OR NEW.duration_ms <> OLD.duration_ms)
BEGIN SELECT RAISE(ABORT, 'a record is final'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER edr_sessions_stay BEFORE DELETE ON edr_sessions
WHEN NOT EXISTS (SELECT 1 FROM edr_purges WHERE site_id = OLD.site_id AND before > OLD.started_at AND done = 0)
BEGIN SELECT RAISE(ABORT, 'a record is deleted by a purge only'); END;
-- +goose StatementEnd

DROP TRIGGER audit_events_are_final;
-- +goose StatementBegin
CREATE TRIGGER audit_events_are_final BEFORE UPDATE OF site_id, seq, at, actor_id, actor, ip, action, target, before, after ON audit_events
BEGIN SELECT RAISE(ABORT, 'the audit log is only ever added to'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_events_keep_their_link BEFORE UPDATE OF link ON audit_events WHEN OLD.link <> 0
BEGIN SELECT RAISE(ABORT, 'the audit log is only ever added to'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER chain_links_stay BEFORE DELETE ON chain_links
BEGIN SELECT RAISE(ABORT, 'the chain is only ever added to'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER chain_links_are_final BEFORE UPDATE OF site_id, n, kind, at, row_hash, hash ON chain_links
BEGIN SELECT RAISE(ABORT, 'the chain is only ever added to'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER chain_links_are_purged_only BEFORE UPDATE OF session_id, seq, purge ON chain_links
WHEN NOT EXISTS (SELECT 1 FROM edr_purges WHERE site_id = OLD.site_id AND n = NEW.purge AND done = 0)
BEGIN SELECT RAISE(ABORT, 'the chain is only ever added to'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER edr_purges_stay BEFORE DELETE ON edr_purges
BEGIN SELECT RAISE(ABORT, 'a purge is final'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER edr_purges_are_final BEFORE UPDATE ON edr_purges WHEN OLD.done <> 0
BEGIN SELECT RAISE(ABORT, 'a purge is final'); END;
-- +goose StatementEnd
