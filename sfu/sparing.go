package sfu

import (
	"fmt"
	"strings"

	"github.com/pion/sdp/v3"
)

// sparing returns the answer with the wish that the microphone sends no silence (usedtx,
// RFC 7587 §6.1): Opus then sends a packet in 400 ms while nobody speaks, instead of
// twenty. The sound of a screen is left as it is: it may be music, that fades.
func sparing(answer string) (string, error) {
	var desc sdp.SessionDescription
	if err := desc.UnmarshalString(answer); err != nil {
		return "", fmt.Errorf("our own answer: %w", err)
	}
	microphone := desc.MediaDescriptions[Microphone]
	opus, at := "", -1
	for i, a := range microphone.Attributes {
		switch payload, value, _ := strings.Cut(a.Value, " "); {
		case a.Key == "rtpmap" && strings.HasPrefix(strings.ToLower(value), "opus/"):
			opus = payload
		case a.Key == "fmtp" && payload == opus:
			at = i
		}
	}
	switch {
	case opus == "":
	case at < 0:
		microphone.WithValueAttribute("fmtp", opus+" usedtx=1")
	case !strings.Contains(microphone.Attributes[at].Value, "usedtx="): // who offers has a view of their own
		microphone.Attributes[at].Value += ";usedtx=1"
	}
	raw, err := desc.Marshal()
	return string(raw), err
}
