package bwe

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var plots = flag.String("plots", "", "a directory for drawings of the simulated runs")

// plot draws a run, if drawings are wanted: the link's rate, the target and what
// came, in bits/s, and the queue below.
func plot(t *testing.T, s *sim, name string, seed uint64) {
	t.Helper()
	if *plots == "" || seed != 0 || len(s.trace) == 0 {
		return
	}
	const width, height, below = 900.0, 300.0, 80.0
	last := s.trace[len(s.trace)-1].at.Seconds()
	top, longest := 0.0, 0.001
	for _, p := range s.trace {
		top, longest = max(top, p.link, p.target), max(longest, p.queue.Seconds())
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-60 -30 %v %v" font-family="sans-serif" font-size="12">`, width+80, height+below+70)
	fmt.Fprintf(&b, `<rect x="-60" y="-30" width="100%%" height="100%%" fill="white"/><text x="0" y="-12">%s</text>`, name)
	fmt.Fprintf(&b, `<text x="-55" y="10">%.1fM</text><text x="-55" y="%v">0</text><text x="%v" y="%v">%.0f s</text>`, top/1e6, height, width-20, height+below+32, last)
	fmt.Fprintf(&b, `<text x="-55" y="%v">%.0f ms</text>`, height+30, longest*1e3)
	line := func(color string, y func(point) float64) {
		fmt.Fprintf(&b, `<polyline fill="none" stroke="%s" points="`, color)
		for _, p := range s.trace {
			fmt.Fprintf(&b, "%.1f,%.1f ", p.at.Seconds()/last*width, y(p))
		}
		b.WriteString(`"/>`)
	}
	mean := 0.0 // over half a second, as frames come in bursts
	line("#bbb", func(p point) float64 {
		mean += (p.arrived - mean) / 10
		return height * (1 - min(1, mean/top))
	})
	line("black", func(p point) float64 { return height * (1 - p.link/top) })
	line("crimson", func(p point) float64 { return height * (1 - p.target/top) })
	line("steelblue", func(p point) float64 { return height + 20 + below*(1-p.queue.Seconds()/longest) })
	b.WriteString(`<text x="120" y="-12" fill="crimson">target</text><text x="170" y="-12">link</text><text x="210" y="-12" fill="#999">came</text><text x="260" y="-12" fill="steelblue">queue</text></svg>`)
	if err := os.MkdirAll(*plots, 0o755); err != nil {
		t.Fatal(err)
	}
	file := strings.NewReplacer(" ", "-", "%", "percent", ",", "").Replace(name) + ".svg"
	if err := os.WriteFile(filepath.Join(*plots, file), []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}
