package egress

import (
	"bytes"
	"errors"
	"net"
	"net/netip"
	"os"
	"testing"
	"time"
)

// talk returns a Conn at addr and a socket that sends to it.
func talk(t *testing.T, addr string) (*Conn, *net.UDPConn) {
	t.Helper()
	c, err := Listen(netip.MustParseAddrPort(addr))
	if err != nil {
		t.Skipf("listen at %s: %v", addr, err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if c.in == nil {
		t.Fatal("datagrams are read one by one")
	}
	out, err := net.DialUDP("udp", nil, c.LocalAddr().(*net.UDPAddr)) //nolint:forcetypeassert // it is one
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = out.Close() })
	return c, out
}

// What comes is read whole, in order and with its sender, however many datagrams there are
// at once, and of whatever length.
func TestWhatComesIsRead(t *testing.T) {
	for _, addr := range []string{"127.0.0.1:0", "[::1]:0"} {
		t.Run(addr, func(t *testing.T) { comes(t, addr) })
	}
}

func comes(t *testing.T, addr string) {
	t.Helper()
	c, out := talk(t, addr)
	from := netip.MustParseAddrPort(out.LocalAddr().String())
	sizes := []int{1, 0, 1200, inletSize, 7}
	buf := make([]byte, inletSize)
	for _, many := range []int{1, inletSlots - 1, inletSlots, 3 * inletSlots} {
		for i := range many {
			if _, err := out.Write(bytes.Repeat([]byte{byte(i)}, sizes[i%len(sizes)])); err != nil {
				t.Fatal(err)
			}
		}
		for i := range many {
			n, who, err := c.ReadFromAddrPort(buf)
			if err != nil || who != from || !bytes.Equal(buf[:n], bytes.Repeat([]byte{byte(i)}, sizes[i%len(sizes)])) {
				t.Fatalf("datagram %d of %d: %d bytes from %v, %v", i, many, n, who, err)
			}
		}
	}
}

// A long datagram is cut off, and does not spoil the next.
func TestALongDatagramIsCutOff(t *testing.T) {
	c, out := talk(t, "127.0.0.1:0")
	for _, size := range []int{inletSize + 1000, 5} {
		if _, err := out.Write(make([]byte, size)); err != nil {
			t.Fatal(err)
		}
		buf := make([]byte, 2*inletSize)
		if n, _, err := c.ReadFromAddrPort(buf); err != nil || n != min(size, inletSize) {
			t.Errorf("%d bytes of %d, %v", n, size, err)
		}
	}
}

// Who waits is told when the socket is closed, or when it has waited long enough.
func TestAReaderIsTold(t *testing.T) {
	c, out := talk(t, "127.0.0.1:0")
	_ = c.SetReadDeadline(time.Now().Add(10 * time.Millisecond))
	if _, _, err := c.ReadFromAddrPort(make([]byte, 10)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("at the deadline: %v", err)
	}
	_ = c.SetReadDeadline(time.Time{})
	if _, err := out.Write([]byte("on")); err != nil {
		t.Fatal(err)
	}
	if n, _, err := c.ReadFromAddrPort(make([]byte, 10)); n != 2 || err != nil {
		t.Errorf("after it: %d bytes, %v", n, err)
	}
	told := make(chan error)
	go func() {
		_, _, err := c.ReadFromAddrPort(make([]byte, 10))
		told <- err
	}()
	time.Sleep(10 * time.Millisecond) // most likely it waits by then
	_ = c.Close()
	if err := <-told; !errors.Is(err, net.ErrClosed) {
		t.Errorf("closed: %v", err)
	}
}

// To read takes no memory.
func TestReadingAllocatesNothing(t *testing.T) {
	c, out := talk(t, "127.0.0.1:0")
	buf, packet := make([]byte, inletSize), make([]byte, 1200)
	allocated := testing.AllocsPerRun(500, func() {
		_, _ = out.Write(packet)
		_, _, _ = c.ReadFromAddrPort(buf)
	})
	if allocated > 0 {
		t.Errorf("%.1f allocations a datagram", allocated)
	}
}

// The zone of a link-local address is its interface, and is asked for once.
func TestZoneOfAnAddress(t *testing.T) {
	lo, err := net.InterfaceByName("lo")
	if err != nil {
		t.Skip(err)
	}
	in := &inlet{zones: make(map[uint32]string)}
	for range 2 {
		if got := in.zone(uint32(lo.Index)); got != "lo" { //nolint:gosec // indices are small
			t.Errorf("zone %q", got)
		}
	}
	if got := in.zone(1 << 30); got != "1073741824" || len(in.zones) != 1 {
		t.Errorf("of no interface: %q; %d are known", got, len(in.zones))
	}
}
