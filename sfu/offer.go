package sfu

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/pion/sdp/v3"

	"github.com/conclave-meet/conclave/sfu/internal/layer"
)

// The most an offer may hold.
const (
	maxOffer      = 256 << 10 // bytes
	maxLines      = 64        // of media
	maxCandidates = 20        // kept where candidates are used at all
)

// Source is what a peer can send. Its number is the place of its media line in
// the offer.
type Source int

// The sources, in the order of their media lines.
const (
	Microphone Source = iota
	Camera
	Screen
	ScreenAudio
	sources // how many there are
)

var sourceKinds = [sources]string{"audio", "video", "video", "audio"}

// line is a media line of an offer that has the right shape.
type line struct {
	mid  string
	kind string // "audio", "video", or "application" for the data channels
}

// offer is a checked offer: the sources first, then the slots, then the data
// channels.
type offer struct {
	sdp   string // without the candidates we do not use
	lines []line
}

func (o offer) slots() []line { return o.lines[sources : len(o.lines)-1] }

// parseOffer checks that raw has the shape that docs/protocol.md describes. It
// takes out every candidate but the first few at an address in keep: an SFU that
// lets a client name its targets is a gun to rent.
func parseOffer(raw string, keep ownAddrs) (offer, error) {
	if len(raw) > maxOffer {
		return offer{}, fmt.Errorf("%w: %d bytes", ErrBadOffer, len(raw))
	}
	var desc sdp.SessionDescription
	if err := desc.UnmarshalString(raw); err != nil {
		return offer{}, fmt.Errorf("%w: not SDP", ErrBadOffer)
	}
	last := len(desc.MediaDescriptions) - 1
	if last < int(sources) || last > maxLines {
		return offer{}, fmt.Errorf("%w: %d lines", ErrBadOffer, last+1)
	}
	if err := checkFingerprints(&desc); err != nil {
		return offer{}, err
	}
	var o offer
	candidates := 0
	unwanted := func(a sdp.Attribute) bool {
		return a.Key == sdp.AttrKeyCandidate && !keepCandidate(a.Value, keep, &candidates)
	}
	for i, m := range desc.MediaDescriptions {
		check := checkLine
		if i == last {
			check = checkDataLine
		}
		l, err := check(i, m)
		if err != nil {
			return offer{}, fmt.Errorf("%w: media line %d: %w", ErrBadOffer, i, err)
		}
		if slices.ContainsFunc(o.lines, func(other line) bool { return other.mid == l.mid }) {
			return offer{}, fmt.Errorf("%w: mid used twice", ErrBadOffer)
		}
		o.lines = append(o.lines, l)
		m.Attributes = slices.DeleteFunc(m.Attributes, unwanted)
	}
	desc.Attributes = slices.DeleteFunc(desc.Attributes, unwanted)
	if err := checkBundle(&desc, o.lines); err != nil {
		return offer{}, err
	}
	clean, err := desc.Marshal()
	if err != nil {
		return offer{}, fmt.Errorf("%w: %w", ErrBadOffer, err)
	}
	o.sdp = string(clean)
	return o, nil
}

// checkLine checks the i-th media line.
func checkLine(i int, m *sdp.MediaDescription) (line, error) {
	l := line{kind: m.MediaName.Media}
	if protos := strings.Join(m.MediaName.Protos, "/"); protos != "UDP/TLS/RTP/SAVPF" {
		return l, fmt.Errorf("protocol %.32q", protos)
	}
	if l.kind != "audio" && l.kind != "video" {
		return l, fmt.Errorf("kind %.32q", l.kind)
	}
	want := sdp.AttrKeyRecvOnly
	if i < int(sources) {
		want = sdp.AttrKeySendOnly
		if l.kind != sourceKinds[i] {
			return l, fmt.Errorf("kind %q, not %q", l.kind, sourceKinds[i])
		}
	}
	directed := false
	for _, a := range m.Attributes {
		switch a.Key {
		case sdp.AttrKeyMID:
			l.mid = a.Value
		case sdp.AttrKeySendOnly, sdp.AttrKeyRecvOnly, sdp.AttrKeySendRecv, sdp.AttrKeyInactive:
			if a.Key != want {
				return l, fmt.Errorf("direction %s, not %s", a.Key, want)
			}
			directed = true
		case "rid":
			if rid, _, _ := strings.Cut(a.Value, " "); Source(i) != Camera || rid == "" || layer.Index(rid) < 0 {
				return l, errors.New("unexpected rid")
			}
		}
	}
	if !directed {
		return l, errors.New("no direction")
	}
	if err := checkMid(l.mid); err != nil {
		return l, err
	}
	if _, ok := m.Attribute(sdp.AttrKeyRTCPMux); !ok {
		return l, errors.New("no rtcp-mux")
	}
	return l, nil
}

// checkDataLine checks the last line, which is that of the data channels.
func checkDataLine(_ int, m *sdp.MediaDescription) (line, error) {
	l := line{kind: m.MediaName.Media}
	if got := m.MediaName; got.Media != "application" || strings.Join(got.Protos, "/") != "UDP/DTLS/SCTP" ||
		!slices.Equal(got.Formats, []string{"webrtc-datachannel"}) {
		return l, fmt.Errorf("%.64q, not data channels", got.String())
	}
	l.mid, _ = m.Attribute(sdp.AttrKeyMID)
	return l, checkMid(l.mid)
}

func checkMid(mid string) error {
	if mid == "" || len(mid) > 16 {
		return fmt.Errorf("mid of %d bytes", len(mid))
	}
	return nil
}

// checkFingerprints wants one certificate, named by SHA-256, for all lines.
func checkFingerprints(desc *sdp.SessionDescription) error {
	var first string
	attributes := slices.Clone(desc.Attributes)
	for _, m := range desc.MediaDescriptions {
		attributes = append(attributes, m.Attributes...)
	}
	for _, a := range attributes {
		if a.Key != "fingerprint" {
			continue
		}
		if !strings.HasPrefix(strings.ToLower(a.Value), "sha-256 ") || first != "" && a.Value != first {
			return fmt.Errorf("%w: fingerprints", ErrBadOffer)
		}
		first = a.Value
	}
	if first == "" {
		return fmt.Errorf("%w: no fingerprint", ErrBadOffer)
	}
	return nil
}

// checkBundle wants every line in one bundle: there is one transport.
func checkBundle(desc *sdp.SessionDescription, lines []line) error {
	group, _ := desc.Attribute(sdp.AttrKeyGroup)
	mids := strings.Fields(group)
	if len(mids) == 0 || mids[0] != "BUNDLE" || len(mids) != len(lines)+1 {
		return fmt.Errorf("%w: not one bundle", ErrBadOffer)
	}
	for _, l := range lines {
		if !slices.Contains(mids[1:], l.mid) {
			return fmt.Errorf("%w: a line is not bundled", ErrBadOffer)
		}
	}
	return nil
}

// keepCandidate reports whether an a=candidate value (RFC 8839 §5.1) is one of
// the first few at an address in keep, or at a name that only multicast DNS on
// this machine's networks could resolve to one.
func keepCandidate(value string, keep ownAddrs, kept *int) bool {
	fields := strings.Fields(value)
	if keep == nil || len(fields) < 5 || *kept >= maxCandidates {
		return false
	}
	addr, err := netip.ParseAddr(fields[4])
	if err != nil && !strings.HasSuffix(fields[4], ".local") || err == nil && !keep.has(addr) {
		return false
	}
	*kept++
	return true
}
