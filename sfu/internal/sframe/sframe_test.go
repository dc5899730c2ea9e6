package sframe

import (
	"encoding/hex"
	"math/bits"
	"testing"
)

// Vectors of RFC 9605 Appendix C.1, and headers the standard forbids.
func TestParse(t *testing.T) {
	for _, tt := range []struct {
		name         string
		header       string
		kid, counter uint64
		ok           bool
	}{
		{"nothing", "", 0, 0, false},
		{"all in one byte", "00", 0, 0, true},
		{"short numbers", "75", 7, 5, true},
		{"counter of one byte", "08ff", 0, 0xff, true},
		{"counter of eight bytes", "0fffffffffffffffff", 0, 1<<64 - 1, true},
		{"key id of one byte", "8008", 8, 0, true},
		{"key id of three bytes, counter of two", "a90100000100", 0x010000, 0x0100, true},
		{"the longest", "ffffffffffffffffffffffffffffffffff", 1<<64 - 1, 1<<64 - 1, true},
		{"more behind it", "75aabbcc", 7, 5, true},

		{"key id cut off", "80", 0, 0, false},
		{"counter cut off", "8908ff", 0, 0, false},
		{"small key id written long", "8007", 0, 0, false},
		{"small counter written long", "0800", 0, 0, false},
		{"key id with a zero in front", "900008", 0, 0, false},
		{"counter with a zero in front", "0900ff", 0, 0, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, err := hex.DecodeString(tt.header)
			if err != nil {
				t.Fatal(err)
			}
			h, ok := Parse(p)
			if ok != tt.ok || ok && (h.KID != tt.kid || h.Counter != tt.counter) {
				t.Errorf("Parse = %+v, %t", h, ok)
			}
		})
	}
}

func TestFrom(t *testing.T) {
	const camera, leaf = 1, 0x0203
	for _, tt := range []struct {
		name   string
		header string
		want   bool
	}{
		{"the sender's", "b00102030400", true}, // context 1, leaf 0x0203, epoch 4
		{"another epoch", "b00102031900", true},
		{"another leaf", "b00102020400", false},
		{"another context", "b00202030400", false},
		{"no context", "a002030400", false},
		{"more than 32 bits", "c0010102030400", false},
		{"not a header", "9d012a0005d002", false}, // how a VP8 key frame goes on
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, err := hex.DecodeString(tt.header)
			if err != nil {
				t.Fatal(err)
			}
			if got := From(p, camera, leaf); got != tt.want {
				t.Errorf("From = %t, want %t", got, tt.want)
			}
		})
	}
}

// What Parse takes lies inside the input and is what the numbers in it are
// written as.
func FuzzParse(f *testing.F) {
	f.Add([]byte{0x75})
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, p []byte) {
		h, ok := Parse(p)
		if !ok {
			return
		}
		if again := encode(h); string(again) != string(p[:h.Len]) {
			t.Fatalf("% x read as %+v, which is written % x", p, h, again)
		}
	})
}

// encode writes a header as RFC 9605 §4.3 says.
func encode(h Header) []byte {
	field := func(v uint64) (code byte, tail []byte) {
		if v < 8 {
			return byte(v), nil
		}
		n := (bits.Len64(v) + 7) / 8
		for i := n - 1; i >= 0; i-- {
			tail = append(tail, byte(v>>(8*i)))
		}
		return 0x08 | byte(n-1), tail
	}
	k, kid := field(h.KID)
	c, counter := field(h.Counter)
	return append(append([]byte{k<<4 | c}, kid...), counter...)
}
