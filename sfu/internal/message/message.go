// Package message reads the clear header of a data message, which tells the
// server where it may go and nothing of what it says; see "Data" in docs/e2ee.md.
// It knows nothing of channels or peers.
package message

import (
	"encoding/binary"
	"errors"

	"github.com/conclave-meet/conclave/sfu/internal/sframe"
)

// Class is what kind of message it is: it decides the channel and the size.
type Class uint8

// The classes.
const (
	Chat   Class = 1 // on the reliable channel
	Hint   Class = 2 // on the lossy one
	Notice Class = 3 // on the reliable channel: how the sender's share stands
)

// Reliable reports whether messages of c are for the reliable channel.
func (c Class) Reliable() bool { return c != Hint }

// To is whom a message is for.
type To uint8

// The kinds of recipients. The sender is never one.
const (
	Everyone To = iota
	Hosts
	One
	Presenters
)

// The most bytes of a message.
const (
	MaxChat   = 16 << 10
	MaxHint   = 1 << 10
	MaxNotice = 3 + 17 + signature + 2 + tag // two bytes, after the longest SFrame header: no other way to chat
)

var most = map[Class]int{Chat: MaxChat, Hint: MaxHint, Notice: MaxNotice} //nolint:gochecknoglobals // a table

const (
	version   = 1
	signature = 64 // bytes inside the ciphertext, before the body
	tag       = 16 // bytes behind it
)

// The ways a message can be malformed.
var (
	ErrHeader = errors.New("not a message header of this version")
	ErrSize   = errors.New("message too long or too short")
	ErrSender = errors.New("not encrypted by its sender as a message")
)

// Header is what the server knows of a message.
type Header struct {
	Class Class
	To    To
	Leaf  uint16 // the recipient, when To is One
}

// Parse checks that p is a message encrypted by the member at leaf and returns
// its header.
func Parse(p []byte, leaf uint16) (Header, error) {
	if len(p) < 3 || p[0] != version {
		return Header{}, ErrHeader
	}
	h := Header{Class: Class(p[1]), To: To(p[2])}
	rest := p[3:]
	switch h.To {
	case Everyone, Hosts, Presenters:
	case One:
		if len(rest) < 2 {
			return Header{}, ErrHeader
		}
		h.Leaf, rest = binary.BigEndian.Uint16(rest), rest[2:]
	default:
		return Header{}, ErrHeader
	}
	size, known := most[h.Class]
	if !known || h.Class == Notice && h.To != Everyone {
		return Header{}, ErrHeader
	}
	if len(p) > size {
		return Header{}, ErrSize
	}
	return h, checkFrame(rest, leaf)
}

// checkFrame looks at the SFrame behind the header.
func checkFrame(p []byte, leaf uint16) error {
	if !sframe.From(p, sframe.Data, leaf) {
		return ErrSender
	}
	if clear, _ := sframe.Parse(p); len(p) < clear.Len+signature+tag {
		return ErrSize
	}
	return nil
}
