// Command bot lets participants without a browser come and go in a meeting, at
// random, so that those with one can be watched meanwhile. It prints how often
// each of them negotiated.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"time"

	"github.com/conclave-meet/conclave/e2e/bot"
	"github.com/conclave-meet/conclave/signaling/wire"
)

// result is what is printed.
type result struct {
	Joins         int `json:"joins"`
	MostAtOnce    int `json:"mostAtOnce"`
	MostExchanges int `json:"mostExchanges"` // of SDP, in one stay
}

func main() {
	var (
		site  = flag.String("site", "http://127.0.0.1:8080", "the server")
		link  = flag.String("link", "", "an invite link")
		joins = flag.Int("joins", 100, "how often somebody joins")
		most  = flag.Int("most", 8, "how many are in at once")
		seed  = flag.Uint64("seed", 1, "of the random order")
	)
	flag.Parse()
	done, err := churn(context.Background(), *site, *link, *joins, *most, *seed)
	if err != nil {
		fmt.Fprintln(os.Stderr, "bot:", err)
		os.Exit(1)
	}
	_ = json.NewEncoder(os.Stdout).Encode(done)
}

// churn lets people join and leave until joins of them have come and all have
// gone.
func churn(ctx context.Context, site, link string, joins, most int, seed uint64) (result, error) {
	rnd := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // a repeatable order
	m, err := bot.MeetingOf(link)
	if err != nil {
		return result{}, err
	}
	var done result
	var in []*bot.Participant
	for done.Joins < joins || len(in) > 0 {
		if done.Joins < joins && (len(in) == 0 || len(in) < most && rnd.IntN(2) == 0) {
			p, err := join(ctx, bot.NewSite(site), m, fmt.Sprint("Bot ", done.Joins+1))
			if err != nil {
				return done, err
			}
			in = append(in, p)
			done.Joins++
			done.MostAtOnce = max(done.MostAtOnce, len(in))
			continue
		}
		i := rnd.IntN(len(in))
		p := in[i]
		in = append(in[:i], in[i+1:]...)
		done.MostExchanges = max(done.MostExchanges, int(p.Exchanges.Load()))
		if rnd.IntN(2) == 0 {
			p.Close()
		} else if err := p.Leave(ctx); err != nil {
			return done, err
		}
	}
	return done, nil
}

// join brings one in with a live microphone.
func join(ctx context.Context, site *bot.Site, m bot.Meeting, name string) (*bot.Participant, error) {
	media, err := bot.NewMedia(bot.Shape{Audio: 3, Video: 9}, nil)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	p, err := site.Join(ctx, m, name, media, nil)
	if err != nil {
		media.Close()
		return nil, err
	}
	return p, p.Must(ctx, &wire.Publish{Source: wire.Microphone, Live: true})
}
