package egress

import (
	"encoding/binary"
	"net"
	"net/netip"
	"strconv"
	"unsafe"

	"golang.org/x/sys/unix"
)

// controlSize is the space for one UDP_SEGMENT control message of 16 bits.
var controlSize = unix.CmsgSpace(2)

// message is the kernel's struct mmsghdr.
type message struct {
	header unix.Msghdr
	sent   uint32 // bytes, set by the kernel
}

// sockaddr is a socket address of either family.
type sockaddr struct {
	raw    unix.RawSockaddrInet6 // or, in its place, a RawSockaddrInet4, which is shorter
	length uint32
}

// set makes a the address to.
func (a *sockaddr) set(to netip.AddrPort) {
	port := to.Port()
	if binary.NativeEndian.Uint16([]byte{0, 1}) != 1 {
		port = port<<8 | port>>8 // the kernel wants network order
	}
	if to.Addr().Is4() {
		*(*unix.RawSockaddrInet4)(unsafe.Pointer(&a.raw)) = unix.RawSockaddrInet4{ //nolint:gosec // it is the shorter
			Family: unix.AF_INET, Port: port, Addr: to.Addr().As4(),
		}
		a.length = unix.SizeofSockaddrInet4
		return
	}
	a.raw = unix.RawSockaddrInet6{Family: unix.AF_INET6, Port: port, Addr: to.Addr().As16(), Scope_id: scope(to.Addr().Zone())}
	a.length = unix.SizeofSockaddrInet6
}

// scope returns the number of the interface that a zone names, or 0. The runtime
// gives us the zone as a name, for link-local addresses alone.
func scope(zone string) uint32 {
	if zone == "" {
		return 0
	}
	if n, err := strconv.ParseUint(zone, 10, 32); err == nil {
		return uint32(n)
	}
	if i, err := net.InterfaceByName(zone); err == nil {
		return uint32(i.Index) //nolint:gosec // indices are small
	}
	return 0
}

// messages is a batch as the kernel wants it: each train a message, its packets
// where they are in the batch.
type messages struct {
	list    [slots]message
	addrs   [slots]sockaddr
	vectors [slots]unix.Iovec
	control []byte
}

// compose describes trains of b to the kernel.
func (m *messages) compose(b *batch, trains []train) []message {
	if m.control == nil {
		m.control = make([]byte, slots*controlSize)
	}
	for i, t := range trains {
		for j, slot := range b.order[t.first : t.first+t.count] {
			v := &m.vectors[t.first+j]
			v.Base = &b.data[slot][0]
			v.SetLen(b.size[slot])
		}
		m.addrs[i].set(t.to)
		h := &m.list[i].header
		*h = unix.Msghdr{
			Name:    (*byte)(unsafe.Pointer(&m.addrs[i].raw)), //nolint:gosec // as sendmsg(2) has it
			Namelen: m.addrs[i].length,
			Iov:     &m.vectors[t.first],
		}
		h.SetIovlen(t.count)
		if t.count > 1 {
			cut(h, m.control[i*controlSize:][:controlSize], t.size)
		}
	}
	return m.list[:len(trains)]
}

// cut tells the kernel to cut a message into packets of size bytes.
func cut(h *unix.Msghdr, control []byte, size int) {
	c := (*unix.Cmsghdr)(unsafe.Pointer(&control[0])) //nolint:gosec // cmsg(3)
	c.Level, c.Type = unix.IPPROTO_UDP, unix.UDP_SEGMENT
	c.SetLen(unix.CmsgLen(2))
	binary.NativeEndian.PutUint16(control[unix.CmsgLen(0):], uint16(size)) //nolint:gosec // slotSize at most
	h.Control = &control[0]
	h.SetControllen(controlSize)
}

// socket is a descriptor, with the calls that Go's own packages lack. Those that send
// never wait, and so do not tell the runtime that they may take long: see inlet.
type socket int

func (s socket) sendmmsg(list []message) (int, unix.Errno) {
	n, _, err := unix.RawSyscall6(unix.SYS_SENDMMSG, uintptr(s), uintptr(unsafe.Pointer(&list[0])), //nolint:gosec // list is not empty
		uintptr(len(list)), unix.MSG_DONTWAIT, 0, 0)
	if err != 0 {
		return 0, err
	}
	return int(n), 0 //nolint:gosec // len(list) at most
}

func (s socket) sendto(p []byte, to *sockaddr) unix.Errno {
	var first *byte
	if len(p) > 0 {
		first = &p[0]
	}
	_, _, err := unix.RawSyscall6(unix.SYS_SENDTO, uintptr(s), uintptr(unsafe.Pointer(first)), uintptr(len(p)), //nolint:gosec // sendto(2)
		unix.MSG_DONTWAIT, uintptr(unsafe.Pointer(&to.raw)), uintptr(to.length)) //nolint:gosec // sendto(2)
	return err
}

func (s socket) wait() {
	_, _ = unix.Poll([]unix.PollFd{{Fd: int32(s), Events: unix.POLLOUT}}, 1) //nolint:gosec // a descriptor
}

func (s socket) close() { _ = unix.Close(int(s)) }
