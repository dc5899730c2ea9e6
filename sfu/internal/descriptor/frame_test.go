package descriptor

import "testing"

func TestFrameStart(t *testing.T) {
	with := func(head []byte, behind int) []byte {
		return append(append([]byte{}, head...), make([]byte, behind)...)
	}
	for _, tt := range []struct {
		name    string
		codec   Codec
		payload []byte
		begins  bool
		at      int
	}{
		{"Opus", Opus, []byte{0x30}, true, 0},
		{"Opus empty", Opus, nil, true, -1},

		{"VP8 key frame", VP8, with([]byte{0x90, 0xe0, 0x81, 0x02, 0x05, 0x20, 0x10}, 20), true, 16},
		{"VP8 delta frame", VP8, with([]byte{0x90, 0xe0, 0x81, 0x02, 0x05, 0x20, 0x11}, 20), true, 9},
		{"VP8 without extension", VP8, with([]byte{0x10, 0x11}, 20), true, 4},
		{"VP8 later packet", VP8, with([]byte{0x80, 0xe0, 0x81, 0x02, 0x05, 0x20, 0x10}, 20), false, 0},
		{"VP8 second partition", VP8, with([]byte{0x91, 0xe0, 0x81, 0x02, 0x05, 0x20, 0x10}, 20), false, 0},
		{"VP8 key frame cut off in its clear bytes", VP8, with([]byte{0x10, 0x10}, 9), true, -1},
		{"VP8 descriptor cut off", VP8, []byte{0x90, 0xe0, 0x81}, true, -1},

		{"VP9 frame", VP9, with([]byte{0x88, 0x81, 0x02}, 5), true, 3},
		{"VP9 later packet", VP9, with([]byte{0x80, 0x81, 0x02}, 5), false, 0},
		{"VP9 layered, not flexible", VP9, with([]byte{0xa8, 0x81, 0x02, 0x02, 0x07}, 5), true, 5},
		{"VP9 flexible with three references", VP9, with([]byte{0xf8, 0x81, 0x02, 0x02, 0x03, 0x05, 0x06}, 5), true, 7},
		{"VP9 with a fourth reference", VP9, with([]byte{0xf8, 0x81, 0x02, 0x02, 0x03, 0x05, 0x07, 0x02}, 5), true, -1},
		{"VP9 with a structure of two layers", VP9, with([]byte{0x8a, 0x81, 0x02, 0x30, 1, 64, 0, 180, 2, 128, 1, 104}, 5), true, 12},
		{"VP9 with a picture group", VP9, with([]byte{0x8a, 0x81, 0x02, 0x08, 2, 0x04, 0x01, 0x28, 0x01, 0x02}, 5), true, 10},
		{"VP9 structure cut off", VP9, []byte{0x8a, 0x81, 0x02, 0x30, 1, 64}, true, -1},
		{"VP9 picture group cut off", VP9, []byte{0x8a, 0x81, 0x02, 0x08, 2, 0x04}, true, -1},
		{"VP9 descriptor cut off", VP9, []byte{0x88, 0x81}, true, -1},

		{"AV1 key frame", AV1, with([]byte{0x18, 0x08}, 5), true, 2},
		{"AV1 other frame", AV1, with([]byte{0x10, 0x30}, 5), true, 2},
		{"AV1 first of more packets", AV1, with([]byte{0x50, 0x30}, 5), true, 2},
		{"AV1 continuation", AV1, with([]byte{0x90, 0x77}, 5), false, 0},
		{"AV1 with the element's length", AV1, with([]byte{0x00, 0x06, 0x30}, 5), true, 3},
		{"AV1 with the length of a shorter element", AV1, with([]byte{0x00, 0x05, 0x30}, 5), true, -1},
		{"AV1 with two elements", AV1, with([]byte{0x20, 0x02, 0x30, 0x00, 0x30}, 5), true, -1},
		{"AV1 continuation and another element", AV1, with([]byte{0xa0, 0x02, 0x30, 0x00, 0x30}, 5), true, -1},
		{"AV1 with extension and size", AV1, with([]byte{0x10, 0x36, 0x00, 0x85, 0x01}, 133), true, 5},
		{"AV1 temporal delimiter", AV1, with([]byte{0x10, 0x10}, 5), true, -1},
		{"AV1 with the forbidden bit", AV1, with([]byte{0x10, 0xb0}, 5), true, -1},
		{"AV1 size without an end", AV1, []byte{0x10, 0x32, 0xff, 0xff}, true, -1},
		{"AV1 header alone", AV1, []byte{0x10, 0x30}, true, -1},
		{"AV1 empty", AV1, nil, true, -1},

		{"unknown codec", Unknown, with([]byte{0x10, 0x30}, 5), true, -1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if begins, at := FrameStart(tt.codec, tt.payload); begins != tt.begins || at != tt.at {
				t.Errorf("FrameStart = %t, %d, want %t, %d", begins, at, tt.begins, tt.at)
			}
		})
	}
}

// Whatever comes, the ciphertext stands inside the payload, and a packet that
// starts a key frame starts a frame.
func FuzzFrameStart(f *testing.F) {
	f.Add(uint8(VP8), append(vp8(1, 1), make([]byte, 10)...))
	f.Add(uint8(VP9), []byte{0xfa, 0x81, 0x02, 0x02, 0x03, 0x05, 0x06, 0x38, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0x04, 1, 0x28, 1, 2, 0})
	f.Add(uint8(AV1), []byte{0x00, 0x06, 0x36, 0, 3, 0, 0, 0})
	f.Fuzz(func(t *testing.T, codec uint8, payload []byte) {
		c := Codec(codec % 5)
		begins, at := FrameStart(c, payload)
		if at < -1 || at >= len(payload) && at != 0 {
			t.Fatalf("offset %d in %d bytes", at, len(payload))
		}
		if !begins && c != AV1 && StartsKeyFrame(c, payload) { // N may stand on any packet of an AV1 key frame
			t.Fatalf("% x starts a key frame and no frame", payload)
		}
	})
}
