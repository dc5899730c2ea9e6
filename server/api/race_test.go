//go:build race

package api

import "testing"

// slow skips a test that asks one thing after the other, thousands of times:
// there is no race to find in it, and under the detector it takes ten times as
// long. `make check` runs it without.
func slow(t *testing.T) {
	t.Helper()
	t.Skip("one thing after the other: run without the race detector")
}
