-- +goose Up
-- What the signatures of a site's join tokens are verified with. A key that was
-- revoked stays, so that nobody registers it again.
CREATE TABLE join_keys (
	id           TEXT NOT NULL PRIMARY KEY, -- the kid of its tokens
	site_id      TEXT NOT NULL REFERENCES sites (id),
	name         TEXT NOT NULL,
	algorithm    TEXT NOT NULL, -- EdDSA or RS256
	public_key   BLOB NOT NULL, -- SubjectPublicKeyInfo, DER
	max_role     TEXT NOT NULL, -- policy.Role: no token of it gives more
	created_at   INTEGER NOT NULL,
	created_by   TEXT NOT NULL, -- an e-mail address
	last_used_at INTEGER,       -- to the minute; null: never
	revoked_at   INTEGER,       -- null: it is good
	UNIQUE (site_id, public_key)
) STRICT;

-- Join tokens that somebody came in with, until a day after. A token is used
-- again only by who shows the cookie of the stay it gave last, or of the one
-- before: the answer with the newest cookie may have been lost.
CREATE TABLE used_join_tokens (
	key_id         TEXT NOT NULL REFERENCES join_keys (id),
	jti            TEXT NOT NULL,
	site_id        TEXT NOT NULL REFERENCES sites (id),
	used_at        INTEGER NOT NULL, -- the first time
	participant_id TEXT NOT NULL,    -- of the newest stay
	cookie_hash    BLOB NOT NULL,    -- SHA-256 of its cookie
	before_id      TEXT,             -- of the stay it was before; null: none
	before_hash    BLOB,
	PRIMARY KEY (key_id, jti)
) STRICT;
CREATE INDEX used_join_tokens_used ON used_join_tokens (used_at);
