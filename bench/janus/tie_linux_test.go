package janus

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/conclave-meet/conclave/bench/control"
)

// deadline is for what happens at once on a machine that has time.
const deadline = 60 * time.Second

// What this process has inherited does not get to one that is tied, and does to
// another.
func TestTiedInheritsNothing(t *testing.T) {
	for _, tied := range []bool{false, true} {
		fd, err := syscall.Dup(1) // as if a parent had left it open
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = syscall.Close(fd) }()
		cmd := exec.CommandContext(t.Context(), "sh", "-c", fmt.Sprintf("test -e /proc/$$/fd/%d && echo open; test -e /proc/$$/fd/1 && echo output", fd))
		want := "open\noutput\n"
		if tied {
			if err := tie(cmd); err != nil {
				t.Fatal(err)
			}
			want = "output\n"
		}
		if out, err := cmd.Output(); string(out) != want || err != nil {
			t.Errorf("tied %v: %q, %v; want %q", tied, out, err, want)
		}
	}
}

// A tied process is gone when this one has been killed; another lives on until its
// input ends.
func TestTiedEndsWithThisProcess(t *testing.T) {
	if kind := os.Getenv("BENCH_JANUS_PARENT"); kind != "" {
		parent(t, kind == "tied")
		return
	}
	for kind, want := range map[string]string{"tied": "", "free": "alive\n"} {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestTiedEndsWithThisProcess$") //nolint:gosec // this test
		cmd.Env = append(os.Environ(), "BENCH_JANUS_PARENT="+kind)
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		out, output, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		cmd.Stdout = output
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		_ = output.Close()
		lines := bufio.NewReader(out)
		if up, err := lines.ReadString('\n'); up != "up\n" {
			t.Fatalf("%s: %q, %v", kind, up, err)
		}
		_ = cmd.Process.Kill()
		if kind == "free" {
			_ = in.Close()
		}
		late := time.AfterFunc(deadline, func() { _ = in.Close() })
		rest, err := io.ReadAll(lines) // to its end: nobody has it open any more
		late.Stop()
		if string(rest) != want || err != nil {
			t.Errorf("%s: %q, %v after its parent had gone; want %q", kind, rest, err, want)
		}
		_ = in.Close()
		_ = cmd.Wait()
		_ = out.Close()
	}
}

// parent starts a process that lives until its input ends, and lives as long.
func parent(t *testing.T, tied bool) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "sh", "-c", "echo up; read line; echo alive")
	cmd.Stdin, cmd.Stdout = os.Stdin, os.Stdout
	if tied {
		if err := tie(cmd); err != nil {
			t.Fatal(err)
		}
	}
	_ = cmd.Run()
}

// A Janus that does not answer is ended by who gives up on it.
func TestGivenUpIsEnded(t *testing.T) {
	if addr, err := control.Address(); err != nil || addr.IsLoopback() {
		t.Skip("janus needs an address that is not loopback")
	}
	dir := t.TempDir()
	pidFile := filepath.Join(dir, "pid")
	script := "#!/bin/sh\necho $$ >" + pidFile + ".new\n/bin/mv " + pidFile + ".new " + pidFile + "\nexec /bin/sleep 600\n"
	if err := os.WriteFile(filepath.Join(dir, "janus"), []byte(script), 0o700); err != nil { //nolint:gosec // it is run
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	pid := make(chan int, 1)
	go func() {
		defer cancel()
		pid <- awaitNumber(ctx, pidFile)
	}()
	if s, err := Start(ctx); err == nil {
		s.Stop()
		t.Fatal("a server that answers nothing has started")
	}
	cancel()
	n := <-pid
	if n <= 0 {
		t.Fatal("it has not run")
	}
	if err := syscall.Kill(n, 0); !errors.Is(err, syscall.ESRCH) {
		t.Errorf("process %d is there: %v", n, err)
	}
}

// awaitNumber waits until there is a number in the file, and returns 0 when ctx ends
// first.
func awaitNumber(ctx context.Context, path string) int {
	for ctx.Err() == nil {
		if text, err := os.ReadFile(path); err == nil {
			n, _ := strconv.Atoi(strings.TrimSpace(string(text)))
			return n
		}
		time.Sleep(10 * time.Millisecond)
	}
	return 0
}
