package recurrence

import (
	"strings"
	"testing"
	"time"
	_ "time/tzdata"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// Rules are on the wall clock: a meeting at nine stays at nine over the change.
func TestOccurrences(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	monday := time.Date(2027, 3, 22, 8, 0, 0, 0, time.UTC) // 09:00 in Berlin, a week before the change
	for _, tt := range []struct {
		rule string
		want []string // in UTC
	}{
		{"", []string{"2027-03-22T08"}},
		{"FREQ=WEEKLY;COUNT=3", []string{"2027-03-22T08", "2027-03-29T07", "2027-04-05T07"}},
		{"FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20270331T070000Z", []string{"2027-03-22T08", "2027-03-24T08", "2027-03-29T07", "2027-03-31T07"}},
		{"FREQ=DAILY;INTERVAL=2;COUNT=2", []string{"2027-03-22T08", "2027-03-24T08"}},
		{"FREQ=MONTHLY;BYDAY=4MO;COUNT=2", []string{"2027-03-22T08", "2027-04-26T07"}},
		{"FREQ=MONTHLY;BYDAY=-2MO;COUNT=2", []string{"2027-03-22T08", "2027-04-19T07"}},
		{"FREQ=MONTHLY;BYMONTHDAY=22;COUNT=2", []string{"2027-03-22T08", "2027-04-22T07"}},
		{"FREQ=YEARLY;COUNT=2", []string{"2027-03-22T08", "2028-03-22T08"}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			starts, fault := Occurrences(tt.rule, monday, berlin)
			if fault != "" {
				t.Fatal(fault)
			}
			var got []string
			for _, at := range starts {
				got = append(got, at.UTC().Format("2006-01-02T15"))
			}
			if strings.Join(got, " ") != strings.Join(tt.want, " ") {
				t.Errorf("%v, want %v", got, tt.want)
			}
		})
	}
}

func TestBadRules(t *testing.T) {
	monday := time.Date(2027, 3, 22, 8, 0, 0, 0, time.UTC)
	for _, rule := range []string{
		"nonsense", "FREQ=WEEKLY", "COUNT=3", "FREQ=HOURLY;COUNT=3", "FREQ=WEEKLY;COUNT=3;UNTIL=20280101T000000Z",
		"FREQ=WEEKLY;COUNT=0", "FREQ=WEEKLY;COUNT=367", "FREQ=WEEKLY;COUNT=99999999999999999999", "FREQ=WEEKLY;COUNT=+3",
		"FREQ=WEEKLY;COUNT=3;COUNT=4", "FREQ=WEEKLY;INTERVAL=0;COUNT=3", "FREQ=WEEKLY;BYDAY=XX;COUNT=3", "FREQ=WEEKLY;BYDAY=1MO;COUNT=3",
		"FREQ=WEEKLY;BYDAY=TU;COUNT=3", "FREQ=DAILY;BYMONTHDAY=30;COUNT=3", "FREQ=MONTHLY;BYMONTHDAY=30;COUNT=3",
		"FREQ=MONTHLY;BYMONTHDAY=0;COUNT=3", "FREQ=MONTHLY;BYDAY=--4MO;COUNT=1", "FREQ=MONTHLY;BYDAY=5MO;COUNT=3",
		"FREQ=YEARLY;BYMONTH=2;COUNT=3", "FREQ=WEEKLY;UNTIL=20270401;BYDAY=MO", "FREQ=WEEKLY;UNTIL=20270101T000000Z",
		"FREQ=DAILY;UNTIL=20290101T000000Z", "FREQ=YEARLY;COUNT=12", "FREQ=WEEKLY;COUNT=3\r\nATTENDEE:mailto:x@example.org",
		"FREQ=WEEKLY;COUNT=3;", ";", "FREQ=WEEKLY;COUNT=3;X-A=1", "RRULE:FREQ=WEEKLY;COUNT=3", "freq=weekly;count=3",
		"FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1;COUNT=2",
	} {
		began := time.Now()
		if starts, fault := Occurrences(rule, monday, time.UTC); fault == "" {
			t.Errorf("%q gives %v, %q", rule, starts, fault)
		}
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("%q took %v", rule, took)
		}
	}
}

func TestNext(t *testing.T) {
	start := time.Date(2027, 3, 22, 8, 0, 0, 0, time.UTC)
	starts, _ := Occurrences("FREQ=DAILY;COUNT=3", start, time.UTC)
	for _, tt := range []struct {
		name string
		now  time.Time
		want int
	}{
		{"before", start.Add(-time.Hour), 0},
		{"while the first one runs", start.Add(30 * time.Minute), 0},
		{"after the first", start.Add(time.Hour), 1},
		{"after all", start.AddDate(0, 1, 0), 2},
	} {
		if got := Next(starts, time.Hour, tt.now); !got.Equal(starts[tt.want]) {
			t.Errorf("%s: %v, want %v", tt.name, got, starts[tt.want])
		}
	}
}

func FuzzOccurrences(f *testing.F) {
	f.Add("FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1;COUNT=3", int64(1806000000))
	f.Add("FREQ=YEARLY;INTERVAL=4;COUNT=2", int64(1835431200))
	f.Fuzz(func(t *testing.T, rule string, start int64) {
		at := time.Unix(start%4e9, 0)
		starts, fault := Occurrences(rule, at, time.UTC)
		if fault != "" {
			return
		}
		if len(starts) == 0 || len(starts) > MaxOccurrences || !starts[0].Equal(at) {
			t.Errorf("%q from %v gives %v", rule, at, starts)
		}
	})
}
