package sfu

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/dtls/v3/pkg/crypto/prf"
	"github.com/pion/dtls/v3/pkg/protocol/extension"
	"github.com/pion/dtls/v3/pkg/protocol/handshake"
	"github.com/pion/rtp"
	"github.com/pion/srtp/v3"

	"github.com/conclave-meet/conclave/sfu/internal/descriptor"
	"github.com/conclave-meet/conclave/sfu/internal/egress"
	"github.com/conclave-meet/conclave/sfu/internal/pacer"
)

// crowd is an encoding that many watch, and the whole way of its packets: slots,
// pacer, encryption, real sockets. Of the viewers some decrypt what they get; the
// others never read, so that they cost nothing.
type crowd struct {
	tb       testing.TB
	conn     *egress.Conn
	pacer    *pacer.Pacer
	encoding *encoding
	viewers  []*watcher
	brake    brake
	payload  []byte
	seq      uint16
}

// watcher is a viewer's socket, and the way to it.
type watcher struct {
	*net.UDPConn
	route   route
	decrypt *srtp.Context
	expect  uint16
}

// handshaken is the secrets of a handshake.
type handshaken struct{ client, server, master []byte }

// ExportKeyingMaterial implements srtp.KeyingMaterialExporter.
func (h handshaken) ExportKeyingMaterial(label string, _ []byte, length int) ([]byte, error) {
	return prf.PHash(h.master, slices.Concat([]byte(label), h.client, h.server), length, sha256.New)
}

func newWatcher(tb testing.TB, conn *egress.Conn) *watcher {
	tb.Helper()
	socket, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = socket.Close() })
	w := &watcher{UDPConn: socket}
	w.route.sent(conn, []byte{22}, socket.LocalAddr().(*net.UDPAddr).AddrPort())
	secrets := handshaken{make([]byte, handshake.RandomLength), make([]byte, handshake.RandomLength), make([]byte, 48)}
	var random handshake.Random
	random.UnmarshalFixed([handshake.RandomLength]byte(secrets.server))
	w.route.seal.Hello(handshake.MessageServerHello{Random: random, Extensions: []extension.Extension{
		&extension.UseSRTP{ProtectionProfiles: []dtls.SRTPProtectionProfile{dtls.SRTP_AEAD_AES_128_GCM}},
	}})
	if _, err := fmt.Fprintf(&w.route.seal, "CLIENT_RANDOM %x %x\n", secrets.client, secrets.master); err != nil {
		tb.Fatal(err)
	}
	config := srtp.Config{Profile: srtp.ProtectionProfileAeadAes128Gcm}
	if err := config.ExtractSessionKeysFromDTLS(secrets, true); err != nil {
		tb.Fatal(err)
	}
	if w.decrypt, err = srtp.CreateContext(config.Keys.RemoteMasterKey, config.Keys.RemoteMasterSalt, config.Profile); err != nil {
		tb.Fatal(err)
	}
	return w
}

// next decrypts the next packet the viewer gets.
func (w *watcher) next(tb testing.TB) rtp.Packet {
	tb.Helper()
	buf := make([]byte, 2000)
	_ = w.SetReadDeadline(time.Now().Add(30 * time.Second))
	n, err := w.Read(buf)
	if err != nil {
		tb.Fatal(err)
	}
	clear, err := w.decrypt.DecryptRTP(nil, buf[:n], nil)
	if err != nil {
		tb.Fatal(err)
	}
	var p rtp.Packet
	if err := p.Unmarshal(clear); err != nil {
		tb.Fatal(err)
	}
	return p
}

// brake stops the pacer's loop at the end of a tick, so that a test says what comes
// before the next.
type brake struct {
	conn          *egress.Conn
	pacer         *pacer.Pacer
	primer        *pacer.Queue // of packets that go nowhere
	wanted        atomic.Bool
	stopped, goOn chan struct{}
	flushed       chan struct{}
}

// nowhere is where the packets of a brake go.
type nowhere struct{}

func (nowhere) Send(*pacer.Packet) {}

func (b *brake) flush() {
	b.conn.Flush()
	if b.wanted.Swap(false) {
		b.stopped <- struct{}{}
		<-b.goOn
	}
	select {
	case b.flushed <- struct{}{}:
	default:
	}
}

// hold returns when the loop stands still.
func (b *brake) hold() {
	b.wanted.Store(true)
	body := b.pacer.NewBody(pacer.Audio, nil)
	defer body.Done()
	b.primer.Push(pacer.Audio, nowhere{}, &rtp.Header{}, body, nil)
	<-b.stopped
}

func newCrowd(tb testing.TB, open func(netip.AddrPort) (*egress.Conn, error)) *crowd {
	tb.Helper()
	conn, err := open(netip.MustParseAddrPort("127.0.0.1:0"))
	if err != nil {
		tb.Fatal(err)
	}
	c := &crowd{tb: tb, conn: conn, payload: vp8(1)}
	b := &c.brake
	b.conn, b.stopped, b.goOn, b.flushed = conn, make(chan struct{}), make(chan struct{}), make(chan struct{}, 1)
	c.pacer = pacer.New(1, b.flush)
	b.pacer, b.primer = c.pacer, c.pacer.NewQueue()
	c.encoding = camera(c.pacer)
	for range crowdSize {
		w := newWatcher(tb, conn)
		c.viewers = append(c.viewers, w)
		watch(c.encoding, &w.route)
	}
	var reader sync.WaitGroup
	reader.Go(func() { // a socket that nobody reads is cheaper to write to than it will be
		buf := make([]byte, 1500)
		for {
			if _, _, err := conn.ReadFromAddrPort(buf); err != nil {
				return
			}
		}
	})
	tb.Cleanup(func() {
		c.pacer.Close()
		_ = conn.Close()
		reader.Wait()
	})
	return c
}

