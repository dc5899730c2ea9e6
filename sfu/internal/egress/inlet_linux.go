package egress

import (
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"strconv"
	"sync"
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	inletSlots = 16
	inletSize  = 8192 // bytes of a datagram, as Pion reads; what is longer is cut off
)

// inlet reads what comes for a socket, as many datagrams at a time as are there. Its
// calls do not tell the runtime that they may take long, as they never wait: else each
// wakes a thread that watches over it, in a quiet meeting for a fifth of all there is to do.
type inlet struct {
	raw  descriptor
	read func(fd uintptr) bool // receive, kept as it is needed for each call

	mu      sync.Mutex // guards what follows
	list    [inletSlots]message
	addrs   [inletSlots]unix.RawSockaddrInet6
	vectors [inletSlots]unix.Iovec
	data    [inletSlots][inletSize]byte
	next, n int // of those that are there
	err     unix.Errno
	zones   map[uint32]string
}

// descriptor is a syscall.RawConn: Read calls f each time there may be something to read,
// until f says that it is done.
type descriptor interface {
	Control(f func(fd uintptr)) error
	Read(f func(fd uintptr) (done bool)) error
}

func newInlet(conn *net.UDPConn) (*inlet, error) {
	raw, err := conn.SyscallConn()
	if err != nil {
		return nil, err
	}
	in := &inlet{raw: raw, zones: make(map[uint32]string)}
	in.read = in.receive
	for i := range in.list {
		in.vectors[i].Base = &in.data[i][0]
		in.vectors[i].SetLen(inletSize)
		in.list[i].header = unix.Msghdr{Name: (*byte)(unsafe.Pointer(&in.addrs[i])), Iov: &in.vectors[i]} //nolint:gosec // recvmsg(2)
		in.list[i].header.SetIovlen(1)
	}
	controlErr := raw.Control(func(fd uintptr) {
		if _, refused := in.recvmmsg(fd, 1, unix.MSG_PEEK); refused != 0 && refused != unix.EAGAIN {
			err = refused
		}
	})
	return in, errors.Join(controlErr, err)
}

func (in *inlet) recvmmsg(fd uintptr, most int, flags uintptr) (int, unix.Errno) {
	for i := range in.list {
		in.list[i].header.Namelen = unix.SizeofSockaddrInet6
	}
	n, _, err := unix.RawSyscall6(unix.SYS_RECVMMSG, fd, uintptr(unsafe.Pointer(&in.list[0])), uintptr(most), flags|unix.MSG_DONTWAIT, 0, 0) //nolint:gosec // recvmmsg(2)
	return int(n), err                                                                                                                       //nolint:gosec // most at most
}

// receive reports whether something came, or never will.
func (in *inlet) receive(fd uintptr) bool {
	for {
		n, err := in.recvmmsg(fd, inletSlots, 0)
		switch err {
		case 0:
			in.next, in.n, in.err = 0, n, 0
			return true
		case unix.EINTR:
		case unix.EAGAIN:
			return false
		default:
			in.next, in.n, in.err = 0, 0, err
			return true
		}
	}
}

// take copies the next datagram into p, and waits for it if need be.
func (in *inlet) take(p []byte) (int, netip.AddrPort, error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.next == in.n {
		if err := in.raw.Read(in.read); err != nil {
			return 0, netip.AddrPort{}, err
		}
		if in.err != 0 {
			return 0, netip.AddrPort{}, &net.OpError{Op: "read", Net: "udp", Err: in.err}
		}
	}
	i := in.next
	in.next++
	return copy(p, in.data[i][:in.list[i].sent]), in.from(&in.addrs[i]), nil
}

// from returns the address in a.
func (in *inlet) from(a *unix.RawSockaddrInet6) netip.AddrPort {
	if a.Family == unix.AF_INET {
		four := (*unix.RawSockaddrInet4)(unsafe.Pointer(a)) //nolint:gosec // it is the shorter
		return netip.AddrPortFrom(netip.AddrFrom4(four.Addr), network(four.Port))
	}
	addr := netip.AddrFrom16(a.Addr)
	if a.Scope_id != 0 {
		addr = addr.WithZone(in.zone(a.Scope_id))
	}
	return netip.AddrPortFrom(addr, network(a.Port))
}

// network returns a port from the kernel's order.
func network(port uint16) uint16 {
	var raw [2]byte
	binary.NativeEndian.PutUint16(raw[:], port)
	return binary.BigEndian.Uint16(raw[:])
}

// zone returns the name of an interface, or its number if it has none, as package net does.
func (in *inlet) zone(index uint32) string {
	if name, known := in.zones[index]; known {
		return name
	}
	i, err := net.InterfaceByIndex(int(index))
	if err != nil {
		return strconv.FormatUint(uint64(index), 10)
	}
	in.zones[index] = i.Name
	return i.Name
}
