package storage

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/conclave-meet/conclave/signaling/edr"
)

// InsertRecords stores records, all or none. A record that is already stored,
// by its session and number, changes nothing: a batch may be written again
// after an error that left it in doubt.
func (db *DB) InsertRecords(ctx context.Context, records []edr.Record) error {
	return db.update(ctx, func(tx *sql.Tx) error {
		for _, r := range records {
			if err := insertRecord(ctx, tx, r); err != nil {
				return fmt.Errorf("insert record %d of session %s: %w", r.Seq, r.Session, err)
			}
		}
		return nil
	})
}

// insertRecord keeps the fact itself and, the first time, what it changes in
// the session's and the stay's row.
func insertRecord(ctx context.Context, tx *sql.Tx, r edr.Record) error {
	isNew, err := insertEvent(ctx, tx, r)
	if err != nil || !isNew {
		return err
	}
	switch fact := r.Fact.(type) {
	case edr.Started:
		return startSession(ctx, tx, r, fact)
	case edr.Joined:
		return openStay(ctx, tx, r, fact)
	case edr.Left:
		return closeStay(ctx, tx, r, fact)
	case edr.Ended:
		return endSession(ctx, tx, r, fact)
	default:
		return nil // a fact that no other row counts
	}
}

// lost is the reason of stays and sessions that the server did not see end.
const lost = "lost"

// CloseLost closes what a server that died left open, and returns how many
// sessions that were. They end when they were last known to run. Their meetings
// do not count as ended: the people in them come back and wait for the host. It
// is called before any session starts.
func (db *DB) CloseLost(ctx context.Context) (sessions int, err error) {
	err = db.update(ctx, func(tx *sql.Tx) error {
		open, err := openSessions(ctx, tx)
		if err != nil {
			return fmt.Errorf("list open sessions: %w", err)
		}
		sessions = len(open)
		for _, s := range open {
			if err := s.lose(ctx, tx); err != nil {
				return fmt.Errorf("close lost session %s: %w", s.id, err)
			}
		}
		return nil
	})
	return sessions, err
}

// lose writes the records that the server did not live to write.
func (s *openSession) lose(ctx context.Context, tx *sql.Tx) error {
	stays, err := openStays(ctx, tx, s.id)
	if err != nil {
		return fmt.Errorf("list open stays: %w", err)
	}
	for _, stay := range stays {
		left := edr.Left{Reason: lost, Duration: max(0, s.lastKnown.Sub(stay.joined))}
		r := s.record(stay.participant, left)
		if _, err := insertEvent(ctx, tx, r); err != nil {
			return err
		}
		if err := closeStay(ctx, tx, r, left); err != nil {
			return err
		}
	}
	ended := edr.Ended{Reason: lost, Duration: s.lastKnown.Sub(s.started)}
	r := s.record("", ended)
	if _, err := insertEvent(ctx, tx, r); err != nil {
		return err
	}
	return closeSession(ctx, tx, r, ended)
}

// record returns the session's next record.
func (s *openSession) record(participant string, fact edr.Fact) edr.Record {
	s.lastSeq++
	return edr.Record{Session: s.id, Seq: s.lastSeq, At: s.lastKnown, Participant: participant, Fact: fact}
}
