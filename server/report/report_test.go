package report

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

type row struct {
	Name  string         `json:"name"`
	Count int64          `json:"count"`
	Left  *time.Time     `json:"left"`
	Form  jsontext.Value `json:"form"`
}

// of gives rows in parts of that many.
func of(size int, rows ...row) Parts[row] {
	return func(context.Context) ([]row, error) {
		some := rows[:min(size, len(rows))]
		rows = rows[len(some):]
		return some, nil
	}
}

func write(t *testing.T, f Format, parts Parts[row]) string {
	t.Helper()
	var out bytes.Buffer
	if err := Write(t.Context(), &out, f, parts); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestCSV(t *testing.T) {
	at := time.Date(2027, 5, 4, 9, 0, 0, 0, time.UTC)
	got := write(t, CSV, of(1,
		row{Name: "Ada", Count: 3, Left: &at, Form: jsontext.Value(`{"team":"a, b"}`)},
		row{Name: `Grace "Amazing" Hopper, née Müller`, Form: jsontext.Value(`{}`)},
	))
	want := "name,count,left,form\r\n" +
		`Ada,3,2027-05-04T09:00:00Z,"{""team"":""a, b""}"` + "\r\n" +
		`"Grace ""Amazing"" Hopper, née Müller",0,,{}` + "\r\n"
	if got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if got := write(t, CSV, of(1)); got != "name,count,left,form\r\n" {
		t.Errorf("without rows: %q", got)
	}
}

func TestNoCellIsAFormula(t *testing.T) {
	for name, want := range map[string]string{
		"=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "\tx": "'\tx", "\rx": "'x", "\nx": "'\nx",
		"＝1+1": "'＝1+1", `=cmd|'/c calc'!A0`: `'=cmd|'/c calc'!A0`, "'=1": "'=1", "a=1": "a=1", "": "", " =1": " =1",
		"x;=1": "x;'=1", "a,-b": "a,'-b", "a;b": "a;b",
	} {
		out := write(t, CSV, of(1, row{Name: name, Form: jsontext.Value(`{}`)}))
		records, err := csv.NewReader(strings.NewReader(out)).ReadAll()
		if err != nil {
			t.Fatalf("%q: %v", name, err)
		}
		// The writer leaves a lone carriage return out, and the reader makes one of \r\n.
		if got := records[1][0]; got != want {
			t.Errorf("%q is written %q, want %q", name, got, want)
		}
	}
}

func TestJSON(t *testing.T) {
	for _, rows := range [][]row{nil, {{Name: "=1", Form: jsontext.Value(`{}`)}}, {{Form: jsontext.Value(`{}`)}, {Form: jsontext.Value(`1`)}, {Form: jsontext.Value(`{}`)}}} {
		var all struct{ Items []map[string]any }
		if err := json.Unmarshal([]byte(write(t, JSON, of(2, rows...))), &all); err != nil {
			t.Fatal(err)
		}
		got := all.Items
		if len(got) != len(rows) {
			t.Errorf("%d rows of %d", len(got), len(rows))
		}
		if len(got) == 1 && got[0]["name"] != "=1" {
			t.Errorf("a program gets %q", got[0]["name"])
		}
	}
}

func TestErrorsEndTheFile(t *testing.T) {
	failed := errors.New("no disk")
	for _, f := range []Format{CSV, JSON} {
		err := Write(t.Context(), io.Discard, f, func(context.Context) ([]row, error) { return nil, failed })
		if !errors.Is(err, failed) {
			t.Errorf("%s: %v", f, err)
		}
	}
	if _, err := ParseFormat("xml"); !errors.Is(err, ErrFormat) {
		t.Errorf("xml: %v", err)
	}
}

// What is written goes out; what has been written is not kept.
func TestMemoryStaysFlat(t *testing.T) {
	const parts, size = 40, 1000
	for _, f := range []Format{CSV, JSON} {
		var base, now runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&base)
		var peak uint64
		done := 0
		err := Write(t.Context(), io.Discard, f, func(context.Context) ([]row, error) {
			if done == parts {
				return nil, nil
			}
			done++
			if done%10 == 0 {
				runtime.GC()
				runtime.ReadMemStats(&now)
				peak = max(peak, now.HeapAlloc)
			}
			rows := make([]row, size)
			for i := range rows {
				rows[i] = row{Name: strings.Repeat("x", 100) + strconv.Itoa(i), Form: jsontext.Value(`{}`)}
			}
			return rows, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		growth := int64(peak) - int64(base.HeapAlloc)
		t.Logf("%s of %d rows: the heap grew by %d KiB at most", f, parts*size, growth>>10)
		if growth > 4<<20 {
			t.Errorf("%s: the heap grew by %d bytes", f, growth)
		}
	}
}
