package storage

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"sync"
)

// executor is where statements may run: a transaction, or one whose statements
// are kept ready.
type executor interface {
	querier
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// statements keeps the writer's frequent statements ready: to read the text of
// one takes SQLite longer than to run it. The texts are constants of this
// package, and maxReady at most.
type statements struct {
	mu     sync.Mutex // guards what follows
	ready  map[string]*sql.Stmt
	wanted map[string]bool // seen, and to be made ready before the next transaction
}

const maxReady = 100

// updatePrepared is update for what is done often.
func (db *DB) updatePrepared(ctx context.Context, fn func(*prepared) error) error {
	ready, err := db.statements.prepare(ctx, db.write)
	if err != nil {
		return err
	}
	return db.update(ctx, func(tx *sql.Tx) error {
		return fn(&prepared{tx: tx, all: &db.statements, ready: ready, own: make(map[string]*sql.Stmt)})
	})
}

// prepare makes ready what was wanted, and returns a copy of all that is. It must
// not run in a transaction, which has the only connection.
func (s *statements) prepare(ctx context.Context, on *sql.DB) (map[string]*sql.Stmt, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for text := range s.wanted {
		stmt, err := on.PrepareContext(ctx, text) //nolint:sqlclosecheck // it is kept
		if err != nil {
			return nil, fmt.Errorf("prepare: %w", err)
		}
		ready := make(map[string]*sql.Stmt, len(s.ready)+1)
		maps.Copy(ready, s.ready)
		ready[text] = stmt
		s.ready = ready
		delete(s.wanted, text)
	}
	return s.ready, nil
}

func (s *statements) want(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.ready)+len(s.wanted) >= maxReady {
		return
	}
	if s.wanted == nil {
		s.wanted = make(map[string]bool)
	}
	s.wanted[text] = true
}

// prepared is a transaction that runs statements that are ready as they are.
type prepared struct {
	tx    *sql.Tx
	all   *statements
	ready map[string]*sql.Stmt
	own   map[string]*sql.Stmt // those of ready that this transaction has used
}

// statement returns the statement of that text, or nil when it is not ready.
func (p *prepared) statement(ctx context.Context, text string) *sql.Stmt {
	if own := p.own[text]; own != nil {
		return own
	}
	ready := p.ready[text]
	if ready == nil {
		p.all.want(text)
		return nil
	}
	p.own[text] = p.tx.StmtContext(ctx, ready) //nolint:sqlclosecheck // the transaction closes it
	return p.own[text]
}

// ExecContext implements executor.
func (p *prepared) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if s := p.statement(ctx, query); s != nil { //nolint:sqlclosecheck // the transaction closes it
		return s.ExecContext(ctx, args...)
	}
	return p.tx.ExecContext(ctx, query, args...)
}

// QueryContext implements executor.
func (p *prepared) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if s := p.statement(ctx, query); s != nil { //nolint:sqlclosecheck // the transaction closes it
		return s.QueryContext(ctx, args...)
	}
	return p.tx.QueryContext(ctx, query, args...)
}
