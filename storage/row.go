package storage

import (
	"context"
	"database/sql"
	"errors"
)

// scanner is one row of an answer: a *sql.Row or the current one of *sql.Rows.
type scanner interface{ Scan(dest ...any) error }

// querier is where a query may run: a pool or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// list reads every row of query.
func list[T any](ctx context.Context, on querier, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := on.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // an early return has its own error
	var all []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

// orNotFound turns the driver's word for an empty answer into ours.
func orNotFound(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	return err
}

// affected returns err, or none when the statement changed no row.
func affected(result sql.Result, err, none error) error {
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n > 0 {
		return err
	}
	return none
}
