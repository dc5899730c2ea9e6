//go:build !race

package sfu_test

import "testing"

func measures(*testing.T) {}
