//go:build !race

package api

import "testing"

// slow marks a test that race_test.go skips.
func slow(t *testing.T) { t.Helper() }
