package sfu

import (
	"strings"
	"testing"
)

// Whatever the answer says of Opus, usedtx is in it once for each payload type of the
// microphone, and nothing else changes.
func TestTheWishIsInItOnce(t *testing.T) {
	const head = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
	sound := func(attributes ...string) string {
		return "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=" + strings.Join(attributes, "\r\na=") + "\r\n"
	}
	other := sound("rtpmap:111 opus/48000/2", "fmtp:111 useinbandfec=1") // of a screen
	for _, tt := range []struct {
		name       string
		has, wants []string
	}{
		{"a format", []string{"rtpmap:111 opus/48000/2", "fmtp:111 useinbandfec=1", "recvonly"}, []string{"rtpmap:111 opus/48000/2", "fmtp:111 useinbandfec=1;usedtx=1", "recvonly"}},
		{"none", []string{"rtpmap:111 OPUS/48000/2", "recvonly"}, []string{"rtpmap:111 OPUS/48000/2", "recvonly", "fmtp:111 usedtx=1"}},
		{"one in front", []string{"fmtp:111 useinbandfec=1", "rtpmap:111 opus/48000/2"}, []string{"fmtp:111 useinbandfec=1;usedtx=1", "rtpmap:111 opus/48000/2"}},
		{"one that was asked for", []string{"rtpmap:111 opus/48000/2", "fmtp:111 usedtx=0"}, []string{"rtpmap:111 opus/48000/2", "fmtp:111 usedtx=0"}},
		{"two", []string{"rtpmap:11 opus/48000/2", "rtpmap:111 opus/48000/2", "fmtp:111 a=1", "fmtp:11 b=1"}, []string{"rtpmap:11 opus/48000/2", "rtpmap:111 opus/48000/2", "fmtp:111 a=1;usedtx=1", "fmtp:11 b=1;usedtx=1"}},
		{"another codec", []string{"rtpmap:0 PCMU/8000", "fmtp:0 a=1"}, []string{"rtpmap:0 PCMU/8000", "fmtp:0 a=1"}},
	} {
		got, err := sparing(head + sound(tt.has...) + other)
		if want := head + sound(tt.wants...) + other; err != nil || got != want {
			t.Errorf("%s: %v\n%s\nwant\n%s", tt.name, err, got, want)
		}
	}
}
