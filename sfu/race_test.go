//go:build race

package sfu_test

import "testing"

// measures skips a test of how much memory something takes: with the race detector it
// is not what it is without. `make check` runs it without.
func measures(t *testing.T) {
	t.Helper()
	t.Skip("memory is measured: run without the race detector")
}
