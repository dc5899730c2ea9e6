// Package report writes records and the audit log out as files: CSV for a
// spreadsheet, JSON for a program. It reads them a part at a time and holds no
// more than that, however much there is, and no query while a slow reader makes
// it wait. What a reader may see it leaves to who asks.
package report

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Format is how a file is written.
type Format string

// The formats.
const (
	CSV  Format = "csv"
	JSON Format = "json"
)

// ErrFormat says that a text names no format.
var ErrFormat = errors.New("not a format: it is csv or json")

// ParseFormat reads a format's name.
func ParseFormat(name string) (Format, error) {
	switch f := Format(name); f {
	case CSV, JSON:
		return f, nil
	default:
		return "", ErrFormat
	}
}

// MediaType is what a file of that format says it is.
func (f Format) MediaType() string {
	if f == CSV {
		return "text/csv; charset=utf-8; header=present"
	}
	return "application/json"
}

// Parts returns the next rows each time, and none at the end.
type Parts[T any] func(context.Context) ([]T, error)

// Write writes all rows of parts to w. CSV has a line of names and a line a row
// (RFC 4180); JSON is what a page of the report would be that
// had all of them.
func Write[T any](ctx context.Context, w io.Writer, f Format, parts Parts[T]) error {
	var rows writer[T]
	switch f {
	case CSV:
		rows = &table[T]{out: csv.NewWriter(w)}
	case JSON:
		rows = &array[T]{out: w}
	default:
		return ErrFormat
	}
	if err := rows.begin(); err != nil {
		return err
	}
	for {
		some, err := parts(ctx)
		if err != nil {
			return err
		}
		if len(some) == 0 {
			return rows.end()
		}
		if err := rows.add(some); err != nil {
			return err
		}
	}
}

type writer[T any] interface {
	begin() error
	add(rows []T) error
	end() error
}

// array writes rows as one JSON object with an array, a row a line.
type array[T any] struct {
	out   io.Writer
	begun bool
}

func (a *array[T]) begin() error {
	_, err := io.WriteString(a.out, `{"items":[`)
	return err
}

func (a *array[T]) add(rows []T) error {
	var lines []byte
	for _, row := range rows {
		if a.begun {
			lines = append(lines, ',')
		}
		a.begun = true
		line, err := json.Marshal(row)
		if err != nil {
			return fmt.Errorf("encode row: %w", err)
		}
		lines = append(append(lines, '\n'), line...)
	}
	_, err := a.out.Write(lines)
	return err
}

func (a *array[T]) end() error {
	_, err := io.WriteString(a.out, "\n]}\n")
	return err
}

// table writes rows as CSV. Names and values are those of the JSON: what one
// file says, the other does.
type table[T any] struct{ out *csv.Writer }

func (t *table[T]) begin() error {
	t.out.UseCRLF = true
	var none T
	names, _, err := members(none)
	if err != nil {
		return err
	}
	return t.out.Write(names)
}

func (t *table[T]) add(rows []T) error {
	for _, row := range rows {
		_, values, err := members(row)
		if err != nil {
			return err
		}
		for i := range values {
			values[i] = inert(values[i])
		}
		if err := t.out.Write(values); err != nil {
			return err
		}
	}
	t.out.Flush()
	return t.out.Error()
}

func (t *table[T]) end() error {
	t.out.Flush()
	return t.out.Error()
}

// members returns the names and values of a row's JSON object, in its order: a
// text as it is, null as nothing, and anything else as its JSON.
func members(row any) (names, values []string, err error) {
	text, err := json.Marshal(row)
	if err != nil {
		return nil, nil, fmt.Errorf("encode row: %w", err)
	}
	d := jsontext.NewDecoder(strings.NewReader(string(text)))
	if _, err := d.ReadToken(); err != nil { // the brace
		return nil, nil, fmt.Errorf("read row: %w", err)
	}
	for d.PeekKind() != jsontext.KindEndObject {
		name, err := d.ReadToken()
		if err != nil {
			return nil, nil, fmt.Errorf("read row: %w", err)
		}
		names = append(names, name.String())
		value, err := d.ReadValue()
		if err != nil {
			return nil, nil, fmt.Errorf("read row: %w", err)
		}
		values = append(values, cell(value))
	}
	return names, values, nil
}

func cell(value jsontext.Value) string {
	switch value.Kind() {
	case jsontext.KindNull:
		return ""
	case jsontext.KindString:
		plain, err := jsontext.AppendUnquote(nil, value)
		if err != nil {
			return string(value) // our own encoder wrote it
		}
		return string(plain)
	default:
		return string(value)
	}
}

// inert is a cell that no spreadsheet takes for a formula: whatever begins like
// one gets an apostrophe before it, which a spreadsheet takes for "this is text".
// Where people use a semicolon or a tab between cells, their spreadsheet sees
// cells within ours, so what follows one is looked at as well.
func inert(cell string) string {
	if !strings.ContainsAny(cell, formulas) {
		return cell
	}
	var safe strings.Builder
	begins := true
	for _, c := range cell {
		if begins && strings.ContainsRune(formulas, c) {
			_ = safe.WriteByte('\'')
		}
		begins = strings.ContainsRune(";,\t\r\n", c)
		_, _ = safe.WriteRune(c)
	}
	return safe.String()
}

// formulas are what one begins with, or what makes a cell of its own.
const formulas = "=+-@\t\r\n＝＋－＠"
