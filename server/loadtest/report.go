package loadtest

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/conclave-meet/conclave/e2e/bot"
)

// report is what was measured.
type report struct {
	people, senders int
	took            time.Duration
	joins           []time.Duration // from the request to media that flows
	pictures, sound count
	delays          []time.Duration // from the sender to who decrypts, on this machine
	process         int             // the server's, or 0
	cpu             time.Duration   // in took
	memory          int64           // bytes
	overruns        int             // datagrams that this machine has dropped meanwhile
}

// count is packets that have come, of those that were to come.
type count struct{ got, want int }

// add adds packets. What came twice does not make up for what did not come.
func (c *count) add(got, want int) {
	c.got += min(got, want)
	c.want += want
}

func (c count) String() string {
	share := 0.0
	if c.want > 0 {
		share = 100 * float64(c.want-c.got) / float64(c.want)
	}
	return fmt.Sprintf("%d of %d packets came, %.3f %% lost", c.got, c.want, share)
}

// print writes the report.
func (r *report) print(out io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%d people, of whom %d send, for %v\n", r.people, r.senders, r.took.Round(time.Second/10))
	fmt.Fprintf(&b, "  joining   p50 %v, p99 %v\n", round(bot.Quantile(r.joins, 0.5)), round(bot.Quantile(r.joins, 0.99)))
	fmt.Fprintf(&b, "  pictures  %v\n", r.pictures)
	fmt.Fprintf(&b, "  sound     %v\n", r.sound)
	fmt.Fprintf(&b, "  delay     p50 %v, p99 %v\n", round(bot.Quantile(r.delays, 0.5)), round(bot.Quantile(r.delays, 0.99)))
	if r.process > 0 {
		fmt.Fprintf(&b, "  server    %.2f processors, %.1f MiB\n", r.cpu.Seconds()/r.took.Seconds(), float64(r.memory)/(1<<20))
	}
	if r.overruns > 0 {
		fmt.Fprintf(&b, "  meanwhile this machine has dropped %d datagrams that nobody read in time: it is too slow for so many people\n", r.overruns)
	}
	_, err := io.WriteString(out, b.String())
	return err
}

func round(d time.Duration) time.Duration { return d.Round(10 * time.Microsecond) }
