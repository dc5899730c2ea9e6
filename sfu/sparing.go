package sfu

import (
	"fmt"
	"strings"

	"github.com/pion/sdp/v3"
)

// sparing returns the answer with the wish that the microphone sends no silence (usedtx,
// RFC 7587 §6.1): while nobody speaks Opus then sends a packet every 400 ms, and one when
// the noise changes, instead of fifty a second. The sound of a screen is left as it is: it
// may be music that fades.
func sparing(answer string) (string, error) {
	var desc sdp.SessionDescription
	if err := desc.UnmarshalString(answer); err != nil {
		return "", fmt.Errorf("our own answer: %w", err)
	}
	microphone := desc.MediaDescriptions[Microphone]
	for _, payload := range opusIn(microphone) {
		spare(microphone, payload)
	}
	raw, err := desc.Marshal()
	return string(raw), err
}

// opusIn returns the payload types of Opus in m.
func opusIn(m *sdp.MediaDescription) (payloads []string) {
	for _, a := range m.Attributes {
		payload, value, _ := strings.Cut(a.Value, " ")
		if a.Key == "rtpmap" && strings.HasPrefix(strings.ToLower(value), "opus/") {
			payloads = append(payloads, payload)
		}
	}
	return payloads
}

// spare adds usedtx to the format of a payload type. Who has offered it has a say in it.
func spare(m *sdp.MediaDescription, payload string) {
	for i, a := range m.Attributes {
		if a.Key != "fmtp" || !strings.HasPrefix(a.Value, payload+" ") {
			continue
		}
		if !strings.Contains(a.Value, "usedtx=") {
			m.Attributes[i].Value += ";usedtx=1"
		}
		return
	}
	m.WithValueAttribute("fmtp", payload+" usedtx=1")
}
