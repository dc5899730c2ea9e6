package sfu

import (
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/transport/v5/packetio"

	"github.com/conclave-meet/conclave/sfu/internal/reception"
	"github.com/conclave-meet/conclave/sfu/internal/twcc"
)

const (
	// A browser sends less than a dozen streams, retransmissions included. Of those
	// beyond maxStreams nothing is taken in; who opens maxOpened, by sending or by
	// talking about them, is cut off, for each costs memory.
	maxStreams = 32
	maxOpened  = 512
	// maxQueued is how much of each may wait to be read, in bytes; more is dropped.
	maxQueued = 256 << 10
)

// inbox is what comes in for one peer, between decryption and the streams that Pion
// makes of it: the one place that sees every packet, retransmissions and padding
// included. Of RTP it notes when it came, and passes it on; RTCP goes no further.
type inbox struct {
	peer     *peer
	begin    time.Time
	number   atomic.Uint32 // the id of the extension with the transport-wide number; 0: none
	waiting  atomic.Bool   // there is feedback to give
	opened   atomic.Int32  // streams ever, of RTP and RTCP
	sending  atomic.Int32  // those of RTP
	header   rtp.Header    // used by the one goroutine that decrypts RTP
	mu       sync.Mutex    // guards what follows
	arrivals twcc.Arrivals
	newest   uint32                       // SSRC of the measured packet that came last; of any while none has
	measured map[uint32]*reception.Stream // by SSRC
}

func newInbox(p *peer) *inbox {
	return &inbox{peer: p, begin: time.Now(), measured: make(map[uint32]*reception.Stream)}
}

// open makes the queue of a stream; it is webrtc.SettingEngine.BufferFactory.
func (in *inbox) open(kind packetio.BufferPacketType, ssrc uint32) io.ReadWriteCloser {
	n := in.opened.Add(1)
	if n == maxOpened {
		in.peer.cutOff()
	}
	if kind == packetio.RTCPBufferPacket {
		return &reports{ssrc: ssrc, in: in, over: make(chan struct{})}
	}
	q := &queue{in: in, ssrc: ssrc, Buffer: packetio.NewBuffer()}
	q.SetLimitSize(maxQueued)
	q.beyond = in.sending.Add(1) > maxStreams
	return q
}

// queue is the RTP of one stream, until it is read.
type queue struct {
	*packetio.Buffer
	in     *inbox
	ssrc   uint32
	beyond bool // what may be taken in
}

// Write implements io.Writer.
func (q *queue) Write(packet []byte) (int, error) {
	if q.beyond {
		return 0, packetio.ErrFull
	}
	q.in.came(q.ssrc, packet, time.Now())
	return q.Buffer.Write(packet, nil)
}

// Read implements io.Reader.
func (q *queue) Read(packet []byte) (int, error) {
	n, _, err := q.Buffer.Read(packet, nil)
	return n, err
}

// came notes a packet of the stream ssrc.
func (in *inbox) came(ssrc uint32, packet []byte, now time.Time) {
	if _, err := in.header.Unmarshal(packet); err != nil {
		return
	}
	number := in.header.GetExtension(uint8(in.number.Load())) //nolint:gosec // RFC 8285 ids are small
	in.mu.Lock()
	s := in.measured[ssrc]
	if s != nil || in.newest == 0 { // feedback names a stream, and none is 0
		in.newest = ssrc
	}
	if s != nil {
		s.Came(in.header.SequenceNumber, in.header.Timestamp, now)
	}
	if len(number) >= 2 {
		in.arrivals.Came(uint16(number[0])<<8|uint16(number[1]), now.Sub(in.begin))
	}
	in.mu.Unlock()
	if len(number) >= 2 && !in.waiting.Swap(true) {
		in.peer.group.expectFeedback()
	}
}

// measure makes receiver reports tell of the stream ssrc from now on.
func (in *inbox) measure(ssrc uint32, audio bool) {
	hz := 90000
	if audio {
		hz = 48000
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	in.measured[ssrc] = reception.New(ssrc, hz)
}

// forget undoes measure.
func (in *inbox) forget(ssrc uint32) {
	in.mu.Lock()
	defer in.mu.Unlock()
	delete(in.measured, ssrc)
}

// feedback returns what there is to tell about the transport-wide numbers that came.
func (in *inbox) feedback() (packets []rtcp.Packet) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.waiting.Store(false)
	for in.arrivals.Waiting() {
		if raw := in.arrivals.Feedback(0, in.newest); raw != nil {
			packets = append(packets, (*rtcp.RawPacket)(&raw))
		}
	}
	return packets
}

