package message

import (
	"bytes"
	"errors"
	"testing"
)

const leaf = 0x0102

// shortest is the shortest frame of leaf in the context of messages.
var shortest = append([]byte{0xb3, 4, 1, 2, 9}, make([]byte, 64+16)...)

func message(header []byte, frame []byte, behind int) []byte {
	return bytes.Join([][]byte{header, frame, make([]byte, behind)}, nil)
}

func TestParse(t *testing.T) {
	other := func(i int, b byte) []byte {
		f := bytes.Clone(shortest)
		f[i] = b
		return f
	}
	for _, tt := range []struct {
		name string
		in   []byte
		want Header
		err  error
	}{
		{"chat to everyone", message([]byte{1, 1, 0}, shortest, 10), Header{Chat, Everyone, 0}, nil},
		{"chat to the hosts", message([]byte{1, 1, 1}, shortest, 10), Header{Chat, Hosts, 0}, nil},
		{"chat to the presenters", message([]byte{1, 1, 3}, shortest, 10), Header{Chat, Presenters, 0}, nil},
		{"chat to one", message([]byte{1, 1, 2, 3, 4}, shortest, 10), Header{Chat, One, 0x0304}, nil},
		{"hint", message([]byte{1, 2, 0}, shortest, 0), Header{Hint, Everyone, 0}, nil},
		{"notice", message([]byte{1, 3, 0}, shortest, 2), Header{Notice, Everyone, 0}, nil},
		{"longest chat", message([]byte{1, 1, 0}, shortest, MaxChat-len(shortest)-3), Header{Chat, Everyone, 0}, nil},
		{"longest hint", message([]byte{1, 2, 0}, shortest, MaxHint-len(shortest)-3), Header{Hint, Everyone, 0}, nil},

		{"empty", nil, Header{}, ErrHeader},
		{"header alone", []byte{1, 1, 0}, Header{}, ErrSender},
		{"header cut off", []byte{1, 1, 2, 3}, Header{}, ErrHeader},
		{"another version", message([]byte{2, 1, 0}, shortest, 0), Header{}, ErrHeader},
		{"no class", message([]byte{1, 0, 0}, shortest, 0), Header{}, ErrHeader},
		{"notice to the hosts", message([]byte{1, 3, 1}, shortest, 2), Header{}, ErrHeader},
		{"unknown class", message([]byte{1, 4, 0}, shortest, 0), Header{}, ErrHeader},
		{"unknown recipients", message([]byte{1, 1, 4}, shortest, 0), Header{}, ErrHeader},
		{"chat too long", message([]byte{1, 1, 0}, shortest, MaxChat-len(shortest)-2), Header{}, ErrSize},
		{"hint too long", message([]byte{1, 2, 0}, shortest, MaxHint-len(shortest)-2), Header{}, ErrSize},
		{"notice too long", message([]byte{1, 3, 0}, shortest, MaxNotice-len(shortest)-2), Header{}, ErrSize},
		{"no room for a signature", message([]byte{1, 1, 0}, shortest[:len(shortest)-1], 0), Header{}, ErrSize},
		{"another leaf", message([]byte{1, 1, 0}, other(2, 9), 0), Header{}, ErrSender},
		{"context of a camera", message([]byte{1, 1, 0}, other(1, 1), 0), Header{}, ErrSender},
		{"in the clear", message([]byte{1, 1, 0}, []byte("hello, everyone"), 80), Header{}, ErrSender},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Parse(tt.in, leaf)
			if !errors.Is(err, tt.err) || err == nil && got != tt.want {
				t.Errorf("Parse = %+v, %v, want %+v, %v", got, err, tt.want, tt.err)
			}
		})
	}
}

// What is let through has a known class and recipients, and is no longer than
// its class allows.
func FuzzParse(f *testing.F) {
	f.Add(message([]byte{1, 1, 2, 3, 4}, shortest, 10), uint16(leaf))
	f.Add(message([]byte{1, 2, 0}, shortest, 0), uint16(leaf))
	f.Fuzz(func(t *testing.T, p []byte, from uint16) {
		h, err := Parse(p, from)
		if err != nil {
			return
		}
		if len(p) > most[h.Class] || len(p) < 3+1+64+16 || h.To > Presenters || h.To != One && h.Leaf != 0 {
			t.Fatalf("%d bytes let through as %+v", len(p), h)
		}
	})
}
