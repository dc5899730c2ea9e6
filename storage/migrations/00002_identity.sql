-- +goose Up

-- The Ed25519 seed that signs the site's credentials. The program makes it when
-- it opens the file, because SQL has no random numbers that are good enough.
ALTER TABLE sites ADD COLUMN signing_key BLOB CHECK (length(signing_key) = 32);

-- The secret of a link is its host's browser's own (docs/adr/0001-link-proof.md).
ALTER TABLE meetings DROP COLUMN link_secret;
