-- +goose Up

ALTER TABLE users ADD COLUMN seen_at INTEGER;                                -- when they last signed in; null: never
ALTER TABLE users ADD COLUMN time_zone TEXT NOT NULL DEFAULT '';             -- an IANA name; empty: their browser's
ALTER TABLE users ADD COLUMN language TEXT NOT NULL DEFAULT '';              -- BCP 47; empty: their browser's
ALTER TABLE users ADD COLUMN meeting_defaults TEXT NOT NULL DEFAULT '{}';    -- JSON: what a new meeting of theirs begins with

-- What is signed in, so that its owner knows it again in a list.
ALTER TABLE logins ADD COLUMN agent TEXT NOT NULL DEFAULT '';
ALTER TABLE logins ADD COLUMN ip TEXT NOT NULL DEFAULT '';

-- Links by which somebody chooses a password: the invited, the registered and
-- the forgetful. A row is deleted when its link was used.
CREATE TABLE account_links (
	token_hash BLOB NOT NULL PRIMARY KEY, -- SHA-256 of what the link holds
	site_id    TEXT NOT NULL REFERENCES sites (id),
	purpose    TEXT NOT NULL,             -- invite, reset or register
	user_id    TEXT REFERENCES users (id) ON DELETE CASCADE, -- null: a user is made when the link is used
	email      TEXT NOT NULL DEFAULT '',  -- of who is no user yet
	name       TEXT NOT NULL DEFAULT '',
	expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX account_links_user ON account_links (user_id);
CREATE INDEX account_links_expiry ON account_links (expires_at);

-- Who forgot their password and waits for an administrator. A row is deleted
-- when it is decided; the audit log tells how.
CREATE TABLE password_requests (
	id         TEXT NOT NULL PRIMARY KEY,
	site_id    TEXT NOT NULL REFERENCES sites (id),
	user_id    TEXT NOT NULL UNIQUE REFERENCES users (id) ON DELETE CASCADE,
	created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX password_requests_site ON password_requests (site_id, id);

-- What a user lets their programs in with.
CREATE TABLE api_tokens (
	id           TEXT NOT NULL PRIMARY KEY,
	site_id      TEXT NOT NULL REFERENCES sites (id),
	user_id      TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	name         TEXT NOT NULL,
	scopes       TEXT NOT NULL,        -- policy.Scopes, a space between them
	token_hash   BLOB NOT NULL UNIQUE, -- SHA-256 of the token
	created_at   INTEGER NOT NULL,
	expires_at   INTEGER NOT NULL,
	last_used_at INTEGER               -- to the minute; null: never
) STRICT;
CREATE INDEX api_tokens_user ON api_tokens (user_id);
