package sfu

import (
	"testing"
	"time"
)

func TestAllowance(t *testing.T) {
	begin := time.Unix(1000, 0)
	var a allowance
	for i, step := range []struct {
		after time.Duration
		n     int
		want  bool
	}{
		{0, 11, false},          // more than there ever is
		{0, 6, true},            //
		{0, 5, false},           // which takes nothing
		{0, 4, true},            // all is taken
		{0, 1, false},           //
		{time.Second, 6, false}, // half of it is back
		{time.Second, 5, true},  //
		{0, 1, false},           // a clock that goes back gives nothing
		{time.Hour, 10, true},   // nothing is saved up
		{time.Hour, 1, false},   //
		{time.Hour + 200*time.Millisecond, 1, true}, //
	} {
		if got := a.take(step.n, 10, 2*time.Second, begin.Add(step.after)); got != step.want {
			t.Errorf("step %d: take(%d) = %t", i, step.n, got)
		}
	}
}
