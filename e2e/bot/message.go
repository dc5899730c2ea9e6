package bot

import (
	"context"
	"encoding/binary"
	"fmt"

	"github.com/pion/webrtc/v4"
)

// The contexts of a frame's key, beside the sources; see docs/e2ee.md.
const dataContext = 4

// kid returns the key id of the first epoch.
func kid(context, leaf int) uint64 {
	return uint64(context)<<24 | uint64(leaf)<<8 //nolint:gosec // both are small
}

// sframe appends the clear header of an encrypted frame (RFC 9605 §4.3).
func sframe(p []byte, kid, counter uint64) []byte {
	first := len(p)
	p = append(p, 0)
	field := func(v uint64) byte {
		if v < 8 {
			return byte(v)
		}
		var wide [8]byte
		binary.BigEndian.PutUint64(wide[:], v)
		zeros := 0
		for wide[zeros] == 0 {
			zeros++
		}
		p = append(p, wide[zeros:]...)
		return 0x08 | byte(7-zeros) //nolint:gosec // at most 7
	}
	k := field(kid)
	c := field(counter)
	p[first] = k<<4 | c
	return p
}

// afterSFrame returns what follows the clear header that p begins with.
func afterSFrame(p []byte) []byte {
	if len(p) == 0 {
		return nil
	}
	n := 1
	for _, bits := range []byte{p[0] >> 4, p[0] & 0x0f} {
		if bits&0x08 != 0 {
			n += int(bits&0x07) + 1
		}
	}
	return p[min(n, len(p)):]
}

// Class is a kind of data message.
type Class byte

// The classes.
const (
	Chat   Class = 1 // reliable
	Hint   Class = 2 // lossy
	Notice Class = 3 // on the channel of chat
)

// Recipients says who gets a data message.
type Recipients []byte

// The recipients there are.
var (
	ToEveryone   = Recipients{0}
	ToHosts      = Recipients{1}
	ToPresenters = Recipients{3}
)

// ToLeaf are the one at a leaf.
func ToLeaf(leaf int) Recipients {
	return Recipients{2, byte(leaf >> 8), byte(leaf)} //nolint:gosec // 16 bits
}

// Message returns a data message as the member at leaf would send it, with size
// bytes of made-up ciphertext that begin with body.
func Message(class Class, to Recipients, leaf int, counter uint64, body string, size int) []byte {
	m := append([]byte{1, byte(class)}, to...)
	m = sframe(m, kid(dataContext, leaf), counter)
	ciphertext := make([]byte, max(size, len(body)))
	copy(ciphertext, body)
	return append(m, ciphertext...)
}

// Body returns the made-up ciphertext of a message.
func Body(m []byte) []byte {
	n := 3
	if len(m) > 2 && m[2] == 2 {
		n = 5
	}
	return afterSFrame(m[min(n, len(m)):])
}

// addChannels makes the two data channels, which are the last line of the offer.
func (m *Media) addChannels() error {
	for _, c := range []struct {
		class Class
		label string
		id    uint16
		init  webrtc.DataChannelInit
	}{
		{Chat, "reliable", 0, webrtc.DataChannelInit{Ordered: new(true)}},
		{Hint, "lossy", 1, webrtc.DataChannelInit{Ordered: new(false), MaxRetransmits: new(uint16(0))}},
	} {
		c.init.ID, c.init.Negotiated = &c.id, new(true)
		dc, err := m.pc.CreateDataChannel(c.label, &c.init)
		if err != nil {
			return fmt.Errorf("open channel %s: %w", c.label, err)
		}
		opened := make(chan struct{})
		dc.OnOpen(func() { close(opened) })
		dc.OnMessage(func(message webrtc.DataChannelMessage) {
			if m.OnMessage != nil {
				m.OnMessage(c.class, message.Data)
			}
		})
		m.channels[c.class], m.opened[c.class] = dc, opened
	}
	return nil
}

// AwaitChannels waits until data can flow.
func (m *Media) AwaitChannels(ctx context.Context) error {
	for class, opened := range m.opened {
		select {
		case <-opened:
		case <-ctx.Done():
			return fmt.Errorf("channel %d in state %s: %w", class, m.channels[class].ReadyState(), ctx.Err())
		}
	}
	return nil
}

// SendData sends a data message as it is on the channel of a class.
func (m *Media) SendData(class Class, message []byte) error { return m.channels[class].Send(message) }

// Say sends a made-up message from the bot's leaf.
func (m *Media) Say(class Class, to Recipients, body string) error {
	return m.SendData(class, Message(class, to, int(m.leaf.Load()), m.said.Add(1), body, shortestBody))
}

// shortestBody is how long the shortest ciphertext is: signature and tag.
const shortestBody = 64 + 16

// SetLeaf says at which leaf of the group the bot is. It is 0 before.
func (m *Media) SetLeaf(leaf int) { m.leaf.Store(int32(leaf)) } //nolint:gosec // 16 bits

// KID returns the key id of what the bot sends on a line.
func (m *Media) KID(line int) uint64 { return kid(line, int(m.leaf.Load())) }

// Channel returns the data channel of a class.
func (m *Media) Channel(class Class) *webrtc.DataChannel { return m.channels[class] }

// OpenChannel opens a channel that was not agreed on.
func (m *Media) OpenChannel(label string) (*webrtc.DataChannel, error) {
	return m.pc.CreateDataChannel(label, nil)
}
