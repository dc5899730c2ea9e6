package bot

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/pion/webrtc/v4"
)

// loudness is the level of every microphone that a Source plays, in -dBov.
const loudness = 30

// Source sends made-up frames on one line, key frames when they are asked for. One
// goroutine at a time sends.
type Source struct {
	media  *Media
	line   int
	began  time.Time
	frames *Stream
	asked  int32 // requests for key frames that have been answered
	sent   atomic.Uint64
}

// Source returns what sends on a line as a publisher of this number: VP8, or Opus on
// a line for sound. The clock in its packets counts from began. The leaf must have
// been set.
func (m *Media) Source(line int, publisher uint32, began time.Time) *Source {
	mime := webrtc.MimeTypeVP8
	if m.senders[line].kind == webrtc.RTPCodecTypeAudio {
		mime = webrtc.MimeTypeOpus
	}
	s := &Source{media: m, line: line, began: began, frames: NewStream(mime, publisher, 1, 1)}
	s.frames.KID = m.KID(line)
	return s
}

// Beat is how a source sends by the clock: so often a frame of so many packets, of
// Size bytes of payload each.
type Beat struct {
	Every   time.Duration
	Packets int
	Size    int
}

// Send sends a frame in so many packets of size bytes of payload each.
func (s *Source) Send(packets, size int) {
	asked := s.media.KeyFramesAsked.Load()
	key := asked != s.asked || s.sent.Load() == 0
	s.asked = asked
	s.frames.Size = size
	for _, p := range s.frames.Frame(key, packets, time.Since(s.began)) {
		if s.media.Sender(s.line).Write(s.frames.MIME, p, loudness) == nil {
			s.sent.Add(1)
		}
	}
}

// Play sends frames from a moment on, until d has passed since now. What is late
// because the machine is busy is sent at once, and not left out.
func (s *Source) Play(ctx context.Context, b Beat, first, d time.Duration) {
	began := time.Now()
	for at := first; at < d && ctx.Err() == nil; at += b.Every {
		time.Sleep(at - time.Since(began))
		s.Send(b.Packets, b.Size)
	}
}

// Sent returns how many packets have been sent so far.
func (s *Source) Sent() uint64 { return s.sent.Load() }
