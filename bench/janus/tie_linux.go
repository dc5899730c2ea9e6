package janus

import (
	"os/exec"
	"syscall"
)

// tie makes cmd end with this process, however that ends: Janus keeps whatever it
// has inherited, a lock for one, for as long as it lives.
func tie(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
