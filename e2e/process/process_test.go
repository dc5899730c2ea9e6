//go:build linux

package process

import (
	"net"
	"os"
	"os/exec"
	"testing"
)

// What this process does is seen, and what a process that sleeps does not do, not.
func TestWhatAProcessUses(t *testing.T) {
	sleeper := exec.CommandContext(t.Context(), "sleep", "600")
	if err := sleeper.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = sleeper.Process.Kill()
		_ = sleeper.Wait()
	}()
	mine, err := CPU(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	for sum := mine; sum < mine+50e6; { // until 50 ms have been used
		if sum, err = CPU(os.Getpid()); err != nil {
			t.Fatal(err)
		}
	}
	if asleep, err := CPU(sleeper.Process.Pid); err != nil || asleep >= mine+50e6 {
		t.Errorf("a sleeping process has used %v, %v", asleep, err)
	}
	block := make([]byte, 32<<20)
	for i := range block {
		block[i] = 1
	}
	if n, err := Memory(os.Getpid()); err != nil || n < int64(len(block)) {
		t.Errorf("with %d bytes in use, memory is %d, %v", len(block), n, err)
	}
	if n, err := Memory(sleeper.Process.Pid); err != nil || n <= 0 || n >= int64(len(block)) {
		t.Errorf("memory of a sleeping process is %d, %v", n, err)
	}
	if block[0] != 1 {
		t.Error("the block was not kept")
	}
}

func TestNoSuchProcess(t *testing.T) {
	gone := exec.CommandContext(t.Context(), "true")
	if err := gone.Run(); err != nil {
		t.Fatal(err)
	}
	for _, pid := range []int{-1, 0, 1 << 30, gone.Process.Pid} {
		if _, err := CPU(pid); err == nil {
			t.Errorf("processor time of process %d", pid)
		}
		if _, err := Memory(pid); err == nil {
			t.Errorf("memory of process %d", pid)
		}
	}
}

// A socket that nobody reads loses what it has no room for, and that is seen.
func TestOverruns(t *testing.T) {
	before, err := Overruns()
	if err != nil {
		t.Fatal(err)
	}
	deaf, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = deaf.Close() }()
	_ = deaf.SetReadBuffer(1)
	from, err := net.DialUDP("udp4", nil, deaf.LocalAddr().(*net.UDPAddr))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = from.Close() }()
	for range 100 {
		if _, err := from.Write(make([]byte, 1000)); err != nil {
			t.Fatal(err)
		}
	}
	if after, err := Overruns(); err != nil || after < before+50 {
		t.Errorf("before %d, after %d, %v", before, after, err)
	}
}

func TestOverrunsAreUnderTheirName(t *testing.T) {
	for _, tt := range []struct {
		snmp string
		want int
		ok   bool
	}{
		{"Ip: A B\nIp: 1 2\nUdp: InDatagrams RcvbufErrors X\nUdp: 5 7 9\nUdpLite: RcvbufErrors\nUdpLite: 3\n", 7, true},
		{"Udp: InDatagrams\nUdp: 5\n", 0, false},
		{"Udp: InDatagrams RcvbufErrors\nUdp: 5\n", 0, false},
		{"Udp: RcvbufErrors\nUdp: many\n", 0, false},
		{"Udp: RcvbufErrors\n", 0, false},
		{"", 0, false},
	} {
		if n, err := overruns(tt.snmp); n != tt.want || (err == nil) != tt.ok {
			t.Errorf("%q: %d, %v", tt.snmp, n, err)
		}
	}
}
