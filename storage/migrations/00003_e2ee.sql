-- +goose Up
-- Whether the session's content was encrypted end to end. Sessions before this
-- column were not.
ALTER TABLE edr_sessions ADD COLUMN e2ee INTEGER NOT NULL DEFAULT 0;
