-- +goose Up
-- A number is looked for at all sites before it is given out.
CREATE INDEX edr_sessions_numbers ON edr_sessions (meeting_number);
CREATE INDEX edr_sessions_hosts ON edr_sessions (host_id);
