-- +goose Up

-- Ids are UUIDv7 text unless said otherwise, times are Unix milliseconds,
-- durations are milliseconds.

CREATE TABLE sites (
	id         TEXT NOT NULL PRIMARY KEY,
	name       TEXT NOT NULL UNIQUE,
	created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE users (
	id            TEXT NOT NULL PRIMARY KEY,
	site_id       TEXT NOT NULL REFERENCES sites (id),
	email         TEXT NOT NULL, -- as the person writes it
	email_folded  TEXT NOT NULL, -- as it is compared
	name          TEXT NOT NULL,
	role          TEXT NOT NULL,
	password_hash TEXT NOT NULL, -- PHC string
	created_at    INTEGER NOT NULL,
	UNIQUE (site_id, email_folded)
) STRICT;

CREATE TABLE logins (
	id           TEXT NOT NULL PRIMARY KEY,
	site_id      TEXT NOT NULL REFERENCES sites (id),
	user_id      TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	token_hash   BLOB NOT NULL UNIQUE, -- SHA-256 of what the cookie holds
	created_at   INTEGER NOT NULL,
	last_seen_at INTEGER NOT NULL
) STRICT;
CREATE INDEX logins_user ON logins (user_id);

-- A number belongs to one meeting on the whole server, whatever its site.
CREATE TABLE meetings (
	id               TEXT NOT NULL PRIMARY KEY,
	site_id          TEXT NOT NULL REFERENCES sites (id),
	owner_id         TEXT NOT NULL REFERENCES users (id),
	number           TEXT NOT NULL UNIQUE,
	title            TEXT NOT NULL,
	starts_at        INTEGER NOT NULL,
	duration_minutes INTEGER NOT NULL,
	password         TEXT NOT NULL, -- readable: its owner tells it to the invited (docs/adr/0001-link-proof.md)
	public           INTEGER NOT NULL,
	service_type     TEXT NOT NULL,
	link_secret      BLOB NOT NULL, -- only to show the link again; joining never reads it
	link_proof_hash  BLOB NOT NULL, -- SHA-256 of the proof a link's holder shows
	created_at       INTEGER NOT NULL,
	ended_at         INTEGER -- when its last session ended, unless it was started again
) STRICT;
CREATE INDEX meetings_owner ON meetings (owner_id, starts_at);

-- The event detail records have no foreign keys: they outlive the meetings and
-- users they tell of, and nothing may make one fail.

CREATE TABLE edr_sessions (
	id                 TEXT NOT NULL PRIMARY KEY,
	site_id            TEXT NOT NULL,
	site_url           TEXT NOT NULL,
	meeting_id         TEXT NOT NULL,
	meeting_number     TEXT NOT NULL,
	meeting_title      TEXT NOT NULL,
	service_type       TEXT NOT NULL,
	host_id            TEXT NOT NULL, -- the user whose record it is; empty when not known
	host_email         TEXT NOT NULL,
	host_name          TEXT NOT NULL,
	started_at         INTEGER NOT NULL,
	last_seen_at       INTEGER NOT NULL, -- when the server last said that it runs
	ended_at           INTEGER,          -- null while it runs
	duration_ms        INTEGER NOT NULL DEFAULT 0,
	end_reason         TEXT NOT NULL DEFAULT '',
	total_participants INTEGER NOT NULL DEFAULT 0,
	peak_attendee      INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX edr_sessions_site ON edr_sessions (site_id, started_at, id);
CREATE INDEX edr_sessions_host ON edr_sessions (host_id, started_at, id);
CREATE INDEX edr_sessions_number ON edr_sessions (meeting_number);
CREATE INDEX edr_sessions_open ON edr_sessions (id) WHERE ended_at IS NULL;

-- A row a stay, known by the record that opened it.
CREATE TABLE edr_attendees (
	session_id       TEXT NOT NULL,
	seq              INTEGER NOT NULL,
	site_id          TEXT NOT NULL,
	participant_id   TEXT NOT NULL,
	display_name     TEXT NOT NULL,
	email            TEXT NOT NULL,
	participant_type TEXT NOT NULL,
	joined_at        INTEGER NOT NULL,
	left_at          INTEGER, -- null while the participant is in
	duration_ms      INTEGER NOT NULL DEFAULT 0,
	voice_ms         INTEGER NOT NULL DEFAULT 0,
	leave_reason     TEXT NOT NULL DEFAULT '',
	transport        TEXT NOT NULL DEFAULT '',
	client_agent     TEXT NOT NULL,
	ip_address       TEXT NOT NULL,
	disclaimer_hash  TEXT NOT NULL DEFAULT '',
	form_values      TEXT NOT NULL DEFAULT '{}', -- JSON
	PRIMARY KEY (session_id, seq)
) STRICT;
CREATE INDEX edr_attendees_site ON edr_attendees (site_id, joined_at, session_id, seq);
CREATE INDEX edr_attendees_open ON edr_attendees (session_id, participant_id) WHERE left_at IS NULL;

-- A row a fact: (session_id, seq) is what makes a replayed batch harmless.
CREATE TABLE edr_events (
	session_id     TEXT NOT NULL,
	seq            INTEGER NOT NULL,
	site_id        TEXT NOT NULL,
	kind           TEXT NOT NULL,
	participant_id TEXT NOT NULL, -- empty for the session itself
	at             INTEGER NOT NULL,
	detail         TEXT NOT NULL, -- JSON
	PRIMARY KEY (session_id, seq)
) STRICT;
CREATE INDEX edr_events_site ON edr_events (site_id, at, session_id, seq);
