// Package seal encrypts the media that leaves for one peer (SRTP, RFC 3711). It takes
// the key from the peer's own handshake, beside Pion, which goes on to encrypt RTCP
// and to decrypt what comes in: on Pion's way a packet passes six objects with a lock
// each, which for a hundred peers are in no cache.
//
// Whoever has a Seal lets Pion send no RTP: two that encrypt with one key would use a
// nonce twice, which gives it away. It does not know where packets go.
package seal

import (
	"errors"
	"slices"
	"sync"

	"github.com/pion/dtls/v3/pkg/protocol/handshake"
	"github.com/pion/rtp"
	"github.com/pion/srtp/v3"
	"github.com/pion/webrtc/v4"

	"github.com/conclave-meet/conclave/sfu/internal/seqmap"
)

// The ways in which a packet is not encrypted.
var (
	ErrNotYet  = errors.New("the handshake is not over")
	ErrTwice   = errors.New("the number was used, or is too old to tell")
	ErrTooLong = errors.New("packet is too long")
)

// Room is what a packet takes at most, in bytes, and tag what encryption adds of it.
const (
	Room = 2048
	tag  = 16
)

// Seal encrypts for one peer. The zero Seal is ready to listen to a handshake.
type Seal struct {
	mu      sync.Mutex // guards what follows
	keys    handshaken
	hiding  bool                      // header extensions
	context *srtp.Context             // nil until the handshake has told the key
	used    map[uint32]*seqmap.Window // numbers, by SSRC
	header  rtp.Header                // used again for each packet
}

// Listen has the handshake of the connection that settings are for tell its keys.
func (s *Seal) Listen(settings *webrtc.SettingEngine) {
	settings.SetDTLSKeyLogWriter(s)
	settings.SetDTLSServerHelloMessageHook(s.Hello)
}

// Hide has header extensions encrypted too, for a peer that takes that (RFC 9335). It is
// called before the handshake, if at all.
func (s *Seal) Hide() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hiding = true
}

// Hello is called with our answer to the client, and changes nothing in it.
func (s *Seal) Hello(m handshake.MessageServerHello) handshake.Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys.hello(&m)
	return &m
}

// Write implements io.Writer. It is called with a line of a key log as soon as both
// sides have the key; the first counts. Of it the key for media is kept. Our copy of the
// master secret is overwritten; Pion has another, and the line is the caller's.
func (s *Seal) Write(line []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.context != nil {
		return len(line), nil
	}
	err := s.keys.secrets(line)
	if err == nil {
		s.context, err = s.keys.encrypting(s.hiding)
	}
	clear(s.keys.master)
	s.keys, s.used = handshaken{}, make(map[uint32]*seqmap.Window)
	return len(line), err
}

// Ready reports whether there is a key.
func (s *Seal) Ready() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.context != nil
}

// Packet appends the encrypted packet of header and payload to dst. Where dst has room
// for Room bytes more, nothing is allocated. A number that was used before with the same
// SSRC is refused with ErrTwice, and so is one more than 2047 behind the newest.
func (s *Seal) Packet(dst []byte, header *rtp.Header, payload []byte) ([]byte, error) {
	size := header.MarshalSize()
	end := size + len(payload) + int(header.PaddingSize)
	if end > Room-tag {
		return dst, ErrTooLong
	}
	begin := len(dst)
	dst = slices.Grow(dst, Room)
	plain := dst[begin : begin+end]
	if _, err := header.MarshalTo(plain); err != nil {
		return dst, err
	}
	copy(plain[size:], payload)
	if header.PaddingSize > 0 {
		clear(plain[size+len(payload):])
		plain[end-1] = header.PaddingSize // RFC 3550 §5.1
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.context == nil {
		return dst, ErrNotYet
	}
	if !s.first(header.SSRC, header.SequenceNumber) {
		return dst, ErrTwice
	}
	packet, err := s.context.EncryptRTP(plain[:end:cap(plain)], plain, &s.header) // in place
	return dst[:begin+len(packet)], err
}

// first reports whether a number is used for the first time. The caller holds mu.
func (s *Seal) first(ssrc uint32, seq uint16) bool {
	w := s.used[ssrc]
	if w == nil {
		w = new(seqmap.Window)
		s.used[ssrc] = w
	}
	return w.First(seq)
}
