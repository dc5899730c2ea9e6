-- +goose Up

-- How a login was made, and whether its user showed two factors.
ALTER TABLE logins ADD COLUMN method TEXT NOT NULL DEFAULT 'password';
ALTER TABLE logins ADD COLUMN factors INTEGER NOT NULL DEFAULT 1;

-- What an authenticator knows a user by: random, so that it tells nothing of them.
CREATE TABLE passkey_handles (
	user_id TEXT NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
	site_id TEXT NOT NULL REFERENCES sites (id),
	handle  BLOB NOT NULL UNIQUE
) STRICT;

CREATE TABLE passkeys (
	id            TEXT NOT NULL PRIMARY KEY,
	site_id       TEXT NOT NULL REFERENCES sites (id),
	user_id       TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	name          TEXT NOT NULL, -- what its user calls it
	host          TEXT NOT NULL, -- the name of the site it works at (RP ID)
	credential_id BLOB NOT NULL,
	credential    TEXT NOT NULL, -- JSON, the public key and what else verifies a signature
	sign_count    INTEGER NOT NULL, -- the highest seen
	created_at    INTEGER NOT NULL,
	used_at       INTEGER, -- null until it was
	UNIQUE (site_id, credential_id)
) STRICT;
CREATE INDEX passkeys_user ON passkeys (user_id);

-- An authenticator app. Its secret is here as it is: codes are computed with it.
CREATE TABLE totp (
	user_id    TEXT NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
	site_id    TEXT NOT NULL REFERENCES sites (id),
	secret     TEXT NOT NULL,    -- base32
	last_step  INTEGER NOT NULL, -- of the last code taken: none before it, and not this one, is taken again
	created_at INTEGER NOT NULL
) STRICT;

-- Codes that stand in for a lost app, each once: a row is deleted with its use.
CREATE TABLE recovery_codes (
	user_id   TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	code_hash BLOB NOT NULL, -- SHA-256; a code has 80 random bits
	PRIMARY KEY (user_id, code_hash)
) STRICT;

-- Where else people of a site sign in.
CREATE TABLE oidc_providers (
	site_id         TEXT NOT NULL PRIMARY KEY REFERENCES sites (id),
	issuer          TEXT NOT NULL,
	client_id       TEXT NOT NULL,
	client_secret   TEXT NOT NULL, -- as it is: the provider is shown it
	label           TEXT NOT NULL,
	email_domains   TEXT NOT NULL, -- JSON, an array; empty: anybody the provider knows
	create_accounts INTEGER NOT NULL
) STRICT;

-- Counts the changes of a site's provider, also while there is none.
ALTER TABLE sites ADD COLUMN signin_version INTEGER NOT NULL DEFAULT 1;

-- Whom a provider's user is here. Never by e-mail address alone.
CREATE TABLE oidc_identities (
	site_id    TEXT NOT NULL REFERENCES sites (id),
	issuer     TEXT NOT NULL,
	subject    TEXT NOT NULL,
	user_id    TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	email      TEXT NOT NULL, -- as the provider had it when they were linked
	created_at INTEGER NOT NULL,
	PRIMARY KEY (site_id, issuer, subject)
) STRICT;
CREATE INDEX oidc_identities_user ON oidc_identities (user_id);
