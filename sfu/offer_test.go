package sfu

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/conclave-meet/conclave/e2e/bot"
)

// What parseOffer lets through has the expected lines, names no candidate, and
// is let through again.
func FuzzParseOffer(f *testing.F) {
	media, err := bot.NewMedia(bot.Shape{Audio: 1, Video: 1, Simulcast: true}, nil)
	if err != nil {
		f.Fatal(err)
	}
	defer media.Close()
	offer, err := media.Offer()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(offer)
	f.Fuzz(func(t *testing.T, raw string) {
		o, err := parseOffer(raw, nil)
		if err != nil {
			if !errors.Is(err, ErrBadOffer) {
				t.Fatalf("error %v is not ErrBadOffer", err)
			}
			return
		}
		if len(o.slots()) > maxLines-int(sources) || o.lines[len(o.lines)-1].kind != "application" || strings.Contains(o.sdp, "a=candidate:") {
			t.Fatalf("let through:\n%s", o.sdp)
		}
		again, err := parseOffer(o.sdp, nil)
		if err != nil || !slices.Equal(again.lines, o.lines) {
			t.Fatalf("second time: %+v, %v; first %+v", again.lines, err, o.lines)
		}
	})
}
