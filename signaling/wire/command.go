package wire

import (
	"errors"
	"slices"
	"strings"
)

// The most a command may carry.
const (
	MaxSlots      = 64        // entries in one Watch
	MaxAdded      = 32        // people added by one Commit
	MaxRemoved    = 256       // people removed by one Commit
	MaxLeaf       = 1<<16 - 1 // of a group: a leaf has 16 bits in a frame's key id
	maxID         = 64        // bytes of a participant id or a media line id
	maxHeight     = 4320      // pixels of a wished height
	maxKeyPackage = 8 << 10   // characters; a key package has about 1 kB
)

// Join asks to enter the meeting that the socket's ticket names. It is the
// first command on every socket. Offer is the one SDP offer of the call: the
// send lines for microphone, camera, screen and screen audio in that order,
// sendonly and without a track, then any number of recvonly audio and video
// lines, the slots, and the line of the data channels. KeyPackage waits in the
// lobby for somebody who may add it to the group; Door says which pre-shared key
// the sender knows.
type Join struct {
	Version    int    `json:"version"`
	Offer      string `json:"offer"`
	KeyPackage string `json:"keyPackage"` // MLSMessage (RFC 9420 §6), base64url
	Door       Door   `json:"door"`
}

// Commit asks that the MLS commit made in Epoch be the one of that epoch. Added
// and Removed tell the server, which does not look inside, what the commit does;
// Welcome and Tree are for those who are added. Rules, when there, is what the
// commit makes the group's rules.
type Commit struct {
	Epoch   uint64   `json:"epoch"`
	Commit  string   `json:"commit"` // MLSMessage, base64url
	Added   []Added  `json:"added,omitzero"`
	Removed []string `json:"removed,omitzero"` // participants who are gone, or expelled
	Welcome string   `json:"welcome,omitzero"` // MLSMessage, base64url
	Tree    string   `json:"tree,omitzero"`    // ratchet_tree (RFC 9420 §12.4.3.3) after the commit, base64url
	Rules   *Rules   `json:"rules,omitzero"`
}

// Added is one participant a Commit adds.
type Added struct {
	Participant string `json:"participant"`
	Leaf        int    `json:"leaf"`
}

// Reached tells that the sender follows the group up to Epoch.
type Reached struct {
	Epoch uint64 `json:"epoch"`
}

// Deny sends away somebody who waits to be let in.
type Deny struct {
	Participant string `json:"participant"`
}

// Expel takes a participant out of the meeting at once. A Commit that removes
// them from the group follows.
type Expel struct {
	Participant string `json:"participant"`
}

// Leave ends the sender's stay. Its reply means that the stay is on record.
type Leave struct{}

// EndMeeting ends the session for everyone.
type EndMeeting struct{}

// Publish tells that a source of the sender went live or stopped. Until it is
// live the server forwards nothing from it. Surface is required for a screen
// that goes live, and absent otherwise.
type Publish struct {
	Source  Source  `json:"source"`
	Live    bool    `json:"live"`
	Surface Surface `json:"surface,omitzero"`
}

// Watch says what the sender wants in each of its video slots. It replaces the
// whole of the wish before; a slot not listed shows nothing.
type Watch struct {
	Slots []SlotWish `json:"slots"`
}

// SlotWish is one slot's wish: Source of Participant, at about Height pixels.
type SlotWish struct {
	Mid         string `json:"mid"` // the slot's media line in the offer
	Participant string `json:"participant"`
	Source      Source `json:"source"`
	Height      int    `json:"height"`
}

// Refresh asks for a key frame in a slot that stands still.
type Refresh struct {
	Mid string `json:"mid"`
}

// Mute silences a participant's microphone. The participant can unmute again.
type Mute struct {
	Participant string `json:"participant"`
}

// RestartICE offers the same media lines again with new ICE credentials, after
// the sender's network has changed.
type RestartICE struct {
	Offer string `json:"offer"`
}

func (Join) command() string       { return "join" }
func (Leave) command() string      { return "leave" }
func (EndMeeting) command() string { return "end_meeting" }
func (Publish) command() string    { return "publish" }
func (Watch) command() string      { return "watch" }
func (Refresh) command() string    { return "refresh" }
func (Mute) command() string       { return "mute" }
func (RestartICE) command() string { return "restart_ice" }
func (Commit) command() string     { return "commit" }
func (Reached) command() string    { return "reached" }
func (Deny) command() string       { return "deny" }
func (Expel) command() string      { return "expel" }