// frame forwards a frame of so many packets, which the pacer finds together at its
// next tick, and returns when they have left.
func (c *crowd) frame(packets int) {
	c.brake.hold()
	for range packets {
		c.forward()
	}
	c.brake.goOn <- struct{}{}
	c.drain()
}

// forward hands a packet to the slots.
func (c *crowd) forward() {
	binary.BigEndian.PutUint16(c.payload[len(c.payload)-2:], c.seq)
	p := packet{codec: descriptor.VP8, keyFrame: c.seq == 0, seq: c.seq, payload: c.payload}
	c.encoding.forward(&p)
	c.seq++
}

func (c *crowd) drain() {
	for c.pacer.Stats().Waiting > 0 {
		<-c.brake.flushed
	}
	c.conn.Flush()
}

// check has a viewer decrypt so many packets, which must be the next ones.
func (c *crowd) check(w *watcher, packets int) {
	c.tb.Helper()
	for range packets {
		p := w.next(c.tb)
		if got := binary.BigEndian.Uint16(p.Payload[len(p.Payload)-2:]); got != w.expect || len(p.Payload) != len(c.payload) {
			c.tb.Fatalf("packet %d came in place of %d", got, w.expect)
		}
		w.expect++
	}
}

const (
	crowdSize = 100
	frameSize = 4 // packets
)

// What a forwarded packet costs is counted, and two of the hundred viewers see that
// nothing is lost or out of place. Two controls: without batches each packet is a
// system call, and without common ticks each packet is a message.
func TestAHundredViewersCostFewSystemCalls(t *testing.T) {
	const frames = 40
	run := func(t *testing.T, open func(netip.AddrPort) (*egress.Conn, error), one func(c *crowd)) egress.Stats {
		t.Helper()
		c := newCrowd(t, open)
		for range frames {
			one(c)
			c.check(c.viewers[0], frameSize)
			c.check(c.viewers[crowdSize/2], frameSize)
		}
		s := c.conn.Stats()
		if s.Packets != crowdSize*frameSize*frames || s.Full+s.Failed != 0 || c.pacer.Stats() != (pacer.Stats{}) {
			t.Errorf("%d packets forwarded to each of %d, counted %+v, %+v", frameSize*frames, crowdSize, s, c.pacer.Stats())
		}
		return s
	}
	t.Run("as it is", func(t *testing.T) {
		s := run(t, egress.Listen, func(c *crowd) { c.frame(frameSize) })
		if calls := float64(s.Calls) / float64(s.Packets); calls > 0.05 {
			t.Errorf("%.3f system calls for each packet", calls)
		}
		if packets := float64(s.Packets) / float64(s.Messages); packets <= 1.5 {
			t.Errorf("%.2f packets in each message", packets)
		}
		t.Logf("%+v", s)
	})
	t.Run("without batches", func(t *testing.T) {
		if s := run(t, egress.ListenPlain, func(c *crowd) { c.frame(frameSize) }); s.Calls != s.Packets {
			t.Errorf("%d system calls for %d packets", s.Calls, s.Packets)
		}
	})
	t.Run("without common ticks", func(t *testing.T) {
		s := run(t, egress.Listen, func(c *crowd) {
			for range frameSize {
				c.frame(1)
			}
		})
		if s.Messages != s.Packets {
			t.Errorf("%d messages for %d packets", s.Messages, s.Packets)
		}
	})
}

// BenchmarkSend compares, for frames of four packets to a hundred viewers: each
// packet encrypted and sent as it comes, on one polled socket; the pacer before that;
// and the pacer before batches. What counts is the time of the processor.
func BenchmarkSend(b *testing.B) {
	b.Run("direct", func(b *testing.B) {
		c := newCrowd(b, egress.ListenPlain)
		h := rtp.Header{Version: 2, PayloadType: 96, SSRC: 1}
		measure(b, c, func() {
			for range frameSize {
				h.SequenceNumber++
				for _, w := range c.viewers {
					_, _ = w.route.WriteRTP(&h, c.payload)
				}
			}
			c.conn.Flush()
		})
	})
	b.Run("paced", func(b *testing.B) {
		c := newCrowd(b, egress.ListenPlain)
		measure(b, c, func() { c.frame(frameSize) })
	})
	b.Run("paced and batched", func(b *testing.B) {
		c := newCrowd(b, egress.Listen)
		measure(b, c, func() { c.frame(frameSize) })
	})
}

func measure(b *testing.B, c *crowd, frame func()) {
	b.Helper()
	frame()
	before, counted := cpu(b), c.conn.Stats()
	for b.Loop() {
		frame()
	}
	took, s := cpu(b)-before, c.conn.Stats()
	packets := float64(s.Packets - counted.Packets)
	b.ReportMetric(float64(took.Nanoseconds())/packets, "cpu-ns/packet")
	b.ReportMetric(float64(s.Calls-counted.Calls)/packets, "calls/packet")
	b.ReportMetric(packets/float64(s.Messages-counted.Messages), "packets/message")
}

// cpu returns the time that processors have spent for this process.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
