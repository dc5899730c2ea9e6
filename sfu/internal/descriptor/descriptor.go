// Package descriptor reads, and where needed rewrites, the payload descriptor in
// front of a video frame: VP8 (RFC 7741 §4.2), VP9 (RFC 9628 §4.2) and AV1 (RTP
// Payload Format for AV1 §4.4). The descriptor lies outside the end-to-end
// encryption; nothing behind it is looked at, but the first bit of a VP8 frame,
// which stays in the clear.
package descriptor

import "strings"

// Codec is a payload format the SFU forwards.
type Codec uint8

// The codecs. VP9 and AV1 mean profile 0.
const (
	Unknown Codec = iota
	Opus
	VP8
	VP9
	AV1
)

// ParseCodec returns the codec with the MIME type and format parameters of an
// SDP, or Unknown for one the SFU does not forward.
func ParseCodec(mimeType, fmtp string) Codec {
	switch strings.ToLower(mimeType) {
	case "audio/opus":
		return Opus
	case "video/vp8":
		return VP8
	case "video/vp9":
		if p := parameter(fmtp, "profile-id"); p == "" || p == "0" {
			return VP9
		}
	case "video/av1":
		if p := parameter(fmtp, "profile"); p == "" || p == "0" {
			return AV1
		}
	}
	return Unknown
}

// parameter returns the value of name in an fmtp line such as "a=1;b=2".
func parameter(fmtp, name string) string {
	for field := range strings.SplitSeq(fmtp, ";") {
		if key, value, ok := strings.Cut(strings.TrimSpace(field), "="); ok && strings.EqualFold(key, name) {
			return value
		}
	}
	return ""
}

// StartsKeyFrame reports whether a packet with this payload is the first of a
// frame that can be decoded without any before it. Every audio packet is.
func StartsKeyFrame(c Codec, payload []byte) bool {
	switch c {
	case Opus:
		return true
	case VP8:
		return vp8KeyFrame(payload)
	case VP9:
		return vp9KeyFrame(payload)
	case AV1:
		return len(payload) > 0 && payload[0]&0x08 != 0 // N: new coded video sequence
	default:
		return false
	}
}

func vp8KeyFrame(p []byte) bool {
	if len(p) == 0 || p[0]&0x10 == 0 || p[0]&0x07 != 0 { // S: start of a partition; PID: the first
		return false
	}
	end := vp8Fields(p).end
	return end > 0 && end < len(p) && p[end]&0x01 == 0 // P of the frame tag (RFC 6386 §9.1)
}

func vp9KeyFrame(p []byte) bool {
	if len(p) == 0 || p[0]&0x40 != 0 || p[0]&0x08 == 0 { // P: inter-predicted; B: begins a frame
		return false
	}
	f := vp9Fields(p)
	return f.end > 0 && f.spatial == 0
}
