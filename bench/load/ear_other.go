//go:build !linux

package load

import "errors"

// deafen fails: the bench needs Linux.
func (*Ear) deafen() error { return errors.ErrUnsupported }

// Dropped fails, as deafen does.
func (*Ear) Dropped() (uint64, error) { return 0, errors.ErrUnsupported }
