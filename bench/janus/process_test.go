package janus

import (
	"errors"
	"testing"
)

func TestWithoutJanus(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if s, err := Start(t.Context()); !errors.Is(err, ErrAbsent) {
		t.Errorf("Start = %v, %v", s, err)
	}
}
