package janus

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"syscall"
)

// tie makes cmd end with this process, however that ends, and start with nothing that
// this process has inherited but its standard input, output and error output: Janus
// keeps what it gets, a lock for one, for as long as it lives. What Go opens itself is
// not handed on anyway.
func tie(cmd *exec.Cmd) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return fmt.Errorf("list what is open: %w", err)
	}
	for _, entry := range open {
		if fd, err := strconv.Atoi(entry.Name()); err == nil && fd > 2 {
			syscall.CloseOnExec(fd)
		}
	}
	return nil
}
