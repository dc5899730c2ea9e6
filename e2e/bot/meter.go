package bot

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtp"
)

// maxDelays bounds how many delays a meter keeps between two calls of Delays.
const maxDelays = 1 << 20

// Meter counts packets made by Frame, and notes how long they took. Its Take may be
// called from several goroutines.
type Meter struct {
	Came chan struct{} // something has, since it was last received from

	began time.Time    // what the clock in the marks counts from
	since atomic.Int64 // a time.Duration: what was made before counts nowhere
	count atomic.Uint64
	wrong atomic.Uint64

	mu     sync.Mutex // guards delays
	delays []time.Duration
}

// NewMeter returns a meter at zero, for packets whose marks count from began.
func NewMeter(began time.Time) *Meter { return &Meter{began: began, Came: make(chan struct{}, 1)} }

// Begin forgets the delays so far, and counts from now on only what is made after
// since.
func (m *Meter) Begin(since time.Duration) {
	m.since.Store(int64(since))
	m.Delays()
}

// Count returns how many packets have come.
func (m *Meter) Count() uint64 { return m.count.Load() }

// Wrong returns how many packets have come that were not made by Frame.
func (m *Meter) Wrong() uint64 { return m.wrong.Load() }

// Take takes in a packet, and returns its mark if it counts.
func (m *Meter) Take(p *rtp.Packet) (mark Mark, ok bool) {
	now := time.Since(m.began)
	if len(p.Payload) == 0 {
		return mark, false // padding
	}
	mark, err := ReadMark(p.Payload)
	if err != nil {
		m.wrong.Add(1)
		return mark, false
	}
	if mark.At < time.Duration(m.since.Load()) {
		return mark, false
	}
	m.mu.Lock()
	if len(m.delays) < maxDelays {
		m.delays = append(m.delays, now-mark.At)
	}
	m.mu.Unlock()
	m.count.Add(1)
	select {
	case m.Came <- struct{}{}:
	default: // noted already
	}
	return mark, true
}

// Delays returns the delays of what has come since it was last called.
func (m *Meter) Delays() []time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	list := m.delays
	m.delays = nil
	return list
}

// Quantile returns the q-th quantile of list, which it sorts; 0 of none.
func Quantile(list []time.Duration, q float64) time.Duration {
	if len(list) == 0 {
		return 0
	}
	slices.Sort(list)
	return list[min(int(q*float64(len(list))), len(list)-1)]
}