var commands = map[string]func() Command{
	"join":        func() Command { return new(Join) },
	"leave":       func() Command { return new(Leave) },
	"end_meeting": func() Command { return new(EndMeeting) },
	"publish":     func() Command { return new(Publish) },
	"watch":       func() Command { return new(Watch) },
	"refresh":     func() Command { return new(Refresh) },
	"mute":        func() Command { return new(Mute) },
	"restart_ice": func() Command { return new(RestartICE) },
	"commit":      func() Command { return new(Commit) },
	"reached":     func() Command { return new(Reached) },
	"deny":        func() Command { return new(Deny) },
	"expel":       func() Command { return new(Expel) },

	"raise_hand":    func() Command { return new(RaiseHand) },
	"lower_hand":    func() Command { return new(LowerHand) },
	"mute_all":      func() Command { return new(MuteAll) },
	"ask_to_unmute": func() Command { return new(AskToUnmute) },
	"stop_shares":   func() Command { return new(StopShares) },
	"pause_share":   func() Command { return new(PauseShare) },
}

var (
	errOffer       = errors.New("offer is empty")
	errSource      = errors.New("unknown source")
	errSurface     = errors.New("surface does not fit the source")
	errParticipant = errors.New("participant id is empty or too long")
	errMid         = errors.New("mid is empty or too long")
	errHeight      = errors.New("height is out of range")
	errSlots       = errors.New("too many slots")
	errTwice       = errors.New("a slot is listed twice")
	errKeyPackage  = errors.New("key package is empty, too long, or not base64url")
	errDoor        = errors.New("unknown door")
	errCommit      = errors.New("commit is empty or not base64url")
	errAdded       = errors.New("added do not fit the welcome, or are too many or listed twice")
	errRemoved     = errors.New("removed are too many, or listed twice")
	errEpoch       = errors.New("epoch is out of range")
)

func (c Join) check() error {
	switch {
	case c.KeyPackage == "" || len(c.KeyPackage) > maxKeyPackage || !isBase64url(c.KeyPackage):
		return errKeyPackage
	case !slices.Contains(Doors(), c.Door):
		return errDoor
	}
	return checkOffer(c.Offer)
}

func (Leave) check() error      { return nil }
func (EndMeeting) check() error { return nil }

func (c Publish) check() error {
	if !slices.Contains(Sources(), c.Source) {
		return errSource
	}
	known := slices.Contains(Surfaces(), c.Surface)
	if needed := c.Source == Screen && c.Live; needed != known || !known && c.Surface != "" {
		return errSurface
	}
	return nil
}

func (c Watch) check() error {
	if len(c.Slots) > MaxSlots {
		return errSlots
	}
	seen := make(map[string]bool, len(c.Slots))
	for _, w := range c.Slots {
		if seen[w.Mid] {
			return errTwice
		}
		seen[w.Mid] = true
		if err := w.check(); err != nil {
			return err
		}
	}
	return nil
}

func (w SlotWish) check() error {
	switch {
	case !validID(w.Mid):
		return errMid
	case !validID(w.Participant):
		return errParticipant
	case w.Source != Camera && w.Source != Screen:
		return errSource
	case w.Height < 0 || w.Height > maxHeight:
		return errHeight
	}
	return nil
}

func (c Refresh) check() error {
	if !validID(c.Mid) {
		return errMid
	}
	return nil
}

func (c Mute) check() error { return checkParticipant(c.Participant) }

func (c RestartICE) check() error { return checkOffer(c.Offer) }

func (c Commit) check() error {
	adds := len(c.Added) > 0
	switch {
	case c.Epoch > maxEpoch:
		return errEpoch
	case c.Commit == "" || !isBase64url(c.Commit):
		return errCommit
	case adds != (c.Welcome != "") || adds != (c.Tree != "") || !isBase64url(c.Welcome) || !isBase64url(c.Tree):
		return errAdded
	case len(c.Added) > MaxAdded || len(c.Removed) > MaxRemoved:
		return errAdded
	}
	seen := make(map[string]bool, len(c.Added)+len(c.Removed))
	leaves := make(map[int]bool, len(c.Added))
	for _, a := range c.Added {
		if !validID(a.Participant) || a.Leaf < 0 || a.Leaf > MaxLeaf || seen[a.Participant] || leaves[a.Leaf] {
			return errAdded
		}
		seen[a.Participant], leaves[a.Leaf] = true, true
	}
	for _, id := range c.Removed {
		if !validID(id) || seen[id] {
			return errRemoved
		}
		seen[id] = true
	}
	if c.Rules != nil {
		return c.Rules.check()
	}
	return nil
}

func (c Reached) check() error {
	if c.Epoch > maxEpoch {
		return errEpoch
	}
	return nil
}

func (c Deny) check() error  { return checkParticipant(c.Participant) }
func (c Expel) check() error { return checkParticipant(c.Participant) }

func checkOffer(sdp string) error {
	if sdp == "" {
		return errOffer
	}
	return nil
}

func checkParticipant(id string) error {
	if !validID(id) {
		return errParticipant
	}
	return nil
}

func validID(s string) bool { return s != "" && len(s) <= maxID }

// maxEpoch is the largest integer that JavaScript tells from its neighbours.
const maxEpoch = 1<<53 - 1

// isBase64url reports whether s is of the alphabet of RFC 4648 §5 without
// padding. What it stands for is none of the server's business.
func isBase64url(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_'
	}) < 0
}
