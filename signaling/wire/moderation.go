package wire

// MuteAll silences everybody's microphone but the sender's and the hosts'.
type MuteAll struct{}

// AskToUnmute asks a participant to open their microphone. Only they can.
type AskToUnmute struct {
	Participant string `json:"participant"`
}

// StopShares stops what a participant shows, or what everybody does.
type StopShares struct {
	Participant string `json:"participant,omitzero"` // none: everybody
}

// UnmuteAsked asks the receiver to open their microphone.
type UnmuteAsked struct {
	By string `json:"by"`
}

func (MuteAll) command() string     { return "mute_all" }
func (AskToUnmute) command() string { return "ask_to_unmute" }
func (StopShares) command() string  { return "stop_shares" }

func (UnmuteAsked) event() string { return "unmute_asked" }

func (MuteAll) check() error       { return nil }
func (c AskToUnmute) check() error { return checkParticipant(c.Participant) }
func (c StopShares) check() error {
	if c.Participant == "" {
		return nil
	}
	return checkParticipant(c.Participant)
}
