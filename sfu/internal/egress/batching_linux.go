package egress

import (
	"fmt"
	"net"
	"net/netip"
	"runtime"

	"golang.org/x/sys/unix"
)

// maxLanes is how many batches a Conn has at most. Each has 200 KiB of memory.
const maxLanes = 8

// lanes are the batches of a Conn, so that those who write to different
// destinations need not wait for each other. A destination is always in the same
// lane, so its packets stay in order.
type lanes []*lane

// batching opens sockets that only send, from the address of recv. The runtime
// does not poll them: on a polled socket each batch wakes the goroutine that reads,
// which is half of the cost of a packet.
func batching(recv *net.UDPConn) (sender, error) {
	raw, err := recv.SyscallConn()
	if err != nil {
		return nil, err
	}
	var all lanes
	controlErr := raw.Control(func(fd uintptr) { all, err = openLanes(int(fd)) }) //nolint:gosec // a descriptor
	if controlErr != nil {
		return nil, controlErr
	}
	if err != nil {
		return nil, err
	}
	return all, nil
}

// openLanes binds a lane for each core to the address of the socket recv.
func openLanes(recv int) (all lanes, err error) {
	addr, err := unix.Getsockname(recv)
	if err != nil {
		return nil, fmt.Errorf("address of the socket: %w", err)
	}
	// The socket was bound without this, so if another has the port it was noticed.
	// From here on others of the same user may share it, if they ask to, but are
	// sent nothing (receiveAlone).
	if err := unix.SetsockoptInt(recv, unix.SOL_SOCKET, unix.SO_REUSEPORT, 1); err != nil {
		return nil, fmt.Errorf("share the port: %w", err)
	}
	defer func() {
		if err != nil {
			all.close()
			all = nil
		}
	}()
	for range min(runtime.GOMAXPROCS(0), maxLanes) {
		fd, err := openSend(addr)
		if err != nil {
			return all, err
		}
		all = append(all, newLane(fd, addr))
	}
	return all, receiveAlone(recv)
}

// receiveAlone has the kernel give every datagram for the port to the socket that
// was bound first.
func receiveAlone(recv int) error {
	first := unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: 0}
	program := unix.SockFprog{Len: 1, Filter: &first}
	if err := unix.SetsockoptSockFprog(recv, unix.SOL_SOCKET, unix.SO_ATTACH_REUSEPORT_CBPF, &program); err != nil {
		return fmt.Errorf("receive on one socket: %w", err)
	}
	return nil
}

// openSend opens a socket that sends from addr.
func openSend(addr unix.Sockaddr) (fd int, err error) {
	family := unix.AF_INET
	if _, ok := addr.(*unix.SockaddrInet6); ok {
		family = unix.AF_INET6
	}
	if fd, err = unix.Socket(family, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0); err != nil {
		return -1, fmt.Errorf("open a socket to send: %w", err)
	}
	defer func() {
		if err != nil {
			_ = unix.Close(fd)
		}
	}()
	if family == unix.AF_INET6 {
		if err := unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_V6ONLY, 1); err != nil {
			return -1, fmt.Errorf("send IPv6 only: %w", err)
		}
	}
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEPORT, 1); err != nil {
		return -1, fmt.Errorf("share the port: %w", err)
	}
	_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_SNDBUF, bufferSize)
	if err := unix.Bind(fd, addr); err != nil {
		return -1, fmt.Errorf("bind a socket to send: %w", err)
	}
	return fd, nil
}

// segments reports whether the kernel knows how to cut trains.
func segments(fd int) bool {
	return unix.SetsockoptInt(fd, unix.IPPROTO_UDP, unix.UDP_SEGMENT, 0) == nil
}

func (all lanes) write(p []byte, to netip.AddrPort) (int, error) {
	to = netip.AddrPortFrom(to.Addr().Unmap(), to.Port())
	return all[int(hash(to))%len(all)].write(p, to)
}

func (all lanes) flush() {
	for _, l := range all {
		l.flush()
	}
}

func (all lanes) close() {
	for _, l := range all {
		l.close()
	}
}

func (all lanes) count(into *Stats) {
	for _, l := range all {
		*into = into.Add(l.stats())
	}
}

var errClosed = &net.OpError{Op: "write", Net: "udp", Err: net.ErrClosed}

// refused reports whether an error means that the kernel does not cut this train: it
// is too old, the device cannot do checksums (EIO), or the path takes only shorter
// packets.
func refused(err unix.Errno) bool {
	return err == unix.EINVAL || err == unix.EIO || err == unix.EMSGSIZE
}
