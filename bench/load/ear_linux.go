package load

import (
	"unsafe"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// udpHeader is what a socket's filter sees before the payload, in bytes.
const udpHeader = 8

// deafen has the kernel drop what is RTP: its first byte is from 128 to 191 (RFC
// 7983 §7), and its second is not from 192 to 223, which is RTCP (RFC 5761 §4).
func (e *Ear) deafen() error {
	program, err := bpf.Assemble([]bpf.Instruction{
		bpf.LoadAbsolute{Off: udpHeader, Size: 1},
		bpf.ALUOpConstant{Op: bpf.ALUOpAnd, Val: 0xc0},
		bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: 0x80, SkipTrue: 4},
		bpf.LoadAbsolute{Off: udpHeader + 1, Size: 1},
		bpf.JumpIf{Cond: bpf.JumpLessThan, Val: 192, SkipTrue: 1},
		bpf.JumpIf{Cond: bpf.JumpLessOrEqual, Val: 223, SkipTrue: 1},
		bpf.RetConstant{Val: 0},
		bpf.RetConstant{Val: 1 << 16},
	})
	if err != nil {
		return err
	}
	filter := make([]unix.SockFilter, len(program))
	for i, in := range program {
		filter[i] = unix.SockFilter{Code: in.Op, Jt: in.Jt, Jf: in.Jf, K: in.K}
	}
	return e.control(func(fd int) error {
		return unix.SetsockoptSockFprog(fd, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER,
			&unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}) //nolint:gosec // eight instructions
	})
}

// meminfo is what SO_MEMINFO tells of a socket; see SK_MEMINFO_VARS in the kernel's
// sock_diag.h.
type meminfo struct {
	_     [8]uint32
	drops uint32
}

// Dropped returns how many datagrams the kernel has dropped at the socket: RTP, at a
// deaf one, and whatever its buffer had no room for.
func (e *Ear) Dropped() (n uint64, err error) {
	var info meminfo
	size := uint32(unsafe.Sizeof(info))
	err = e.control(func(fd int) error {
		_, _, errno := unix.Syscall6(unix.SYS_GETSOCKOPT, uintptr(fd), unix.SOL_SOCKET, unix.SO_MEMINFO,
			uintptr(unsafe.Pointer(&info)), uintptr(unsafe.Pointer(&size)), 0) //nolint:gosec // x/sys/unix has no call that takes more than a number
		if errno != 0 {
			return errno
		}
		return nil
	})
	return uint64(info.drops), err
}

// control calls do with the socket's descriptor.
func (e *Ear) control(do func(fd int) error) error {
	raw, err := e.conn.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	err = raw.Control(func(fd uintptr) { failed = do(int(fd)) }) //nolint:gosec // a descriptor is small
	if err == nil {
		err = failed
	}
	return err
}
