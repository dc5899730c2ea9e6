package descriptor

import (
	"bytes"
	"testing"
)

func TestParseCodec(t *testing.T) {
	for _, tt := range []struct {
		name, mime, fmtp string
		want             Codec
	}{
		{"opus", "audio/opus", "minptime=10;useinbandfec=1", Opus},
		{"VP8 in capitals", "video/VP8", "", VP8},
		{"VP9 without a profile", "video/VP9", "", VP9},
		{"VP9 profile 0", "video/VP9", "profile-id=0", VP9},
		{"VP9 profile 2", "video/VP9", "profile-id=2", Unknown},
		{"AV1 main", "video/AV1", "level-idx=5;profile=0;tier=0", AV1},
		{"AV1 high", "video/AV1", "level-idx=5; profile=1;tier=0", Unknown},
		{"H264", "video/H264", "profile-level-id=42e01f", Unknown},
		{"retransmission", "video/rtx", "apt=96", Unknown},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := ParseCodec(tt.mime, tt.fmtp); got != tt.want {
				t.Errorf("ParseCodec = %v, want %v", got, tt.want)
			}
		})
	}
}

func TestStartsKeyFrame(t *testing.T) {
	for _, tt := range []struct {
		name    string
		codec   Codec
		payload []byte
		want    bool
	}{
		{"VP8 key frame with 15-bit picture id", VP8, []byte{0x90, 0x80, 0x81, 0x02, 0x10}, true},
		{"VP8 key frame with everything", VP8, []byte{0x90, 0xf0, 0x81, 0x02, 0x05, 0x20, 0x10}, true},
		{"VP8 key frame without extension", VP8, []byte{0x10, 0x10}, true},
		{"VP8 delta frame", VP8, []byte{0x90, 0x80, 0x81, 0x02, 0x11}, false},
		{"VP8 later packet", VP8, []byte{0x80, 0x80, 0x81, 0x02, 0x10}, false},
		{"VP8 second partition", VP8, []byte{0x91, 0x80, 0x81, 0x02, 0x10}, false},
		{"VP8 cut off", VP8, []byte{0x90, 0x80, 0x81, 0x02}, false},
		{"VP9 key frame", VP9, []byte{0x88, 0x81, 0x02, 0x00}, true},
		{"VP9 delta frame", VP9, []byte{0xc8, 0x81, 0x02, 0x00}, false},
		{"VP9 later packet", VP9, []byte{0x80, 0x81, 0x02, 0x00}, false},
		{"VP9 upper spatial layer", VP9, []byte{0xa8, 0x81, 0x02, 0x02, 0x07, 0x00}, false},
		{"AV1 new sequence", AV1, []byte{0x18}, true},
		{"AV1 continuation", AV1, []byte{0x10}, false},
		{"AV1 empty", AV1, nil, false},
		{"opus", Opus, []byte{0x78}, true},
		{"unknown codec", Unknown, []byte{0x10, 0x10}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := StartsKeyFrame(tt.codec, tt.payload); got != tt.want {
				t.Errorf("StartsKeyFrame = %v, want %v", got, tt.want)
			}
		})
	}
}

// vp8 makes a VP8 payload with the given picture numbers.
func vp8(id uint16, tl0 uint8) []byte {
	return []byte{0x90, 0xe0, 0x80 | byte(id>>8), byte(id), tl0, 0x20, 0x10}
}

// vp9 makes a VP9 payload in non-flexible mode with the given picture numbers.
func vp9(id uint16, tl0 uint8) []byte {
	return []byte{0xa8, 0x80 | byte(id>>8), byte(id), 0x00, tl0, 0x10}
}

