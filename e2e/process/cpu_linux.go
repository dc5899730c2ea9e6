package process

import (
	"fmt"
	"math"
	"time"

	"golang.org/x/sys/unix"
)

// CPU returns the processor time that a process of this machine has used, in user
// and kernel mode, by all its threads, to the nanosecond.
func CPU(pid int) (time.Duration, error) {
	if pid <= 0 || pid > math.MaxInt32>>3 {
		return 0, fmt.Errorf("process %d", pid)
	}
	const scheduled = 2 // CPUCLOCK_SCHED, see clock_getcpuclockid(3)
	var now unix.Timespec
	if err := unix.ClockGettime(int32(^pid<<3|scheduled), &now); err != nil { //nolint:gosec // checked above
		return 0, fmt.Errorf("processor time of process %d: %w", pid, err)
	}
	return time.Duration(now.Nano()), nil
}
