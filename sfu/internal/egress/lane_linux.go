package egress

import (
	"net"
	"net/netip"
	"sync"
	"sync/atomic"

	"golang.org/x/sys/unix"
)

const (
	// patience is how often a flush waits for a millisecond because the socket is
	// full, before it drops the rest.
	patience = 5
	// maxRefusals is after how many trains in a row that the kernel would not cut it
	// is given no more of them, for so many flushes. It may have been one viewer's
	// path, which takes short packets only.
	maxRefusals = 16
	restFlushes = 1000
)

// lane is one batch and the socket it is sent on.
type lane struct {
	mu       sync.Mutex // guards what follows
	kernel   kernel
	batch    batch
	messages messages
	refusals int      // in a row
	rest     int      // so many flushes without trains
	whole    bool     // no trains at all: the kernel knows none
	six      bool     // IPv6
	addr     sockaddr // of what goes out at once
	closed   bool

	packets, sent, calls, direct atomic.Int64
	refused, full, failed        atomic.Int64
}

// kernel is the system calls a lane makes.
type kernel interface {
	sendmmsg(list []message) (sent int, err unix.Errno)
	sendto(p []byte, to *sockaddr) unix.Errno
	wait() // until the socket takes more, or for a millisecond
	close()
}

func newLane(fd int, bound unix.Sockaddr) *lane {
	_, six := bound.(*unix.SockaddrInet6)
	return &lane{kernel: socket(fd), whole: !segments(fd), six: six}
}

// write keeps a copy of p when it is RTP, and sends it when it is not.
func (l *lane) write(p []byte, to netip.AddrPort) (int, error) {
	l.mu.Lock()
	n, err := l.put(p, to)
	l.mu.Unlock()
	return n, err
}

// put is write with mu held.
func (l *lane) put(p []byte, to netip.AddrPort) (int, error) {
	if l.closed {
		return 0, errClosed
	}
	if to.Addr().Is4() == l.six {
		return 0, &net.AddrError{Err: "address of the other family", Addr: to.String()}
	}
	if !IsRTP(p) {
		l.direct.Add(1)
		return l.writeNow(p, to)
	}
	if len(p) > slotSize {
		l.send() // what came before goes before
		l.calls.Add(1)
		n, err := l.writeNow(p, to)
		l.tally(err == nil, 1)
		return n, err
	}
	if l.batch.add(p, to) {
		l.send()
	}
	return len(p), nil
}

// writeNow sends one datagram.
func (l *lane) writeNow(p []byte, to netip.AddrPort) (int, error) {
	l.addr.set(to)
	for range patience {
		switch err := l.kernel.sendto(p, &l.addr); err {
		case 0:
			return len(p), nil
		case unix.EINTR:
		case unix.EAGAIN:
			l.kernel.wait()
		default:
			return 0, err
		}
	}
	return 0, unix.EAGAIN
}

func (l *lane) flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.closed {
		l.send()
	}
}

// send empties the batch. The caller holds mu, as for what follows.
func (l *lane) send() {
	if l.batch.n == 0 {
		return
	}
	l.transmit(l.batch.arrange(!l.whole && l.rest == 0))
	l.rest = max(l.rest-1, 0)
	l.batch.n = 0
}

// transmit sends trains. It gives up those that the kernel refuses, and all the
// rest when the socket stays full.
func (l *lane) transmit(trains []train) {
	list := l.messages.compose(&l.batch, trains)
	for waits := 0; len(list) > 0; {
		n, err := l.kernel.sendmmsg(list)
		l.calls.Add(1)
		for _, t := range trains[:n] {
			l.took(t)
		}
		if err == 0 && n > 0 {
			trains, list = trains[n:], list[n:]
			continue
		}
		switch {
		case err == unix.EINTR:
		case err == unix.EAGAIN && waits < patience:
			waits++
			l.kernel.wait()
		case err == unix.EAGAIN:
			for _, t := range trains {
				l.full.Add(int64(t.count))
			}
			return
		case trains[0].count > 1 && refused(err):
			l.uncouple(trains[0])
			trains, list = trains[1:], list[1:]
		default:
			l.failed.Add(int64(trains[0].count))
			trains, list = trains[1:], list[1:]
		}
	}
}

// took notes a train that was sent.
func (l *lane) took(t train) {
	l.packets.Add(int64(t.count))
	l.sent.Add(1)
	if t.count > 1 {
		l.refusals = 0
	}
}

// uncouple sends a train that the kernel refused packet by packet. After a rest one
// more that is refused is enough for the next.
func (l *lane) uncouple(t train) {
	l.refused.Add(1)
	l.refusals = min(l.refusals+1, maxRefusals)
	if l.refusals == maxRefusals {
		l.rest = restFlushes
	}
	for _, slot := range l.batch.order[t.first : t.first+t.count] {
		l.calls.Add(1)
		_, err := l.writeNow(l.batch.data[slot][:l.batch.size[slot]], t.to)
		l.tally(err == nil, 1)
	}
}

func (l *lane) tally(sent bool, packets int64) {
	if !sent {
		l.failed.Add(packets)
		return
	}
	l.packets.Add(packets)
	l.sent.Add(packets)
}

func (l *lane) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return
	}
	l.send()
	l.closed = true
	l.kernel.close()
}

func (l *lane) stats() Stats {
	return Stats{
		Packets: l.packets.Load(), Messages: l.sent.Load(), Calls: l.calls.Load(), Direct: l.direct.Load(),
		Refused: l.refused.Load(), Full: l.full.Load(), Failed: l.failed.Load(),
	}
}