func TestPicturesRunOnAcrossSources(t *testing.T) {
	var s Pictures
	send := func(c Codec, shift Shift, payload []byte) []byte {
		Rewrite(c, payload, shift)
		s.Sent(c, payload)
		return payload
	}
	for _, tt := range []struct {
		name     string
		codec    Codec
		from, to []byte
	}{
		{"first source stays as it is", VP8, vp8(0x7ffe, 254), vp8(0x7ffe, 254)},
		{"second source follows", VP8, vp8(100, 7), vp8(0x7fff, 255)},
		{"another codec begins its own numbers", VP9, vp9(5, 5), vp9(5, 5)},
		{"back in VP8, over the wrap", VP8, vp8(9000, 200), vp8(0, 0)},
		{"back in VP9", VP9, vp9(30000, 0), vp9(6, 6)},
	} {
		if got := send(tt.codec, s.Switch(tt.codec, tt.from), tt.from); !bytes.Equal(got, tt.to) {
			t.Errorf("%s: sent % x, want % x", tt.name, got, tt.to)
		}
	}
}

func TestRewriteOfAShortPictureIDStaysShort(t *testing.T) {
	p := []byte{0x90, 0x80, 0x7f, 0x10}
	Rewrite(VP8, p, Shift{ID: 2})
	if want := []byte{0x90, 0x80, 0x01, 0x10}; !bytes.Equal(p, want) {
		t.Errorf("rewritten to % x, want % x", p, want)
	}
}

func TestTemporalOf(t *testing.T) {
	for _, tt := range []struct {
		name    string
		codec   Codec
		payload []byte
		want    Temporal
	}{
		{"lowest", VP8, []byte{0x90, 0xe0, 0x81, 0x02, 0x05, 0x20, 0x10}, Temporal{Sync: true}},
		{"second, needing more than the lowest", VP8, []byte{0x90, 0xe0, 0x81, 0x02, 0x05, 0x40, 0x11}, Temporal{ID: 1}},
		{"third, needing the lowest only", VP8, []byte{0x90, 0xe0, 0x81, 0x02, 0x05, 0xa0, 0x11}, Temporal{ID: 2, Sync: true}},
		{"of a later packet, with everything, short id", VP8, []byte{0x80, 0xf0, 0x01, 0x05, 0x9f, 0x11}, Temporal{ID: 2}},
		{"a key index, but no layer", VP8, []byte{0x90, 0x90, 0x01, 0xbf, 0x11}, Temporal{}},
		{"nothing said", VP8, []byte{0x10, 0x10}, Temporal{}},
		{"cut off", VP8, []byte{0x90, 0xe0, 0x81, 0x02, 0x05}, Temporal{}},
		{"VP9", VP9, []byte{0xa8, 0x81, 0x02, 0xa0, 0x05, 0x10}, Temporal{}},
		{"empty", VP8, nil, Temporal{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := TemporalOf(tt.codec, tt.payload); got != tt.want {
				t.Errorf("%+v, want %+v", got, tt.want)
			}
		})
	}
}

// No payload makes the parser read or write outside itself, and a rewrite can be
// undone.
func FuzzRewrite(f *testing.F) {
	f.Add(uint8(VP8), vp8(1, 1), uint16(3), uint8(4))
	f.Add(uint8(VP9), vp9(1, 1), uint16(3), uint8(4))
	f.Add(uint8(AV1), []byte{0x18}, uint16(0), uint8(0))
	f.Fuzz(func(t *testing.T, codec uint8, payload []byte, id uint16, tl0 uint8) {
		c := Codec(codec % 5)
		StartsKeyFrame(c, payload)
		if got := TemporalOf(c, payload); got.ID >= Temporals {
			t.Fatalf("layer %d", got.ID)
		}
		before := bytes.Clone(payload)
		Rewrite(c, payload, Shift{ID: id, TL0: tl0})
		var s Pictures
		s.Sent(c, payload)
		s.Switch(c, payload)
		Rewrite(c, payload, Shift{ID: -id, TL0: -tl0})
		if !bytes.Equal(before, payload) {
			t.Fatalf("% x came back as % x", before, payload)
		}
	})
}
