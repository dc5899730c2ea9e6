package storage

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"github.com/conclave-meet/conclave/signaling/edr"
)

// Write stores a batch, all or nothing. A record that is already stored, by its
// session and number, changes nothing: a batch may be written again after an error
// that left it in doubt.
func (db *DB) Write(ctx context.Context, all edr.Batch) error {
	return db.updatePrepared(ctx, func(tx *prepared) error {
		b := newBatch(tx)
		for _, r := range all.Records {
			if err := b.insert(ctx, r); err != nil {
				return fmt.Errorf("insert record %d of session %s: %w", r.Seq, r.Session, err)
			}
		}
		if err := keepStates(ctx, tx, all.States); err != nil {
			return err
		}
		return b.close(ctx)
	})
}

// batch is records that are written in one transaction.
type batch struct {
	tx     executor
	ledger *ledger
	outbox *outbox
	owners map[string]owner // by session
}

// owner is whose a session is.
type owner struct{ site, host string }

func newBatch(tx executor) *batch {
	return &batch{tx: tx, ledger: newLedger(), outbox: newOutbox(tx), owners: make(map[string]owner)}
}

// close writes what the records of the batch have in common.
func (b *batch) close(ctx context.Context) error {
	if err := b.outbox.close(ctx); err != nil {
		return err
	}
	return b.ledger.write(ctx, b.tx)
}

// ownerOf returns whose the record's session is; nobody's when it has no start
// on record.
func (b *batch) ownerOf(ctx context.Context, r edr.Record) (owner, error) {
	if started, ok := r.Fact.(edr.Started); ok {
		b.owners[r.Session] = owner{started.SiteID, started.HostID}
	}
	if o, known := b.owners[r.Session]; known {
		return o, nil
	}
	found, err := list(ctx, b.tx, func(row scanner) (o owner, err error) { return o, row.Scan(&o.site, &o.host) },
		`SELECT site_id, host_id FROM edr_sessions WHERE id = ?`, r.Session)
	if err != nil {
		return owner{}, err
	}
	b.owners[r.Session] = append(found, owner{})[0]
	return b.owners[r.Session], nil
}

// insert keeps the fact itself and, the first time, what follows from it.
func (b *batch) insert(ctx context.Context, r edr.Record) error {
	o, err := b.ownerOf(ctx, r)
	if err != nil {
		return err
	}
	chain, err := b.ledger.of(ctx, b.tx, o.site)
	if err != nil {
		return err
	}
	isNew, err := insertEvent(ctx, b.tx, chain, r, o)
	if err != nil || !isNew {
		return err
	}
	if err := b.follow(ctx, chain, r, o); err != nil {
		return err
	}
	return b.outbox.record(ctx, r, o.site)
}

// follow changes what a fact changes in the session's and the stay's row.
func (b *batch) follow(ctx context.Context, chain *chain, r edr.Record, o owner) error {
	switch fact := r.Fact.(type) {
	case edr.Started:
		return startSession(ctx, b.tx, r, fact)
	case edr.Joined:
		return openStay(ctx, b.tx, r, fact, o)
	case edr.Left:
		return closeStay(ctx, b.tx, chain, r, fact)
	case edr.Ended:
		return endSession(ctx, b.tx, chain, r, fact)
	case edr.Refused:
		return auditRefusal(ctx, b.tx, chain, r, fact)
	default:
		return nil // a fact that no other row counts
	}
}

// auditRefusal notes in the site's audit log what a participant was refused.
// Where no stay of theirs is on record nobody was refused anything.
func auditRefusal(ctx context.Context, tx executor, chain *chain, r edr.Record, f edr.Refused) error {
	type refused struct {
		meeting string
		by      Actor
	}
	found, err := list(ctx, tx, func(row scanner) (one refused, err error) {
		return one, row.Scan(&one.meeting, &one.by.Name, &one.by.IP)
	}, `
		SELECT s.meeting_id, CASE WHEN a.email <> '' THEN a.email ELSE a.display_name END, a.ip_address
		FROM edr_attendees a JOIN edr_sessions s ON s.id = a.session_id
		WHERE a.session_id = ? AND a.participant_id = ? ORDER BY a.seq DESC LIMIT 1`, r.Session, r.Participant)
	if err != nil || len(found) == 0 {
		return err
	}
	return auditOn(ctx, tx, chain, found[0].by, Change{
		Action: "meeting.refused", Target: "meeting:" + found[0].meeting,
		After: map[string]string{"action": f.Action, "participantId": r.Participant, "sessionId": r.Session},
	})
}

// lost is the reason of stays and sessions that the server did not see end.
const lost = "lost"

// shutdown is why what ran ended when the server was stopped in order.
const shutdown = "shutdown"

// CloseLost closes what a server that died left open, but for the sessions that go
// on, and returns how many it closed. They end when they were last known to run.
// Their meetings do not count as ended: the people in them come back and wait for
// the host. It is called before any session starts.
func (db *DB) CloseLost(ctx context.Context, goOn ...string) (sessions int, err error) {
	err = db.update(ctx, func(tx *sql.Tx) error {
		open, err := openSessions(ctx, tx)
		if err != nil {
			return fmt.Errorf("list open sessions: %w", err)
		}
		open = slices.DeleteFunc(open, func(s *OpenSession) bool { return slices.Contains(goOn, s.ID) })
		sessions = len(open)
		b := newBatch(tx)
		for _, s := range open {
			if err := s.lose(ctx, b); err != nil {
				return fmt.Errorf("close lost session %s: %w", s.ID, err)
			}
		}
		return b.close(ctx)
	})
	return sessions, err
}

// lose writes the records that the server did not live to write.
func (s *OpenSession) lose(ctx context.Context, b *batch) error {
	stays, err := openStays(ctx, b.tx, s.ID)
	if err != nil {
		return fmt.Errorf("list open stays: %w", err)
	}
	for _, stay := range stays {
		left := edr.Left{Reason: lost, Duration: max(0, s.LastKnown.Sub(stay.Joined))}
		if err := b.insert(ctx, s.record(stay.ParticipantID, left)); err != nil {
			return err
		}
	}
	return b.insert(ctx, s.record("", edr.Ended{Reason: lost, Duration: s.LastKnown.Sub(s.Started)}))
}

// record returns the session's next record.
func (s *OpenSession) record(participant string, fact edr.Fact) edr.Record {
	s.LastSeq++
	return edr.Record{Session: s.ID, Seq: s.LastSeq, At: s.LastKnown, Participant: participant, Fact: fact}
}
