package sfu_test

import (
	"math/rand/v2"
	"net"
	"regexp"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// detour is a way between one bot and the SFU: what goes to the bot passes a queue of
// limited length at a limited rate. What goes the other way just passes.
type detour struct {
	near    *net.UDPConn // where the bot believes the SFU to be
	far     *net.UDPConn // connected to the SFU
	bot     atomic.Pointer[net.UDPAddr]
	rate    atomic.Int64 // bits/s
	dropped atomic.Int64 // packets
	loses   atomic.Int64 // of a thousand packets towards the bot, so many at random
	queue   chan delayed
	wg      sync.WaitGroup
}

// delayed is a packet and when it has passed.
type delayed struct {
	at     time.Time
	packet []byte
}

// detourQueue is how long a packet waits at most; what would wait longer is dropped.
const detourQueue = 300 * time.Millisecond

func newDetour(t *testing.T, to *net.UDPAddr, rate int64) *detour {
	t.Helper()
	near, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	far, err := net.DialUDP("udp4", nil, to)
	if err != nil {
		t.Fatal(err)
	}
	d := &detour{near: near, far: far, queue: make(chan delayed, 4096)}
	d.rate.Store(rate)
	d.wg.Go(d.there)
	d.wg.Go(d.back)
	d.wg.Go(d.deliver)
	t.Cleanup(func() {
		_, _ = near.Close(), far.Close()
		d.wg.Wait()
	})
	return d
}

// there passes on what the bot sends.
func (d *detour) there() {
	buf := make([]byte, 2000)
	for {
		n, from, err := d.near.ReadFromUDP(buf)
		if err != nil {
			return
		}
		d.bot.Store(from)
		_, _ = d.far.Write(buf[:n])
	}
}

// back queues what the SFU sends.
func (d *detour) back() {
	defer close(d.queue)
	buf := make([]byte, 2000)
	free := time.Now() // when the last packet will have passed
	luck := rand.New(rand.NewPCG(7, 7))
	for {
		n, err := d.far.Read(buf)
		if err != nil {
			return
		}
		if luck.Int64N(1000) < d.loses.Load() {
			continue
		}
		now := time.Now()
		if free.Before(now) {
			free = now
		}
		if free.Sub(now) > detourQueue {
			d.dropped.Add(1)
			continue
		}
		free = free.Add(time.Duration(int64(n) * 8 * int64(time.Second) / d.rate.Load()))
		select {
		case d.queue <- delayed{free, append([]byte(nil), buf[:n]...)}:
		default:
			d.dropped.Add(1)
		}
	}
}

// deliver sends to the bot what has waited long enough.
func (d *detour) deliver() {
	for p := range d.queue {
		<-time.After(time.Until(p.at))
		if bot := d.bot.Load(); bot != nil {
			_, _ = d.near.WriteToUDP(p.packet, bot)
		}
	}
}

var candidate = regexp.MustCompile(`(a=candidate:.* 127\.0\.0\.1 )\d+( typ host)`)

// answer makes an answer name the detour instead of the SFU.
func (d *detour) answer(sdp string) string {
	port := d.near.LocalAddr().(*net.UDPAddr).Port
	return candidate.ReplaceAllString(sdp, "${1}"+strconv.Itoa(port)+"${2}")
}
