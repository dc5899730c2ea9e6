-- +goose Up
-- What the room of a session that runs needs to go on when the server starts
-- again. It holds no content, and goes with the session's end.
CREATE TABLE live_sessions (
	session_id TEXT NOT NULL PRIMARY KEY,
	state      TEXT NOT NULL -- JSON, as signaling/room writes it
) STRICT;
