//go:build !linux

package load

import "errors"

// deafen fails: the bench needs Linux.
func (*Ear) deafen() error { return errors.ErrUnsupported }
