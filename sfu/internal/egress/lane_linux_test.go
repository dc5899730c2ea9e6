package egress

import (
	"net/netip"
	"slices"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// fake is a kernel that takes what answer lets it.
type fake struct {
	answer func(packets int) unix.Errno // to a message of so many packets
	most   int                          // messages taken at once; 0 for all
	got    []int                        // the numbers of the packets taken
	sent   []int                        // how many packets there were in each message
	waits  int
}

func (f *fake) sendmmsg(list []message) (int, unix.Errno) {
	for i, m := range list {
		if f.most > 0 && i == f.most {
			return i, 0
		}
		packets := unsafe.Slice(m.header.Iov, m.header.Iovlen)
		if err := f.answer(len(packets)); err != 0 {
			if i > 0 {
				return i, 0 // as sendmmsg does; the next call begins with this one
			}
			return 0, err
		}
		f.sent = append(f.sent, len(packets))
		for _, v := range packets {
			f.got = append(f.got, number(unsafe.Slice(v.Base, v.Len)))
		}
	}
	return len(list), 0
}

func (f *fake) sendto(p []byte, _ *sockaddr) unix.Errno {
	if err := f.answer(1); err != 0 {
		return err
	}
	f.sent = append(f.sent, 1)
	f.got = append(f.got, number(p))
	return 0
}

func (f *fake) wait()  { f.waits++ }
func (f *fake) close() {}

// newFakeLane returns a lane over f.
func newFakeLane(f *fake) *lane { return &lane{kernel: f} }

var viewers = []netip.AddrPort{netip.MustParseAddrPort("192.0.2.1:1000"), netip.MustParseAddrPort("192.0.2.2:1000")}

// fill writes n packets for each viewer, numbered from 0 and from 1000 on, and
// flushes.
func fill(l *lane, n int) {
	for i := range n {
		for v, to := range viewers {
			_, _ = l.write(rtp(v*1000+i, 1100), to)
		}
	}
	l.flush()
}

func upTo(n int) (list []int) {
	for v := range viewers {
		for i := range n {
			list = append(list, v*1000+i)
		}
	}
	return list
}

// When trains are refused, nothing is lost: the packets go one by one, in order.
func TestRefusedTrainsGoPacketByPacket(t *testing.T) {
	for _, err := range []unix.Errno{unix.EINVAL, unix.EMSGSIZE, unix.EIO} {
		f := &fake{answer: func(packets int) unix.Errno {
			if packets > 1 {
				return err
			}
			return 0
		}}
		l := newFakeLane(f)
		fill(l, 10)
		s := l.stats()
		if !slices.Equal(f.got, upTo(10)) || s.Packets != 20 || s.Failed != 0 || s.Refused == 0 {
			t.Errorf("%v: %v came, counted %+v", err, f.got, s)
		}
		for range restFlushes {
			fill(l, 10)
		}
		if s := l.stats(); s.Refused != maxRefusals || s.Packets != 20*(restFlushes+1) || s.Failed != 0 {
			t.Errorf("%v: counted %+v, want %d trains that were refused", err, s, maxRefusals)
		}
		f.answer, f.sent = func(int) unix.Errno { return 0 }, nil
		for range maxRefusals {
			fill(l, 10)
		}
		if !slices.Contains(f.sent, 10) {
			t.Errorf("%v: trains are not tried again after a rest", err)
		}
	}
}

// One path that takes only short packets ends the trains for nobody else.
func TestOneRefusalEndsNoTrains(t *testing.T) {
	turn := 0
	f := &fake{answer: func(packets int) unix.Errno {
		if packets > 1 {
			turn++
			if turn%2 == 1 {
				return unix.EMSGSIZE
			}
		}
		return 0
	}}
	l := newFakeLane(f)
	for range 5 * maxRefusals {
		fill(l, 3)
	}
	if l.rest > 0 || l.stats().Refused < maxRefusals || !slices.Contains(f.sent, 3) {
		t.Errorf("no trains for %d flushes, %d were refused", l.rest, l.stats().Refused)
	}
}

// A socket that stays full costs a bounded wait, then packets; and they are counted.
func TestAFullSocketDropsAndCounts(t *testing.T) {
	full := true
	f := &fake{answer: func(int) unix.Errno {
		if full {
			return unix.EAGAIN
		}
		return 0
	}}
	l := newFakeLane(f)
	fill(l, 10)
	if s := l.stats(); s.Full != 20 || s.Packets != 0 || f.waits != patience {
		t.Errorf("counted %+v after %d waits, want 20 dropped after %d", s, f.waits, patience)
	}
	if _, err := l.write([]byte{20, 254, 253}, viewers[0]); err != unix.EAGAIN { //nolint:errorlint // it is not wrapped
		t.Errorf("a datagram that is not kept: %v", err)
	}
	full = false
	fill(l, 10)
	if s := l.stats(); s.Full != 20 || s.Packets != 20 || !slices.Equal(f.got, upTo(10)) {
		t.Errorf("afterwards counted %+v, %v came", s, f.got)
	}
}

// The kernel may take a part, be interrupted, or refuse a packet for good.
func TestWhatIsLeftIsTriedAgain(t *testing.T) {
	interrupted := false
	f := &fake{most: 1, answer: func(int) unix.Errno {
		interrupted = !interrupted
		if interrupted {
			return unix.EINTR
		}
		return 0
	}}
	l := newFakeLane(f)
	fill(l, 5)
	if s := l.stats(); s.Packets != 10 || s.Failed+s.Full != 0 || !slices.Equal(f.got, upTo(5)) {
		t.Errorf("counted %+v, %v came", s, f.got)
	}

	unreachable := 0
	f = &fake{answer: func(int) unix.Errno {
		unreachable++
		if unreachable == 1 {
			return unix.ENETUNREACH
		}
		return 0
	}}
	l = newFakeLane(f)
	fill(l, 5)
	if s := l.stats(); s.Packets != 5 || s.Failed != 5 || !slices.Equal(f.got, upTo(5)[5:]) {
		t.Errorf("with one unreachable: counted %+v, %v came", s, f.got)
	}
}

// A packet that is too long to be kept goes behind those that are.
func TestALongPacketKeepsItsPlace(t *testing.T) {
	f := &fake{answer: func(int) unix.Errno { return 0 }}
	l := newFakeLane(f)
	_, _ = l.write(rtp(0, 1100), viewers[0])
	_, _ = l.write(rtp(1, slotSize+1), viewers[0])
	_, _ = l.write(rtp(2, 1100), viewers[0])
	l.flush()
	if !slices.Equal(f.got, []int{0, 1, 2}) || l.stats().Packets != 3 {
		t.Errorf("%v came, counted %+v", f.got, l.stats())
	}
}

func TestAddressesOfTheOtherFamilyAreRefused(t *testing.T) {
	l := newFakeLane(&fake{answer: func(int) unix.Errno { return 0 }})
	if _, err := l.write(rtp(0, 100), netip.MustParseAddrPort("[2001:db8::1]:1")); err == nil {
		t.Error("an IPv4 socket takes a packet for an IPv6 address")
	}
}
