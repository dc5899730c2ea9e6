package sfu_test

import (
	"strings"
	"testing"

	"github.com/conclave-meet/conclave/e2e/bot"
	"github.com/conclave-meet/conclave/sfu"
)

// The answer asks for no silence from the microphone, the second answer too, and for
// nothing of the kind from a screen.
func TestSilenceIsNotAskedFor(t *testing.T) {
	st := newStage(t)
	media, err := bot.NewMedia(bot.Shape{Audio: 1, Video: 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(media.Close)
	for range 2 {
		offer, err := media.Offer()
		if err != nil {
			t.Fatal(err)
		}
		answer, err := st.group.Negotiate(t.Context(), sfu.Seat{ID: "ada", Leaf: 1}, offer)
		if err != nil {
			t.Fatal(err)
		}
		var lines []string // of sound or pictures
		for _, part := range strings.Split(answer, "\r\nm=")[1:] {
			said := ""
			for line := range strings.Lines(part) {
				if strings.HasPrefix(line, "a=fmtp:") && strings.Contains(line, "usedtx=1") {
					said = strings.TrimSpace(line)
				}
			}
			lines = append(lines, said)
		}
		if len(lines) < 4 || !strings.HasPrefix(lines[0], "a=fmtp:") || strings.Join(lines[1:], "") != "" {
			t.Errorf("of silence the answer says %q", lines)
		}
		if err := media.Accept(answer); err != nil {
			t.Fatal(err)
		}
	}
}