// report returns a receiver report about all that came since the last one, or nil. beyond
// is what part of the packets of a stream got lost on their way from here, in 1/256, by
// its SSRC: it counts as lost on the way here, for the sender can guard against both.
func (in *inbox) report(now time.Time, beyond map[uint32]uint8) rtcp.Packet {
	in.mu.Lock()
	defer in.mu.Unlock()
	r := &rtcp.ReceiverReport{}
	for _, s := range in.measured {
		if block, ok := s.Report(now); ok && len(r.Reports) < maxBlocks {
			block.FractionLost = uint8(min(255, int(block.FractionLost)+int(beyond[block.SSRC]))) //nolint:gosec // bounded
			r.Reports = append(r.Reports, block)
		}
	}
	if len(r.Reports) == 0 {
		return nil
	}
	return r
}

const maxBlocks = 31 // in a receiver report: their count has five bits

// reports is the RTCP about one SSRC. It is handled at once, so nobody reads it.
type reports struct {
	ssrc uint32
	in   *inbox
	slot *slot  // with this SSRC, once found
	top  uint32 // the highest number that came of it, as the peer told last
	once sync.Once
	over chan struct{} // closed by Close
}

// Read implements io.Reader: there is never anything.
func (r *reports) Read([]byte) (int, error) {
	<-r.over
	return 0, io.EOF
}

// Close implements io.Closer.
func (r *reports) Close() error {
	r.once.Do(func() { close(r.over) })
	return nil
}

// Write implements io.Writer: it handles one RTCP packet that is about the SSRC. It
// runs in the one goroutine that decrypts RTCP.
func (r *reports) Write(packet []byte) (int, error) {
	now := time.Now()
	if twcc.Is(packet) {
		r.in.peer.outbox.feedback(packet, now)
		return len(packet), nil
	}
	packets, err := rtcp.Unmarshal(packet)
	if err != nil {
		return len(packet), nil //nolint:nilerr // what cannot be read says nothing
	}
	for _, p := range packets {
		r.handle(p, now)
	}
	return len(packet), nil
}

func (r *reports) handle(p rtcp.Packet, now time.Time) {
	switch p := p.(type) {
	case *rtcp.SenderReport:
		if p.SSRC == r.ssrc {
			r.in.sender(r.ssrc, p.NTPTime, now)
		}
		r.blocks(p.Reports, now)
	case *rtcp.ReceiverReport:
		r.blocks(p.Reports, now)
	case *rtcp.PictureLossIndication, *rtcp.FullIntraRequest:
		if s := r.find(); s != nil && !s.idle(now) {
			s.refresh()
		}
	case *rtcp.TransportLayerNack:
		if s := r.find(); s != nil {
			s.resend(p, now)
		}
	}
}

// blocks takes the round trip and the losses out of what is said about one of our
// slots.
func (r *reports) blocks(blocks []rtcp.ReceptionReport, now time.Time) {
	for _, b := range blocks {
		if s := r.find(); b.SSRC == r.ssrc && s != nil {
			r.in.peer.outbox.roundTrip(b.LastSenderReport, b.Delay, now)
			s.told(b.TotalLost)
			if s.audio && r.top != 0 {
				r.in.peer.hearing.told(b.FractionLost, b.LastSequenceNumber-r.top)
			}
			r.top = b.LastSequenceNumber
		}
	}
}

// find returns the slot that sends with the SSRC, or nil.
func (r *reports) find() *slot {
	for _, s := range r.in.peer.slots {
		if r.slot == nil && s.sends(r.ssrc) {
			r.slot = s
		}
	}
	return r.slot
}

// sender notes a sender report about the stream ssrc.
func (in *inbox) sender(ssrc uint32, ntp uint64, now time.Time) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if s := in.measured[ssrc]; s != nil {
		s.Sender(ntp, now)
	}
}
