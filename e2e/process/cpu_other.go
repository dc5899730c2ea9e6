//go:build !linux

package process

import (
	"errors"
	"time"
)

// CPU fails: only Linux tells.
func CPU(int) (time.Duration, error) { return 0, errors.ErrUnsupported }
