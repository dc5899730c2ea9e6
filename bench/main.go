// Command bench compares the media server with others: a plain one made with Pion,
// and Janus. All of them run at once, each in a process of its own, with the same
// clients, and take turns in short rounds, so that whatever else the machine does
// falls on all alike. It prints what a forwarded packet costs each in processor
// time, what it takes, and for each comparison a line
//
//	ratio NAME/RIVAL VALUE
//
// which is the median over the rounds of ours divided by the rival's. Rounds in
// which anybody lost a packet do not count.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	"time"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run() error {
	here, err := os.Executable()
	if err != nil {
		return err
	}
	b := bench{began: time.Now(), out: os.Stdout, folder: filepath.Dir(here)}
	flag.IntVar(&b.rounds, "rounds", 5, "rounds of each comparison, at least 5")
	flag.DurationVar(&b.round, "round", 1200*time.Millisecond, "how long each server sends in a round")
	flag.StringVar(&b.only, "only", "", "compare only what has a name with this in it, as in meeting or forward/bc100")
	flag.Func("rivals", "compare with these only, as in naive,janus; with none, ours is measured alone", b.choose)
	flag.Parse()
	if b.rounds < 5 || b.round <= 0 {
		return fmt.Errorf("%d rounds of %v say nothing", b.rounds, b.round)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	debug.SetGCPercent(400) // the clients' own work is not what is measured
	average, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return err
	}
	fmt.Printf("%d processors, %s, load average at the start %s\n", runtime.NumCPU(), runtime.Version(),
		strings.Join(strings.Fields(string(average))[:3], " "))
	for _, s := range scenarios(b.began) {
		if err := b.compare(ctx, s); err != nil {
			return err
		}
	}
	fmt.Printf("\ndone after %v\n", time.Since(b.began).Round(time.Second))
	return nil
}
