package load

import (
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
	raw, err := e.conn.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	err = raw.Control(func(fd uintptr) {
		failed = unix.SetsockoptSockFprog(int(fd), unix.SOL_SOCKET, unix.SO_ATTACH_FILTER, //nolint:gosec // a descriptor is small
			&unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}) //nolint:gosec // eight instructions
	})
	if err == nil {
		err = failed
	}
	return err
}
